// Package tests is the list of test runs: those under way with a bar that moves
// with the platform's percentage, and those kept from before; and the steps of
// the run under the cursor, with what was expected and what came.
//
// No key starts a run: a route that says so does, and does it once. Every run
// under way is followed by questions of its own, which end with the screen and
// leave the run as it is; whoever opens the screen next follows it on.
package tests

import (
	"context"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/ui"
	"korescope/ui/table"
	"korescope/views"
	"korescope/views/feed"
)

// Ask is one question about a run.
type Ask struct {
	// Start begins a run, or follows the same one when it is under way.
	Start api.TestStart
	// Suite and ID name a run that was started before; Start is zero then.
	Suite string
	ID    api.JobID
	Once  bool // look once, follow no further
}

// Heard is a run as far as it is known. Trouble is what kept the platform from
// answering this time; the run is followed on.
type Heard struct {
	Run     api.TestRun
	Trouble error
}

// All asks for everything that is kept.
type All struct{}

// Kept is what is known without asking the platform, which lists neither suites
// nor runs.
type Kept struct {
	Runs   []api.TestRun // newest first
	Suites []string
}

// Deps is what the screen needs from outside.
type Deps struct {
	Runs feed.Reader[Ask, Heard]
	Kept feed.Reader[All, Kept]
	// Good finds the newest run of a suite that passed before an instant.
	Good    func(ctx context.Context, suite string, before time.Time) (api.TestRun, bool, error)
	Allowed bool // the profile allows test runs
	Clock   func() time.Time
	Zone    *time.Location
	Explain func(error) views.Problem
	Mask    *views.Masker // nil shows everything
}

const keptFeed = 1

// Model is the screen.
type Model struct {
	d     Deps
	route views.TestsRoute
	seat  ui.Seat

	kept  *feed.Feed[All, Kept]
	rows  []*row
	table *table.Table[*row, string]
	feeds int // numbers given to feeds and rows so far
	since time.Time

	shown  string // the run whose steps are shown
	known  bool   // they are here
	step   int    // under the cursor of the steps
	line   int    // of that step, 0 is its head
	inside bool
	full   bool

	against bool // the last good run stands beside
	good    good

	zone          *time.Location
	width, height int
	bare          string // shown in spite of the mask
}

// New makes the screen of a route.
func New(d Deps, r views.TestsRoute) *Model {
	m := &Model{d: d, route: r, zone: d.Zone, feeds: keptFeed}
	m.table = table.New(m.columns(), func(r *row) string { return r.key })
	return m
}

// Start reads what is kept and begins what the route asks for.
func (m *Model) Start(seat ui.Seat) tea.Cmd {
	m.seat = seat
	m.kept = feed.New(seat, keptFeed, m.d.Kept)
	m.since = m.d.Clock()
	return tea.Batch(m.kept.Ask(All{}), m.begin(m.route))
}

// Take lets an open list take in what another route asks for: two lists would
// ask twice about every run.
func (m *Model) Take(r ui.Route) (tea.Cmd, bool) {
	route, ok := r.(views.TestsRoute)
	if !ok || m.kept == nil {
		return nil, false
	}
	return tea.Batch(m.kept.Ask(All{}), m.begin(route)), true
}

func (m *Model) begin(route views.TestsRoute) tea.Cmd {
	var cmds []tea.Cmd
	for _, s := range route.Start.Take() {
		r := m.fresh(api.TestRun{
			Suite: s.Suite, Version: s.Version, Verdict: api.VerdictRunning, State: api.JobRunning, Started: m.d.Clock(),
		})
		cmds = append(cmds, m.ask(r, Ask{Start: s}))
		m.full, m.inside = false, false
		m.show(r)
	}
	if f := route.Follow; f != nil {
		r := m.named(f.ID)
		if r == nil {
			r = m.fresh(api.TestRun{
				ID: f.ID, Suite: f.Suite, Verdict: api.VerdictRunning, State: api.JobRunning, Started: m.d.Clock(),
			})
		}
		cmds = append(cmds, m.ask(r, Ask{Suite: f.Suite, ID: f.ID}))
		m.show(r)
	}
	return tea.Batch(cmds...)
}

// fresh makes a row that is new to the list.
func (m *Model) fresh(run api.TestRun) *row {
	m.feeds++
	r := &row{n: m.feeds, key: strconv.Itoa(m.feeds), run: run}
	m.rows = append(m.rows, r)
	return r
}

// show puts the cursor on a row.
func (m *Model) show(r *row) {
	m.arrange()
	m.table.Select(r.key)
}

// ask asks about a run; an earlier question about it is let go of.
func (m *Model) ask(r *row, a Ask) tea.Cmd {
	if r.feed == nil {
		r.feed = feed.New(m.seat, r.n, m.d.Runs)
	}
	if a.Start.Suite != "" {
		m.since = m.d.Clock()
	}
	return r.feed.Renew(a)
}

func (m *Model) env() views.Env {
	return views.Env{Now: m.d.Clock(), Zone: m.zone, Mask: m.d.Mask, Bare: m.bare}
}
