package tests

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
)

// Do carries out an action.
func (m *Model) Do(a keymap.Action) tea.Cmd {
	switch a {
	case keymap.OpenItem:
		if m.table.Len() > 0 {
			m.full = true
		}
		return nil
	case keymap.NextPane, keymap.PrevPane:
		m.inside = !m.inside && m.table.Len() > 0 && m.stepsRoom()
		return nil
	case keymap.NextError:
		return m.toFailure(1)
	case keymap.PrevError:
		return m.toFailure(-1)
	case keymap.CompareGood:
		return m.compare()
	case keymap.Refresh:
		return m.again()
	}
	if m.full || m.inside {
		m.walk(a)
		return nil
	}
	if !m.table.Do(a) {
		return nil
	}
	return m.moved()
}

// toStep puts the cursor of the steps on the first one that failed: that is what
// a run is opened for.
func (m *Model) toStep(r *row) {
	m.step, m.line = 0, 0
	for i, s := range r.run.Steps {
		if fails(s) {
			m.step = i
			return
		}
	}
}

func fails(s api.TestStep) bool {
	return s.Verdict == api.VerdictFailed || s.Verdict == api.VerdictError
}

func (m *Model) toFailure(by int) tea.Cmd {
	r, ok := m.table.Selected()
	if !ok {
		return nil
	}
	for i := m.step + by; i >= 0 && i < len(r.run.Steps); i += by {
		if fails(r.run.Steps[i]) {
			m.step, m.line = i, 0
			return nil
		}
	}
	return ui.Notify(ui.Note{Text: text.Lit("no further failing step in this run")})
}

// walk moves through the steps line by line.
func (m *Model) walk(a keymap.Action) {
	page := max(m.stepsHeight()-1, 1)
	switch a {
	case keymap.MoveUp:
		m.scroll(-1)
	case keymap.MoveDown:
		m.scroll(1)
	case keymap.PageUp:
		m.scroll(-page)
	case keymap.PageDown:
		m.scroll(page)
	case keymap.HalfPageUp:
		m.scroll(-page / 2)
	case keymap.HalfPageDown:
		m.scroll(page / 2)
	case keymap.GoTop:
		m.step, m.line = 0, 0
	case keymap.GoBottom:
		m.scroll(1 << 20)
	}
}

// scroll moves the place in the steps by n lines.
func (m *Model) scroll(n int) {
	rows := m.stepRows(m.stepsWidth())
	if len(rows) == 0 {
		return
	}
	at := max(0, min(m.anchor(rows)+n, len(rows)-1))
	m.step, m.line = rows[at].step, 0
	for at > 0 && rows[at-1].step == m.step {
		at--
		m.line++
	}
}

func (m *Model) compare() tea.Cmd {
	if m.against {
		m.against, m.good = false, good{}
		return nil
	}
	if m.table.Len() == 0 {
		return nil
	}
	m.against = true
	return m.moved()
}

// again asks about the run under the cursor. Nothing here starts one.
func (m *Model) again() tea.Cmd {
	read := m.kept.Ask(All{})
	r, ok := m.table.Selected()
	if !ok {
		return read
	}
	switch s := r.stage(); {
	case s == starting, s == notStarted:
		return read
	case r.run.ID == "":
		return tea.Batch(read, ui.Notify(ui.Note{Text: text.Lit("its id is not known here; :tests status SUITE RUN follows a run by the id the console shows")}))
	case s.open():
		return tea.Batch(read, m.ask(r, Ask{Suite: r.run.Suite, ID: r.run.ID}))
	case s == passed, s == failed:
		return tea.Batch(read, ui.Notify(ui.Note{Text: text.Lit("this run is over and its result is kept here")}))
	}
	return tea.Batch(read, m.ask(r, Ask{Suite: r.run.Suite, ID: r.run.ID, Once: true}))
}

// Close steps out of the full view, then of the steps, then of the comparison.
func (m *Model) Close() bool {
	switch {
	case m.full:
		m.full = false
	case m.inside:
		m.inside = false
	case m.against:
		m.against, m.good = false, good{}
	default:
		return false
	}
	return true
}

// StopReading ends the questions; the runs themselves go on.
func (m *Model) StopReading() bool {
	if m.kept == nil {
		return false
	}
	was := m.kept.Loading()
	m.kept.Stop()
	for _, r := range m.rows {
		if r.asking() {
			r.feed.Stop()
			was = true
		}
	}
	return was
}

// Offers lists what can be done here.
func (m *Model) Offers() []keymap.Offer {
	off, none := "", "no failing step"
	r, ok := m.table.Selected()
	if !ok {
		off = "no run"
	} else {
		for _, s := range r.run.Steps {
			if fails(s) {
				none = ""
			}
		}
	}
	return []keymap.Offer{
		{Action: keymap.OpenItem, Off: off}, {Action: keymap.NextError, Off: none, Word: "error"}, {Action: keymap.CompareGood, Off: off},
		{Action: keymap.OpenCopyMenu, Off: off}, {Action: keymap.NextPane, Off: off, Word: "steps"}, {Action: keymap.Refresh},
	}
}

// Copies offers the id of the run, the command that prints it, and what came in
// the step under the cursor.
func (m *Model) Copies() []ui.Copy {
	r, ok := m.table.Selected()
	if !ok {
		return nil
	}
	line := views.CommandLine([]string{"tests", "history"}, m.env().Masked(r.run.Suite))
	var out []ui.Copy
	if r.run.ID != "" {
		out = append(out, ui.Copy{Action: keymap.CopyID, Name: text.Lit("run id"), Value: m.env().MaskedID(string(r.run.ID))})
		line = views.CommandLine([]string{"tests", "status"}, m.env().Masked(r.run.Suite), m.env().MaskedID(string(r.run.ID)))
	}
	if m.step < len(r.run.Steps) {
		out = append(out, ui.Copy{
			Action: keymap.CopyValue, Name: text.Lit("what came"), Value: m.env().Masked(strings.Join(r.run.Steps[m.step].Actual, "\n")),
		})
	}
	return append(out, ui.Copy{Action: keymap.CopyLine, Name: text.Lit("command line"), Value: line})
}

// Place is the line after ":" that opens the list of runs again.
func (m *Model) Place() string { return "tests" }

// Hidden is what the mask hides of the step under the cursor, then of the run.
func (m *Model) Hidden() []ui.Hidden {
	r, ok := m.table.Selected()
	if !ok {
		return nil
	}
	return views.HiddenFields(m.env(), views.TestFields(), r.run, text.Join(" ", text.Lit("test run"), m.env().ID(string(r.run.ID))), func(e views.Env) {
		if m.step >= len(r.run.Steps) {
			return
		}
		s := r.run.Steps[m.step]
		for _, said := range slices.Concat([]string{s.Input}, s.Expected, s.Actual, s.Failed) {
			e.Text(said)
		}
	})
}
