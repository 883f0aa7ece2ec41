package trace_test

import (
	"context"
	"errors"
	"iter"
	"testing"
	"time"

	"korescope/api"
	"korescope/api/trace"
)

var noon = func() time.Time { return time.Date(2031, 3, 12, 12, 0, 0, 0, time.UTC) }

func session(id api.SessionID, user api.UserID, channel string, from, to int) api.Session {
	in := func(s int) time.Time { return noon().Add(time.Duration(s) * time.Second) }
	return api.Session{ID: id, User: user, Channel: channel, Start: in(from), End: in(to), Status: api.StatusClosed}
}

// A call finds the one session that it can belong to, or none.
func TestCallsFindTheirSession(t *testing.T) {
	mine := session("a", "u", "rtm", 0, 120)
	call := func(at int, change func(*api.LLMCall)) api.LLMCall {
		c := api.LLMCall{ID: "c", User: "u", Channel: "rtm", Start: noon().Add(time.Duration(at) * time.Second)}
		if change != nil {
			change(&c)
		}
		return c
	}
	named := func(id api.SessionID) func(*api.LLMCall) { return func(c *api.LLMCall) { c.Session, c.User = id, "" } }
	for name, c := range map[string]struct {
		others []api.Session
		call   api.LLMCall
		want   api.JoinedBy
		joined bool
	}{
		"names it":                        {nil, call(9999, named("a")), api.ByID, true},
		"names another":                   {nil, call(5, named("b")), "", false},
		"alone":                           {nil, call(5, nil), api.ByUserTime, true},
		"no user":                         {nil, call(5, func(c *api.LLMCall) { c.User = "" }), "", false},
		"another user":                    {nil, call(5, func(c *api.LLMCall) { c.User = "v" }), "", false},
		"no time":                         {nil, call(5, func(c *api.LLMCall) { c.Start = time.Time{} }), "", false},
		"a clock behind":                  {nil, call(-4, nil), api.ByUserTime, true},
		"late":                            {nil, call(230, nil), api.ByUserTime, true},
		"too late":                        {nil, call(250, nil), "", false},
		"two going on":                    {[]api.Session{session("b", "u", "rtm", 60, 200)}, call(90, nil), "", false},
		"the other begins later":          {[]api.Session{session("b", "u", "rtm", 60, 200)}, call(30, nil), api.ByUserTime, true},
		"the other one is over":           {[]api.Session{session("b", "u", "rtm", -100, -10)}, call(30, nil), api.ByUserTime, true},
		"behind ours, the other going on": {[]api.Session{session("b", "u", "rtm", 125, 300)}, call(130, nil), "", false},
		"another channel":                 {[]api.Session{session("b", "u", "korevg", 0, 120)}, call(30, nil), api.ByUserTime, true},
		"the other's channel":             {[]api.Session{session("b", "u", "korevg", 0, 120)}, call(30, func(c *api.LLMCall) { c.Channel = "korevg" }), "", false},
		"a channel nobody knows":          {[]api.Session{session("b", "u", "korevg", 0, 120)}, call(30, func(c *api.LLMCall) { c.Channel = "" }), "", false},
		"spelt in another way":            {nil, call(30, func(c *api.LLMCall) { c.Channel = "Web" }), api.ByUserTime, true},
		"another user's session":          {[]api.Session{session("b", "v", "rtm", 0, 120)}, call(30, nil), api.ByUserTime, true},
		"the list holds it as well":       {[]api.Session{mine}, call(30, nil), api.ByUserTime, true},
	} {
		got := trace.Calls(mine, c.others, []api.LLMCall{c.call})
		if len(got) == 1 != c.joined || c.joined && (got[0].Joined != c.want || got[0].Session != "a") {
			t.Errorf("%s: %+v", name, got)
		}
		if c.call.Session != "" {
			continue
		}
		// A list of a window says the same about the call.
		linked := trace.Link(c.call, append([]api.Session{mine}, withUser(c.others, c.call.User)...))
		if c.call.User == mine.User && (linked.Session == "a") != c.joined {
			t.Errorf("%s: the window says %q", name, linked.Session)
		}
	}
}

func withUser(list []api.Session, user api.UserID) []api.Session {
	var out []api.Session
	for _, s := range list {
		if s.User == user && s.ID != "a" {
			out = append(out, s)
		}
	}
	return out
}

// stub answers from a list and counts.
type stub[K comparable, V any] struct {
	disk, net func(K) (api.Answer[V], error)
	asked     []K
}

func (s *stub[K, V]) Cached(_ context.Context, k K) (api.Answer[V], error) {
	if s.disk == nil {
		return api.Answer[V]{}, &api.Error{Kind: api.NotCached}
	}
	return s.disk(k)
}

func (s *stub[K, V]) Refresh(_ context.Context, k K, _ api.Lane) iter.Seq2[api.Answer[V], error] {
	s.asked = append(s.asked, k)
	return func(yield func(api.Answer[V], error) bool) {
		a, err := s.net(k)
		a.Done = true
		yield(a, err)
	}
}

type (
	sessions = stub[api.SessionQuery, []api.Session]
	calls    = stub[api.LLMQuery, []api.LLMCall]
)

func says[K comparable, V any](v V, err error) func(K) (api.Answer[V], error) {
	return func(K) (api.Answer[V], error) {
		return api.Answer[V]{Value: v, At: noon(), Origin: api.FromNetwork}, err
	}
}

func end[V any](all iter.Seq2[api.Answer[V], error]) (a api.Answer[V], err error) {
	for a, err = range all {
		if err != nil {
			break
		}
	}
	return a, err
}

// What a session's calls cost and what is said when not all can be known.
func TestTheReaderOfCalls(t *testing.T) {
	mine, twin := session("a", "u", "rtm", -600, -300), session("b", "u", "rtm", -500, -200)
	named := api.LLMCall{ID: "1", Session: "a", User: "u", Start: noon().Add(-550 * time.Second)}
	unnamed := api.LLMCall{ID: "2", User: "u", Start: noon().Add(-400 * time.Second)}
	dev := mine
	dev.Developer = api.Known(true)
	refused := &api.Error{Kind: api.ScopeMissing}
	for name, c := range map[string]struct {
		of       api.Session
		rows     []api.LLMCall
		others   []api.Session
		failed   error
		want     int
		requests int // for sessions
		note     bool
		err      bool
	}{
		"all named":          {mine, []api.LLMCall{named}, nil, nil, 1, 0, false, false},
		"alone":              {mine, []api.LLMCall{unnamed, named}, []api.Session{mine}, nil, 2, 1, false, false},
		"two sessions":       {mine, []api.LLMCall{unnamed, named}, []api.Session{twin, mine}, nil, 1, 1, false, false},
		"no right to look":   {mine, []api.LLMCall{unnamed}, nil, refused, 1, 1, true, false},
		"the look fails":     {mine, []api.LLMCall{unnamed}, nil, errors.New("boom"), 1, 1, false, true},
		"none":               {mine, nil, nil, nil, 0, 0, true, false},
		"none, by developer": {dev, nil, nil, nil, 0, 0, false, false},
	} {
		s, l := &sessions{net: says[api.SessionQuery](c.others, c.failed)}, &calls{net: says[api.LLMQuery](c.rows, nil)}
		r := trace.NewCalls(s, l, noon)
		a, err := end(r.Refresh(t.Context(), trace.CallQuery{Session: trace.OfSession(c.of)}, api.Person))
		if len(a.Value) != c.want || len(s.asked) != c.requests || (a.Note != "") != c.note || (err != nil) != c.err || !a.Done || a.Partial != c.err {
			t.Errorf("%s: %d calls, %d requests, %q, %v", name, len(a.Value), len(s.asked), a.Note, err)
		}
		if len(l.asked) != 1 || l.asked[0] != (api.LLMQuery{Window: mine.Reach(noon()), Developer: c.of.Developer.Value}) {
			t.Errorf("%s: asked %+v", name, l.asked)
		}
	}
}

// Several sessions cost one question where their times touch, and none is asked
// for without its time.
func TestSessionsTogether(t *testing.T) {
	a, b, c := session("a", "u", "rtm", -600, -500), session("b", "v", "rtm", -450, -300), session("c", "u", "rtm", -5000, -4900)
	dev := session("d", "w", "rtm", -600, -500)
	dev.Developer = api.Known(true)
	var rows []api.LLMCall
	for _, s := range []api.Session{a, b, c, dev} {
		rows = append(rows, api.LLMCall{ID: api.CallID(s.ID), Session: s.ID, User: s.User, Start: s.Start})
	}
	l := &calls{net: func(q api.LLMQuery) (api.Answer[[]api.LLMCall], error) {
		var out []api.LLMCall
		for _, r := range rows {
			if q.Window.Holds(r.Start) && (q.Developer || r.ID != "d") {
				out = append(out, r)
			}
		}
		return api.Answer[[]api.LLMCall]{Value: out, Origin: api.FromNetwork}, nil
	}}
	r := trace.NewCalls(&sessions{net: says[api.SessionQuery]([]api.Session(nil), nil)}, l, noon)
	got, err := end(r.Together(t.Context(), []api.Session{c, a, b, dev}, api.LLMQuery{}, api.Person))
	if err != nil || len(got.Value) < 4 || len(l.asked) != 3 {
		t.Errorf("%d calls in %d requests, %v", len(got.Value), len(l.asked), err)
	}
	got, err = end(r.Together(t.Context(), []api.Session{{ID: "x"}}, api.LLMQuery{}, api.Person))
	if err != nil || !got.Partial || !got.Done || len(l.asked) != 3 {
		t.Errorf("a session without a time: %+v, %v", got, err)
	}
}
