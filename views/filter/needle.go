package filter

import (
	"strings"
	"unicode/utf8"
)

// needle is text to look for without regard to letter case. ASCII in ASCII is
// compared byte by byte, without a copy: a filter runs over every row at every
// key.
type needle struct {
	lower string
	ascii bool
}

func newNeedle(s string) needle {
	n := needle{lower: strings.ToLower(s), ascii: true}
	for i := range len(n.lower) {
		n.ascii = n.ascii && n.lower[i] < utf8.RuneSelf
	}
	return n
}

func (n needle) in(s string) bool {
	if !n.ascii {
		return strings.Contains(strings.ToLower(s), n.lower)
	}
	if n.lower == "" {
		return true
	}
	// Most places are passed by their first letter alone.
	small, capital := n.lower[0], n.lower[0]
	if small >= 'a' && small <= 'z' {
		capital -= 'a' - 'A'
	}
	for i := 0; i+len(n.lower) <= len(s); i++ {
		if c := s[i]; (c == small || c == capital) && n.at(s, i) {
			return true
		}
	}
	return false
}

func (n needle) starts(s string) bool {
	if !n.ascii {
		return strings.HasPrefix(strings.ToLower(s), n.lower)
	}
	return len(s) >= len(n.lower) && n.at(s, 0)
}

func (n needle) whole(s string) bool {
	if !n.ascii {
		return strings.ToLower(s) == n.lower
	}
	return len(s) == len(n.lower) && n.at(s, 0)
}

func (n needle) at(s string, i int) bool {
	for j := range len(n.lower) {
		c := s[i+j]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != n.lower[j] {
			return false
		}
	}
	return true
}
