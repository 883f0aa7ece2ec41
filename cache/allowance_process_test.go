//go:build unix

package cache

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"korescope/api"
)

// Processes of the count: this program again, with a clock that the test moves.

// nobody is a second user of the operating system.
const nobody = 65534

func allowanceChild(role, dir, arg string) (err error) {
	path, name, _ := strings.Cut(arg, "|")
	ctx := context.Background()
	o := childOptions(dir)
	o.Name, o.Memory = name, name == ""
	s, _, err := Open(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	l := sharedIn(s.Ledger(), places{path})
	if role == "count for ever" {
		return countForEver(ctx, l)
	}
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() { // a moment a line; the answer is how many fitted in
		ms, err := strconv.ParseInt(in.Text(), 10, 64)
		if err != nil {
			return err
		}
		n, now := 0, time.UnixMilli(ms)
		for {
			ticket, wait, err := l.Take(ctx, "bot:x", api.Limits{}, api.Person, now)
			if err != nil {
				return err
			}
			if wait > 0 {
				break
			}
			if err := l.Settle(ctx, ticket, 1, now); err != nil {
				return err
			}
			n++
		}
		fmt.Println(n)
	}
	return in.Err()
}

// countForEver takes and settles, and says after each that it did.
func countForEver(ctx context.Context, l api.Ledger) error {
	for {
		ticket, _, err := l.Take(ctx, "bot:x", api.Limits{PerMinute: 1 << 20, PerHour: 1 << 20}, api.Person, noon())
		if err != nil {
			return err
		}
		fmt.Println("taken")
		if err := l.Settle(ctx, ticket, 1, noon()); err != nil {
			return err
		}
	}
}

// counter is one process that counts.
type counter struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Scanner
}

// startCounter starts a process with a cache of a name, or with none; uid 0 is
// the user of the test.
func startCounter(t *testing.T, program, role, path, name string, uid int) *counter {
	t.Helper()
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), program)
	cmd.Env = append(os.Environ(), childVar+"="+role, "CACHE_TEST_DIR="+dir, "CACHE_TEST_ARG="+path+"|"+name)
	cmd.Stderr = os.Stderr
	if uid != 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}} //nolint:gosec // a small number
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c := &counter{cmd, in, bufio.NewScanner(out)}
	t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // killed or over
	})
	return c
}

func (c *counter) at(t *testing.T, now time.Time) int {
	t.Helper()
	if _, err := fmt.Fprintln(c.in, now.UnixMilli()); err != nil {
		t.Fatal(err)
	}
	if !c.out.Scan() {
		t.Fatal("a process is gone:", c.out.Err())
	}
	n, err := strconv.Atoi(c.out.Text())
	if err != nil {
		t.Fatal(c.out.Text())
	}
	return n
}

// sharedFolder is one that every user can use as a temporary folder, with a copy
// of this program in it.
func sharedFolder(t *testing.T) (dir, program string) {
	t.Helper()
	dir = t.TempDir()
	for up := dir; up != filepath.Dir(up) && up != filepath.Clean(os.TempDir()); up = filepath.Dir(up) {
		if err := os.Chmod(up, 0o755); err != nil { //nolint:gosec // another user has to come in
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, 0o777|os.ModeSticky); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	program = filepath.Join(dir, "program")
	if err := os.WriteFile(program, b, 0o755); err != nil { //nolint:gosec // as above
		t.Fatal(err)
	}
	return dir, program
}

// Eight processes with two profiles, without a cache, and of another user, who
// all ask whenever they can: none over the limits, nearly all of them used.
func TestProcessesOfAMachineCountTogether(t *testing.T) {
	minutes := 33
	if full() {
		minutes = 600
	}
	for name, uids := range map[string][]int{"one user": {0}, "two users": {0, nobody}} {
		t.Run(name, func(t *testing.T) {
			if len(uids) > 1 && os.Getuid() != 0 {
				t.Skip("only root can be two users")
			}
			dir, program := sharedFolder(t)
			path := filepath.Join(dir, "allowance")
			var all []*counter
			for i := range 8 {
				profile, uid := []string{"", "a", "b", ""}[i%4], uids[i*len(uids)/8]
				all = append(all, startCounter(t, program, "count", path, profile, uid))
			}
			rnd := rand.New(rand.NewPCG(uint64(len(uids)), 1)) //nolint:gosec // a repeatable test
			var taken []time.Time
			now := noon()
			for end := now.Add(time.Duration(minutes) * time.Minute); now.Before(end); now = now.Add(time.Duration(1+rnd.IntN(20)) * time.Second) {
				for _, i := range rnd.Perm(len(all)) {
					for range all[i].at(t, now) {
						taken = append(taken, now)
					}
				}
			}
			m, h := worst(taken, time.Minute), worst(taken, time.Hour)
			t.Logf("%d requests, worst minute %d of 60, worst hour %d of 1800", len(taken), m, h)
			tries(t, len(taken))
			if m > 60 || h > 1800 || m < 57 || h < 1710 {
				t.Errorf("worst minute %d of 60, worst hour %d of 1800", m, h)
			}
		})
	}
}

// At one moment, eight processes at once: exactly as many as fit.
func TestProcessesThatCountAtOnce(t *testing.T) {
	dir, program := sharedFolder(t)
	var all []*counter
	for i := range 8 {
		all = append(all, startCounter(t, program, "count", filepath.Join(dir, "allowance"), []string{"", "a"}[i%2], 0))
	}
	for round := range 5 {
		now := noon().Add(time.Duration(round) * 2 * time.Minute)
		for _, c := range all {
			if _, err := fmt.Fprintln(c.in, now.UnixMilli()); err != nil {
				t.Fatal(err)
			}
		}
		sum := 0
		for _, c := range all {
			if !c.out.Scan() {
				t.Fatal("a process is gone")
			}
			n, err := strconv.Atoi(c.out.Text())
			if err != nil {
				t.Fatal(c.out.Text())
			}
			sum += n
		}
		if sum != 60 {
			t.Errorf("round %d: %d of 60", round, sum)
		}
	}
	tries(t, 5*60)
}

// Whoever is killed while counting leaves every request in the count.
func TestKilledWhileCounting(t *testing.T) {
	kills := 24
	if full() {
		kills = 320
	}
	path := filepath.Join(t.TempDir(), "allowance")
	said := 0
	for range kills {
		c := startCounter(t, os.Args[0], "count for ever", path, "", 0)
		for range 1 + rand.IntN(60) { //nolint:gosec // any moment will do
			if c.out.Scan() {
				said++
			}
		}
		if err := c.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for c.out.Scan() {
			said++
		}
		_ = c.cmd.Wait() // it was killed
	}
	tries(t, kills)
	if n := len(requestsAt(path)); n < said || n > said+kills {
		t.Errorf("%d requests were taken, %d are counted after %d kills", said, n, kills)
	}
}

// At no moment between two writes is anything missing from the file: a request
// that is settled, a gate that is moved.
func TestNoMomentWithoutTheCount(t *testing.T) {
	path := filepath.Join(t.TempDir(), "allowance")
	l := sharedIn(ownCount(t, newClock()), places{path})
	stop, seen := make(chan struct{}), make(chan string, 1)
	if err := l.Shut(t.Context(), "bot:y", noon().Add(time.Minute), ""); err != nil {
		t.Fatal(err)
	}
	go func() {
		most := 0
		defer close(seen)
		for {
			select {
			case <-stop:
				return
			default:
			}
			slots := readPlain(ownPath(path), os.Getuid())
			n, gates := 0, 0
			for _, s := range slots {
				switch s.kind {
				case slotRequest:
					n++
				case slotGate:
					gates++
				}
			}
			if n < most || gates == 0 {
				seen <- fmt.Sprintf("%d requests after %d, %d gates", n, most, gates)
				return
			}
			most = n
		}
	}()
	for i := range 500 {
		ticket, _, err := l.Take(t.Context(), "bot:x", api.Limits{PerMinute: 1 << 20, PerHour: 1 << 20}, api.Person, noon())
		if err == nil {
			err = l.Settle(t.Context(), ticket, 1, noon())
		}
		if err == nil {
			err = l.Shut(t.Context(), "bot:y", noon().Add(time.Minute+time.Duration(i)*time.Millisecond), "")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	if bad, ok := <-seen; ok {
		t.Error(bad)
	}
}

func requestsAt(path string) []time.Time {
	slots, _ := ownSlotsOf(places{path})
	return requests(slots, (&Allowance{host: "h"}).hash("bot:x"))
}
