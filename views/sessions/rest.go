package sessions

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/views"
)

// Rule of this file: what was not read for its price is counted all the same,
// by questions of one row, and read when somebody goes there.

// openingRequests is what opening the list may cost, whatever its size.
const openingRequests = 4

// totals are the platform's own numbers of a window that is not read whole.
type totals struct {
	asked  int // requests for them
	of     [tabCount]api.Maybe[int]
	loose  bool // the number of selfService may be less: some rows have no type yet
	failed error
}

// totalsRead brings them; turn tells the answers of one asking from another.
type totalsRead struct {
	to   ui.Address
	turn int
	totals
}

func (m totalsRead) To() ui.Address { return m.to }

// askTotals counts what was left unread. Where one total of the list is that of
// all sessions, the types cost a request each but for one, which is the rest.
func (m *Model) askTotals() tea.Cmd {
	a, ok := m.list.Answer()
	if !ok || !m.list.Rest().More || m.d.Total == nil || m.window.Length() > userWindow || m.list.Err() != nil {
		return nil
	}
	var t totals
	t.of[allTab] = a.Total
	want := []tab{dropOffTab, agentTab}
	if !a.Total.Known {
		want = append(want, allTab)
	}
	t.asked = len(want)
	m.exact.asked = t.asked
	m.counting++
	ctx, cancel := context.WithCancel(m.seat.Ctx)
	m.stopCounting = cancel
	read, q, to, turn := m.d.Total, m.query(), m.seat.Addr, m.counting
	return func() tea.Msg {
		defer cancel()
		for _, w := range want {
			of := q
			of.Containment = typeOf(w)
			n, err := read(ctx, of, api.Follow)
			if err != nil || !n.Known {
				t.failed = err
				break
			}
			t.of[w] = n
		}
		return totalsRead{to: to, turn: turn, totals: t}
	}
}

func (m *Model) takeTotals(msg totalsRead) {
	if msg.turn != m.counting {
		return
	}
	m.stopCounting = nil
	t := msg.totals
	if t.failed != nil && m.exact.of[allTab].Known {
		return // older numbers are better than none
	}
	if all, drop, agent := t.of[allTab], t.of[dropOffTab], t.of[agentTab]; all.Known && drop.Known && agent.Known {
		untyped := 0
		for _, s := range m.all {
			if s.Containment == api.Undetermined {
				untyped++
			}
		}
		t.of[selfServiceTab] = api.Known(max(0, all.Value-drop.Value-agent.Value-untyped))
		t.loose = untyped > 0
	}
	m.exact = t
}

func typeOf(t tab) api.Containment {
	switch t {
	case dropOffTab:
		return api.DropOff
	case agentTab:
		return api.Agent
	}
	return api.Undetermined
}

// forgetTotals lets go of the numbers, and of those on their way.
func (m *Model) forgetTotals() {
	m.stopTotals()
	m.exact = totals{}
}

// stopTotals ends the asking for them; those that are here stay.
func (m *Model) stopTotals() {
	m.counting++
	if m.stopCounting != nil {
		m.stopCounting()
		m.stopCounting = nil
	}
}

// counted is the number of a tab: what was read, or the platform's own number.
func (m *Model) counted(t tab, least text.Safe) text.Safe {
	if n := m.exact.of[t]; n.Known && m.list.Rest().More && n.Value >= m.sums.tabs[t] {
		if t == selfServiceTab && m.exact.loose {
			return text.Join("", text.Count(n.Value), text.Lit("~"))
		}
		return text.Count(n.Value)
	}
	return text.Join("", least, text.Count(m.sums.tabs[t]))
}

// dear reports that the opening has cost what it may, so that what nobody asked
// for waits for a key.
func (m *Model) dear() bool {
	a, _ := m.list.Answer()
	return !m.touched && a.Asked+m.exact.asked+m.batches >= openingRequests
}

// onward reads on where a key goes past what was read: a move down at the last
// row reads a little, the key to the bottom all, with its price first.
func (m *Model) onward(a keymap.Action, before int) tea.Cmd {
	rest := m.list.Rest()
	if !rest.More {
		return nil
	}
	switch a {
	case keymap.GoBottom:
		if rest.Requests.Known && rest.Requests.Value <= views.AskFirst {
			return m.readOn(true)
		}
		return ui.AskFor(ui.PricePrompt)
	case keymap.MoveDown, keymap.PageDown, keymap.HalfPageDown:
		if n := m.table.Len(); n > 0 && before == n-1 {
			return m.readOn(false)
		}
	}
	return nil
}

func (m *Model) readOn(all bool) tea.Cmd {
	m.since = m.d.Clock()
	return m.list.ReadOn(all)
}

func (m *Model) pricePrompt() ui.Prompt {
	return ui.Prompt{Label: text.Join("", text.Lit("read all: "), views.Price(m.list.Rest().Requests, m.d.Limits), text.Lit("  y/n "))}
}

// yes reports the answer to a price; anything else is a no.
func yes(s string) bool {
	s = strings.ToLower(strings.TrimSpace(s))
	return s == "y" || s == "yes"
}

// restLine says what is here and what the rest costs.
func (m *Model) restLine(read int) canvas.Line {
	line := canvas.L(canvas.S(theme.Dim, text.Format("first %s", text.Count(read))))
	if n := m.exact.of[allTab]; n.Known {
		line = line.Add(canvas.S(theme.Dim, text.Format(" of %s", text.Count(n.Value))))
	}
	if m.exact.of[dropOffTab].Known {
		line = line.Add(canvas.S(theme.Dim, text.Lit(" (counts are exact)")))
	}
	return line.Add(canvas.S(theme.Info, text.Format("   G reads on: %s", views.Price(m.list.Rest().Requests, m.d.Limits))))
}

// onlyRead marks numbers that are of what was read.
func (m *Model) onlyRead() text.Safe {
	if m.list.Rest().More {
		return text.Lit(" read")
	}
	return text.Safe{}
}
