// Package chart draws bars made of cells. A bar never needs its colour: parts
// differ in their pattern as well, and every bar stands beside its number.
package chart

import (
	"strings"

	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// Bar is value as a bar of at most w cells, where most fills it. A value above
// zero is never shown as nothing. The bar is exactly w cells, padded with blanks.
func Bar(value, most int64, w int) text.Safe {
	if w <= 0 || value <= 0 || most <= 0 {
		return text.Blank(w)
	}
	eighths := int(min(value, most) * int64(w) * 8 / most)
	eighths = max(eighths, 1)
	out := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		out += string([]rune("▏▎▍▌▋▊▉")[rest-1])
	}
	return text.Clean(out).Pad(w)
}

// Part is one piece of a stacked bar.
type Part struct {
	Value   int64
	Token   theme.Token
	Pattern text.Safe // one cell
}

// Stack is the parts side by side in w cells, by their share of the sum. Cells
// are given by the largest remainder, so that they always add up to w.
func Stack(parts []Part, w int) []canvas.Span {
	var sum int64
	for _, p := range parts {
		sum += max(p.Value, 0)
	}
	if sum == 0 || w <= 0 {
		return []canvas.Span{canvas.S(theme.Faint, text.Lit(".")), canvas.S(theme.Plain, text.Blank(w-1))}
	}
	cells := make([]int, len(parts))
	left := w
	for i, p := range parts {
		cells[i] = int(max(p.Value, 0) * int64(w) / sum)
		left -= cells[i]
	}
	for ; left > 0; left-- {
		at, rest := 0, int64(-1)
		for i, p := range parts {
			if r := max(p.Value, 0)*int64(w) - int64(cells[i])*sum; r > rest {
				at, rest = i, r
			}
		}
		cells[at]++
	}
	var out []canvas.Span
	for i, p := range parts {
		out = append(out, canvas.S(p.Token, text.Clean(strings.Repeat(p.Pattern.String(), cells[i]))))
	}
	return out
}

// Progress is a bar with brackets and its percentage; an unknown one is dots.
func Progress(percent int, known bool, w int) []canvas.Span {
	inner := max(w-7, 3)
	if !known {
		return []canvas.Span{canvas.S(theme.Dim, text.Clean("["+strings.Repeat(".", inner)+"]   ?%"))}
	}
	percent = max(0, min(percent, 100))
	full := percent * inner / 100
	return []canvas.Span{
		canvas.S(theme.Dim, text.Lit("[")),
		canvas.S(theme.Info, text.Clean(strings.Repeat("#", full))),
		canvas.S(theme.Faint, text.Clean(strings.Repeat(".", inner-full))),
		canvas.S(theme.Dim, text.Lit("]")),
		canvas.S(theme.Plain, text.Format("%4d%%", percent)),
	}
}

// Report is the status line while a report is being made.
func Report(percent int, known bool) canvas.Line {
	const cells = 24
	return canvas.L(append([]canvas.Span{canvas.S(theme.Dim, text.Lit(" report "))}, Progress(percent, known, cells)...)...)
}
