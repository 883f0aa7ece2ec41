package text

import (
	"fmt"
	"unicode/utf8"
)

const (
	zwnj   = '\u200c'
	zwj    = '\u200d'
	dotted = '\u25cc' // carries a mark that has no base
)

// writer builds the cleaned line cluster by cluster. A cluster is one base with
// up to four marks; everything that would make clusters longer, and that
// terminals therefore measure differently, is rewritten on the way.
type writer struct {
	out    []byte
	how    style
	hidden int
	open   cluster
}

// cluster is what the writer knows of the cluster it is in.
type cluster struct {
	at     int  // where it starts in the result
	base   rune // 0 for none
	marks  int
	extra  int  // marks beyond the fourth
	linker bool // it has a virama
	spaced bool // the virama was followed by a joiner
	varied bool // a variation selector was dropped
	toned  bool // a skin tone was dropped
	family int  // emoji joined to the base and dropped

	// What waits for the rune that follows.
	joiner rune // ZWJ or ZWNJ
	flag   rune // first half of a flag
	lead   rune // first letter of a Korean syllable
}

// waits reports that the next rune decides about one already read.
func (c *cluster) waits() bool { return c.joiner != 0 || c.flag != 0 || c.lead != 0 }

// rune takes the next rune of the text.
func (w *writer) rune(r rune) {
	if w.open.joiner != 0 && w.join(r) || w.open.flag != 0 && w.flag(r) || w.open.lead != 0 && w.syllable(r) {
		return
	}
	k := classify(r)
	if w.how == list && k > kindMark && k != kindFlag && r != ' ' {
		w.marker(r)
		return
	}
	switch k {
	case kindBase:
		w.begin(r)
	case kindMark:
		w.mark(r)
	case kindBlank:
		w.endCluster()
		w.out = append(w.out, ' ')
	case kindLine:
		w.endCluster()
		w.out = append(w.out, "⏎"...)
	case kindControl:
		w.control(r)
	case kindHidden:
		w.marker(r)
	case kindVariation, kindTone, kindJoiner, kindFlag, kindKeycap:
		w.attach(k, r)
	case kindJamo:
		w.jamo(r)
	case kindSpacing:
		w.spacing(r)
	}
}

// begin opens a cluster.
func (w *writer) begin(r rune) {
	w.endCluster()
	w.open.at, w.open.base = len(w.out), r
	w.out = utf8.AppendRune(w.out, r)
}

// endCluster closes the open cluster with whatever it still owes.
func (w *writer) endCluster() {
	c := w.open
	w.open = cluster{}
	if c.linker {
		// Keeps the next consonant from joining, here or in another span.
		w.out = utf8.AppendRune(w.out, zwnj)
	}
	if c.extra > 0 {
		w.hidden += c.extra
		w.out = fmt.Appendf(w.out, "<+%d marks>", c.extra)
	}
	for _, waiting := range [...]rune{c.flag, c.lead, c.joiner} {
		if waiting != 0 {
			w.codePoint(waiting)
		}
	}
}

// mark puts a combining mark on the open cluster.
func (w *writer) mark(r rune) {
	if w.open.base == 0 {
		w.begin(dotted)
	}
	if w.open.marks < marksPerBase {
		w.open.marks++
		w.open.linker = w.open.linker || virama(r)
		w.out = utf8.AppendRune(w.out, r)
		return
	}
	if w.how == list {
		w.codePoint(r)
		return
	}
	w.open.extra++
}

// control writes a C0 or C1 control.
func (w *writer) control(r rune) {
	w.endCluster()
	switch {
	case r == 0x1b:
		w.out = append(w.out, "␛"...)
	case r < 0x20 || r == 0x7f:
		w.out = append(w.out, '^', byte(r)^0x40)
	default:
		w.codePoint(r)
		return
	}
	w.hidden++
}

// marker ends the cluster and shows r as its code point.
func (w *writer) marker(r rune) {
	w.endCluster()
	w.codePoint(r)
}

func (w *writer) codePoint(r rune) {
	w.hidden++
	w.out = fmt.Appendf(w.out, "<U+%04X>", r)
}

// bad writes an ill-formed part.
func (w *writer) bad(part string) {
	w.endCluster()
	if w.how == show {
		w.out = utf8.AppendRune(w.out, utf8.RuneError)
		return
	}
	for i := 0; i < len(part); i++ {
		w.hidden++
		w.out = fmt.Appendf(w.out, "<0x%02X>", part[i])
	}
}
