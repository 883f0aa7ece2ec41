package ui_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/ui"
	"korescope/ui/text"
	"korescope/ui/uitest"
)

// watch is a clock of a test and the ticks that were asked for.
type watch struct {
	mu  sync.Mutex
	now time.Time
}

func (w *watch) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *watch) move(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func lockedShell(t *testing.T, typed bool) (*ui.App, *watch, *[]string) {
	t.Helper()
	w, asked := &watch{now: noon()}, &[]string{}
	o := shellOptions(t)
	o.Clock = w.Now
	o.Lock = ui.Lock{
		After: 10 * time.Minute, Typed: typed, How: text.Lit("enter asks for the secret"),
		Unlock: func(_ context.Context, s string) error {
			*asked = append(*asked, s)
			if typed && s != "open sesame" {
				return errors.New("that is not it")
			}
			return nil
		},
	}
	return ui.New(o), w, asked
}

// Nothing is readable behind the lock and no key does anything but unlock.
func TestLock(t *testing.T) {
	app, w, asked := lockedShell(t, false)
	d := uitest.Start(t, app, 80, 24)
	d.Press("j", "j", ":", "half")
	w.move(9 * time.Minute)
	d.Press("backspace") // somebody is there
	w.move(9 * time.Minute)
	d.Resize(80, 24)
	has(t, d, "prod-eu", "n=2")
	w.move(time.Minute)
	shut := func() {
		t.Helper()
		for _, size := range [][2]int{{140, 40}, {20, 5}, {80, 24}} { // the first is another, so that it is drawn anew
			d.Resize(size[0], size[1])
			got := d.Grid().Text()
			for _, behind := range []string{"prod", "Bot", "n=2", "first", "last row", "api", ":hal", "help"} {
				if strings.Contains(got, behind) {
					t.Fatalf("%q is seen behind the lock\n%s", behind, got)
				}
			}
		}
		has(t, d, "korescope is locked")
	}
	shut()
	d.Press("j", "q", "ctrl+c", "ctrl+c", "esc", "y", "i", "?", "ctrl+z", "/", "q")
	d.Send(tea.PasteMsg{Content: "go there"})
	shut()
	w.move(-time.Hour) // a clock that is set back opens nothing
	shut()
	d.Press("enter")
	has(t, d, "prod-eu", "n=2", ":hal")
	if len(*asked) != 1 {
		t.Errorf("asked %q", *asked)
	}
	d.Press("esc", "j")
	has(t, d, "n=3")
}

// What is typed at the lock does not show, and opens only when it is right.
func TestLockThatIsTyped(t *testing.T) {
	app, w, asked := lockedShell(t, true)
	d := uitest.Start(t, app, 80, 24)
	w.move(time.Hour)
	d.Press("wrong", "enter")
	has(t, d, "that is not it", "korescope is locked")
	d.Press("enter")
	d.Press("open x", "backspace")
	d.Send(tea.PasteMsg{Content: "sesame\n"})
	has(t, d, "11 characters typed")
	if got := string(d.Bytes()); strings.Contains(got, "sesame") || strings.Contains(got, "wrong") {
		t.Error("what is typed at the lock shows")
	}
	d.Press("enter")
	has(t, d, "prod-eu", "n=0")
	if want := []string{"wrong", "", "open sesame"}; !slices.Equal(*asked, want) {
		t.Errorf("asked %q", *asked)
	}
}

// Without a setting nothing ever locks.
func TestNoLock(t *testing.T) {
	o, w := shellOptions(t), &watch{now: noon()}
	o.Clock = w.Now
	d := uitest.Start(t, ui.New(o), 80, 24)
	w.move(1000 * time.Hour)
	d.Press("j")
	has(t, d, "n=1")
}
