package conversation_test

import (
	"strings"
	"testing"
	"time"

	"korescope/api"
	"korescope/keymap"
	"korescope/ui"
	"korescope/views"
	"korescope/views/viewtest"
)

func (s *stand) copies() map[keymap.Action]string {
	s.t.Helper()
	c, ok := s.Screen.(ui.Copier)
	if !ok {
		s.t.Fatal("nothing to copy")
	}
	out := map[keymap.Action]string{}
	for _, c := range c.Copies() {
		out[c.Action] = c.Value
	}
	return out
}

func TestTwoQuestions(t *testing.T) {
	s := talk(t).open(80, 24)
	told := viewtest.Told()
	if want := (api.MessageQuery{Bot: told.Bot, Sessions: api.ListIDs(told.ID), Window: api.Between(told.Start, told.End)}); s.messages.Asked[0] != want {
		t.Errorf("asked for messages of %+v, want %+v", s.messages.Asked[0], want)
	}
	if want := (api.LLMQuery{Bot: told.Bot, Window: api.Between(told.Start, told.End).Widen(api.JoinLead, api.JoinMargin)}); s.calls.Asked[0] != want {
		t.Errorf("asked for calls of %+v, want %+v", s.calls.Asked[0], want)
	}
	if s.messages.Lanes[0] != api.Person || s.calls.Lanes[0] != api.Follow {
		t.Errorf("lanes %v and %v", s.messages.Lanes, s.calls.Lanes)
	}
	for _, q := range s.sessions.Asked {
		if q.IDs != "" || q.User != told.User {
			t.Errorf("looked up a session that is known: %+v", q)
		}
	}
	s.Clock.Move(time.Minute)
	s.Keys("r")
	if len(s.messages.Asked) != 2 || len(s.calls.Asked) != 2 || len(s.messages.Looked) != 1 {
		t.Error("read again is not a question to the platform for both")
	}
}

func TestAnOpenSessionIsAskedUpToNow(t *testing.T) {
	s := talk(t)
	s.route.Session.Status = api.StatusActive
	s.Clock.Move(25 * time.Second)
	s.open(80, 24)
	if got := s.messages.Asked[0].Window.To; !got.Equal(viewtest.Noon().Add(time.Minute)) {
		t.Errorf("asked up to %v", got)
	}
}

func TestByIDLooksUpFirst(t *testing.T) {
	s := talk(t)
	s.sessions.Net = nil
	s.route = views.ConversationRoute{Session: api.Session{ID: viewtest.Told().ID}}
	s.open(80, 24)
	if len(s.sessions.Asked) != 1 || s.sessions.Asked[0].IDs != api.ListIDs(viewtest.Told().ID) || s.messages.Reads()+s.calls.Reads() != 0 {
		t.Errorf("asked %+v first, then read %d", s.sessions.Asked, s.messages.Reads())
	}
	s.sessions.Says([]api.Session{viewtest.Told()}, viewtest.Noon())
	s.Keys("r").Has("[1 messages 15]", "DROP")
}

func TestEitherHalfMayFail(t *testing.T) {
	s := talk(t)
	s.calls.Fails(viewtest.Offline())
	s.open(80, 24).Has("[1 messages 15]", "[2 llm ?]", "Welcome Task", "No answer from bots.example.test.")
	s = talk(t)
	s.messages.Fails(viewtest.Offline())
	s.open(80, 24).Has("[1 messages ?]", "[2 llm 6]", "refund_dialog", "No answer from bots.example.test.").Lacks(" until the ")
	s.messages.Says(viewtest.Messages(), viewtest.Noon())
	s.Keys("r").Has("[1 messages 15]", "Welcome Task", "19.0 s until the user").Lacks("No answer")
	s.messages.Fails(viewtest.Offline())
	s.Keys("r").Has("Welcome Task", "No answer from bots.example.test.")
}

func TestTheCursorStaysOnItsRowWhenCallsArrive(t *testing.T) {
	s := talk(t)
	s.calls.Net = nil
	s.open(80, 24)
	s.Keys("j", "j", "j", "j", "j").Has(">  0:26 bot")
	s.calls.Says(viewtest.Calls(), viewtest.Noon())
	s.Keys("r").Has(">  0:26 bot", "0:23 llm")
	s.Keys("enter", "2").Has(">  0:26 bot", "trace trace-08")
}

func TestUntilAKeyIsPressedTheBeginningIsShown(t *testing.T) {
	s := talk(t)
	s.messages.Net = nil
	s.open(80, 24)
	s.messages.Says(viewtest.Messages(), viewtest.Noon())
	s.Keys("r").Has(">  0:00 event Welcome Task")
}

func TestARouteToACallOrAMessage(t *testing.T) {
	s := talk(t)
	s.route.Call = viewtest.CallRoom(111)
	s.open(80, 24).Has(">  1:51 llm")
	s = talk(t)
	s.route.Message = viewtest.Messages()[13].ID
	s.open(80, 24).Has(">  2:20 agent")
}

func TestWhatOpens(t *testing.T) {
	s := talk(t)
	s.route.Call = viewtest.CallRoom(59)
	s.open(80, 24).Keys("enter")
	r, ok := s.Opened[0].(views.CallRoute)
	if !ok || r.Call.ID != viewtest.CallRoom(59) || len(r.Siblings) != 6 || !r.Siblings[0].Start.Before(r.Siblings[5].Start) {
		t.Errorf("opened %+v", s.Opened)
	}
	s.Keys("[", "l")
	if r, ok := s.Opened[1].(views.CallsRoute); !ok || r.Session.ID != viewtest.Told().ID {
		t.Errorf("l opened %+v", s.Opened[1])
	}
}

func TestAlongTheList(t *testing.T) {
	s := talk(t).open(80, 24)
	s.Has("8 of 9").Keys("ctrl+n").Has("9 of 9", string(viewtest.SessionRoom(8)))
	s.Keys("ctrl+n").Has("no further session in the list", "9 of 9")
	for range 8 {
		s.Keys("ctrl+p")
	}
	s.Has("1 of 9", string(viewtest.SessionRoom(0)))
	s.Keys("ctrl+p").Has("no further session in the list")
	if got := s.messages.Asked[len(s.messages.Asked)-1].Sessions; got != api.ListIDs(viewtest.SessionRoom(0)) {
		t.Errorf("read %s", got)
	}
}

// What the session before said must not be shown under the next one's name,
// not even while that one is read.
func TestTheNextSessionStartsEmpty(t *testing.T) {
	s := talk(t).open(80, 24)
	s.messages.Net, s.calls.Net = nil, nil
	s.Keys("ctrl+n").Has("[1 messages ?]", "asking the platform").Lacks("Welcome Task", "refund_dialog")
}

func TestLayers(t *testing.T) {
	s := talk(t).open(80, 40)
	for _, c := range []struct {
		key   string
		has   string
		lacks string
	}{
		{"2", "Welcome Task", "1,204>88"},
		{"1", "1,204>88", "never seen"}, // both off is both on
		{"1", "1,204>88", "Welcome Task"},
		{"0", "Welcome Task", "never seen"},
	} {
		s.Keys(c.key)
		s.Has(c.has, "provider error 429", "components is a number").Lacks(c.lacks)
	}
	s.Keys("1").Lacks(" until the ")
}

func TestProblems(t *testing.T) {
	s := talk(t).open(80, 24)
	for _, want := range []string{"provider error 429", "claude-sonnet", "components is a number", "Payload Details"} {
		s.Keys("e")
		if line := s.cursorLine(); !strings.Contains(line, want) {
			t.Errorf("e stands on %q, want %q", line, want)
		}
	}
	s.Keys("e").Has("no further problem in this conversation")
	s.Keys("E")
	if line := s.cursorLine(); !strings.Contains(line, "components is a number") {
		t.Errorf("E stands on %q", line)
	}
	s.Keys("g", "E").Has("no further problem in this conversation")
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

func TestFind(t *testing.T) {
	s := talk(t).open(80, 24)
	s.Keys("/", "ORDER").Has("is not in this conversation").Keys("esc")
	s.Keys("/", "order").Has("2 rows").Keys("enter").Has("/order  2 rows")
	at := func(want string) {
		t.Helper()
		if line := s.cursorLine(); !strings.Contains(line, want) {
			t.Errorf("stands on %q, want %q", line, want)
		}
	}
	at("Which order is it?")
	s.Keys("n")
	at("Order 40718:")
	s.Has("The carrier has not seen it since.")
	s.Keys("n")
	at("Which order is it?")
	s.Keys("N")
	at("Order 40718:")
	s.Keys("esc").Lacks("/order").Has("The carrier has not seen it since.")
	s.Keys("esc").Lacks("The carrier has not seen it since.")
	s.Keys("n").Has("nothing to find")
	s.Keys("/", "bicycle", "enter").Has("\"bicycle\" is not in this conversation")
}

// The offered choices belong to what is found.
func TestFindSeesOptions(t *testing.T) {
	s := talk(t).open(80, 24)
	s.Keys("/", "Help pages", "enter")
	if line := s.cursorLine(); !strings.Contains(line, "What is it about?") {
		t.Errorf("stands on %q", line)
	}
}

func TestCopies(t *testing.T) {
	s := talk(t).open(80, 24)
	got := s.copies()
	if got[keymap.CopySession] != string(viewtest.Told().ID) || got[keymap.CopyValue] != "Welcome Task" || !strings.HasPrefix(got[keymap.CopyID], "ms-") {
		t.Errorf("copies %v", got)
	}
	if got[keymap.CopyLine] != "korescope messages "+string(viewtest.Told().ID) {
		t.Errorf("line %q", got[keymap.CopyLine])
	}
	for _, m := range viewtest.Messages() {
		if first, _, _ := strings.Cut(m.Text, "\n"); m.Direction != api.Control && !strings.Contains(clean(got[keymap.CopyText]), clean(first)) {
			t.Errorf("the transcript lacks %q", m.Text)
		}
	}
	s.Keys("e")
	if got := s.copies(); got[keymap.CopyID] != string(viewtest.CallRoom(111)) {
		t.Errorf("on a call: %v", got)
	}
}

func clean(s string) string { return viewtest.Clean(s).String() }

func TestMaskedCopies(t *testing.T) {
	s := masked(t).open(80, 24)
	for what, v := range s.copies() {
		if strings.Contains(v, "5550") || strings.Contains(v, "lindqvist") {
			t.Errorf("%s copies %q", what, v)
		}
	}
	s.Keys("P").Lacks("5550", "lindqvist").Keys("P", "enter").Lacks("5550", "lindqvist")
}

func TestStopReading(t *testing.T) {
	s := set(t).open(80, 24)
	s.Has("reading").Keys("ctrl+c").Has("stopped reading").Lacks("reading   api")
}

func TestNoRowIsLost(t *testing.T) {
	s := talk(t).open(80, 24)
	whole := s.copies()[keymap.CopyText]
	for range 30 {
		s.Do(keymap.Refresh)
	}
	s.Storm(71)
	for place := 0; !strings.Contains(s.Text(), "8 of 9") && place < 9; place++ {
		s.Do(keymap.NextSession)
	}
	for place := 0; !strings.Contains(s.Text(), "8 of 9") && place < 9; place++ {
		s.Do(keymap.PrevSession)
	}
	s.Do(keymap.ShowAllLayers)
	s.Size(80, 24).Has("8 of 9", "[1 messages 15]", "[2 llm 6]")
	if got := s.copies()[keymap.CopyText]; got != whole {
		t.Errorf("after the storm the transcript is\n%s\nwas\n%s", got, whole)
	}
}

func TestTheCursorStaysInSightInALongConversation(t *testing.T) {
	s := many(t).open(80, 24)
	s.Keys("G", "k")
	for i := range 60 {
		s.Keys([]string{"pgup", "pgdown", "ctrl+u", "ctrl+d"}[i%4])
		if s.cursorLine() == "" {
			t.Fatalf("the cursor is out of sight after %d pages", i)
		}
	}
	s.Keys("g")
	if got := s.cursorLine(); !strings.Contains(got, "message number 1") {
		t.Errorf("the top is %q", got)
	}
}
