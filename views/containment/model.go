// Package containment is the report by task: how often each ran, how it went and
// how its sessions ended, sorted by what hurts, against the equal window before
// when asked for. One session may stand in the row of success and of failure of
// the same task, so rows do not add up, and the screen says so.
package containment

import (
	"slices"
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

// Deps is what the screen needs from outside.
type Deps struct {
	Report  feed.Reader[api.ContainmentQuery, api.ContainmentReport]
	Clock   func() time.Time
	Zone    *time.Location
	Explain func(error) views.Problem
	Mask    *views.Masker // nil shows everything
}

// The feeds of the screen.
const (
	nowFeed = iota + 1
	beforeFeed
)

// tally is one task in one period, its outcomes added up.
type tally struct {
	period, task      string
	runs, good        int64
	self, drop, agent int64
	sessions          int64
	unknown           bool // some number was not sent: the sums are at least
	before            api.Maybe[int]
}

// key names a task in a period.
type key struct{ period, task string }

func (t tally) ended() int64 { return t.self + t.drop + t.agent }

// dropPct is the share of ended sessions that dropped off; false when none did.
func (t tally) dropPct() (int, bool) {
	if t.ended() == 0 {
		return 0, false
	}
	return int((t.drop*100 + t.ended()/2) / t.ended()), true
}

// Model is the screen.
type Model struct {
	d         Deps
	seat      ui.Seat
	window    api.Window
	daily     bool
	comparing bool
	now       *feed.Feed[api.ContainmentQuery, api.ContainmentReport]
	before    *feed.Feed[api.ContainmentQuery, api.ContainmentReport]
	table     *table.Table[tally, key]
	sum       tally
	zone      *time.Location
	width     int
	height    int
	since     time.Time
}

// New makes the screen of a route; nothing said is the last 24 hours.
func New(d Deps, r views.ContainmentRoute) *Model {
	m := &Model{d: d, window: r.Query.Window, daily: r.Query.Daily, zone: d.Zone}
	if m.window.Zero() {
		m.window = api.Last(views.DefaultWindow, d.Clock().Truncate(time.Minute))
	}
	m.table = table.New(m.columns(), func(t tally) key { return key{t.period, t.task} })
	m.table.Assume("drop", true)
	return m
}

func (m *Model) env() views.Env { return views.Env{Now: m.d.Clock(), Zone: m.zone, Mask: m.d.Mask} }

// Start asks for the report.
func (m *Model) Start(seat ui.Seat) tea.Cmd {
	m.seat = seat
	m.now = feed.New(seat, nowFeed, m.d.Report)
	m.before = feed.New(seat, beforeFeed, m.d.Report).InLane(api.Follow)
	return m.ask()
}

func (m *Model) ask() tea.Cmd {
	m.since = m.d.Clock()
	cmds := []tea.Cmd{m.now.Ask(api.ContainmentQuery{Window: m.window, Daily: m.daily})}
	if m.comparing {
		cmds = append(cmds, m.before.Ask(m.earlier()))
	}
	return tea.Batch(cmds...)
}

// earlier is the question about the equal window before.
func (m *Model) earlier() api.ContainmentQuery {
	length := m.window.Length()
	return api.ContainmentQuery{Window: api.Between(m.window.From.Add(-length), m.window.From)}
}

// Update takes the screen's messages.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	l, ok := msg.(feed.Loaded[api.ContainmentReport])
	if !ok {
		return nil
	}
	changed, next := m.now.Apply(l)
	if !changed {
		changed, next = m.before.Apply(l)
	}
	if changed {
		m.count()
	}
	return next
}

// count adds the outcomes of a task up and puts what hurts first: the tasks that
// lose most sessions, not the ones with the worst share of three.
func (m *Model) count() {
	a, ok := m.now.Answer()
	if !ok {
		return
	}
	rows := tallies(a.Value.Rows, m.daily)
	m.sum = tally{}
	for _, t := range rows {
		m.sum.runs += t.runs
		m.sum.good += t.good
		m.sum.self += t.self
		m.sum.drop += t.drop
		m.sum.agent += t.agent
	}
	if b, ok := m.before.Answer(); ok && m.comparing {
		old := map[string]tally{}
		for _, t := range tallies(b.Value.Rows, false) {
			old[t.task] = t
		}
		for i, t := range rows {
			if pct, known := old[t.task].dropPct(); known {
				rows[i].before = api.Known(pct)
			}
		}
	}
	slices.SortStableFunc(rows, func(a, b tally) int {
		if a.drop != b.drop {
			return int(b.drop - a.drop)
		}
		return strings.Compare(b.period, a.period)
	})
	m.table.SetRows(rows)
}

func tallies(rows []api.ContainmentRow, daily bool) []tally {
	var order []key
	sums := map[key]*tally{}
	for _, r := range rows {
		k := key{task: r.Task}
		if daily {
			k.period = r.Period
		}
		t := sums[k]
		if t == nil {
			t = &tally{period: k.period, task: k.task}
			sums[k] = t
			order = append(order, k)
		}
		t.add(r)
	}
	out := make([]tally, len(order))
	for i, k := range order {
		out[i] = *sums[k]
	}
	return out
}

func (t *tally) add(r api.ContainmentRow) {
	for _, v := range []api.Maybe[int]{r.Executions, r.Sessions, r.SelfService, r.DropOff, r.Agent} {
		t.unknown = t.unknown || !v.Known
	}
	t.runs += int64(r.Executions.Value)
	if strings.HasPrefix(strings.ToLower(r.Status), "success") {
		t.good += int64(r.Executions.Value)
	}
	t.sessions += int64(r.Sessions.Value)
	t.self += int64(r.SelfService.Value)
	t.drop += int64(r.DropOff.Value)
	t.agent += int64(r.Agent.Value)
}

// Do carries out an action.
func (m *Model) Do(a keymap.Action) tea.Cmd {
	if m.table.Do(a) {
		return nil
	}
	switch a {
	case keymap.OpenItem:
		return m.open()
	case keymap.ToggleDaily:
		m.daily = !m.daily
		m.table.SetColumns(m.columns())
		return m.ask()
	case keymap.CompareWindow:
		m.comparing = !m.comparing
		m.table.SetColumns(m.columns())
		m.count()
		if m.comparing {
			m.since = m.d.Clock()
			return m.before.Ask(m.earlier())
		}
	case keymap.SetWindow:
		return ui.AskFor(ui.WindowPrompt)
	case keymap.Refresh:
		last, now := m.since, m.d.Clock()
		m.since = now
		return m.now.Reread(m.now.Key(), last, now)
	}
	return nil
}

// open shows the sessions of this window that dropped off: the report does not
// say which sessions a task ran in, so the list is of all tasks.
func (m *Model) open() tea.Cmd {
	t, ok := m.table.Selected()
	if !ok {
		return nil
	}
	w := m.window
	if day, err := time.Parse("2006-01-02", t.period); err == nil {
		w = api.Between(day, day.AddDate(0, 0, 1))
	}
	return ui.Open(views.SessionsRoute{Query: api.SessionQuery{Window: w, Containment: api.DropOff}, Title: "drop-offs of all tasks"})
}

// StopReading ends what is on its way.
func (m *Model) StopReading() bool {
	was := m.now.Loading() || m.before.Loading()
	m.now.Stop()
	m.before.Stop()
	return was
}

// Prompt starts the window prompt.
func (m *Model) Prompt(kind ui.PromptKind) (ui.Prompt, bool) {
	return ui.Prompt{Label: text.Lit("window: "), Complete: views.WindowCompletions}, kind == ui.WindowPrompt
}

// Typed says what the text would do.
func (m *Model) Typed(_ ui.PromptKind, s string) ui.Hint {
	return views.WindowHint(s, m.d.Clock(), m.zone, m.d.Explain)
}

// Entered takes a window.
func (m *Model) Entered(_ ui.PromptKind, s string) tea.Cmd {
	w, _, err := views.ReadWindow(s, m.d.Clock().Truncate(time.Minute), m.zone)
	if err != nil {
		return ui.Notify(ui.Note{Text: m.d.Explain(err).Sentence, Bad: true, Sticky: true})
	}
	m.window = w
	return m.ask()
}

// Offers lists what can be done here.
func (m *Model) Offers() []keymap.Offer {
	off := ""
	if m.table.Len() == 0 {
		off = "no row"
	}
	return []keymap.Offer{
		{Action: keymap.OpenItem, Off: off}, {Action: keymap.CompareWindow}, {Action: keymap.ToggleDaily},
		{Action: keymap.SortColumn, Off: off}, {Action: keymap.SetWindow}, {Action: keymap.Refresh},
		{Action: keymap.OpenCopyMenu},
	}
}

// Copies offers the command that prints this report.
func (m *Model) Copies() []ui.Copy {
	line := "korescope containment --from " + views.Stamp(m.window.From) + " --to " + views.Stamp(m.window.To)
	if m.daily {
		line += " --daily"
	}
	return []ui.Copy{{Action: keymap.CopyLine, Name: text.Lit("command line"), Value: line}}
}

// Place is the line after ":" that opens the report again.
func (m *Model) Place() string { return views.PlaceLine("containment", m.window, 0, "") }
