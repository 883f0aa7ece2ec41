package config

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

const (
	commandLimit  = 10 * time.Second
	commandLinger = 500 * time.Millisecond // for output after the program itself has ended
	commandOutput = 64 << 10
)

var errTooMuch = errors.New("printed more than 64 KiB")

// A command is a program that prints a secret. No shell reads it; it gets no
// input, its error output is thrown away, and it sits in a process group of its
// own so that nothing it starts outlives the time limit.
type command struct {
	what  Source // the setting that names it
	argv  []string
	env   []string
	limit time.Duration
}

func (c command) run(ctx context.Context) (Secret, error) {
	ctx, cancel := context.WithTimeout(ctx, c.limit)
	defer cancel()
	out := &capped{full: cancel}
	cmd := exec.CommandContext(ctx, c.argv[0], c.argv[1:]...)
	cmd.Env, cmd.Stdout, cmd.WaitDelay = c.env, out, commandLinger
	cmd.SysProcAttr = ownGroup()
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }

	if loose := c.loose(); loose != nil {
		return Secret{}, fmt.Errorf("%s %s: %w", c.what, c.name(), loose)
	}
	// A program that is to die with its parent dies with the parent's thread.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := cmd.Run()
	if err != nil && cmd.Process != nil {
		// The program may have ended by itself, of a closed pipe for one, with
		// a child still at work; Cancel is not called then.
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // gone already is as good
	}
	if errors.Is(err, exec.ErrWaitDelay) {
		err = nil // it ended well; only a child held its output open
	}
	if err = c.explain(ctx, out, err); err != nil {
		return Secret{}, err
	}
	s, err := usable(firstLine(out.b.String()))
	if err != nil {
		return Secret{}, fmt.Errorf("%s %s: %w", c.what, c.name(), err)
	}
	return s, nil
}

// loose refuses a program that others may change: it would be run with the rights
// of whoever asks for the secret. The same goes for a file that it is given, which
// may be the script that it runs.
func (c command) loose() error {
	path, err := exec.LookPath(c.argv[0])
	if err != nil {
		return nil //nolint:nilerr // running it says what is wrong
	}
	g := newGuard()
	if err := g.helper(path); err != nil {
		return err
	}
	for _, arg := range c.argv[1:] {
		if info, err := os.Stat(arg); err != nil || !filepath.IsAbs(arg) || !info.Mode().IsRegular() {
			continue
		}
		if err := g.helper(arg); err != nil {
			return err
		}
	}
	return nil
}

func (c command) name() string { return quote(filepath.Base(c.argv[0])) }

// explain says what went wrong in words of our own: what the program printed
// may hold the secret.
func (c command) explain(ctx context.Context, out *capped, err error) error {
	var exit *exec.ExitError
	switch {
	case out.over:
		err = errTooMuch
	case err == nil:
		return nil
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		err = fmt.Errorf("did not end within %s (it gets no input: unlock the store first)", c.limit)
	case ctx.Err() != nil:
		err = context.Cause(ctx)
	case errors.Is(err, exec.ErrNotFound):
		// Its name may be the secret, written in the wrong place.
		return fmt.Errorf("%s: its program is not on the PATH", c.what)
	case errors.As(err, &exit):
		err = errors.New("ended with " + exit.String())
	}
	return fmt.Errorf("%s %s: %w", c.what, c.name(), err)
}

// RefuseBareSecret refuses a command that is one word and no program here: more
// likely than not it is the secret itself. The error does not repeat it.
func RefuseBareSecret(argv []string) error {
	if len(argv) == 0 {
		return errors.New("names no command")
	}
	if len(argv) > 1 {
		return nil
	}
	if _, err := exec.LookPath(argv[0]); err != nil {
		return errors.New("is one word and no program on the PATH; if it is the secret itself, type it where it does not show")
	}
	return nil
}

// checkCommand refuses programs that depend on the folder one happens to be in.
func checkCommand(argv []string) error {
	switch {
	case len(argv) == 0:
		return errors.New("is empty (write [\"pass\", \"show\", \"kore/prod\"])")
	case strings.ContainsRune(argv[0], filepath.Separator) && !filepath.IsAbs(argv[0]):
		return errors.New("must name its program with a full path, or by name alone to be found on the PATH")
	}
	return nil
}

// capped keeps output up to a limit and ends the program when it says more.
type capped struct {
	b    strings.Builder
	over bool
	full func()
}

func (c *capped) Write(p []byte) (int, error) {
	if c.over || c.b.Len()+len(p) > commandOutput {
		c.over = true
		c.full()
		return 0, errTooMuch
	}
	return c.b.Write(p)
}
