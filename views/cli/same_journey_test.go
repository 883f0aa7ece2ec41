package cli

import (
	"slices"
	"testing"
	"time"

	"korescope/api"
	"korescope/views"
)

// From a session that was left: what failed in the same way is here at once, from
// what is on disk; reading on costs no more than was said, and finds all that the
// invented incident broke.
func TestTheSameFailureElsewhere(t *testing.T) {
	shop := newShop(t, "", nil)
	s := shop.open(80, 24, visit{})
	s.press("1", "enter").rest()
	s.press("esc").rest()
	before := shop.asked()
	s.press("s").sees("same", "failed in the same way", "asks the platform")
	if n := shop.asked() - before; n > 0 {
		t.Errorf("%d requests for what is on disk", n)
	}
	d := s.desk
	q := sameQuery{Session: left(t, d), Window: api.Last(24*time.Hour, opening())}
	near, err := samer{d}.Cached(t.Context(), q)
	if err != nil || !near.Rest.More {
		t.Fatalf("%v, rest %+v", err, near.Rest)
	}
	before = shop.asked()
	s.press("+").sees("GetOrder")
	if n := shop.asked() - before; n == 0 || n > near.Rest.Requests.Value {
		t.Errorf("%d requests for reading on, said were %d: %v", n, near.Rest.Requests.Value, s.requests())
	}
	q.Wide = true
	all, err := samer{d}.Cached(t.Context(), q)
	if err != nil || len(all.Value) < 8 || all.Partial {
		t.Fatalf("%v, %d found, partial %v", err, len(all.Value), all.Partial)
	}
	for _, a := range all.Value {
		if a.Session.ID == q.Session {
			t.Error("the conversation is like itself")
		}
		if a.Session.Start.Before(opening().Add(-time.Hour)) {
			t.Errorf("%s of %s is from before the incident: %v", a.Session.ID, a.Session.Start, a.Matched)
		}
	}
	before = shop.asked()
	s.press("enter").rest()
	s.press("s").sees("same")
	if n := shop.asked() - before; n > 3 {
		t.Errorf("%d requests for one more conversation", n)
	}
}

// left is the newest session that was left, as the screen has it.
func left(t *testing.T, d *desk) api.SessionID {
	t.Helper()
	a, err := d.sessions.Cached(t.Context(), api.SessionQuery{Window: api.Last(24*time.Hour, opening())})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(a.Value, func(s api.Session) bool { return s.Containment == api.DropOff && !s.Open() })
	return a.Value[i].ID
}

// A call id is as good as a session id; an id of neither is told.
func TestTheSameAsACall(t *testing.T) {
	shop := newShop(t, "", nil)
	s := shop.open(80, 24, visit{})
	s.press(":", "llm 1h", "enter").rest()
	calls, err := s.desk.calls.Cached(t.Context(), api.LLMQuery{Window: api.Last(time.Hour, opening())})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(calls.Value, func(c api.LLMCall) bool { return c.Problem != "" })
	a, err := samer{s.desk}.Cached(t.Context(), sameQuery{Session: api.SessionID(calls.Value[i].ID), Window: api.Last(24*time.Hour, opening())})
	if err != nil || len(a.Value) == 0 || !a.Fresh {
		t.Fatalf("%v: %+v", err, a)
	}
	if _, err := last(answers(t.Context(), samer{s.desk}, sameQuery{Session: "no-such-session", Window: api.Last(time.Hour, opening())})); views.ExitCode(err) != views.ExitNotFound {
		t.Errorf("an unknown id: %v", err)
	}
}
