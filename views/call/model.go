// Package call is one model call: its messages by role, request and response as
// trees that open by level, and what is new against the call before it in the
// same conversation. It asks the disk only: the payloads came with the list.
package call

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/api/payload"
	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/jsontree"
	"korescope/views"
	"korescope/views/feed"
)

// Deps is what the screen needs from outside.
type Deps struct {
	Payloads feed.Reader[api.CallID, api.LLMCall]
	Clock    func() time.Time
	Zone     *time.Location
	Explain  func(error) views.Problem
	Mask     *views.Masker // nil shows everything but secrets
}

// The feeds of the screen.
const (
	payloadFeed = iota + 1
	beforeFeed
)

// tab is one reading of the call.
type tab uint8

const (
	messagesTab tab = iota
	requestTab
	responseTab
	deltaTab
	tabCount
)

// firstLevel is how far a payload stands open at first: its settings and the
// list of its messages, not what they say.
const firstLevel = 2

// Model is the screen.
type Model struct {
	d       Deps
	route   views.CallRoute
	seat    ui.Seat
	call    api.LLMCall
	before  api.LLMCall
	had     bool // there is a call before this one
	payload *feed.Feed[api.CallID, api.LLMCall]
	earlier *feed.Feed[api.CallID, api.LLMCall]

	tab     tab
	read    payload.Reading
	shown   bool // the payload of this call is in the tabs
	whole   bool // and all of it
	laying  int  // stamps the jobs
	laidFor int  // the width the tabs were made for
	changes []views.Change
	unseen  bool           // the requests differ in what no change tells
	pages   [tabCount]page // of the tabs that are text
	trees   [tabCount]*jsontree.Tree
	folds   [tabCount]*jsontree.Tree // of the call shown before
	find    string
	finding int
	// lastAsked is the line at which the newest message of the request begins:
	// the tab starts there, because the long system text before it is the same
	// in every call.
	lastAsked int
	saidAt    []int // the lines at which the messages begin
	width     int
	height    int
	zone      *time.Location
	since     time.Time
	bare      string // shown in spite of the mask
}

// New makes the screen of a route.
func New(d Deps, r views.CallRoute) *Model {
	return &Model{d: d, route: r, call: r.Call, zone: d.Zone}
}

// Start reads the payloads from disk.
func (m *Model) Start(seat ui.Seat) tea.Cmd {
	m.seat = seat
	m.payload = feed.New(seat, payloadFeed, m.d.Payloads)
	m.earlier = feed.New(seat, beforeFeed, m.d.Payloads)
	return m.ask()
}

func (m *Model) ask() tea.Cmd {
	m.since = m.d.Clock()
	cmd := m.payload.Ask(m.call.ID)
	m.before, m.had = views.Previous(m.call, m.route.Siblings)
	if !m.had {
		m.earlier.Stop()
		return cmd
	}
	return tea.Batch(cmd, m.earlier.Ask(m.before.ID))
}

// found carries the hits of a search that ran beside the loop.
type found struct {
	to   ui.Address
	n    int
	tab  tab
	hits jsontree.Hits
	err  error
}

func (f found) To() ui.Address { return f.to }

// lined carries the hits of a search in the lines of a tab.
type lined struct {
	found
	pattern string
	at      []int
}

// Update takes the screen's messages.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case feed.Loaded[api.LLMCall]:
		return m.loaded(msg)
	case lined:
		if msg.n == m.finding && msg.tab == m.tab {
			m.pages[msg.tab].found(msg.pattern, msg.at)
			return m.sought(msg.pattern)
		}
	case laid:
		return m.laidOut(msg)
	case found:
		if msg.n == m.finding && msg.err == nil && m.trees[msg.tab] != nil {
			m.trees[msg.tab].SetHits(msg.hits)
		}
	}
	return nil
}

func (m *Model) loaded(l feed.Loaded[api.LLMCall]) tea.Cmd {
	changed, next := m.payload.Apply(l)
	if changed {
		if a, ok := m.payload.Answer(); ok {
			return tea.Batch(next, m.take(a.Value))
		}
		m.blanks() // the tabs say that nothing is on its way any more
		return next
	}
	if changed, next = m.earlier.Apply(l); changed {
		return tea.Batch(next, m.layOut())
	}
	return next
}

// take shows a payload.
func (m *Model) take(c api.LLMCall) tea.Cmd {
	joined := m.call.Joined
	session := m.call.Session
	m.call = c
	if c.Joined == api.NotJoined {
		m.call.Joined, m.call.Session = joined, session
	}
	m.shown = false
	return m.layOut()
}

// show goes to another call of the list this one was opened from.
func (m *Model) show(c api.LLMCall) tea.Cmd {
	m.call = c
	m.read, m.changes, m.shown = payload.Reading{}, nil, false
	m.laying++
	// The trees go, or they would be shown under the other call's name while it
	// is read; what was unfolded in them is kept for it.
	m.folds, m.trees = m.trees, [tabCount]*jsontree.Tree{}
	for t := range m.pages {
		m.pages[t] = page{}
	}
	return m.ask()
}

// place is where the call stands in the list it was opened from, counted from 1;
// 0 when it is not in it.
func (m *Model) place() int {
	for i, c := range m.route.Siblings {
		if c.ID == m.call.ID {
			return i + 1
		}
	}
	return 0
}

// search looks for the pattern in the tree of the tab, beside the loop.
func (m *Model) search(pattern string) tea.Cmd {
	m.finding++
	data := m.call.Request
	if m.tab == responseTab {
		data = m.call.Response
	}
	ctx, n, t, to, mask := m.seat.Ctx, m.finding, m.tab, m.seat.Addr, m.env().Tree()
	return func() tea.Msg { return searchIn(ctx, data, pattern, mask, found{to: to, n: n, tab: t}) }
}

func searchIn(ctx context.Context, data []byte, pattern string, mask jsontree.Mask, f found) tea.Msg {
	f.hits, f.err = jsontree.Search(ctx, data, pattern, mask)
	return f
}

// Offers lists what can be done here.
func (m *Model) Offers() []keymap.Offer {
	next := ""
	if len(m.route.Siblings) < 2 {
		next = "opened alone"
	}
	found := ""
	if m.find == "" {
		found = "nothing found; / starts"
	}
	out := []keymap.Offer{{Action: keymap.NextPane, Word: "tab"}, {Action: keymap.OpenCopyMenu}}
	if m.tree() != nil {
		out = append(out,
			keymap.Offer{Action: keymap.OpenNode}, keymap.Offer{Action: keymap.FoldNode},
			keymap.Offer{Action: keymap.ToggleAll}, keymap.Offer{Action: keymap.ToggleOriginal})
	}
	return append(out,
		keymap.Offer{Action: keymap.NextCall, Off: next},
		keymap.Offer{Action: keymap.StartFind, Word: "find"},
		keymap.Offer{Action: keymap.NextMatch, Off: found})
}

func (m *Model) tree() *jsontree.Tree { return m.trees[m.tab] }
