package conversation

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/api/verdict"
	"korescope/ui"
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/views"
)

// The head of a conversation says why it went as it did, and the cursor begins
// where that can be seen. The verdict is made of what is on disk, which is
// everything that was read, whenever something more came.

// whyMost is how many rows the verdict may take, whyHigh from how many rows of
// screen on it may take more than one.
const (
	whyMost = 2
	whyHigh = 12
)

// judged is a verdict that came from the disk.
type judged struct {
	to      ui.Address
	session api.SessionID
	verdict verdict.Verdict
	err     error
}

func (m judged) To() ui.Address { return m.to }

// judge asks the disk for the verdict once messages or calls are here.
func (m *Model) judge() tea.Cmd {
	if m.d.Why == nil || m.session.Start.IsZero() || m.messages.Loading() {
		return nil
	}
	ctx, read, to, s := m.seat.Ctx, m.d.Why, m.seat.Addr, m.session
	return func() tea.Msg {
		v, err := read(ctx, s)
		return judged{to: to, session: s.ID, verdict: v, err: err}
	}
}

func (m *Model) judgedNow(j judged) {
	if j.session != m.session.ID || j.err != nil {
		return // what stands there stays
	}
	m.why = j.verdict
	m.toCause()
	m.layout()
	m.inContext()
}

// inContext shows what led to the row of the cause and what followed, not the row
// at an edge.
func (m *Model) inContext() {
	if h := m.listHeight(); !m.touched && m.cursor > 0 {
		m.top = max(min(m.firstLine(m.cursor)-h/2, len(m.drawn)-h), 0)
	}
}

// toCause puts the cursor where the chain begins, until the person moves or when
// the way here named another place.
func (m *Model) toCause() {
	if m.touched || !m.arrived && (m.route.Call != "" || m.route.Message != "") {
		return
	}
	m.cursor = 0
	for _, l := range m.why.Links {
		if !l.Fault() {
			continue
		}
		if i, ok := m.rowOf(l); ok {
			m.cursor = i
			return
		}
	}
}

// rowOf is the row where a link can be seen: its own, or while that is hidden the
// first that stands no earlier.
func (m *Model) rowOf(l verdict.Link) (int, bool) {
	for i, r := range m.script.Rows {
		switch {
		case r.Message != nil && l.Place.Message != "" && r.Message.ID == l.Place.Message,
			r.Call != nil && l.Place.Call != "" && r.Call.ID == l.Place.Call,
			r.Line != nil && l.Place.Line != "" && r.Line.ID == l.Place.Line:
			return i, true
		}
	}
	return m.rowAt(l.At)
}

func (m *Model) rowAt(at time.Time) (int, bool) {
	if at.IsZero() {
		return 0, false
	}
	for i, r := range m.script.Rows {
		if r.Kind != views.GapRow && !r.At.IsZero() && !r.At.Before(at) {
			return i, true
		}
	}
	return 0, false
}

// whyText is the verdict over as many rows as it may take; it is broken where the
// rows are, not while drawing.
func (m *Model) whyText() []text.Safe {
	if m.d.Why == nil || m.width == 0 {
		return nil
	}
	if len(m.why.Links) == 0 {
		return []text.Safe{text.Lit("..")}
	}
	most := whyMost
	if m.height < whyHigh {
		most = 1
	}
	said := m.env().Text(m.why.Text())
	room := max(m.width-whyLabel-1, 10)
	lines := said.Wrap(room)
	if len(lines) <= most {
		return lines
	}
	// The last row says that there is more.
	kept := lines[:most:most]
	kept[most-1] = text.Join(" ", lines[most-1], lines[most]).Cut(room)
	return kept
}

// whyLabel is the room of the name before the verdict.
const whyLabel = 6

func (m *Model) whyLines() canvas.Block {
	token := theme.Dim
	if m.why.Fault() {
		token = theme.Strong
	}
	var out canvas.Block
	for i, l := range m.whyShown {
		name := text.Blank(whyLabel)
		if i == 0 {
			name = text.Lit(" WHY").Pad(whyLabel)
		}
		out = append(out, canvas.L(canvas.S(theme.Dim, name), canvas.S(token, l)))
	}
	return out
}

// judged is what is shown with the verdict, for whoever gets it in writing.
func (m *Model) judged() views.Transcript {
	t := m.script
	if m.why.Read != 0 {
		t.Why = m.why.Text()
	}
	return t
}
