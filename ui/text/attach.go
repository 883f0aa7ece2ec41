package text

import (
	"unicode"
	"unicode/utf8"
)

// attach takes what would make the open cluster a sequence.
func (w *writer) attach(k kind, r rune) {
	c := &w.open
	switch {
	case k == kindJoiner && c.linker && !c.spaced:
		c.spaced = true // endCluster writes the non-joiner
	case k == kindJoiner && c.awaits(r):
		c.joiner = r
	case k == kindVariation && r >= 0xfe0e && !c.varied && varies(c.base):
		c.varied = true
	case k == kindTone && !c.toned && pictograph(c.base):
		c.toned = true
	case k == kindKeycap:
		w.keycap(r)
	case k == kindFlag:
		w.endCluster()
		w.open.flag = r
	default:
		w.marker(r)
	}
}

// awaits reports that the joiner r can be meant after this cluster.
func (c *cluster) awaits(r rune) bool {
	if r == zwj {
		return pictograph(c.base) && c.family < 8
	}
	return joins(c.base) && !c.linker && c.extra == 0
}

// keycap drops the key around a digit; elsewhere it is a mark.
func (w *writer) keycap(r rune) {
	if w.open.marks == 0 && digit(w.open.base) {
		w.open.base = 0
		return
	}
	w.mark(r)
}

// join decides about the waiting joiner now that r follows it, and reports
// whether r was used up.
func (w *writer) join(r rune) bool {
	c := &w.open
	switch {
	case c.joiner == zwj && pictograph(r):
		// Of a family only the first person stays.
		c.joiner, c.varied, c.toned = 0, false, false
		c.family++
		return true
	case c.joiner == zwnj && joins(r):
		c.joiner = 0
		w.out = utf8.AppendRune(w.out, zwnj)
		return false
	}
	w.endCluster()
	return false
}

// flag decides about a waiting half of a flag.
func (w *writer) flag(r rune) bool {
	first := w.open.flag
	if !regional(r) {
		w.endCluster()
		return false
	}
	w.open.flag = 0
	w.out = utf8.AppendRune(w.out, first)
	w.out = utf8.AppendRune(w.out, r)
	return true
}

// Conjoining Korean letters and the block of syllables they compose to.
const (
	leads, leadCount   = 0x1100, 19
	vowels, vowelCount = 0x1161, 21
	tails, tailCount   = 0x11a7, 28
	syllables          = 0xac00
)

// jamo takes a conjoining letter. A row of them is one cluster to some
// terminals and several to others, so they are composed to syllables; what does
// not compose is shown as its code point.
func (w *writer) jamo(r rune) {
	base := w.open.base
	switch {
	case r < leads+leadCount:
		w.endCluster()
		w.open.lead = r
	case r > tails && r < tails+tailCount && w.open.marks == 0 &&
		base >= syllables && base <= 0xd7a3 && (base-syllables)%tailCount == 0:
		w.out = w.out[:w.open.at]
		w.begin(base + r - tails)
	default:
		w.marker(r)
	}
}

// syllable decides about a waiting first letter.
func (w *writer) syllable(r rune) bool {
	lead := w.open.lead
	if r < vowels || r >= vowels+vowelCount {
		w.endCluster()
		return false
	}
	w.open.lead = 0
	w.begin(syllables + ((lead-leads)*vowelCount+r-vowels)*tailCount)
	return true
}

// spacing rewrites a mark that takes a cell of its own.
func (w *writer) spacing(r rune) {
	plain := unspaced(r)
	if plain == "" {
		w.marker(r)
		return
	}
	for _, r := range plain {
		if classify(r) == kindMark {
			w.mark(r)
		} else {
			w.begin(r)
		}
	}
}

func regional(r rune) bool { return r >= 0x1f1e6 && r <= 0x1f1ff }

// digit reports what stands on the keys of a telephone.
func digit(r rune) bool { return r >= '0' && r <= '9' || r == '#' || r == '*' }

// pictograph reports symbols that emoji sequences are made of.
func pictograph(r rune) bool {
	return (r >= 0x1f000 && r <= 0x1faff || r >= 0x2190 && r <= 0x2bff) && unicode.Is(unicode.So, r)
}

// varies reports characters that have an emoji and a text form.
func varies(r rune) bool {
	return r == 'ℹ' || digit(r) || r > 0x7f && unicode.In(r, unicode.So, unicode.Sm, unicode.Po, unicode.Pd)
}

// joins reports letters of the scripts that are misspelt without a non-joiner.
func joins(r rune) bool {
	return r >= 0x600 && unicode.In(r, unicode.Arabic, unicode.Syriac, unicode.Mongolian, unicode.Nko) &&
		unicode.Is(unicode.L, r)
}
