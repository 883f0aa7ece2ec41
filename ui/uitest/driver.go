package uitest

import (
	"bytes"
	"context"
	"io"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/vt"
)

// patience bounds one wait for the program to settle. It is never slept: it
// only ends a test whose program hangs.
const patience = 90 * time.Second

// Driver runs the real program with an emulator as its terminal. Between a key
// and a look it waits until the program is settled: no command is under way and
// the cells on the terminal equal the last picture drawn. A picture that does
// not fit the terminal never settles, so overflow fails instead of being cut
// unseen.
type Driver struct {
	t       *testing.T
	program *tea.Program
	termMu  sync.Mutex // never held together with mu
	term    *vt.Emulator
	stands  string // what stands on term; "" when it is not known
	done    chan struct{}
	runErr  error

	mu      sync.Mutex
	changed *sync.Cond
	version int // counts everything that may settle the program
	flights int
	view    string
	want    wanted
	dirty   bool // handled a message, not drawn since
	w, h    int
	seen    [2]int // size the program knows
	bytes   bytes.Buffer
	late    bool
}

// Start runs the program; it is stopped when the test ends.
func Start(t *testing.T, m tea.Model, w, h int) *Driver {
	t.Helper()
	d := &Driver{t: t, term: vt.NewEmulator(w, h), done: make(chan struct{}), w: w, h: h}
	d.changed = sync.NewCond(&d.mu)
	_, _ = d.term.Write([]byte(newLineMode))
	ctx, cancel := context.WithCancel(context.Background())
	d.program = tea.NewProgram(counted{d: d, inner: m},
		tea.WithContext(ctx), tea.WithInput(d.term), tea.WithOutput(d), tea.WithWindowSize(w, h),
		tea.WithColorProfile(colorprofile.TrueColor), tea.WithoutSignals(),
		tea.WithEnvironment([]string{"TERM=xterm-256color", "COLORTERM=truecolor", "SSH_TTY=/dev/pts/9"}))
	go func() {
		_, d.runErr = d.program.Run()
		close(d.done)
		d.touch(func() {})
	}()
	t.Cleanup(func() {
		d.program.Quit()
		select {
		case <-d.done:
		case <-time.After(patience):
			t.Error("the program did not end")
		}
		cancel()
		// Not Close: that races with the program's reader. Closing the pipe ends
		// the reader just as well.
		if pipe, ok := d.term.InputPipe().(io.Closer); ok {
			_ = pipe.Close()
		}
	})
	d.Settle()
	return d
}

// Write is the terminal's side of the program's output.
func (d *Driver) Write(p []byte) (int, error) {
	d.termMu.Lock()
	n, err := d.term.Write(p)
	d.stands = ""
	d.termMu.Unlock()
	d.touch(func() { d.bytes.Write(p) })
	return n, err
}

func (d *Driver) touch(change func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change()
	d.version++
	d.changed.Broadcast()
}

// Press sends keys, waiting after each until the program is settled.
func (d *Driver) Press(keys ...string) *Driver {
	d.t.Helper()
	for _, k := range keys {
		for _, press := range Presses(k) {
			d.Send(press)
		}
	}
	return d
}

// Send gives the program a message and waits until it is settled.
func (d *Driver) Send(msg tea.Msg) *Driver {
	d.t.Helper()
	d.program.Send(d.count(msg))
	d.Settle()
	return d
}

// Resize changes the size of the terminal.
func (d *Driver) Resize(w, h int) *Driver {
	d.t.Helper()
	d.termMu.Lock()
	d.term.Resize(w, h)
	d.stands = ""
	d.termMu.Unlock()
	d.touch(func() { d.w, d.h = w, h })
	// Sent bare: the library's renderer has to see it as well.
	d.program.Send(tea.WindowSizeMsg{Width: w, Height: h})
	d.Settle()
	return d
}

// Grid is what stands on the terminal now.
func (d *Driver) Grid() Grid {
	d.termMu.Lock()
	defer d.termMu.Unlock()
	return grid(d.term)
}

// standing is what stands on the terminal, as a string.
func (d *Driver) standing() string {
	d.termMu.Lock()
	defer d.termMu.Unlock()
	if d.stands == "" {
		d.stands = grid(d.term).String()
	}
	return d.stands
}

// Bytes is everything that was written to the terminal so far.
func (d *Driver) Bytes() []byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	return bytes.Clone(d.bytes.Bytes())
}

// Ended reports whether the program has left, waiting until it has.
func (d *Driver) Ended() error {
	d.t.Helper()
	select {
	case <-d.done:
	case <-time.After(patience):
		d.t.Fatal("the program did not end")
	}
	return d.runErr
}

// Settle waits until nothing is under way and the terminal shows the last
// picture.
func (d *Driver) Settle() {
	d.t.Helper()
	timer := time.AfterFunc(patience, func() { d.touch(func() { d.late = true }) })
	defer timer.Stop()
	for {
		version, quiet, want := d.look()
		if quiet && want == d.standing() {
			return
		}
		if d.await(version) {
			return
		}
	}
}

// look reads what settling depends on in one piece.
func (d *Driver) look() (version int, quiet bool, want string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	quiet = d.flights == 0 && !d.dirty && d.seen == [2]int{d.w, d.h}
	if quiet {
		want = d.want.of(d.view, d.w, d.h)
	}
	return d.version, quiet, want
}

// wanted is the picture that the program drew last; it is painted once.
type wanted struct {
	painter
	view, picture string
}

func (p *wanted) of(view string, w, h int) string {
	if p.picture == "" || p.view != view || p.w != w || p.h != h {
		p.view, p.picture = view, p.paint(view, w, h).String()
	}
	return p.picture
}

// await blocks until something changed since version; true when the program
// has ended.
func (d *Driver) await(version int) (ended bool) {
	d.t.Helper()
	d.mu.Lock()
	for d.version == version && !d.late {
		d.changed.Wait()
	}
	late, flights, view, w, h := d.late, d.flights, d.view, d.w, d.h
	d.mu.Unlock()
	select {
	case <-d.done:
		return true
	default:
	}
	if late {
		d.t.Fatalf("never settled: %d commands under way\n--- wanted\n%s--- on the terminal\n%s",
			flights, picture(view, w, h), d.Grid())
	}
	return false
}
