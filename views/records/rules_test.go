package records_test

import (
	"testing"
	"time"

	"korescope/api"
	"korescope/keymap"
	"korescope/ui"
	"korescope/views"
	"korescope/views/viewtest"
)

func TestTheQuestion(t *testing.T) {
	s := loaded(t).open(80, 24)
	if len(s.reader.Asked) != 1 || s.reader.Asked[0] != s.deps.Key || s.reader.Lanes[0] != api.Person {
		t.Fatalf("asked %+v", s.reader.Asked)
	}
	s.Keys("r")
	if len(s.reader.Asked) != 2 || s.reader.Asked[1] != s.deps.Key || len(s.reader.Looked) != 1 {
		t.Errorf("r asked %+v after looking %d times", s.reader.Asked, len(s.reader.Looked))
	}
	s.Keys("+")
	if len(s.reader.Asked) != 2 {
		t.Error("a list that is read whole was read on")
	}
}

func TestAFreshListIsNotAskedFor(t *testing.T) {
	s := set(t)
	s.reader.Has(billed(5), viewtest.Noon().Add(-3*time.Minute), true)
	s.open(80, 24).Has("5 billed sessions", "cache 3m old")
	if len(s.reader.Asked) != 0 {
		t.Error("the platform was asked")
	}
}

func TestReadingOn(t *testing.T) {
	s := long(t).open(80, 24)
	s.Has("40 billed sessions", "the newest 40 are read; + reads further")
	s.Keys("+").Has("80 billed sessions", "the newest 80")
	s.Keys("+").Has("100 billed sessions", "1 of 100").Lacks("+ reads further")
	s.Keys("r")
	if got := s.reader.Asked[len(s.reader.Asked)-1].Limit; got != 160 {
		t.Errorf("r reads %d rows", got)
	}
}

func TestAClosedListAsksNothing(t *testing.T) {
	s := closed(t).open(80, 24)
	s.Keys("r").Has("nothing is asked here", "needs an Admin Console").Keys("+", "/", "enter", "O", "y").Lacks("session id")
	if s.reader.Reads() != 0 {
		t.Errorf("%d readings", s.reader.Reads())
	}
}

func TestAFailureKeepsTheRows(t *testing.T) {
	s := loaded(t).open(80, 24)
	s.reader.Fails(viewtest.Offline())
	s.Keys("j", "r").Has("30 billed sessions", "> 14:46:00", "No answer from bots.example.test.")
}

func TestWhatOpens(t *testing.T) {
	s := loaded(t).open(80, 24)
	s.Keys("j", "enter")
	if r, ok := s.Opened[0].(views.ConversationRoute); !ok || r.Session.ID != viewtest.SessionRoom(1) || !r.Session.Start.IsZero() {
		t.Fatalf("opened %+v", s.Opened)
	}
	s.Keys("[", "G", "enter").Has("this row names no conversation")
	if len(s.Opened) != 1 {
		t.Error("a row that leads nowhere was opened")
	}
	s = loaded(t)
	s.deps.Open = nil
	s.open(80, 24).Lacks("open-item").Keys("enter").Has("not here")
}

func TestFilters(t *testing.T) {
	for _, c := range []struct {
		filter string
		want   string
	}{
		{"ivr", "10 of 30"}, {"IVR", "10 of 30"}, {"ivr proactive", "2 of 30"}, {"-ivr", "20 of 30"}, {"14:47:00", "1 of 30"},
		{`"at lunch"`, "1 of 30"}, {"channel:em", "10 of 30"}, {"type:proactive -channel:ivr", "4 of 30"}, {"b-899", "29 of 30"},
		{"billingsessionid:900000", "1 of 30"}, {"", "30 of 30"},
	} {
		s := loaded(t).open(80, 24)
		s.Keys("/", c.filter).Has(c.want)
		s.Keys("enter")
		if c.filter != "" {
			s.Has(c.want + " match").Keys("esc").Has("30 billed sessions").Lacks("match")
		}
		if s.reader.Reads() != 2 {
			t.Errorf("%q was read for: %d readings", c.filter, s.reader.Reads())
		}
	}
	s := loaded(t).open(80, 24)
	s.Keys("/", "ivr", "enter", "/", " colour:blue").Has("there is no field").Keys("enter").Has("there is no field", "/ ivr", "10 of 30")
	s.Keys("/", " em", "esc").Has("10 of 30 match")
}

func TestSortingAndWideColumns(t *testing.T) {
	s := loaded(t).open(80, 24)
	s.Has("START v").Keys("j", ">", ">", "O").Has("CH v", "> 14:46:00").Keys("O").Has("CH ^")
	s.Keys("esc")
	s.Size(140, 40).Has("CH ^").Size(60, 16).Has("CH ^")
}

func TestCopies(t *testing.T) {
	s := loaded(t).open(80, 24)
	got := copies(t, s)
	if got[keymap.CopyID] != string(viewtest.SessionRoom(0)) || got[keymap.CopyLine] != "korescope billed" {
		t.Errorf("copies %v", got)
	}
	s.Keys("space", "space").Has("2 marked")
	if got := copies(t, s); got[keymap.CopyID] != string(viewtest.SessionRoom(0))+"\n"+string(viewtest.SessionRoom(1)) {
		t.Errorf("copies %v", got)
	}
	s.Keys("y").Has("2 session ids").Keys("esc", "esc").Lacks("marked")
}

func copies(t *testing.T, s *stand) map[keymap.Action]string {
	t.Helper()
	c, ok := s.Screen.(ui.Copier)
	if !ok {
		t.Fatal("nothing to copy")
	}
	got := map[keymap.Action]string{}
	for _, c := range c.Copies() {
		got[c.Action] = c.Value
	}
	return got
}

func TestMasking(t *testing.T) {
	s := loaded(t)
	mask, err := views.NewMasker([]string{"ivr"})
	if err != nil {
		t.Fatal(err)
	}
	s.deps.Mask = mask
	// What is hidden is still found: rows are kept as they came.
	s.open(80, 24).Has("•••").Lacks("ivr").Keys("/", "ivr", "enter").Has("10 of 30 match").Lacks("ivr")
}
