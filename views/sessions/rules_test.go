package sessions_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"korescope/api"
	"korescope/keymap"
	"korescope/ui"
	"korescope/views"
	"korescope/views/sessions"
	"korescope/views/viewtest"
)

func TestWhatOpens(t *testing.T) {
	rows := viewtest.Sessions()
	for _, c := range []struct {
		keys []string
		want ui.Route
	}{
		{[]string{"j", "l"}, views.CallsRoute{Session: rows[1]}},
		{[]string{"u"}, views.SessionsRoute{
			Title: "user u-3c..000",
			Query: api.SessionQuery{User: rows[0].User, Window: api.Last(7*24*time.Hour-time.Minute, viewtest.Noon())},
		}},
	} {
		s := day(t).open(80, 24)
		s.Keys(c.keys...)
		if len(s.Opened) != 1 || fmt.Sprintf("%+v", s.Opened[0]) != fmt.Sprintf("%+v", c.want) {
			t.Errorf("%v opened %+v, want %+v", c.keys, s.Opened, c.want)
		}
	}
	s := day(t).open(80, 24)
	s.Keys("1", "j", "enter")
	r, ok := s.Opened[0].(views.ConversationRoute)
	if !ok || r.Session.ID != rows[2].ID || len(r.Siblings) != 12 || r.Siblings[0].ID != rows[1].ID {
		t.Errorf("enter opened %+v", s.Opened)
	}
}

func TestNothingToOpen(t *testing.T) {
	s := set(t)
	s.sessions.Says(nil, viewtest.Noon())
	s.open(80, 24).Keys("enter", "u", "R")
	if len(s.Opened) != 0 || len(s.messages.Asked) != 0 {
		t.Errorf("opened %v, read %v", s.Opened, s.messages.Asked)
	}
	s.Keys("l")
	if r, ok := s.Opened[0].(views.CallsRoute); !ok || r.Session.ID != "" || r.Window.Length() != 24*time.Hour {
		t.Errorf("l opened %+v", s.Opened)
	}
}

func TestOneQuestionForAllTabs(t *testing.T) {
	s := day(t)
	s.route.Query.Containment = api.DropOff
	s.open(80, 24).Has("[1 dropOff 12]", "0 all 36", "1 of 12")
	s.Keys("2", "3", "4", "0", "!", "/", "user:p.l", "enter")
	if len(s.sessions.Asked) != 1 || s.sessions.Asked[0].Containment != api.Undetermined || s.sessions.Lanes[0] != api.Person {
		t.Errorf("asked %+v in %v", s.sessions.Asked, s.sessions.Lanes)
	}
}

func TestAWindowThatEndsNowMovesAlong(t *testing.T) {
	s := day(t).open(80, 24)
	s.Clock.Move(10 * time.Minute)
	s.Keys("r")
	if got, want := s.sessions.Asked[1].Window, api.Last(24*time.Hour, s.Clock.Now()); got != want {
		t.Errorf("read again %v, want %v", got, want)
	}
	s.Keys("f", "2031-03-10", "enter")
	fixed := s.sessions.Asked[2].Window
	if fixed.Length() != 24*time.Hour || !fixed.Holds(time.Date(2031, 3, 9, 23, 0, 0, 0, time.UTC)) {
		t.Errorf("a day in the zone is %v", fixed)
	}
	s.Clock.Move(time.Hour)
	s.Keys("r")
	if s.sessions.Asked[3].Window != fixed {
		t.Errorf("a fixed window moved to %v", s.sessions.Asked[3].Window)
	}
}

func TestReadingAgainKeepsTheList(t *testing.T) {
	s := day(t).open(80, 24)
	s.sessions.Fails(viewtest.Offline())
	s.Keys("j", "j", "r").Has("[0 all 36]", "> 14:36:30", "No answer from bots.example.test.")
	s.sessions.Net = nil
	s.Keys("r").Has("> 14:36:30", "reading")
	s.Keys("f", "7d", "enter").Has("asking the platform").Lacks("14:36:30")
}

func TestTheCursorStaysOnItsSession(t *testing.T) {
	s := day(t).open(80, 24)
	s.Keys("j", "j", "j")
	newer := viewtest.Sessions()[:2]
	for i := range newer {
		newer[i].ID, newer[i].Start = viewtest.SessionRoom(500+i), viewtest.Noon().Add(-time.Duration(i)*time.Second)
	}
	s.sessions.Says(append(newer, viewtest.Sessions()...), viewtest.Noon())
	s.Keys("r").Has("[0 all 38]", "> 14:27:30", "6 of 38")
	s.sessions.Says(viewtest.Sessions()[2:5], viewtest.Noon())
	s.Keys("r").Has("> 14:27:30", "2 of 3")
	s.sessions.Says(nil, viewtest.Noon())
	s.Keys("r").Has("no sessions in this window")
}

func TestReadAhead(t *testing.T) {
	s := day(t)
	s.tails = map[api.SessionID]api.Tail{}
	s.open(80, 24)
	if len(s.messages.Asked) != 1 || s.messages.Lanes[0] != api.ReadAhead {
		t.Fatalf("read ahead %d times in %v", len(s.messages.Asked), s.messages.Lanes)
	}
	q := s.messages.Asked[0]
	if ids := q.Sessions.All(); len(ids) != 36 || !slices.Contains(ids, viewtest.SessionRoom(0)) {
		t.Errorf("read ahead %d sessions, 36 fit into a request", len(ids))
	}
	rows := viewtest.Sessions()
	for _, r := range rows {
		if !q.Window.Holds(r.Start) {
			t.Errorf("the window is without %v", r.Start)
		}
	}
	if q.Window.To != rows[0].End.UTC() {
		t.Errorf("of %v", q.Window)
	}
	s.Keys("r", "pgdown", "1", "0").Rest()
	if len(s.messages.Asked) != 1 {
		t.Errorf("read ahead %d times", len(s.messages.Asked))
	}
}

// crowd is more rows than one request reads, with nothing of them on disk.
func crowd(t *testing.T, n int) *stand {
	t.Helper()
	s := day(t)
	s.tails = map[api.SessionID]api.Tail{}
	var rows []api.Session
	one := viewtest.Sessions()[1]
	for i := range n {
		r := one
		r.ID, r.Containment = viewtest.SessionRoom(1000+i), []api.Containment{api.DropOff, api.SelfService}[i*2/n]
		r.Start = viewtest.Noon().Add(-time.Duration(i) * time.Minute)
		r.End = r.Start.Add(time.Minute)
		rows = append(rows, r)
	}
	s.sessions.Says(rows, viewtest.Noon())
	return s
}

// Whatever brings rows into sight reads them: fifty a request, each once.
func TestWhatComesIntoSightIsRead(t *testing.T) {
	for name, c := range map[string]struct {
		rows int
		do   func(*stand)
		want int // requests in all
	}{
		"nothing moved":     {200, func(*stand) {}, 1},
		"one row":           {200, func(s *stand) { s.Keys("j").Rest() }, 1},
		"to the end":        {200, func(s *stand) { s.Keys("G").Rest() }, 2},
		"there and back":    {200, func(s *stand) { s.Keys("G").Rest(); s.Keys("g").Rest(); s.Keys("G").Rest() }, 2},
		"only passed":       {400, func(s *stand) { s.Keys("pgdown", "pgdown", "pgdown", "pgdown", "pgdown", "g").Rest() }, 1},
		"another tab":       {200, func(s *stand) { s.Keys("3").Rest() }, 2},
		"a larger terminal": {200, func(s *stand) { s.Size(80, 100) }, 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := crowd(t, c.rows).open(80, 24)
			c.do(s)
			seen := map[api.SessionID]bool{}
			for i, q := range s.messages.Asked {
				ids := q.Sessions.All()
				if len(ids) > 50 || s.messages.Lanes[i] != api.ReadAhead {
					t.Errorf("%d sessions in lane %v", len(ids), s.messages.Lanes[i])
				}
				for _, id := range ids {
					if seen[id] {
						t.Errorf("%s was read twice", id)
					}
					seen[id] = true
				}
			}
			if len(s.messages.Asked) != c.want {
				t.Errorf("%d requests, want %d", len(s.messages.Asked), c.want)
			}
		})
	}
}

// What was read elsewhere in the meantime tells more.
func TestBackOnTheListTheDiskIsReadAgain(t *testing.T) {
	s := day(t)
	id := viewtest.SessionRoom(1)
	s.tails[id] = api.Tail{Read: true, Why: "no fault seen in the messages"}
	s.open(140, 40).Keys("j", "enter")
	s.tails[id] = api.Tail{Read: true, Why: "PayIt failed (502)", Fault: true}
	asked, looked := len(s.messages.Asked), len(s.looked)
	s.Keys("[").Has("PayIt failed (502)")
	if len(s.looked) != looked+1 || len(s.messages.Asked) != asked {
		t.Errorf("the disk was read %d times, the platform asked %d times", len(s.looked)-looked, len(s.messages.Asked)-asked)
	}
}

func TestWhyIsFiltered(t *testing.T) {
	s := day(t).open(80, 24)
	s.Keys("/", "why:timed", "enter").Has("/ why:timed", "GetOrder timed out").Lacks("no fault seen")
	s.Keys("/", "ctrl+u", `why:"no fault" type:self`, "enter").Has("no fault seen").Lacks("GetOrder")
}

// The verdicts that a filter wants are read of all rows, not of those in sight.
func TestAFilterOfWhyLooksAtAllRows(t *testing.T) {
	s := crowd(t, 600)
	last := viewtest.SessionRoom(1000 + 599)
	s.tails[last] = api.Tail{Read: true, Why: "PayIt failed (502)", Fault: true}
	s.open(80, 24).Keys("/", "why:payit", "enter").Has("1 of 600 match", "PayIt failed (502)")
	s = crowd(t, 600)
	s.tails[last] = api.Tail{Read: true, Why: "PayIt failed (502)", Fault: true}
	s.route.Filter = "why:502"
	s.open(80, 24).Has("1 of 600 match", "PayIt failed (502)")
}

func TestReadTurnsOfMarkedRows(t *testing.T) {
	s := day(t).open(80, 24)
	before := len(s.messages.Asked)
	s.tails = map[api.SessionID]api.Tail{}
	s.Keys("j", "j", "j", "space", "R")
	if len(s.messages.Asked) != before+1 {
		t.Fatalf("asked %v", s.messages.Asked[before:])
	}
	if ids := s.messages.Asked[before].Sessions.All(); len(ids) != 1 || ids[0] != viewtest.SessionRoom(3) {
		t.Errorf("read %v", ids)
	}
}

func TestWhyAppears(t *testing.T) {
	s := day(t)
	s.tails = map[api.SessionID]api.Tail{}
	s.messages.Net = nil
	s.open(80, 24).Has("14:42:30 DROP     0:57 ivr      u-3c..001   9 ..", "reading what was said")
	s.messages.Says(nil, viewtest.Noon())
	s.tails[viewtest.SessionRoom(1)] = api.Tail{Read: true, User: "thanks, bye", Why: "no fault seen in the messages"}
	s.Keys("R").Has("u-3c..001   9 no fault seen in the messages")
	s.Size(200, 40).Keys("ctrl+w").Has("user: thanks, bye")
}

func TestThePreviewWaitsForTheCursor(t *testing.T) {
	s := day(t)
	s.tails = map[api.SessionID]api.Tail{}
	for _, r := range viewtest.Sessions() {
		s.tails[r.ID] = api.Tail{Read: true, Bot: "bye"}
	}
	s.open(140, 40).rested()
	before := len(s.messages.Looked)
	s.Keys("j", "j", "j", "j")
	if len(s.messages.Looked) != before {
		t.Error("the preview was read while the cursor moved")
	}
	s.RestOnly(1)
	if len(s.messages.Looked) != before {
		t.Error("the preview was read after a pause that the cursor did not keep")
	}
	s.rested()
	if got := s.messages.Looked[before:]; len(got) != 1 || got[0].Sessions != api.ListIDs(viewtest.SessionRoom(4)) {
		t.Errorf("read %v", got)
	}
	s.Has(string(viewtest.SessionRoom(4)), "What is it about?")
	s.Keys("p", "j").Rest()
	if len(s.messages.Looked) != before+1 {
		t.Error("read for a pane that is closed")
	}
}

func TestNoPreviewOnANarrowScreen(t *testing.T) {
	s := day(t)
	for _, r := range viewtest.Sessions() {
		s.tails[r.ID] = api.Tail{Read: true, Bot: "bye"}
	}
	s.open(80, 24).rested()
	s.Keys("j").Rest()
	if len(s.messages.Looked) != 0 {
		t.Errorf("read %v", s.messages.Looked)
	}
}

func TestTheDetailIsThatOfARowInTheList(t *testing.T) {
	s := day(t).open(80, 24)
	s.Keys("j", "j").Rest()
	s.Has(string(viewtest.SessionRoom(2)))
	s.Keys("3").Lacks(string(viewtest.SessionRoom(2))).Has(string(viewtest.SessionRoom(0)))
	s.Keys("!").Lacks(string(viewtest.SessionRoom(0)))
}

func TestFilters(t *testing.T) {
	s := day(t).open(80, 24)
	s.Keys("/", "channel:ivr").Has("10 of 36; asks nothing")
	s.Keys("esc").Has("1 of 36")
	s.Keys("/", "channel:ivr", "enter").Has("10 of 36 match", "1 of 10")
	s.Keys("1").Has("3 of 12 match").Keys("esc").Has("1 of 12")
	s.Keys("0", "/", "colour:blue", "enter").Has("there is no field \"colour\"", "[0 all 36]", "14:45:30").Keys("esc")
	s.Keys("/", "dur:>1m", "enter", "/", "chanel:ivr", "enter").Has("tab takes").Keys("tab").Has("/channel:ivr").Keys("esc").Has("/ dur:>1m")
	s.Keys("!", "esc").Has("[problems only]").Lacks("dur:>1m")
	s.Keys("esc").Lacks("[problems only]")
	s.Keys("space", "esc").Lacks("marked")
}

func TestARouteWithABadFilter(t *testing.T) {
	s := viewtest.NewStage(t)
	_, err := sessions.New(sessions.Deps{Clock: s.Clock.Now, Zone: viewtest.Zone(), Explain: s.Explain}, views.SessionsRoute{Filter: "colour:blue"})
	var usage *views.UsageError
	if !errors.As(err, &usage) {
		t.Errorf("failed with %v", err)
	}
}

func TestStopReading(t *testing.T) {
	s := reading(t).open(80, 24)
	s.Keys("ctrl+c").Has("stopped reading").Lacks("ctrl-c stops", "reading   api")
	s.Clock.Move(6 * time.Second)
	s.Keys("j").Keys("ctrl+c").Has("ctrl-c again leaves").Lacks("stopped reading")
}

func TestCopies(t *testing.T) {
	s := day(t).open(80, 24)
	copies := func() map[keymap.Action]string {
		out := map[keymap.Action]string{}
		c, ok := s.Screen.(ui.Copier)
		if !ok {
			t.Fatal("nothing to copy")
		}
		for _, c := range c.Copies() {
			out[c.Action] = c.Value
		}
		return out
	}
	rows := viewtest.Sessions()
	if got := copies(); got[keymap.CopyID] != string(rows[0].ID) || got[keymap.CopyUser] != string(rows[0].User) || got[keymap.CopySession] != string(rows[0].ID) {
		t.Errorf("copies %v", got)
	}
	s.Keys("space", "space", "1", "/", "it's \"x y\"", "enter", "0", "esc", "1", "/", "user:o'neil", "enter")
	if got := copies(); len(got) > 0 {
		t.Errorf("an empty list copies %v", got)
	}
	s.Keys("esc", "0")
	if got := copies()[keymap.CopyID]; got != string(rows[0].ID)+"\n"+string(rows[1].ID) {
		t.Errorf("marked ids %q", got)
	}
	s.Keys("1", "/", "dur:>1m", "enter")
	want := "korescope sessions --from 2031-03-11T13:47:00.000Z --to 2031-03-12T13:47:00.000Z -q 'type:dropOff dur:>1m'"
	if got := copies()[keymap.CopyLine]; got != want {
		t.Errorf("line %q, want %q", got, want)
	}
}

func TestQuotingForTheShell(t *testing.T) {
	s := day(t)
	s.route.Filter, s.route.Query.User = `"o'neil"`, "o'neil; rm"
	s.sessions.Says(s.withWord("o'neil"), viewtest.Noon())
	s.open(80, 24)
	c, ok := s.Screen.(ui.Copier)
	if !ok || len(c.Copies()) == 0 {
		t.Fatal("nothing to copy")
	}
	got := ""
	for _, one := range c.Copies() {
		if one.Action == keymap.CopyLine {
			got = one.Value
		}
	}
	if want := `--user 'o'\''neil; rm' -q '"o'\''neil"'`; !strings.HasSuffix(got, want) {
		t.Errorf("line %q, want %q at its end", got, want)
	}
}

func (s *stand) withWord(w string) []api.Session {
	rows := viewtest.Sessions()[:2]
	rows[0].User = api.UserID(w)
	return rows
}

func TestNoRowIsLost(t *testing.T) {
	s := day(t).open(80, 24)
	s.Storm(20310312)
	s.Size(80, 24)
	for range 8 {
		s.Keys("esc")
	}
	if strings.Contains(s.Text(), "[problems only]") {
		s.Do(keymap.ToggleErrorsOnly)
	}
	s.Do(keymap.ShowAll, keymap.GoBottom)
	s.Has("[0 all 36]")
	if c, ok := s.Screen.(ui.Copier); !ok || len(c.Copies()) == 0 {
		t.Error("no row under the cursor")
	}
	s.Keys("enter")
	r, ok := s.Opened[len(s.Opened)-1].(views.ConversationRoute)
	if !ok || len(r.Siblings) != 36 {
		t.Errorf("%d rows are left", len(r.Siblings))
	}
}
