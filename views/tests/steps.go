package tests

import (
	"slices"
	"strings"

	"korescope/api"
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/views"
)

// stepRow is one line of the steps and the step it belongs to.
type stepRow struct {
	step int
	line canvas.Line
}

const (
	indent     = 10 // under a step's number
	labelWide  = 10
	sideBySide = 100 // cells from which expected and actual stand side by side
)

// stepRows draws the steps of the run under the cursor: one line each, and for
// the failing ones what was expected and what came.
func (m *Model) stepRows(w int) []stepRow {
	r, ok := m.table.Selected()
	if !ok {
		return nil
	}
	var out []stepRow
	for i, s := range r.run.Steps {
		out = append(out, stepRow{i, m.stepHead(i, s, w)})
		if !fails(s) && (!m.full || i != m.step) {
			continue
		}
		for _, l := range m.detail(i, s, w) {
			out = append(out, stepRow{i, l})
		}
	}
	return out
}

// anchor is the line the cursor of the steps is on.
func (m *Model) anchor(rows []stepRow) int {
	at := slices.IndexFunc(rows, func(r stepRow) bool { return r.step == m.step })
	if at < 0 {
		return 0
	}
	last := at
	for last+1 < len(rows) && rows[last+1].step == m.step {
		last++
	}
	return min(at+m.line, last)
}

func (m *Model) stepHead(i int, s api.TestStep, w int) canvas.Line {
	mark := canvas.S(theme.Plain, text.Lit(" "))
	if i == m.step {
		mark = canvas.S(theme.Cursor, text.Lit(">"))
	}
	badge := canvas.S(theme.Dim, text.Lit("?"))
	if s.Verdict != "" {
		badge = canvas.Span(views.VerdictBadge(s.Verdict, ""))
	}
	badge.Text = badge.Text.Pad(5)
	line := canvas.L(mark, badge, canvas.S(theme.Dim, text.Format("%3d ", i+1)),
		canvas.S(theme.Plain, text.Join("", text.Lit(`"`), m.env().Text(cut(s.Input)), text.Lit(`"`))))
	if len(s.Failed) > 0 && fails(s) {
		kinds := make([]string, 0, len(s.Failed))
		for _, f := range s.Failed {
			kind, _, _ := strings.Cut(f, ":")
			if !slices.Contains(kinds, kind) {
				kinds = append(kinds, kind)
			}
		}
		line = line.Add(canvas.S(theme.Bad, text.Join("", text.Lit("   "), m.env().Text(strings.Join(kinds, ", ")))))
	}
	return line.Add(m.changed(i, s)...).Fit(w)
}

// changed says how a step stands against the last good run.
func (m *Model) changed(i int, s api.TestStep) []canvas.Span {
	if !m.against || !m.good.found {
		return nil
	}
	was, had := m.wasGood(i, s)
	switch {
	case !had:
		return []canvas.Span{canvas.S(theme.Info, text.Lit("   new step"))}
	case fails(s) && !fails(was):
		return []canvas.Span{canvas.S(theme.Alarm, text.Lit("  newly fails "))}
	}
	return nil
}

// wasGood finds the step in the last good run: at the same place when the same
// was typed there, else where it was typed first.
func (m *Model) wasGood(i int, s api.TestStep) (api.TestStep, bool) {
	steps := m.good.run.Steps
	if i < len(steps) && steps[i].Input == s.Input {
		return steps[i], true
	}
	at := slices.IndexFunc(steps, func(o api.TestStep) bool { return o.Input == s.Input })
	if at < 0 {
		return api.TestStep{}, false
	}
	return steps[at], true
}

// detail is what was expected of a step, what came, and which assertions did not
// hold.
func (m *Model) detail(i int, s api.TestStep, w int) []canvas.Line {
	var out []canvas.Line
	env := m.env()
	for n := range max(len(s.Expected), len(s.Actual)) {
		wanted, came := env.Masked(at(s.Expected, n)), env.Masked(at(s.Actual, n))
		x, y := pieces(wanted), pieces(came)
		if wrongText(s) {
			x, y = differ(wanted, came)
		}
		if w >= sideBySide {
			out = append(out, m.beside(x, y, w)...)
		} else {
			out = append(out, m.stacked(x, y, w)...)
		}
	}
	if len(s.Expected)+len(s.Actual) == 0 {
		out = append(out, labelled(text.Lit("no text"), canvas.L(canvas.S(theme.Dim, text.Lit("the platform sent neither what was expected nor what came")))))
	}
	if was, had := m.wasGood(i, s); m.against && m.good.found && had && fails(s) {
		out = append(out, under(text.Lit("good run"), plainly(env.Masked(strings.Join(was.Actual, " ")), w, m.most(), theme.Good))...)
	}
	for _, f := range s.Failed {
		out = append(out, under(text.Lit("not held"), plainly(env.Masked(f), w, 2, theme.Bad))...)
	}
	for i := range out {
		out[i] = out[i].Fit(w)
	}
	return out
}

// most bounds the rows of one text.
func (m *Model) most() int {
	if m.full {
		return 40
	}
	return 4
}

func at(all []string, n int) string {
	if n < len(all) {
		return all[n]
	}
	return ""
}

// wrongText reports that the texts are to blame. A text assertion holds when
// what is expected is somewhere in what came, so texts that differ may be right.
func wrongText(s api.TestStep) bool {
	return fails(s) && (len(s.Failed) == 0 || slices.ContainsFunc(s.Failed, func(f string) bool { return strings.HasPrefix(f, "text") }))
}

func (m *Model) stacked(x, y []piece, w int) []canvas.Line {
	room := w - indent - labelWide
	marked := slices.ContainsFunc(y, func(p piece) bool { return p.odd })
	return append(
		under(text.Lit("expected"), nothingFor(spread(x, room, m.most(), theme.Added, !marked), text.Lit("nothing"))),
		under(text.Lit("actual"), nothingFor(spread(y, room, m.most(), theme.Removed, true), text.Lit("nothing came")))...)
}

// beside puts both texts next to each other, each under its name.
func (m *Model) beside(x, y []piece, w int) []canvas.Line {
	half := (w - indent - 3) / 2
	marked := slices.ContainsFunc(y, func(p piece) bool { return p.odd })
	left := nothingFor(spread(x, half, m.most(), theme.Added, !marked), text.Lit("nothing"))
	right := nothingFor(spread(y, half, m.most(), theme.Removed, true), text.Lit("nothing came"))
	left = append([]canvas.Line{canvas.L(canvas.S(theme.Dim, text.Lit("expected")))}, left...)
	right = append([]canvas.Line{canvas.L(canvas.S(theme.Dim, text.Lit("actual")))}, right...)
	out := make([]canvas.Line, max(len(left), len(right)))
	for i := range out {
		var l, r canvas.Line
		if i < len(left) {
			l = left[i]
		}
		if i < len(right) {
			r = right[i]
		}
		out[i] = canvas.L(canvas.S(theme.Plain, text.Blank(indent))).
			Add(l.Fit(half).Spans...).Add(canvas.S(theme.Faint, text.Lit(" │ "))).Add(r.Fit(half).Spans...)
	}
	return out
}

func nothingFor(lines []canvas.Line, word text.Safe) []canvas.Line {
	if len(lines) > 0 {
		return lines
	}
	return []canvas.Line{canvas.L(canvas.S(theme.Dim, text.Format("(%s)", word)))}
}

// plainly is a text in one colour.
func plainly(s string, w, most int, token theme.Token) []canvas.Line {
	words := pieces(s)
	for i := range words {
		words[i].odd = true
	}
	return spread(words, w-indent-labelWide, most, token, false)
}

// under puts lines below a step, the first one beside its label.
func under(label text.Safe, lines []canvas.Line) []canvas.Line {
	out := make([]canvas.Line, len(lines))
	for i, l := range lines {
		out[i] = labelled(label, l)
		label = text.Safe{}
	}
	return out
}

func labelled(label text.Safe, l canvas.Line) canvas.Line {
	return canvas.L(canvas.S(theme.Plain, text.Blank(indent)), canvas.S(theme.Dim, label.Pad(labelWide))).Add(l.Spans...)
}

func cut(s string) string {
	if len(s) > longestText {
		return strings.ToValidUTF8(s[:longestText], "")
	}
	return s
}
