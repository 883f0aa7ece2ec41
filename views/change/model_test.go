package change

import (
	"context"
	"iter"
	"math/rand/v2"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
)

// page is a page in its place; sent counts what it sent.
func page(t *testing.T, accept ...string) (m *Model, sent *int) {
	t.Helper()
	sent = new(int)
	m = New(Deps{
		Title: text.Lit("publish"), Clock: func() time.Time { return time.Date(2026, 3, 10, 15, 30, 0, 0, time.UTC) }, Zone: time.UTC,
		Explain: func(err error) views.Problem { return views.Explain(err, views.Situation{}) },
		Look: func(context.Context) (Outlook, error) {
			return Outlook{Accept: accept, Wants: text.Lit("Type the name."), Facts: []Fact{{Name: text.Lit("bot"), Value: text.Lit("RetailBot")}}}, nil
		},
		Send: func(context.Context) iter.Seq2[api.Change, error] {
			*sent++
			return func(yield func(api.Change, error) bool) {
				yield(api.Change{Call: "publish", State: api.JobSucceeded}, nil)
			}
		},
	})
	m.Start(ui.Seat{Addr: 1, Ctx: t.Context(), Tick: func(time.Duration, func(time.Time) tea.Msg) tea.Cmd { return nil }})
	return m, sent
}

func (m *Model) found(t *testing.T) {
	t.Helper()
	out, err := m.d.Look(t.Context())
	m.Update(looked{1, out, err})
}

func TestOnlyTheExactTextSends(t *testing.T) {
	m, sent := page(t, "RetailBot", "st-1")
	if m.Entered(ui.ConfirmPrompt, "RetailBot"); *sent != 0 {
		t.Fatal("sent before anything was shown")
	}
	m.found(t)
	if _, open := m.Prompt(ui.ConfirmPrompt); !open {
		t.Error("no line to type in")
	}
	for _, typed := range []string{"", " ", "R", "RetailBo", "retailbot", "RetailBot ", "st-"} {
		if m.Entered(ui.ConfirmPrompt, typed); *sent != 0 {
			t.Fatalf("%q sent it", typed)
		}
	}
	if h := m.Typed(ui.ConfirmPrompt, "st-"); !h.Keep || h.Bad {
		t.Errorf("what was typed does not stay: %+v", h)
	}
	cmd := m.Entered(ui.ConfirmPrompt, "RetailBot")
	m.Entered(ui.ConfirmPrompt, "RetailBot")
	for cmd != nil {
		cmd = m.Update(cmd())
	}
	if m.Entered(ui.ConfirmPrompt, "RetailBot"); *sent != 1 || m.is.State != api.JobSucceeded || m.stage != over {
		t.Errorf("%d sent, %+v", *sent, m.is)
	}
}

// The line opens once everything is shown and the first moment has passed, in
// either order.
func TestTheFirstMomentHearsNothing(t *testing.T) {
	for _, shownFirst := range []bool{true, false} {
		m, _ := page(t, "RetailBot")
		if shownFirst {
			m.found(t)
			if m.ask() != nil || m.Do(keymap.OpenItem) != nil {
				t.Error("it asks in the first moment")
			}
			m.Update(awake{1})
		} else {
			if m.Update(awake{1}) != nil {
				t.Error("it asks before anything is shown")
			}
			m.found(t)
		}
		if m.ask() == nil {
			t.Error("it does not ask")
		}
	}
	m, sent := page(t)
	m.found(t)
	m.Update(awake{1})
	if m.ask() != nil || m.Entered(ui.ConfirmPrompt, "") != nil || *sent != 0 {
		t.Error("a change that cannot be sent is asked for")
	}
}

// Random actions and texts send nothing.
func TestAMonkeySendsNothing(t *testing.T) {
	m, sent := page(t, "RetailBot")
	m.found(t)
	m.Update(awake{1})
	r := rand.New(rand.NewPCG(1, 2))
	actions := []keymap.Action{keymap.OpenItem, keymap.Refresh, keymap.NextPane, keymap.StopReading, ""}
	for range 100_000 {
		switch r.IntN(3) {
		case 0:
			m.Do(actions[r.IntN(len(actions))])
		case 1:
			b := make([]byte, r.IntN(12))
			for i := range b {
				b[i] = byte(' ' + r.IntN(95))
			}
			m.Typed(ui.ConfirmPrompt, string(b))
			m.Entered(ui.ConfirmPrompt, string(b))
		case 2:
			m.Prompt(ui.ConfirmPrompt)
			m.Draw(ui.Env{Width: 80, Height: 20})
		}
	}
	if *sent != 0 {
		t.Errorf("%d were sent", *sent)
	}
}

func TestAnUnclearEndIsSaid(t *testing.T) {
	m, _ := page(t, "RetailBot")
	m.found(t)
	m.stage = under
	m.Update(step{to: 1, more: true, is: api.Change{Call: "publish", State: api.JobUnknown}, err: &api.Error{Kind: api.OutcomeUnknown}})
	h := m.Heading()
	if m.stage != over || h.Trouble.Text.Empty() {
		t.Errorf("%+v", h)
	}
	if len(m.Draw(ui.Env{Width: 40, Height: 10})) > 10 {
		t.Error("taller than its room")
	}
}
