package jsontree

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"
)

// pattern is what find looks for: a regular expression when it compiles, else
// the words themselves; without a capital, case does not count.
type pattern struct {
	words string         // as typed
	lit   []byte         // set when no part of it is special
	fold  bool           // lit is in lower case and case does not count
	bare  bool           // lit stands in JSON text as it stands in the value
	re    *regexp.Regexp // set when lit is not
}

func compile(words string) *pattern {
	words = strings.ToValidUTF8(words, "\ufffd")
	p := &pattern{words: words, fold: !strings.ContainsFunc(words, unicode.IsUpper)}
	ascii := strings.IndexFunc(words, func(r rune) bool { return r > 0x7e || r < ' ' }) < 0
	if regexp.QuoteMeta(words) == words && (ascii || !p.fold) {
		p.lit = []byte(words)
		p.bare = ascii && !strings.ContainsAny(words, `"/\`)
		return p
	}
	flags := "(?m)"
	if p.fold {
		flags = "(?mi)"
	}
	re, err := regexp.Compile(flags + words)
	if err != nil {
		re = regexp.MustCompile(flags + regexp.QuoteMeta(words))
	}
	p.re = re
	return p
}

// in lists where the pattern is in b, no more than most times, empty matches left
// out.
func (p *pattern) in(b []byte, most int) [][]int {
	var hits [][]int
	if p.re != nil {
		for _, hit := range p.re.FindAllIndex(b, most) {
			if hit[1] > hit[0] {
				hits = append(hits, hit)
			}
		}
		return hits
	}
	for at := 0; len(hits) < most && len(p.lit) > 0; {
		n := p.index(b[at:])
		if n < 0 {
			break
		}
		hits = append(hits, []int{at + n, at + n + len(p.lit)})
		at += n + len(p.lit)
	}
	return hits
}

// index is where lit is first in b, -1 for nowhere.
func (p *pattern) index(b []byte) int {
	if !p.fold {
		return bytes.Index(b, p.lit)
	}
	low := p.lit[0]
	high := low
	if low >= 'a' && low <= 'z' {
		high -= 'a' - 'A'
	}
	nextLow, nextHigh := seek(b, 0, low), len(b)
	if high != low {
		nextHigh = seek(b, 0, high)
	}
	for {
		at := min(nextLow, nextHigh)
		if at+len(p.lit) > len(b) {
			return -1
		}
		if sameFold(b[at:], p.lit) {
			return at
		}
		if at == nextLow {
			nextLow = seek(b, at+1, low)
		} else {
			nextHigh = seek(b, at+1, high)
		}
	}
}

// seek is where c is in b from at on, len(b) for nowhere.
func seek(b []byte, at int, c byte) int {
	if n := bytes.IndexByte(b[at:], c); n >= 0 {
		return at + n
	}
	return len(b)
}

// sameFold reports that b begins with lit, which is in lower case.
func sameFold(b, lit []byte) bool {
	for i, want := range lit {
		c := b[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != want {
			return false
		}
	}
	return true
}
