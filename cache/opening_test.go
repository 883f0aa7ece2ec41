package cache

import (
	"reflect"
	"testing"
	"time"

	"korescope/api"
)

// opened is a store with n sessions of an hour that was read whole.
func opened(t testing.TB, n int) (*world, *SessionReader, *clock, api.SessionQuery) {
	t.Helper()
	c := newClock()
	s, _, err := Open(t.Context(), options(t, c))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() }) // the test has its answers
	w := &world{page: 1000}
	for i := range n {
		w.sessions = append(w.sessions, sessionAt(noon().Add(-time.Duration(i+60)*time.Second), i, false))
	}
	r := Sessions(s, w, Normal)
	q := api.SessionQuery{Window: api.Between(at(-24*60), at(0))}
	last(t, r.Refresh(t.Context(), q, api.Person))
	w.asked = nil
	return w, r, c, q
}

// The newest rows come first and say that more follow; then all of them, as the
// reader itself gives them, with no question to the platform when they are fresh
// and with the same ones when they are not.
func TestTheFirstRowsComeFirst(t *testing.T) {
	for _, c := range []struct {
		name  string
		later time.Duration
		begun bool
		asks  bool
	}{
		{"fresh", 0, false, false}, {"begun before", 0, true, false}, {"old", 2 * time.Hour, false, true}, {"old and begun", 2 * time.Hour, true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, r, clock, q := opened(t, 500)
			clock.move(c.later)
			q.Window.To = q.Window.To.Add(c.later)
			want, err := r.Cached(t.Context(), q)
			if err != nil || want.Fresh == c.asks {
				t.Fatal(want.Fresh, err)
			}
			o := NewOpening(r, 200)
			if c.begun {
				o.Begin(t.Context(), q)
			}
			a, err := o.Cached(t.Context(), q)
			if err != nil || a.Done || a.Fresh || !reflect.DeepEqual(a.Value, want.Value[:200]) {
				t.Fatalf("%d rows at first, done %v, fresh %v, %v", len(a.Value), a.Done, a.Fresh, err)
			}
			steps := all(t, o.Spare(t.Context(), q, api.Person))
			if !reflect.DeepEqual(steps[0].answer, want) {
				t.Errorf("then\n%.300v\nwant\n%.300v", steps[0].answer, want)
			}
			end := steps[len(steps)-1]
			if asked := len(w.asked) > 0; end.err != nil || asked != c.asks || len(steps) > 1 != c.asks || !end.answer.Done || len(end.answer.Value) != 500 {
				t.Errorf("%d steps, asked %d times, %d rows in the end, %v", len(steps), len(w.asked), len(end.answer.Value), end.err)
			}
			// Asked again by a person, the platform is asked.
			if all(t, o.Refresh(t.Context(), q, api.Person)); len(w.asked) == 0 {
				t.Error("reading again read the disk alone")
			}
		})
	}
}

// A short list is whole at once, and questions of another kind are the reader's.
func TestAShortListIsWholeAtOnce(t *testing.T) {
	w, r, _, q := opened(t, 150)
	o := NewOpening(r, 200)
	for _, q := range []api.SessionQuery{q, {User: "u-3", Window: q.Window}, {IDs: api.ListIDs(w.sessions[0].ID)}} {
		want, wrong := r.Cached(t.Context(), q)
		a, err := o.Cached(t.Context(), q)
		if !reflect.DeepEqual(a, want) || !reflect.DeepEqual(err, wrong) {
			t.Errorf("%+v: %d rows, done %v, %v", q, len(a.Value), a.Done, err)
		}
	}
	if _, err := NewOpening(r, 200).Cached(t.Context(), api.SessionQuery{Window: api.Between(at(-90*24*60), at(-80*24*60))}); api.KindOf(err) != api.NotCached {
		t.Errorf("an hour nobody read: %v", err)
	}
}

func BenchmarkFirstRowsOf100k(b *testing.B) {
	o, _ := filled(b, 100_000)
	s, _, err := Open(b.Context(), o)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close() }() // measured before
	b.ReportAllocs()
	r := NewOpening(Sessions(s, nil, Offline), 200)
	for b.Loop() {
		a, err := r.Cached(b.Context(), api.SessionQuery{Window: api.Last(30*24*time.Hour, noon().Add(time.Second))})
		if err != nil || len(a.Value) != 200 {
			b.Fatal(len(a.Value), err)
		}
	}
}
