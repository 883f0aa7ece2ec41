package text

import (
	"strings"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
	"github.com/clipperhouse/uax29/v2/graphemes"
)

// Width is the number of cells.
func (t Safe) Width() int { return width(t.s) }

func width(s string) int {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return displaywidth.String(s)
		}
	}
	return len(s)
}

// first is the length in bytes and the cells of the cluster at the front of s,
// which is not empty.
func first(s string) (size, cells int) {
	if s[0] < 0x80 && (len(s) == 1 || s[1] < 0x80) {
		return 1, 1
	}
	g := graphemes.FromString(s)
	g.Next()
	v := g.Value()
	return len(v), displaywidth.String(v)
}

// prefix is the longest front of s that fits into w cells, and its cells.
func prefix(s string, w int) (size, cells int) {
	for size < len(s) {
		n, c := first(s[size:])
		if cells+c > w {
			break
		}
		size += n
		cells += c
	}
	return size, cells
}

// suffix is where the longest end of s that fits into w cells starts, and its
// cells. It needs all clusters of s.
func suffix(s string, w int) (at, cells int) {
	total := width(s)
	for at < len(s) && total > w {
		n, c := first(s[at:])
		at += n
		total -= c
	}
	return at, total
}

// boundary is the start of the cluster that byte i is in; len(s) for the end.
// Cleaned text has no other clusters than a base with its marks, and flags.
func boundary(s string, i int) int {
	if i <= 0 {
		return 0
	}
	if i >= len(s) {
		return len(s)
	}
	for i > 0 && !utf8.RuneStart(s[i]) {
		i--
	}
	for i > 0 && s[i] >= 0x80 && carried(s[i:]) {
		_, size := utf8.DecodeLastRuneInString(s[:i])
		i -= size
	}
	if r, _ := utf8.DecodeRuneInString(s[i:]); !regional(r) {
		return i
	}
	first := i
	for {
		r, size := utf8.DecodeLastRuneInString(s[:first])
		if !regional(r) {
			break
		}
		first -= size
	}
	return i - (i-first)%(2*utf8.RuneLen(flagA))
}

const flagA = 0x1f1e6 // half a flag

// carried reports that the rune at the front of s belongs to the one before.
func carried(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	if r == zwnj {
		return true
	}
	k := classify(r)
	return k == kindMark || k == kindKeycap
}

// Slice is the text from byte offset from to byte offset to, both moved back to
// the start of their cluster, so that neighbouring slices add up to the whole.
func (t Safe) Slice(from, to int) Safe {
	from, to = boundary(t.s, from), boundary(t.s, to)
	if from >= to {
		return Safe{}
	}
	return Safe{s: t.s[from:to]}
}

// Cut is the text in at most w cells, with … at its end when it was longer.
func (t Safe) Cut(w int) Safe {
	if len(t.s) <= w && utf8.RuneCountInString(t.s) == len(t.s) {
		return t
	}
	if w <= 0 {
		return Safe{}
	}
	size, _ := prefix(t.s, w)
	if size == len(t.s) {
		return t
	}
	size, _ = prefix(t.s[:size], w-1)
	return Safe{s: t.s[:size] + "…", hidden: t.hidden}
}

// CutMiddle is the text in at most w cells, with … in its middle when it was
// longer: the two ends of an id say more than its front.
func (t Safe) CutMiddle(w int) Safe {
	if w <= 0 {
		return Safe{}
	}
	if t.Width() <= w {
		return t
	}
	tail := (w - 1) / 3
	size, _ := prefix(t.s, w-1-tail)
	at, _ := suffix(t.s, tail)
	return Safe{s: t.s[:size] + "…" + t.s[max(at, size):], hidden: t.hidden}
}

// Window is the w cells that start from cells into the text: what a row shows
// when it is scrolled sideways. Half a wide cluster at an edge is a blank.
func (t Safe) Window(from, w int) Safe {
	if w <= 0 {
		return Safe{}
	}
	from = max(from, 0)
	at, cells := prefix(t.s, from)
	lead := ""
	if at < len(t.s) && cells < from {
		n, c := first(t.s[at:])
		at += n
		lead = strings.Repeat(" ", min(cells+c-from, w))
	}
	size, cells := prefix(t.s[at:], w-len(lead))
	tail := ""
	if at+size < len(t.s) && len(lead)+cells < w {
		tail = " "
	}
	return Safe{s: lead + t.s[at:at+size] + tail}
}

// Pad is the text in exactly w cells: blanks follow, or it is cut.
func (t Safe) Pad(w int) Safe {
	c := t.Cut(w)
	room := blanks(w - c.Width())
	if c.s += room; c.spelt != "" {
		c.spelt += room
	}
	return c
}

// PadLeft is Pad with the blanks in front.
func (t Safe) PadLeft(w int) Safe {
	c := t.Cut(w)
	room := blanks(w - c.Width())
	if c.s = room + c.s; c.spelt != "" {
		c.spelt = room + c.spelt
	}
	return c
}

func blanks(n int) string {
	const many = "                                                                                "
	if n <= len(many) {
		return many[:max(n, 0)]
	}
	return strings.Repeat(" ", n)
}

// Blank is n empty cells.
func Blank(n int) Safe { return Safe{s: blanks(n)} }
