package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
	"golang.org/x/term"
)

// The test binary is the program when this variable says so: "program" runs
// main, "shell" runs it as a job of a shell would.
const roleVariable = "KORESCOPE_TEST_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(roleVariable) {
	case "program":
		main()
	case "shell":
		os.Exit(keepJob())
	}
	os.Exit(m.Run())
}

// patience ends a test whose program hangs; nothing is ever waited for that
// long, however busy the machine.
const patience = 90 * time.Second

// soon is how long the program may take to leave, on a machine that is busy: what
// it must not wait for before it leaves takes half a minute and more.
const soon = 15 * time.Second

// run is the real program in a pseudo-terminal.
type run struct {
	t      *testing.T
	cmd    *exec.Cmd
	master *os.File
	tty    *os.File // the program's side, kept open to look at its settings
	before *term.State
	temp   string // where the program makes its temporary files
	over   chan struct{}
	read   chan struct{}   // closed when nothing more can be read
	notice *os.File        // what a shell says about its job
	piped  strings.Builder // what went to a stdout that is a pipe
	deaf   chan struct{}   // closed when the terminal has stopped reading

	mu      sync.Mutex
	changed *sync.Cond
	emu     *vt.Emulator
	bytes   []byte
	late    bool
	gone    bool
}

// setting is how a run starts.
type setting struct {
	w, h int
	env  []string
	role string
	args []string

	raw   bool // the terminal passes bytes on as they are
	piped bool // stdout is no terminal
}

// environment is all the program gets to see.
func environment(temp, role string, more ...string) []string {
	env := []string{
		roleVariable + "=" + role, "PATH=" + os.Getenv("PATH"), "HOME=" + temp, "TMPDIR=" + filepath.Join(temp, "tmp"),
		"GORACE=atexit_sleep_ms=0", // or every end takes a second under the race detector
		"KORESCOPE_ALLOWANCE_FILE=" + temp + "/allowance",
		"XDG_CONFIG_HOME=" + temp + "/config", "XDG_CACHE_HOME=" + temp + "/cache", "XDG_STATE_HOME=" + temp + "/state",
	}
	return append(env, more...)
}

func program(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return self
}

func home(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "tmp"), 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

// start runs the program in a terminal of the size given.
func start(t *testing.T, s setting) *run {
	t.Helper()
	r := &run{t: t, temp: home(t), over: make(chan struct{}), read: make(chan struct{}), deaf: make(chan struct{}), emu: vt.NewEmulator(s.w, s.h)}
	r.changed = sync.NewCond(&r.mu)
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	r.master, r.tty = polled(t, master), tty
	if err = pty.Setsize(r.tty, &pty.Winsize{Cols: uint16(s.w), Rows: uint16(s.h)}); err != nil {
		t.Fatal(err)
	}
	if r.before, err = term.GetState(int(r.tty.Fd())); err != nil {
		t.Fatal(err)
	}
	if s.raw {
		if _, err := term.MakeRaw(int(r.tty.Fd())); err != nil {
			t.Fatal(err)
		}
	}
	if s.role == "" {
		s.role = "program"
	}
	if s.env == nil {
		s.env = []string{"TERM=xterm-256color", "COLORTERM=truecolor"}
	}
	r.cmd = exec.Command(program(t), s.args...)
	r.cmd.Env = environment(r.temp, s.role, s.env...)
	r.cmd.Stdin, r.cmd.Stdout, r.cmd.Stderr = r.tty, r.tty, r.tty
	if s.piped {
		r.cmd.Stdout = &r.piped
	}
	r.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	said, saying, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.cmd.ExtraFiles, r.notice = []*os.File{saying}, said
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = saying.Close() // the child has its own
	go r.listen()
	go func() { _, _ = io.Copy(r.master, r.emu) }() // what the terminal answers, until the terminal is closed
	go func() {
		_ = r.cmd.Wait() // the state says how it ended
		close(r.over)
		r.touch(func() { r.gone = true })
	}()
	t.Cleanup(r.clean)
	return r
}

// polled makes a terminal's end one that can be closed while it is read: a file
// in blocking mode stays open until its read returns, and a line would never
// be lost.
func polled(t *testing.T, f *os.File) *os.File {
	t.Helper()
	fd, err := syscall.Dup(int(f.Fd()))
	if err == nil {
		err = errors.Join(syscall.SetNonblock(fd, true), f.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	syscall.CloseOnExec(fd)
	return os.NewFile(uintptr(fd), f.Name())
}

func (r *run) clean() {
	select {
	case <-r.over:
	default:
		_ = r.cmd.Process.Kill()
		<-r.over
	}
	_ = r.tty.Close()
	_ = r.master.Close()
	_ = r.notice.Close()
	<-r.read
	if pipe, ok := r.emu.InputPipe().(io.Closer); ok {
		_ = pipe.Close()
	}
}

// listen is the terminal: it keeps every byte and shows it.
func (r *run) listen() {
	defer close(r.read)
	buf := make([]byte, 64<<10)
	for {
		n, err := r.master.Read(buf)
		if n > 0 {
			r.touch(func() {
				r.bytes = append(r.bytes, buf[:n]...)
				_, _ = r.emu.Write(buf[:n])
			})
		}
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			close(r.deaf)
			<-r.over
			_ = r.master.SetReadDeadline(time.Time{})
		case err != nil:
			return // the last one who had it open has left
		}
	}
}

// turnsAway makes the terminal stop reading until the program has ended, and fills
// what stands between them: whatever the program writes from now on waits.
func (r *run) turnsAway() *run {
	r.t.Helper()
	if err := r.master.SetReadDeadline(time.Unix(1, 0)); err != nil {
		r.t.Fatal(err)
	}
	<-r.deaf
	line, err := syscall.Open(r.tty.Name(), syscall.O_WRONLY|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = syscall.Close(line) }()
	for err == nil {
		_, err = syscall.Write(line, []byte(" "))
	}
	if !errors.Is(err, syscall.EAGAIN) {
		r.t.Fatal(err)
	}
	return r
}

func (r *run) touch(change func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change()
	r.changed.Broadcast()
}

// text is what stands on the terminal.
func (r *run) text() string {
	var b strings.Builder
	for y := range r.emu.Height() {
		line := ""
		for x := range r.emu.Width() {
			if c := r.emu.CellAt(x, y); c == nil {
				line += " "
			} else if c.Content != "" {
				line += c.Content
			} else if c.Width > 0 {
				line += " "
			}
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}

// until waits until the screen is as wanted.
func (r *run) until(what string, want func(screen string) bool) *run {
	r.t.Helper()
	timer := time.AfterFunc(patience, func() { r.touch(func() { r.late = true }) })
	defer timer.Stop()
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		screen := r.text()
		if want(screen) {
			r.late = false
			return r
		}
		if r.late || r.gone {
			r.t.Fatalf("never saw %s (program ended: %v) on\n%s", what, r.gone, screen)
		}
		r.changed.Wait()
	}
}

// sees waits until all the texts are on the terminal.
func (r *run) sees(wants ...string) *run {
	r.t.Helper()
	return r.until(fmt.Sprintf("%q", wants), func(screen string) bool {
		for _, w := range wants {
			if !strings.Contains(screen, w) {
				return false
			}
		}
		return true
	})
}

// misses waits until none of the texts is on the terminal.
func (r *run) misses(unwanted ...string) *run {
	r.t.Helper()
	return r.until(fmt.Sprintf("a screen without %q", unwanted), func(screen string) bool {
		for _, w := range unwanted {
			if strings.Contains(screen, w) {
				return false
			}
		}
		return true
	})
}

// types sends keys as a terminal sends them.
func (r *run) types(keys string) *run {
	r.t.Helper()
	if _, err := r.master.WriteString(keys); err != nil {
		r.t.Fatal(err)
	}
	return r
}

func (r *run) size(w, h int) *run {
	r.t.Helper()
	r.touch(func() { r.emu.Resize(w, h) })
	if err := pty.Setsize(r.tty, &pty.Winsize{Cols: uint16(w), Rows: uint16(h)}); err != nil {
		r.t.Fatal(err)
	}
	return r
}

// grows changes the size of a terminal whose program has just begun, and tells
// it again until it has heard: the library draws a moment before it listens.
func (r *run) grows(w, h int, wants ...string) *run {
	r.t.Helper()
	defer r.again(func() { _ = r.cmd.Process.Signal(syscall.SIGWINCH) })()
	return r.size(w, h).sees(wants...)
}

// again does something now and then until the function it returns is called.
func (r *run) again(do func()) (enough func()) {
	done, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for {
			do()
			select {
			case <-done:
				return
			case <-tick.C:
			}
		}
	}()
	return func() { close(done); <-over }
}

// stream is everything that was written so far.
func (r *run) stream() []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return bytes.Clone(r.bytes)
}

// ends waits for the end of the program within the time given and returns its
// exit code; everything it wrote has been read then.
func (r *run) ends(within time.Duration) int {
	r.t.Helper()
	timer := time.NewTimer(within)
	defer timer.Stop()
	select {
	case <-r.over:
	case <-timer.C:
		r.mu.Lock()
		defer r.mu.Unlock()
		r.t.Fatalf("still there after %s\n%s", within, r.text())
	}
	status, _ := r.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if status.Signaled() {
		r.t.Fatalf("killed by %s", status.Signal())
	}
	return status.ExitStatus()
}

// drained closes the terminal and returns the whole stream.
func (r *run) drained() []byte {
	r.t.Helper()
	_ = r.tty.Close()
	<-r.read
	return r.stream()
}

// alone runs the program without a terminal, with what it prints on pipes.
func alone(t *testing.T, env []string, args ...string) (out, talk string, code int) {
	t.Helper()
	cmd := exec.Command(program(t), args...)
	cmd.Env = environment(home(t), "program", env...)
	var o, e strings.Builder
	cmd.Stdout, cmd.Stderr = &o, &e
	err := cmd.Run()
	var left *exec.ExitError
	if err != nil && !errors.As(err, &left) {
		t.Fatal(err)
	}
	return o.String(), e.String(), cmd.ProcessState.ExitCode()
}

// keepJob runs the program in a process group of its own, in the foreground of
// the terminal, as a shell with job control does, and says on descriptor 3 when
// it stops.
func keepJob() int {
	said := os.NewFile(3, "notice")
	cmd := exec.Command(os.Args[0], os.Args[1:]...)
	cmd.Env = append(os.Environ(), roleVariable+"=program")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Foreground: true, Ctty: 0}
	if err := cmd.Start(); err != nil {
		return 125
	}
	for {
		var ws syscall.WaitStatus
		_, err := syscall.Wait4(cmd.Process.Pid, &ws, syscall.WUNTRACED, nil)
		switch {
		case errors.Is(err, syscall.EINTR):
		case err != nil:
			return 126
		case ws.Stopped():
			_, _ = fmt.Fprintf(said, "%d\n", cmd.Process.Pid)
		case ws.Signaled():
			return 128 + int(ws.Signal())
		case ws.Exited():
			return ws.ExitStatus()
		}
	}
}
