// Package logs is the engine's debug log of one identity: lines oldest first
// with milliseconds, errors one key apart, runs of similar lines folded, a line
// that shows where in time the errors lie, and the detail of a line as a tree.
//
// Lines are read without their details, which may be very long; the detail of
// one line is asked for when it is opened. Opened for a session the screen first
// reads the messages, mostly from disk, because they tell under which name the
// engine knows the user.
package logs

import (
	"cmp"
	"fmt"
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
	"korescope/views/filter"
)

// Deps is what the screen needs from outside.
type Deps struct {
	Lines    feed.Reader[api.LogQuery, []api.DebugLine]
	Messages feed.Reader[api.MessageQuery, []api.Message]
	Clock    func() time.Time
	Zone     *time.Location
	Explain  func(error) views.Problem
	Mask     *views.Masker // nil shows everything but secrets
}

// The feeds of the screen.
const (
	namesFeed = iota + 1
	linesFeed
	detailFeed
)

// Model is the screen.
type Model struct {
	d      Deps
	route  views.LogsRoute
	seat   ui.Seat
	window api.Window
	rolls  time.Duration // length of a window that ends now; 0 for a fixed one

	names    []views.LogIdentity
	name     int // the one that is asked for
	messages *feed.Feed[api.MessageQuery, []api.Message]
	feed     *feed.Feed[api.LogQuery, []api.DebugLine]
	detail   *feed.Feed[api.LogQuery, []api.DebugLine]

	all      []api.DebugLine
	prompts  []text.Safe // what nobody answered before each of them
	table    *table.Table[row, string]
	bot      api.BotID         // as the messages name it
	rowOf    map[string]string // line to the row that shows it
	filter   string
	keep     filter.Predicate[api.DebugLine]
	problems bool
	folded   bool
	chart    bool
	arrived  bool // the line asked for by the route was reached
	pane     *pane

	zone          *time.Location
	width, height int
	since         time.Time
	bare          string // shown in spite of the mask
}

// take holds the lines of an answer. What their counters say is read out of rows
// that may be long: once for an answer, not at each letter or picture.
func (m *Model) take(lines []api.DebugLine) {
	m.all, m.prompts = lines, make([]text.Safe, len(lines))
	for i, l := range lines {
		m.prompts[i] = views.Unanswered(l)
	}
}

// New makes the screen of a route, which names an identity, a session, or both.
// A filter that cannot be read, and a route that names nothing, are a
// views.UsageError.
func New(d Deps, r views.LogsRoute) (*Model, error) {
	m := &Model{d: d, route: r, window: r.Query.Window, zone: d.Zone, rowOf: map[string]string{}}
	if r.Query.Identity == "" && r.Session.ID == "" {
		return nil, views.Usage("write an identity after logs: a user's id at the channel, or the id of a call")
	}
	now := d.Clock()
	if r.Query.Identity != "" {
		m.names = []views.LogIdentity{{
			Identity: r.Query.Identity, Channel: views.LogChannel(r.Query.Identity, r.Query.Channel), Source: text.Lit("as typed"),
		}}
	}
	switch {
	case m.window.Zero() && r.Session.ID != "":
		m.window = views.LogQueryOf(r.Session, views.LogIdentity{}, now).Window
	case m.window.Zero():
		m.window, m.rolls = api.Last(views.DefaultWindow, now), views.DefaultWindow
	case now.Sub(m.window.To) >= 0 && now.Sub(m.window.To) < time.Minute && r.Session.ID == "":
		m.rolls = m.window.Length()
	}
	m.table = table.New(m.columns(), func(r row) string { return r.id })
	if err := m.setFilter(r.Filter); err != nil {
		return nil, err
	}
	return m, nil
}

// Start asks for the lines, or first for the messages that name the identity.
func (m *Model) Start(seat ui.Seat) tea.Cmd {
	m.seat = seat
	m.messages = feed.New(seat, namesFeed, m.d.Messages)
	m.feed = feed.New(seat, linesFeed, m.d.Lines)
	m.detail = feed.New(seat, detailFeed, m.d.Lines)
	m.since = m.d.Clock()
	var cmd tea.Cmd
	if s := m.route.Session; s.ID != "" {
		cmd = m.messages.Ask(api.MessageQuery{Bot: s.Bot, Sessions: api.ListIDs(s.ID), Window: m.span()})
	}
	if len(m.names) > 0 {
		return tea.Batch(cmd, m.feed.Ask(m.query()))
	}
	return cmd
}

// span is the session's own time; the question for its messages is the one the
// conversation asks.
func (m *Model) span() api.Window {
	s := m.route.Session
	if s.Start.IsZero() {
		return api.Window{}
	}
	end := s.End
	if end.Before(s.Start) {
		end = s.Start
	}
	if s.Open() {
		end = m.d.Clock().Truncate(time.Minute).Add(time.Minute)
	}
	return api.Between(s.Start, end)
}

// identity is the name that is asked for; the zero value while none is known.
func (m *Model) identity() views.LogIdentity {
	if m.name < len(m.names) {
		return m.names[m.name]
	}
	return views.LogIdentity{}
}

func (m *Model) query() api.LogQuery {
	return api.LogQuery{Bot: cmp.Or(m.route.Query.Bot, m.route.Session.Bot, m.bot), Identity: m.identity().Identity, Channel: m.identity().Channel, Window: m.window}
}

// Update takes the screen's messages.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case feed.Loaded[[]api.Message]:
		return m.named(msg)
	case feed.Loaded[[]api.DebugLine]:
		return m.loaded(msg)
	case found:
		if m.pane != nil && msg.n == m.pane.finding && msg.err == nil {
			m.pane.tree.SetHits(msg.hits)
			m.pane.tree.NextHit()
		}
	}
	return nil
}

// named learns from the messages under which names there may be lines. That the
// messages could not be read leaves the user's id.
func (m *Model) named(l feed.Loaded[[]api.Message]) tea.Cmd {
	changed, next := m.messages.Apply(l)
	if !changed || m.messages.Loading() {
		return next
	}
	a, _ := m.messages.Answer()
	if len(a.Value) > 0 {
		m.bot = a.Value[0].Bot
	}
	known := len(m.names)
	for _, n := range views.LogIdentities(m.route.Session, a.Value) {
		if !m.knows(n) {
			m.names = append(m.names, n)
		}
	}
	if known == 0 && len(m.names) > 0 {
		return tea.Batch(next, m.feed.Ask(m.query()))
	}
	return next
}

func (m *Model) knows(n views.LogIdentity) bool {
	for _, k := range m.names {
		if k.Identity == n.Identity && k.Channel == n.Channel {
			return true
		}
	}
	return false
}

func (m *Model) loaded(l feed.Loaded[[]api.DebugLine]) tea.Cmd {
	if changed, next := m.feed.Apply(l); changed {
		if a, ok := m.feed.Answer(); ok {
			m.take(a.Value)
			m.arrange()
		}
		return next
	}
	changed, next := m.detail.Apply(l)
	if changed {
		m.showDetail()
	}
	return next
}

// tryName asks under another of the names.
func (m *Model) tryName(step int) tea.Cmd {
	if len(m.names) < 2 {
		return ui.Notify(ui.Note{Text: text.Lit("no other identity is known for this session")})
	}
	m.name = (m.name + step + len(m.names)) % len(m.names)
	m.clear()
	return m.feed.Ask(m.query())
}

// clear drops the lines of another question: they would be a lie under this one.
func (m *Model) clear() {
	m.take(nil)
	m.since = m.d.Clock()
	m.table.Top()
	m.closePane()
	m.arrange()
}

func (m *Model) renew() tea.Cmd {
	last, now := m.since, m.d.Clock()
	m.since = now
	if m.rolls > 0 {
		m.window = api.Last(m.rolls, now)
	}
	if len(m.names) == 0 {
		return m.messages.Again()
	}
	return m.feed.Reread(m.query(), last, now)
}

func (m *Model) setFilter(s string) error {
	s = strings.TrimSpace(s)
	_, keep, err := filter.Lines(m.zone).Compile(s)
	if err != nil {
		return fmt.Errorf("filter debug lines: %w", err)
	}
	m.filter, m.keep = s, keep
	m.arrange()
	return nil
}

// Close steps out of the pane, then of the filter.
func (m *Model) Close() bool {
	switch {
	case m.pane != nil:
		m.closePane()
	case m.filter != "":
		_ = m.setFilter("") // the empty filter is always one
	case m.problems:
		m.problems = false
		m.arrange()
	default:
		return false
	}
	return true
}

// StopReading ends what is on its way.
func (m *Model) StopReading() bool {
	was := m.feed.Loading() || m.messages.Loading() || m.detail.Loading()
	m.feed.Stop()
	m.messages.Stop()
	m.detail.Stop()
	return was
}

// Offers lists what can be done here.
func (m *Model) Offers() []keymap.Offer {
	off, names := "", ""
	if m.table.Len() == 0 {
		off = "no line"
	}
	if len(m.names) < 2 {
		names = "no other identity is known; :logs IDENTITY CHANNEL asks for any name"
	}
	if m.pane != nil {
		found := ""
		if m.pane.find == "" {
			found = "nothing found; / starts"
		}
		return []keymap.Offer{
			{Action: keymap.OpenNode}, {Action: keymap.FoldNode}, {Action: keymap.ToggleAll}, {Action: keymap.ToggleOriginal},
			{Action: keymap.OpenCopyMenu}, {Action: keymap.NextError, Word: "error"}, {Action: keymap.StartFind, Word: "find"}, {Action: keymap.NextMatch, Off: found},
			{Action: keymap.SetWindow}, {Action: keymap.Refresh},
		}
	}
	return []keymap.Offer{
		{Action: keymap.OpenItem, Off: off}, {Action: keymap.NextError, Off: off, Word: "error"}, {Action: keymap.OpenCopyMenu, Off: off},
		{Action: keymap.FoldSimilar, Off: off}, {Action: keymap.ToggleHistogram, Off: off},
		{Action: keymap.ToggleErrorsOnly}, {Action: keymap.SetWindow}, {Action: keymap.Refresh},
		{Action: keymap.NextPane, Off: names, Word: "other name"},
	}
}
