package cache

import (
	"context"
	"iter"
	"testing"
	"time"

	"korescope/api"
)

func TestSecondRefreshCostsOneSmallRequest(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	w := &world{page: 10}
	for i := range 35 {
		w.sessions = append(w.sessions, sessionAt(noon().Add(-time.Duration(i+2)*30*time.Minute), i, false))
	}
	r := Sessions(s, w, Normal)
	q := api.SessionQuery{Window: api.Last(24*time.Hour, c.Now())}
	if _, err := r.Cached(t.Context(), q); api.KindOf(err) != api.NotCached {
		t.Fatalf("empty cache: %v", err)
	}
	out := all(t, r.Refresh(t.Context(), q, api.Person))
	if len(out) != 5 {
		t.Fatalf("%d answers, want 4 pages and the end", len(out))
	}
	for i, o := range out {
		if want := min(35, (i+1)*10); len(o.answer.Value) != want {
			t.Errorf("answer %d has %d rows, want %d", i, len(o.answer.Value), want)
		}
	}
	end := out[4].answer
	if !end.Done || !end.Fresh || end.Partial || end.Origin != api.FromNetwork || end.Covered != q.Window {
		t.Errorf("end: done %v fresh %v partial %v origin %v covered %v note %q", end.Done, end.Fresh, end.Partial, end.Origin, end.Covered, end.Note)
	}
	a, err := r.Cached(t.Context(), q)
	if err != nil || len(a.Value) != 35 || !a.Fresh || a.Partial {
		t.Fatalf("cached: %d rows, fresh %v, partial %v, %v", len(a.Value), a.Fresh, a.Partial, err)
	}
	c.move(10 * time.Minute)
	q.Window = api.Last(24*time.Hour, c.Now())
	w.asked = nil
	end = last(t, r.Refresh(t.Context(), q, api.Person))
	if len(w.asked) != 1 || w.asked[0].Window.Length() != 10*time.Minute+lateSession+overlap {
		t.Errorf("asked %v", w.asked)
	}
	if !end.Fresh || end.Partial || !end.At.Equal(c.Now()) {
		t.Errorf("end: fresh %v partial %v at %v, %v", end.Fresh, end.Partial, end.At, end.Note)
	}
}

// ask runs a refresh to its end and gives the answer and how many requests it
// took.
func (w *world) ask(t *testing.T, r *SessionReader, q api.SessionQuery) (api.Answer[[]api.Session], int) {
	t.Helper()
	w.asked, w.lanes = nil, nil
	a := last(t, r.Refresh(t.Context(), q, api.Person))
	return a, len(w.asked)
}

func TestWindowInThePastIsAskedOnce(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	w := &world{sessions: []api.Session{sessionAt(at(-300), 1, false)}}
	r := Sessions(s, w, Normal)
	q := api.SessionQuery{Window: api.Between(at(-600), at(-200))}
	if _, n := w.ask(t, r, q); n != 1 {
		t.Fatalf("first: %d requests", n)
	}
	c.move(40 * time.Hour)
	a, n := w.ask(t, r, q)
	if n != 0 || !a.Fresh || a.Partial || len(a.Value) != 1 {
		t.Errorf("later: %d requests, fresh %v, partial %v, %d rows", n, a.Fresh, a.Partial, len(a.Value))
	}
	if !a.At.Equal(noon()) {
		t.Errorf("at %v, want the reading", a.At)
	}
}

func TestOpenSessionsAreCheckedByID(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	w := &world{}
	for i := range 60 {
		w.sessions = append(w.sessions, sessionAt(at(-60).Add(-time.Duration(i)*time.Second), i, true))
	}
	r := Sessions(s, w, Normal)
	q := api.SessionQuery{Window: api.Between(at(-300), at(-30))}
	if a, n := w.ask(t, r, q); n != 1 || !a.Fresh {
		t.Fatalf("first: %d requests, fresh %v", n, a.Fresh)
	}
	c.move(30 * time.Second)
	if a, err := r.Cached(t.Context(), q); err != nil || a.Fresh || a.Partial {
		t.Fatalf("cached with open sessions: fresh %v partial %v, %v", a.Fresh, a.Partial, err)
	}
	for i := range w.sessions {
		w.sessions[i].Status, w.sessions[i].Containment = api.StatusClosed, api.DropOff
	}
	gone := w.sessions[59].ID
	w.sessions = w.sessions[:59]
	a, n := w.ask(t, r, q)
	if n != 2 || w.lanes[0] != api.Follow || w.lanes[1] != api.Follow {
		t.Errorf("second: %d requests in lanes %v, want 2 by id", n, w.lanes)
	}
	if len(a.Value) != 59 || a.Value[0].Containment != api.DropOff || !a.Fresh || len(a.Unknown) != 0 {
		t.Errorf("second: %d rows, type %q, fresh %v, unknown %v", len(a.Value), a.Value[0].Containment, a.Fresh, a.Unknown)
	}
	if _, n := w.ask(t, r, q); n != 0 {
		t.Errorf("third: %d requests", n)
	}
	cached, err := r.Cached(t.Context(), api.SessionQuery{IDs: api.ListIDs(gone)})
	if api.KindOf(err) != api.NotCached {
		t.Errorf("a session the platform does not know any more is still cached: %v, %v", cached.Value, err)
	}
}

func TestOpenChecksAreBounded(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	w := &world{page: 1000}
	for i := range 500 {
		w.sessions = append(w.sessions, sessionAt(at(-60).Add(-time.Duration(i)*time.Second), i, true))
	}
	r := Sessions(s, w, Normal)
	q := api.SessionQuery{Window: api.Between(at(-300), at(-30))}
	w.ask(t, r, q)
	c.move(time.Minute)
	seen := map[api.SessionID]bool{}
	for range 3 {
		_, n := w.ask(t, r, q)
		if n > maxChecks {
			t.Errorf("%d requests", n)
		}
		for _, q := range w.asked {
			for _, id := range q.IDs.All() {
				seen[id] = true
			}
		}
		c.move(time.Minute)
	}
	if len(seen) != 500 {
		t.Errorf("three refreshes checked %d of 500", len(seen))
	}
}

func TestWiderWindowAsksOnlyWhatIsMissing(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	w := &world{sessions: []api.Session{sessionAt(at(-90), 1, false), sessionAt(at(-700), 2, false)}}
	r := Sessions(s, w, Normal)
	w.ask(t, r, api.SessionQuery{Window: api.Between(at(-200), at(-30))})
	a, n := w.ask(t, r, api.SessionQuery{Window: api.Between(at(-900), at(-30))})
	if n != 1 || w.asked[0].Window != api.Between(at(-900), at(-200)) {
		t.Errorf("asked %v", w.asked)
	}
	if len(a.Value) != 2 || a.Value[0].Start.Before(a.Value[1].Start) {
		t.Errorf("rows %v", a.Value)
	}
}

func TestPartialAnswersSayHowFar(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	w := &world{sessions: []api.Session{sessionAt(at(-90), 1, false)}}
	r := Sessions(s, w, Normal)
	w.ask(t, r, api.SessionQuery{Window: api.Last(24*time.Hour, c.Now())})
	c.move(time.Hour)
	off := Sessions(s, nil, Offline)
	win := api.Last(24*time.Hour, c.Now())
	a, err := off.Cached(t.Context(), api.SessionQuery{Window: win})
	if err != nil || !a.Partial || a.Fresh {
		t.Fatalf("partial %v fresh %v, %v", a.Partial, a.Fresh, err)
	}
	if want := api.Between(win.From, noon()); a.Covered != want {
		t.Errorf("covered %v, want %v", a.Covered, want)
	}
	if a.Note != "complete until 2026-03-10T12:00:00Z" || len(a.Gaps) != 1 || a.Gaps[0].Window != api.Between(noon(), c.Now()) {
		t.Errorf("note %q, gaps %v", a.Note, a.Gaps)
	}
	if api.KindOf(a.Gaps[0].Why) != api.NotCached {
		t.Errorf("why %v", a.Gaps[0].Why)
	}
	got := last(t, off.Refresh(t.Context(), api.SessionQuery{Window: win}, api.Person))
	if got.Origin != api.FromDisk || len(got.Value) != 1 {
		t.Errorf("offline refresh: origin %v, %d rows", got.Origin, len(got.Value))
	}
}

func TestFailureKeepsWhatCame(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	w := &world{page: 10, failAfter: 2, failure: &api.Error{Kind: api.Unavailable, Status: 503}}
	for i := range 40 {
		w.sessions = append(w.sessions, sessionAt(at(-60-10*i), i, false))
	}
	r := Sessions(s, w, Normal)
	q := api.SessionQuery{Window: api.Between(at(-900), at(-30))}
	out := all(t, r.Refresh(t.Context(), q, api.Person))
	end := out[len(out)-1]
	if api.KindOf(end.err) != api.Unavailable || !end.answer.Partial || end.answer.Fresh || len(end.answer.Value) != 20 {
		t.Fatalf("end: %v, partial %v, %d rows", end.err, end.answer.Partial, len(end.answer.Value))
	}
	a, err := r.Cached(t.Context(), q)
	if err != nil || len(a.Value) != 20 || !a.Partial || !a.Covered.From.Equal(a.Value[19].Start.Add(time.Millisecond)) {
		t.Fatalf("cached: %d rows, covered %v, %v", len(a.Value), a.Covered, err)
	}
	w.failure = nil
	done, n := w.ask(t, r, q)
	if n != 1 || len(done.Value) != 40 || done.Partial {
		t.Errorf("again: %d requests, %d rows, partial %v", n, len(done.Value), done.Partial)
	}
	if w.asked[0].Window.To.After(a.Covered.From) {
		t.Errorf("asked for %v again", w.asked[0].Window)
	}
}

func TestGapsAreNotTakenForRead(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	gap := api.Between(at(-400), at(-300))
	w := &world{sessions: []api.Session{sessionAt(at(-90), 1, false)}, gap: gap}
	r := Sessions(s, w, Normal)
	q := api.SessionQuery{Window: api.Between(at(-900), at(-30))}
	a, _ := w.ask(t, r, q)
	if !a.Partial || len(a.Gaps) != 1 || a.Gaps[0].Window != gap || api.KindOf(a.Gaps[0].Why) != api.Unavailable {
		t.Fatalf("partial %v, gaps %v", a.Partial, a.Gaps)
	}
	w.gap = api.Window{}
	a, n := w.ask(t, r, q)
	if n != 1 || w.asked[0].Window != api.Between(gap.From.Add(-overlap), gap.To) || a.Partial {
		t.Errorf("asked %v, partial %v", w.asked, a.Partial)
	}
}

func TestLimit(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	w := &world{page: 10}
	for i := range 40 {
		w.sessions = append(w.sessions, sessionAt(at(-60-10*i), i, false))
	}
	r := Sessions(s, w, Normal)
	q := api.SessionQuery{Window: api.Between(at(-900), at(-30)), Limit: 15}
	a, n := w.ask(t, r, q)
	if n != 1 || len(a.Value) != 15 || a.Partial || !a.Fresh {
		t.Fatalf("%d requests, %d rows, partial %v, fresh %v, note %q", n, len(a.Value), a.Partial, a.Fresh, a.Note)
	}
	if a, err := r.Cached(t.Context(), q); err != nil || len(a.Value) != 15 || a.Partial || !a.Fresh {
		t.Fatalf("cached: %d rows, partial %v, fresh %v, %v", len(a.Value), a.Partial, a.Fresh, err)
	}
	q.Limit = 0
	a, n = w.ask(t, r, q)
	if n != 1 || len(a.Value) != 40 || a.Partial {
		t.Errorf("without limit: %d requests, %d rows, partial %v", n, len(a.Value), a.Partial)
	}
}

func TestFreshModeAsksEverythingAgain(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	w := &world{sessions: []api.Session{sessionAt(at(-90), 1, false)}}
	q := api.SessionQuery{Window: api.Between(at(-900), at(-30))}
	w.ask(t, Sessions(s, w, Normal), q)
	fresh := Sessions(s, w, Fresh)
	if _, err := fresh.Cached(t.Context(), q); api.KindOf(err) != api.NotCached {
		t.Errorf("cached: %v", err)
	}
	a, n := w.ask(t, fresh, q)
	if n != 1 || w.asked[0].Window != q.Window || len(a.Value) != 1 {
		t.Errorf("asked %v", w.asked)
	}
}

func TestTypesAreAnsweredFromTheWholeList(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	a1, d1 := sessionAt(at(-90), 1, false), sessionAt(at(-80), 2, false)
	a1.Containment, d1.Containment = api.Agent, api.DropOff
	w := &world{sessions: []api.Session{a1, d1, sessionAt(at(-70), 3, true)}}
	r := Sessions(s, w, Normal)
	win := api.Between(at(-900), at(-30))
	w.ask(t, r, api.SessionQuery{Window: win})
	q := api.SessionQuery{Window: win, Containment: api.Agent}
	got, err := r.Cached(t.Context(), q)
	if err != nil || len(got.Value) != 1 || got.Value[0].ID != a1.ID || got.Partial {
		t.Fatalf("agents: %v, partial %v, %v", got.Value, got.Partial, err)
	}
	// The open one may turn into anything, so it is checked for this list too.
	c.move(time.Minute)
	w.sessions[2].Status, w.sessions[2].Containment = api.StatusClosed, api.Agent
	got, n := w.ask(t, r, q)
	if n != 1 || len(got.Value) != 2 {
		t.Errorf("%d requests, %d agents", n, len(got.Value))
	}
}

func TestAUsersListIsAnsweredFromTheWholeList(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	w := &world{sessions: []api.Session{sessionAt(at(-90), 1, false), sessionAt(at(-80), 2, false)}}
	r := Sessions(s, w, Normal)
	win := api.Between(at(-900), at(-30))
	w.ask(t, r, api.SessionQuery{Window: win})
	a, n := w.ask(t, r, api.SessionQuery{Window: win, User: "u-2"})
	if n != 0 || len(a.Value) != 1 || a.Partial {
		t.Errorf("%d requests, %d rows, partial %v", n, len(a.Value), a.Partial)
	}
	if _, n := w.ask(t, r, api.SessionQuery{Window: win, User: "pat@example.test"}); n != 1 {
		t.Errorf("by another name: %d requests", n)
	}
}

func TestTypeListAloneSettlesAfterADay(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	w := &world{sessions: []api.Session{sessionAt(at(-90), 1, false)}}
	r := Sessions(s, w, Normal)
	q := api.SessionQuery{Window: api.Between(at(-900), at(-30)), Containment: api.SelfService}
	w.ask(t, r, q)
	c.move(time.Minute)
	if _, n := w.ask(t, r, q); n != 1 {
		t.Errorf("a minute later: %d requests, want 1", n)
	}
	c.move(25 * time.Hour)
	w.ask(t, r, q)
	if _, n := w.ask(t, r, q); n != 0 {
		t.Errorf("a day later: %d requests, want 0", n)
	}
}

func TestUserByAnotherName(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	mine := sessionAt(at(-90), 1, false)
	src := &named{rows: []api.Session{mine}}
	r := Sessions(s, src, Normal)
	q := api.SessionQuery{Window: api.Between(at(-900), at(-30)), User: "pat@example.test"}
	last(t, r.Refresh(t.Context(), q, api.Person))
	a, err := r.Cached(t.Context(), q)
	if err != nil || len(a.Value) != 1 || !a.Fresh {
		t.Errorf("%d rows, fresh %v, %v", len(a.Value), a.Fresh, err)
	}
	q.User = "kim@example.test"
	if _, err := r.Cached(t.Context(), q); api.KindOf(err) != api.NotCached {
		t.Errorf("another user: %v", err)
	}
}

// named answers every question with the same rows, as a platform does that
// knows a user by several names.
type named struct{ rows []api.Session }

func (n *named) Sessions(context.Context, api.SessionQuery, api.Lane) iter.Seq2[api.Page[api.Session], error] {
	return func(yield func(api.Page[api.Session], error) bool) { yield(api.Page[api.Session]{Items: n.rows}, nil) }
}

func TestSessionsByID(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	w := &world{}
	var ids []api.SessionID
	for i := range 120 {
		row := sessionAt(at(-90).Add(time.Duration(i)*time.Second), i, i == 7)
		w.sessions, ids = append(w.sessions, row), append(ids, row.ID)
	}
	ids = append(ids, "68f1a3d04c7e2b9a5d10e3f7")
	r := Sessions(s, w, Normal)
	q := api.SessionQuery{IDs: api.ListIDs(ids...)}
	a, n := w.ask(t, r, q)
	if n != 3 || len(a.Value) != 120 || len(a.Unknown) != 1 || a.Partial {
		t.Fatalf("%d requests, %d rows, unknown %v, partial %v", n, len(a.Value), a.Unknown, a.Partial)
	}
	got, err := r.Cached(t.Context(), q)
	if err != nil || len(got.Value) != 120 || !got.Partial {
		t.Errorf("cached: %d rows, partial %v, %v", len(got.Value), got.Partial, err)
	}
	one := api.SessionQuery{IDs: api.ListIDs(ids[3])}
	if got, err := r.Cached(t.Context(), one); err != nil || !got.Fresh || got.Partial {
		t.Errorf("one closed: fresh %v, %v", got.Fresh, err)
	}
	c.move(time.Minute)
	if got, err := r.Cached(t.Context(), api.SessionQuery{IDs: api.ListIDs(ids[7])}); err != nil || got.Fresh {
		t.Errorf("one open: fresh %v, %v", got.Fresh, err)
	}
}

// A question that names a user never checks anybody else's open session: its row
// would stand in the answer under the wrong name.
func TestOpenSessionsOfOthersAreNotAnswered(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	mine, other := sessionAt(at(-40), 1, true), sessionAt(at(-30), 2, true)
	mine.User, other.User = "u-mine", "u-other"
	w := &world{sessions: []api.Session{mine, other}}
	r := Sessions(s, w, Normal)
	window := api.Between(at(-200), at(0))
	w.ask(t, r, api.SessionQuery{Window: window})
	q := api.SessionQuery{Window: window, User: "u-mine"}
	w.ask(t, r, q)
	c.move(time.Minute)
	a, _ := w.ask(t, r, q)
	if len(a.Value) != 1 || a.Value[0].User != "u-mine" {
		t.Errorf("answered %v", a.Value)
	}
	for _, asked := range w.asked {
		for _, id := range asked.IDs.All() {
			if id == other.ID {
				t.Error("asked for a session of somebody else")
			}
		}
	}
}
