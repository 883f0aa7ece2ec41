package failures_test

import (
	"testing"

	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/views/failures"
	"korescope/views/viewtest"
)

// pane is a list that only remembers what it was told.
type pane struct {
	name    text.Safe
	rows    api.Maybe[int]
	starts  int
	told    []keymap.Action
	reading bool
	high    int
}

func (p *pane) Hidden() []ui.Hidden { return nil }

func (p *pane) Start(ui.Seat) tea.Cmd      { p.starts++; return nil }
func (p *pane) Update(tea.Msg) tea.Cmd     { return nil }
func (p *pane) Do(a keymap.Action) tea.Cmd { p.told = append(p.told, a); return nil }
func (p *pane) Offers() []keymap.Offer     { return []keymap.Offer{{Action: keymap.Refresh}} }
func (p *pane) Heading() ui.Heading {
	return ui.Heading{Title: text.Lit("failures"), Scopes: []keymap.Scope{keymap.Records}}
}
func (p *pane) Draw(ui.Env) canvas.Block { return canvas.Block{canvas.L(canvas.S(0, p.name))} }
func (p *pane) Fit(env ui.Env)           { p.high = env.Height }
func (p *pane) Close() bool              { return false }
func (p *pane) Copies() []ui.Copy        { return nil }
func (p *pane) StopReading() bool        { was := p.reading; p.reading = false; return was }
func (p *pane) Rows() api.Maybe[int]     { return p.rows }
func (p *pane) Prompt(ui.PromptKind) (ui.Prompt, bool) {
	return ui.Prompt{Label: text.Lit("/")}, true
}
func (p *pane) Typed(ui.PromptKind, string) ui.Hint   { return ui.Hint{Text: p.name} }
func (p *pane) Entered(ui.PromptKind, string) tea.Cmd { return nil }

func set() ([]*pane, *failures.Model) {
	panes := []*pane{
		{name: text.Lit("rows of tasks"), rows: api.Known(12)}, {name: text.Lit("rows of nodes"), rows: api.Known(0)}, {name: text.Lit("rows of intents")},
	}
	return panes, failures.New([]failures.Tab{
		{Name: text.Lit("tasks"), Pane: panes[0]}, {Name: text.Lit("nodes"), Pane: panes[1]}, {Name: text.Lit("intents"), Pane: panes[2]},
	}, 0)
}

// A list asks when it is shown first, once, and keys go to the one shown.
func TestTabSwitches(t *testing.T) {
	panes, m := set()
	s := viewtest.NewStage(t)
	s.Open(m, viewtest.Options{}, 80, 24)
	if panes[0].starts != 1 || panes[1].starts+panes[2].starts != 0 {
		t.Errorf("started %d %d %d", panes[0].starts, panes[1].starts, panes[2].starts)
	}
	s.Keys("tab", "r", "tab", "tab", "tab", "shift+tab")
	if panes[0].starts != 1 || panes[1].starts != 1 || panes[2].starts != 1 {
		t.Errorf("started %d %d %d", panes[0].starts, panes[1].starts, panes[2].starts)
	}
	if len(panes[1].told) != 1 || panes[1].told[0] != keymap.Refresh || len(panes[0].told) != 0 {
		t.Errorf("told %v, %v", panes[1].told, panes[0].told)
	}
	panes[1].reading = true
	if !m.StopReading() || panes[1].reading {
		t.Error("what is read behind another list is not stopped")
	}
	if panes[0].high < 10 || panes[0].high != panes[1].high {
		t.Errorf("room %d, %d", panes[0].high, panes[1].high)
	}
}

func TestGoldens(t *testing.T) {
	var all []viewtest.Picture
	for name, keys := range map[string][]string{"tasks": nil, "nodes": {"tab"}, "intents": {"tab", "tab"}} {
		all = append(all, viewtest.Both(name, func(t *testing.T, w, h int) *viewtest.Stage {
			t.Helper()
			_, m := set()
			s := viewtest.NewStage(t)
			s.Open(m, viewtest.Options{}, w, h)
			s.Keys(keys...)
			return s
		})...)
	}
	viewtest.Gallery(t, "failures", all)
}
