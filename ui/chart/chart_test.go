package chart

import (
	"testing"

	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
)

func TestBar(t *testing.T) {
	for _, tt := range []struct {
		value, most int64
		w           int
		want        string
	}{
		{0, 10, 4, "    "},
		{10, 10, 4, "████"},
		{5, 10, 4, "██  "},
		{1, 1000, 4, "▏   "},
		{20, 10, 3, "███"},
		{-1, 10, 2, "  "},
		{5, 0, 2, "  "},
	} {
		if got := Bar(tt.value, tt.most, tt.w).String(); got != tt.want {
			t.Errorf("Bar(%d, %d, %d) = %q, want %q", tt.value, tt.most, tt.w, got, tt.want)
		}
	}
}

func TestStackAlwaysAddsUp(t *testing.T) {
	for w := 1; w < 60; w++ {
		for a := int64(0); a < 5; a++ {
			for b := int64(0); b < 7; b++ {
				spans := Stack([]Part{
					{a, theme.Good, text.Lit("░")}, {b, theme.Bad, text.Lit("█")}, {3, theme.Warn, text.Lit("▒")},
				}, w)
				if got := canvas.L(spans...).Width(); got != w {
					t.Fatalf("parts %d %d 3 in %d cells take %d", a, b, w, got)
				}
			}
		}
	}
	if got := canvas.L(Stack(nil, 5)...).Width(); got != 5 {
		t.Errorf("nothing takes %d", got)
	}
}

func TestProgressKeepsItsWidth(t *testing.T) {
	for _, p := range []int{-5, 0, 1, 50, 99, 100, 250} {
		if got := canvas.L(Progress(p, true, 20)...).Width(); got != 20 {
			t.Errorf("%d%% takes %d cells", p, got)
		}
	}
	if got := canvas.L(Progress(0, false, 20)...).Width(); got != 20 {
		t.Errorf("unknown takes %d cells", got)
	}
}
