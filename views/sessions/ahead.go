package sessions

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/ui"
)

// Why conversations went as they did is read from disk for the rows on and
// around the screen. What is not on disk of the rows on the screen is asked for,
// fifty conversations a request, in the lane that leaves the allowance to
// people, and never twice.

// tailsMost bounds of how many rows the disk is asked at once: what can be seen
// and some pages around it.
const tailsMost = 400

// readTails reads from disk how the conversations on and around the screen
// ended; those that are known already only when again is set. A filter that looks
// at the verdicts wants those of all rows.
func (m *Model) readTails(again bool) tea.Cmd {
	rows := m.table.Around(tailsMost)
	if m.byWhy {
		rows = m.all
	}
	of := make([]api.Session, 0, len(rows))
	for _, s := range rows {
		if s.ID != "" && (again || !m.tails[s.ID].Read) {
			of = append(of, s)
		}
	}
	if len(of) == 0 || m.d.Tails == nil {
		return nil
	}
	ctx, read, to := m.seat.Ctx, m.d.Tails, m.seat.Addr
	return func() tea.Msg { return tailsOf(ctx, read, of, to) }
}

func tailsOf(ctx context.Context, read func(context.Context, []api.Session) (map[api.SessionID]api.Tail, error),
	of []api.Session, to ui.Address,
) tea.Msg {
	tails, err := read(ctx, of)
	if err != nil {
		// The column stays as it is: what is missing is shown as not read.
		return tailsRead{to: to}
	}
	return tailsRead{to: to, tails: tails}
}

func (m *Model) tailsCame(tails map[api.SessionID]api.Tail) tea.Cmd {
	for id, t := range tails {
		m.tails[id] = t
	}
	if m.byWhy && len(tails) > 0 {
		m.resift(0)
		m.arrange()
	}
	return m.readAhead()
}

// lookAround reads what came into sight.
func (m *Model) lookAround() tea.Cmd {
	if len(m.wanted(m.table.Visible())) == 0 {
		return nil
	}
	return m.readTails(false)
}

// Returned reads the disk anew: model calls and debug lines that were read on
// other screens tell more than the messages alone.
func (m *Model) Returned() tea.Cmd {
	if m.list == nil || m.table.Len() == 0 {
		return nil
	}
	return m.readTails(true)
}

// readAhead asks for what is not on disk of the rows on the screen: why they
// went wrong is what a list is opened for, and the one conversation that is
// opened next is then here already. The request is filled up with the rows
// around them.
func (m *Model) readAhead() tea.Cmd {
	if m.table.Len() == 0 || m.list.Loading() || m.turns.Loading() || m.dear() {
		return nil
	}
	m.ahead = true
	rows := m.batch()
	if len(rows) == 0 {
		return m.previewAwaited()
	}
	var ids []api.SessionID
	for _, s := range rows {
		m.asked[s.ID] = s.End
		ids = append(ids, s.ID)
	}
	m.batches++
	return m.turns.Ask(api.MessageQuery{Sessions: api.ListIDs(ids...), Window: m.span(ids)})
}

// batch is what the next request asks for; none when nothing on the screen is
// missing.
func (m *Model) batch() []api.Session {
	visible := m.wanted(m.table.Visible())
	if len(visible) == 0 {
		return nil
	}
	var out []api.Session
	seen := map[api.SessionID]bool{}
	var w api.Window
	for _, s := range append(visible, m.wanted(m.table.Around(4*aheadMost))...) {
		one := spanOf(s)
		if seen[s.ID] || len(out) == aheadMost || len(out) > 0 && over(w, one).Length() > aheadSpan {
			continue
		}
		seen[s.ID], w = true, over(w, one)
		out = append(out, s)
	}
	return out
}

// wanted picks the rows whose messages are neither on disk nor asked for.
func (m *Model) wanted(rows []api.Session) []api.Session {
	var out []api.Session
	for _, s := range rows {
		end, asked := m.asked[s.ID]
		if s.ID != "" && !m.tails[s.ID].Read && (!asked || !end.Equal(s.End)) {
			out = append(out, s)
		}
	}
	return out
}
