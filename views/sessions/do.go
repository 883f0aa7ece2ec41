package sessions

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
)

// userWindow is how far back the other sessions of a user are looked for: the
// longest window the platform answers at once.
const userWindow = 7*24*time.Hour - time.Minute

// siblingsMost bounds the list a conversation can walk along.
const siblingsMost = 2000

// Do carries out an action.
func (m *Model) Do(a keymap.Action) tea.Cmd {
	first := !m.touched
	m.touched = true
	if first {
		return tea.Batch(m.do(a), m.readAhead())
	}
	return m.do(a)
}

func (m *Model) do(a keymap.Action) tea.Cmd {
	if t, ok := tabFor(a); ok {
		m.tab = t
		m.table.Top()
		m.arrange()
		return m.rest()
	}
	before := m.table.Cursor()
	if m.table.Do(a) {
		return tea.Batch(m.rest(), m.onward(a, before))
	}
	switch a {
	case keymap.OpenItem:
		return m.open()
	case keymap.Refresh:
		return m.renew()
	case keymap.SetWindow:
		return ui.AskFor(ui.WindowPrompt)
	case keymap.OpenCalls:
		return m.openCalls()
	case keymap.OpenPulse:
		return ui.Open(views.PulseRoute{Window: m.window})
	case keymap.FindSame:
		return m.openSame()
	case keymap.PinItem:
		return m.askNote()
	case keymap.OpenLogs:
		return m.openLogs()
	case keymap.OpenUserSessions:
		return m.openUser()
	case keymap.ReadLastTurns:
		return m.readTurns()
	case keymap.ToggleErrorsOnly:
		m.problems = !m.problems
		m.arrange()
		return m.rest()
	case keymap.TogglePreview:
		m.noPreview = !m.noPreview
		m.table.SetHeight(m.listHeight() - 1)
		m.table.SetLeaps(m.previewing())
		m.table.SetWidth(m.listWidth())
		return m.rest()
	}
	return nil
}

func (m *Model) open() tea.Cmd {
	s, ok := m.table.Selected()
	if !ok {
		return nil
	}
	return ui.Open(views.ConversationRoute{Session: s, Siblings: m.table.Around(siblingsMost)})
}

func (m *Model) openCalls() tea.Cmd {
	s, ok := m.table.Selected()
	if !ok {
		return ui.Open(views.CallsRoute{Window: m.window})
	}
	return ui.Open(views.CallsRoute{Session: s})
}

func (m *Model) openSame() tea.Cmd {
	s, ok := m.table.Selected()
	if !ok || s.ID == "" {
		return ui.Notify(ui.Note{Text: text.Lit("no session under the cursor")})
	}
	return ui.Open(views.SameRoute{Session: s.ID, Window: m.window})
}

// askNote asks why the conversation is kept; enter pins it.
func (m *Model) askNote() tea.Cmd {
	s, ok := m.table.Selected()
	if !ok || s.ID == "" || m.d.Pin == nil {
		return ui.Notify(ui.Note{Text: text.Lit("no session under the cursor")})
	}
	m.pinning = s.ID
	return ui.AskFor(ui.NotePrompt)
}

func (m *Model) openLogs() tea.Cmd {
	s, ok := m.table.Selected()
	if !ok || s.ID == "" {
		return ui.Notify(ui.Note{Text: text.Lit("no session under the cursor; :logs IDENTITY CHANNEL asks for any name")})
	}
	return ui.Open(views.LogsRoute{Session: s})
}

func (m *Model) openUser() tea.Cmd {
	s, ok := m.table.Selected()
	if !ok || s.User == "" {
		return ui.Notify(ui.Note{Text: text.Lit("this row names no user")})
	}
	return ui.Open(views.SessionsRoute{
		Title: "user " + m.env().ShortUser(s.User).String(),
		Query: api.SessionQuery{User: s.User, Window: api.Last(userWindow, m.d.Clock())},
	})
}

// readTurns reads the last turns of the marked rows, else of the rows on screen
// and around that have not been read: one request.
func (m *Model) readTurns() tea.Cmd {
	rows := m.table.Marked()
	if len(rows) == 0 {
		rows = m.table.Around(2 * aheadMost)
		if visible := m.table.Visible(); len(m.unread(visible)) > 0 {
			rows = visible
		}
	}
	ids := m.unread(rows)
	if len(ids) == 0 {
		return ui.Notify(ui.Note{Text: text.Lit("all of these have been read")})
	}
	return m.turns.Renew(api.MessageQuery{Sessions: api.ListIDs(ids...), Window: m.span(ids)})
}

// unread picks the sessions whose messages are not on disk, as many as one
// request asks for.
func (m *Model) unread(rows []api.Session) []api.SessionID {
	var out []api.SessionID
	for _, s := range rows {
		if !m.tails[s.ID].Read && s.ID != "" && len(out) < aheadMost {
			out = append(out, s.ID)
		}
	}
	return out
}

// span is the window that holds all these sessions.
func (m *Model) span(ids []api.SessionID) api.Window {
	wanted := map[api.SessionID]bool{}
	for _, id := range ids {
		wanted[id] = true
	}
	var w api.Window
	for _, s := range m.all {
		if wanted[s.ID] {
			w = over(w, spanOf(s))
		}
	}
	return w
}

func spanOf(s api.Session) api.Window {
	if s.Start.IsZero() {
		return api.Window{}
	}
	end := s.End
	if end.Before(s.Start) {
		end = s.Start
	}
	return api.Between(s.Start, end)
}

// over is the window that holds both; one that is zero does not count.
func over(a, b api.Window) api.Window {
	switch {
	case a.Zero():
		return b
	case b.Zero():
		return a
	}
	if b.From.Before(a.From) {
		a.From = b.From
	}
	if b.To.After(a.To) {
		a.To = b.To
	}
	return a
}

// Offers lists what can be done here, most wanted first.
func (m *Model) Offers() []keymap.Offer {
	off := ""
	if m.table.Len() == 0 {
		off = "no row"
	}
	pane := ""
	if m.width < previewFrom {
		pane = text.Format("the preview needs %d columns, here are %d", previewFrom, m.width).String()
	}
	columns := ""
	if !m.table.Widens(m.listWidth()) {
		columns = "there is no room for other columns at this width"
	}
	return []keymap.Offer{
		// In the order of what a narrow footer has room for: look at it, is it more
		// than one, since when, the same elsewhere, hand it over.
		{Action: keymap.OpenItem, Off: off},
		{Action: keymap.OpenPulse}, {Action: keymap.SetWindow}, {Action: keymap.FindSame, Off: off},
		{Action: keymap.OpenCopyMenu, Off: off},
		{Action: keymap.OpenCalls}, {Action: keymap.PinItem, Off: off},
		{Action: keymap.OpenLogs, Word: "debug"},
		{Action: keymap.Refresh},
		{Action: keymap.ReadLastTurns, Off: off},
		{Action: keymap.MarkItem, Off: off},
		{Action: keymap.OpenUserSessions, Off: off},
		{Action: keymap.SortColumn},
		{Action: keymap.ToggleErrorsOnly},
		{Action: keymap.TogglePreview, Off: pane},
		{Action: keymap.ToggleWide, Off: columns},
		{Action: keymap.ShowDropOff}, {Action: keymap.ShowAgent}, {Action: keymap.ShowSelfService},
		{Action: keymap.ShowOpen}, {Action: keymap.ShowAll},
	}
}

// Copies offers ids, the line that prints this list, and the row as Markdown.
func (m *Model) Copies() []ui.Copy {
	s, ok := m.table.Selected()
	if !ok {
		return nil
	}
	ids := m.env().MaskedID(string(s.ID))
	name := text.Lit("session id")
	if marked := m.table.Marked(); len(marked) > 0 {
		ids, name = "", text.Format("%d session ids", len(marked))
		for i, r := range marked {
			if i > 0 {
				ids += "\n"
			}
			ids += m.env().MaskedID(string(r.ID))
		}
	}
	return []ui.Copy{
		{Action: keymap.CopyID, Name: name, Value: ids},
		{Action: keymap.CopySession, Name: name, Value: ids},
		{Action: keymap.CopyUser, Name: text.Lit("user id"), Value: m.env().MaskedUser(s.User)},
		{Action: keymap.CopyCurl, Name: text.Lit("curl of the list"), Ask: m.query()},
		{Action: keymap.CopyLine, Name: text.Lit("command line"), Value: m.line()},
		{Action: keymap.CopyOpen, Name: text.Lit("hand over"), Value: views.OpenLine(s.ID, time.Time{}, m.env())},
	}
}

// Hidden is what the mask hides of the row under the cursor.
func (m *Model) Hidden() []ui.Hidden {
	s, ok := m.table.Selected()
	if !ok {
		return nil
	}
	return views.HiddenFields(m.env(), views.SessionFields(), s, views.OfSession(s.ID, m.env()), func(e views.Env) {
		t := m.tails[s.ID]
		for _, said := range []string{t.User, t.Bot, t.Why} {
			e.Text(said)
		}
	})
}
