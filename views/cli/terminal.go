package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
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

// resetModes switches off whatever a full-screen program may have switched on.
const resetModes = "\x1b[?1049l\x1b[?25h\x1b[?2004l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?1006l\x1b[>4;0m\x1b[<u\x1b[m"

// screenModes are those that the dashboard draws in; see [tea.View].
const screenModes = "\x1b[?1049h\x1b[?2004h\x1b[?25l"

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

// play runs the dashboard in the terminal and gives the terminal back whatever
// happens: an end by signal, by a lost line, by a bug in a screen.
func play(ctx context.Context, s Streams, signals <-chan os.Signal, root func(context.Context) *ui.App, state string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	saved, err := term.GetState(int(s.InTTY.Fd()))
	if err != nil {
		return fmt.Errorf("read the terminal's state: %w", err)
	}
	guard := &guarded{inner: root(ctx)}
	out := &tty{File: s.OutTTY, gone: cancel}
	w := &watcher{
		signals: signals, done: make(chan struct{}), leaving: make(chan struct{}), in: int(s.InTTY.Fd()),
		out: out, force: func() { force(s, saved) },
	}
	program := tea.NewProgram(newPaced(guard, out.writing), tea.WithContext(ctx), tea.WithInput(s.InTTY), tea.WithOutput(out),
		tea.WithoutSignalHandler(), tea.WithFPS(frames), tea.WithFilter(w.see))
	guard.leave, w.program = program.Quit, program
	var ends sync.WaitGroup
	ends.Go(w.watch)
	_, err = program.Run()
	close(w.done)
	ends.Wait()
	err = w.ended(ctx, guard, state, err)
	if !out.drained(hurry) {
		w.force()
		return &unread{err}
	}
	return err
}

// ended is what the end of the program comes to.
func (w *watcher) ended(ctx context.Context, guard *guarded, state string, err error) error {
	if bug := guard.met(); bug != nil {
		return bug.report(state)
	}
	if sig := w.caught.Load(); sig != 0 {
		return &signalled{sig: syscall.Signal(sig)}
	}
	if errors.Is(err, tea.ErrProgramKilled) && ctx.Err() != nil {
		err = nil // nobody is there any more
	}
	return err
}

// watcher stands beside the program: it ends it at a signal, ends an end that never
// comes, and gives it its terminal again after it was stopped from outside.
type watcher struct {
	program *tea.Program
	signals <-chan os.Signal // those that end the program; nil: none comes
	done    chan struct{}    // closed when the program has ended
	leaving chan struct{}    // closed when it begins to leave
	left    sync.Once
	out     *tty
	force   func() // takes the terminal back without the library's help
	caught  atomic.Int32
	in      int
	raw     atomic.Pointer[term.State] // the terminal's settings while the program draws
	away    atomic.Bool                // stopped by its own key: the library comes back by itself
	looking atomic.Bool                // whether it does
}

// see looks at the library's messages before it carries them out.
func (w *watcher) see(_ tea.Model, msg tea.Msg) tea.Msg {
	if w.raw.Load() == nil {
		if raw, err := term.GetState(w.in); err == nil {
			w.raw.Store(raw)
		}
	}
	switch msg.(type) {
	case tea.SuspendMsg:
		w.away.Store(true)
		w.out.lend(true)
	case tea.ResumeMsg:
		w.away.Store(false)
		w.out.lend(false)
	case tea.QuitMsg:
		w.left.Do(func() { close(w.leaving) })
	}
	return msg
}

// watch ends the program in an orderly way at the first signal, and takes the
// terminal back by force when that takes too long or a second one comes. Whoever
// leaves by a key waits no longer than that either: an output that nobody reads
// never drains.
func (w *watcher) watch() {
	signals, woken := w.signals, make(chan os.Signal, 4)
	signal.Notify(woken, syscall.SIGCONT)
	defer signal.Stop(woken)
	for {
		select {
		case <-w.done:
			return
		case <-woken:
			switch {
			case w.out.visited.Load():
			case w.away.Load():
				if w.looking.CompareAndSwap(false, true) {
					go w.drawsAgain(w.out.writes())
				}
			default:
				w.comeBack()
			}
		case <-w.leaving:
			w.end(signals, 0)
			return
		case sig := <-signals:
			n := number(sig)
			if w.out.visited.Load() && (n == syscall.SIGINT || n == syscall.SIGQUIT) {
				continue // a key for the program that has the terminal
			}
			w.caught.Store(int32(n))
			go w.program.Quit()
			w.end(signals, 128+int(n))
			return
		}
	}
}

// end waits for the end, and ends the process with the code when it does not come.
func (w *watcher) end(signals <-chan os.Signal, code int) {
	timer := time.NewTimer(hurry)
	defer timer.Stop()
	select {
	case <-w.done:
		return
	case <-timer.C:
	case <-signals:
	}
	w.force()
	syscall.Exit(code)
}

// comeBack takes the terminal again after a stop that nobody was asked about
// (kill -STOP): the shell has set its own modes and written over the picture. The
// library does not know that anything happened, so it is told to draw all of it.
func (w *watcher) comeBack() {
	raw := w.raw.Load()
	if raw == nil {
		return
	}
	_ = term.Restore(w.in, raw) // where that fails there is no terminal any more
	select {
	case <-w.leaving:
		return
	default:
	}
	// Past the library: what it is told to write it may write after it has given the
	// terminal back, when it is told to leave at the same moment.
	w.out.put([]byte(screenModes))
	go w.program.Send(tea.ClearScreen()) // the loop may wait, signals must not
}

// drawsAgain sees to it that something is drawn after fg. The library stops its clock
// of pictures when it is stopped, in a goroutine of its own; when the process was
// halted just before that, the clock stops after it was set going again, and nothing
// is ever drawn. Giving the terminal away and taking it back sets it going anew.
func (w *watcher) drawsAgain(before int) {
	defer w.looking.Store(false)
	look := time.NewTicker(drawnWithin)
	defer look.Stop()
	for {
		select {
		case <-w.done:
			return
		case <-look.C:
		}
		if w.out.writes() != before {
			return
		}
		if !w.away.Load() { // the library is back, and silent
			w.program.Send(tea.Exec(nothing{}, nil)())
		}
	}
}

// drawnWithin is how long after fg a picture may take.
const drawnWithin = time.Second

// nothing is a command that does nothing with the terminal but take it for a moment.
type nothing struct{}

// Run leaves the goroutine that stops the clock the time for it.
func (nothing) Run() error {
	waitFor(settles)
	return nil
}

// SetStdin is for programs that read.
func (nothing) SetStdin(io.Reader) {}

// SetStdout is for programs that write.
func (nothing) SetStdout(io.Writer) {}

// SetStderr is for programs that complain.
func (nothing) SetStderr(io.Writer) {}

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
