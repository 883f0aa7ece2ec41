package cache

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"korescope/api"
)

// gauge is a platform with metrics and a change log; it remembers what it was
// asked.
type gauge struct {
	rows    map[api.MetricKind][]api.Metric
	changes []api.ChangeEntry
	asked   []api.MetricQuery
	days    []api.ChangeQuery
}

func (g *gauge) Metrics(_ context.Context, q api.MetricQuery, _ api.Lane) iter.Seq2[api.Page[api.Metric], error] {
	g.asked = append(g.asked, q)
	return func(yield func(api.Page[api.Metric], error) bool) {
		rows := slices.DeleteFunc(slices.Clone(g.rows[q.Kind]), func(m api.Metric) bool { return !m.At.IsZero() && !q.Window.Holds(m.At) })
		half := len(rows) / 2
		if yield(api.Page[api.Metric]{Items: rows[:half], More: true}, nil) {
			yield(api.Page[api.Metric]{Items: rows[half:], Done: q.Window}, nil)
		}
	}
}

func (g *gauge) Changes(_ context.Context, q api.ChangeQuery, _ api.Lane) iter.Seq2[api.Page[api.ChangeEntry], error] {
	g.days = append(g.days, q)
	return func(yield func(api.Page[api.ChangeEntry], error) bool) {
		rows := slices.DeleteFunc(slices.Clone(g.changes), func(e api.ChangeEntry) bool { return !q.Window.Holds(e.At) })
		yield(api.Page[api.ChangeEntry]{Items: rows, Done: q.Window}, nil)
	}
}

func nodeRun(n int, when time.Time) api.Metric {
	return api.Metric{
		ID: fmt.Sprintf("m-%d", n), Kind: api.NodeRuns, At: when, User: api.UserID(fmt.Sprintf("u-%d", n)), ChannelID: fmt.Sprintf("desk-%d", n),
		Channel: []string{"rtm", "ivr"}[n%2], Node: "GetOrder", NodeType: "service", Task: "Refund", Status: "failure", Code: "504",
		Took: api.Known(30 * time.Second), Raw: json.RawMessage(`{"nodeName":"GetOrder"}`),
	}
}

func bare(rows []api.Metric) []api.Metric {
	out := slices.Clone(rows)
	for i := range out {
		out[i].Raw = nil
	}
	return out
}

func TestMetrics(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	odd := api.Metric{ID: "m-odd", Kind: api.FailedTasks, Unreadable: "timestamp is not a time", Reason: "kept"}
	g := &gauge{rows: map[api.MetricKind][]api.Metric{
		api.NodeRuns: {nodeRun(1, at(-10)), nodeRun(2, at(-20)), nodeRun(3, at(-50))}, api.FailedTasks: {odd},
	}}
	r := Metrics(s, g, Normal)
	w := api.Between(at(-180), at(0))
	q := api.MetricQuery{Kind: api.NodeRuns, Window: w}
	if _, err := r.Cached(t.Context(), q); api.KindOf(err) != api.NotCached {
		t.Fatalf("empty: %v", err)
	}
	a := last(t, r.Refresh(t.Context(), q, api.Person))
	if !reflect.DeepEqual(bare(a.Value), bare(g.rows[api.NodeRuns])) || a.Partial || a.Note != "" {
		t.Errorf("%+v", a)
	}
	cached, err := r.Cached(t.Context(), q)
	if err != nil || !reflect.DeepEqual(cached.Value, bare(g.rows[api.NodeRuns])) || cached.Partial {
		t.Errorf("cached: %+v, %v", cached, err)
	}
	one, err := r.Cached(t.Context(), api.MetricQuery{Kind: api.NodeRuns, Window: w, Channels: "ivr,sms"})
	if err != nil || len(one.Value) != 2 || one.Partial {
		t.Errorf("of some channels: %+v, %v", one, err)
	}
	for _, other := range []api.MetricQuery{{Kind: api.Unhandled, Window: w}, {Kind: api.NodeRuns, Window: w, Developer: true}} {
		if _, err := r.Cached(t.Context(), other); api.KindOf(err) != api.NotCached {
			t.Errorf("%+v is known: %v", other, err)
		}
	}
	c.move(time.Minute)
	last(t, r.Refresh(t.Context(), api.MetricQuery{Kind: api.NodeRuns, Window: api.Between(at(-180), at(1))}, api.Person))
	if got := g.asked[len(g.asked)-1].Window.From; len(g.asked) != 2 || got.Before(at(-32)) {
		t.Errorf("asked %d times, last from %v: only the late part may still change", len(g.asked), got)
	}
	q.Kind = api.FailedTasks
	last(t, r.Refresh(t.Context(), q, api.Person))
	if kept, err := Metrics(s, nil, Offline).Cached(t.Context(), q); err != nil || len(kept.Value) != 1 || kept.Value[0].Reason != "kept" {
		t.Errorf("a row without a time: %+v, %v", kept, err)
	}
}

func TestMetricsAndSessions(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	with := sessionAt(at(-12), 1, false)
	with.User, with.End = "u-1", at(-8)
	keepSessions(t, s, with)
	g := &gauge{rows: map[api.MetricKind][]api.Metric{api.NodeRuns: {nodeRun(1, at(-10)), nodeRun(2, at(-20))}}}
	q := api.MetricQuery{Kind: api.NodeRuns, Window: api.Between(at(-180), at(0))}
	a := last(t, Metrics(s, g, Normal).Refresh(t.Context(), q, api.Person))
	if a.Value[0].Session != with.ID || a.Value[0].Joined != api.ByUserTime || a.Value[1].Session != "" {
		t.Errorf("linked %+v", a.Value)
	}
	if strings.Contains(a.Note, "lag") {
		t.Errorf("nothing lags: %s", a.Note)
	}
	late := sessionAt(at(-2), 2, false)
	keepSessions(t, s, late)
	if a, err := Metrics(s, g, Normal).Cached(t.Context(), q); err != nil || !strings.Contains(a.Note, "metrics may lag") {
		t.Errorf("%q, %v", a.Note, err)
	}
}

func TestChanges(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	g := &gauge{changes: []api.ChangeEntry{
		{ID: "c-2", At: at(-40), Message: "Published", ResourceType: "stream", ResourceID: "st-1", User: "Sam Ortiz", Email: "sam@example.test"},
		{ID: "c-1", At: at(-90), Message: "Updated prompt", User: "Lin Berg", Raw: json.RawMessage(`{}`)},
	}}
	r := Changes(s, g, Normal)
	q := api.ChangeQuery{Window: api.Between(at(-180), at(0))}
	a := last(t, r.Refresh(t.Context(), q, api.Person))
	if len(a.Value) != 2 || a.Partial || len(g.days) != 1 {
		t.Errorf("%+v", a)
	}
	cached, err := r.Cached(t.Context(), q)
	if err != nil || cached.Value[0].User != "Sam Ortiz" || cached.Value[1].ID != "c-1" {
		t.Errorf("cached: %+v, %v", cached, err)
	}
	c.move(2 * time.Hour)
	last(t, r.Refresh(t.Context(), api.ChangeQuery{Window: api.Between(at(-180), at(-30))}, api.Person))
	q.Limit = 1
	if one, err := r.Cached(t.Context(), q); err != nil || len(one.Value) != 1 {
		t.Errorf("one: %+v, %v", one, err)
	}
}

// What is about a user goes with the user: by id, by the name at the channel, by
// the session; and what somebody changed, when they are who is erased.
func TestForgottenUsersLeaveNoMetrics(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	mine, byDesk, bySession, other := nodeRun(1, at(-10)), nodeRun(2, at(-11)), nodeRun(3, at(-12)), nodeRun(4, at(-13))
	byDesk.User, byDesk.ChannelID = "u-alias", mine.ChannelID
	session := sessionAt(at(-14), 0, false)
	session.User = mine.User
	keepSessions(t, s, session)
	bySession.Session, bySession.User, bySession.ChannelID = session.ID, "", ""
	g := &gauge{
		rows:    map[api.MetricKind][]api.Metric{api.NodeRuns: {mine, byDesk, bySession, other}},
		changes: []api.ChangeEntry{{ID: "c-1", At: at(-5), User: string(mine.User)}, {ID: "c-2", At: at(-6), Email: "other@example.test"}},
	}
	w := api.Between(at(-60), at(0))
	last(t, Metrics(s, g, Normal).Refresh(t.Context(), api.MetricQuery{Kind: api.NodeRuns, Window: w}, api.Person))
	last(t, Changes(s, g, Normal).Refresh(t.Context(), api.ChangeQuery{Window: w}, api.Person))
	if _, err := s.Forget(t.Context(), []api.UserID{mine.User}); err != nil {
		t.Fatal(err)
	}
	a, err := Metrics(s, nil, Offline).Cached(t.Context(), api.MetricQuery{Kind: api.NodeRuns, Window: w})
	if err != nil || len(a.Value) != 1 || a.Value[0].ID != other.ID {
		t.Errorf("left: %+v, %v", a.Value, err)
	}
	if a, err := Changes(s, nil, Offline).Cached(t.Context(), api.ChangeQuery{Window: w}); err != nil || len(a.Value) != 1 || a.Value[0].ID != "c-2" {
		t.Errorf("left: %+v, %v", a.Value, err)
	}
	i, err := s.Info(t.Context())
	if err != nil || i.Metrics != 1 || i.Changes != 1 {
		t.Errorf("%+v, %v", i, err)
	}
	if err := s.Clear(t.Context()); err != nil {
		t.Fatal(err)
	}
	if i, err = s.Info(t.Context()); err != nil || i.Metrics+i.Changes != 0 {
		t.Errorf("cleared: %+v, %v", i, err)
	}
}

func TestMetricsExpire(t *testing.T) {
	c := newClock()
	o := options(t, c)
	s := mustOpen(t, o)
	g := &gauge{rows: map[api.MetricKind][]api.Metric{api.NodeRuns: {nodeRun(1, at(-10))}}, changes: []api.ChangeEntry{{ID: "c", At: at(-5)}}}
	w := api.Between(at(-60), at(0))
	last(t, Metrics(s, g, Normal).Refresh(t.Context(), api.MetricQuery{Kind: api.NodeRuns, Window: w}, api.Person))
	last(t, Changes(s, g, Normal).Refresh(t.Context(), api.ChangeQuery{Window: w}, api.Person))
	c.move(365 * 24 * time.Hour)
	if err := s.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	if i, err := s.Info(t.Context()); err != nil || i.Metrics+i.Changes != 0 {
		t.Errorf("%+v, %v", i, err)
	}
}

func keepSessions(t *testing.T, s *Store, rows ...api.Session) {
	t.Helper()
	err := s.write(t.Context(), "keep", func(c *conn) error { return putSessions(c, rows, api.Window{}, s.o.Now()) })
	if err != nil {
		t.Fatal(err)
	}
}
