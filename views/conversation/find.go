package conversation

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
)

// Prompt starts find, or asks for the note of a pin.
func (m *Model) Prompt(kind ui.PromptKind) (ui.Prompt, bool) {
	if kind == ui.NotePrompt {
		return views.NotePrompt(), m.d.Pin != nil
	}
	return ui.Prompt{Label: text.Lit("/"), Text: m.find}, kind == ui.FindPrompt
}

// Typed counts what would be found.
func (m *Model) Typed(kind ui.PromptKind, s string) ui.Hint {
	if kind == ui.NotePrompt {
		return views.NoteHint()
	}
	n := len(m.rowsWith(s))
	if s == "" {
		return ui.Hint{Text: text.Lit("find in this conversation")}
	}
	if n == 0 {
		return ui.Hint{Text: text.Format("%q is not in this conversation", s), Bad: true}
	}
	return ui.Hint{Text: text.Format("%d rows", n)}
}

// Entered goes to the first hit from the cursor on.
func (m *Model) Entered(kind ui.PromptKind, s string) tea.Cmd {
	if kind == ui.NotePrompt {
		return views.Pin(m.seat, m.session.ID, s, m.d.Pin, m.d.Explain)
	}
	m.find = s
	m.search()
	m.layout()
	if s == "" {
		return nil
	}
	if len(m.hits) == 0 {
		return ui.Notify(ui.Note{Text: text.Format("%q is not in this conversation", m.env().Text(s)), Bad: true})
	}
	m.cursor--
	cmd := m.toHit(1)
	return cmd
}

func (m *Model) search() { m.hits = m.rowsWith(m.find) }

func (m *Model) rowsWith(s string) []int {
	if s == "" {
		return nil
	}
	var out []int
	for i, r := range m.script.Rows {
		if contains(m.rowText(r), s) {
			out = append(out, i)
		}
	}
	return out
}

func contains(where, what string) bool {
	if fold(what) {
		where = strings.ToLower(where)
	}
	return strings.Contains(where, what)
}

func (m *Model) rowText(r views.Row) string {
	switch {
	case r.Message != nil:
		return r.Message.Text + "\n" + r.Offers(m.env().Unmasked()).String()
	case r.Call != nil:
		return views.CallLine(*r.Call, m.env().Unmasked()).String()
	case r.Line != nil && r.Folded == 0:
		return views.LineText(r, m.env().Unmasked()).String()
	}
	return ""
}

// toHit goes to the next or previous hit, around the ends.
func (m *Model) toHit(n int) tea.Cmd {
	if len(m.hits) == 0 {
		return ui.Notify(ui.Note{Text: text.Lit("nothing to find; / starts")})
	}
	at := -1
	for i, row := range m.hits {
		if n > 0 && row > m.cursor {
			at = i
			break
		}
		if n < 0 && row < m.cursor {
			at = i
		}
	}
	switch {
	case at < 0 && n > 0:
		at = 0
	case at < 0:
		at = len(m.hits) - 1
	}
	m.moveTo(m.hits[at])
	// A hit may lie in what is folded away.
	if r, ok := m.row(); ok && r.Message != nil && len(m.rowLines(m.cursor)) > foldedMost {
		m.open[m.cursor] = true
	}
	m.layout()
	return nil
}

// Copies offers the ids, the row's text, the transcript and its command.
func (m *Model) Copies() []ui.Copy {
	out := []ui.Copy{
		{Action: keymap.CopyUser, Name: text.Lit("user id"), Value: m.env().MaskedUser(m.session.User)},
		{Action: keymap.CopySession, Name: text.Lit("session id"), Value: m.env().MaskedID(string(m.session.ID))},
		{Action: keymap.CopyLine, Name: text.Lit("command line"), Value: views.CommandLine([]string{m.command()}, m.env().MaskedID(string(m.session.ID)))},
	}
	r, ok := m.row()
	if !ok || r.Message == nil && r.Call == nil {
		out = append(out, ui.Copy{Action: keymap.CopyID, Name: text.Lit("session id"), Value: m.env().MaskedID(string(m.session.ID))})
	}
	switch {
	case ok && r.Message != nil:
		out = append(out,
			ui.Copy{Action: keymap.CopyValue, Name: text.Lit("message"), Value: m.env().Masked(r.Message.Text)},
			ui.Copy{Action: keymap.CopyID, Name: text.Lit("message id"), Value: m.env().MaskedID(string(r.Message.ID))})
	case ok && r.Line != nil && r.Folded == 0:
		out = append(out, ui.Copy{Action: keymap.CopyValue, Name: text.Lit("debug line"), Value: m.env().Masked(r.Line.Message)})
	case ok && r.Call != nil:
		out = append(out, ui.Copy{Action: keymap.CopyID, Name: text.Lit("call id"), Value: string(r.Call.ID)})
	}
	var b strings.Builder
	for _, r := range m.script.Rows {
		b.WriteString(views.PlainRow(r, m.env()).Spelt() + "\n")
	}
	return append(out, ui.Copy{Action: keymap.CopyText, Name: text.Lit("transcript"), Value: b.String()},
		ui.Copy{Action: keymap.CopyMarkdown, Name: text.Lit("Markdown"), Value: views.Ticket(m.judged(), m.env())},
		ui.Copy{Action: keymap.CopyCurl, Name: text.Lit("curl of messages"), Ask: m.messageQuery()},
		ui.Copy{Action: keymap.CopyOpen, Name: text.Lit("hand over"), Value: views.OpenLine(m.session.ID, r.At, m.env())})
}

// About names this conversation.
func (m *Model) About() []string { return views.Named(m.session.ID) }

// Place is the line after ":" that opens this conversation at the cursor.
func (m *Model) Place() string {
	r, _ := m.row()
	return views.OpenPlace(m.session.ID, r.At)
}
