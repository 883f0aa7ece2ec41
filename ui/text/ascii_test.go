package text_test

import (
	"testing"

	"pgregory.net/rapid"

	"korescope/ui/text"
)

func TestASCII(t *testing.T) {
	for in, want := range map[string]string{
		"plain": "plain", "cut\u2026": "cut~", "\u25b8 open": "> open", "\u2588\u2585\u2581": "@*.",
		"M\u00fcller": "MU+00FCller", "\u65e5": "U+65E5", "\u2192": ">",
	} {
		if got := text.Clean(in).ASCII().String(); got != want {
			t.Errorf("%q is %q, not %q", in, got, want)
		}
	}
}

func TestNothingAboveASCIIIsLeft(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := text.Clean(rapid.String().Draw(t, "text")).ASCII()
		for _, r := range s.String() {
			if r > 0x7e || r < 0x20 {
				t.Fatalf("%q is left in %q", r, s)
			}
		}
		if s.Width() != len(s.String()) {
			t.Fatalf("%q is counted as %d cells", s, s.Width())
		}
	})
}
