package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/term"
)

// hanging keeps the platform's first answer back for ever.
const hanging = "stall(0)@op=getSessions"

// restored checks that the terminal is as it was before the program came.
func (r *run) restored() {
	r.t.Helper()
	after, err := term.GetState(int(r.tty.Fd()))
	if err != nil {
		r.t.Fatal(err)
	}
	if !reflect.DeepEqual(after, r.before) {
		r.t.Errorf("the terminal's settings are %+v, they were %+v", after, r.before)
	}
	stream := r.drained()
	for _, m := range left(stream) {
		r.t.Error(m)
	}
	for what, n := range inspect(stream, movements).unknown {
		r.t.Errorf("%s reached the terminal %d times", what, n)
	}
	files, err := os.ReadDir(filepath.Join(r.temp, "tmp"))
	if err != nil {
		r.t.Fatal(err)
	}
	for _, f := range files {
		r.t.Errorf("%s was left behind", f.Name())
	}
}

func dashboard(t *testing.T, faults string) *run {
	t.Helper()
	args := []string{"demo"}
	if faults != "" {
		args = append(args, "--fault", faults)
	}
	r := start(t, setting{w: 80, h: 24, args: args})
	if faults == hanging {
		return r.sees("asking the platform", "reading")
	}
	return r.sees("1 of ", "/60 min")
}

func TestSignalsEndTheProgramAndGiveTheTerminalBack(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGHUP, syscall.SIGTERM, syscall.SIGINT, syscall.SIGQUIT} {
		for state, faults := range map[string]string{"idle": "", "reading": hanging} {
			t.Run(sig.String()+" while "+state, func(t *testing.T) {
				t.Parallel()
				r := dashboard(t, faults)
				begin := time.Now()
				if err := r.cmd.Process.Signal(sig); err != nil {
					t.Fatal(err)
				}
				if code := r.ends(soon); code != 128+int(sig) {
					t.Errorf("left with %d, not %d", code, 128+int(sig))
				}
				t.Logf("left after %s", time.Since(begin).Round(time.Millisecond))
				r.restored()
			})
		}
	}
}

func TestKeysThatLeave(t *testing.T) {
	for name, keys := range map[string]string{"q": "q", "ctrl-c twice": "\x03\x03", "command": ":q\r"} {
		for state, faults := range map[string]string{"idle": "", "reading": hanging} {
			t.Run(name+" while "+state, func(t *testing.T) {
				t.Parallel()
				r := dashboard(t, faults)
				r.types(keys)
				if code := r.ends(soon); code != 0 {
					t.Errorf("left with %d", code)
				}
				r.restored()
			})
		}
	}
}

// A terminal that has stopped reading (a window that hangs, a line that is stuck)
// keeps nobody: the program ends, and the terminal has its settings again.
func TestWhereNobodyReadsAnyMore(t *testing.T) {
	for name, leave := range map[string]struct {
		keys string
		sig  syscall.Signal
	}{":q": {keys: ":q\r"}, "ctrl-c twice": {keys: "\x03\x03"}, "a signal": {sig: syscall.SIGTERM}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := dashboard(t, "").turnsAway().types("jjGgj?").types("\x1b[A\x1b[B").types("q" + leave.keys)
			want := 0
			if leave.sig != 0 {
				want = 128 + int(leave.sig)
				if err := r.cmd.Process.Signal(leave.sig); err != nil {
					t.Fatal(err)
				}
			}
			if code := r.ends(soon); code != want {
				t.Errorf("left with %d, not %d", code, want)
			}
			after, err := term.GetState(int(r.tty.Fd()))
			if err != nil || !reflect.DeepEqual(after, r.before) {
				t.Errorf("the terminal's settings are %+v, they were %+v (%v)", after, r.before, err)
			}
		})
	}
}

// Whoever loses the line loses the program too: no process is left alone.
func TestALostLineEndsTheProgram(t *testing.T) {
	for state, faults := range map[string]string{"idle": "", "reading": hanging} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			r := dashboard(t, faults)
			_ = r.tty.Close()
			if err := r.master.Close(); err != nil {
				t.Fatal(err)
			}
			r.ends(soon)
			files, err := os.ReadDir(filepath.Join(r.temp, "tmp"))
			if err != nil || len(files) > 0 {
				t.Errorf("left behind: %v %v", files, err)
			}
		})
	}
}

// The program runs as the job of a shell: ctrl-z stops it with the terminal as
// it was, and in the foreground again it draws the whole picture.
func TestToTheShellAndBack(t *testing.T) {
	t.Parallel()
	r := start(t, setting{w: 80, h: 24, role: "shell", args: []string{"demo"}})
	r.sees("1 of ", "/60 min").types("\x1a")
	if err := r.notice.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	said := bufio.NewReader(r.notice)
	line, err := said.ReadString('\n')
	if err != nil {
		t.Fatalf("it never stopped: %v", err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(err)
	}
	if got := stateOf(t, pid); got != "T" {
		t.Errorf("the process is in state %s", got)
	}
	r.misses("RetailBot")
	stopped, err := term.GetState(int(r.tty.Fd()))
	if err != nil || !reflect.DeepEqual(stopped, r.before) {
		t.Errorf("the shell gets the terminal as %+v, it was %+v (%v)", stopped, r.before, err)
	}
	for _, m := range left(r.stream()) {
		t.Error("while stopped: " + m)
	}
	if err := syscall.Kill(pid, syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	r.sees("RetailBot", "1 of ", "/60 min")
	r.types("j").sees("2 of ")
	r.types("q")
	if code := r.ends(soon); code != 0 {
		t.Errorf("left with %d", code)
	}
	r.restored()
}

func stateOf(t *testing.T, pid int) string {
	t.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(data), ") ")
	return rest[:1]
}

func TestWhereNobodyCanLook(t *testing.T) {
	t.Parallel()
	const sentence = "the dashboard needs a terminal"
	for _, args := range [][]string{nil, {"demo"}} {
		out, talk, code := alone(t, []string{"TERM=xterm-256color"}, args...)
		if code != 2 || out != "" || !strings.Contains(talk, sentence) || strings.Contains(talk, "\x1b") {
			t.Errorf("%q without a terminal: left with %d, said %q and %q", args, code, out, talk)
		}
		for _, name := range []string{"TERM=dumb", "TERM="} {
			r := start(t, setting{w: 80, h: 24, env: []string{name}, args: args})
			if code := r.ends(soon); code != 2 {
				t.Errorf("%q with %s: left with %d", args, name, code)
			}
			if s := string(r.drained()); !strings.Contains(s, sentence) || strings.Contains(s, "\x1b") {
				t.Errorf("%q with %s: said %q", args, name, s)
			}
		}
	}
}

// stdout goes into a pipe while keyboard and stderr are a terminal.
func TestStdoutIntoAPipe(t *testing.T) {
	t.Parallel()
	r := start(t, setting{w: 80, h: 24, args: []string{"demo"}, piped: true})
	if code := r.ends(soon); code != 2 {
		t.Errorf("left with %d", code)
	}
	if out := r.piped.String(); out != "" {
		t.Errorf("into the pipe went %q", out)
	}
	if s := string(r.drained()); !strings.Contains(s, "the dashboard needs a terminal") || strings.Contains(s, "\x1b") {
		t.Errorf("said %q", s)
	}
}

func TestATinyTerminal(t *testing.T) {
	t.Parallel()
	r := start(t, setting{w: 30, h: 5, args: []string{"demo"}})
	r.sees("korescope needs 40x10")
	r.grows(80, 24, "RetailBot", "1 of ")
	r.size(1, 1).size(40, 10).sees("demo  READ-ONLY")
	r.types("q")
	if code := r.ends(soon); code != 0 {
		t.Errorf("left with %d", code)
	}
	r.restored()
}

// A stop from outside gives no warning. The shell puts the terminal as it likes it
// and writes over the picture; going on, the program takes its modes again and
// draws all of it.
func TestStoppedFromOutsideAndBack(t *testing.T) {
	t.Parallel()
	r := start(t, setting{w: 80, h: 24, args: []string{"demo"}})
	r.sees("1 of ", "/60 min")
	raw, err := term.GetState(int(r.tty.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	pid := r.cmd.Process.Pid
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { return stateOf(t, pid) == "T" })
	if err := term.Restore(int(r.tty.Fd()), r.before); err != nil {
		t.Fatal(err)
	}
	r.touch(func() { _, _ = r.emu.Write([]byte("\x1b[?1049l\x1b[2J\x1b[Hsomebody's shell$ ")) })
	woken := r.again(func() { _ = syscall.Kill(pid, syscall.SIGCONT) })
	r.sees("RetailBot", "1 of ", "/60 min").misses("somebody's shell")
	woken()
	waitFor(t, func() bool {
		now, err := term.GetState(int(r.tty.Fd()))
		return err == nil && reflect.DeepEqual(now, raw)
	})
	r.types("j").sees("2 of ")
	r.types("q")
	if code := r.ends(soon); code != 0 {
		t.Errorf("left with %d", code)
	}
	r.restored()
}

// waitFor looks until it is so.
func waitFor(t *testing.T, so func() bool) {
	t.Helper()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	late := time.NewTimer(patience)
	defer late.Stop()
	for !so() {
		select {
		case <-look.C:
		case <-late.C:
			t.Fatal("it never came to be so")
		}
	}
}
