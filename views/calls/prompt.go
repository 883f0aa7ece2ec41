package calls

import (
	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/ui"
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/views"
	"korescope/views/filter"
)

// Prompt starts the filter or the window prompt.
func (m *Model) Prompt(kind ui.PromptKind) (ui.Prompt, bool) {
	switch {
	case kind == ui.FindPrompt:
		return ui.Prompt{Label: text.Lit("/"), Text: m.filter, Complete: m.complete}, true
	case kind == ui.WindowPrompt && m.route.Session.ID == "":
		return ui.Prompt{Label: text.Lit("window: "), Complete: views.WindowCompletions}, true
	}
	return ui.Prompt{}, false
}

// Typed says what the text would do.
func (m *Model) Typed(kind ui.PromptKind, s string) ui.Hint {
	if kind == ui.WindowPrompt {
		return views.WindowHint(s, m.d.Clock(), m.zone, m.d.Explain)
	}
	_, keep, err := filter.Calls(m.zone).Compile(s)
	if err != nil {
		// Half a word is no filter yet: the one in force stays on the screen.
		_ = m.setFilter(m.filter)
		return ui.Hint{Text: m.d.Explain(err).Sentence, Bad: true, Try: filter.Calls(m.zone).Mend(s)}
	}
	m.keep = keep
	m.arrange()
	return ui.Hint{Text: text.Format("%d of %d", m.table.Len(), len(m.all))}
}

// Entered takes the text.
func (m *Model) Entered(kind ui.PromptKind, s string) tea.Cmd {
	if kind == ui.WindowPrompt {
		w, rolls, err := views.ReadWindow(s, m.d.Clock(), m.zone)
		if err != nil {
			return m.complain(err)
		}
		m.window, m.rolls, m.since = w, rolls, m.d.Clock()
		m.limit = m.first()
		m.all = nil // rows of the old window would be a lie under the new one
		m.table.SetFilter(func(api.LLMCall) bool { return false })
		m.arrange()
		return m.feed.Ask(m.query())
	}
	if err := m.setFilter(s); err != nil {
		_ = m.setFilter(m.filter) // what was shown while typing goes back
		return m.complain(err)
	}
	return m.wanted()
}

func (m *Model) complain(err error) tea.Cmd {
	return ui.Notify(ui.Note{Text: m.d.Explain(err).Sentence, Bad: true, Sticky: true})
}

func (m *Model) complete(typed string) []ui.Completion {
	return filter.Calls(m.zone).Offer(typed, m.seen)
}

// seen gives values met in the rows that are here, for completion.
func (m *Model) seen(field string) []string {
	of := map[string]func(api.LLMCall) string{
		"model":   func(c api.LLMCall) string { return c.Model },
		"feature": func(c api.LLMCall) string { return c.Feature },
		"prompt":  func(c api.LLMCall) string { return c.Prompt },
		"finish":  func(c api.LLMCall) string { return c.Finish },
	}[field]
	if of == nil {
		return nil
	}
	return views.Distinct(m.all, of)
}

func (m *Model) nothing() canvas.Line {
	a, ok := m.feed.Answer()
	say := func(s text.Safe) canvas.Line {
		return canvas.L(canvas.S(theme.Dim, text.Join("", text.Lit("   "), s)))
	}
	switch {
	case !ok && m.feed.Loading():
		return say(text.Lit("asking the platform for the LLM calls of this window ..."))
	case (!ok || len(a.Value) == 0) && m.feed.Err() != nil:
		return say(text.Lit("nothing could be read; the line below says why"))
	case !ok:
		return say(text.Lit("nothing has been read; r reads"))
	case len(m.all) > 0:
		return say(text.Format("none of the %d calls matches; esc clears the filter", len(m.all)))
	case m.route.Session.ID != "" && m.query().List.Developer:
		return say(text.Lit("no LLM call belongs to this session"))
	case m.route.Session.ID != "":
		return say(text.Lit("no LLM call belongs to this session; developers' calls: / dev:true"))
	case m.dev:
		return say(text.Lit("no LLM calls in this window; rows appear up to a minute late"))
	}
	return say(text.Lit("no LLM calls in this window; rows come late, developers' by / dev:true"))
}

func (m *Model) status() canvas.Line {
	if m.feed == nil {
		return canvas.Line{}
	}
	a, ok := m.feed.Answer()
	switch {
	case !ok:
		return canvas.Line{}
	case m.feed.Loading():
		return canvas.L(canvas.S(theme.Dim, text.Format(" %d rows read so far, ctrl-c stops", len(a.Value))))
	case m.limit > 0 && len(a.Value) >= m.limit:
		return canvas.L(canvas.S(theme.Warn, text.Format(" the newest %d are read; :more reads %d more: %s",
			len(a.Value), m.limit, views.Price(api.Known(m.limit/pageRows), m.d.Limits))))
	case a.Partial || len(a.Gaps) > 0:
		return canvas.L(canvas.S(theme.Warn, text.Lit(" not all of the window could be read; r tries again")))
	}
	return canvas.L(canvas.S(theme.Dim, text.Format(" %d of %d", min(m.table.Cursor()+1, m.table.Len()), m.table.Len())))
}
