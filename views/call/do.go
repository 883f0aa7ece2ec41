package call

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/jsontree"
	"korescope/ui/text"
	"korescope/views"
)

// Do carries out an action.
func (m *Model) Do(a keymap.Action) tea.Cmd {
	switch a {
	case keymap.NextPane:
		m.tab = (m.tab + 1) % tabCount
	case keymap.PrevPane:
		m.tab = (m.tab + tabCount - 1) % tabCount
	case keymap.NextCall:
		return m.step(1)
	case keymap.PrevCall:
		return m.step(-1)
	case keymap.NextMatch:
		return m.match(1)
	case keymap.PrevMatch:
		return m.match(-1)
	default:
		if t := m.tree(); t != nil {
			return capped(t.Do(a))
		}
		m.pages[m.tab].do(a, m.listHeight())
	}
	return nil
}

// step goes along the list the call was opened from, in the order shown there.
func (m *Model) step(n int) tea.Cmd {
	at := m.place() - 1 + n
	if m.place() == 0 || at < 0 || at >= len(m.route.Siblings) {
		return ui.Notify(ui.Note{Text: text.Lit("no further call in the list")})
	}
	return m.show(m.route.Siblings[at])
}

// capped says so when a tree is too large to be opened whole.
func capped(whole bool) tea.Cmd {
	if whole {
		return nil
	}
	return ui.Notify(ui.Note{Text: text.Lit("the payload is too large to open whole; opened as far as it goes")})
}

func (m *Model) match(n int) tea.Cmd {
	var ok bool
	switch t := m.tree(); {
	case t != nil && n > 0:
		ok = t.NextHit()
	case t != nil:
		ok = t.PrevHit()
	default:
		ok = m.pages[m.tab].match(n, m.listHeight())
	}
	if !ok {
		return ui.Notify(ui.Note{Text: text.Lit("nothing found; / starts")})
	}
	return nil
}

// Prompt starts find.
func (m *Model) Prompt(kind ui.PromptKind) (ui.Prompt, bool) {
	return ui.Prompt{Label: text.Lit("/"), Text: m.find}, kind == ui.FindPrompt
}

// Typed says where find looks.
func (m *Model) Typed(ui.PromptKind, string) ui.Hint {
	if m.tree() != nil {
		return ui.Hint{Text: text.Lit("keys and values, closed ones as well; a regular expression")}
	}
	return ui.Hint{Text: text.Lit("find in this tab")}
}

// Entered looks for the text.
func (m *Model) Entered(_ ui.PromptKind, s string) tea.Cmd {
	m.find = s
	if m.tree() != nil {
		return m.search(s)
	}
	if j := m.job(); j.size() > atOnce {
		return m.seek(s)
	}
	for t := range m.pages {
		m.pages[t].found(s, linesWith(m.pages[t].lines, s))
	}
	return m.sought(s)
}

// seek looks for the pattern in the lines of the tab, beside the loop.
func (m *Model) seek(pattern string) tea.Cmd {
	m.finding++
	lines := m.pages[m.tab].lines
	f := lined{found: found{to: m.seat.Addr, n: m.finding, tab: m.tab}, pattern: pattern}
	return func() tea.Msg { f.at = linesWith(lines, f.pattern); return f }
}

// sought goes to the first hit, or says that there is none.
func (m *Model) sought(s string) tea.Cmd {
	if s != "" && !m.pages[m.tab].match(0, m.listHeight()) {
		return ui.Notify(ui.Note{Text: text.Format("%q is not in this tab", m.env().Text(s)), Bad: true})
	}
	return nil
}

// Close steps out of find.
func (m *Model) Close() bool {
	if m.find == "" {
		return false
	}
	m.find = ""
	m.finding++
	for _, t := range m.trees {
		if t != nil {
			t.SetHits(jsontree.Hits{})
		}
	}
	for t := range m.pages {
		m.pages[t].found("", nil)
	}
	return true
}

func (m *Model) env() views.Env {
	return views.Env{Now: m.d.Clock(), Zone: m.zone, Mask: m.d.Mask, Bare: m.bare}
}

// line prints this call and its neighbours of the same second.
func (m *Model) line() string {
	return views.CommandLine([]string{
		"llm", "-o", "json", "--from", views.Stamp(m.call.Start), "--to", views.Stamp(m.call.Start.Add(time.Second)),
	})
}

func (m *Model) document() func(context.Context) (string, error) {
	c, env := m.call, m.env()
	return func(context.Context) (string, error) { return views.CallDocument(c, env) }
}

// Copies offers what the cursor stands on, and the whole payload.
func (m *Model) Copies() []ui.Copy {
	out := []ui.Copy{
		{Action: keymap.CopyID, Name: text.Lit("call id"), Value: string(m.call.ID)},
		{Action: keymap.CopyUser, Name: text.Lit("user id"), Value: m.env().MaskedUser(m.call.User)},
		{Action: keymap.CopySession, Name: text.Lit("session id"), Value: m.env().MaskedID(string(m.call.Session))},
		{Action: keymap.CopyCurl, Name: text.Lit("curl of this call"), Ask: api.LLMQuery{Bot: m.call.Bot, Window: api.Between(m.call.Start, m.call.Start.Add(time.Second))}},
		{Action: keymap.CopyLine, Name: text.Lit("command line"), Value: m.line()},
		{Action: keymap.CopyOpen, Name: text.Lit("hand over"), Value: views.OpenLine(m.call.Session, m.call.Start, m.env())},
	}
	if len(m.call.Request)+len(m.call.Response) > 0 {
		c, env, lines := m.call, m.env(), m.pages[messagesTab].lines
		out = append(out,
			ui.Copy{Action: keymap.CopyCall, Name: text.Lit("call as JSON"), Read: m.document()},
			ui.Copy{
				Action: keymap.CopyMarkdown, Name: text.Lit("Markdown"), Sample: views.CallTicket(c, "", env),
				Read: func(context.Context) (string, error) { return views.CallTicket(c, plain(lines), env), nil },
			})
	}
	if t := m.tree(); t != nil {
		return append(out,
			ui.Copy{Action: keymap.CopyPath, Name: text.Lit("path"), Value: m.env().Masked(t.Path())},
			ui.Copy{Action: keymap.CopyKey, Name: text.Lit("key"), Value: m.env().Masked(t.Key())},
			ui.Copy{Action: keymap.CopyValue, Name: text.Lit("value"), Value: t.Value()},
			ui.Copy{Action: keymap.CopyJQ, Name: text.Lit("jq filter"), Value: m.env().Masked(t.Path())})
	}
	lines := m.pages[m.tab].lines
	return append(out, ui.Copy{
		Action: keymap.CopyText, Name: text.Lit("this tab as text"), Sample: plain(lines[:min(len(lines), 1)]),
		Read: func(context.Context) (string, error) { return plain(lines), nil },
	})
}

// About names the conversation that the call is of.
func (m *Model) About() []string { return views.Named(m.call.Session) }

// Place is the line after ":" that opens the conversation at this call.
func (m *Model) Place() string { return views.OpenPlace(m.call.Session, m.call.Start) }

// Hidden is what the mask hides of the value under the cursor, in a tab of text of
// what stands in it, from the first line in sight on.
func (m *Model) Hidden() []ui.Hidden {
	of := text.Join(" ", text.Lit("call"), text.Clean(string(m.call.ID)))
	if t := m.tree(); t != nil {
		return views.HiddenIn(t, of)
	}
	var above, below []ui.Hidden
	for i, msg := range slices.Concat(m.read.Asked, m.read.Answer) {
		found := views.Hidden(m.env(), of, func(e views.Env) { e.PayloadText(said(msg)) })
		if i+1 < len(m.saidAt) && m.saidAt[i+1] <= m.pages[messagesTab].top {
			above = append(above, found...)
		} else {
			below = append(below, found...)
		}
	}
	return append(below, above...)
}

// covered is the environment of what is laid out beside the loop: a value that is
// shown for a moment would stand there when the moment is over.
func (m *Model) covered() views.Env {
	env := m.env()
	env.Bare = ""
	return env
}
