package text

import (
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
	for g := graphemes.FromString(s); g.Next(); {
		if n := len(g.Value()); n > 40 {
			t.Fatalf("%+q -> cluster of %d bytes", from, n)
		}
	}
	if strings.HasPrefix(s, string(zwnj)) {
		t.Fatalf("%+q -> %+q starts with a joiner", from, s)
	}
}

// Every character alone, doubled, and beside the neighbours that could join it.
func TestWidthsAgreeForEveryCharacter(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) {
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
