package tests

import (
	"strings"

	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// piece is one word of a text; odd ones are where two texts part.
type piece struct {
	text text.Safe
	odd  bool
}

// longestText bounds what is compared and drawn of one text, in bytes.
const longestText = 4000

// differ cuts two texts into words and marks where they part: from the first
// word that differs to the last. Blanks and line ends are no difference.
func differ(a, b string) (x, y []piece) {
	x, y = pieces(a), pieces(b)
	same := 0
	for same < min(len(x), len(y)) && x[same].text == y[same].text {
		same++
	}
	tail := 0
	for tail < min(len(x), len(y))-same && x[len(x)-1-tail].text == y[len(y)-1-tail].text {
		tail++
	}
	for i := same; i < len(x)-tail; i++ {
		x[i].odd = true
	}
	for i := same; i < len(y)-tail; i++ {
		y[i].odd = true
	}
	return x, y
}

func pieces(s string) []piece {
	if len(s) > longestText {
		s = strings.ToValidUTF8(s[:longestText], "")
	}
	var out []piece
	for _, w := range strings.Fields(s) {
		out = append(out, piece{text: text.Clean(w)})
	}
	return out
}

// spread lays words out in rows of w cells, and keeps the first most rows. Below the
// first row with an odd word stand marks, when marked, so that the difference
// is seen without colour.
func spread(words []piece, w, most int, odd theme.Token, marked bool) []canvas.Line {
	s := spreading{w: max(w, 1), odd: odd, marked: marked}
	for _, p := range words {
		for _, part := range p.text.Wrap(s.w) {
			s.put(piece{text: part, odd: p.odd})
		}
	}
	s.turn()
	if len(s.out) > most {
		s.out = s.out[:most]
		if last := s.out[most-1]; last.Width() < s.w {
			s.out[most-1] = last.Add(canvas.S(theme.Faint, text.Lit("…")))
		} else {
			s.out[most-1] = last.Fit(s.w - 1) // leaves such a mark
		}
	}
	return s.out
}

type spreading struct {
	w      int
	odd    theme.Token
	marked bool

	out    []canvas.Line
	spans  []canvas.Span
	marks  []canvas.Span
	cells  int
	before bool // the word before in this row is odd
	seen   bool // a row has marks
}

func (s *spreading) put(p piece) {
	wide := p.text.Width()
	if wide == 0 {
		return
	}
	if s.cells > 0 && s.cells+1+wide > s.w {
		s.turn()
	}
	token, mark := theme.Plain, " "
	if p.odd {
		token, mark = s.odd, "^"
	}
	if s.cells > 0 {
		between := " "
		if p.odd && s.before {
			between = "^"
		}
		s.spans = append(s.spans, canvas.S(theme.Plain, text.Lit(" ")))
		s.marks = append(s.marks, canvas.S(s.odd, text.Clean(between)))
		s.cells++
	}
	s.spans = append(s.spans, canvas.S(token, p.text))
	s.marks = append(s.marks, canvas.S(s.odd, text.Clean(strings.Repeat(mark, wide))))
	s.cells += wide
	s.before = p.odd
}

// turn ends a row.
func (s *spreading) turn() {
	if s.cells == 0 {
		return
	}
	s.out = append(s.out, canvas.L(s.spans...))
	odd := false
	for _, m := range s.marks {
		odd = odd || strings.ContainsRune(m.Text.String(), '^')
	}
	if s.marked && odd && !s.seen {
		s.seen = true
		s.out = append(s.out, canvas.L(s.marks...))
	}
	s.spans, s.marks, s.cells, s.before = nil, nil, 0, false
}
