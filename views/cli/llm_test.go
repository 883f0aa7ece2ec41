package cli

import (
	"slices"
	"testing"
	"time"

	"korescope/api"
)

func TestCallSpansTouchOnce(t *testing.T) {
	now := time.Date(2025, 10, 17, 12, 0, 0, 0, time.UTC)
	at := func(m int) time.Time { return now.Add(-time.Duration(m) * time.Minute) }
	closed := func(from, to int) api.Session {
		return api.Session{ID: "s", Start: at(from), End: at(to), Status: api.StatusClosed}
	}
	wide := func(from, to int) api.Window {
		return api.Between(at(from), at(to)).Widen(api.JoinLead, api.JoinMargin)
	}
	for name, c := range map[string]struct {
		sessions []api.Session
		want     []api.Window
	}{
		"apart":       {[]api.Session{closed(20, 18), closed(60, 50)}, []api.Window{wide(20, 18), wide(60, 50)}},
		"touching":    {[]api.Session{closed(20, 18), closed(30, 21)}, []api.Window{wide(30, 18)}},
		"around":      {[]api.Session{closed(20, 18), closed(30, 10)}, []api.Window{wide(30, 10)}},
		"open":        {[]api.Session{{ID: "s", Start: at(5), End: at(4), Status: api.StatusActive}}, []api.Window{api.Between(at(5).Add(-api.JoinLead), now)}},
		"no start":    {[]api.Session{{ID: "s"}}, nil},
		"just closed": {[]api.Session{closed(3, 1)}, []api.Window{api.Between(at(3).Add(-api.JoinLead), now)}},
	} {
		if got := callSpans(c.sessions, now); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// A call that names no session is given to none when another session of the same
// user, asked for or not, fits as well.
func TestASiblingTakesTheCertaintyAway(t *testing.T) {
	now := time.Date(2025, 10, 17, 12, 0, 0, 0, time.UTC)
	s := api.Session{ID: "a", User: "u", Start: now, End: now.Add(time.Minute)}
	sibling := api.Session{ID: "b", User: "u", Start: now.Add(-time.Minute), End: now.Add(time.Minute)}
	call := api.LLMCall{ID: "c", User: "u", Start: now.Add(time.Second)}
	r := &callRead{}
	asked := map[api.SessionID]api.Session{"a": s}
	if got := r.joined([]api.Session{s}, asked, []api.LLMCall{call}); len(got) != 1 || got[0].Joined != api.ByUserTime || got[0].Session != "a" {
		t.Errorf("alone: %+v", got)
	}
	if got := r.joined([]api.Session{s, sibling}, asked, []api.LLMCall{call}); len(got) != 0 {
		t.Errorf("with a sibling: %+v", got)
	}
}
