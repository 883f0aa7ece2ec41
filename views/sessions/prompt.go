package sessions

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/filter"
)

// Prompt starts the filter or the window prompt.
func (m *Model) Prompt(kind ui.PromptKind) (ui.Prompt, bool) {
	switch kind {
	case ui.FindPrompt:
		return ui.Prompt{Label: text.Lit("/"), Text: m.filter, Complete: m.complete}, true
	case ui.PricePrompt:
		return m.pricePrompt(), true
	case ui.NotePrompt:
		return views.NotePrompt(), true
	case ui.WindowPrompt:
		return ui.Prompt{Label: text.Lit("window: "), Complete: views.WindowCompletions}, true
	}
	return ui.Prompt{}, false
}

// Typed says what the text would do.
func (m *Model) Typed(kind ui.PromptKind, s string) ui.Hint {
	if kind == ui.WindowPrompt {
		return views.WindowHint(s, m.d.Clock(), m.zone, m.d.Explain)
	}
	if kind == ui.NotePrompt {
		return views.NoteHint()
	}
	if kind == ui.PricePrompt {
		return ui.Hint{Text: text.Lit("y and enter reads all; ctrl-c stops it, and keys go first")}
	}
	typed, err := m.compile(strings.TrimSpace(s))
	if err != nil {
		// Half a word is no filter yet: the one in force stays on the screen.
		_ = m.setFilter(m.filter)
		return ui.Hint{Text: m.d.Explain(err).Sentence, Bad: true, Try: m.schema().Mend(s)}
	}
	m.sift(typed)
	return m.Found()
}

// Entered takes the text.
func (m *Model) Entered(kind ui.PromptKind, s string) tea.Cmd {
	if kind == ui.NotePrompt {
		return views.Pin(m.seat, m.pinning, s, m.d.Pin, m.d.Explain)
	}
	if kind == ui.PricePrompt {
		if !yes(s) {
			return nil
		}
		return m.readOn(true)
	}
	if kind == ui.WindowPrompt {
		w, rolls, err := views.ReadWindow(s, m.d.Clock(), m.zone)
		if err != nil {
			return m.complain(err)
		}
		return m.setWindow(w, rolls)
	}
	if err := m.setFilter(s); err != nil {
		_ = m.setFilter(m.filter) // what was shown while typing goes back
		return m.complain(err)
	}
	if m.byWhy {
		return tea.Batch(m.rest(), m.readTails(false))
	}
	return tea.Batch(m.rest(), m.Search())
}

func (m *Model) complain(err error) tea.Cmd {
	return ui.Notify(ui.Note{Text: m.d.Explain(err).Sentence, Bad: true, Sticky: true})
}

func (m *Model) schema() filter.Schema[api.Session] { return filter.Sessions(m.zone) }

func (m *Model) setFilter(s string) error {
	typed, err := m.compile(strings.TrimSpace(s))
	if err != nil {
		return fmt.Errorf("filter sessions: %w", err)
	}
	m.filter, m.byWhy = typed.typed, typed.query.Uses("why")
	m.sift(typed)
	if m.sieves.shown.typed == typed.typed {
		typed = m.sieves.shown
	}
	m.sieves.inForce = typed
	return nil
}

func (m *Model) complete(typed string) []ui.Completion { return m.schema().Offer(typed, m.seen) }

// seen gives values met in the rows that are here, for completion.
func (m *Model) seen(field string) []string {
	of := map[string]func(api.Session) string{
		"channel": func(s api.Session) string { return s.Channel },
		"lang":    func(s api.Session) string { return strings.Join(s.Languages, ",") },
	}[field]
	if of == nil {
		return nil
	}
	return views.Distinct(m.all, of)
}
