package output

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Escape appends valid JSON with every character that a terminal could obey or
// that nobody could see written as \uXXXX. encoding/json leaves DEL, C1, bidi
// and zero-width characters as they are. It is the same JSON; ill-formed bytes
// become U+FFFD.
func Escape(dst, json []byte) []byte { return escape(dst, json, false) }

// escape is Escape; on a terminal the joiners and selectors that scripts and emoji
// use are written as \uXXXX as well, since a terminal may show nothing for them,
// and so are marks beyond the fourth on one letter, which would run over the
// lines above.
func escape(dst, json []byte, terminal bool) []byte {
	var pile marks
	for i := 0; i < len(json); {
		if c := json[i]; c < utf8.RuneSelf && c != 0x7f {
			dst = append(dst, c)
			pile = 0
			i++
			continue
		}
		r, size := utf8.DecodeRune(json[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			dst = append(dst, "\ufffd"...)
		case obeyed(r) || turns(r) || unseen(r) || terminal && (invisible(r) || pile.over(r)):
			dst = appendEscaped(dst, r)
		default:
			dst = append(dst, json[i:i+size]...)
		}
		i += size
	}
	return dst
}

// marks counts the marks on the letter at hand.
type marks int

const marksPerLetter = 4

// over takes the next character and reports a mark that is one too many.
func (m *marks) over(r rune) bool {
	if !unicode.In(r, unicode.Mn, unicode.Me) {
		*m = 0
		return false
	}
	*m++
	return *m > marksPerLetter
}

// invisible reports the joiners and selectors of scripts and emoji: meant, but
// nothing of them is seen.
func invisible(r rune) bool {
	return r == 0x200c || r == 0x200d || r >= 0xfe00 && r <= 0xfe0f
}

func appendEscaped(dst []byte, r rune) []byte {
	if r < 0x10000 {
		return fmt.Appendf(dst, `\u%04x`, r)
	}
	high, low := utf16.EncodeRune(r)
	return fmt.Appendf(dst, `\u%04x\u%04x`, high, low)
}

// obeyed reports what a terminal acts on.
func obeyed(r rune) bool { return r < 0x20 || r >= 0x7f && r < 0xa0 }

// turns reports what changes the order of what is seen, or ends a line.
func turns(r rune) bool {
	switch {
	case r == 0x061c, r == 0x200e, r == 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return true
	}
	return false
}

// unseen reports what takes no room or looks like a blank. The joiners of
// scripts and emoji (U+200C, U+200D, U+FE0F) are not among them.
func unseen(r rune) bool {
	switch {
	case r == 0xad, r == 0x034f, r == 0x115f, r == 0x1160, r == 0x17b4, r == 0x17b5, r >= 0x180b && r <= 0x180f,
		r == 0x200b, r >= 0x2060 && r <= 0x2065, r >= 0x206a && r <= 0x206f, r == 0x2800, r == 0x3164,
		r == 0xfeff, r == 0xffa0, r >= 0xfff9 && r <= 0xfffb, r >= 0xe0000 && r <= 0xe0fff:
		return true
	}
	return false
}

// visible writes for a CSV cell what a terminal would obey as text, \u001b. Line
// breaks and tabs stay, since a cell may have them. strict, for a terminal, does the
// same for what turns the line, is unseen or piles up. On a pipe that is left as it
// was sent: a program reads it, right-to-left text needs some of it, and what shows
// the file in the end (a spreadsheet, less) decides for itself.
func visible(s string, strict bool) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\r\n", "\n"), "\ufffd")
	var pile marks
	bad := func(r rune) bool {
		return obeyed(r) && r != '\n' && r != '\t' || strict && (turns(r) || unseen(r) || invisible(r) || pile.over(r))
	}
	if !strings.ContainsFunc(s, bad) {
		return s
	}
	pile = 0
	out := make([]byte, 0, len(s)+16)
	for _, r := range s {
		if bad(r) {
			out = appendEscaped(out, r)
		} else {
			out = utf8.AppendRune(out, r)
		}
	}
	return string(out)
}
