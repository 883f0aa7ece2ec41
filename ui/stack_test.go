package ui_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"korescope/ui"
	"korescope/ui/uitest"
)

// A day of commands does not fill the memory, and the same command comes back to
// the screen it opened.
func TestScreensDoNotPileUp(t *testing.T) {
	app := shell(t)
	open := map[*page]bool{}
	app.Watch(func(s ui.Screen) {
		if p, ok := s.(*page); ok {
			open[p] = true
		}
	})
	uitest.Pump(t, app, tea.WindowSizeMsg{Width: 80, Height: 24})
	uitest.Run(t, app, app.Init())
	for i := range 100 {
		uitest.Keys(t, app, ":", fmt.Sprintf("go %d", i), "enter")
	}
	alive := 0
	for p := range open {
		if p.seat.Ctx.Err() == nil {
			alive++
		}
	}
	if alive > 20 {
		t.Errorf("%d screens are open", alive)
	}
	before := len(open)
	uitest.Keys(t, app, ":", "go 95", "enter")
	if len(open) != before {
		t.Error("a screen that is open was made again")
	}
	if got := uitest.Draw(t, app.View().Content, 80, 24).Text(); !strings.Contains(got, "> go 95") {
		t.Errorf("not on top:\n%s", got)
	}
	for range 40 {
		uitest.Keys(t, app, "esc")
	}
	if got := uitest.Draw(t, app.View().Content, 80, 24).Text(); !strings.Contains(got, "first n=0") {
		t.Errorf("not at the first screen:\n%s", got)
	}
}

// A copy goes out without what is hidden in it, and with it by a second key.
func TestCopiesAreCleaned(t *testing.T) {
	o := shellOptions(t)
	var took []string
	o.Clip = func(_ context.Context, c ui.Clip) ui.Clipped {
		took = append(took, c.Value)
		return ui.Clipped{Said: c.Name}
	}
	o.Build = func(ui.Route) (ui.Screen, error) { return &copying{page: page{name: "first"}}, nil }
	app := ui.New(o)
	uitest.Pump(t, app, tea.WindowSizeMsg{Width: 80, Height: 24})
	uitest.Run(t, app, app.Init())
	uitest.Keys(t, app, "y", "i")
	if got := uitest.Draw(t, app.View().Content, 80, 24).Text(); !strings.Contains(got, "2 hidden characters left out") {
		t.Errorf("nothing is said of them:\n%s", got)
	}
	uitest.Keys(t, app, "y", "!")
	if len(took) != 2 || took[0] != "order x" || took[1] != "order\x1b \u202ex" {
		t.Errorf("copied %q", took)
	}
}

// What can be copied is made when somebody copies, not for every key.
func TestCopiesAreMadeForCopiesAlone(t *testing.T) {
	o := shellOptions(t)
	screen := &copying{page: page{name: "first"}}
	o.Build = func(ui.Route) (ui.Screen, error) { return screen, nil }
	app := ui.New(o)
	uitest.Pump(t, app, tea.WindowSizeMsg{Width: 80, Height: 24})
	uitest.Run(t, app, app.Init())
	uitest.Keys(t, app, "j", "k", "G", "g", "pgdown", "enter", "r", "space", "tab", "n", "1", "+")
	app.View()
	if screen.made != 0 {
		t.Errorf("made %d times for keys that copy nothing", screen.made)
	}
	uitest.Keys(t, app, "y")
	app.View()
	if screen.made == 0 {
		t.Error("the menu shows nothing")
	}
}

type copying struct {
	page
	made int
}

func (c *copying) Copies() []ui.Copy {
	c.made++
	return []ui.Copy{{Action: "copy-id", Value: "order\x1b \u202ex"}}
}
