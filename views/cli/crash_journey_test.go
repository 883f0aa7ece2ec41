package cli

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"golang.org/x/term"

	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// poison is what a bug may carry: a customer's text, and in it a sequence that
// a terminal obeys.
const poison = "secret of a customer \x1b]52;c;b3duZWQ=\x07"

// faulty is a screen with a bug in one place.
type faulty struct {
	at   string
	seat ui.Seat
	bad  bool
}

type poke struct{ to ui.Address }

func (p poke) To() ui.Address { return p.to }

func (f *faulty) Start(s ui.Seat) tea.Cmd {
	f.seat = s
	switch f.at {
	case "Start":
		panic(poison)
	case "a command at the start":
		return func() tea.Msg { panic(poison) }
	}
	return nil
}

func (f *faulty) Update(tea.Msg) tea.Cmd { panic(poison) }

func (f *faulty) Do(keymap.Action) tea.Cmd {
	to := f.seat.Addr
	switch f.at {
	case "Do":
		panic(poison)
	case "Update":
		return func() tea.Msg { return poke{to: to} }
	case "a command":
		return func() tea.Msg { panic(errors.New(poison)) }
	case "a command of several":
		return tea.Batch(func() tea.Msg { return nil }, tea.Batch(func() tea.Msg { return nil }, func() tea.Msg { panic(poison) }))
	}
	f.bad = true
	return nil
}

func (f *faulty) Offers() []keymap.Offer { return nil }

func (f *faulty) Heading() ui.Heading {
	if f.bad && f.at == "Heading" {
		panic(poison)
	}
	return ui.Heading{Title: text.Lit("faulty"), Scopes: []keymap.Scope{keymap.Sessions}}
}

func (f *faulty) Draw(env ui.Env) canvas.Block {
	if f.bad && f.at == "Draw" {
		panic(poison)
	}
	return canvas.Block{canvas.L(canvas.S(theme.Plain, text.Lit("ready"))).Fit(env.Width)}
}

// A bug anywhere in a screen ends the program with the terminal as it was, a
// private trace, and not one word of what the bug carried.
func TestABugGivesTheTerminalBack(t *testing.T) {
	for _, at := range []string{"Start", "a command at the start", "Do", "Update", "a command", "a command of several", "Draw", "Heading"} {
		t.Run(at, func(t *testing.T) {
			line := dial(t, 80, 24)
			state := filepath.Join(t.TempDir(), "state")
			shop := newShop(t, "", nil)
			d, err := sit(t.Context(), shop.deskOptions(visit{}))
			if err != nil {
				t.Fatal(err)
			}
			o := d.shellOptions(t.Context(), nil)
			o.Build = func(ui.Route) (ui.Screen, error) { return &faulty{at: at}, nil }
			over := make(chan error, 1)
			t.Setenv("TERM", "xterm-256color")
			go func() {
				over <- play(t.Context(), line.streams(), nil, func(context.Context) *ui.App { return ui.New(o) }, state)
			}()
			if !strings.Contains(at, "start") && at != "Start" {
				line.sees(t, "ready")
				line.types(t, "j")
			}
			select {
			case err = <-over:
			case <-time.After(90 * time.Second):
				t.Fatal("the program lives on")
			}
			if err := d.close(); err != nil {
				t.Error(err)
			}
			if err == nil || !strings.Contains(err.Error(), "korescope met a bug") || strings.Contains(err.Error(), "secret") {
				t.Errorf("it says %v", err)
			}
			line.restored(t)
			traceOf(t, state)
		})
	}
}

// trace checks that there is one private file with the place of the bug and
// without what it carried.
func traceOf(t *testing.T, state string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(state, "crash-*.txt"))
	if err != nil || len(files) != 1 {
		t.Fatalf("traces: %v %v", files, err)
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(data, []byte("faulty")) || bytes.Contains(data, []byte("secret")) || bytes.Contains(data, []byte("\x1b")) {
		t.Errorf("the trace reads\n%s", data)
	}
	for path, want := range map[string]fs.FileMode{state: 0o700, files[0]: 0o600} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %v", filepath.Base(path), got)
		}
	}
}

// restored checks the terminal after the program has left.
func (l *wire) restored(t *testing.T) {
	t.Helper()
	after, err := term.GetState(int(l.tty.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(after, l.before) {
		t.Errorf("the terminal's settings are %+v, they were %+v", after, l.before)
	}
	_ = l.tty.Close()
	l.until(t, "the end of the line", func() bool { return l.over })
	for _, bad := range []string{"secret of a customer", "\x1b]52", "panic", "goroutine"} {
		if bytes.Contains(l.bytes, []byte(bad)) {
			t.Errorf("%q reached the terminal", bad)
		}
	}
	for _, mode := range []string{"1049", "2004"} {
		if on, off := bytes.LastIndex(l.bytes, []byte("\x1b[?"+mode+"h")), bytes.LastIndex(l.bytes, []byte("\x1b[?"+mode+"l")); on > off {
			t.Errorf("mode %s is left on", mode)
		}
	}
	if hidden, shown := bytes.LastIndex(l.bytes, []byte("\x1b[?25l")), bytes.LastIndex(l.bytes, []byte("\x1b[?25h")); hidden > shown {
		t.Error("the cursor is left hidden")
	}
}
