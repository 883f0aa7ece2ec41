package tests

import (
	"korescope/api"
	"korescope/ui/canvas"
	"korescope/ui/chart"
	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/views"
)

// steps is the run under the cursor: what it is, how the suite went before, and
// its steps around the place of the cursor.
func (m *Model) steps(w, h int) canvas.Block {
	r, ok := m.table.Selected()
	if !ok {
		return canvas.Block{}.Fit(w, h)
	}
	out := canvas.Block{m.runLine(r, w), m.pastLine(r, w)}
	rows := m.stepRows(w)
	if len(rows) == 0 {
		return append(out, m.without(r, w)...).Fit(w, h)
	}
	room := max(h-len(out), 1)
	from := max(0, min(m.anchor(rows)-room/3, len(rows)-room))
	for _, s := range rows[from:min(from+room, len(rows))] {
		out = append(out, s.line)
	}
	return out.Fit(w, h)
}

func (m *Model) runLine(r *row, w int) canvas.Line {
	token := theme.Dim
	if m.inside || m.full {
		token = theme.Accent
	}
	line := canvas.L(canvas.S(token, text.Lit(" ")), canvas.S(theme.Strong, m.env().Text(r.run.Suite)), canvas.S(theme.Plain, text.Lit("  ")))
	line = line.Add(canvas.Span(views.VerdictBadge(r.run.Verdict, r.run.State)))
	if n := len(r.run.Steps); n > 0 {
		line = line.Add(canvas.S(token, text.Format("  step %d of %d", min(m.step+1, n), n)))
	} else if r.run.Total.Known {
		line = line.Add(canvas.S(token, text.Format("  %d steps", r.run.Total.Value)))
	}
	right := canvas.L()
	if r.run.ID != "" {
		right = canvas.L(canvas.S(theme.Dim, text.Join("", m.env().ShortID(string(r.run.ID)), text.Lit(" "))))
	}
	return canvas.Split(w, line, right)
}

// pastLine is how the runs of the suite went, oldest first, or how the run
// stands against the last good one.
func (m *Model) pastLine(r *row, w int) canvas.Line {
	if m.against {
		return canvas.L(m.comparison(r)...).Fit(w)
	}
	const most = 20
	var signs []canvas.Span
	for _, o := range m.rows {
		if o.run.Suite != r.run.Suite || o.stage().open() || o.stage() == notStarted || len(signs) == most {
			continue
		}
		sign := canvas.S(theme.Warn, text.Lit("?"))
		switch o.stage() {
		case passed:
			sign = canvas.S(theme.Good, text.Lit("."))
		case failed:
			sign = canvas.S(theme.Bad, text.Lit("x"))
		case broken:
			sign = canvas.S(theme.Bad, text.Lit("!"))
		}
		signs = append([]canvas.Span{sign, canvas.S(theme.Plain, text.Lit(" "))}, signs...)
	}
	line := canvas.L(canvas.S(theme.Dim, text.Lit(" last runs, oldest left: "))).Add(signs...)
	if len(signs) == 0 {
		line = canvas.L(canvas.S(theme.Dim, text.Lit(" no run of this suite has ended yet")))
	}
	return line.Fit(w)
}

func (m *Model) comparison(r *row) []canvas.Span {
	say := func(t theme.Token, s text.Safe) []canvas.Span {
		return []canvas.Span{canvas.S(t, text.Join("", text.Lit(" "), s))}
	}
	switch {
	case m.good.key != r.key:
		return say(theme.Dim, text.Lit("looking for the last good run ..."))
	case m.good.err != nil:
		return say(theme.Bad, text.Lit("the last good run could not be read"))
	case !m.good.found:
		return say(theme.Warn, text.Lit("no earlier run of this suite that passed is kept here"))
	case len(m.good.run.Steps) == 0:
		return say(theme.Warn, text.Lit("the last good run is kept without its steps"))
	case len(r.run.Steps) == 0:
		return say(theme.Dim, text.Lit("this run has no steps to compare"))
	}
	newly, fresh := 0, 0
	for i, s := range r.run.Steps {
		was, had := m.wasGood(i, s)
		switch {
		case !had:
			fresh++
		case fails(s) && !fails(was):
			newly++
		}
	}
	token := theme.Good
	if newly > 0 {
		token = theme.Bad
	}
	out := say(theme.Dim, text.Format("against the good run of %s (%s): ", views.Moment(m.good.run.Started, m.env()), m.orDash(m.good.run.Version)))
	out = append(out, canvas.S(token, text.Format("%d newly fail", newly)))
	if fresh > 0 {
		out = append(out, canvas.S(theme.Info, text.Format(", %d not in it", fresh)))
	}
	return out
}

func (m *Model) orDash(v api.Version) text.Safe {
	if v == "" {
		return text.Lit("-")
	}
	return m.env().Text(string(v))
}

// without says why there are no steps.
func (m *Model) without(r *row, w int) canvas.Block {
	say := func(t theme.Token, parts ...text.Safe) canvas.Block {
		var out canvas.Block
		for _, l := range text.Join(" ", parts...).Wrap(max(w-4, 10)) {
			out = append(out, canvas.L(canvas.S(t, text.Join("", text.Lit("   "), l))))
		}
		return out
	}
	switch r.stage() {
	case starting:
		return say(theme.Dim, text.Lit("The start is sent, once; its answer is awaited."))
	case running:
		bar := canvas.L(canvas.S(theme.Plain, text.Lit("   "))).
			Add(chart.Progress(r.run.Percent.Value, r.run.Percent.Known, max(w-6, 12))...)
		return append(canvas.Block{bar}, say(theme.Dim, text.Lit("The platform shows the steps when the run is over."))...)
	case unwatched:
		return say(theme.Warn, text.Lit("The run was under way when it was last heard of; r follows it on."))
	case notStarted:
		if r.failure() == nil {
			return say(theme.Bad, text.Lit("It was not started."))
		}
		p := m.d.Explain(r.failure())
		return say(theme.Bad, p.Sentence, p.Hint)
	case unsure:
		if r.run.ID == "" {
			p := m.d.Explain(&api.Error{Kind: api.OutcomeUnknown, Endpoint: api.RunSuite})
			return say(theme.Warn, p.Sentence, p.Hint)
		}
		return say(theme.Warn, text.Format("How it ended is not known: %s.", m.env().Text(r.run.Failure)), text.Lit("r asks once more."))
	case expired:
		return say(theme.Warn, text.Lit("The platform has forgotten this run before its result was read."))
	case broken:
		why := r.run.Failure
		if why == "" {
			why = "the platform gives no reason"
		}
		return say(theme.Bad, text.Format("The run could not be carried out: %s.", m.env().Text(why)))
	case passed, failed:
	}
	return say(theme.Dim, text.Lit("The platform sent the result without its steps."))
}
