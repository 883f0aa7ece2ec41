package text

import (
	"unicode"

	"github.com/clipperhouse/displaywidth"
)

// kind is what a rune is to the cleaner. Kinds above kindMark are altered.
type kind uint8

const (
	kindBase kind = iota // starts a cluster and is shown as it is
	kindMark             // sits on a base, no width
	kindBlank
	kindLine
	kindControl
	kindHidden // shown as its code point
	kindVariation
	kindTone
	kindJoiner
	kindFlag
	kindKeycap
	kindJamo
	kindSpacing // a spacing mark: one cluster or two, terminals differ
)

// classify is the allow-list: what is not named here is hidden.
func classify(r rune) kind {
	switch {
	case r >= 0x21 && r <= 0x7e,
		r >= 0xa1 && r <= 0x2ff && r != 0xad, // Latin
		r >= 0x400 && r <= 0x481,             // Cyrillic
		r >= 0x3041 && r <= 0x3096,           // Hiragana
		r >= 0x4e00 && r <= 0x9fff,           // Han
		r >= 0xac00 && r <= 0xd7a3:           // Hangul
		return kindBase
	case r == ' ' || r == '\t':
		return kindBlank
	case r == '\n':
		return kindLine
	case r < 0x20 || r >= 0x7f && r <= 0x9f:
		return kindControl
	}
	return classifyRare(r)
}

func classifyRare(r rune) kind {
	switch {
	case unicode.Is(unicode.Zs, r):
		if r == 0x1680 {
			return kindHidden // Ogham space: a line, not a blank
		}
		return kindBlank
	case r == zwj || r == zwnj:
		return kindJoiner
	case r >= 0xfe00 && r <= 0xfe0f:
		return kindVariation
	case r >= 0x1f3fb && r <= 0x1f3ff:
		return kindTone
	case regional(r):
		return kindFlag
	case r == 0x20e3:
		return kindKeycap
	case conjoining(r):
		return kindJamo
	case unicode.Is(unicode.Mc, r), r == 0xe33, r == 0xeb3, r == 0xff9e, r == 0xff9f:
		return kindSpacing
	case unseen(r), disputed(r), precedes(r):
		return kindHidden
	case unicode.In(r, unicode.Mn, unicode.Me):
		return kindMark
	case !unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S):
		return kindHidden
	case displaywidth.Rune(r) == 0:
		return kindHidden
	}
	return kindBase
}
