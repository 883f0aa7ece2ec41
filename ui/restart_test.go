package ui_test

import (
	"context"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"korescope/ui"
	"korescope/ui/text"
	"korescope/ui/uitest"
)

// A deed runs as a command and says so until it is done.
func TestADeedLeadsToNoScreen(t *testing.T) {
	app := shell(t)
	done := false
	app.Reparse(func(line string) (ui.Route, bool, error) {
		return ui.Deed{Says: text.Lit("doing it ..."), Do: func(context.Context) tea.Msg {
			done = true
			return ui.Note{Text: text.Clean("done: " + line), Bad: true, Sticky: true}
		}}, true, nil
	})
	d := uitest.Start(t, app, 80, 24)
	d.Press(":", "work", "enter")
	has(t, d, "first", "done: work")
	if !done {
		t.Error("nothing was done")
	}
}

func TestWhatADeedSaysIsSeenUntilItIsDone(t *testing.T) {
	app := shell(t)
	uitest.Pump(t, app, tea.WindowSizeMsg{Width: 80, Height: 24})
	uitest.Run(t, app, app.Init())
	app.Reparse(func(string) (ui.Route, bool, error) {
		return ui.Deed{Says: text.Lit("doing it ..."), Do: func(context.Context) tea.Msg { return nil }}, true, nil
	})
	uitest.Keys(t, app, ":", "work")
	app.Update(tea.KeyPressMsg{Code: tea.KeyEnter})
	if got := uitest.Draw(t, app.View().Content, 80, 24).Text(); !strings.Contains(got, "doing it ...") {
		t.Errorf("nothing is said on\n%s", got)
	}
}

// All screens are left, their questions end, and answers that were on their way
// meet nobody.
func TestRestart(t *testing.T) {
	app := shell(t)
	var made []*page
	watch := func(name string) func(ui.Route) (ui.Screen, error) {
		return func(ui.Route) (ui.Screen, error) {
			made = append(made, &page{name: name})
			return made[len(made)-1], nil
		}
	}
	app.Rebuild(watch("old"))
	d := uitest.Start(t, app, 80, 24)
	d.Press("enter", ":", "go on", "enter")
	has(t, d, "old n=0", "esc back")
	o := shellOptions(t)
	o.Profile, o.Build = text.Lit("other"), watch("new")
	after := 0
	d.Send(ui.Restart{Options: o, After: func() tea.Msg { after++; return nil }})
	has(t, d, "other", "new n=0")
	if strings.Contains(d.Grid().Text(), "old") {
		t.Error("an old screen is left")
	}
	for i, p := range made[:3] {
		if p.seat.Ctx.Err() == nil {
			t.Errorf("screen %d is still asking", i)
		}
		if p.seat.Addr == made[3].seat.Addr {
			t.Error("an address is used twice")
		}
	}
	if after != 1 || made[3].seat.Ctx.Err() != nil {
		t.Errorf("after ran %d times; the new screen: %v", after, made[3].seat.Ctx.Err())
	}
	d.Send(told{to: made[2].seat.Addr, what: "late"})
	d.Press("]")
	has(t, d, "nothing to go forward to")
	d.Press("q")
	if err := d.Ended(); err != nil {
		t.Error(err)
	}
}

// The budget of what was left is not shown as that of what is open.
func TestALateMeterIsDropped(t *testing.T) {
	app := shell(t)
	o := shellOptions(t)
	o.Meter = func(context.Context) ui.Meter { return ui.Meter{Minute: 7, MinuteMax: 60, HourMax: 1800} }
	uitest.Pump(t, app, tea.WindowSizeMsg{Width: 80, Height: 24})
	uitest.Run(t, app, app.Init())
	late := app.Measure()
	uitest.Pump(t, app, ui.Restart{Options: o})
	uitest.Pump(t, app, late())
	if got := uitest.Draw(t, app.View().Content, 80, 24).Text(); !strings.Contains(got, "api 7/60") {
		t.Errorf("no budget of the new place on\n%s", got)
	}
}

func TestALongNoteIsWrapped(t *testing.T) {
	d := uitest.Start(t, shell(t), 80, 24)
	d.Send(ui.Note{Bad: true, Sticky: true, Long: true, Text: text.Lit(
		"This is a note that takes more than one row of eighty cells, because it says what failed and what helps against it.")})
	has(t, d, " ! This is a note", "what helps against it.")
	d.Press("j")
	if strings.Contains(d.Grid().Text(), "This is a note") {
		t.Error("the note does not go")
	}
}
