package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	tea "charm.land/bubbletea/v2"
	"golang.org/x/term"

	"korescope/ui"
	"korescope/views"
)

// hurry is how long an orderly end may take after a signal before the terminal
// is taken back by force.
const hurry = 1500 * time.Millisecond

// resetModes switches off whatever a full-screen program may have switched on.
const resetModes = "\x1b[?1049l\x1b[?25h\x1b[?2004l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?1006l\x1b[>4;0m\x1b[<u\x1b[m"

// wantTerminal refuses to draw where nobody could see it.
func wantTerminal(s Streams) error {
	switch {
	case s.InTTY == nil || s.OutTTY == nil:
		return views.Usage("the dashboard needs a terminal; in a script use a command, for example: korescope sessions -o json")
	case os.Getenv("TERM") == "" || os.Getenv("TERM") == "dumb":
		return views.Usage("the dashboard needs a terminal that can place text, and TERM says it cannot; use a command, for example: korescope sessions")
	}
	return nil
}

// tty is the terminal as the library writes to it. A write that fails means that
// nobody is there any more: the program ends instead of living on unseen.
type tty struct {
	*os.File
	gone func()
}

func (t tty) Write(p []byte) (int, error) {
	n, err := t.File.Write(p)
	if err != nil {
		t.gone()
	}
	return n, err
}

// play runs the dashboard in the terminal and gives the terminal back whatever
// happens: an end by signal, by a lost line, by a bug in a screen.
func play(ctx context.Context, s Streams, root func(context.Context) *ui.App, state string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	saved, err := term.GetState(int(s.InTTY.Fd()))
	if err != nil {
		return fmt.Errorf("read the terminal's state: %w", err)
	}
	guard := &guarded{inner: root(ctx)}
	out := tty{File: s.OutTTY, gone: cancel}
	program := tea.NewProgram(newPaced(guard), tea.WithContext(ctx), tea.WithInput(s.InTTY), tea.WithOutput(out),
		tea.WithoutSignalHandler(), tea.WithFPS(frames))
	guard.leave = program.Quit
	var caught atomic.Int32
	done := make(chan struct{})
	var ends sync.WaitGroup
	ends.Add(1)
	go watch(&ends, done, program, &caught, func() { force(s, saved) })
	_, err = program.Run()
	close(done)
	ends.Wait()
	if bug := guard.met(); bug != nil {
		return bug.report(state)
	}
	if sig := caught.Load(); sig != 0 {
		return &signalled{sig: syscall.Signal(sig)}
	}
	if errors.Is(err, tea.ErrProgramKilled) && ctx.Err() != nil {
		return nil
	}
	return err
}

// watch ends the program in an orderly way at the first signal, and takes the
// terminal back by force when that takes too long or a second one comes.
func watch(ends *sync.WaitGroup, done <-chan struct{}, p *tea.Program, caught *atomic.Int32, force func()) {
	defer ends.Done()
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGHUP, syscall.SIGTERM, syscall.SIGINT, syscall.SIGQUIT)
	defer signal.Stop(signals)
	select {
	case <-done:
		return
	case sig := <-signals:
		number, _ := sig.(syscall.Signal)
		caught.Store(int32(number))
		go p.Quit()
		timer := time.NewTimer(hurry)
		defer timer.Stop()
		select {
		case <-done:
			return
		case <-timer.C:
		case <-signals:
		}
		force()
		syscall.Exit(128 + int(number))
	}
}

// force puts the terminal back without the library's help. The bytes go through
// a descriptor that does not block, because a stopped terminal never drains.
func force(s Streams, saved *term.State) {
	_ = term.Restore(int(s.InTTY.Fd()), saved)
	fd := int(s.OutTTY.Fd())
	if syscall.SetNonblock(fd, true) == nil {
		_, _ = syscall.Write(fd, []byte(resetModes))
		_ = syscall.SetNonblock(fd, false)
	}
}

// signalled is an end by a signal.
type signalled struct{ sig syscall.Signal }

func (e *signalled) Error() string { return strings.ToLower(e.sig.String()) }

// Code is the exit code a shell expects.
func (e *signalled) Code() int { return 128 + int(e.sig) }
