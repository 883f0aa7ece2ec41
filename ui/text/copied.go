package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Copied is text from elsewhere as it may go to a clipboard: spelt as it was
// sent, but without what is obeyed or hidden where it is pasted. Line feeds and
// tabs stay, and so do the joiners between letters of scripts that need them.
// hidden says how many characters were left out.
func Copied(s string) (clean string, hidden int) {
	if !strings.ContainsFunc(s, func(r rune) bool { return r == utf8.RuneError || leftOut(r) || joiner(r) }) {
		return s, 0
	}
	var b strings.Builder
	b.Grow(len(s))
	last := rune(0)
	for i, r := range s {
		_, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '\r' && strings.HasPrefix(s[i+1:], "\n"):
			continue // a line end of another system
		case r == utf8.RuneError && n == 1, leftOut(r):
			hidden++
			continue
		case joiner(r):
			if next, _ := utf8.DecodeRuneInString(s[i+n:]); last < 0x300 || next < 0x300 {
				hidden++
				continue
			}
		}
		b.WriteRune(r)
		last = r
	}
	return b.String(), hidden
}

func joiner(r rune) bool { return r == 0x200c || r == 0x200d }

// leftOut reports control characters, characters that turn the text around them,
// and characters without a width or an ink.
func leftOut(r rune) bool {
	switch {
	case r == '\n', r == '\t':
		return false
	case unicode.Is(unicode.Cc, r), r == 0xad, r == 0x61c, r == 0x200b, r == 0x200e, r == 0x200f,
		r >= 0x2028 && r <= 0x202e, r >= 0x2060 && r <= 0x206f, r == 0xfeff, r >= 0xe0000 && r <= 0xe007f:
		return true
	}
	return r != 0x034f && r != 0x2800 && (r < 0x180b || r > 0x180f) && (r < 0xe0100 || r > 0xe01ef) && unseen(r)
}
