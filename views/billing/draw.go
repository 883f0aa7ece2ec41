package billing

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

const topRows = 2 // units and grouping, sums

// barWidth is the cells of the bar column; it takes more when there is room.
const barWidth = 24

func (m *Model) columns() []table.Column[line] {
	env := func() views.Env { return views.Env{Now: m.d.Clock(), Zone: m.zone} }
	return []table.Column[line]{
		{
			Name: "period", Title: text.Lit("PERIOD"), Min: 12, Ideal: 12, Rank: 9,
			Cell: func(l line) canvas.Span {
				token := theme.Plain
				if l.row.Filled {
					token = theme.Faint
				}
				return canvas.S(token, views.PeriodText(l.row, m.by, env()))
			},
			Less: func(a, b line) int { return a.row.Period.Compare(b.row.Period) },
		},
		{
			Name: "value", Title: text.Lit("BILLED"), Min: 9, Ideal: 9, Right: true, Rank: 8,
			Cell: func(l line) canvas.Span { return m.billed(l) },
			Less: func(a, b line) int { return cmp.Compare(a.value.Value, b.value.Value) },
		},
		{
			Name: "bar", Title: text.Safe{}, Min: barWidth, Ideal: barWidth, Grow: true, Rank: 5,
			Spans: func(l line, w int) []canvas.Span { return []canvas.Span{m.bar(l, w)} },
		},
		{
			Name: "usual", Title: text.Lit("USUAL"), Min: 8, Ideal: 8, Right: true, Rank: 6,
			Cell: func(l line) canvas.Span { return canvas.S(theme.Dim, known(l.usual)) },
			Less: func(a, b line) int { return cmp.Compare(a.usual.Value, b.usual.Value) },
		},
		{
			Name: "change", Title: text.Lit("CHANGE"), Min: 7, Ideal: 7, Right: true, Rank: 7,
			Cell: func(l line) canvas.Span { return m.changed(l) },
			Less: func(a, b line) int { return cmp.Compare(a.change.Value, b.change.Value) },
		},
	}
}

// billed is the value; a period that is not over says so.
func (m *Model) billed(l line) canvas.Span {
	if m.running(l) {
		return canvas.S(theme.Dim, text.Join("", known(l.value), text.Lit("~")))
	}
	return canvas.S(theme.Strong, known(l.value))
}

func known(v api.Maybe[int64]) text.Safe {
	if !v.Known {
		return text.Lit("?")
	}
	return text.Count(int(v.Value))
}

func (m *Model) bar(l line, w int) canvas.Span {
	token := theme.Info
	if m.running(l) {
		token = theme.Dim
	}
	return canvas.S(token, chart.Bar(l.value.Value, m.most, w))
}

// running reports that the value is of a part of the period: it is not over and
// still grows, or the window begins inside it.
func (m *Model) running(l line) bool { return m.periodOf(l).To.After(m.d.Clock()) || m.cut(l) }

// changed is the change against the usual; a period that is not over cannot be
// compared yet.
func (m *Model) changed(l line) canvas.Span {
	if !l.change.Known || m.running(l) {
		return canvas.S(theme.Dim, text.Lit("-"))
	}
	token := theme.Dim
	switch {
	case l.change.Value >= 25:
		token = theme.Warn
	case l.change.Value <= -25:
		token = theme.Info
	}
	return canvas.S(token, text.Format("%+d%%", l.change.Value))
}

// Fit takes the room the screen has.
func (m *Model) Fit(env ui.Env) {
	m.zone, m.width, m.height = env.Zone, env.Width, env.Height
	m.table.SetWidth(m.width)
	m.table.SetHeight(max(m.height-topRows-1, 1))
}

// Heading tells the shell what is here.
func (m *Model) Heading() ui.Heading {
	h := ui.Heading{
		Title: text.Lit("billing"), Window: views.WindowText(m.window, 0, m.zone),
		Scopes: []keymap.Scope{keymap.Billing}, Status: m.status(),
	}
	if m.feed == nil {
		return h
	}
	if a, ok := m.feed.Answer(); ok {
		h.At, h.Cached = a.At, a.Origin == api.FromDisk
	}
	if m.feed.Loading() {
		h.Loading = m.since
	}
	if err := m.feed.Err(); err != nil {
		h.Trouble = views.Trouble(m.d.Explain(err))
	}
	return h
}

// Draw shows the units, the sums and a bar a period.
func (m *Model) Draw(env ui.Env) canvas.Block {
	out := canvas.Block{m.choices(env.Width), m.sums(env.Width)}
	h := max(env.Height-topRows, 2)
	if m.table.Len() == 0 {
		return append(out, canvas.Line{}, m.nothing())
	}
	return append(out, m.table.Draw(env.Width, h)...)
}

func (m *Model) choices(w int) canvas.Line {
	line := canvas.L(canvas.S(theme.Plain, text.Lit(" ")))
	for i, u := range units() {
		if i == m.unit {
			line = line.Add(canvas.S(theme.Accent, text.Format("[%s]", text.Clean(u.name))))
		} else {
			line = line.Add(canvas.S(theme.Dim, text.Format(" %s ", text.Clean(u.name))))
		}
	}
	by := canvas.L(canvas.S(theme.Dim, text.Lit("by ")))
	for _, p := range []api.Period{api.ByMonth, api.ByDay, api.ByHour} {
		if p == m.by {
			by = by.Add(canvas.S(theme.Accent, text.Format("[%s]", text.Clean(string(p)))))
		} else {
			by = by.Add(canvas.S(theme.Dim, text.Format(" %s ", text.Clean(string(p)))))
		}
	}
	return canvas.Split(w, line, by.Add(canvas.S(theme.Plain, text.Lit(" "))))
}

// sums adds up what is known and says when something is not.
func (m *Model) sums(w int) canvas.Line {
	of := units()[m.unit].of
	var sum int64
	unknown := 0
	for _, r := range m.shown {
		v := of(r)
		if v.Known {
			sum += v.Value
		} else {
			unknown++
		}
	}
	if len(m.shown) == 0 {
		return canvas.Line{}
	}
	total := text.Count(int(sum))
	if unknown > 0 {
		total = text.Join("", text.Lit(">="), total)
	}
	return canvas.L(
		canvas.S(theme.Dim, text.Lit(" total ")), canvas.S(theme.Strong, total),
		canvas.S(theme.Dim, text.Join("", text.Lit("   usual = "), usualWords(m.by), text.Lit("   periods are UTC"))),
	).Fit(w)
}

// usualWords say what a period is compared with.
func usualWords(by api.Period) text.Safe {
	switch by {
	case api.ByHour:
		return text.Lit("same hour of 7 days before")
	case api.ByDay:
		return text.Lit("same weekday of 4 weeks before")
	}
	return text.Lit("average of 3 months before")
}

func (m *Model) nothing() canvas.Line {
	return views.NoReport(m.feed.Loading(), m.feed.Err(), text.Lit("no usage in this window; f changes it"))
}

func (m *Model) status() canvas.Line {
	if m.feed == nil {
		return canvas.Line{}
	}
	a, ok := m.feed.Answer()
	if ok && m.feed.Loading() && a.Note != "" {
		return canvas.L(canvas.S(theme.Warn, text.Join("", text.Lit(" "), text.Clean(a.Note))))
	}
	if m.feed.Loading() && ok {
		return chart.Report(a.Value.Job.Percent.Value, a.Value.Job.Percent.Known)
	}
	if l, some := m.table.Selected(); some && m.running(l) {
		if m.cut(l) {
			return canvas.L(canvas.S(theme.Dim, text.Lit(" ~ the window begins inside this period: only a part of it is counted")))
		}
		return canvas.L(canvas.S(theme.Dim, text.Lit(" ~ this period is not over: its value still grows")))
	}
	return canvas.L(canvas.S(theme.Dim, text.Lit(" a billed session is a block of 15 minutes: one long conversation can be several")))
}
