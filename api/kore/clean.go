package kore

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// saidMax is how many bytes of the platform's words an error may carry.
const saidMax = 300

// cleanText makes one line of printable text, at most limit bytes and cut at a
// rune. It is for errors; content is cleaned where it is shown.
func cleanText(s string, limit int) string {
	// The input may be megabytes; nothing after a few times the limit matters.
	if len(s) > limit*8 {
		s = s[:limit*8]
	}
	var b strings.Builder
	blank := false
	for _, r := range s {
		if unicode.IsSpace(r) {
			blank = b.Len() > 0
			continue
		}
		if r == utf8.RuneError || !unicode.IsPrint(r) || invisible(r) {
			continue
		}
		if blank {
			b.WriteByte(' ')
			blank = false
		}
		if b.Len()+utf8.RuneLen(r) > limit {
			break
		}
		b.WriteRune(r)
	}
	return strings.TrimSpace(b.String())
}

// invisible are runes that unicode.IsPrint accepts though nothing is seen.
func invisible(r rune) bool {
	switch r {
	case 0x115F, 0x1160, 0x3164, 0xFFA0, 0x17B4, 0x17B5, 0x2800, 0x034F:
		return true
	}
	return r >= 0xFE00 && r <= 0xFE0F || r >= 0xE0100 && r <= 0xE01EF
}
