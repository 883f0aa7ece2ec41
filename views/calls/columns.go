package calls

import (
	"cmp"
	"slices"
	"time"

	"korescope/api"
	"korescope/ui/canvas"
	"korescope/ui/table"
	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/views"
)

func (m *Model) env() views.Env {
	return views.Env{Now: m.d.Clock(), Zone: m.zone, Mask: m.d.Mask, Bare: m.bare}
}

// columns are the fields of the record that tell calls apart, the end of the
// call in one word, and what is wrong with it.
func (m *Model) columns() []table.Column[api.LLMCall] {
	fields := map[string]views.Field[api.LLMCall]{}
	for _, f := range views.LLMFields() {
		fields[f.Name] = f
	}
	col := func(name string, title text.Safe, least, ideal, rank int) table.Column[api.LLMCall] {
		c := views.Column(fields[name], m.env)
		c.Min, c.Ideal, c.Rank, c.Grow = least, ideal, rank, false
		if !title.Empty() {
			c.Title = title
		}
		return c
	}
	wide := func(c table.Column[api.LLMCall]) table.Column[api.LLMCall] {
		c.Wide = true
		return c
	}
	return []table.Column[api.LLMCall]{
		m.start(),
		col("timeTakenMs", text.Lit("TOOK"), 5, 5, 19),
		m.end(),
		m.name(),
		col("model", text.Safe{}, 8, 14, 9),
		col("requestTokens", text.Lit("IN"), 5, 6, 8),
		col("responseTokens", text.Lit("OUT"), 5, 5, 8),
		wide(col("integration", text.Safe{}, 8, 12, 2)),
		wide(col("feature", text.Safe{}, 8, 14, 2)),
		col("joinedBy", text.Lit("BY"), 9, 12, 3),
		m.trouble(),
	}
}

// start is the time of day, and the date as well in a window longer than a day.
func (m *Model) start() table.Column[api.LLMCall] {
	long := m.window.Length() > 25*time.Hour
	width := 8
	if long {
		width = 12
	}
	return table.Column[api.LLMCall]{
		Name: "startTime", Title: text.Lit("START"), Min: width, Ideal: width, Rank: 20,
		Cell: func(c api.LLMCall) canvas.Span {
			if long && !c.Start.IsZero() {
				return canvas.S(theme.Plain, text.Clean(c.Start.In(m.zone).Format("Jan 02 15:04")))
			}
			return canvas.S(theme.Plain, views.Start(c.Start, m.env()))
		},
		Less: func(a, b api.LLMCall) int { return a.Start.Compare(b.Start) },
	}
}

// end is how the call ended, in a word.
func (m *Model) end() table.Column[api.LLMCall] {
	return table.Column[api.LLMCall]{
		Name: "finish", Title: text.Lit("END"), Min: 7, Ideal: 7, Rank: 18,
		Cell: func(c api.LLMCall) canvas.Span { return canvas.Span(views.FinishBadge(c, m.env())) },
		Less: func(a, b api.LLMCall) int {
			return cmp.Compare(views.FinishBadge(a, views.Env{}).Text.String(), views.FinishBadge(b, views.Env{}).Text.String())
		},
	}
}

// name is the prompt, or the node when the prompt is the default one.
func (m *Model) name() table.Column[api.LLMCall] {
	of := func(c api.LLMCall) string {
		if c.Prompt != "" && c.Prompt != "Default" {
			return c.Prompt
		}
		return cmp.Or(c.Description, c.Feature, c.Prompt)
	}
	return table.Column[api.LLMCall]{
		Name: "name", Title: text.Lit("PROMPT OR NODE"), Min: 16, Ideal: 22, Rank: 17,
		Cell: func(c api.LLMCall) canvas.Span {
			if c.Unreadable != "" {
				return canvas.S(theme.Bad, text.Lit("unreadable row"))
			}
			return canvas.S(theme.Plain, m.env().Text(of(c)))
		},
		Less: func(a, b api.LLMCall) int { return cmp.Compare(of(a), of(b)) },
	}
}

func (m *Model) trouble() table.Column[api.LLMCall] {
	return table.Column[api.LLMCall]{
		Name: "problem", Title: text.Lit("PROBLEM"), Min: 18, Ideal: 22, Grow: true, Rank: 10,
		Cell: func(c api.LLMCall) canvas.Span {
			return canvas.S(theme.Bad, m.env().Text(cmp.Or(c.Problem, c.Unreadable)))
		},
		Less: func(a, b api.LLMCall) int { return cmp.Compare(a.Problem, b.Problem) },
	}
}

// numbers is the list as a whole: how many, how slow, how many need a look.
func (m *Model) numbers(w int) canvas.Line {
	rows := m.table.Shown()
	var took []int64
	var in, out views.TokenSum
	bad := 0
	for _, c := range rows {
		if c.TimeTaken.Known {
			took = append(took, c.TimeTaken.Value)
		}
		in.Add(c.RequestTokens)
		out.Add(c.ResponseTokens)
		if views.NeedsLook(c) {
			bad++
		}
	}
	least := text.Safe{}
	a, ok := m.feed.Answer()
	if !ok {
		return canvas.L(canvas.S(theme.Dim, text.Lit(" ? calls"))).Fit(w)
	}
	if !a.Done || a.Partial {
		least = text.Lit(">=")
	}
	line := canvas.L(canvas.S(theme.Strong, text.Format(" %s%s calls", least, text.Count(len(rows)))))
	if bad > 0 {
		line = line.Add(canvas.S(theme.Bad, text.Format("  ! %d need a look", bad)))
	}
	if len(took) > 0 {
		slices.Sort(took)
		line = line.Add(canvas.S(theme.Dim, text.Format("  p50 %s p95 %s",
			views.Millis(percentile(took, 50)), views.Millis(percentile(took, 95)))))
		if w >= roomy {
			line = line.Add(canvas.S(theme.Dim, text.Format(" max %s", views.Millis(took[len(took)-1]))))
		}
	}
	if m.dev {
		line = line.Add(canvas.S(theme.Info, text.Lit("  + developers'")))
	}
	line = line.Add(canvas.S(theme.Dim, text.Format("  tokens %s in %s out", sum(in, least), sum(out, least))))
	return line.Fit(w)
}

// roomy is the width from which the slowest call stands beside the percentiles.
const roomy = 100

// sum is a sum of tokens, at least so many when rows are known to be missing.
func sum(s views.TokenSum, least text.Safe) text.Safe {
	if s.Unknown > 0 {
		return s.Text()
	}
	return text.Join("", least, s.Text())
}

// percentile is the nearest-rank percentile of sorted values.
func percentile(sorted []int64, p int) int64 {
	return sorted[max((len(sorted)*p+99)/100-1, 0)]
}
