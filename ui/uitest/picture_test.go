package uitest_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/ui/uitest"
)

func TestAPictureNamesTokensAndNoColours(t *testing.T) {
	b := canvas.Block{
		canvas.L(canvas.S(theme.Bad, text.Lit(" two words ")), canvas.S(theme.Bad, text.Lit("more")), canvas.S(theme.Plain, text.Lit(" end"))),
		canvas.L(canvas.S(theme.Cursor, text.Lit(">")), canvas.S(theme.Dim, text.Lit("日本"))).Filled(theme.CursorRow),
		canvas.L(canvas.S(theme.Plain, text.Lit("ab")), canvas.S(theme.Match, text.Lit(" "))),
		{},
	}.Fit(22, 4)
	got := uitest.Paint(t, b, 22, "title odd").String()
	want := strings.Join([]string{
		"title odd",
		"+---------------------- 22x4",
		"| two words more end",
		"|>日本",
		"|ab",
		"|",
		"+----------------------",
		" 0 1-14:bad",
		" 1 /cursor-row 0-0:cursor 1-4:dim",
		" 2 2-2:match",
		"",
	}, "\n")
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// What is kept is read back as the same picture, whatever was drawn.
func TestPicturesAreReadBack(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var b canvas.Block
		for range rapid.IntRange(1, 4).Draw(r, "rows") {
			l := canvas.L()
			for range rapid.IntRange(0, 4).Draw(r, "spans") {
				s := rapid.SampledFrom([]string{"word", "two words", " lead", "tail ", "日本語", "e\u0301a", "  ", "", "…"}).Draw(r, "text")
				l = l.Add(canvas.S(theme.Token(rapid.IntRange(0, int(theme.Tokens)-1).Draw(r, "token")), text.Clean(s)))
			}
			b = append(b, l.Filled(rapid.SampledFrom([]theme.Token{theme.Plain, theme.Bar, theme.CursorRow}).Draw(r, "fill")))
		}
		const w = 30
		b = b.Fit(w, len(b))
		kept := uitest.Paint(t, b, w, "a fact").String()
		p, err := uitest.Parse(kept)
		if err != nil {
			r.Fatal(err)
		}
		again, err := p.Block()
		if err != nil {
			r.Fatalf("%v in\n%s", err, kept)
		}
		if got := uitest.Paint(t, again, w, "a fact").String(); got != kept {
			r.Fatalf("kept\n%s\nread back\n%s", kept, got)
		}
	})
}

func TestWhatIsNoPictureIsSaid(t *testing.T) {
	for _, kept := range []string{
		"", "words", "+-- \n|\n+--\n", "+-- 2x2\n|a\n+--\n", "+-- 2x1\n|a\n",
	} {
		if _, err := uitest.Parse(kept); err == nil {
			t.Errorf("%q was read", kept)
		}
	}
	for _, runs := range []string{"x 0-0:bad", "3 0-0:bad", "0 0-0:ugly", "0 1-0:bad", "0 0:bad", "0 /ugly", "0 0-1:bad 1-1:bad"} {
		p, err := uitest.Parse("+-- 2x1\n|ab\n+--\n" + runs + "\n")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Block(); err == nil {
			t.Errorf("%q was read", runs)
		}
	}
}

func TestSVGHoldsTheText(t *testing.T) {
	b := canvas.Block{canvas.L(canvas.S(theme.Bad, text.Lit("a<b")))}
	svg := uitest.SVG(canvas.Render(b, theme.New(theme.Dark, true), 5, 1), 5, 1, true)
	for _, want := range []string{"<svg ", ">a<", "&lt;", "bold", "</svg>"} {
		if !strings.Contains(svg, want) {
			t.Errorf("no %q in\n%s", want, svg)
		}
	}
}
