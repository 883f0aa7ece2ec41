package ui_test

import (
	"context"
	"errors"
	"strings"
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

// page is a screen with a counter, a prompt, something to close and to copy.
type page struct {
	name  string
	seat  ui.Seat
	n     int
	found string
	got   []string
}

type told struct {
	to   ui.Address
	what string
}

func (m told) To() ui.Address { return m.to }

func (p *page) Start(s ui.Seat) tea.Cmd {
	p.seat = s
	return func() tea.Msg { return told{to: s.Addr, what: "started"} }
}

func (p *page) Update(msg tea.Msg) tea.Cmd {
	if m, ok := msg.(told); ok {
		p.got = append(p.got, m.what)
	}
	return nil
}

func (p *page) Do(a keymap.Action) tea.Cmd {
	switch a {
	case keymap.MoveDown:
		p.n++
	case keymap.OpenItem:
		return ui.Open(p.name + "+")
	}
	return nil
}

func (p *page) Offers() []keymap.Offer {
	return []keymap.Offer{{Action: keymap.OpenItem}, {Action: keymap.MarkItem, Off: "nothing to mark"}}
}

func (p *page) Heading() ui.Heading {
	return ui.Heading{Title: text.Clean(p.name), Scopes: []keymap.Scope{keymap.Sessions}, At: noon()}
}

func (p *page) Draw(env ui.Env) canvas.Block {
	out := make(canvas.Block, env.Height)
	out[0] = canvas.L(canvas.S(theme.Plain, text.Format("%s n=%d found=%s got=%d", text.Clean(p.name), p.n, text.Clean(p.found), len(p.got))))
	out[env.Height-1] = canvas.L(canvas.S(theme.Bad, text.Lit("last row")))
	return out
}

func (p *page) Close() bool {
	was := p.found != ""
	p.found = ""
	return was
}

func (p *page) Prompt(k ui.PromptKind) (ui.Prompt, bool) {
	return ui.Prompt{Label: text.Lit("/"), Text: p.found}, k == ui.FindPrompt
}

func (p *page) Typed(_ ui.PromptKind, s string) ui.Hint {
	return ui.Hint{Text: text.Format("%d letters", len(s)), Bad: strings.Contains(s, "!")}
}

func (p *page) Entered(_ ui.PromptKind, s string) tea.Cmd { p.found = s; return nil }

func (p *page) Copies() []ui.Copy {
	return []ui.Copy{{Action: keymap.CopyID, Name: text.Lit("session id"), Value: "abc123"}}
}

func noon() time.Time { return time.Date(2031, 3, 4, 12, 0, 0, 0, time.UTC) }

func shell(t *testing.T) *ui.App {
	t.Helper()
	return ui.New(shellOptions(t))
}

func shellOptions(t *testing.T) ui.Options {
	t.Helper()
	keys, issues := keymap.New(keymap.Defaults(), nil)
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	return ui.Options{
		Ctx: t.Context(), Keys: keys, Theme: theme.Dark,
		Profile: text.Lit("prod-eu"), Bot: text.Lit("RetailBot"),
		Zone: time.UTC, Clock: noon, Tick: uitest.Tick, First: "first",
		Build: func(r ui.Route) (ui.Screen, error) {
			if r == "bad" {
				return nil, errors.New("no such place")
			}
			return &page{name: r.(string)}, nil
		},
		Parse: func(line string) (ui.Route, bool, error) {
			if line == "broken" {
				return nil, true, errors.New("what is broken?")
			}
			return line, line == "go" || strings.HasPrefix(line, "go "), nil
		},
		Complete: func(line string) []ui.Completion {
			var out []ui.Completion
			for _, c := range []string{"go there", "go here", "help", "half"} {
				if strings.HasPrefix(c, line) {
					out = append(out, ui.Completion{Line: c, What: text.Lit("a place")})
				}
			}
			return out
		},
		Explain: func(err error) text.Safe { return text.Clean(err.Error()) },
		Meter: func(context.Context) ui.Meter {
			return ui.Meter{Minute: 11, MinuteMax: 60, Hour: 214, HourMax: 1800}
		},
	}
}

func TestJourneyThroughTheShell(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {140, 40}} {
		d := uitest.Start(t, shell(t), size[0], size[1])
		has(t, d, "prod-eu/RetailBot", "READ-ONLY", "api 11/60 min 214/1800 h", "n=0", "got=1", "last row", "enter open", "? help")
		d.Press("j", "j")
		has(t, d, "n=2")
		d.Press("/", "refund x")
		has(t, d, "/refund x", "8 letters")
		d.Press("enter")
		has(t, d, "found=refund x")
		d.Press("esc")
		has(t, d, "found= ", "first")
		d.Press("enter")
		has(t, d, "first > first+", "first+ n=0")
		d.Press("esc")
		has(t, d, "n=2")
		d.Press(":", "go", "tab", "tab", "enter")
		has(t, d, "go here n=0")
		d.Press("q", "]")
		has(t, d, "go here n=0")
		d.Press("?")
		has(t, d, "list of sessions", "mark: nothing to mark")
		d.Press("half")
		has(t, d, "keys with: half", "half a page up")
		d.Press("esc", "y")
		has(t, d, "copy", "session id", "abc123")
		d.Press("i")
		has(t, d, "handed to the terminal's clipboard")
	}
}

func has(t *testing.T, d *uitest.Driver, wants ...string) {
	t.Helper()
	got := d.Grid().Text()
	for _, w := range wants {
		if !strings.Contains(got, w) {
			t.Fatalf("no %q on\n%s", w, got)
		}
	}
}

func TestResizing(t *testing.T) {
	d := uitest.Start(t, shell(t), 140, 40)
	for _, size := range [][2]int{{80, 24}, {20, 5}, {1, 1}, {40, 10}, {200, 60}, {80, 24}} {
		d.Resize(size[0], size[1])
	}
	has(t, d, "prod-eu/RetailBot", "last row")
	d.Resize(39, 10)
	has(t, d, "korescope needs 40x10, this is 39x10")
}

func TestUnknownCommandAndBrokenScreen(t *testing.T) {
	d := uitest.Start(t, shell(t), 80, 24)
	d.Press(":", "nonsense", "enter")
	has(t, d, ":nonsense", `no command "nonsense"`)
	d.Press("esc", ":", "broken", "enter")
	has(t, d, "what is broken?")
}

func TestInterruptTwiceLeaves(t *testing.T) {
	d := uitest.Start(t, shell(t), 80, 24)
	d.Press("ctrl+c")
	has(t, d, "ctrl-c again leaves")
	d.Press("ctrl+c")
	if err := d.Ended(); err != nil {
		t.Fatal(err)
	}
}

func TestPasteNeverActs(t *testing.T) {
	d := uitest.Start(t, shell(t), 80, 24)
	d.Send(tea.PasteMsg{Content: "q\n:q\n"})
	has(t, d, "n=0", "press / or : first")
	d.Press("/")
	d.Send(tea.PasteMsg{Content: "two\nlines\x1b]52;c;eA==\x07"})
	has(t, d, "two lines")
	if got := string(d.Bytes()); strings.Contains(got, "\x1b]52") {
		t.Error("a pasted sequence reached the terminal")
	}
}

// A reply for a screen that was left is dropped, and its context has ended.
func TestLeavingEndsTheScreen(t *testing.T) {
	app := shell(t)
	uitest.Pump(t, app, tea.WindowSizeMsg{Width: 80, Height: 24})
	uitest.Run(t, app, app.Init())
	var inner *page
	app.Watch(func(s ui.Screen) {
		if p, ok := s.(*page); ok && p.name == "first+" {
			inner = p
		}
	})
	uitest.Keys(t, app, "enter")
	uitest.Pump(t, app, told{to: inner.seat.Addr, what: "on time"})
	uitest.Keys(t, app, "esc")
	uitest.Pump(t, app, told{to: inner.seat.Addr, what: "late"})
	if got := strings.Join(inner.got, ","); got != "started,on time" {
		t.Errorf("the screen was told %s", got)
	}
	if inner.seat.Ctx.Err() == nil {
		t.Error("its questions were not ended")
	}
}
