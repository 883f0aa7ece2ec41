package containment

import (
	"cmp"

	"korescope/api"
	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/canvas"
	"korescope/ui/chart"
	"korescope/ui/table"
	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/views"
)

const topRows = 2 // legend, sums

// barCells is the width of the stacked bar.
const barCells = 20

func (m *Model) columns() []table.Column[tally] {
	num := func(name string, title text.Safe, rank int, token theme.Token, of func(tally) int64) table.Column[tally] {
		return table.Column[tally]{
			Name: name, Title: title, Min: 5, Ideal: 6, Right: true, Rank: rank,
			Cell: func(t tally) canvas.Span {
				s := text.Count(int(of(t)))
				if t.unknown {
					s = text.Join("", text.Lit(">="), s)
				}
				if of(t) == 0 {
					return canvas.S(theme.Dim, s) // nothing is no alarm
				}
				return canvas.S(token, s)
			},
			Less: func(a, b tally) int { return cmp.Compare(of(a), of(b)) },
		}
	}
	out := []table.Column[tally]{}
	if m.daily {
		out = append(out, table.Column[tally]{
			Name: "period", Title: text.Lit("DAY"), Min: 10, Ideal: 10, Rank: 9,
			Cell: func(t tally) canvas.Span { return canvas.S(theme.Plain, m.env().Text(t.period)) },
			Less: func(a, b tally) int { return cmp.Compare(a.period, b.period) },
		})
	}
	out = append(out,
		table.Column[tally]{
			Name: "task", Title: text.Lit("TASK"), Min: 12, Ideal: 18, Grow: true, Rank: 10,
			Cell: func(t tally) canvas.Span { return canvas.S(theme.Plain, m.name(t)) },
			Less: func(a, b tally) int { return cmp.Compare(a.task, b.task) },
		},
		num("runs", text.Lit("RUNS"), 7, theme.Plain, func(t tally) int64 { return t.runs }),
		table.Column[tally]{
			Name: "ok", Title: text.Lit("OK%"), Min: 4, Ideal: 4, Right: true, Rank: 8,
			Cell: good,
			Less: func(a, b tally) int { return cmp.Compare(a.good*max(b.runs, 1), b.good*max(a.runs, 1)) },
		},
		num("drop", text.Lit("DROP"), 8, theme.Bad, func(t tally) int64 { return t.drop }),
		num("of", text.Lit("OF"), 8, theme.Dim, func(t tally) int64 { return t.ended() }),
		table.Column[tally]{
			Name: "dropPct", Title: text.Lit("DROP%"), Min: 5, Ideal: 5, Right: true, Rank: 8,
			Cell: share,
			Less: func(a, b tally) int { return a.pct() - b.pct() },
		},
		table.Column[tally]{
			Name: "ends", Title: text.Lit("SELF DROP AGENT"), Min: barCells, Ideal: 2 * barCells, Rank: 6,
			Spans: func(t tally, w int) []canvas.Span { return chart.Stack(parts(t), w) },
		},
	)
	if m.comparing {
		out = append(out, table.Column[tally]{
			Name: "before", Title: text.Lit("CHANGE"), Min: 9, Ideal: 9, Right: true, Rank: 7,
			Cell: against,
			Less: func(a, b tally) int { return a.points() - b.points() },
		})
	}
	return out
}

func (t tally) pct() int {
	p, ok := t.dropPct()
	if !ok {
		return -1
	}
	return p
}

func (m *Model) name(t tally) text.Safe {
	if t.task == "" {
		return text.Lit("(no task)")
	}
	return m.env().Text(t.task)
}

func good(t tally) canvas.Span {
	if t.runs == 0 {
		return canvas.S(theme.Dim, text.Lit("-"))
	}
	pct := int((t.good*100 + t.runs/2) / t.runs)
	token := theme.Dim
	if pct < 70 {
		token = theme.Bad
	}
	return canvas.S(token, text.Format("%d%%", pct))
}

func share(t tally) canvas.Span {
	pct, ok := t.dropPct()
	switch {
	case !ok:
		return canvas.S(theme.Dim, text.Lit("-"))
	case pct == 0 || t.ended() < few:
		return canvas.S(theme.Dim, text.Format("%d%%", pct))
	case pct >= 30:
		return canvas.S(theme.Bad, text.Format("%d%%", pct))
	}
	return canvas.S(theme.Plain, text.Format("%d%%", pct))
}

// few is below how many conversations a share says little: three of seven are no
// alarm.
const few = 10

// against is the change of the share of drop-offs in points.
func against(t tally) canvas.Span {
	if _, ok := t.dropPct(); !ok || t.before == nil {
		return canvas.S(theme.Dim, text.Lit("new"))
	}
	points := t.points()
	token := theme.Dim
	if points >= 10 && t.ended() >= few && t.before.ended() >= few && t.beyondChance() {
		token = theme.Bad
	}
	return canvas.S(token, text.Format("%+d pts", points))
}

// points is how much the share of drop-offs changed; 0 when there was none.
func (t tally) points() int {
	if t.before == nil {
		return 0
	}
	return max(t.pct(), 0) - max(t.before.pct(), 0)
}

// beyondChance reports a change of the share that is more than twice what chance
// makes of shares of so few.
func (t tally) beyondChance() bool {
	n, was := float64(t.ended()), float64(t.before.ended())
	all := float64(t.drop+t.before.drop) / (n + was)
	apart := float64(t.drop)/n - float64(t.before.drop)/was
	return apart*apart > 4*all*(1-all)*(1/n+1/was)
}

func parts(t tally) []chart.Part {
	return []chart.Part{
		{Value: t.self, Token: theme.Good, Pattern: text.Lit("░")},
		{Value: t.drop, Token: theme.Bad, Pattern: text.Lit("█")},
		{Value: t.agent, Token: theme.Warn, Pattern: text.Lit("▒")},
	}
}

// Fit takes the room the screen has.
func (m *Model) Fit(env ui.Env) {
	m.zone, m.width, m.height, m.bare = env.Zone, env.Width, env.Height, env.Bare
	m.table.SetWidth(m.width)
	m.table.SetHeight(max(m.height-topRows-1, 1))
}

// Heading tells the shell what is here.
func (m *Model) Heading() ui.Heading {
	h := ui.Heading{
		Title: text.Lit("containment"), Window: views.WindowText(m.window, 0, m.zone),
		Scopes: []keymap.Scope{keymap.Containment}, Status: m.status(),
	}
	if m.now == nil {
		return h
	}
	if a, ok := m.now.Answer(); ok {
		h.At, h.Cached = a.At, a.Origin == api.FromDisk
	}
	if m.now.Loading() || m.before.Loading() || m.ran.Loading() {
		h.Loading = m.since
	}
	for _, err := range []error{m.before.Err(), m.now.Err()} {
		if err != nil {
			h.Trouble = views.Trouble(m.d.Explain(err))
		}
	}
	return h
}

// Draw shows the legend, the sums and a row a task.
func (m *Model) Draw(env ui.Env) canvas.Block {
	out := canvas.Block{m.legend(env.Width), m.sums(env.Width)}
	if m.table.Len() == 0 {
		return append(out, canvas.Line{}, m.nothing())
	}
	return append(out, m.table.Draw(env.Width, max(env.Height-topRows, 2))...)
}

func (m *Model) legend(w int) canvas.Line {
	line := canvas.L(
		canvas.S(theme.Good, text.Lit(" ░ self service  ")), canvas.S(theme.Bad, text.Lit("█ drop-off  ")),
		canvas.S(theme.Warn, text.Lit("▒ agent")),
	)
	mode := text.Lit("whole window")
	if m.daily {
		mode = text.Lit("by day")
	}
	right := canvas.L(canvas.S(theme.Accent, text.Join("", text.Lit("["), mode, text.Lit("] "))))
	if m.comparing {
		right = canvas.L(canvas.S(theme.Accent, text.Lit("[against the window before] "))).Add(right.Spans...)
	}
	if only := m.onlyThese(); !only.Empty() {
		right = canvas.L(canvas.S(theme.Accent, text.Join("", text.Lit("["), only, text.Lit("] ")))).Add(right.Spans...)
	}
	return canvas.Split(w, line, right)
}

// onlyThese is what the platform was asked to leave out all else of.
func (m *Model) onlyThese() text.Safe {
	var words []text.Safe
	for _, name := range m.only.TaskNames() {
		words = append(words, m.env().Text(name))
	}
	for _, word := range []string{m.only.Kind, m.only.Status} {
		if word != "" {
			words = append(words, text.Clean(word))
		}
	}
	return text.Join(", ", words...)
}

func (m *Model) sums(w int) canvas.Line {
	if m.table.Len() == 0 {
		return canvas.Line{}
	}
	pct, _ := m.sum.dropPct()
	return canvas.L(
		canvas.S(theme.Strong, text.Format(" %s runs", text.Count(int(m.sum.runs)))),
		canvas.S(theme.Dim, text.Format("  %d%% of %s endings are drop-offs   a session may be in several rows", pct, text.Count(int(m.sum.ended())))),
	).Fit(w)
}

func (m *Model) nothing() canvas.Line {
	return views.NoReport(m.now.Loading(), m.now.Err(), text.Lit("no task ran in this window; f changes it"))
}

func (m *Model) status() canvas.Line {
	if m.now == nil {
		return canvas.Line{}
	}
	if m.ran.Loading() {
		return canvas.L(canvas.S(theme.Accent, text.Format(" asking which conversations ran %s ...", m.name(m.opening))))
	}
	if a, ok := m.now.Answer(); m.now.Loading() && ok {
		return chart.Report(a.Value.Job.Percent.Value, a.Value.Job.Percent.Known)
	}
	if a, ok := m.now.Answer(); ok && !views.Short(a.Gaps, "").Empty() {
		return canvas.L(canvas.S(theme.Bad, text.Join("", text.Lit(" not whole: "), views.ReadAll(views.Short(a.Gaps, "")))))
	}
	return canvas.L(canvas.S(theme.Dim, text.Lit(" the platform keeps a report for 15 minutes, korescope keeps it here")))
}
