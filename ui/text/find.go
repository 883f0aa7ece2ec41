package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Find lists where needle is, as byte offsets from and to for Slice, widened to
// whole clusters, without overlap. With fold, case does not count.
func (t Safe) Find(needle string, fold bool) [][2]int {
	want := strings.TrimSuffix(Clean(needle).s, string(zwnj))
	if want == "" {
		return nil
	}
	var hits [][2]int
	for at := 0; at < len(t.s); {
		from, n := index(t.s[at:], want, fold)
		if n == 0 {
			break
		}
		from += at
		to := from + n
		from = boundary(t.s, from)
		if b := boundary(t.s, to); b < to {
			size, _ := first(t.s[b:])
			to = b + size
		}
		hits = append(hits, [2]int{from, to})
		at = to
	}
	return hits
}

// index is where want starts in s and how many bytes of s it covers, 0 for not
// at all: folding may change the length.
func index(s, want string, fold bool) (at, n int) {
	if !fold {
		if at = strings.Index(s, want); at < 0 {
			return 0, 0
		}
		return at, len(want)
	}
	head, _ := utf8.DecodeRuneInString(want)
	low, high := lower(head), unicode.ToUpper(lower(head))
	byByte := low < 0x80 && low != 'k' && low != 's' // K and S fold with signs beyond ASCII
	nextLow, nextHigh := -1, -1
	for at < len(s) {
		if byByte {
			nextLow, nextHigh = seek(s, at, nextLow, byte(low)), seek(s, at, nextHigh, byte(high))
			if at = min(nextLow, nextHigh); at == len(s) {
				break
			}
		}
		if n := foldPrefix(s[at:], want); n > 0 {
			return at, n
		}
		_, size := utf8.DecodeRuneInString(s[at:])
		at += size
	}
	return 0, 0
}

// seek is where c is in s from at on, len(s) for nowhere. known is an earlier
// answer, which stands until at passes it.
func seek(s string, at, known int, c byte) int {
	if known >= at {
		return known
	}
	if n := strings.IndexByte(s[at:], c); n >= 0 {
		return at + n
	}
	return len(s)
}

// foldPrefix is how many bytes of s are want but for case, 0 for none.
func foldPrefix(s, want string) int {
	n := 0
	for _, r := range want {
		if n == len(s) {
			return 0
		}
		c, size := utf8.DecodeRuneInString(s[n:])
		if c != r && lower(c) != lower(r) {
			return 0
		}
		n += size
	}
	return n
}

func lower(r rune) rune {
	if r < 0x80 {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}
	return unicode.ToLower(r)
}
