package records

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/filter"
)

// schema lets every field be named in a filter; a bare word is looked for in
// what the list can show of a row.
func (m *Model[K, T, ID]) schema() filter.Schema[T] {
	s := filter.Schema[T]{What: m.d.What.String()}
	cell := func(f views.Field[T], row T) string { return f.Show(row, m.env().Unmasked()).Text.String() }
	for _, f := range m.d.Fields {
		s.Fields = append(s.Fields, filter.Field[T]{
			Name: strings.ToLower(f.Name), Help: strings.ToLower(f.Title.String()) + ", any part",
			Words: func(row T) []string { return []string{cell(f, row)} },
		})
	}
	s.Anywhere = func(row T, see func(string) bool) bool {
		for _, f := range m.d.Fields {
			if see(cell(f, row)) {
				return true
			}
		}
		return false
	}
	return s
}

func (m *Model[K, T, ID]) compile(s string) (filter.Predicate[T], error) {
	if s = strings.TrimSpace(s); s == "" {
		return nil, nil
	}
	_, keep, err := m.schema().Compile(s)
	if err != nil {
		return nil, fmt.Errorf("filter %s: %w", m.d.What, err)
	}
	return keep, nil
}

func (m *Model[K, T, ID]) setFilter(s string) error {
	keep, err := m.compile(s)
	if err != nil {
		// Half a word is no filter yet: the one in force stays on the screen.
		_ = m.setFilter(m.filter)
		return err
	}
	m.filter, m.keep = strings.TrimSpace(s), keep
	m.arrange()
	return nil
}

// Prompt starts the filter.
func (m *Model[K, T, ID]) Prompt(kind ui.PromptKind) (ui.Prompt, bool) {
	return ui.Prompt{Label: text.Lit("/"), Text: m.filter, Complete: func(typed string) []ui.Completion {
		return m.schema().Offer(typed, m.seen)
	}}, kind == ui.FindPrompt && !m.closed()
}

// seen gives values met in the rows that are here.
func (m *Model[K, T, ID]) seen(field string) []string {
	const most = 12
	for _, f := range m.d.Fields {
		if strings.ToLower(f.Name) != field {
			continue
		}
		all := views.Distinct(m.all, func(row T) string {
			if v, ok := f.Value(row).(string); ok {
				return v
			}
			return ""
		})
		return all[:min(len(all), most)]
	}
	return nil
}

// Typed shows what the text would leave.
func (m *Model[K, T, ID]) Typed(_ ui.PromptKind, s string) ui.Hint {
	keep, err := m.compile(s)
	if err != nil {
		// Half a word is no filter yet: the one in force stays on the screen.
		_ = m.setFilter(m.filter)
		return ui.Hint{Text: m.d.Explain(err).Sentence, Bad: true, Try: m.schema().Mend(s)}
	}
	m.keep = keep
	m.arrange()
	return ui.Hint{Text: text.Format("%d of %d", m.table.Len(), m.table.All())}
}

// Entered takes the text.
func (m *Model[K, T, ID]) Entered(_ ui.PromptKind, s string) tea.Cmd {
	if err := m.setFilter(s); err != nil {
		_ = m.setFilter(m.filter) // what was shown while typing goes back
		return ui.Notify(ui.Note{Text: m.d.Explain(err).Sentence, Bad: true, Sticky: true})
	}
	return nil
}
