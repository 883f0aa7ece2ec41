package payload

import "unicode"

// Visible reports that a text shows anything: it is more than blanks, controls
// and characters that take no ink.
func Visible(s string) bool {
	for _, r := range s {
		if !inkless(r) {
			return true
		}
	}
	return false
}

func inkless(r rune) bool {
	switch r {
	case '\u034f', '\u115f', '\u1160', '\u17b4', '\u17b5', '\u2800', '\u3164', '\uffa0': // fillers and blanks that count as letters
		return true
	}
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r)
}
