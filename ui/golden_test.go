package ui_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/ui/uitest"
)

// frame is a state of the shell. Header and footer are pinned here and nowhere
// else: a screen's own pictures leave them out.
type frame struct {
	name string
	set  func(*ui.Options)
	head ui.Heading
	do   []string
}

// wanting is a screen whose heading is the test's.
type wanting struct {
	page
	head ui.Heading
}

func (w *wanting) Heading() ui.Heading {
	h := w.head
	if h.Title.Empty() {
		h.Title = text.Lit("sessions")
	}
	if h.Scopes == nil {
		h.Scopes = []keymap.Scope{keymap.Sessions}
	}
	return h
}

func day() text.Safe { return text.Lit("last 24h  Mar 03 12:00 - Mar 04 12:00 UTC") }

func frames() []frame {
	usual := ui.Heading{Window: day(), At: noon(), Status: canvas.L(canvas.S(theme.Dim, text.Lit(" 1 of 36")))}
	reading := ui.Heading{Window: day(), At: noon().Add(-2 * time.Hour), Cached: true, Loading: noon().Add(-7 * time.Second)}
	failed := usual
	failed.Trouble = canvas.S(theme.Bad, text.Lit("The platform refused the credentials of this profile. What is shown is what was read before. Check client_id and the secret in the configuration; r asks again."))
	meter := func(m ui.Meter) func(*ui.Options) {
		return func(o *ui.Options) { o.Meter = func(context.Context) ui.Meter { return m } }
	}
	return []frame{
		{name: "usual", head: usual},
		{name: "writes", head: usual, set: func(o *ui.Options) { o.Writes = o.Clock().Add(10 * time.Minute) }},
		{name: "long-names", head: usual, set: func(o *ui.Options) {
			o.Profile, o.Bot = text.Lit("production-europe-west-1"), text.Lit("Retail assistant of the north")
		}},
		{name: "nothing-yet", head: ui.Heading{Window: day(), Loading: noon()}},
		{name: "reading-over-cache", head: reading},
		{name: "refused", head: usual, set: meter(ui.Meter{
			Minute: 60, MinuteMax: 60, Hour: 1500, HourMax: 1800, ShutUntil: noon().Add(72 * time.Second),
		})},
		{name: "trouble", head: failed},
		{name: "deep", head: usual, do: []string{":", "go a long way down", "enter", ":", "go further", "enter"}},
		{name: "copy-menu", head: usual, do: []string{"y"}},
		{name: "command", head: usual, do: []string{":", "go"}},
		{name: "prompt", head: usual, do: []string{"/", "refund"}},
		{name: "help", head: usual, do: []string{"?"}},
	}
}

func (f frame) app(t *testing.T, w, h int) *ui.App {
	t.Helper()
	o := shellOptions(t)
	build := o.Build
	o.Build = func(r ui.Route) (ui.Screen, error) {
		if r == "first" {
			return &wanting{page: page{name: "first"}, head: f.head}, nil
		}
		return build(r)
	}
	if f.set != nil {
		f.set(&o)
	}
	app := ui.New(o)
	uitest.Pump(t, app, tea.WindowSizeMsg{Width: w, Height: h})
	uitest.Run(t, app, app.Init())
	uitest.Keys(t, app, f.do...)
	return app
}

func TestFrames(t *testing.T) {
	top := ".."
	known := map[string]bool{}
	for _, f := range frames() {
		for _, size := range [][2]int{{80, 24}, {140, 40}, {60, 16}, {40, 10}} {
			w, h := size[0], size[1]
			name := fmt.Sprintf("%s-%dx%d", f.name, w, h)
			if f.name != "usual" && f.name != "long-names" && w != 80 {
				continue // one size is enough for what does not depend on it
			}
			known[name+".txt"] = true
			t.Run(name, func(t *testing.T) {
				app := f.app(t, w, h)
				uitest.Draw(t, app.View().Content, w, h)
				uitest.Golden(t, top, "shell/"+name, uitest.Paint(t, app.Frame().Block(), w).String())
			})
		}
	}
	kept, err := os.ReadDir(filepath.Join(top, "testdata", "screens", "shell"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range kept {
		if !known[e.Name()] {
			t.Errorf("no frame is kept in %s; delete it", e.Name())
		}
	}
}

func TestTooSmallForAFrame(t *testing.T) {
	for _, size := range [][2]int{{39, 10}, {30, 8}, {40, 9}, {1, 1}, {3, 30}} {
		app := frame{head: ui.Heading{}}.app(t, size[0], size[1])
		f := app.Frame()
		if len(f.Head)+len(f.Foot) > 0 {
			t.Errorf("%v: a header or a footer", size)
		}
		uitest.Draw(t, app.View().Content, size[0], size[1])
	}
}
