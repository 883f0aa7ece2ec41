package tests

import (
	"korescope/api"
	"korescope/ui/canvas"
	"korescope/ui/chart"
	"korescope/ui/table"
	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/views"
)

func (m *Model) columns() []table.Column[*row] {
	number := func(name string, title text.Safe, rank int, bad bool, of func(api.TestRun) api.Maybe[int]) table.Column[*row] {
		return table.Column[*row]{
			Name: name, Title: title, Min: 4, Ideal: 4, Right: true, Rank: rank,
			Cell: func(r *row) canvas.Span { return count(of(r.run), bad) },
		}
	}
	return []table.Column[*row]{
		{
			Name: "suite", Title: text.Lit("SUITE"), Min: 12, Ideal: 24, Rank: 20,
			Cell: func(r *row) canvas.Span { return canvas.S(theme.Plain, m.env().Text(r.run.Suite)) },
		},
		{
			Name: "version", Title: text.Lit("VERSION"), Min: 9, Ideal: 13, Rank: 9,
			Spans: func(r *row, w int) []canvas.Span {
				word := m.orDash(r.run.Version)
				if r.run.Version == api.InDevelopment && word.Width() > w {
					word = text.Lit("in dev")
				}
				return []canvas.Span{canvas.S(theme.Dim, word)}
			},
		},
		{
			Name: "start", Title: text.Lit("START"), Min: 12, Ideal: 12, Rank: 10,
			Cell: func(r *row) canvas.Span { return canvas.S(theme.Plain, views.Moment(r.run.Started, m.env())) },
		},
		{
			Name: "progress", Title: text.Lit("PROGRESS"), Min: 16, Ideal: 26, Rank: 19,
			Spans: progress,
		},
		number("passed", text.Lit("PASS"), 17, false, func(r api.TestRun) api.Maybe[int] { return r.Passed }),
		number("failed", text.Lit("FAIL"), 18, true, func(r api.TestRun) api.Maybe[int] { return r.Failed }),
		{
			Name: "left", Title: text.Lit("LEFT/TOOK"), Min: 9, Ideal: 9, Right: true, Rank: 16,
			Cell: func(r *row) canvas.Span { return m.leftOrTook(r) },
		},
	}
}

func count(n api.Maybe[int], bad bool) canvas.Span {
	switch {
	case !n.Known:
		return canvas.S(theme.Dim, text.Lit("?"))
	case bad && n.Value > 0:
		return canvas.S(theme.Bad, text.Count(n.Value))
	}
	return canvas.S(theme.Plain, text.Count(n.Value))
}

// leftOrTook is an estimate of what is left of a run, or how long it took.
func (m *Model) leftOrTook(r *row) canvas.Span {
	if r.stage().open() {
		if d, ok := Left(r.run, m.d.Clock()); ok {
			return canvas.S(theme.Info, text.Format("%s est", views.Age(d)))
		}
		return canvas.S(theme.Dim, text.Lit("?"))
	}
	if r.run.Duration.Known {
		return canvas.S(theme.Dim, views.Millis(r.run.Duration.Value))
	}
	return canvas.S(theme.Dim, text.Lit("-"))
}

// progress is the bar of a run: as far as it is, or by verdict when it is over.
func progress(r *row, w int) []canvas.Span {
	word := func(t theme.Token, s text.Safe) []canvas.Span { return []canvas.Span{canvas.S(t, s)} }
	switch r.stage() {
	case starting:
		return word(theme.Info, text.Lit("starting ..."))
	case notStarted:
		return word(theme.Bad, text.Lit("NOT STARTED"))
	case unsure:
		return word(theme.Warn, text.Lit("OUTCOME UNKNOWN"))
	case expired:
		return word(theme.Warn, text.Lit("EXPIRED"))
	case unwatched:
		return word(theme.Warn, text.Lit("not followed, r"))
	case passed, failed, broken:
		return verdictBar(r.run, w)
	case running:
	}
	bar := chart.Progress(r.run.Percent.Value, r.run.Percent.Known, w)
	if r.failure() != nil {
		bar[len(bar)-1] = canvas.S(theme.Warn, text.Format("%3d%%!", max(0, min(r.run.Percent.Value, 100))))
	}
	return bar
}

// verdictBar is a full bar in which failed steps have a sign of their own, and
// the verdict in a word.
func verdictBar(run api.TestRun, w int) []canvas.Span {
	badge := views.VerdictBadge(run.Verdict, run.State)
	inner := max(w-3-badge.Text.Width(), 3)
	parts := []chart.Part{
		{Value: int64(run.Passed.Value), Token: theme.Good, Pattern: text.Lit("#")},
		{Value: int64(run.Failed.Value), Token: theme.Bad, Pattern: text.Lit("x")},
		{Value: rest(run), Token: theme.Faint, Pattern: text.Lit(".")},
	}
	if run.Failed.Value > 0 && run.Total.Value > 0 {
		// One failure among many steps must not vanish in the rounding.
		parts[1].Value = max(parts[1].Value, int64((run.Total.Value+inner-1)/inner))
	}
	out := []canvas.Span{canvas.S(theme.Dim, text.Lit("["))}
	out = append(out, chart.Stack(parts, inner)...)
	return append(out, canvas.S(theme.Dim, text.Lit("] ")), canvas.Span(badge))
}

// rest is how many steps have no verdict.
func rest(run api.TestRun) int64 {
	if !run.Passed.Known && !run.Failed.Known {
		return 1
	}
	return int64(max(run.Total.Value-run.Passed.Value-run.Failed.Value, 0))
}
