package tests

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/feed"
)

// good is the last run of a suite that passed, for the run with key.
type good struct {
	key   string
	run   api.TestRun
	found bool
	err   error
}

type goodRead struct {
	to ui.Address
	good
}

func (m goodRead) To() ui.Address { return m.to }

// Update takes the screen's messages.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case feed.Loaded[Kept]:
		changed, next := m.kept.Apply(msg)
		if a, ok := m.kept.Answer(); ok && changed {
			return tea.Batch(next, m.keep(a.Value), m.moved())
		}
		return next
	case feed.Loaded[Heard]:
		return m.heard(msg)
	case goodRead:
		msg.run = (msg.run)
		m.good = msg.good
	}
	return nil
}

func (m *Model) heard(l feed.Loaded[Heard]) tea.Cmd {
	for _, r := range m.rows {
		if r.n != l.Stamp.Feed || r.feed == nil {
			continue
		}
		before := r.stage()
		changed, next := r.feed.Apply(l)
		if !changed {
			return next
		}
		joined := tea.Cmd(nil)
		if a, ok := r.feed.Answer(); ok {
			joined = m.joins(r, a.Value.Run)
			m.hear(r, a.Value)
		}
		m.arrange()
		return tea.Batch(next, joined, m.announce(r, before), m.moved())
	}
	return nil
}

// startTakes is how far the moment of a start may lie from that of the key: what
// was started longer before is another run.
const startTakes = 2 * time.Second

// joins says that what was to be started is on already and is followed.
func (m *Model) joins(r *row, run api.TestRun) tea.Cmd {
	if r.run.ID != "" || run.ID == "" || !run.Started.Add(startTakes).Before(r.run.Started) {
		return nil
	}
	return ui.Notify(ui.Note{Text: text.Format("follows %s, started %s ago", run.ID, views.Age(m.d.Clock().Sub(run.Started)))})
}

// announce says how a run ended that was seen to be on.
func (m *Model) announce(r *row, before stage) tea.Cmd {
	after := r.stage()
	if !before.open() || after.open() {
		return nil
	}
	words := map[stage]text.Safe{
		notStarted: text.Lit("not started"), passed: text.Lit("passed"), failed: text.Lit("FAILED"), broken: text.Lit("ended with an error"),
		unsure: text.Lit("its outcome is not known"), expired: text.Lit("the platform has forgotten it"),
	}
	return ui.Notify(ui.Note{Text: text.Format("%s: %s", r.run.Suite, words[after]), Bad: after != passed})
}

// moved is called when the cursor may be on another run, or its steps have come.
func (m *Model) moved() tea.Cmd {
	r, ok := m.table.Selected()
	if !ok {
		return nil
	}
	if known := len(r.run.Steps) > 0; r.key != m.shown || known != m.known {
		m.shown, m.known = r.key, known
		m.toStep(r)
	}
	m.step = max(min(m.step, len(r.run.Steps)-1), 0)
	if !m.against || m.good.key == r.key || m.d.Good == nil {
		return nil
	}
	m.good = good{key: r.key}
	return lookForGood(m.seat.Ctx, m.d.Good, m.seat.Addr, r.key, r.run.Suite, r.run.Started)
}

func lookForGood(ctx context.Context, find func(context.Context, string, time.Time) (api.TestRun, bool, error),
	to ui.Address, key, suite string, before time.Time,
) tea.Cmd {
	return func() tea.Msg {
		run, found, err := find(ctx, suite, before)
		return goodRead{to: to, good: good{key: key, run: run, found: found, err: err}}
	}
}
