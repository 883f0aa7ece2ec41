package conversation_test

import (
	"strings"
	"testing"
	"time"

	"korescope/api"
	"korescope/keymap"
	"korescope/views"
	"korescope/views/viewtest"
)

// logged is the conversation with everything in it and a debug log under the
// user's name at the channel.
func logged(t *testing.T) *stand {
	t.Helper()
	s := talk(t)
	s.messages.Says(viewtest.Named(viewtest.Messages()), viewtest.Noon())
	s.lines.Net = func(q api.LogQuery) []viewtest.Step[[]api.DebugLine] {
		var out []api.DebugLine
		if q.Identity == viewtest.LogName {
			out = viewtest.Lines()
		}
		return []viewtest.Step[[]api.DebugLine]{viewtest.Whole(out, viewtest.Noon())}
	}
	return s
}

// debugStates are the ways a conversation can look with debug lines.
func debugStates() []state {
	down := func(n int) []string { return append([]string{}, strings.Fields(strings.Repeat("j ", n))...) }
	return []state{
		{"debug", logged, keys("3")},
		{"debug-waited", logged, keys("3", "3", "/", "שלום", "enter")},
		{"debug-folded", logged, keys("3", "3")},
		{"debug-from-disk", func(t *testing.T) *stand {
			s := logged(t)
			s.lines.Has(viewtest.Lines(), viewtest.Noon().Add(-time.Hour), false)
			return s
		}, nothing},
		{"debug-loading", func(t *testing.T) *stand { s := logged(t); s.lines.Net = nil; return s }, keys("3")},
		{"debug-scope-missing", func(t *testing.T) *stand {
			s := logged(t)
			s.lines.Fails(&api.Error{Kind: api.ScopeMissing, Endpoint: "debuglogs", Scope: "Debug Logs"})
			return s
		}, keys("3")},
		{"debug-none", func(t *testing.T) *stand { s := logged(t); s.lines.Says(nil, viewtest.Noon()); return s }, keys("3")},
		{"debug-alone", logged, keys("3", "1", "2")},
		{"debug-hostile", func(t *testing.T) *stand {
			s := hostile(t)
			s.messages.Says(viewtest.Named(viewtest.HostileMessages()), viewtest.Noon())
			s.lines.Says(viewtest.HostileLines(), viewtest.Noon())
			return s
		}, keys("3")},
		{"waited", talk, func(s *stand) { s.Keys(down(8)...) }},
	}
}

func TestDebugLinesCostNothingUntilTheyAreWanted(t *testing.T) {
	s := logged(t).open(80, 40)
	s.Has(" 3 debug ?").Lacks("debug lines", "debug line")
	if len(s.lines.Asked) != 0 || len(s.lines.Looked) == 0 {
		t.Fatalf("asked %d times, looked %d times", len(s.lines.Asked), len(s.lines.Looked))
	}
	s.Keys("3").Has("[3 debug 26]", "session has started on channel rtm", "clock differs", "by user+time")
	s.Keys("e").Has("GetOrder timeout").Lacks("line of another session").Keys("g")
	at := viewtest.Told()
	want := api.LogQuery{Bot: at.Bot, Identity: viewtest.LogName, Channel: "rtm", Window: api.Between(at.Start, at.End).Widen(api.JoinLead, api.JoinMargin)}
	if len(s.lines.Asked) != 1 || s.lines.Asked[0] != want || s.lines.Lanes[0] != api.Follow {
		t.Errorf("asked %+v", s.lines.Asked)
	}
	s.Keys("3").Has("3 debug 26 folded", "debug lines", "GetOrder timeout").Lacks("keep-alive 3")
	s.Keys("3").Has("keep-alive 3")
	if len(s.lines.Asked) != 1 {
		t.Error("asked again for what is here")
	}
	s.Keys("r")
	if len(s.lines.Asked) != 2 {
		t.Error("read again leaves the debug lines out")
	}
}

func TestDebugLinesOnDiskAreShownFolded(t *testing.T) {
	s := logged(t)
	s.lines.Has(viewtest.Lines(), viewtest.Noon().Add(-time.Hour), false)
	s.open(80, 40).Has("3 debug 26 folded", "15 debug lines", "GetOrder timeout").Lacks("keep-alive 3")
	if len(s.lines.Asked) != 0 {
		t.Error("the platform was asked")
	}
	// A folded row opens in place.
	s.Keys("g")
	for range 20 {
		if strings.Contains(s.cursorLine(), "15 debug lines") {
			break
		}
		s.Keys("j")
	}
	s.Keys("enter").Has("keep-alive 3", "[3 debug 26]")
	if len(s.lines.Asked) != 1 {
		t.Errorf("asked %d times", len(s.lines.Asked))
	}
}

// Where nothing is kept under the name at the channel the user's id is tried.
func TestTheNextNameIsTried(t *testing.T) {
	s := logged(t)
	s.lines.Net = func(q api.LogQuery) []viewtest.Step[[]api.DebugLine] {
		var out []api.DebugLine
		if q.Identity == string(viewtest.Told().User) {
			for _, l := range viewtest.Lines() {
				l.Identity = q.Identity
				out = append(out, l)
			}
		}
		return []viewtest.Step[[]api.DebugLine]{viewtest.Whole(out, viewtest.Noon())}
	}
	s.open(80, 24).Keys("3").Has("[3 debug 26]")
	if len(s.lines.Asked) != 2 {
		t.Errorf("asked %+v", s.lines.Asked)
	}
	s.Keys("L")
	if r, ok := s.Opened[0].(views.LogsRoute); !ok || r.Query != s.lines.Asked[1] || r.Session.ID != viewtest.Told().ID {
		t.Errorf("L opened %+v", s.Opened[0])
	}
}

// Lines of another user, of another session, and of nobody known never join.
func TestStrangersStayOut(t *testing.T) {
	s := logged(t)
	stranger := viewtest.Line(22*time.Second, "error", "Stranger", "same second")
	stranger.Identity = "kim@example.test"
	s.lines.Says(append(viewtest.Lines(), stranger), viewtest.Noon())
	s.open(80, 40).Keys("3").Has("[3 debug 26]").Lacks("Stranger", "Elsewhere")
}

func TestAMissingRightHidesNothing(t *testing.T) {
	s := logged(t)
	s.lines.Fails(&api.Error{Kind: api.ScopeMissing, Endpoint: "debuglogs", Scope: "Debug Logs"})
	s.open(80, 24).Keys("3").Has("Debug Logs", "Welcome Task", "3 debug ?")
	s.Keys("3", "3")
	if len(s.lines.Asked) != 1 {
		t.Errorf("asked %d times; r asks again", len(s.lines.Asked))
	}
}

func TestTheNextSessionHasItsOwnLines(t *testing.T) {
	s := logged(t).open(80, 24)
	s.Keys("3").Has("[3 debug 26]")
	s.messages.Net, s.lines.Net = nil, nil
	s.Keys("ctrl+n").Has("[3 debug ?]").Lacks("GetOrder timeout", "session has started")
}

func TestWaitedStandsInTheStatus(t *testing.T) {
	s := talk(t).open(80, 40)
	s.Keys("g", "j", "j", "j", "j")
	// what the user said at 0:22 was answered at 0:26, one call inside
	s.Has("waited 4.0 s = model 1.8 + unexplained 2.2")
	s.Keys("G").Lacks("waited")
	s = logged(t).open(80, 40)
	s.Keys("3", "/", "שלום", "enter").Has("waited 10.0 s = service 9.5 + unexplained 0.5")
}

func TestALineOpensTheLog(t *testing.T) {
	s := logged(t).open(80, 40)
	s.Keys("3", "/", "GetOrder timeout", "enter", "enter")
	r, ok := s.Opened[0].(views.LogsRoute)
	if !ok || r.Line.Title != "GetOrder" || !r.Line.At.Equal(viewtest.Told().Start.Add(109_800*time.Millisecond)) || r.Query.Identity != viewtest.LogName {
		t.Errorf("opened %+v", s.Opened[0])
	}
	s.Keys("[")
	if got := s.copies(); got[keymap.CopyLine] != "korescope timeline "+string(viewtest.Told().ID) || !strings.HasPrefix(got[keymap.CopyValue], "GetOrder timeout") {
		t.Errorf("copies %v", got)
	}
}
