package ui_test

import (
	"strings"
	"testing"

	"korescope/ui"
	"korescope/ui/uitest"
)

// What is not taken stays where it can be mended, with the reason below it.
func TestARefusedTextStays(t *testing.T) {
	d := uitest.Start(t, shell(t), 80, 24)
	for _, c := range []struct{ open, typed, reason string }{
		{":", "nonsense words", `no command "nonsense"`},
		{":", "broken", "what is broken?"},
		{":", "go", ""},
		{"/", "no!", "3 letters"},
	} {
		d.Press(c.open, c.typed, "enter")
		if c.reason == "" {
			has(t, d, "> go")
			d.Press("esc")
			continue
		}
		has(t, d, c.open+c.typed, c.reason)
		d.Press("x")
		has(t, d, c.open+c.typed+"x")
		d.Press("esc")
	}
}

func TestTheNearestNameIsOneTabAway(t *testing.T) {
	d := uitest.Start(t, shell(t), 80, 24)
	d.Press(":", "bilings", "enter")
	has(t, d, "no command \"bilings\"")
	d.Press("esc", ":", "hepl x", "enter")
	has(t, d, `no command "hepl"; tab takes help x`)
	d.Press("tab")
	has(t, d, ":help x")
}

func TestABeginningIsEnough(t *testing.T) {
	d := uitest.Start(t, shell(t), 80, 24)
	d.Press(":", "hel", "enter")
	has(t, d, "type to narrow")
	d.Press("esc", ":", "h", "enter")
	has(t, d, `"h" begins more than one command: help, half`)
}

func TestArrowUpBringsBackWhatWasTyped(t *testing.T) {
	o := shellOptions(t)
	o.Past = ui.Past{}.With(ui.CommandPrompt, "go yesterday")
	kept := make(chan string, 8)
	o.Remember = func(kind ui.PromptKind, line string) { kept <- string(kind) + line }
	d := uitest.Start(t, ui.New(o), 80, 24)
	d.Press(":", "nonsense", "enter", "esc")
	if got := <-kept; got != ":nonsense" {
		t.Errorf("remembered %q", got)
	}
	d.Press(":", "half", "up")
	has(t, d, ":nonsense")
	d.Press("up")
	has(t, d, ":go yesterday")
	d.Press("up", "down", "down")
	has(t, d, ":half")
	d.Press("esc", "/", "first try", "enter", "/")
	if got := d.Grid().Text(); strings.Contains(got, "/first") {
		t.Errorf("the prompt does not begin empty:\n%s", got)
	}
	d.Press("enter")
	has(t, d, "found=first try")
	d.Press("/", "up")
	has(t, d, "/first try")
	d.Press("esc")
	has(t, d, "found=first try")
}

func TestThePastIsBounded(t *testing.T) {
	var p ui.Past
	for i := range 3 * ui.PastMost {
		p = p.With(ui.FindPrompt, strings.Repeat("x", i%250+1))
	}
	if n := len(p[ui.FindPrompt]); n != ui.PastMost {
		t.Errorf("%d lines are kept", n)
	}
}

func TestNothingToGoBackTo(t *testing.T) {
	d := uitest.Start(t, shell(t), 80, 24)
	d.Press("[")
	has(t, d, "nothing to go back to", "n=0")
}

// The end of a long line is in sight while it is typed.
func TestALongLineScrolls(t *testing.T) {
	d := uitest.Start(t, shell(t), 80, 24)
	d.Press("/", strings.Repeat("word ", 60)+"last")
	has(t, d, "word last")
}
