package find_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"korescope/api"
	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/canvas"
	"korescope/ui/theme"
	"korescope/views"
	"korescope/views/find"
	"korescope/views/viewtest"
)

// Entered types a text into the screen's prompt without running what follows.
func (s *stand) Entered(text string) {
	s.t.Helper()
	p, ok := s.Screen.(ui.Prompter)
	if !ok {
		s.t.Fatal("the screen has no prompt")
	}
	p.Entered(ui.FindPrompt, text)
}

func TestTheDiskAloneIsAskedAndOnlyInCommands(t *testing.T) {
	s := many(t).open(80, 24)
	s.Keys("+", "r", "/", "up", " 7", "enter", "j", "G", "+", "+", "+")
	want := []find.Query{
		{Text: "refund"}, {Text: "refund", Before: 8801}, {Text: "refund"},
		{Text: "refund 7"}, {Text: "refund 7", Before: 8801}, {Text: "refund 7", Before: 8601},
	}
	if !slices.Equal(s.reader.Looked, want) {
		t.Errorf("looked for %+v", s.reader.Looked)
	}
	if len(s.reader.Asked) != 0 {
		t.Error("somebody else than the disk was asked")
	}
}

func TestTypingDoesNotSearch(t *testing.T) {
	s := some(t).open(80, 24)
	s.Keys("/", " and more words").Has("8 found").Keys("esc")
	if len(s.reader.Looked) != 1 {
		t.Errorf("looked %d times", len(s.reader.Looked))
	}
	s.Keys("/", "up", "enter")
	if len(s.reader.Looked) != 2 {
		t.Error("the same text is searched again when enter is pressed")
	}
}

func TestPages(t *testing.T) {
	s := many(t).open(80, 24)
	s.Has(">=200 found", "+ shows older ones", "+ more").Keys("G").Has("200 of the newest 200", "refund number 199")
	s.Keys("+").Has(">=400 found", "200 of the newest 400", "refund number 199").Keys("j").Has("refund number 200")
	s.Keys("+").Has("450 found").Lacks(">=", "+ shows").Keys("G").Has("450 of 450", "refund number 449")
	s.Keys("r").Has(">=200 found")
}

func TestANewSearchBeginsAtTheTop(t *testing.T) {
	s := many(t).open(80, 24)
	s.Keys("G", "/", "up", " again", "enter").Has("find refund again", "1 of the newest 200")
}

func TestWhatOpens(t *testing.T) {
	all := hits()
	noon := viewtest.Noon()
	for i, want := range []ui.Route{
		views.ConversationRoute{Session: api.Session{ID: all[0].Session}, Message: "message-0000"},
		views.ConversationRoute{Session: api.Session{ID: all[1].Session}, Message: "message-0001"},
		views.ConversationRoute{Session: api.Session{ID: all[2].Session}, Call: "llm-0002"},
		views.CallRoute{Call: api.LLMCall{ID: "llm-0003", Start: all[3].Time}},
		views.LogsRoute{
			Query: api.LogQuery{
				Identity: "u-3c1d0000-aaaa", Channel: "rtm",
				Window: api.Between(noon.Add(-58*time.Minute), noon.Add(2*time.Minute)),
			},
			Line: views.LineRef{At: all[4].Time, Title: "refundLimit"},
		},
		nil,
	} {
		s := some(t).open(80, 24)
		for range i {
			s.Keys("j")
		}
		s.Keys("enter")
		switch {
		case want == nil:
			s.Has("names no session to open")
			if len(s.Opened) > 0 {
				t.Errorf("opened %+v", s.Opened)
			}
		case len(s.Opened) != 1 || !equal(s.Opened[0], want):
			t.Errorf("hit %d opened %+v, want %+v", i, s.Opened, want)
		}
	}
}

func equal(a, b ui.Route) bool {
	switch x := a.(type) {
	case views.ConversationRoute:
		y, ok := b.(views.ConversationRoute)
		return ok && x.Session.ID == y.Session.ID && x.Session.Start.IsZero() && x.Message == y.Message && x.Call == y.Call
	case views.CallRoute:
		y, ok := b.(views.CallRoute)
		return ok && x.Call.ID == y.Call.ID && x.Call.Start.Equal(y.Call.Start)
	case views.LogsRoute:
		y, ok := b.(views.LogsRoute)
		return ok && x.Query == y.Query && x.Line == y.Line
	}
	return false
}

func TestCopies(t *testing.T) {
	s := some(t)
	s.route.Text = "it's"
	s.open(80, 24)
	c, ok := s.Screen.(ui.Copier)
	if !ok {
		t.Fatal("nothing to copy")
	}
	got := map[keymap.Action]string{}
	for _, c := range c.Copies() {
		got[c.Action] = c.Value
	}
	if got[keymap.CopyID] != "message-0000" || got[keymap.CopySession] != string(viewtest.SessionRoom(0)) ||
		got[keymap.CopyLine] != `korescope find 'it'\''s'` || !strings.HasPrefix(got[keymap.CopyText], "I want my refund") {
		t.Errorf("copies %v", got)
	}
}

func TestSnippets(t *testing.T) {
	long := strings.Repeat("some text ", 15)
	for _, c := range []struct {
		name  string
		raw   string
		marks [][2]int
		w     int
		want  string // matches in brackets
	}{
		{"plain", "a refund b", [][2]int{{2, 8}}, 20, "a [refund] b"},
		{"two", "refund, refund", [][2]int{{0, 6}, {8, 14}}, 20, "[refund], [refund]"},
		{"none", "a refund", nil, 20, "a refund"},
		{"bytes that grow", "\x1b\u202e refund \x07x", [][2]int{{5, 11}}, 40, "␛<U+202E> [refund] ^Gx"},
		{"bytes that shrink", "\u65e5\u672c refund", [][2]int{{7, 13}}, 20, "\u65e5\u672c [refund]"},
		{"past the end", "short", [][2]int{{2, 90}}, 20, "short"},
		{"out of order", "ab cd", [][2]int{{3, 5}, {0, 2}}, 20, "ab [cd]"},
		{"far to the right", long + "refund", [][2]int{{150, 156}}, 20, "…t some text [refund]"},
		{"far, wide letters", strings.Repeat("\u65e5", 20) + "refund", [][2]int{{60, 66}}, 20, "…\u65e5\u65e5\u65e5\u65e5\u65e5\u65e5[refund]"},
		{"a match wider than the row", long + strings.Repeat("x", 30), [][2]int{{150, 180}}, 20, "…[" + strings.Repeat("x", 30) + "]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			spans := find.Snippet(c.raw, c.marks, c.w)
			var b strings.Builder
			for _, s := range spans {
				if s.Token == theme.Match {
					b.WriteString("[" + s.Text.String() + "]")
				} else {
					b.WriteString(s.Text.String())
				}
			}
			if b.String() != c.want {
				t.Errorf("%q, want %q", b.String(), c.want)
			}
			if w := canvas.L(spans...).Fit(c.w).Width(); w != c.w {
				t.Errorf("%d cells", w)
			}
		})
	}
}

// What the profile masks is masked in what a search shows as well; the marks of
// a line that changed would be wrong and are left out.
func TestFoundTextIsMasked(t *testing.T) {
	mask, err := views.NewMasker(nil)
	if err != nil {
		t.Fatal(err)
	}
	s := set(t).holds(searched(hit(1, find.Message, "write to pat.doe@example.test"), hit(2, find.Call, `"password":"hunter2","b":1`)))
	s.mask = mask
	s.route.Text = "pat.doe@example.test"
	s.open(80, 24).Has("write to p…@example.test", `"password":"•••"`).Lacks("pat.doe", "hunter2")
	for _, c := range s.Screen.(ui.Copier).Copies() {
		if strings.Contains(c.Value, "pat.doe") {
			t.Errorf("%s: %s", c.Name, c.Value)
		}
	}
}
