package conversation

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/feed"
)

// Update takes the screen's messages.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case feed.Loaded[[]api.Session]:
		return m.found(msg)
	case feed.Loaded[[]api.Message]:
		changed, next := m.messages.Apply(msg)
		if changed {
			m.weave()
			return tea.Batch(next, m.wantLines(), m.judge(), m.missed())
		}
		return next
	case feed.Loaded[[]api.DebugLine]:
		return m.logged(msg)
	case feed.Loaded[[]api.LLMCall]:
		changed, next := m.calls.Apply(msg)
		if changed {
			m.weave()
			return tea.Batch(next, m.judge())
		}
		return next
	case judged:
		m.judgedNow(msg)
	}
	return nil
}

// found takes the session itself, when only its id was known.
func (m *Model) found(l feed.Loaded[[]api.Session]) tea.Cmd {
	changed, next := m.lookup.Apply(l)
	if !changed {
		return next
	}
	a, ok := m.lookup.Answer()
	if !ok {
		return next
	}
	for _, s := range a.Value {
		if s.ID == m.session.ID && !s.Start.IsZero() && m.session.Start.IsZero() {
			m.session = s
			return tea.Batch(next, m.ask())
		}
	}
	return next
}

// weave puts what is here in order. The cursor stays on its row by identity,
// because calls arrive between messages that are shown already.
func (m *Model) weave() {
	held := m.identity(m.cursor)
	wasOpen := map[string]bool{}
	for i := range m.open {
		wasOpen[m.identity(i)] = true
	}
	messages, _ := m.messages.Answer()
	calls, _ := m.calls.Answer()
	lines, _ := m.lines.answer()
	m.joined = calls.Value
	m.script = views.WeaveLines(m.session, messages.Value, m.joined, lines.Value, m.layers)
	m.waits = views.Waits(m.script)
	m.dropGuesses()
	m.open = map[int]bool{}
	m.cursor = min(m.cursor, max(len(m.script.Rows)-1, 0))
	for i := range m.script.Rows {
		id := m.identity(i)
		if id == held && held != "" && m.touched {
			m.cursor = i
		}
		if wasOpen[id] && id != "" {
			m.open[i] = true
		}
	}
	m.arrive()
	m.toCause()
	m.search()
	m.layout()
	m.inContext()
}

// dropGuesses takes silences out where messages are missing or hidden: something
// may have been said in them.
func (m *Model) dropGuesses() {
	a, ok := m.messages.Answer()
	if ok && a.Done && !a.Partial && m.layers&views.LayerMessages != 0 {
		return
	}
	m.script.Rows = slices.DeleteFunc(m.script.Rows, func(r views.Row) bool { return r.Kind == views.GapRow })
}

// identity names a row whatever stands around it; "" for rows without one.
func (m *Model) identity(i int) string {
	if i < 0 || i >= len(m.script.Rows) {
		return ""
	}
	switch r := m.script.Rows[i]; r.Kind {
	case views.MessageRow:
		return "m" + string(r.Message.ID)
	case views.CallRow:
		return "c" + string(r.Call.ID)
	case views.DebugRow:
		return "d" + r.Line.ID + views.Stamp(r.Line.Time) + r.Line.Title
	case views.EndRow:
		return "end"
	}
	return ""
}

// arrive puts the cursor where the route wants it, once.
func (m *Model) arrive() {
	if m.arrived {
		return
	}
	if !m.route.At.IsZero() {
		m.arriveAt(m.route.At)
		return
	}
	for i, r := range m.script.Rows {
		switch {
		case r.Call != nil && m.route.Call != "" && r.Call.ID == m.route.Call,
			r.Message != nil && m.route.Message != "" && r.Message.ID == m.route.Message:
			m.cursor, m.arrived, m.touched = i, true, true
			return
		}
	}
}

// missed says that the message to start at is not here, once all messages are.
func (m *Model) missed() tea.Cmd {
	a, ok := m.messages.Answer()
	if m.arrived || m.route.Message == "" || !ok || !a.Done || m.messages.Loading() {
		return nil
	}
	m.arrived = true
	return ui.Notify(ui.Note{Text: text.Format("no message %s in this conversation", m.env().ID(string(m.route.Message))), Bad: true})
}

// arriveAt puts the cursor on what happened at a moment, or last before it. What
// is still being read may stand nearer, so it is looked for until all is here.
func (m *Model) arriveAt(at time.Time) {
	for i, r := range m.script.Rows {
		if r.At.IsZero() || r.At.After(at) {
			continue
		}
		m.cursor = i
		if r.At.Truncate(time.Millisecond).Equal(at.Truncate(time.Millisecond)) {
			m.arrived, m.touched = true, true
			return
		}
	}
	if len(m.script.Rows) > 0 && !m.messages.Loading() && !m.calls.Loading() {
		m.arrived, m.touched = true, true
	}
}
