package sessions

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/ui"
	"korescope/views/feed"
)

// restFor is how long the cursor must stand before detail and preview follow it:
// a held key then costs a slow line the marker's few bytes a row.
const restFor = 150 * time.Millisecond

type (
	tailsRead struct {
		to    ui.Address
		tails map[api.SessionID]api.Tail
	}
	rested struct {
		to ui.Address
		n  int
	}
)

func (m tailsRead) To() ui.Address { return m.to }
func (m rested) To() ui.Address    { return m.to }

// Update takes the screen's messages.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case feed.Loaded[[]api.Session]:
		return m.sessionsLoaded(msg)
	case feed.Loaded[[]api.Message]:
		return m.messagesLoaded(msg)
	case tailsRead:
		return m.tailsCame(msg.tails)
	case sieved:
		return m.siftedOn(msg)
	case totalsRead:
		m.takeTotals(msg)
	case rested:
		if msg.n == m.resting {
			return tea.Batch(m.attend(), m.lookAround())
		}
	}
	return nil
}

func (m *Model) sessionsLoaded(l feed.Loaded[[]api.Session]) tea.Cmd {
	changed, next := m.list.Apply(l)
	if !changed {
		return next
	}
	a, ok := m.list.Answer()
	if ok {
		m.setRows(a.Value)
	}
	return tea.Batch(next, m.askTotals(), m.readTails(!m.list.Loading()), m.rest())
}

func (m *Model) messagesLoaded(l feed.Loaded[[]api.Message]) tea.Cmd {
	if changed, next := m.turns.Apply(l); changed {
		return tea.Batch(next, m.readTails(false), m.previewAwaited())
	}
	changed, next := m.preview.Apply(l)
	if changed {
		return tea.Batch(next, m.readTails(false))
	}
	return next
}

// setRows takes the rows that are here. Of a growing answer, which goes on in the
// memory of the one before, only what is new is counted and looked at.
func (m *Model) setRows(rows []api.Session) {
	same := 0
	if n := len(m.all); n > 0 && len(rows) >= n && &rows[0] == &m.all[0] {
		same = n
	} else {
		m.sums = sums{}
	}
	m.all = rows
	m.sums.add(rows[same:], m.window)
	m.resift(same)
	m.table.ShareRows(m.all, m.kept())
}

// arrange applies tab, filter and problems-only to what is here.
func (m *Model) arrange() { m.table.Filter(m.kept()) }

func (m *Model) kept() func(int, *api.Session) bool {
	holds, all, problems := tabs()[m.tab].holds, m.tab == allTab, m.problems
	any, fits := m.sieves.shown.keep == nil, m.sieves.shown.fits
	return func(i int, s *api.Session) bool {
		switch {
		case !any && !fits[i], !all && !holds(s):
			return false
		case problems && s.Containment != api.DropOff && s.Unreadable == "":
			return false
		}
		return true
	}
}

// rest starts the pause after which detail and preview follow the cursor. The
// pause carries its number, so that only the last one counts. A row that is no
// longer in the list is left at once.
func (m *Model) rest() tea.Cmd {
	m.resting++
	if !m.table.Has(m.focus.ID) || m.focus.ID == "" {
		return tea.Batch(m.attend(), m.lookAround())
	}
	to, n := m.seat.Addr, m.resting
	return m.seat.Tick(restFor, func(time.Time) tea.Msg { return rested{to: to, n: n} })
}

// attend makes the row under the cursor the one shown in detail.
func (m *Model) attend() tea.Cmd {
	m.focus, _ = m.table.Selected()
	return m.previewNow()
}

// previewNow reads the conversation under the cursor, from disk when it is
// there; only a pane that is shown asks. What comes with the first screenful is
// waited for instead of asked for twice.
func (m *Model) previewNow() tea.Cmd {
	s := m.focus
	if s.ID == "" || !m.previewing() {
		return nil
	}
	q := api.MessageQuery{Bot: s.Bot, Sessions: api.ListIDs(s.ID), Window: api.Between(s.Start, s.End)}
	if q == m.preview.Key() && m.preview.Asked() && !m.awaited {
		return nil
	}
	m.awaited = !m.ahead && m.table.Cursor() == 0 || m.turns.Loading() && slices.Contains(m.turns.Key().Sessions.All(), s.ID)
	if m.awaited {
		return m.preview.Peek(q)
	}
	return m.preview.Ask(q)
}

// previewAwaited asks for the preview that waited for the first screenful.
func (m *Model) previewAwaited() tea.Cmd {
	if !m.awaited || m.turns.Loading() {
		return nil
	}
	return m.previewNow()
}
