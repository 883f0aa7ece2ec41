package logs

import (
	"time"

	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/views"
)

// histogram is the time from the first to the last line shown, cut into cells: a
// cell shows the worst level in it, by its sign as well as by its colour.
func (m *Model) histogram(w int) canvas.Line {
	first, last, any := m.ends()
	if !any {
		return canvas.L(canvas.S(theme.Dim, text.Lit(" no line with a time to draw")))
	}
	left := canvas.L(canvas.S(theme.Dim, text.Join("", text.Lit(" "), views.Clock(first, m.zone), text.Lit(" "))))
	right := canvas.L(canvas.S(theme.Dim, text.Join("", text.Lit(" "), views.Clock(last, m.zone), text.Lit(" "))))
	if w >= legendFrom {
		right = right.Add(
			canvas.S(theme.Bad, text.Lit("# error ")), canvas.S(theme.Warn, text.Lit("| warning ")), canvas.S(theme.Dim, text.Lit(": info ")))
	}
	cells := m.worst(first, last, max(w-left.Width()-right.Width(), 1))
	for _, rank := range cells {
		left = left.Add(sign(rank))
	}
	return left.Add(right.Spans...).Fit(w)
}

// legendFrom is the width from which the signs are explained beside them.
const legendFrom = 70

func (m *Model) ends() (first, last time.Time, any bool) {
	for _, r := range m.table.Shown() {
		if r.line.Time.IsZero() {
			continue
		}
		if !any || r.line.Time.Before(first) {
			first = r.line.Time
		}
		if r.until.After(last) {
			last = r.until
		}
		any = true
	}
	return first, last, any
}

const empty = -2

// worst is the highest level of each of n equal parts of the time, empty where
// nothing was written.
func (m *Model) worst(first, last time.Time, n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = empty
	}
	span := last.UnixMilli() - first.UnixMilli()
	place := func(t time.Time) int {
		if span <= 0 {
			return 0
		}
		return max(min(int((t.UnixMilli()-first.UnixMilli())*int64(n)/span), n-1), 0)
	}
	for _, r := range m.table.Shown() {
		if r.line.Time.IsZero() {
			continue
		}
		rank := views.LevelRank(r.line.Level)
		if r.line.Bad() {
			rank = 3
		}
		for i := place(r.line.Time); i <= place(r.until); i++ {
			out[i] = max(out[i], rank)
		}
	}
	return out
}

func sign(rank int) canvas.Span {
	switch rank {
	case 3:
		return canvas.S(theme.Bad, text.Lit("#"))
	case 2:
		return canvas.S(theme.Warn, text.Lit("|"))
	case empty:
		return canvas.S(theme.Faint, text.Lit("."))
	}
	return canvas.S(theme.Dim, text.Lit(":"))
}
