package ui_test

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"korescope/ui"
	"korescope/ui/uitest"
)

// workshop is a page of which one is enough, with work that goes on.
type workshop struct {
	page
	taken []string
	at    int
}

func (b *workshop) Take(r ui.Route) (tea.Cmd, bool) {
	s := r.(string)
	if !strings.HasPrefix(s, "go work") {
		return nil, false
	}
	b.taken = append(b.taken, s)
	return nil, true
}

func (b *workshop) Progress() (int, bool) { return b.at, b.at != 0 }

func TestAPlaceThatIsOpenComesToTheTop(t *testing.T) {
	app := shell(t)
	var made []*workshop
	app.Rebuild(func(r ui.Route) (ui.Screen, error) {
		if s := r.(string); strings.HasPrefix(s, "go work") {
			made = append(made, &workshop{page: page{name: s}})
			return made[len(made)-1], nil
		}
		return &page{name: r.(string)}, nil
	})
	d := uitest.Start(t, app, 80, 24)
	d.Press(":", "go work", "enter", ":", "go there", "enter")
	has(t, d, "first > go work > go there")
	d.Press(":", "go work more", "enter")
	has(t, d, "first > go there > go work")
	if len(made) != 1 || strings.Join(made[0].taken, ",") != "go work more" {
		t.Fatalf("%d places, %q", len(made), made[0].taken)
	}
	d.Press("q")
	has(t, d, "first > go there")
	d.Press(":", "go work", "enter")
	has(t, d, "first > go there > go work")
	if len(made) != 2 {
		t.Error("a place that was left was opened without being made")
	}
}

func TestTheTerminalShowsWorkThatIsOn(t *testing.T) {
	work := &workshop{page: page{name: "work"}}
	app := shell(t)
	app.Rebuild(func(r ui.Route) (ui.Screen, error) {
		if r == "first" {
			return work, nil
		}
		return &page{name: r.(string)}, nil
	})
	uitest.Pump(t, app, tea.WindowSizeMsg{Width: 80, Height: 24})
	uitest.Run(t, app, app.Init())
	for _, tt := range []struct{ at, want int }{{0, -1}, {34, 34}, {180, 100}, {-5, 0}, {0, -1}} {
		work.at = tt.at
		got := -1
		if bar := app.View().ProgressBar; bar != nil {
			got = bar.Value
		}
		if got != tt.want {
			t.Errorf("at %d the terminal shows %d", tt.at, got)
		}
	}
	uitest.Keys(t, app, "enter")
	work.at = 12
	if bar := app.View().ProgressBar; bar == nil || bar.Value != 12 {
		t.Error("work below another place is not shown")
	}
}
