// Package sessions is the list of sessions: tabs by containment with their
// counts, a filter, sort, marks, why what has been read went wrong, and at 140
// columns a preview of the session under the cursor. One window is read
// once; tabs and filters are applied to what is here and cost no request.
package sessions

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/ui"
	"korescope/ui/table"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/feed"
)

// Deps is what the screen needs from outside.
type Deps struct {
	Sessions feed.Reader[api.SessionQuery, []api.Session]
	Messages feed.Reader[api.MessageQuery, []api.Message]
	// Tails reads from disk how conversations ended, and why.
	Tails func(context.Context, []api.Session) (map[api.SessionID]api.Tail, error)
	// Total is the platform's number of the sessions of a question, for one
	// request; nil where nobody can be asked.
	Total func(context.Context, api.SessionQuery, api.Lane) (api.Maybe[int], error)
	// Pin keeps everything about a conversation and says what; nil where nothing can
	// be kept.
	Pin     func(ctx context.Context, id api.SessionID, note string) (text.Safe, error)
	Limits  api.Limits // of requests, for prices; zero for the usual ones
	Clock   func() time.Time
	Zone    *time.Location
	Explain func(error) views.Problem
	Mask    *views.Masker // nil shows everything
}

// The feeds of the screen.
const (
	listFeed = iota + 1
	turnsFeed
	previewFeed
)

// aheadMost is how many conversations one message request asks for.
const aheadMost = 50

// aheadSpan is the longest time that one such request is about: the platform
// answers longer ones in parts.
const aheadSpan = 5 * 24 * time.Hour

// Model is the screen.
type Model struct {
	d      Deps
	route  views.SessionsRoute
	seat   ui.Seat
	window api.Window
	rolls  time.Duration // length of a window that ends now; 0 for a fixed one

	list    *feed.Feed[api.SessionQuery, []api.Session]
	turns   *feed.Feed[api.MessageQuery, []api.Message]
	preview *feed.Feed[api.MessageQuery, []api.Message]
	table   *table.Table[api.Session, api.SessionID]
	all     []api.Session
	sums    sums
	exact   totals // of what was not read for its price
	tails   map[api.SessionID]api.Tail
	ahead   bool // the first screenful was read ahead
	// asked is what was read ahead, with the end that each session had then: no
	// conversation is asked for twice.
	asked   map[api.SessionID]time.Time
	awaited bool        // the preview waits for it
	focus   api.Session // what detail and preview show: the row the cursor rests on
	resting int         // counts cursor moves, stamps the pause before a rest

	pinning api.SessionID // what the note is for

	tab    tab
	filter string
	sieves sieves
	byWhy  bool // the filter looks at the verdicts

	counting     int                // stamps the asking for totals
	stopCounting context.CancelFunc // nil while none are on their way
	touched      bool               // a key was pressed here
	batches      int                // requests that read conversations ahead

	problems      bool
	noPreview     bool
	zone          *time.Location
	width, height int
	since         time.Time // loading since
	bare          string    // shown in spite of the mask
}

// New makes the screen of a route. A route without a window shows the last 24
// hours. A filter that cannot be read is a views.UsageError.
func New(d Deps, r views.SessionsRoute) (*Model, error) {
	m := &Model{d: d, route: r, window: r.Query.Window, zone: d.Zone, tails: map[api.SessionID]api.Tail{}, asked: map[api.SessionID]time.Time{}}
	now := d.Clock()
	if m.window.Zero() {
		m.window = api.Last(views.DefaultWindow, now)
	}
	if d := now.Sub(m.window.To); d >= 0 && d < time.Minute {
		m.rolls = m.window.Length()
	}
	m.tab = tabOf(r.Query.Containment)
	m.table = table.New(m.columns(), func(s api.Session) api.SessionID { return s.ID })
	m.table.Assume("startTime", true)
	if err := m.setFilter(r.Filter); err != nil {
		return nil, err
	}
	return m, nil
}

// Start asks the first question.
func (m *Model) Start(seat ui.Seat) tea.Cmd {
	m.seat = seat
	m.list = feed.New(seat, listFeed, m.d.Sessions)
	if m.route.Query.User == "" {
		m.list.Sparing() // the sessions of one user are few, and all are wanted
	}
	m.turns = feed.New(seat, turnsFeed, m.d.Messages).InLane(api.ReadAhead)
	m.preview = feed.New(seat, previewFeed, m.d.Messages).InLane(api.ReadAhead)
	m.since = m.d.Clock()
	return m.list.Ask(m.query())
}

// query is the question of the list: every type, so that tabs cost nothing.
func (m *Model) query() api.SessionQuery {
	q := m.route.Query
	q.Containment = api.Undetermined
	q.Window = m.window
	return q
}

// renew asks again; a window that ends now moves along.
func (m *Model) renew() tea.Cmd {
	last, now := m.since, m.d.Clock()
	m.since = now
	m.stopTotals()
	if m.rolls > 0 {
		m.window = api.Last(m.rolls, now)
	}
	return m.list.Reread(m.query(), last, now)
}

func (m *Model) setWindow(w api.Window, rolls time.Duration) tea.Cmd {
	m.window, m.rolls, m.since, m.ahead = w, rolls, m.d.Clock(), false
	m.forgetTotals()
	m.table.SetColumns(m.columns())
	m.table.Top()
	// Rows of the old window would be a lie under the new one.
	m.setRows(nil)
	m.focus = api.Session{}
	return m.list.Ask(m.query())
}

func (m *Model) env() views.Env {
	return views.Env{Now: m.d.Clock(), Zone: m.zone, Mask: m.d.Mask, Bare: m.bare}
}

// Close steps out of what the screen has open: the filter, then problems only.
func (m *Model) Close() bool {
	switch {
	case m.filter != "":
		_ = m.setFilter("") // the empty filter is always one
	case m.problems:
		m.problems = false
		m.arrange()
	case m.table.Marks() > 0:
		m.table.Unmark()
	default:
		return false
	}
	return true
}

// StopReading ends what is on its way.
func (m *Model) StopReading() bool {
	was := m.list.Loading() || m.turns.Loading() || m.stopCounting != nil
	m.stopTotals()
	m.list.Stop()
	m.turns.Stop()
	return was
}
