package canvas_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
)

func words(l canvas.Line) string {
	var b strings.Builder
	for _, s := range l.Spans {
		b.WriteString(s.Text.String())
	}
	return b.String()
}

func line(parts ...string) canvas.Line {
	l := canvas.L()
	for _, p := range parts {
		l = l.Add(canvas.S(theme.Plain, text.Clean(p)))
	}
	return l
}

func TestFit(t *testing.T) {
	for _, c := range []struct {
		parts []string
		w     int
		want  string
	}{
		{nil, 3, "   "},
		{[]string{"abc"}, 5, "abc  "},
		{[]string{"abc"}, 3, "abc"},
		{[]string{"abcd"}, 3, "ab…"},
		{[]string{"abc", "def"}, 6, "abcdef"},
		{[]string{"abc", "def"}, 5, "abcd…"},
		{[]string{"abc", "def"}, 4, "abc…"},
		{[]string{"abc", "def"}, 3, "ab…"},
		{[]string{"abc", "   "}, 3, "abc"},
		{[]string{"日本語"}, 5, "日本…"},
		{[]string{"日本語"}, 4, "日… "},
		{[]string{"abc"}, 1, "…"},
		{[]string{"abc"}, 0, ""},
	} {
		got := line(c.parts...).Fit(c.w)
		if words(got) != c.want || got.Width() != c.w {
			t.Errorf("%q in %d: %q (%d cells), want %q", c.parts, c.w, words(got), got.Width(), c.want)
		}
	}
	if filled := line("a").Filled(theme.Bar).Fit(3); filled.Fill != theme.Bar {
		t.Error("fitting lost the fill")
	}
}

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		left, right string
		w           int
		want        string
	}{
		{"left", "right", 12, "left   right"},
		{"left", "right", 9, "leftright"},
		{"left", "right", 8, "le…right"},
		{"left", "right", 6, "…right"},
		{"left", "right", 5, "right"},
		{"left", "right", 3, "ri…"},
		{"", "right", 7, "  right"},
		{"left", "", 6, "left  "},
	} {
		got := canvas.Split(c.w, line(c.left), line(c.right))
		if words(got) != c.want {
			t.Errorf("%q and %q in %d: %q, want %q", c.left, c.right, c.w, words(got), c.want)
		}
	}
}

func TestAddDoesNotWriteIntoTheLineItExtends(t *testing.T) {
	base := make([]canvas.Span, 1, 8)
	base[0] = canvas.S(theme.Plain, text.Lit("base"))
	l := canvas.Line{Spans: base}
	one := l.Add(canvas.S(theme.Plain, text.Lit(" one")))
	two := l.Add(canvas.S(theme.Plain, text.Lit(" two")))
	if words(one) != "base one" || words(two) != "base two" || words(l) != "base" {
		t.Errorf("%q, %q, %q", words(l), words(one), words(two))
	}
}

func TestBeside(t *testing.T) {
	left := canvas.Block{line("a"), line("b"), line("c")}.Fit(3, 3)
	right := canvas.Block{line("x"), line("y")}.Fit(2, 2)
	got := canvas.Beside(left, right)
	for i, want := range []string{"a  x ", "b  y ", "c  "} {
		if words(got[i]) != want {
			t.Errorf("row %d is %q, want %q", i, words(got[i]), want)
		}
	}
	if words(left[0]) != "a  " {
		t.Error("the left block was changed")
	}
}

func TestRenderLeavesOutTrailingBlanksWithoutFill(t *testing.T) {
	b := canvas.Block{line("a  "), line("b").Filled(theme.Bar), {}}
	got := strings.Split(canvas.Render(b, theme.New(theme.Mono, true), 6, 3), "\n")
	if len(got) != 3 || got[0] != "a  " && got[0] != "a" || got[2] != "" {
		t.Errorf("rendered %q", got)
	}
	if w := ansi.StringWidth(got[1]); w != 6 {
		t.Errorf("a filled row is %d cells of 6", w)
	}
}

func anyLine(t *rapid.T) canvas.Line {
	l := canvas.L()
	for range rapid.IntRange(0, 5).Draw(t, "spans") {
		s := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
			"plain words", "日本語", "สวัสดีครับ", "👩‍👩‍👧‍👦", "🇩🇪🇫🇷", "\x1b[31mred", "e\u0301\u0301\u0301", "\u202eback", "  ",
		})).Draw(t, "text")
		token := theme.Token(rapid.IntRange(0, int(theme.Tokens)-1).Draw(t, "token"))
		l = l.Add(canvas.S(token, text.Clean(s)))
	}
	return l.Filled(rapid.SampledFrom([]theme.Token{theme.Plain, theme.Bar, theme.Alarm}).Draw(t, "fill"))
}

// Fit, Split and Beside give exactly the width asked for, whatever the text.
func TestWidthsAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(0, 60).Draw(t, "w"), rapid.IntRange(0, 6).Draw(t, "h")
		a, b := anyLine(t), anyLine(t)
		if got := a.Fit(w).Width(); got != w {
			t.Fatalf("fitted to %d: %d cells in %q", w, got, words(a.Fit(w)))
		}
		if got := canvas.Split(w, a, b).Width(); got != w {
			t.Fatalf("split in %d: %d cells in %q", w, got, words(canvas.Split(w, a, b)))
		}
		block := canvas.Block{a, b}.Fit(w, h)
		if len(block) != h {
			t.Fatalf("%d rows of %d", len(block), h)
		}
		for _, l := range canvas.Beside(block, canvas.Block{b, a}.Fit(7, h)) {
			if l.Width() != w+7 {
				t.Fatalf("beside each other: %d cells of %d", l.Width(), w+7)
			}
		}
	})
}

// What is rendered has the rows asked for, no row is wider than asked, filled
// rows are exactly as wide, and nothing but style sequences is in it.
func TestRenderedRows(t *testing.T) {
	themes := map[theme.Name]theme.Theme{}
	for _, name := range theme.Names() {
		themes[name] = theme.New(name, true)
	}
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 60).Draw(t, "w"), rapid.IntRange(1, 6).Draw(t, "h")
		name := rapid.SampledFrom(theme.Names()).Draw(t, "theme")
		var block canvas.Block
		for range rapid.IntRange(0, 7).Draw(t, "lines") {
			block = append(block, anyLine(t))
		}
		out := strings.Split(canvas.Render(block, themes[name], w, h), "\n")
		if len(out) != h {
			t.Fatalf("%d rows of %d", len(out), h)
		}
		fitted := block.Fit(w, h)
		for i, row := range out {
			bare := ansi.Strip(row)
			if got := text.Clean(bare); got.Hidden() > 0 || got.String() != bare {
				t.Fatalf("row %d holds more than text and styles: %q", i, row)
			}
			got := text.Clean(bare).Width()
			if got > w || fitted[i].Fill != theme.Plain && got != w {
				t.Fatalf("row %d has %d cells of %d: %q", i, got, w, row)
			}
			if strings.TrimRight(bare, " ") != strings.TrimRight(words(fitted[i]), " ") {
				t.Fatalf("row %d is %q, was %q", i, bare, words(fitted[i]))
			}
		}
	})
}
