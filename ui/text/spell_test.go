package text

import (
	"strings"
	"testing"
)

func TestSpelt(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"Hindi", "मुझे किताब की वापसी चाहिए", ""},
		{"Bengali", "আমার অর্ডার কোথায়? বাংলা", ""},
		{"Tamil", "எனக்கு தமிழ் புத்தகம் வேண்டும்", ""},
		{"Telugu", "నాకు సహాయం కావాలి", ""},
		{"Thai", "ขอน้ำหนึ่งแก้วครับ", ""},
		{"Lao", "ນ້ຳ", ""},
		{"Malayalam, final joiner", "ന്\u200d", ""},
		{"Persian", "می\u200cخواهم", ""},
		{"old Korean", "\u1112\u1161\u11ab", ""},
		{"family", "👨\u200d👩\u200d👧 👍🏽 1\ufe0f\u20e3 ❤\ufe0f 🇸🇪", ""},
		{"many marks", "e" + strings.Repeat("\u0301", 9), ""},
		{"no-break space", "a\u00a0b", ""},
		{"escape", "a\x1b[31mb", "a␛[31mb"},
		{"override", "a\u202eb\u2066c", "a<U+202E>b<U+2066>c"},
		{"zero width", "a\u200bb\ufeffc", "a<U+200B>b<U+FEFF>c"},
		{"joiner between Latin letters", "clo\u200dsed", "clo<U+200D>sed"},
		{"selectors alone", "x\ufe0f\ufe0f", "x<U+FE0F><U+FE0F>"},
		{"C1", "a\u009bb", "a<U+009B>b"},
		{"lines", "a\r\nb\tc", "a⏎b c"},
		{"bad bytes", "कि\xff", "कि\ufffd"},
		{"tag characters", "a\U000e0061", "a<U+E0061>"},
	} {
		if c.want == "" {
			c.want = c.in
		}
		if got := Clean(c.in).Spelt(); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	hindi := Clean("किताब")
	for name, got := range map[string]string{
		"joined":    Join(" ", Lit("a"), hindi).Spelt(),
		"formatted": Format("%s %s", "a", hindi).Spelt(),
		"padded":    strings.TrimRight(Join("", Lit("a "), hindi.Pad(20)).Spelt(), " "),
	} {
		if got != "a किताब" {
			t.Errorf("%s: %q", name, got)
		}
	}
	if strings.Contains(hindi.String(), "कि") || hindi.Cut(2).Spelt() != hindi.Cut(2).String() {
		t.Error("cells are spelt as they were written")
	}
}
