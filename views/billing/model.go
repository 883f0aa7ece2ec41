// Package billing is the usage summary: one bar a period and unit, the change
// against the periods before, and the sum. The report is a job of the platform
// that takes its time: the last report stays while a newer one is made, and how
// far that is stands below.
package billing

import (
	"cmp"
	"slices"
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
	Report  feed.Reader[api.BillingQuery, api.BillingReport]
	Clock   func() time.Time
	Zone    *time.Location
	Explain func(error) views.Problem
}

// unit is what is counted.
type unit struct {
	name string
	of   func(api.BillingRow) api.Maybe[int64]
}

func units() []unit {
	return []unit{
		{"sessions", func(r api.BillingRow) api.Maybe[int64] { return r.Sessions }},
		{"requests", func(r api.BillingRow) api.Maybe[int64] { return r.Requests }},
		{"alerts", func(r api.BillingRow) api.Maybe[int64] { return r.Alerts }},
		{"proactive", func(r api.BillingRow) api.Maybe[int64] { return r.Proactive }},
		{"conversations", func(r api.BillingRow) api.Maybe[int64] { return r.Conversations }},
	}
}

// line is one period as shown: its value and what it is compared with.
type line struct {
	row    api.BillingRow
	value  api.Maybe[int64]
	usual  api.Maybe[int64] // average of its likes before, see [likes]
	change api.Maybe[int]   // percent against usual
}

// Model is the screen.
type Model struct {
	d      Deps
	seat   ui.Seat
	window api.Window
	by     api.Period
	unit   int
	feed   *feed.Feed[api.BillingQuery, api.BillingReport]
	table  *table.Table[line, int64]
	rows   []api.BillingRow // all that came
	shown  []api.BillingRow // those of the window
	zone   *time.Location
	width  int
	height int
	since  time.Time
	most   int64
}

// spans is how far back each grouping reaches when nothing is said.
func spans() map[api.Period]time.Duration {
	const day = 24 * time.Hour
	return map[api.Period]time.Duration{api.ByMonth: 89 * day, api.ByDay: 14 * day, api.ByHour: day}
}

// New makes the screen of a route; nothing said is the last two weeks by day.
func New(d Deps, r views.BillingRoute) *Model {
	m := &Model{d: d, window: r.Query.Window, by: cmp.Or(r.Query.By, api.ByDay), zone: d.Zone}
	if m.window.Zero() {
		m.window = m.usualWindow(m.by)
	}
	m.table = table.New(m.columns(), func(l line) int64 { return l.row.Period.UnixMilli() })
	m.table.Assume("period", true)
	return m
}

// usualWindow ends with the period that is under way and begins with a whole one.
func (m *Model) usualWindow(by api.Period) api.Window {
	now := m.d.Clock().UTC()
	from := now.Add(-spans()[by])
	switch by {
	case api.ByHour:
		from = from.Truncate(time.Hour)
	case api.ByMonth, api.ByDay:
		from = from.Truncate(24 * time.Hour)
	}
	return api.Between(from, now.Truncate(time.Minute).Add(time.Minute))
}

// Start asks for the report.
func (m *Model) Start(seat ui.Seat) tea.Cmd {
	m.seat = seat
	m.feed = feed.New(seat, 1, m.d.Report)
	m.since = m.d.Clock()
	return m.feed.Ask(m.query())
}

// query asks for more than is shown, so that every period has its likes of before
// to be compared with; never so much that the platform makes two reports of it.
func (m *Model) query() api.BillingQuery {
	w := m.window
	if step, n := likes(m.by); step > 0 && !w.Zero() {
		from := w.From.UTC().Add(-time.Duration(n) * step)
		if least := w.To.Add(-wholeReport); from.Before(least) {
			from = least
		}
		if from = from.Truncate(time.Hour); from.Before(w.From) {
			w.From = from
		}
	}
	return api.BillingQuery{Window: w, By: m.by}
}

// wholeReport is the longest window that is one report.
const wholeReport = 88 * 24 * time.Hour

// likes are the periods that one is compared with: the same hour of seven days
// before, the same weekday of four weeks before. Months have no likes: they are
// compared with the three before.
func likes(by api.Period) (step time.Duration, n int) {
	switch by {
	case api.ByHour:
		return 24 * time.Hour, 7
	case api.ByDay:
		return 7 * 24 * time.Hour, 4
	}
	return 0, 3
}

// Update takes the screen's messages.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	l, ok := msg.(feed.Loaded[api.BillingReport])
	if !ok {
		return nil
	}
	changed, next := m.feed.Apply(l)
	if changed {
		if a, ok := m.feed.Answer(); ok && len(a.Value.Rows) > 0 {
			m.rows = a.Value.Rows
			m.count()
		}
	}
	return next
}

// count makes the lines, newest first. Averages are made here: the platform's
// own average is of something else.
func (m *Model) count() {
	of := units()[m.unit].of
	rows := slices.Clone(m.rows)
	slices.SortStableFunc(rows, func(a, b api.BillingRow) int { return a.Period.Compare(b.Period) })
	at := make(map[int64]api.BillingRow, len(rows))
	for _, r := range rows {
		at[r.Period.Unix()] = r
	}
	var lines []line
	m.most, m.shown = 0, nil
	for i, r := range rows {
		l := line{row: r, value: of(r)}
		if !m.window.Zero() && !m.periodOf(l).To.After(m.window.From) {
			continue // only to compare with
		}
		l.usual = average(before(rows[:i], at, r, m.by), of)
		l.change = change(l.value, l.usual)
		m.most = max(m.most, l.value.Value)
		lines, m.shown = append(lines, l), append(m.shown, r)
	}
	slices.Reverse(lines)
	m.table.SetRows(lines)
}

// before are the periods that one is compared with, as far as they came.
func before(older []api.BillingRow, at map[int64]api.BillingRow, r api.BillingRow, by api.Period) []api.BillingRow {
	step, n := likes(by)
	if step == 0 {
		return older[max(len(older)-n, 0):]
	}
	var out []api.BillingRow
	for i := range n {
		if like, there := at[r.Period.Add(-time.Duration(i+1)*step).Unix()]; there {
			out = append(out, like)
		}
	}
	return out
}

func average(rows []api.BillingRow, of func(api.BillingRow) api.Maybe[int64]) api.Maybe[int64] {
	var sum, n int64
	for _, r := range rows {
		if v := of(r); v.Known {
			sum += v.Value
			n++
		}
	}
	if n == 0 {
		return api.Maybe[int64]{}
	}
	return api.Known((sum + n/2) / n)
}

func change(now, usual api.Maybe[int64]) api.Maybe[int] {
	if !now.Known || !usual.Known || usual.Value == 0 {
		return api.Maybe[int]{}
	}
	return api.Known(int((now.Value - usual.Value) * 100 / usual.Value))
}

// Do carries out an action.
func (m *Model) Do(a keymap.Action) tea.Cmd {
	if m.table.Do(a) {
		return nil
	}
	switch a {
	case keymap.NextPane:
		m.pick(1)
	case keymap.PrevPane:
		m.pick(-1)
	case keymap.BillByMonth:
		return m.regroup(api.ByMonth)
	case keymap.BillByDay:
		return m.regroup(api.ByDay)
	case keymap.BillByHour:
		return m.regroup(api.ByHour)
	case keymap.OpenItem:
		return m.open()
	case keymap.OpenBilled:
		if l, ok := m.table.Selected(); ok {
			return ui.Open(views.BilledRoute{Window: m.spanOf(l)})
		}
	case keymap.SetWindow:
		return ui.AskFor(ui.WindowPrompt)
	case keymap.Refresh:
		return m.reread()
	}
	return nil
}

func (m *Model) reread() tea.Cmd {
	last, now := m.since, m.d.Clock()
	m.since = now
	return m.feed.Reread(m.query(), last, now)
}

func (m *Model) pick(n int) {
	m.unit = (m.unit + n + len(units())) % len(units())
	m.count()
}

func (m *Model) regroup(by api.Period) tea.Cmd {
	if by == m.by {
		return nil
	}
	m.by, m.window, m.since, m.rows = by, m.usualWindow(by), m.d.Clock(), nil
	m.table.SetColumns(m.columns())
	m.table.SetRows(nil)
	return m.feed.Ask(m.query())
}

// open goes one step closer: a month to its days, a day to its hours, an hour to
// its billed sessions.
func (m *Model) open() tea.Cmd {
	l, ok := m.table.Selected()
	if !ok {
		return nil
	}
	switch m.by {
	case api.ByMonth:
		return ui.Open(views.BillingRoute{Query: api.BillingQuery{Window: m.spanOf(l), By: api.ByDay}})
	case api.ByDay:
		return ui.Open(views.BillingRoute{Query: api.BillingQuery{Window: m.spanOf(l), By: api.ByHour}})
	}
	return ui.Open(views.BilledRoute{Window: m.spanOf(l)})
}

// cut reports that the window begins inside the period: only a part of it counts.
func (m *Model) cut(l line) bool {
	asked := m.query().Window.From
	return !asked.IsZero() && l.row.Period.Before(asked)
}

// spanOf is the period of a line, cut to now.
func (m *Model) spanOf(l line) api.Window {
	w := m.periodOf(l)
	if now := m.d.Clock(); w.To.After(now) {
		return api.Between(w.From, now)
	}
	return w
}

// periodOf is the whole period of a line, over or not.
func (m *Model) periodOf(l line) api.Window {
	from := l.row.Period
	to := from.Add(time.Hour)
	switch m.by {
	case api.ByMonth:
		to = from.AddDate(0, 1, 0)
	case api.ByDay:
		to = from.AddDate(0, 0, 1)
	}
	return api.Between(from, to)
}

// StopReading ends what is on its way.
func (m *Model) StopReading() bool {
	was := m.feed.Loading()
	m.feed.Stop()
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
	w, _, err := views.ReadWindow(s, m.d.Clock(), m.zone)
	if err != nil {
		return ui.Notify(ui.Note{Text: m.d.Explain(err).Sentence, Bad: true, Sticky: true})
	}
	m.window, m.since = w, m.d.Clock()
	return m.feed.Ask(m.query())
}

// Offers lists what can be done here.
func (m *Model) Offers() []keymap.Offer {
	off := ""
	if m.table.Len() == 0 {
		off = "no row"
	}
	return []keymap.Offer{
		{Action: keymap.OpenItem, Off: off}, {Action: keymap.NextPane, Word: "unit"},
		{Action: keymap.BillByMonth}, {Action: keymap.BillByDay}, {Action: keymap.BillByHour},
		{Action: keymap.OpenBilled, Off: off}, {Action: keymap.SetWindow}, {Action: keymap.OpenCopyMenu}, {Action: keymap.Refresh},
		{Action: keymap.SortColumn, Off: off},
	}
}

// Copies offers the command that prints this report.
func (m *Model) Copies() []ui.Copy {
	return []ui.Copy{{
		Action: keymap.CopyLine, Name: text.Lit("command line"),
		Value: "korescope billing --by " + string(m.by) + " --from " + views.Stamp(m.window.From) + " --to " + views.Stamp(m.window.To),
	}}
}

// Place is the line after ":" that opens the summary again.
func (m *Model) Place() string { return "billing " + string(m.by) }
