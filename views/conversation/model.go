// Package conversation is one conversation from its first message to its end:
// messages, model calls woven in with how they were joined, silences, problems.
// Messages and calls are two questions; either may fail and the other is still
// shown.
package conversation

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/api/trace"
	"korescope/api/verdict"
	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/feed"
)

// Deps is what the screen needs from outside.
type Deps struct {
	Sessions feed.Reader[api.SessionQuery, []api.Session]
	Messages feed.Reader[api.MessageQuery, []api.Message]
	Calls    feed.Reader[trace.CallQuery, []api.LLMCall]
	Lines    feed.Reader[trace.LineQuery, []api.DebugLine]
	// Why is the verdict of what is on disk of a session; nil for none.
	Why func(context.Context, api.Session) (verdict.Verdict, error)
	// Pin keeps everything about a conversation and says what; nil where nothing can
	// be kept.
	Pin     func(ctx context.Context, id api.SessionID, note string) (text.Safe, error)
	Clock   func() time.Time
	Zone    *time.Location
	Explain func(error) views.Problem
	Mask    *views.Masker // nil shows everything
}

// The feeds of the screen.
const (
	lookupFeed = iota + 1
	messagesFeed
	callsFeed
	linesFeed
)

// Model is the screen.
type Model struct {
	d        Deps
	route    views.ConversationRoute
	seat     ui.Seat
	session  api.Session
	lookup   *feed.Feed[api.SessionQuery, []api.Session]
	messages *feed.Feed[api.MessageQuery, []api.Message]
	calls    *feed.Feed[trace.CallQuery, []api.LLMCall]
	lines    debugLog

	why      verdict.Verdict // no link while it is not known
	whyShown []text.Safe     // broken for the width

	layers  views.Layers
	script  views.Transcript
	joined  []api.LLMCall // newest first
	drawn   []line
	waits   []views.Waited
	cursor  int // row
	top     int // line
	open    map[int]bool
	wrap    bool
	raw     bool
	clock   bool // clock times instead of elapsed
	find    string
	hits    []int // rows
	arrived bool  // the place asked for by the route was reached
	touched bool  // the person moved: until then the row where the fault begins is shown
	width   int
	height  int
	// whenWidth is the width of the column of times.
	whenWidth int
	zone      *time.Location
	since     time.Time
	bare      string // shown in spite of the mask
}

// New makes the screen of a route.
func New(d Deps, r views.ConversationRoute) *Model {
	return &Model{
		d: d, route: r, session: r.Session, layers: views.FirstLayers, wrap: true,
		open: map[int]bool{}, zone: d.Zone,
	}
}

func (m *Model) env() views.Env {
	return views.Env{Now: m.d.Clock(), Zone: m.zone, Mask: m.d.Mask, Bare: m.bare}
}

// Start asks for the messages and the calls; a session of which only the id is
// known is looked up first.
func (m *Model) Start(seat ui.Seat) tea.Cmd {
	m.seat = seat
	m.lookup = feed.New(seat, lookupFeed, m.d.Sessions)
	m.messages = feed.New(seat, messagesFeed, m.d.Messages)
	m.calls = feed.New(seat, callsFeed, m.d.Calls).InLane(api.Follow)
	m.lines = debugLog{feed: feed.New(seat, linesFeed, m.d.Lines).InLane(api.Follow)}
	return m.ask()
}

func (m *Model) ask() tea.Cmd {
	m.since = m.d.Clock()
	if m.session.Start.IsZero() {
		return m.lookup.Ask(api.SessionQuery{IDs: api.ListIDs(m.session.ID)})
	}
	return tea.Batch(m.messages.Ask(m.messageQuery()), m.calls.Ask(m.callQuery()))
}

func (m *Model) messageQuery() api.MessageQuery {
	return api.MessageQuery{Bot: m.session.Bot, Sessions: api.ListIDs(m.session.ID), Window: m.session.Span(m.d.Clock())}
}

func (m *Model) callQuery() trace.CallQuery {
	return trace.CallQuery{Session: trace.OfSession(m.session)}
}

// show goes to another session of the list this one was opened from.
func (m *Model) show(s api.Session) tea.Cmd {
	m.session = s
	m.cursor, m.top, m.open, m.hits, m.arrived, m.touched = 0, 0, map[int]bool{}, nil, true, false
	m.why = verdict.Verdict{}
	m.script, m.joined, m.drawn, m.waits = views.Transcript{}, nil, nil, nil
	m.lines.forget()
	return m.ask()
}

// place is where the session stands in the list it was opened from; 0 when it
// is not in it.
func (m *Model) place() int {
	for i, s := range m.route.Siblings {
		if s.ID == m.session.ID {
			return i + 1
		}
	}
	return 0
}

// Close steps out of find, then of what was unfolded.
func (m *Model) Close() bool {
	switch {
	case m.find != "":
		m.find, m.hits = "", nil
	case len(m.open) > 0:
		m.open = map[int]bool{}
	default:
		return false
	}
	m.layout()
	return true
}

// StopReading ends what is on its way.
func (m *Model) StopReading() bool {
	was := m.messages.Loading() || m.calls.Loading() || m.lookup.Loading() || m.lines.feed.Loading()
	m.lookup.Stop()
	m.messages.Stop()
	m.calls.Stop()
	m.lines.feed.Stop()
	return was
}

// Offers lists what can be done here.
func (m *Model) Offers() []keymap.Offer {
	problem, next := "", ""
	if m.script.Bad == 0 {
		problem = "no problem here"
	}
	if len(m.route.Siblings) < 2 {
		next = "opened alone"
	}
	row, found := "", ""
	if len(m.script.Rows) == 0 {
		row = "no row"
	}
	if len(m.hits) == 0 {
		found = "nothing to find; / starts"
	}
	return []keymap.Offer{
		{Action: keymap.OpenItem, Off: row},
		{Action: keymap.NextError, Off: problem, Word: "error"},
		{Action: keymap.OpenCopyMenu},
		{Action: keymap.OpenCalls, Word: "LLM"},
		{Action: keymap.NextSession, Off: next},
		{Action: keymap.OpenLogs},
		{Action: keymap.FindSame},
		{Action: keymap.PinItem},
		{Action: keymap.ToggleWrap},
		{Action: keymap.ToggleElapsed},
		{Action: keymap.ToggleRaw},
		{Action: keymap.Refresh},
		{Action: keymap.StartFind, Word: "find"},
		{Action: keymap.NextMatch, Off: found},
		{Action: keymap.ToggleMessages}, {Action: keymap.ToggleCalls}, {Action: keymap.ToggleDebug}, {Action: keymap.ShowAllLayers},
	}
}
