// Package doctor looks at what the program stands on, one thing after the other:
// connection, clock, rights, limits, terminal, cache, settings. The checks come
// from the composition; this package knows none of them. The screen and the
// command line make the same checks and show each as it ends.
package doctor

import (
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/table"
	"korescope/ui/text"
	"korescope/views"
)

// Deps is what the screen needs from outside.
type Deps struct {
	// Checks are made anew for every round, so that no round knows what an
	// earlier one found.
	Checks func(all bool) []Check
	Clock  func() time.Time
}

// line is one check as shown.
type line struct {
	at      int
	result  Result
	known   bool // there is a result, of this round or the one before
	running bool
	old     bool // of the round before
}

// Model is the screen.
type Model struct {
	d      Deps
	all    bool
	seat   ui.Seat
	round  int
	ctx    context.Context //nolint:containedctx // of the round, for its checks
	stop   context.CancelFunc
	checks []Check
	lines  []line
	table  *table.Table[line, int]
	since  time.Time // of the round that is under way; zero when none is
	ended  time.Time // of the last round that ended
	cut    bool      // the last round was stopped
	moved  bool      // the person has chosen a row
	only   bool      // rows with a problem only
	width  int
	height int
}

// New makes the screen of a route.
func New(d Deps, r views.DoctorRoute) *Model {
	m := &Model{d: d, all: r.All, stop: func() {}}
	m.table = table.New(columns(), func(l line) int { return l.at })
	return m
}

// looked is a check that ended.
type looked struct {
	to      ui.Address
	round   int
	at      int
	finding Finding
}

// To is the screen that asked.
func (l looked) To() ui.Address { return l.to }

// Start begins the first round.
func (m *Model) Start(seat ui.Seat) tea.Cmd {
	m.seat = seat
	return m.begin()
}

// begin starts a round. What the round before found stays until it is found
// anew.
func (m *Model) begin() tea.Cmd {
	m.stop()
	m.round++
	before := m.lines
	m.checks = m.d.Checks(m.all)
	m.lines = make([]line, len(m.checks))
	for i, c := range m.checks {
		m.lines[i] = line{at: i, result: Result{Name: c.Name}}
		if i < len(before) && before[i].result.Name == c.Name && before[i].known {
			m.lines[i].result, m.lines[i].known, m.lines[i].old = before[i].result, true, true
		}
	}
	m.since, m.cut = m.d.Clock(), false
	m.ctx, m.stop = context.WithCancel(m.seat.Ctx)
	return m.look(0)
}

// look makes one check; its end starts the next.
func (m *Model) look(at int) tea.Cmd {
	if at >= len(m.checks) {
		m.over()
		return nil
	}
	m.lines[at].running = true
	m.table.SetRows(m.lines)
	ctx, to, round, check := m.ctx, m.seat.Addr, m.round, m.checks[at].Look
	return func() tea.Msg { return looked{to, round, at, check(ctx)} }
}

func (m *Model) over() {
	m.stop()
	m.since, m.ended = time.Time{}, m.d.Clock()
	m.table.SetRows(m.lines)
	m.toFirst()
}

// toFirst puts the cursor where somebody should look first, unless the person
// has chosen a row.
func (m *Model) toFirst() {
	if m.moved || m.cut {
		return
	}
	for _, s := range []State{Failed, Warn} {
		for _, l := range m.lines {
			if l.known && l.result.State == s {
				m.table.Select(l.at)
				return
			}
		}
	}
}

// Update takes the screen's messages.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	w, ok := msg.(looked)
	if !ok || w.round != m.round || m.since.IsZero() {
		return nil
	}
	l := &m.lines[w.at]
	l.result.Finding, l.known, l.running, l.old = w.finding, true, false, false
	m.table.SetRows(m.lines)
	return m.look(w.at + 1)
}

// Do carries out an action.
func (m *Model) Do(a keymap.Action) tea.Cmd {
	if m.table.Do(a) {
		m.moved = true
		return nil
	}
	switch a {
	case keymap.Refresh:
		m.moved = false
		return m.begin()
	case keymap.ToggleErrorsOnly:
		m.show(!m.only)
	case keymap.NextError:
		m.toProblem(1)
	case keymap.PrevError:
		m.toProblem(-1)
	}
	return nil
}

func (m *Model) toProblem(step int) {
	rows := m.table.Shown()
	m.moved = true
	for i := m.table.Cursor() + step; i >= 0 && i < len(rows); i += step {
		if rows[i].problem() {
			m.table.Move(i - m.table.Cursor())
			return
		}
	}
}

// problem reports a row that needs a look.
func (l line) problem() bool {
	return l.known && (l.result.State == Failed || l.result.State == Warn)
}

// show leaves out, or not, what is well and what was skipped.
func (m *Model) show(only bool) {
	m.only = only
	m.table.SetFilter(func(l line) bool { return !only || l.problem() || l.running })
}

// Close steps out of the problems.
func (m *Model) Close() bool {
	was := m.only
	if was {
		m.show(false)
	}
	return was
}

// StopReading ends the round; what was found stays.
func (m *Model) StopReading() bool {
	if m.since.IsZero() {
		return false
	}
	m.round++ // what is still on its way is not waited for
	m.cut = true
	for i := range m.lines {
		m.lines[i].running = false
	}
	m.over()
	return true
}

// Offers lists what can be done here.
func (m *Model) Offers() []keymap.Offer {
	return []keymap.Offer{{Action: keymap.Refresh}, {Action: keymap.ToggleErrorsOnly}, {Action: keymap.OpenCopyMenu}, {Action: keymap.NextError, Word: "error"}}
}

// Copies offers the report, the row and the command that prints the report.
func (m *Model) Copies() []ui.Copy {
	command := "korescope doctor"
	if m.all {
		command += " --all"
	}
	out := []ui.Copy{
		{Action: keymap.CopyText, Name: text.Lit("report"), Value: m.report()},
		{Action: keymap.CopyLine, Name: text.Lit("command line"), Value: command},
	}
	if l, ok := m.table.Selected(); ok && l.known {
		out = append(out, ui.Copy{Action: keymap.CopyValue, Name: text.Lit("finding"), Value: l.result.Found.String()})
	}
	return out
}

// report is every result as text, a line each.
func (m *Model) report() string {
	var b strings.Builder
	for _, l := range m.lines {
		if l.known {
			for _, s := range Plain(l.result, 0) {
				b.WriteString(s.String() + "\n")
			}
		}
	}
	return b.String()
}

// Plain is a result as lines of text: what was found, and below it what to do.
// A width of 0 wraps nothing.
func Plain(r Result, width int) []text.Safe {
	head := text.Join("  ", text.Clean(r.Name).Pad(nameWidth), text.Clean(string(r.State)).Pad(stateWidth))
	var out []text.Safe
	for _, sentence := range []text.Safe{r.Found, r.Advice} {
		parts := []text.Safe{sentence}
		if room := width - head.Width() - 2; width > 0 && room >= 20 {
			parts = sentence.Wrap(room)
		}
		for _, part := range parts {
			if part.Empty() {
				continue
			}
			out = append(out, text.Join("  ", head, part))
			head = text.Blank(nameWidth + 2 + stateWidth)
		}
	}
	return out
}

// The columns of names and states, in cells.
const nameWidth, stateWidth = 14, 7

// Place is the line after ":" that looks again.
func (m *Model) Place() string {
	if m.all {
		return "doctor all"
	}
	return "doctor"
}
