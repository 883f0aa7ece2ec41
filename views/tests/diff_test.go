package tests

import (
	"strings"
	"testing"
	"time"

	"korescope/api"
	"korescope/ui/canvas"
	"korescope/ui/theme"
)

// marked writes odd words in brackets.
func marked(words []piece) string {
	var out []string
	for _, w := range words {
		s := w.text.String()
		if w.odd {
			s = "[" + s + "]"
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func TestWordsThatDiffer(t *testing.T) {
	for _, tt := range []struct{ a, b, x, y string }{
		{"a b c", "a b c", "a b c", "a b c"},
		{"a  b\nc", "a b c", "a b c", "a b c"},
		{"a b c", "a x c", "a [b] c", "a [x] c"},
		{"a b c", "a c", "a [b] c", "a c"},
		{"a c", "a b c", "a c", "a [b] c"},
		{"a a", "a", "a [a]", "a"},
		{"a", "", "[a]", ""},
		{"", "a b", "", "[a] [b]"},
		{"a b c d", "x b c y", "[a] [b] [c] [d]", "[x] [b] [c] [y]"},
	} {
		x, y := differ(tt.a, tt.b)
		if marked(x) != tt.x || marked(y) != tt.y {
			t.Errorf("%q against %q: %s and %s", tt.a, tt.b, marked(x), marked(y))
		}
	}
	if x, _ := differ(strings.Repeat("wörd ", 5000), ""); len(x) > longestText/5 {
		t.Errorf("%d words are compared", len(x))
	}
}

func lines(all []canvas.Line) string {
	var out []string
	for _, l := range all {
		s := ""
		for _, p := range l.Spans {
			s += p.Text.String()
		}
		out = append(out, strings.TrimRight(s, " "))
	}
	return strings.Join(out, "|")
}

func TestMarksStandUnderTheFirstRowThatDiffers(t *testing.T) {
	_, y := differ("one two three four five six", "one two 3 4 five six")
	for _, tt := range []struct {
		w, most int
		mark    bool
		want    string
	}{
		{40, 9, true, "one two 3 4 five six|        ^^^"},
		{40, 9, false, "one two 3 4 five six"},
		{9, 9, true, "one two 3|        ^|4 five|six"},
		{9, 3, true, "one two 3|        ^|4 five…"},
		{2, 9, true, "on|e|tw|o|3|^|4|fi|…"},
	} {
		if got := lines(spread(y, tt.w, tt.most, theme.Removed, tt.mark)); got != tt.want {
			t.Errorf("%d cells, %d rows: %q, want %q", tt.w, tt.most, got, tt.want)
		}
	}
}

func TestLeftIsTheShareThatIsMissing(t *testing.T) {
	at := time.Date(2031, 3, 12, 13, 0, 0, 0, time.UTC)
	run := func(percent int, spent time.Duration) api.TestRun {
		return api.TestRun{Started: at, Changed: at.Add(spent), Percent: api.Known(percent)}
	}
	for _, tt := range []struct {
		run  api.TestRun
		late time.Duration // since the last answer
		want time.Duration
		ok   bool
	}{
		{run(50, time.Minute), 0, time.Minute, true},
		{run(25, 10*time.Second), 0, 30 * time.Second, true},
		{run(25, 10*time.Second), 12 * time.Second, 18 * time.Second, true},
		{run(25, 10*time.Second), time.Hour, 0, true},
		{run(100, time.Minute), 0, 0, true},
		{run(0, time.Minute), 0, 0, false},
		{run(50, 0), 0, 0, false},
		{run(-3, time.Minute), 0, 0, false},
		{run(300, time.Minute), 0, 0, false},
		{api.TestRun{Started: at, Changed: at.Add(time.Minute)}, 0, 0, false},
		{api.TestRun{Changed: at, Percent: api.Known(50)}, 0, 0, false},
	} {
		if got, ok := Left(tt.run, tt.run.Changed.Add(tt.late)); got != tt.want || ok != tt.ok {
			t.Errorf("%+v, %s later: %s %v", tt.run, tt.late, got, ok)
		}
	}
}

// Texts that differ are marked only where the text is to blame.
func TestOnlyAWrongTextIsMarked(t *testing.T) {
	for _, tt := range []struct {
		verdict api.Verdict
		failed  []string
		want    bool
	}{
		{api.VerdictFailed, nil, true}, {api.VerdictFailed, []string{"context: order", "text: a"}, true}, {api.VerdictFailed, []string{"text"}, true},
		{api.VerdictFailed, []string{"context: order"}, false}, {api.VerdictPassed, nil, false}, {api.VerdictPassed, []string{"text: a"}, false},
	} {
		if got := wrongText(api.TestStep{Verdict: tt.verdict, Failed: tt.failed}); got != tt.want {
			t.Errorf("%s %q: %v", tt.verdict, tt.failed, got)
		}
	}
}
