// Package find is the search in everything that was read before: messages,
// model calls and debug lines, newest first, with what matched marked in its
// line. It reads the disk alone and says how much it looked through when it
// found nothing; the platform is never asked.
package find

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/table"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/feed"
)

// Kind says what was found, spelled as in the records of `find`.
type Kind string

// The kinds.
const (
	Message Kind = "message"
	Call    Kind = "llm"
	Line    Kind = "debug"
)

// Query is one search, or its next page.
type Query struct {
	Text string
	// Before is the place of the last hit that is here; 0 begins.
	Before int64
}

// Hit is one place where the text stands.
type Hit struct {
	Kind    Kind
	Session api.SessionID // "" when what was found names none
	ID      string        // of the message, the call or the line
	Time    time.Time
	// Snippet is one line around the first match, not cleaned; Marks are the
	// matches in bytes of it, in order and apart from each other.
	Snippet string
	Marks   [][2]int
	Place   int64

	// Of a debug line: where its log is read, and the node.
	Identity, Channel, Title string
}

// Found is the answer to one Query.
type Found struct {
	Hits []Hit
	More bool // older hits follow
	// What was searched, counted only when nothing was found in it.
	Sessions, Messages, Calls, Lines int
}

// Empty reports that there was nothing to search in.
func (f Found) Empty() bool { return len(f.Hits)+f.Messages+f.Calls+f.Lines == 0 }

// Deps is what the screen needs from outside.
type Deps struct {
	Reader  feed.Reader[Query, Found] // reads the disk and nothing else
	Clock   func() time.Time
	Zone    *time.Location
	Explain func(error) views.Problem
	Mask    *views.Masker // nil shows everything
}

// Model is the screen.
type Model struct {
	d      Deps
	text   string
	feed   *feed.Feed[Query, Found]
	table  *table.Table[Hit, int64]
	hits   []Hit
	found  Found
	done   bool // the search of this text has been answered
	zone   *time.Location
	width  int
	height int
	since  time.Time
	bare   string // shown in spite of the mask
}

// New makes the screen of a route.
func New(d Deps, r views.FindRoute) *Model {
	m := &Model{d: d, text: strings.TrimSpace(r.Text), zone: d.Zone}
	m.table = table.New(m.columns(), func(h Hit) int64 { return h.Place })
	return m
}

func (m *Model) env() views.Env {
	return views.Env{Now: m.d.Clock(), Zone: m.zone, Mask: m.d.Mask, Bare: m.bare}
}

// Start searches, or asks for a text.
func (m *Model) Start(seat ui.Seat) tea.Cmd {
	m.feed = feed.New(seat, 1, m.d.Reader)
	if m.text == "" {
		return ui.AskFor(ui.FindPrompt)
	}
	return m.ask(Query{Text: m.text})
}

func (m *Model) ask(q Query) tea.Cmd {
	m.since = m.d.Clock()
	return m.feed.Peek(q)
}

// Update takes the screen's messages.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	l, ok := msg.(feed.Loaded[Found])
	if !ok {
		return nil
	}
	changed, next := m.feed.Apply(l)
	a, ok := m.feed.Answer()
	if !changed || !ok || m.feed.Err() != nil {
		return next
	}
	m.found, m.done = a.Value, true
	if m.feed.Key().Before == 0 {
		m.hits = nil
	}
	m.hits = append(m.hits[:len(m.hits):len(m.hits)], a.Value.Hits...)
	m.table.SetRows(m.hits)
	return next
}

// Do carries out an action.
func (m *Model) Do(a keymap.Action) tea.Cmd {
	if m.table.Do(a) {
		return nil
	}
	switch a {
	case keymap.OpenItem:
		return m.open()
	case keymap.Refresh:
		if m.text == "" {
			return ui.AskFor(ui.FindPrompt)
		}
		return m.ask(Query{Text: m.text})
	case keymap.ShowMore:
		if m.further() {
			return m.ask(Query{Text: m.text, Before: m.hits[len(m.hits)-1].Place})
		}
	}
	return nil
}

func (m *Model) further() bool { return m.found.More && len(m.hits) > 0 && !m.feed.Loading() }

// lineSpan is how much of a log is opened around a line.
const lineSpan = 30 * time.Minute

// open goes to the hit: to its place in the conversation, to the call itself
// when it belongs to none, and to the log for a debug line.
func (m *Model) open() tea.Cmd {
	h, ok := m.table.Selected()
	switch {
	case !ok:
		return nil
	case h.Kind == Line && h.Identity != "" && !h.Time.IsZero():
		return ui.Open(views.LogsRoute{
			Query: api.LogQuery{Identity: h.Identity, Channel: h.Channel, Window: api.Between(h.Time, h.Time).Widen(lineSpan, lineSpan)},
			Line:  views.LineRef{At: h.Time, Title: h.Title},
		})
	case h.Session != "":
		r := views.ConversationRoute{Session: api.Session{ID: h.Session}}
		switch h.Kind {
		case Message:
			r.Message = api.MessageID(h.ID)
		case Call:
			r.Call = api.CallID(h.ID)
		case Line:
		}
		return ui.Open(r)
	case h.Kind == Call:
		return ui.Open(views.CallRoute{Call: api.LLMCall{ID: api.CallID(h.ID), Start: h.Time}})
	}
	return ui.Notify(ui.Note{Text: text.Lit("what was found names no session to open")})
}

// StopReading ends what is on its way.
func (m *Model) StopReading() bool {
	was := m.feed.Loading()
	m.feed.Stop()
	return was
}

// Prompt asks for a text.
func (m *Model) Prompt(kind ui.PromptKind) (ui.Prompt, bool) {
	return ui.Prompt{Label: text.Lit("find: "), Text: m.text}, kind == ui.FindPrompt
}

// Typed says what can be typed: nothing is searched before enter.
func (m *Model) Typed(_ ui.PromptKind, _ string) ui.Hint {
	return ui.Hint{Text: text.Lit(`words, "in a row", begin*; all of them`)}
}

// Entered begins a new search in place.
func (m *Model) Entered(_ ui.PromptKind, s string) tea.Cmd {
	if s = strings.TrimSpace(s); s == "" {
		return nil
	}
	if s != m.text {
		m.text, m.hits, m.done, m.found = s, nil, false, Found{}
		m.table.SetRows(nil)
		m.table.Top()
	}
	return m.ask(Query{Text: s})
}

// Offers lists what can be done here.
func (m *Model) Offers() []keymap.Offer {
	off := ""
	if m.table.Len() == 0 {
		off = "no row"
	}
	out := []keymap.Offer{{Action: keymap.OpenItem, Off: off}}
	if m.found.More && len(m.hits) > 0 {
		out = append(out, keymap.Offer{Action: keymap.ShowMore})
	}
	return append(out, keymap.Offer{Action: keymap.OpenCopyMenu, Off: off}, keymap.Offer{Action: keymap.Refresh},
		keymap.Offer{Action: keymap.StartFind, Word: "find"})
}

// Copies offers the ids of the hit, its line and the command.
func (m *Model) Copies() []ui.Copy {
	h, ok := m.table.Selected()
	if !ok {
		return nil
	}
	out := []ui.Copy{{Action: keymap.CopyID, Name: text.Format("%s id", m.kind(h).Text), Value: m.env().MaskedID(h.ID)}}
	if h.Session != "" {
		out = append(out, ui.Copy{Action: keymap.CopySession, Name: text.Lit("session id"), Value: m.env().MaskedID(string(h.Session))})
	}
	return append(out,
		ui.Copy{Action: keymap.CopyText, Name: text.Lit("the line found"), Value: m.env().Masked(h.Snippet)},
		ui.Copy{Action: keymap.CopyLine, Name: text.Lit("command line"), Value: views.CommandLine([]string{"find"}, m.env().Masked(m.text))})
}

// Place is the line after ":" that searches again.
func (m *Model) Place() string { return views.PlaceLine("find", api.Window{}, 0, m.text) }

// About names the conversation of the hit under the cursor.
func (m *Model) About() []string {
	h, _ := m.table.Selected()
	return views.Named(h.Session)
}

// Hidden is what the mask hides of the hit under the cursor.
func (m *Model) Hidden() []ui.Hidden {
	h, ok := m.table.Selected()
	if !ok {
		return nil
	}
	return views.Hidden(m.env(), views.OfSession(h.Session, m.env()), func(e views.Env) {
		e.Text(h.Snippet)
		e.ID(string(h.Session))
		e.ID(h.ID)
	})
}
