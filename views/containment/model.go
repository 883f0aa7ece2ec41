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
	Report feed.Reader[api.ContainmentQuery, api.ContainmentReport]
	// Ran says which conversations ran a task: the report counts them and names
	// none.
	Ran     feed.Reader[Task, []api.SessionID]
	Clock   func() time.Time
	Zone    *time.Location
	Explain func(error) views.Problem
	Mask    *views.Masker // nil shows everything
}

// The feeds of the screen.
const (
	nowFeed = iota + 1
	beforeFeed
	ranFeed
)

// Task asks which conversations of a window ran a task.
type Task struct {
	Name   string
	Window api.Window
}

// tally is one task in one period, its outcomes added up.
type tally struct {
	period, task      string
	runs, good        int64
	self, drop, agent int64
	sessions          int64
	unknown           bool   // some number was not sent: the sums are at least
	before            *tally // the same task in the window before; nil for none
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
	only      api.ContainmentQuery // tasks, kind and status that are asked for
	window    api.Window
	daily     bool
	comparing bool
	now       *feed.Feed[api.ContainmentQuery, api.ContainmentReport]
	before    *feed.Feed[api.ContainmentQuery, api.ContainmentReport]
	ran       *feed.Feed[Task, []api.SessionID]
	opening   tally // the task whose conversations are being found out
	table     *table.Table[tally, key]
	sum       tally
	zone      *time.Location
	width     int
	height    int
	since     time.Time
	bare      string // shown in spite of the mask
}

// New makes the screen of a route; nothing said is the last 24 hours.
func New(d Deps, r views.ContainmentRoute) *Model {
	m := &Model{d: d, only: r.Query, window: r.Query.Window, daily: r.Query.Daily, zone: d.Zone}
	if m.window.Zero() {
		m.window = api.Last(views.DefaultWindow, d.Clock().Truncate(time.Minute))
	}
	m.table = table.New(m.columns(), func(t tally) key { return key{t.period, t.task} })
	m.table.Assume("drop", true)
	return m
}

func (m *Model) env() views.Env {
	return views.Env{Now: m.d.Clock(), Zone: m.zone, Mask: m.d.Mask, Bare: m.bare}
}

// Start asks for the report.
func (m *Model) Start(seat ui.Seat) tea.Cmd {
	m.seat = seat
	m.now = feed.New(seat, nowFeed, m.d.Report)
	m.before = feed.New(seat, beforeFeed, m.d.Report).InLane(api.Follow)
	m.ran = feed.New(seat, ranFeed, m.d.Ran)
	return m.ask()
}

func (m *Model) ask() tea.Cmd {
	m.since = m.d.Clock()
	cmds := []tea.Cmd{m.now.Ask(m.question(m.window, m.daily))}
	if m.comparing {
		cmds = append(cmds, m.before.Ask(m.earlier()))
	}
	return tea.Batch(cmds...)
}

// earlier is the question about the equal window before.
func (m *Model) earlier() api.ContainmentQuery {
	length := m.window.Length()
	return m.question(api.Between(m.window.From.Add(-length), m.window.From), false)
}

func (m *Model) question(w api.Window, daily bool) api.ContainmentQuery {
	q := m.only
	q.Window, q.Daily = w, daily
	return q
}

// Update takes the screen's messages.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	if l, is := msg.(feed.Loaded[[]api.SessionID]); is {
		return m.found(l)
	}
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
			if was, known := old[t.task]; known && was.ended() > 0 {
				rows[i].before = &was
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

// open finds out which conversations ran the task, and then shows those of them
// that dropped off.
func (m *Model) open() tea.Cmd {
	t, ok := m.table.Selected()
	if !ok {
		return nil
	}
	if t.task == "" {
		return tea.Batch(ui.Open(views.SessionsRoute{Query: api.SessionQuery{Window: m.spanOf(t)}, Filter: "type:dropOff"}),
			ui.Notify(ui.Note{Text: text.Lit("this row is of no task: the list is of every drop-off of the window")}))
	}
	m.opening, m.since = t, m.d.Clock()
	return m.ran.Ask(Task{Name: t.task, Window: m.spanOf(t)})
}

// spanOf is the window of a row.
func (m *Model) spanOf(t tally) api.Window {
	if day, err := time.Parse("2006-01-02", t.period); err == nil {
		return api.Between(day, day.AddDate(0, 0, 1))
	}
	return m.window
}

// found opens the drop-offs of a task once it is known where it ran, and says
// how many conversations of the report are not named there.
func (m *Model) found(l feed.Loaded[[]api.SessionID]) tea.Cmd {
	changed, next := m.ran.Apply(l)
	if !changed || m.ran.Loading() {
		return next
	}
	a, ok := m.ran.Answer()
	t := m.opening
	if err := m.ran.Err(); err != nil && !ok {
		return ui.Notify(ui.Note{Text: text.Join(" ", text.Lit("Which conversations ran the task is not known:"), m.d.Explain(err).Sentence), Bad: true, Long: true, Sticky: true})
	}
	known, counted := int64(len(a.Value)), t.ended()
	word := text.Format("%s: the metrics name %s conversations", m.name(t), text.Count(int(known)))
	switch {
	case known == 0:
		return ui.Notify(ui.Note{Text: text.Join("", word, text.Lit(" that ran it, so its drop-offs cannot be told from others; metrics may lag")), Bad: true, Long: true})
	case known < counted || a.Partial:
		word = text.Join("", word, text.Format(", the report counts %s: some are missing here", text.Count(int(counted))))
	}
	route := views.SessionsRoute{
		Query: api.SessionQuery{Window: m.spanOf(t)}, Filter: "type:dropOff " + views.TaskFilter(t.task),
	}
	return tea.Batch(next, ui.Open(route), ui.Notify(ui.Note{Text: word, Long: true}))
}

// StopReading ends what is on its way.
func (m *Model) StopReading() bool {
	was := m.now.Loading() || m.before.Loading() || m.ran.Loading()
	m.now.Stop()
	m.before.Stop()
	m.ran.Stop()
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
		{Action: keymap.SortColumn, Off: off}, {Action: keymap.SetWindow}, {Action: keymap.OpenCopyMenu}, {Action: keymap.Refresh},
	}
}

// Copies offers the command that prints this report.
func (m *Model) Copies() []ui.Copy {
	words := []string{"containment", "--from", views.Stamp(m.window.From), "--to", views.Stamp(m.window.To)}
	if m.daily {
		words = append(words, "--daily")
	}
	line := views.CommandLine(append(words, m.flags()...))
	return []ui.Copy{{Action: keymap.CopyLine, Name: text.Lit("command line"), Value: line}}
}

// flags are those of what is asked for.
func (m *Model) flags() []string {
	var out []string
	add := func(flag, value string) {
		if value != "" {
			out = append(out, flag, m.env().Masked(value))
		}
	}
	for _, name := range m.only.TaskNames() {
		add("--task-name", name)
	}
	add("--conversation-type", m.only.Kind)
	add("--conversation-status", m.only.Status)
	return out
}

// Place is the line after ":" that opens the report again.
func (m *Model) Place() string {
	line := views.PlaceLine("containment", m.window, 0, "")
	if m.daily {
		line += " --daily"
	}
	return strings.TrimSpace(line + " " + views.ShellLine(m.flags()))
}

// Hidden is what the mask hides of the row under the cursor.
func (m *Model) Hidden() []ui.Hidden {
	t, ok := m.table.Selected()
	if !ok {
		return nil
	}
	return views.Hidden(m.env(), text.Lit("a task"), func(e views.Env) { e.Text(t.task) })
}
