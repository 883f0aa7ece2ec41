package text

import (
	"unicode"
	"unicode/utf8"
)

// Wrap breaks the text into rows of at most w cells: at blanks, which are
// dropped there, and between letters of scripts that write without blanks. A
// word longer than a row is broken between clusters. There is at least one row.
// With w of 1 a cluster of two cells becomes ….
func (t Safe) Wrap(w int) []Safe {
	w = max(w, 1)
	if len(t.s) <= w && plain(t.s) {
		return []Safe{{s: t.s}}
	}
	r := rows{s: t.s, w: w}
	for at := 0; at < len(t.s); {
		n, cells := first(t.s[at:])
		r.take(at, n, cells)
		at += n
	}
	return r.finish()
}

// rows is a wrap under way.
type rows struct {
	s string
	w int

	done  []Safe
	start int // of the row
	cells int // of the row
	// The last place where the row may end: bytes before it, where the next
	// row would start, and the cells from the row's start to there. -1 is none.
	end, next, until int
	broke            bool // end, next and until are set
	free             bool // the cluster before may be followed by a break
}

// take adds the cluster of n bytes at byte at.
func (r *rows) take(at, n, cells int) {
	if cells > r.w {
		r.flush(at)
		r.done = append(r.done, Safe{s: "…"})
		r.start, r.cells, r.broke, r.free = at+n, 0, false, false
		return
	}
	if r.s[at] == ' ' {
		r.blank(at)
		return
	}
	unspaced := free(r.s[at:])
	if at > r.start && (unspaced || r.free) && !r.blankBefore(at) {
		r.end, r.next, r.until, r.broke = at, at, r.cells, true
	}
	r.free = unspaced
	for r.cells+cells > r.w {
		r.turn(at)
	}
	r.cells += cells
}

// blank takes one blank: a row may end before the first of a run and go on
// after the last.
func (r *rows) blank(at int) {
	if r.cells == 0 && at == r.start && len(r.done) > 0 {
		r.start = at + 1 // the break ate the blanks before
		return
	}
	if !r.broke || r.next != at {
		r.end = at
	}
	r.next, r.until, r.broke, r.free = at+1, r.cells+1, true, false
	r.cells++
}

func (r *rows) blankBefore(at int) bool { return at > 0 && r.s[at-1] == ' ' }

// turn starts a new row because the cluster at byte at does not fit.
func (r *rows) turn(at int) {
	if !r.broke || r.end <= r.start {
		r.end, r.next, r.until = at, at, r.cells
	}
	r.push(r.s[r.start:r.end])
	r.cells -= r.until
	r.start, r.broke = r.next, false
}

// push adds a row, which a run of blanks may have made too long.
func (r *rows) push(s string) {
	size, _ := prefix(s, r.w)
	for size < len(s) {
		r.done = append(r.done, Safe{s: s[:size]})
		s = s[size:]
		size, _ = prefix(s, r.w)
	}
	r.done = append(r.done, Safe{s: s})
}

func (r *rows) flush(at int) {
	if at > r.start {
		r.push(r.s[r.start:at])
	}
}

func (r *rows) finish() []Safe {
	if r.start < len(r.s) {
		rest := r.s[r.start:]
		if r.cells > r.w { // only blanks reach over the edge
			size, _ := prefix(rest, r.w)
			rest = rest[:size]
		}
		r.done = append(r.done, Safe{s: rest})
	}
	if len(r.done) == 0 {
		return []Safe{{}}
	}
	return r.done
}

// free reports that a row may end before and after the cluster at the front.
func free(s string) bool {
	if s[0] < 0xe0 {
		return false
	}
	c, _ := utf8.DecodeRuneInString(s)
	switch {
	case c >= 0x2e80 && c <= 0xa4cf, c >= 0xf900 && c <= 0xfaff, c >= 0xff01 && c <= 0xff9f, c >= 0x20000 && c <= 0x3ffff:
		return true
	case c < 0x0e00 || c > 0x17ff:
		return false
	}
	return unicode.In(c, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
