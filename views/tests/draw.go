package tests

import (
	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/views"
)

// The steps stand beside the list from this width on, else below it on screens
// that have the rows.
const (
	wideFrom  = 120
	stepsFrom = 12 // rows of the body
	topRows   = 1
	headRows  = 2 // of the steps
)

// Heading tells the shell what is here.
func (m *Model) Heading() ui.Heading {
	h := ui.Heading{Title: text.Lit("tests"), Scopes: []keymap.Scope{keymap.Tests}}
	if m.kept == nil {
		return h
	}
	h.Status = m.status()
	for _, r := range m.rows {
		if r.stage() == starting {
			h.Loading = m.since
		}
	}
	r, ok := m.table.Selected()
	if ok {
		h.At = r.run.Changed
	}
	switch err := m.kept.Err(); {
	case ok && m.stepsRoom() && (r.stage() == notStarted || r.stage() == unsure):
		// The pane says it whole.
	case ok && r.failure() != nil:
		h.Trouble = views.Trouble(m.d.Explain(r.failure()))
	case ok && m.against && m.good.err != nil:
		h.Trouble = views.Trouble(m.d.Explain(m.good.err))
	case err != nil:
		h.Trouble = views.Trouble(m.d.Explain(err))
	}
	return h
}

// Progress is how far the runs under way are, on average.
func (m *Model) Progress() (percent int, on bool) {
	sum, n := 0, 0
	for _, r := range m.rows {
		if r.stage() == running {
			sum += max(0, min(r.run.Percent.Value, 100))
			n++
		}
	}
	if n == 0 {
		return 0, false
	}
	return sum / n, true
}

// status says how the questions stand and what they cost.
func (m *Model) status() canvas.Line {
	on := 0
	for _, r := range m.rows {
		if r.stage() == running || r.stage() == starting {
			on++
		}
	}
	switch {
	case on > 0:
		return canvas.L(canvas.S(theme.Dim, text.Lit(" runs are asked about every few seconds; leaving the list leaves them on")))
	case m.table.Len() > 0:
		return canvas.L(canvas.S(theme.Dim, text.Format(" %d of %d", m.table.Cursor()+1, m.table.Len())))
	}
	return canvas.Line{}
}

// Fit takes the room the screen has.
func (m *Model) Fit(env ui.Env) {
	m.zone, m.width, m.height, m.bare = env.Zone, env.Width, env.Height, env.Bare
	m.table.SetHeight(m.listHeight() - 1)
	m.inside = m.inside && m.stepsRoom()
}

func (m *Model) wide() bool { return m.width >= wideFrom }

func (m *Model) stepsRoom() bool { return m.wide() || m.height >= stepsFrom }

// listHeight is the rows of the list with its titles.
func (m *Model) listHeight() int {
	h := m.height - topRows
	if m.wide() || !m.stepsRoom() {
		return max(h, 2)
	}
	return max(h*2/5, 4)
}

func (m *Model) listWidth() int {
	if m.wide() {
		return max(m.width*55/100, 76)
	}
	return m.width
}

// stepsWidth and stepsHeight are the room of the steps themselves.
func (m *Model) stepsWidth() int {
	if m.wide() && !m.full {
		return m.width - m.listWidth() - 2
	}
	return m.width
}

func (m *Model) stepsHeight() int {
	switch {
	case m.full:
		return max(m.height-headRows, 1)
	case m.wide():
		return max(m.height-topRows-headRows, 1)
	}
	return max(m.height-topRows-m.listHeight()-1-headRows, 1)
}

// Draw shows the list, and the steps beside or below it, or the steps alone.
func (m *Model) Draw(env ui.Env) canvas.Block {
	w := env.Width
	if m.table.Len() == 0 {
		return append(canvas.Block{m.top(w)}, m.nothing(w)...)
	}
	if m.full {
		return m.steps(w, m.stepsHeight()+headRows)
	}
	out := canvas.Block{m.top(w)}
	list := m.table.Draw(m.listWidth(), m.listHeight())
	switch {
	case m.wide():
		edge := canvas.S(theme.Faint, text.Lit("│ "))
		pane := m.steps(m.stepsWidth(), m.listHeight())
		for i := range pane {
			pane[i] = canvas.L(edge).Add(pane[i].Spans...)
		}
		return append(out, canvas.Beside(list, pane)...)
	case m.stepsRoom():
		rule := canvas.L(canvas.S(theme.Faint, ruled(w)))
		return append(append(append(out, list...), rule), m.steps(w, m.stepsHeight()+headRows)...)
	}
	return append(out, list...)
}

func ruled(w int) text.Safe {
	return text.Join("", repeat(w)...)
}

func repeat(n int) []text.Safe {
	out := make([]text.Safe, n)
	for i := range out {
		out[i] = text.Lit("─")
	}
	return out
}

// top says how many runs there are, and how many of a day's allowance are seen
// to be used: the platform tells nobody.
func (m *Model) top(w int) canvas.Line {
	on, over := 0, 0
	for _, r := range m.rows {
		switch s := r.stage(); {
		case s.open():
			on++
		case s != notStarted:
			over++
		}
	}
	line := canvas.L(canvas.S(theme.Strong, text.Format(" %d under way", on)), canvas.S(theme.Dim, text.Format("   %d kept here", over)))
	const allowance, warnAt = 10, 8
	token := theme.Dim
	n := m.today()
	if n >= warnAt {
		token = theme.Warn
	}
	right := canvas.L(canvas.S(token, text.Format("today %d seen from here, a standard plan has %d ", n, allowance)))
	if w < 76 {
		right = canvas.L(canvas.S(token, text.Format("%d today ", n)))
	}
	return canvas.Split(w, line, right)
}

// nothing says how to start a first run.
func (m *Model) nothing(w int) canvas.Block {
	a, ok := m.kept.Answer()
	var parts []text.Safe
	switch {
	case !ok && m.kept.Loading():
		parts = []text.Safe{text.Lit("reading the runs that are kept here ...")}
	case !m.d.Allowed:
		parts = []text.Safe{
			text.Lit("No test run is kept here."),
			text.Lit("The profile does not allow test runs: set allow_tests = true in it, then :tests run NAME starts one."),
		}
	default:
		parts = []text.Safe{
			text.Lit("No test run is kept here."),
			text.Lit(":tests run NAME starts one, :tests run NAME,NAME several; --version inDevelopment tests what is not published."),
			text.Lit(":tests status SUITE RUN follows one that was started elsewhere."),
		}
		for i, s := range a.Value.Suites {
			lead := text.Lit("        ")
			if i == 0 {
				lead = text.Lit("Suites: ")
			}
			parts = append(parts, text.Join("", lead, m.env().Text(s)))
		}
		if len(a.Value.Suites) == 0 {
			parts = append(parts, text.Lit("The platform lists no suites; test_suites in the profile names those to offer."))
		}
	}
	out := canvas.Block{canvas.Line{}}
	for _, p := range parts {
		for _, l := range p.Wrap(max(w-6, 10)) {
			out = append(out, canvas.L(canvas.S(theme.Dim, text.Join("", text.Lit("   "), l))))
		}
	}
	return out
}
