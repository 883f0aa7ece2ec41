package cache

import (
	"context"
	"encoding/json"
	"iter"
	"reflect"
	"slices"
	"testing"
	"time"

	"korescope/api"
)

func TestRowsComeBackAsTheyWere(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	full := sessionAt(at(-90), 1, false)
	full.Languages = []string{"de", "en"}
	bare := api.Session{ID: "68f1a3d04c7e2b9a5d10e3f7", Start: at(-100)}
	broken := api.Session{Unreadable: "startTime is a list", Raw: json.RawMessage(`{"start_time":[]}`)}
	w := &world{sessions: []api.Session{full, bare}}
	src := &named{rows: []api.Session{full, bare, broken}}
	r := Sessions(s, src, Normal)
	q := api.SessionQuery{Window: api.Between(at(-900), at(-30))}
	live := last(t, r.Refresh(t.Context(), q, api.Person))
	_ = w
	a, err := r.Cached(t.Context(), q)
	if err != nil || len(a.Value) != 3 {
		t.Fatalf("%d rows, %v", len(a.Value), err)
	}
	full.Raw, broken.Raw = nil, nil
	for i, want := range []api.Session{full, bare, broken} {
		if !reflect.DeepEqual(a.Value[i], want) {
			t.Errorf("cached row %d:\n%+v\nwant\n%+v", i, a.Value[i], want)
		}
		if !reflect.DeepEqual(live.Value[i], want) {
			t.Errorf("live row %d:\n%+v\nwant\n%+v", i, live.Value[i], want)
		}
	}
	raw, err := s.RawSession(t.Context(), full.ID)
	if err != nil || string(raw) != `{"sessionId":"`+string(full.ID)+`"}` {
		t.Errorf("raw %s, %v", raw, err)
	}
}

// shuffled gives its pages in the order they are in, whatever is asked; when
// asked by id it knows nobody.
type shuffled struct{ pages [][]api.Session }

func (n *shuffled) Sessions(_ context.Context, q api.SessionQuery, _ api.Lane) iter.Seq2[api.Page[api.Session], error] {
	return func(yield func(api.Page[api.Session], error) bool) {
		if q.IDs != "" {
			yield(api.Page[api.Session]{Unknown: q.IDs.All()}, nil)
			return
		}
		for _, rows := range n.pages {
			if !yield(api.Page[api.Session]{Items: rows, More: true}, nil) {
				return
			}
		}
	}
}

func TestAnswersAreNotChangedLater(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	row := func(i int) api.Session { return sessionAt(at(-60-10*i), i, i%3 == 0) }
	again := row(4)
	again.Messages = api.Known(99)
	src := &shuffled{pages: [][]api.Session{{row(3), row(4)}, {row(8)}, {row(5), row(1)}, {again, row(9)}, {row(0), row(2)}}}
	r := Sessions(s, src, Normal)
	q := api.SessionQuery{Window: api.Between(at(-900), at(-30))}
	for range 2 {
		var copies, given [][]api.Session
		for a, err := range r.Refresh(t.Context(), q, api.Person) {
			if err != nil {
				t.Fatal(err)
			}
			given, copies = append(given, a.Value), append(copies, slices.Clone(a.Value))
			if !slices.IsSortedFunc(a.Value, bySession) {
				t.Errorf("answer %d is not sorted", len(given))
			}
		}
		for i := range given {
			if !reflect.DeepEqual(given[i], copies[i]) {
				t.Errorf("answer %d changed after it was given", i)
			}
		}
		c.move(time.Minute)
		// Later only the ids of open sessions are asked for; they are gone.
		src.pages = [][]api.Session{{row(5)}}
	}
}
