package ui_test

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/ui"
	"korescope/ui/text"
	"korescope/ui/uitest"
)

// confirming is a screen that wants an exact text.
type confirming struct {
	page

	entered []string
}

func (c *confirming) Prompt(k ui.PromptKind) (ui.Prompt, bool) {
	return ui.Prompt{Label: text.Lit("type it: ")}, k == ui.ConfirmPrompt
}

func (c *confirming) Typed(_ ui.PromptKind, s string) ui.Hint { return ui.Hint{Keep: s != "RetailBot"} }

func (c *confirming) Entered(_ ui.PromptKind, s string) tea.Cmd {
	c.entered = append(c.entered, s)
	return nil
}

// What is held down or pasted while the prompt of a change opens was not meant
// for it; later on enter does nothing before the text is complete, and one esc
// leaves.
func TestAPromptThatConfirmsIsDeafAtFirst(t *testing.T) {
	o := shellOptions(t)
	now := noon()
	o.Clock = func() time.Time { return now }
	screen := &confirming{page: page{name: "publish"}}
	o.Build = func(r ui.Route) (ui.Screen, error) {
		if r == "first" {
			return &page{name: "first"}, nil
		}
		return screen, nil
	}
	app := ui.New(o)
	uitest.Pump(t, app, tea.WindowSizeMsg{Width: 80, Height: 24})
	uitest.Run(t, app, app.Init())
	uitest.Keys(t, app, ":", "go", "enter")
	uitest.Run(t, app, ui.AskFor(ui.ConfirmPrompt))
	shown := func() string { return uitest.Draw(t, app.View().Content, 80, 24).Text() }
	for range 3 {
		uitest.Keys(t, app, "RetailBot", "enter")
		uitest.Pump(t, app, tea.PasteMsg{Content: "RetailBot"})
		uitest.Keys(t, app, "enter")
		now = now.Add(90 * time.Millisecond)
	}
	if len(screen.entered) > 0 || strings.Contains(shown(), "type it: R") {
		t.Fatalf("%q entered\n%s", screen.entered, shown())
	}
	now = now.Add(time.Second)
	uitest.Keys(t, app, "enter", "Retail", "enter", "enter")
	if len(screen.entered) > 0 || !strings.Contains(shown(), "type it: Retail") {
		t.Errorf("%q entered, or what was typed is gone\n%s", screen.entered, shown())
	}
	uitest.Keys(t, app, "Bot")
	for range 20 { // held down
		now = now.Add(30 * time.Millisecond)
		uitest.Keys(t, app, "enter")
	}
	if len(screen.entered) > 0 {
		t.Errorf("a held key entered %q", screen.entered)
	}
	now = now.Add(time.Second)
	uitest.Keys(t, app, "enter")
	if len(screen.entered) != 1 || screen.entered[0] != "RetailBot" {
		t.Errorf("%q entered", screen.entered)
	}
	uitest.Run(t, app, ui.AskFor(ui.ConfirmPrompt))
	uitest.Keys(t, app, "esc")
	if got := shown(); !strings.Contains(got, "first n=0") {
		t.Errorf("esc does not leave\n%s", got)
	}
}

// The header says WRITE and until when, and goes back by itself; an end that was
// put off does not come early.
func TestWritesHaveAnEnd(t *testing.T) {
	o := shellOptions(t)
	now := noon()
	o.Clock = func() time.Time { return now }
	var due []func(time.Time) tea.Msg
	o.Tick = func(_ time.Duration, f func(time.Time) tea.Msg) tea.Cmd {
		due = append(due, f)
		return nil
	}
	app := ui.New(o)
	uitest.Pump(t, app, tea.WindowSizeMsg{Width: 80, Height: 24})
	uitest.Run(t, app, app.Init())
	says := func(want string) {
		t.Helper()
		if got, _, _ := strings.Cut(uitest.Draw(t, app.View().Content, 80, 24).Text(), "\n"); !strings.Contains(got, want) {
			t.Errorf("no %q in %q", want, got)
		}
	}
	says("READ-ONLY")
	due = nil
	uitest.Pump(t, app, ui.Writing{Until: now.Add(10 * time.Minute)})
	says("WRITE to " + now.Add(10*time.Minute).Format("15:04"))
	early := due
	due = nil
	now = now.Add(5 * time.Minute)
	uitest.Pump(t, app, ui.Writing{Until: now.Add(10 * time.Minute)})
	for _, f := range early {
		uitest.Pump(t, app, f(now))
	}
	says("WRITE to " + now.Add(10*time.Minute).Format("15:04"))
	now = now.Add(10 * time.Minute)
	for _, f := range due {
		uitest.Pump(t, app, f(now))
	}
	says("READ-ONLY")
	uitest.Pump(t, app, ui.Writing{Until: now.Add(time.Minute)})
	uitest.Pump(t, app, ui.Writing{})
	says("READ-ONLY")
}
