package text

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// spell is the text as it was written, for where no cell is in the way. What
// Clean rewrites for the sake of widths alone stays: spacing marks, conjoining
// letters, joiners inside words and emoji, selectors, skin tones, any number of
// marks. What can be obeyed, turns the line or is not seen has the same marker as
// in a cell.
func spell(remote string) string {
	var b strings.Builder
	b.Grow(len(remote))
	var before rune
	for i := 0; i < len(remote); {
		r, size := utf8.DecodeRuneInString(remote[i:])
		if r == utf8.RuneError && size == 1 {
			size = badPart(remote[i:])
			b.WriteRune(utf8.RuneError)
			before, i = utf8.RuneError, i+size
			continue
		}
		after, _ := utf8.DecodeRuneInString(remote[i+size:])
		switch k := classify(r); {
		case k == kindLine:
			b.WriteRune('⏎')
		case r == '\r' && after == '\n': // the line feed is the mark for both
		case r == '\t':
			b.WriteByte(' ')
		case k == kindControl:
			var w writer
			w.control(r)
			b.Write(w.out)
		case k == kindVariation && !selects(r, before),
			k == kindJoiner && !joined(before, after),
			k == kindHidden && !onlyDisputed(r):
			fmt.Fprintf(&b, "<U+%04X>", r)
		default:
			b.WriteRune(r)
		}
		before, i = r, i+size
	}
	return b.String()
}

// onlyDisputed reports a sign that is kept out of cells for its width alone.
func onlyDisputed(r rune) bool {
	return (disputed(r) || precedes(r)) && unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S, unicode.M)
}

// selects reports a selector that chooses between the two forms of a sign.
func selects(r, before rune) bool {
	return r >= 0xfe0e && (varies(before) || pictograph(before))
}

// joined reports a joiner that a writer meant: inside a word of a script that has
// them, behind a virama, or between the parts of an emoji.
func joined(before, after rune) bool {
	if virama(before) {
		return true
	}
	part := func(r rune) bool {
		return r >= 0x600 && unicode.In(r, unicode.L, unicode.M) && classify(r) != kindVariation || pictograph(r)
	}
	return (part(before) || before == 0xfe0f || classify(before) == kindTone) && part(after)
}
