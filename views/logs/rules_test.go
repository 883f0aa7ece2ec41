package logs_test

import (
	"strings"
	"testing"
	"time"

	"korescope/api"
	"korescope/keymap"
	"korescope/ui"
	"korescope/views"
	"korescope/views/filter"
	"korescope/views/logs"
	"korescope/views/viewtest"
)

func (s *stand) copies() map[keymap.Action]string {
	s.t.Helper()
	out := map[keymap.Action]string{}
	for _, c := range s.Screen.(ui.Copier).Copies() {
		out[c.Action] = c.Value
	}
	return out
}

func (s *stand) cursorLine() string {
	s.t.Helper()
	for _, l := range s.Grid().Lines {
		if strings.HasPrefix(l, ">") {
			return l
		}
	}
	return ""
}

func TestTheMessagesNameTheIdentity(t *testing.T) {
	s := told(t).open(80, 24)
	at := viewtest.Told()
	if want := (api.MessageQuery{Bot: at.Bot, Sessions: api.ListIDs(at.ID), Window: api.Between(at.Start, at.End)}); s.messages.Asked[0] != want {
		t.Errorf("asked for messages of %+v", s.messages.Asked[0])
	}
	want := api.LogQuery{Bot: at.Bot, Identity: viewtest.LogName, Channel: "rtm", Window: api.Between(at.Start, at.End).Widen(api.JoinLead, api.JoinMargin)}
	if len(s.lines.Asked) != 1 || s.lines.Asked[0] != want {
		t.Errorf("asked for lines of %+v", s.lines.Asked)
	}
	s.Has(viewtest.LogName, "rtm", "1 of 2, tab next")
	s.Keys("tab")
	if got := s.lines.Asked[1].Identity; got != string(at.User) {
		t.Errorf("then asked for %q", got)
	}
	s.Has("no debug line is kept", viewtest.LogName).Keys("shift+tab").Has("1 of 2, tab next", "keep-alive 1 of")
}

func TestWithoutMessagesTheUserIsAskedFor(t *testing.T) {
	s := told(t)
	s.messages.Fails(viewtest.Offline())
	s.open(80, 24)
	if len(s.lines.Asked) != 1 || s.lines.Asked[0].Identity != string(viewtest.Told().User) {
		t.Errorf("asked %+v", s.lines.Asked)
	}
}

func TestByName(t *testing.T) {
	s := typed(t).open(80, 24)
	if s.messages.Reads() != 0 {
		t.Error("messages were read for a name that is known")
	}
	want := api.LogQuery{Identity: viewtest.LogName, Channel: "rtm", Window: api.Last(24*time.Hour, viewtest.Noon())}
	if s.lines.Asked[0] != want {
		t.Errorf("asked %+v", s.lines.Asked[0])
	}
	s.Clock.Move(time.Minute)
	s.Keys("r")
	if got := s.lines.Asked[1].Window; got != api.Last(24*time.Hour, viewtest.Noon().Add(time.Minute)) {
		t.Errorf("a window that ends now does not move along: %v", got)
	}
	s.Keys("f", "2h", "enter")
	if got := s.lines.Asked[2].Window.Length(); got != 2*time.Hour {
		t.Errorf("window of %v", got)
	}
	s.Keys("tab").Has("no other identity is known")
}

func TestAnIdentityTellsItsChannel(t *testing.T) {
	for identity, want := range map[string]string{
		"64c0ffee0123456789abcdef/smartassist/68f1a3d04c7e2b9a5d10e3f7": "smartassist",
		"9b2/genesys/conv-1": "genesys", "64c0ffee0123456789abcdef/+15550100": "rtm", "pat": "rtm",
	} {
		s := typed(t)
		s.route.Query.Identity = identity
		s.open(80, 24)
		if got := s.lines.Asked[0].Channel; got != want {
			t.Errorf("%s: channel %q", identity, got)
		}
	}
}

func TestNobodyNamedIsAMistake(t *testing.T) {
	s := set(t)
	deps := logs.Deps{Lines: s.lines, Messages: s.messages, Clock: s.Clock.Now, Zone: viewtest.Zone(), Explain: s.Explain}
	for _, r := range []views.LogsRoute{{}, {Session: viewtest.Told(), Filter: "colour:red"}} {
		if _, err := logs.New(deps, r); views.ExitCode(err) != views.ExitUsage {
			t.Errorf("%+v: %v", r, err)
		}
	}
}

func TestErrors(t *testing.T) {
	s := told(t).open(80, 24)
	for _, want := range []string{"line of another session", "GetOrder timeout", "status 429", "unreadable"} {
		if s.Keys("e"); !strings.Contains(s.cursorLine(), want) {
			t.Errorf("e stands on %q, want %q", s.cursorLine(), want)
		}
	}
	s.Keys("e").Has("no further error in this list")
	s.Keys("E")
	if !strings.Contains(s.cursorLine(), "status 429") {
		t.Errorf("E stands on %q", s.cursorLine())
	}
	s.Keys("!").Has("[errors only]", "4 of 27 match").Lacks("keep-alive").Keys("esc").Has("keep-alive")
}

func TestFolding(t *testing.T) {
	s := told(t).open(80, 40)
	s.Has("27 lines", "keep-alive 5 of the stream")
	for range 9 {
		s.Keys("j")
	}
	s.Keys("z").Has("27 lines", "similar folded: 16 rows", "12x to 14:35:11", "keep-alive 1 of").Lacks("keep-alive 5 of")
	if !strings.Contains(s.cursorLine(), "12x to") {
		t.Errorf("the cursor left its run: %q", s.cursorLine())
	}
	s.Keys("z").Has("keep-alive 5 of")
	s.Keys("z", "/", "keep", "enter").Has("12 of 27 match")
	s.Keys("esc", "!").Has("4 of 27 match").Lacks("2x to")
}

// The screen and the command line apply the same filter to the same lines.
func TestFilterParity(t *testing.T) {
	for _, f := range []string{"", "level:error", "level:warn", "level:debug", "-level:info", "node:order", "node:=GetOrder", "timeout", "ETIMEDOUT level:error", "text:genai", "session:" + string(viewtest.SessionRoom(8)), "14:35", "channel:rtm", `"keep-alive 1"`, "unreadable", "message node"} {
		_, keep, err := filter.Lines(viewtest.Zone()).Compile(f)
		if err != nil {
			t.Fatal(err)
		}
		want := 0
		for _, l := range viewtest.Lines() {
			if keep(l) {
				want++
			}
		}
		s := told(t).open(140, 40)
		s.Keys("/", f, "enter")
		got := 0
		for line := range strings.Lines(s.copies()[keymap.CopyText]) {
			if line != "" {
				got++
			}
		}
		if got != want || f != "" && (want == 0 || want == 27) && f != "channel:rtm" && f != "unreadable" {
			t.Errorf("%q: %d lines on the screen, %d by the command line", f, got, want)
		}
	}
}

func TestTheDetailIsAskedForAlone(t *testing.T) {
	s := told(t).open(80, 24)
	s.Keys("e", "e", "enter").Has("-- detail  GetOrder", "updatedContext", "serviceStatus")
	at := viewtest.Told().Start.Add(109_800 * time.Millisecond)
	want := api.LogQuery{Bot: viewtest.Told().Bot, Identity: viewtest.LogName, Channel: "rtm", Window: api.Between(at, at.Add(time.Millisecond)), Detail: true}
	if len(s.lines.Asked) != 2 || s.lines.Asked[1] != want {
		t.Fatalf("asked %+v", s.lines.Asked)
	}
	s.Keys("j", "j", "L").Has("504").Keys("/", "nowhere to be", "enter", "n").Has("nothing found")
	if got := s.copies(); !strings.HasPrefix(got[keymap.CopyPath], ".") {
		t.Errorf("copies %v", got)
	}
	s.Keys("e").Has("-- detail  Ask for the order")
	s.Keys("esc").Lacks("-- detail").Has("27 lines")
	// A line that has its detail costs nothing.
	asked := len(s.lines.Asked)
	s.Keys("/", "message node", "enter", "enter").Has("-- detail  Refund")
	if len(s.lines.Asked) != asked {
		t.Error("asked for a detail that is here")
	}
}

func TestTheRowStandsInForADetailThatIsGone(t *testing.T) {
	s := told(t).open(80, 24)
	s.Keys("e", "e")
	s.lines.Says(nil, viewtest.Noon())
	s.Keys("enter").Has("no detail is kept; the row as it came", "nomatch_count", "GetOrder timeout")
}

// Two lines of one moment are told apart by what they say.
func TestTheRightDetailOfOneMoment(t *testing.T) {
	s := told(t)
	first, second := viewtest.Line(0, "info", "A", "one"), viewtest.Line(0, "info", "A", "two")
	second.ID = "ln-2"
	s.lines.Net = func(q api.LogQuery) []viewtest.Step[[]api.DebugLine] {
		a, b := first, second
		if q.Detail {
			a.Detail, b.Detail = []byte(`{"of":"first"}`), []byte(`{"of":"second"}`)
		}
		return []viewtest.Step[[]api.DebugLine]{viewtest.Whole([]api.DebugLine{a, b}, viewtest.Noon())}
	}
	s.open(80, 24).Keys("j", "enter").Has(`"second"`).Lacks(`"first"`)
}

func TestSecretsInDetailsAreAlwaysHidden(t *testing.T) {
	told(t).open(80, 40).Keys("e", "e", "enter", "E").Has("authToken", "pat@example.test").Lacks("not-a-real-token")
	s := masked(t).open(80, 40)
	s.Keys("e", "enter", "E").Lacks("5550", "lindqvist", "not-a-real", "pat@")
	s.Keys("esc")
	for what, v := range s.copies() {
		if strings.Contains(v, "5550") || strings.Contains(v, "lindqvist") || strings.Contains(v, "pat@") {
			t.Errorf("%s copies %q", what, v)
		}
	}
}

func TestAtALine(t *testing.T) {
	s := told(t)
	s.route.Line = views.LineRef{At: viewtest.Told().Start.Add(100_300 * time.Millisecond), Title: "GetOrder"}
	s.open(80, 24)
	if !strings.Contains(s.cursorLine(), "service node is called") {
		t.Errorf("opens on %q", s.cursorLine())
	}
	s.Keys("g", "r")
	if !strings.Contains(s.cursorLine(), "session has started") {
		t.Errorf("reading again moves the cursor: %q", s.cursorLine())
	}
}

func TestHistogram(t *testing.T) {
	s := told(t).open(80, 24)
	s.Keys("i").Has("# error | warning : info", "14:33:58", "14:38:12")
	line := ""
	for _, l := range s.Grid().Lines {
		if strings.Contains(l, "# error") {
			line = l
		}
	}
	chart := strings.Fields(line)[1]
	if strings.Count(chart, "#") < 3 || strings.Count(chart, "|") != 1 || !strings.HasPrefix(chart, ":") || !strings.HasSuffix(chart, ":") || !strings.Contains(chart, "....") {
		t.Errorf("%q", chart)
	}
	s.Keys("i").Lacks("# error")
}

func TestCopies(t *testing.T) {
	s := told(t).open(80, 24)
	s.Keys("/", "level:error timeout", "enter")
	got := s.copies()
	want := "korescope logs --channel rtm --from 2031-03-12T13:33:55.000Z --to 2031-03-12T13:40:12.000Z -q 'level:error timeout' pat@example.test"
	if got[keymap.CopyLine] != want || got[keymap.CopyUser] != viewtest.LogName || !strings.HasPrefix(got[keymap.CopyValue], "GetOrder timeout") {
		t.Errorf("%q", got)
	}
	if lines := strings.Count(got[keymap.CopyText], "\n"); lines != 1 || !strings.HasPrefix(got[keymap.CopyText], "2031-03-12T13:35:49.800Z  E  GetOrder") {
		t.Errorf("%q", got[keymap.CopyText])
	}
}

func TestStopReading(t *testing.T) {
	s := told(t)
	s.lines.Net = nil
	s.open(80, 24).Has("reading").Keys("ctrl+c").Has("stopped reading")
}
