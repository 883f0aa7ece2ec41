package cli

import (
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
	"golang.org/x/term"
)

// wire is a pseudo-terminal inside the test's own process.
type wire struct {
	master, tty *os.File
	before      *term.State

	mu      sync.Mutex
	changed *sync.Cond
	emu     *vt.Emulator
	bytes   []byte
	over    bool
}

func dial(t testing.TB, w, h int) *wire {
	t.Helper()
	l := &wire{emu: vt.NewEmulator(w, h)}
	l.changed = sync.NewCond(&l.mu)
	var err error
	if l.master, l.tty, err = pty.Open(); err != nil {
		t.Fatal(err)
	}
	if err := pty.Setsize(l.tty, &pty.Winsize{Cols: uint16(w), Rows: uint16(h)}); err != nil {
		t.Fatal(err)
	}
	if l.before, err = term.GetState(int(l.tty.Fd())); err != nil {
		t.Fatal(err)
	}
	go l.listen()
	go func() { _, _ = io.Copy(l.master, l.emu) }() // what the terminal answers
	t.Cleanup(func() {
		_ = l.tty.Close()
		_ = l.master.Close()
		if pipe, ok := l.emu.InputPipe().(io.Closer); ok {
			_ = pipe.Close()
		}
	})
	return l
}

func (l *wire) listen() {
	buf := make([]byte, 64<<10)
	for {
		n, err := l.master.Read(buf)
		l.mu.Lock()
		l.bytes = append(l.bytes, buf[:n]...)
		_, _ = l.emu.Write(buf[:n])
		l.over = l.over || err != nil
		l.changed.Broadcast()
		l.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (l *wire) streams() Streams {
	return Streams{In: l.tty, Out: l.tty, Err: io.Discard, InTTY: l.tty, OutTTY: l.tty}
}

func (l *wire) sees(t testing.TB, want string) {
	t.Helper()
	l.until(t, want, func() bool {
		for y := range l.emu.Height() {
			if strings.Contains(l.row(y), want) {
				return true
			}
		}
		return false
	})
}

// row is one row of the terminal.
func (l *wire) row(y int) string {
	var b strings.Builder
	for x := range l.emu.Width() {
		switch c := l.emu.CellAt(x, y); {
		case c == nil:
			b.WriteByte(' ')
		case c.Content != "":
			b.WriteString(c.Content)
		case c.Width > 0:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

func (l *wire) until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	late := false
	timer := time.AfterFunc(10*time.Second, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		late = true
		l.changed.Broadcast()
	})
	defer timer.Stop()
	l.mu.Lock()
	defer l.mu.Unlock()
	for !holds() {
		if late {
			t.Fatalf("never saw %q in %q", what, l.bytes)
		}
		l.changed.Wait()
	}
}

func (l *wire) types(t testing.TB, keys string) {
	t.Helper()
	if _, err := l.master.WriteString(keys); err != nil {
		t.Fatal(err)
	}
}

// heard is everything that was written so far.
func (l *wire) heard() []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]byte(nil), l.bytes...)
}
