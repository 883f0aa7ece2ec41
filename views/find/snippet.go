package find

import (
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// snippet is the line of a hit. Where something of it is hidden, what matched is
// not marked: the bytes have moved, and marks would tell what was there.
func (m *Model) snippet(h Hit, w int) []canvas.Span {
	if shown := m.env().Masked(h.Snippet); shown != h.Snippet {
		return snippet(shown, nil, w)
	}
	return snippet(h.Snippet, h.Marks, w)
}

// snippet is the line of a hit in w cells with the matches marked. Marks are
// bytes of the raw line, and cleaning moves bytes: so each piece between two
// marks is cleaned by itself. When the first match would be cut off at the
// right, the line begins later.
func snippet(raw string, marks [][2]int, w int) []canvas.Span {
	var out []canvas.Span
	at, first := 0, -1
	piece := func(t theme.Token, s string) {
		if s != "" {
			out = append(out, canvas.S(t, text.Clean(s)))
		}
	}
	for _, m := range marks {
		if m[0] < at || m[1] <= m[0] || m[1] > len(raw) {
			continue // not of this line
		}
		piece(theme.Plain, raw[at:m[0]])
		if first < 0 {
			first = len(out)
		}
		piece(theme.Match, raw[m[0]:m[1]])
		at = m[1]
	}
	piece(theme.Plain, raw[at:])
	if first != 1 {
		return out
	}
	lead, match := out[0].Text.Width(), out[1].Text.Width()
	if over := lead + min(match+1, w) - w; over > 0 {
		// One more cell for the mark that something is missing.
		out[0].Text = text.Join("", text.Lit("…"), out[0].Text.Window(over+1, max(lead-over-1, 0)))
	}
	return out
}
