package text

import (
	"strings"
	"testing"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

func TestCutPadWindow(t *testing.T) {
	wide, ids := Clean("漢字かな"), Clean("66f3a9b1d7e4aac2")
	for _, c := range []struct {
		name, want string
		got        Safe
	}{
		{"cut fits", "abc", Clean("abc").Cut(3)},
		{"cut", "ab…", Clean("abcd").Cut(3)},
		{"cut to one", "…", Clean("abcd").Cut(1)},
		{"cut to nothing", "", Clean("abcd").Cut(0)},
		{"cut below nothing", "", Clean("abcd").Cut(-1)},
		{"cut wide fits", "漢字かな", wide.Cut(8)},
		{"cut wide", "漢字か…", wide.Cut(7)},
		{"cut wide odd", "漢字…", wide.Cut(6)},
		{"cut keeps marks", "e\u0301…", Clean("e\u0301e\u0301e\u0301").Cut(2)},
		{"middle fits", "66f3a9b1d7e4aac2", ids.CutMiddle(16)},
		{"middle", "66f3a9…c2", ids.CutMiddle(9)},
		{"middle of one", "…", ids.CutMiddle(1)},
		{"middle of none", "", ids.CutMiddle(0)},
		{"middle wide", "漢…", wide.CutMiddle(4)},
		{"pad", "ab  ", Clean("ab").Pad(4)},
		{"pad cuts", "ab…", Clean("abcd").Pad(3)},
		{"pad wide odd", "漢字… ", wide.Pad(6)},
		{"pad left", "  ab", Clean("ab").PadLeft(4)},
		{"pad nothing", "   ", Safe{}.Pad(3)},
		{"window", "cde", Clean("abcdef").Window(2, 3)},
		{"window at the end", "f", Clean("abcdef").Window(5, 3)},
		{"window beyond", "", Clean("abcdef").Window(9, 3)},
		{"window before", "abc", Clean("abcdef").Window(-4, 3)},
		{"window in a wide one", " 字 ", wide.Window(1, 4)},
		{"window of one cell", " ", wide.Window(0, 1)},
		{"blanks", strings.Repeat(" ", 100), Blank(100)},
	} {
		if c.got.String() != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
	if h := Clean("\x1bxyz").Cut(2).Hidden(); h != 1 {
		t.Errorf("cut forgot what is hidden: %d", h)
	}
}

func TestSlice(t *testing.T) {
	s := Clean("ae\u0301b")
	for _, c := range []struct {
		from, to int
		want     string
	}{
		{0, 99, "ae\u0301b"}, {0, 2, "a"}, {0, 3, "a"}, {2, 5, "e\u0301b"}, {1, 4, "e\u0301"}, {3, 3, ""}, {4, 2, ""}, {-1, 1, "a"},
	} {
		if got := s.Slice(c.from, c.to).String(); got != c.want {
			t.Errorf("Slice(%d, %d) = %+q, want %+q", c.from, c.to, got, c.want)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		name, in string
		w        int
		want     string
	}{
		{"empty", "", 5, ""},
		{"fits", "abc", 3, "abc"},
		{"at a blank", "abc def", 3, "abc|def"},
		{"two blanks", "abc  def", 4, "abc|def"},
		{"greedy", "a b c d", 3, "a b|c d"},
		{"long word", "abcdefgh", 3, "abc|def|gh"},
		{"long word after a short", "ab cdefgh", 4, "ab|cdef|gh"},
		{"indent stays", "  ab cd", 4, "  ab|cd"},
		{"blank at the end", "ab  ", 2, "ab"},
		{"only blanks", "     ", 3, "   "},
		{"han", "漢字漢字", 4, "漢字|漢字"},
		{"han odd", "漢字漢字", 5, "漢字|漢字"},
		{"latin then han", "ab漢字", 4, "ab漢|字"},
		{"han then latin", "漢字ab", 5, "漢字|ab"},
		{"thai", "กขคงจฉ", 4, "กขคง|จฉ"},
		{"too narrow", "a漢b", 1, "a|…|b"},
		{"no width", "ab", 0, "a|b"},
	} {
		var got []string
		for _, r := range Clean(c.in).Wrap(c.w) {
			got = append(got, r.String())
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestFind(t *testing.T) {
	for _, c := range []struct {
		in, needle string
		fold       bool
		want       []string
	}{
		{"abcabc", "bc", false, []string{"bc", "bc"}},
		{"aaa", "aa", false, []string{"aa"}},
		{"Hello", "hello", false, nil},
		{"Hello hELLO", "hello", true, []string{"Hello", "hELLO"}},
		{"STRASSE straße", "STRAßE", true, []string{"straße"}},
		{"ÄRGER", "ärg", true, []string{"ÄRG"}},
		{"\u212a", "k", true, []string{"\u212a"}}, // Kelvin sign
		{"ae\u0301b", "e", false, []string{"e\u0301"}},
		{"ae\u0301b", "\u0301b", false, nil},
		{"a\nb", "\n", false, []string{"⏎"}},
		{"\x1b[m", "\x1b", false, []string{"␛"}},
		{"नमस्ते", "स्", false, []string{"स्\u200c"}},
		{"abc", "", true, nil},
		{"", "a", true, nil},
	} {
		s := Clean(c.in)
		var got []string
		for _, hit := range s.Find(c.needle, c.fold) {
			got = append(got, s.Slice(hit[0], hit[1]).String())
		}
		if strings.Join(got, "|") != strings.Join(c.want, "|") {
			t.Errorf("Find(%+q, %+q, %v) = %+q, want %+q", c.in, c.needle, c.fold, got, c.want)
		}
	}
}

func FuzzCutAndWrap(f *testing.F) {
	f.Add("some words  in a row", 5, "wor")
	f.Add("漢字 mixed e\u0301e\u0301 กขคง 👩\u200d👩", 3, "E")
	f.Add("  ", 1, " ")
	f.Fuzz(func(t *testing.T, in string, w int, needle string) {
		if w %= 200; w < 0 {
			w = -w
		}
		s := Clean(in)
		for _, c := range []struct {
			name string
			t    Safe
		}{{"cut", s.Cut(w)}, {"middle", s.CutMiddle(w)}, {"window", s.Window(w/2, w)}, {"pad", s.Pad(w)}, {"left", s.PadLeft(w)}} {
			checkClean(t, in, c.t)
			got := c.t.Width()
			if got > w || got != w && (c.name == "pad" || c.name == "left") {
				t.Fatalf("%s(%q, %d) is %d wide: %q", c.name, s, w, got, c.t)
			}
		}
		all := strings.Builder{}
		for _, r := range s.Wrap(w) {
			checkClean(t, in, r)
			if r.Width() > max(w, 1) {
				t.Fatalf("Wrap(%q, %d) has %q", s, w, r)
			}
			all.WriteString(r.s)
		}
		if w > 1 && strings.ReplaceAll(all.String(), " ", "") != strings.ReplaceAll(s.s, " ", "") {
			t.Fatalf("Wrap(%q, %d) lost something: %q", s, w, all.String())
		}
		start := 0
		for g := graphemes.FromString(s.s); g.Next() && start < 4096; {
			for i := range len(g.Value()) {
				if got := boundary(s.s, start+i); got != start {
					t.Fatalf("%+q: byte %d is in the cluster at %d, not %d", s, start+i, start, got)
				}
			}
			start += len(g.Value())
		}
		at := 0
		rebuilt := ""
		for _, hit := range s.Find(needle, true) {
			if hit[0] < at || hit[1] <= hit[0] || hit[1] > len(s.s) {
				t.Fatalf("Find(%q, %q): %v after %d", s, needle, hit, at)
			}
			rebuilt += s.Slice(at, hit[0]).s + s.Slice(hit[0], hit[1]).s
			at = hit[1]
		}
		if rebuilt += s.Slice(at, len(s.s)).s; rebuilt != s.s {
			t.Fatalf("slices of %q add up to %q", s, rebuilt)
		}
	})
}
