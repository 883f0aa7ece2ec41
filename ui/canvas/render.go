package canvas

import (
	"strings"

	"korescope/ui/text"
	"korescope/ui/theme"
)

// Width is the number of cells the spans take.
func (l Line) Width() int {
	w := 0
	for _, s := range l.Spans {
		w += s.Text.Width()
	}
	return w
}

// Add appends spans and gives the longer line.
func (l Line) Add(spans ...Span) Line {
	l.Spans = append(l.Spans[:len(l.Spans):len(l.Spans)], spans...)
	return l
}

// Filled gives the line a background.
func (l Line) Filled(fill theme.Token) Line {
	l.Fill = fill
	return l
}

// Fit makes the line exactly w cells: cut with a mark when longer, padded with
// blanks when shorter.
func (l Line) Fit(w int) Line {
	if l.Width() == w {
		l.Spans = l.Spans[:len(l.Spans):len(l.Spans)] // what is added goes elsewhere
		return l
	}
	out := Line{Fill: l.Fill, Spans: make([]Span, 0, len(l.Spans)+1)}
	left := w
	for i, s := range l.Spans {
		sw := s.Text.Width()
		if sw > left || (sw == left && left > 0 && more(l.Spans[i+1:])) {
			cut := cutMarked(s.Text, left)
			out.Spans = append(out.Spans, Span{Text: cut, Token: s.Token})
			left -= cut.Width() // a wide letter may not have fitted into the last cell
			break
		}
		out.Spans = append(out.Spans, s)
		left -= sw
	}
	if left > 0 {
		out.Spans = append(out.Spans, Span{Text: text.Blank(left)})
	}
	return out
}

// cutMarked cuts to w cells and ends in the mark even when t itself would fit,
// because spans that follow it do not.
func cutMarked(t text.Safe, w int) text.Safe {
	if w <= 0 {
		return text.Safe{}
	}
	if t.Width() > w {
		return t.Cut(w)
	}
	return text.Join("", t, text.Lit(" ")).Cut(w)
}

func more(spans []Span) bool {
	for _, s := range spans {
		if strings.TrimSpace(s.Text.String()) != "" {
			return true
		}
	}
	return false
}

// Split puts left and right at the two edges of w cells; when they do not both
// fit, left is cut first.
func Split(w int, left, right Line) Line {
	rw := right.Width()
	if rw >= w {
		return right.Fit(w)
	}
	out := left.Fit(w - rw)
	out.Spans = append(out.Spans, right.Spans...)
	return out
}

// Fit makes the block exactly w cells wide and h rows high; where there is no room
// at all nothing is left.
func (b Block) Fit(w, h int) Block {
	out := make(Block, max(h, 0))
	for i := range out {
		if i < len(b) {
			out[i] = b[i].Fit(w)
		} else {
			out[i] = Line{}.Fit(w)
		}
	}
	return out
}

// Beside joins two blocks of the same height, each already fitted.
func Beside(left, right Block) Block {
	out := make(Block, len(left))
	for i := range left {
		out[i] = left[i]
		if i < len(right) {
			spans := append(left[i].Spans[:len(left[i].Spans):len(left[i].Spans)], flatten(right[i])...)
			out[i] = Line{Spans: spans, Fill: left[i].Fill}
		}
	}
	return out
}

// flatten is for a right-hand line whose fill cannot cover the whole row.
func flatten(l Line) []Span { return l.Spans }

// Render turns the block into what the terminal is sent: w by h cells, lines
// separated by LF. Trailing blanks without a background are left out.
func Render(b Block, t theme.Theme, w, h int) string {
	var out strings.Builder
	out.Grow(w * h * 2)
	for i, line := range b.Fit(w, h) {
		if i > 0 {
			out.WriteByte('\n')
		}
		spans := line.Spans
		if line.Fill == theme.Plain {
			spans = trimmed(spans)
		}
		for _, s := range spans {
			t.Paint(&out, s.Token, line.Fill, s.Text.String())
		}
	}
	return out.String()
}

func trimmed(spans []Span) []Span {
	for len(spans) > 0 {
		last := spans[len(spans)-1]
		if last.Token.Fills() || strings.TrimRight(last.Text.String(), " ") != "" {
			return spans
		}
		spans = spans[:len(spans)-1]
	}
	return spans
}

// ASCII is the block, w cells wide, for a terminal that knows ASCII alone:
// drawing by letters that look alike, every other letter by its number.
func (b Block) ASCII(w int) Block {
	out := make(Block, len(b))
	for i, l := range b {
		// Numbers are longer than letters; the mark of a cut is none of ASCII either.
		out[i] = l.ascii().Fit(w).ascii()
	}
	return out
}

func (l Line) ascii() Line {
	out := Line{Fill: l.Fill, Spans: make([]Span, len(l.Spans))}
	for i, s := range l.Spans {
		out.Spans[i] = Span{Text: s.Text.ASCII(), Token: s.Token}
	}
	return out
}
