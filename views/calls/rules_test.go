package calls_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"korescope/api"
	"korescope/keymap"
	"korescope/ui"
	"korescope/views"
	"korescope/views/calls"
	"korescope/views/viewtest"
)

func TestQuestions(t *testing.T) {
	s := day(t).open(80, 24)
	if want := (api.LLMQuery{Window: api.Last(24*time.Hour, viewtest.Noon()), Limit: 500}); s.calls.Asked[0] != want {
		t.Errorf("asked %+v, want %+v", s.calls.Asked[0], want)
	}
	s.Clock.Move(time.Minute)
	s.Keys("r")
	if got := s.calls.Asked[1].Window; got != api.Last(24*time.Hour, s.Clock.Now()) {
		t.Errorf("read again %v", got)
	}
	s.Do(keymap.ShowMore)
	if s.calls.Asked[2].Limit != 1000 {
		t.Errorf("reads on to %d", s.calls.Asked[2].Limit)
	}
	s.Keys("f", "7d", "enter")
	if got := s.calls.Asked[3]; got.Window.Length() != 7*24*time.Hour || got.Limit != 150 {
		t.Errorf("another window asks %+v", got)
	}
}

// One session is read whole, and by the very question its conversation asks, so
// that neither reads twice.
func TestTheQuestionOfASession(t *testing.T) {
	s := one(t).open(80, 24)
	told := viewtest.Told()
	if want := (api.LLMQuery{Bot: told.Bot, Window: api.Between(told.Start, told.End).Widen(api.JoinLead, api.JoinMargin)}); s.calls.Asked[0] != want {
		t.Errorf("asked %+v, want %+v", s.calls.Asked[0], want)
	}
	s.Has("6 calls").Lacks(string(viewtest.SessionRoom(8)))
	s.Do(keymap.ShowMore)
	s.Keys("f")
	if len(s.calls.Asked) != 1 {
		t.Error("there is more to read of a session that is read whole")
	}
	s.Lacks("window:")
}

func TestAnotherWindowLetsGoOfTheRows(t *testing.T) {
	s := day(t).open(80, 24)
	s.calls.Net = nil
	s.Keys("r").Has("14:47:03", "reading")
	s.Keys("f", "7d", "enter").Has("asking the platform", "? calls").Lacks("refund_dialog")
}

func TestAFailureKeepsTheList(t *testing.T) {
	s := day(t).open(80, 24)
	s.calls.Fails(viewtest.Offline())
	s.Keys("j", "r").Has("40 calls", "> 14:36:03", "No answer from bots.example.test.")
}

func TestWhatOpens(t *testing.T) {
	s := day(t).open(80, 24)
	s.Keys("j", "j", "enter")
	r, ok := s.Opened[0].(views.CallRoute)
	if !ok || r.Call.ID != viewtest.CallRoom(2002) || len(r.Siblings) != 40 {
		t.Errorf("opened %+v", s.Opened)
	}
}

func TestProblems(t *testing.T) {
	s := day(t).open(80, 24)
	s.Keys("e").Has("> 14:25:03").Keys("e").Has("> 13:52:03").Keys("E").Has("> 14:25:03").Keys("E").Has("no further problem")
	s.Keys("!").Has("11 of 40 match", "11 calls").Keys("esc").Has("40 calls")
}

func TestFilters(t *testing.T) {
	s := day(t).open(80, 24)
	s.Keys("/", "model:claude-sonnet").Has("13 of 40").Keys("esc").Has("1 of 40")
	s.Keys("/", "model:claude-sonnet", "enter").Has("13 of 40 match")
	s.Keys("/", " colour:blue", "enter").Has("there is no field", "/ colour:blue", "13 of").Keys("esc")
	s.Keys("esc").Has("1 of 40")
	s.Keys("/", "colour:blue", "enter").Has("there is no field", "40 calls", "14:47:03")
	if len(s.calls.Asked) != 1 {
		t.Error("a filter asked the platform")
	}
}

func TestARouteWithABadFilter(t *testing.T) {
	s := viewtest.NewStage(t)
	_, err := calls.New(calls.Deps{Clock: s.Clock.Now, Zone: viewtest.Zone(), Explain: s.Explain}, views.CallsRoute{Filter: "colour:blue"})
	var usage *views.UsageError
	if !errors.As(err, &usage) {
		t.Errorf("failed with %v", err)
	}
}

func TestSums(t *testing.T) {
	told := viewtest.Told()
	row := func(ms int64, in, out int) api.LLMCall {
		c := viewtest.Call(told, int(ms))
		c.TimeTaken, c.RequestTokens, c.ResponseTokens = api.Known(ms), api.Known(in), api.Known(out)
		return c
	}
	unknown := row(50, 0, 0)
	unknown.RequestTokens, unknown.ResponseTokens, unknown.TimeTaken = api.Maybe[int]{}, api.Maybe[int]{}, api.Maybe[int64]{}
	for _, c := range []struct {
		name    string
		rows    []api.LLMCall
		partial bool
		want    string
	}{
		{"one", []api.LLMCall{row(1000, 10, 2)}, false, "1 calls  p50 1.0s p95 1.0s  tokens 10 in 2 out"},
		{"nearest rank", []api.LLMCall{row(1000, 10, 2), row(2000, 10, 2), row(3000, 10, 2), row(4000, 10, 2)}, false, "4 calls  p50 2.0s p95 4.0s  tokens 40 in 8 out"},
		{"unknown is not zero", []api.LLMCall{row(1000, 10, 2), unknown}, false, "2 calls  p50 1.0s p95 1.0s  tokens >=10 in >=2 out"},
		{"nothing known", []api.LLMCall{unknown}, false, "1 calls  tokens ? in ? out"},
		{"rows missing", []api.LLMCall{row(1000, 10, 2)}, true, ">=1 calls  p50 1.0s p95 1.0s  tokens >=10 in >=2 out"},
		{"none", nil, false, "0 calls  tokens 0 in 0 out"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := set(t)
			s.calls.Net = func(api.LLMQuery) []viewtest.Step[[]api.LLMCall] {
				step := viewtest.Whole(c.rows, viewtest.Noon())
				step.Answer.Partial = c.partial
				return []viewtest.Step[[]api.LLMCall]{step}
			}
			s.open(80, 24).Has(c.want + "\n")
		})
	}
}

func TestCopies(t *testing.T) {
	s := day(t).open(80, 24)
	c, ok := s.Screen.(ui.Copier)
	if !ok {
		t.Fatal("nothing to copy")
	}
	got := map[keymap.Action]string{}
	for _, c := range c.Copies() {
		got[c.Action] = c.Value
	}
	if got[keymap.CopyID] != string(viewtest.CallRoom(2000)) || got[keymap.CopySession] != string(viewtest.SessionRoom(0)) ||
		got[keymap.CopyLine] != "korescope llm --from 2031-03-11T13:47:00.000Z --to 2031-03-12T13:47:00.000Z" {
		t.Errorf("copies %v", got)
	}
}

func TestNoRowIsLost(t *testing.T) {
	s := day(t).open(80, 24)
	s.Storm(13)
	s.Size(80, 24)
	for range 4 {
		s.Keys("esc")
	}
	if strings.Contains(s.Text(), "[problems only]") {
		s.Do(keymap.ToggleErrorsOnly)
	}
	s.Has(" 40 calls").Keys("enter")
	if r, ok := s.Opened[len(s.Opened)-1].(views.CallRoute); !ok || len(r.Siblings) != 40 {
		t.Errorf("%d rows are left", len(r.Siblings))
	}
}
