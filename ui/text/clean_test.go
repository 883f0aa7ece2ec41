package text

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// T1: a part of a sequence is only ever shown.
func TestSequencesAreShown(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"\x1b[31mred\x1b[0m", "␛[31mred␛[0m"},
		{"\x1b]52;c;eA==\x07x", "␛]52;c;eA==^Gx"},
		{"\x1b]0;title\x1b\\x", "␛]0;title␛\\x"},
		{"\x1b]8;;file:///etc", "␛]8;;file:///etc"},
		{"\x1bPq#0\x1b\\", "␛Pq#0␛\\"},
		{"\x1b_G1\x1b\\\x1b^pm\x1b\\\x1bXsos\x1b\\", "␛_G1␛\\␛^pm␛\\␛Xsos␛\\"},
		{"\u009b31m", "<U+009B>31m"},
		{"\u009d52;c;x\u009c", "<U+009D>52;c;x<U+009C>"},
		{"a\x9b31m", "a\ufffd31m"},
		{"\x00\x07\x08\x7f", "^@^G^H^?"},
		{"unterminated \x1b]2;and the rest", "unterminated ␛]2;and the rest"},
	} {
		got := Clean(c.in)
		if got.String() != c.want {
			t.Errorf("Clean(%+q) = %+q, want %+q", c.in, got, c.want)
		}
		checkClean(t, c.in, got)
	}
	for r := rune(0); r < 0xa0; r++ {
		if r >= 0x20 && r < 0x7f {
			continue
		}
		got := Clean("a" + string(r) + "b")
		for _, c := range got.String() {
			if unicode.Is(unicode.Cc, c) {
				t.Errorf("%U came out as %U", r, c)
			}
		}
		if want := r != '\t' && r != '\n'; (got.Hidden() == 1) != want {
			t.Errorf("%U: hidden %d", r, got.Hidden())
		}
	}
}

// T2: ill-formed parts, by the longest prefix that could have been a character.
func TestIllFormed(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"\xe2\x1b]52;c;eA==\x07", "\ufffd␛]52;c;eA==^G"},
		{"\xc0\xaf", "\ufffd\ufffd"},
		{"\xe0\x80\xaf", "\ufffd\ufffd\ufffd"},
		{"\xed\xa0\x80", "\ufffd\ufffd\ufffd"},
		{"\xe2\x82x", "\ufffdx"},
		{"\xf0\x9f\x98x", "\ufffdx"},
		{"\xf0\x9f\x98", "\ufffd"},
		{"\xf4\x90\x80\x80", "\ufffd\ufffd\ufffd\ufffd"},
		{"\xff\xfe", "\ufffd\ufffd"},
		{"a\xcc", "a\ufffd"},
		{"\ufffd", "\ufffd"},
	} {
		if got := Clean(c.in).String(); got != c.want {
			t.Errorf("Clean(%+q) = %+q, want %+q", c.in, got, c.want)
		}
	}
}

func TestEveryTwoBytesBeforeASequence(t *testing.T) {
	const tail = "\x1b]52;c;eA==\x07"
	const shown = "␛]52;c;eA==^G"
	for i := range 1 << 16 {
		in := string([]byte{byte(i >> 8), byte(i)}) + tail
		got := Clean(in).String()
		if !strings.HasSuffix(got, shown) {
			t.Fatalf("Clean(%+q) = %+q", in, got)
		}
		if strings.IndexFunc(got, unicode.IsControl) >= 0 {
			t.Fatalf("Clean(%+q) = %+q: a control", in, got)
		}
	}
}

// T3 and T4: what would be obeyed or unseen is shown and counted.
func TestUnseenIsMarked(t *testing.T) {
	all := []rune{
		0x061c, 0x200e, 0x200f, 0x2028, 0x2029, // T3
		0x200b, 0xfeff, 0x00ad, 0x180e, 0x034f, 0x115f, 0x1160, 0x3164, 0xffa0, 0x17b4, 0x17b5, 0x2800,
		0x200c, 0x200d, 0xfff9, 0xfffa, 0xfffb, 0xfffc, 0x1d159, 0xe000, 0xf8ff, 0xffff, 0x10ffff, 0x0378,
	}
	span := func(from, to rune) {
		for r := from; r <= to; r++ {
			all = append(all, r)
		}
	}
	span(0x202a, 0x202e)
	span(0x2066, 0x2069)
	span(0x2060, 0x2064)
	span(0x206a, 0x206f)
	span(0xe0000, 0xe007f)
	span(0xe0100, 0xe01ef)
	span(0xfe00, 0xfe0f)
	span(0x1d173, 0x1d17a)
	for _, r := range all {
		got := Clean("a" + string(r) + "b")
		if want := fmt.Sprintf("a<U+%04X>b", r); got.String() != want || got.Hidden() != 1 {
			t.Errorf("%U: %+q, hidden %d", r, got, got.Hidden())
		}
	}
}

// T5: marks.
func TestMarks(t *testing.T) {
	acute := "\u0301"
	for _, c := range []struct{ in, want string }{
		{"e" + acute, "e" + acute},
		{acute + "x", "◌" + acute + "x"},
		{" " + acute, " ◌" + acute},
		{"e" + strings.Repeat(acute, 4), "e" + strings.Repeat(acute, 4)},
		{"e" + strings.Repeat(acute, 1004) + "x", "e" + strings.Repeat(acute, 4) + "<+1000 marks>x"},
		{"\x1b" + acute, "␛◌" + acute},
		{"\u202e" + acute, "<U+202E>◌" + acute},
	} {
		got := Clean(c.in)
		if got.String() != c.want {
			t.Errorf("Clean(%+q) = %+q, want %+q", c.in, got, c.want)
		}
		checkClean(t, c.in, got)
	}
}

// T6: what terminals measure differently gets a plain form.
func TestDisputedClusters(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"skin tone", "👍🏽!", "👍!"},
		{"skin tone alone", "a🏽", "a<U+1F3FD>"},
		{"emoji form", "❤\ufe0f", "❤"},
		{"second selector", "❤\ufe0f\ufe0f", "❤<U+FE0F>"},
		{"keycap", "1\ufe0f\u20e3#\u20e3", "1#"},
		{"family", "👨\u200d👩\u200d👧\u200d👦.", "👨."},
		{"profession with tone", "👩🏽\u200d⚕\ufe0f", "👩"},
		{"joiner at the end", "👩\u200d", "👩<U+200D>"},
		{"joiner before a letter", "👩\u200dx", "👩<U+200D>x"},
		{"flag", "🇩🇪🇫🇷", "🇩🇪🇫🇷"},
		{"half a flag", "🇩🇪🇫", "🇩🇪<U+1F1EB>"},
		{"half a flag before text", "🇩x", "<U+1F1E9>x"},
		{"conjunct", "नमस्ते", "नमस्\u200cते"},
		{"conjunct with joiner", "क्\u200dष", "क्\u200cष"},
		{"dependent vowel", "हिन्दी", "हइन्\u200cदई"},
		{"bengali nasal", "বাং", "বআঙ্\u200c"},
		{"persian", "می\u200cخواهم", "می\u200cخواهم"},
		{"non-joiner in latin", "a\u200cb", "a<U+200C>b"},
		{"joiner in arabic", "ب\u200dب", "ب<U+200D>ب"},
		{"two non-joiners", "ب\u200c\u200cب", "ب<U+200C><U+200C>ب"},
		{"thai am", "น้ำ", "น้\u0e4d\u0e32"},
		{"decomposed korean", "\u1112\u1161\u11ab", "한"},
		{"korean without a vowel", "\u1112x", "<U+1112>x"},
		{"korean vowel alone", "x\u1161", "x<U+1161>"},
		{"half-width katakana", "ｶﾞ", "ｶ\u3099"},
		{"too new", "\U0001fae8", "<U+1FAE8>"},
	} {
		got := Clean(c.in)
		if got.String() != c.want {
			t.Errorf("%s: Clean(%+q) = %+q, want %+q", c.name, c.in, got, c.want)
		}
		checkClean(t, c.in, got)
	}
}

// T7: blanks and lines.
func TestBlanksAndLines(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"a\tb", "a b"},
		{"a\u00a0b\u3000c\u2003d", "a b c d"},
		{"a\nb", "a⏎b"},
		{"a\r\nb", "a⏎b"},
		{"over\rwrite", "over^Mwrite"},
		{"a\bb\vc\fd", "a^Hb^Kc^Ld"},
		{"", ""},
	} {
		if got := Clean(c.in).String(); got != c.want {
			t.Errorf("Clean(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestCap(t *testing.T) {
	for _, c := range []struct {
		name, in string
	}{
		{"ascii", strings.Repeat("x", 200_000)},
		{"wide", strings.Repeat("漢", 100_000)},
		{"controls", strings.Repeat("\x9b\u009b", 50_000)},
		{"one over", strings.Repeat("x", Most+1)},
		{"wide just over", strings.Repeat("é", Most/2) + "x"},
		{"expanding end", strings.Repeat("x", Most-10) + "\u202e\u202e"},
	} {
		got := Clean(c.in)
		if len(got.s) > Most || !strings.HasSuffix(got.s, " bytes more]") {
			t.Errorf("%s: %d bytes, ends in %q", c.name, len(got.s), got.s[len(got.s)-30:])
		}
		if again := Clean(got.s); again.s != got.s {
			t.Errorf("%s: cut twice", c.name)
		}
	}
	for _, full := range []string{strings.Repeat("x", Most), strings.Repeat("é", Most/2)} {
		if got := Clean(full); got.s != full {
			t.Errorf("%d bytes were cut", len(full))
		}
	}
	if got := Clean(strings.Repeat("x", 100_000)).s; !strings.HasSuffix(got, "x… [34,592 bytes more]") {
		t.Errorf("note: %q", got[len(got)-40:])
	}
}

func TestRawListsWhatCleanChanges(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"a b", "a b"},
		{"a\tb\n", "a<U+0009>b<U+000A>"},
		{"\x1b[m", "<U+001B>[m"},
		{"\x9b", "<0x9B>"},
		{"\xe2\x82x", "<0xE2><0x82>x"},
		{"❤\ufe0f", "❤<U+FE0F>"},
		{"👩🏽\u200d⚕", "👩<U+1F3FD><U+200D>⚕"},
		{"é\u0301", "é\u0301"},
		{"🇩🇪", "🇩🇪"},
		{"\u00a0", "<U+00A0>"},
	} {
		got := Raw(c.in)
		if got.String() != c.want {
			t.Errorf("Raw(%+q) = %+q, want %+q", c.in, got, c.want)
		}
		checkClean(t, c.in, got)
	}
}

func TestCleanLines(t *testing.T) {
	for _, c := range []struct {
		in   string
		max  int
		want string
	}{
		{"", 0, ""},
		{"a", 0, "a"},
		{"a\nb\r\nc\n", 0, "a|b|c|"},
		{"a\rb", 0, "a^Mb"},
		{"1\n2\n3\n4", 3, "1|2|… 2 more lines"},
		{"1\n2\n3", 3, "1|2|3"},
		{"1\n2", 1, "… 2 more lines"},
	} {
		var got []string
		for _, l := range CleanLines(c.in, c.max) {
			got = append(got, l.String())
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("CleanLines(%q, %d) = %q, want %q", c.in, c.max, got, c.want)
		}
	}
}

func TestPlainTextIsNotCopied(t *testing.T) {
	s := strings.Repeat("plain text ", 100)
	if n := testing.AllocsPerRun(10, func() { _ = Clean(s).Width() }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{
		"plain", "\xe2\x1b]52;c;eA==\x07", "👨\u200d👩\u200d👧🏽 ❤\ufe0f 1\ufe0f\u20e3", "नमस्ते हिन्दी", "\u1112\u1161\u11ab",
		"🇩🇪🇫", "می\u200cخواهم", "e\u0301\u0301\u0301\u0301\u0301", "a\tb\r\n\u2028", "น้ำ ｶﾞ", "\U000e0041\ufe0f\u3164",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, c := range []Safe{Clean(s), Raw(s)} {
			checkClean(t, s, c)
			if again := Clean(c.s); again.s != c.s {
				t.Fatalf("%+q -> %+q -> %+q", s, c.s, again.s)
			}
			if len(c.s) > Most {
				t.Fatalf("%d bytes", len(c.s))
			}
		}
		half := len(s) / 2
		checkClean(t, s, Join("", Clean(s[:half]), Clean(s[half:])))
		if !utf8.ValidString(s) && !strings.ContainsRune(Clean(s).s, utf8.RuneError) && len(s) < Most/10 {
			t.Fatalf("%+q: bad bytes vanished", s)
		}
	})
}

func BenchmarkCleanASCII(b *testing.B) {
	s := strings.Repeat("plain text ", 100)
	b.SetBytes(int64(len(s)))
	b.ReportAllocs()
	for b.Loop() {
		_ = Clean(s)
	}
}

func BenchmarkCleanMixed(b *testing.B) {
	s := strings.Repeat("Grüße, 漢字 und mehr Text dazu. ", 40)
	b.SetBytes(int64(len(s)))
	b.ReportAllocs()
	for b.Loop() {
		_ = Clean(s)
	}
}

func BenchmarkWidthMixed(b *testing.B) {
	t := Clean(strings.Repeat("Grüße, 漢字 und mehr Text dazu. ", 40))
	b.SetBytes(int64(len(t.s)))
	for b.Loop() {
		_ = t.Width()
	}
}

func BenchmarkWrapASCII(b *testing.B) {
	t := Clean(strings.Repeat("some words in a row of text, ", 2000))
	b.SetBytes(int64(len(t.s)))
	b.ReportAllocs()
	for b.Loop() {
		_ = t.Wrap(78)
	}
}
