package cache

import (
	"math/rand/v2"
	"testing"
	"time"

	"korescope/api"
)

// worst is the largest number of times inside any window of the given length.
func worst(times []time.Time, window time.Duration) int {
	most, first := 0, 0
	for i, t := range times {
		for t.Sub(times[first]) >= window {
			first++
		}
		most = max(most, i-first+1)
	}
	return most
}

func TestTwoStoresShareOneBudget(t *testing.T) {
	c := newClock()
	o := options(t, c)
	a, b := mustOpen(t, o), mustOpen(t, o)
	ledgers := []*Ledger{a.Ledger(), b.Ledger()}
	rnd := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a repeatable test
	limits := api.Limits{PerMinute: 7, PerHour: 60}
	var taken []time.Time
	for range 1500 {
		l := ledgers[rnd.IntN(2)]
		ticket, wait, err := l.Take(t.Context(), "bot:x", limits, api.Lane(rnd.IntN(3)), c.Now())
		if err != nil {
			t.Fatal(err)
		}
		if wait > 0 {
			c.move(min(wait, time.Duration(rnd.IntN(40_000))*time.Millisecond))
			continue
		}
		taken = append(taken, c.Now())
		if rnd.IntN(2) == 0 {
			if err := l.Settle(t.Context(), ticket, 1, c.Now()); err != nil {
				t.Fatal(err)
			}
		}
	}
	if m, h := worst(taken, time.Minute), worst(taken, time.Hour); m > 7 || h > 60 || m < 5 {
		t.Errorf("worst minute %d of 7, worst hour %d of 60, %d taken", m, h, len(taken))
	}
}

func TestLedgerRules(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	l, key, limits := s.Ledger(), api.LimitKey("bot:x"), api.Limits{PerMinute: 2, PerHour: 100}
	take := func() (api.Ticket, time.Duration) {
		t.Helper()
		ticket, wait, err := l.Take(t.Context(), key, limits, api.Person, c.Now())
		if err != nil {
			t.Fatal(err)
		}
		return ticket, wait
	}
	usage := func() api.Usage {
		t.Helper()
		u, err := l.Usage(t.Context(), key, limits, c.Now())
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	settle := func(ticket api.Ticket, sent int) {
		t.Helper()
		if err := l.Settle(t.Context(), ticket, sent, c.Now()); err != nil {
			t.Fatal(err)
		}
	}
	first, wait := take()
	if wait != 0 || first.ID == 0 || first.Key != key {
		t.Fatalf("%+v, %v", first, wait)
	}
	settle(first, 0)
	if u := usage(); u.Minute != 0 {
		t.Errorf("given back, but %d used", u.Minute)
	}
	first, _ = take()
	settle(first, 2)
	if _, wait := take(); wait != time.Minute+api.LimitMargin {
		t.Errorf("a hidden replay counts: wait %v", wait)
	}
	c.move(time.Minute + api.LimitMargin)
	second, wait := take()
	if wait != 0 {
		t.Errorf("wait %v", wait)
	}
	c.move(10 * time.Second)
	settle(second, 1) // stamped anew
	c.move(55 * time.Second)
	if u := usage(); u.Minute != 1 || u.Hour != 3 {
		t.Errorf("%d in the minute, %d in the hour", u.Minute, u.Hour)
	}
	settle(api.Ticket{ID: 99999, Key: key}, 1)
	if u := usage(); u.Minute != 2 {
		t.Errorf("a ticket that is gone still counts: %d", u.Minute)
	}
	for _, shut := range []struct {
		until time.Time
		why   string
	}{{c.Now().Add(time.Minute), "first"}, {c.Now().Add(30 * time.Second), "earlier"}} {
		if err := l.Shut(t.Context(), key, shut.until, shut.why); err != nil {
			t.Fatal(err)
		}
	}
	u := usage()
	if !u.ShutUntil.Equal(c.Now().Add(time.Minute)) || u.ShutWhy != "first" {
		t.Errorf("gate %v %q", u.ShutUntil, u.ShutWhy)
	}
	if _, wait := take(); wait != time.Minute {
		t.Errorf("wait at the gate %v", wait)
	}
	if _, wait, err := l.Take(t.Context(), "bot:other", limits, api.Person, c.Now()); err != nil || wait != 0 {
		t.Errorf("another key: %v, %v", wait, err)
	}
	c.move(2 * time.Hour)
	if u := usage(); u.Hour != 0 || !u.ShutUntil.IsZero() {
		t.Errorf("two hours later: %+v", u)
	}
	take()
	var rows int64
	if err := s.read(t.Context(), "count", func(cn *conn) (err error) {
		rows, err = cn.number("SELECT count(*) FROM spent WHERE key = ?", string(key))
		return err
	}); err != nil || rows != 1 {
		t.Errorf("%d rows kept, %v", rows, err)
	}
}

func TestObserved(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	for _, o := range []api.Observed{
		{Endpoint: api.GetSessions, At: at(-2), Status: 200, Took: 90 * time.Millisecond},
		{Endpoint: api.GetSessions, At: at(-1), Status: 0, Took: time.Second},
		{Endpoint: api.GetSessions, At: at(-3), Status: 500},
		{Endpoint: "messages-lite", At: at(-5), Status: 401},
		{Endpoint: "/api/public/bot/st-1?userId=pat@example.test", At: at(-5), Status: 200},
	} {
		if err := s.Observe(t.Context(), o); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.LastCalls(t.Context())
	want := []api.Observed{
		{Endpoint: api.GetSessions, At: at(-1), Status: 0, Took: time.Second},
		{Endpoint: "messages-lite", At: at(-5), Status: 401},
	}
	if err != nil || len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("%+v, %v", got, err)
	}
}
