package text

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/clipperhouse/displaywidth"
	"github.com/clipperhouse/uax29/v2/graphemes"
)

// checkClean fails unless s is what the package promises of every Safe text.
func checkClean(t *testing.T, from string, c Safe) {
	t.Helper()
	s := c.String()
	if !utf8.ValidString(s) {
		t.Fatalf("%+q -> %+q: ill-formed", from, s)
	}
	runes := 0
	for _, r := range s {
		runes += displaywidth.Rune(r)
		if shown := unicode.IsPrint(r) && (r == ' ' || !unicode.IsSpace(r)); !shown && r != zwnj {
			t.Fatalf("%+q -> %+q: %U came through", from, s, r)
		}
	}
	ours := c.Width()
	if wc, g := ansi.StringWidthWc(s), ansi.StringWidth(s); wc != ours || g != ours {
		t.Fatalf("%+q -> %+q: width %d, by runes %d, by clusters %d", from, s, ours, wc, g)
	}
	at := 0
	for g := graphemes.FromString(s); g.Next(); at += len(g.Value()) {
		n := len(g.Value())
		if n > 40 {
			t.Fatalf("%+q -> cluster of %d bytes", from, n)
		}
		if got := boundary(s, at+n-1); got != at && n > 1 {
			t.Fatalf("%+q -> %+q: cluster at %d, not %d", from, s, at, got)
		}
	}
	if strings.HasPrefix(s, string(zwnj)) {
		t.Fatalf("%+q -> %+q starts with a joiner", from, s)
	}
}

// Every character alone, doubled, and beside the neighbours that could join it.
func TestWidthsAgreeForEveryCharacter(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) || alike(r) && r%61 != 0 {
			continue
		}
		s := string(r)
		around := []string{s}
		if unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Cf) {
			around = []string{s, "a" + s + "b", s + s, "क" + s + "क", "क्" + s + "क", "👩" + s + "👩", "가" + s, "1" + s + "\ufe0f", "ب" + s + "ب"}
		}
		for _, in := range around {
			c := Clean(in)
			checkClean(t, in, c)
			if again := Clean(c.s); again.s != c.s {
				t.Fatalf("%+q -> %+q -> %+q: not settled", in, c.s, again.s)
			}
		}
	}
}

// alike reports the large blocks whose characters do not differ to the cleaner.
func alike(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hangul, unicode.Co, unicode.Tangut, unicode.Yi, unicode.Egyptian_Hieroglyphs) ||
		!unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Cc, unicode.Cf, unicode.Z)
}

// The libraries agree on these; tmux 3.3a with the tables of its system does
// not, or gives up on them.
func TestWhatALongTermSystemDoesNotKnow(t *testing.T) {
	for _, r := range []rune{
		0x2630, 0x2637, 0x268a, 0x3248, 0x324f, 0x1123f, 0x11b00, 0x11f04, 0x11f59, 0x1342f, 0x13441, 0x1b132, 0x1b155,
		0x1d165, 0x1d16d, 0x1d2c0, 0x1d2d3, 0x1d300, 0x1d356, 0x1d360, 0x1d376, 0x1df25, 0x1e030, 0x1e06d, 0x1e4d0, 0x1e4f9,
		0x1f6dc, 0x1f774, 0x1f77f, 0x1f7d9, 0x1fa75, 0x1fa88, 0x1faad, 0x1fabb, 0x1fabf, 0x1face, 0x1fadb, 0x1fae8, 0x1faf7,
		0x2b739, 0x31350, 0x323af,
	} {
		if got, want := Clean("a"+string(r)).String(), fmt.Sprintf("a<U+%04X>", r); got != want {
			t.Errorf("%U: %+q", r, got)
		}
	}
}
