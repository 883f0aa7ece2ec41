package conversation

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
)

// Do carries out an action.
func (m *Model) Do(a keymap.Action) tea.Cmd {
	switch {
	case m.moved(a):
		m.layout()
		return nil
	case m.switched(a):
		m.layout()
		return m.wantLines()
	}
	switch a {
	case keymap.OpenItem:
		return m.openRow()
	case keymap.OpenCalls:
		return ui.Open(views.CallsRoute{Session: m.session})
	case keymap.FindSame:
		return m.openSame()
	case keymap.PinItem:
		return ui.AskFor(ui.NotePrompt)
	case keymap.OpenLogs:
		return m.openLogs(views.LineRef{})
	case keymap.NextSession:
		return m.step(1)
	case keymap.PrevSession:
		return m.step(-1)
	case keymap.NextError:
		return m.toProblem(m.script.NextBad)
	case keymap.PrevError:
		return m.toProblem(m.script.PrevBad)
	case keymap.NextMatch:
		return m.toHit(1)
	case keymap.PrevMatch:
		return m.toHit(-1)
	case keymap.Refresh:
		return m.again()
	}
	return nil
}

func (m *Model) moved(a keymap.Action) bool {
	page := max(m.listHeight()-1, 1)
	switch a {
	case keymap.MoveUp:
		m.moveTo(m.cursor - 1)
	case keymap.MoveDown:
		m.moveTo(m.cursor + 1)
	case keymap.PageUp:
		m.scroll(-page)
	case keymap.PageDown:
		m.scroll(page)
	case keymap.HalfPageUp:
		m.scroll(-page / 2)
	case keymap.HalfPageDown:
		m.scroll(page / 2)
	case keymap.GoTop:
		m.moveTo(0)
	case keymap.GoBottom:
		m.moveTo(len(m.script.Rows) - 1)
	default:
		return false
	}
	return true
}

// switched handles what changes how rows are shown.
func (m *Model) switched(a keymap.Action) bool {
	switch a {
	case keymap.ToggleMessages:
		m.layers ^= views.LayerMessages
	case keymap.ToggleCalls:
		m.layers ^= views.LayerCalls
	case keymap.ToggleDebug:
		m.layers ^= views.LayerDebug
	case keymap.ShowAllLayers:
		m.layers = views.AllLayers
	case keymap.ToggleWrap:
		m.wrap = !m.wrap
		return true
	case keymap.ToggleRaw:
		m.raw = !m.raw
		return true
	case keymap.ToggleElapsed:
		m.clock = !m.clock
		return true
	default:
		return false
	}
	if m.layers == 0 {
		m.layers = views.FirstLayers
	}
	m.weave()
	return true
}

// openRow opens a model call as a screen of its own and unfolds anything else.
func (m *Model) openRow() tea.Cmd {
	r, ok := m.row()
	if !ok {
		return nil
	}
	if r.Call != nil {
		return ui.Open(views.CallRoute{Call: *r.Call, Siblings: oldestFirst(m.joined)})
	}
	if r.Line != nil {
		return m.openLine(r)
	}
	if m.open[m.cursor] {
		delete(m.open, m.cursor)
	} else {
		m.open[m.cursor] = true
	}
	m.layout()
	return nil
}

// openSame looks for the failure of the call under the cursor, where it has one,
// else for that of the conversation.
func (m *Model) openSame() tea.Cmd {
	to := views.SameRoute{Session: m.session.ID}
	if r, ok := m.row(); ok && r.Call != nil && r.Call.Problem != "" {
		to.Call = r.Call.ID
	}
	return ui.Open(to)
}

// oldestFirst is the order in which the conversation shows its calls.
func oldestFirst(calls []api.LLMCall) []api.LLMCall {
	out := slices.Clone(calls)
	slices.Reverse(out)
	return out
}

func (m *Model) step(n int) tea.Cmd {
	at := m.place() - 1 + n
	if m.place() == 0 || at < 0 || at >= len(m.route.Siblings) {
		return ui.Notify(ui.Note{Text: text.Lit("no further session in the list")})
	}
	return m.show(m.route.Siblings[at])
}

func (m *Model) toProblem(next func(int) (int, bool)) tea.Cmd {
	i, ok := next(m.cursor)
	if !ok {
		return ui.Notify(ui.Note{Text: text.Lit("no further problem in this conversation")})
	}
	m.moveTo(i)
	m.layout()
	return nil
}

func (m *Model) again() tea.Cmd {
	m.since = m.d.Clock()
	if m.session.Start.IsZero() {
		return m.lookup.Again()
	}
	return tea.Batch(m.messages.Renew(m.messageQuery()), m.calls.Renew(m.callQuery()), m.linesAgain())
}

func (m *Model) row() (views.Row, bool) {
	if m.cursor < 0 || m.cursor >= len(m.script.Rows) {
		return views.Row{}, false
	}
	return m.script.Rows[m.cursor], true
}

// Hidden is what the mask hides of the row under the cursor, then of the session.
func (m *Model) Hidden() []ui.Hidden {
	r, ok := m.row()
	return views.Hidden(m.env(), views.OfSession(m.session.ID, m.env()), func(e views.Env) {
		switch {
		case ok && r.Kind == views.CallRow:
			views.CallParts(*r.Call, e)
		case ok && r.Kind == views.DebugRow:
			views.LineParts(r, e)
		case ok && r.Message != nil:
			r.Lines(e)
			r.Offers(e)
			e.Tags(r.Message.AltText)
			e.Person(r.Message.Agent)
		}
		e.Text(m.why.Text())
		e.User(m.session.User)
		e.ID(string(m.session.ID))
	})
}
