package cache

import (
	"testing"
	"time"

	"korescope/api"
)

// A reading that spares costs at most three requests, says what is left, and is
// gone on with from where it stopped, also by another run of the program.
func TestAReadingThatSpares(t *testing.T) {
	for _, c := range []struct {
		name        string
		rows, page  int
		asked, here int
		left        int
	}{
		{"one page", 8, 10, 1, 8, 0},
		{"three pages", 30, 10, 3, 30, 0},
		{"one row more", 31, 10, 1, 10, 3},
		{"very many", 900, 10, 1, 10, 89},
	} {
		t.Run(c.name, func(t *testing.T) {
			clock := newClock()
			s := mustOpen(t, options(t, clock))
			w := &world{page: c.page}
			for i := range c.rows {
				w.sessions = append(w.sessions, sessionAt(noon().Add(-3*time.Hour-time.Duration(i)*time.Minute), i, false))
			}
			r := Sessions(s, w, Normal)
			q := api.SessionQuery{Window: api.Last(24*time.Hour, clock.Now())}
			a := last(t, r.Spare(t.Context(), q, api.Person))
			if a.Asked != c.asked || len(a.Value) != c.here || a.Rest.More != (c.left > 0) || a.Rest.Requests.Value != c.left || !a.Done || a.Partial != a.Rest.More {
				t.Errorf("%d requests, %d rows, rest %+v, done %v, partial %v", a.Asked, len(a.Value), a.Rest, a.Done, a.Partial)
			}
			if c.left == 0 {
				return
			}
			on := last(t, Sessions(s, w, Normal).Further(t.Context(), q, api.Person))
			if got := len(on.Value); on.Asked > SpareRequests || got <= c.here || got > c.here+SpareRequests*c.page {
				t.Errorf("going on: %d requests, %d rows", on.Asked, got)
			}
			all := last(t, r.Refresh(t.Context(), q, api.Follow))
			if len(all.Value) != min(c.rows, 21*60+1) || all.Partial || all.Rest.More {
				t.Errorf("to the end: %d rows, partial %v, rest %+v", len(all.Value), all.Partial, all.Rest)
			}
			again := last(t, r.Spare(t.Context(), q, api.Person))
			if again.Rest.More || again.Partial {
				t.Errorf("afterwards: rest %+v, partial %v", again.Rest, again.Partial)
			}
		})
	}
}
