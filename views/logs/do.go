package logs

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/filter"
)

// About names the conversation that the lines are of.
func (m *Model) About() []string { return views.Named(m.route.Session.ID) }

// Do carries out an action.
func (m *Model) Do(a keymap.Action) tea.Cmd {
	switch a {
	case keymap.NextError:
		return m.toProblem(1)
	case keymap.PrevError:
		return m.toProblem(-1)
	case keymap.Refresh:
		if m.pane != nil && !m.pane.detail {
			return m.openPane()
		}
		return m.renew()
	case keymap.SetWindow:
		return ui.AskFor(ui.WindowPrompt)
	}
	if m.pane != nil {
		return m.doPane(a)
	}
	if listed(a) && m.table.Do(a) {
		return nil
	}
	switch a {
	case keymap.OpenItem:
		return m.openPane()
	case keymap.ToggleErrorsOnly:
		m.problems = !m.problems
		m.arrange()
	case keymap.FoldSimilar:
		m.folded = !m.folded
		m.arrange()
	case keymap.ToggleHistogram:
		m.chart = !m.chart
		m.fitTable()
	case keymap.NextPane:
		return m.tryName(1)
	case keymap.PrevPane:
		return m.tryName(-1)
	}
	return nil
}

// listed leaves out what a list in the order of time does not do.
func listed(a keymap.Action) bool {
	return !slices.Contains([]keymap.Action{
		keymap.SortColumn, keymap.PickColumnLeft, keymap.PickColumnRight, keymap.MarkItem, keymap.MarkRange,
	}, a)
}

func (m *Model) toProblem(step int) tea.Cmd {
	rows := m.table.Shown()
	for i := m.table.Cursor() + step; i >= 0 && i < len(rows); i += step {
		if !rows[i].line.Bad() {
			continue
		}
		m.table.Move(i - m.table.Cursor())
		if m.pane != nil {
			return m.openPane()
		}
		return nil
	}
	return ui.Notify(ui.Note{Text: text.Lit("no further error in this list")})
}

// Prompt starts the filter, find in the detail, or the window prompt.
func (m *Model) Prompt(kind ui.PromptKind) (ui.Prompt, bool) {
	switch {
	case kind == ui.FindPrompt && m.pane != nil:
		return ui.Prompt{Label: text.Lit("/"), Text: m.pane.find}, true
	case kind == ui.FindPrompt:
		return ui.Prompt{Label: text.Lit("/"), Text: m.filter, Complete: m.complete}, true
	case kind == ui.WindowPrompt:
		return ui.Prompt{Label: text.Lit("window: "), Complete: views.WindowCompletions}, true
	}
	return ui.Prompt{}, false
}

func (m *Model) complete(typed string) []ui.Completion {
	return filter.Lines(m.zone).Offer(typed, func(field string) []string {
		if field != "node" {
			return nil
		}
		return views.Distinct(m.all, func(l api.DebugLine) string { return l.Title })
	})
}

// Typed says what the text would do.
func (m *Model) Typed(kind ui.PromptKind, s string) ui.Hint {
	switch {
	case kind == ui.WindowPrompt:
		return views.WindowHint(s, m.d.Clock(), m.zone, m.d.Explain)
	case m.pane != nil:
		return ui.Hint{Text: text.Lit("keys and values, closed ones as well; a regular expression")}
	}
	_, keep, err := filter.Lines(m.zone).Compile(s)
	if err != nil {
		// Half a word is no filter yet: the one in force stays on the screen.
		_ = m.setFilter(m.filter)
		return ui.Hint{Text: m.d.Explain(err).Sentence, Bad: true, Try: filter.Lines(m.zone).Mend(s)}
	}
	m.keep = keep
	m.arrange()
	return ui.Hint{Text: text.Format("%d of %d", m.matches(), len(m.all))}
}

// Entered takes the text.
func (m *Model) Entered(kind ui.PromptKind, s string) tea.Cmd {
	switch {
	case kind == ui.WindowPrompt:
		w, rolls, err := views.ReadWindow(s, m.d.Clock(), m.zone)
		if err != nil {
			return m.complain(err)
		}
		m.window, m.rolls = w, rolls
		m.clear()
		if len(m.names) == 0 {
			return nil // the lines are asked for once the identity is known
		}
		return m.feed.Ask(m.query())
	case m.pane != nil:
		return m.search(s)
	}
	if err := m.setFilter(s); err != nil {
		_ = m.setFilter(m.filter) // what was shown while typing goes back
		return m.complain(err)
	}
	return nil
}

func (m *Model) complain(err error) tea.Cmd {
	return ui.Notify(ui.Note{Text: m.d.Explain(err).Sentence, Bad: true, Sticky: true})
}

// matches counts the lines behind the rows.
func (m *Model) matches() int {
	n := 0
	for _, r := range m.table.Shown() {
		n += r.lines
	}
	return n
}

// Copies offers the identity, the line, the command that prints the list, and in
// a detail what the cursor stands on.
func (m *Model) Copies() []ui.Copy {
	out := []ui.Copy{
		{Action: keymap.CopyUser, Name: text.Lit("identity"), Value: m.shownName()},
		{Action: keymap.CopyCurl, Name: text.Lit("curl"), Ask: m.query()},
		{Action: keymap.CopyLine, Name: text.Lit("command line"), Value: m.command()},
	}
	r, ok := m.table.Selected()
	if m.pane != nil {
		t := m.pane.tree
		return append(out,
			ui.Copy{Action: keymap.CopyPath, Name: text.Lit("path"), Value: m.env().Masked(t.Path())},
			ui.Copy{Action: keymap.CopyKey, Name: text.Lit("key"), Value: m.env().Masked(t.Key())},
			ui.Copy{Action: keymap.CopyValue, Name: text.Lit("value"), Value: t.Value()},
			ui.Copy{Action: keymap.CopyJQ, Name: text.Lit("jq filter"), Value: m.env().Masked(t.Path())})
	}
	if !ok {
		return out
	}
	out = append(out, ui.Copy{Action: keymap.CopyValue, Name: text.Lit("message"), Value: m.env().Masked(r.line.Message)})
	if r.line.Session != "" {
		out = append(out, ui.Copy{Action: keymap.CopySession, Name: text.Lit("session id"), Value: m.env().MaskedID(string(r.line.Session))})
	}
	env, b := m.env(), strings.Builder{}
	for _, r := range m.table.Shown() {
		l := r.line
		b.WriteString(text.Join("  ", text.Clean(views.Stamp(l.Time)), views.LevelBadge(l, env).Text, env.Text(l.Title), views.LineMessage(l, env).Text).String() + "\n")
	}
	return append(out, ui.Copy{Action: keymap.CopyText, Name: text.Lit("these lines"), Value: b.String()})
}

// shownName is the identity as it may be seen.
func (m *Model) shownName() string {
	return m.env().MaskedIdentity(m.identity().Identity)
}

func (m *Model) command() string {
	words := []string{"logs", "--channel", m.env().Masked(m.identity().Channel)}
	if !m.window.Zero() {
		words = append(words, "--from", views.Stamp(m.window.From), "--to", views.Stamp(m.window.To))
	}
	if m.filter != "" {
		words = append(words, "-q", m.env().Masked(m.filter))
	}
	return views.CommandLine(words, m.shownName())
}
