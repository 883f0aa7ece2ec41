package cache

import (
	"context"
	"iter"
	"testing"
	"time"

	"korescope/api"
)

// What did not come whole is not held to be read: the next question asks again,
// for all of it.
func TestWhatDidNotComeWholeIsNotKnown(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	win := api.Between(at(-3*24*60), at(0))
	q := api.SessionQuery{Window: win}
	r := Sessions(s, announcing{60}, Normal)
	var a api.Answer[[]api.Session]
	for step, err := range r.Refresh(t.Context(), q, api.Person) {
		if a = step; err != nil {
			t.Fatal(err)
		}
	}
	if !a.Partial || a.Fresh || len(a.Gaps) == 0 || api.KindOf(a.Gaps[0].Why) != api.Incomplete {
		t.Fatalf("%+v", a)
	}
	c.move(35 * time.Second)
	w := &world{sessions: []api.Session{sessionAt(at(-2*24*60), 1, false)}}
	r = Sessions(s, w, Normal)
	if a, n := w.ask(t, r, q); n != 1 || len(a.Value) != 1 || w.asked[0].Window != win || a.Partial {
		t.Errorf("%d requests for %v, %d rows, partial %v", n, w.asked, len(a.Value), a.Partial)
	}
	// And what was held before goes.
	for _, err := range Sessions(s, announcing{60}, Normal).Reread(t.Context(), q, api.Person) {
		if err != nil {
			t.Fatal(err)
		}
	}
	w.asked = nil
	if _, n := w.ask(t, r, q); n != 1 || w.asked[0].Window != win {
		t.Errorf("%d requests for %v", n, w.asked)
	}
}

// announcing is a platform that announces rows and sends none.
type announcing struct{ rows int }

func (p announcing) Sessions(_ context.Context, q api.SessionQuery, _ api.Lane) iter.Seq2[api.Page[api.Session], error] {
	why := api.Count{Announced: api.Known(p.rows)}.Short(api.GetSessions)
	return func(yield func(api.Page[api.Session], error) bool) {
		yield(api.Page[api.Session]{Gaps: []api.Gap{{Window: q.Window, Why: why}}}, nil)
	}
}

// A reading of all of it asks whatever was held to be read, keeps the rows on
// screen, and corrects what was wrongly held.
func TestReread(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	win := api.Between(at(-3*24*60), at(0))
	q := api.SessionQuery{Window: win}
	w := &world{sessions: []api.Session{sessionAt(at(-90), 1, false)}}
	r := Sessions(s, w, Normal)
	w.ask(t, r, q)
	w.sessions, w.asked = append(w.sessions, sessionAt(at(-2*24*60), 2, false)), nil
	c.move(time.Minute)
	if a, _ := w.ask(t, r, q); len(a.Value) != 1 {
		t.Fatalf("%d rows: the settled part was asked for", len(a.Value))
	}
	w.asked = nil
	var last api.Answer[[]api.Session]
	for a, err := range r.Reread(t.Context(), q, api.Person) {
		if err != nil || len(a.Value) == 0 {
			t.Fatal(a, err)
		}
		last = a
	}
	if len(last.Value) != 2 || last.Partial || len(w.asked) != 1 || w.asked[0].Window != win {
		t.Errorf("%d rows, partial %v, asked %v", len(last.Value), last.Partial, w.asked)
	}
}

func TestDisprovedSpans(t *testing.T) {
	h := func(n int) int64 { return at(60 * n).UnixMilli() }
	have := []span{{h(0), h(10), h(10), 1}, {h(20), h(30), h(25), 2}}
	for _, c := range []struct {
		w    api.Window
		want []span
	}{
		{api.Window{}, nil},
		{api.Between(at(60*11), at(60*19)), have},
		{api.Between(at(60*2), at(60*4)), []span{{h(0), h(2), h(2), 1}, {h(4), h(10), h(10), 1}, have[1]}},
		{api.Between(at(60*5), at(60*24)), []span{{h(0), h(5), h(5), 1}, {h(24), h(30), h(25), 2}}},
		{api.Between(at(-60), at(60*40)), nil},
	} {
		got := cutSpan(have, c.w)
		if len(got) != len(c.want) {
			t.Errorf("%v: %v, want %v", c.w, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%v: %v, want %v", c.w, got, c.want)
			}
		}
	}
}

// Rows that cannot be read are counted, from the platform and from disk alike,
// and each of them stands in the list.
func TestRowsThatCannotBeReadAreCounted(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	bad := func(row string) api.Session {
		return api.Session{Row: row, Raw: []byte(row), Unreadable: "the row is not an object"}
	}
	w := &world{}
	r := Sessions(s, w, Normal)
	q := api.SessionQuery{Window: api.Between(at(-900), at(-30))}
	page := api.Page[api.Session]{Items: []api.Session{sessionAt(at(-90), 1, false), bad("1"), bad("null")}, Done: q.Window}
	read := newSessionRead(r, q, Normal, func(api.Answer[[]api.Session], error) bool { return true })
	read.take(t.Context(), page, q.Window)
	var given api.Answer[[]api.Session]
	read.yield = func(a api.Answer[[]api.Session], _ error) bool { given = a; return true }
	read.give(true, nil)
	kept, err := r.Cached(t.Context(), q)
	for name, a := range map[string]api.Answer[[]api.Session]{"read": given, "kept": kept} {
		if len(a.Value) != 3 || !a.Partial || !a.Fresh || a.Note != "2 of 3 could not be read" || err != nil {
			t.Errorf("%s: %d rows, partial %v, fresh %v, %q, %v", name, len(a.Value), a.Partial, a.Fresh, a.Note, err)
		}
	}
}

// A list of the account that did not come whole is not kept.
func TestAShortListOfTheAccountIsNotKept(t *testing.T) {
	for name, page := range map[string]api.Page[api.Bot]{
		"short": {Items: []api.Bot{{ID: "st-1"}}, Gaps: []api.Gap{{Why: api.Count{Came: 1, Announced: api.Known(3)}.Short(api.ListBots)}}},
		"stuck": {Items: []api.Bot{{ID: "st-1"}}, Note: "the platform sends no further pages; rows may be missing"},
	} {
		s := mustOpen(t, options(t, newClock()))
		r := Bots(s, nil, Normal)
		w := &accountRead[AllBots, api.Bot]{r: r, yield: func(_ api.Answer[[]api.Bot], _ error) bool { return true }, seen: map[string]bool{}}
		w.take(page)
		if w.whole = !w.stuck && len(w.gaps) == 0; w.whole {
			t.Errorf("%s: taken for whole", name)
		}
		if _, err := r.Cached(t.Context(), AllBots{}); api.KindOf(err) != api.NotCached {
			t.Errorf("%s: %v", name, err)
		}
	}
}
