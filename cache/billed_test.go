package cache

import (
	"context"
	"fmt"
	"iter"
	"reflect"
	"testing"
	"time"

	"korescope/api"
)

func billAt(n int, at time.Time) api.BilledSession {
	return api.BilledSession{
		ID: fmt.Sprintf("bill-%d", n), Bot: "st-1", Channel: "IVR", User: api.UserID(fmt.Sprintf("u-%d", n)),
		ChannelUser: fmt.Sprintf("acct/ivrvoice/%d", n), Type: "Conversations", Session: api.SessionID(fmt.Sprintf("%024x", n)),
		Start: at, End: at.Add(time.Minute), StartRaw: "03-10-2026 11:00:00 am", EndRaw: "03-10-2026 11:01:00 am", SessionStart: at,
	}
}

func TestBilledSessions(t *testing.T) {
	c := newClock()
	o := options(t, c)
	o.Retention = 100 * 24 * time.Hour
	s := mustOpen(t, o)
	b := &logbook{}
	b.page = 2
	day := 24 * 60
	for i := range 5 {
		b.bills = append(b.bills, billAt(i, at(-3*day-10*i)))
	}
	undecided := billAt(7, time.Time{})
	undecided.End, undecided.SessionStart, undecided.Session, undecided.Unreadable = time.Time{}, time.Time{}, "", "day or month first?"
	nameless := undecided
	nameless.ID = ""
	b.bills = append(b.bills, undecided, nameless)
	r := Billed(s, b, Normal)
	q := api.BilledQuery{Window: api.Between(at(-4*day), at(-2*day))}
	if _, err := r.Cached(t.Context(), q); api.KindOf(err) != api.NotCached {
		t.Fatalf("empty: %v", err)
	}
	a := last(t, r.Refresh(t.Context(), q, api.Person))
	want := []api.BilledSession{b.bills[0], b.bills[1], b.bills[2], b.bills[3], b.bills[4], nameless, undecided}
	if !reflect.DeepEqual(a.Value, want) || a.Partial || !a.Fresh {
		t.Errorf("%+v", a)
	}
	cached, err := r.Cached(t.Context(), q)
	if err != nil || !reflect.DeepEqual(cached.Value, want) || cached.Partial || !cached.Fresh {
		t.Errorf("cached: %+v, %v", cached, err)
	}
	c.move(60 * 24 * time.Hour)
	if last(t, r.Refresh(t.Context(), q, api.Person)); len(b.askedBills) != 1 {
		t.Errorf("a settled window was asked for again: %d requests", len(b.askedBills))
	}
	young := api.BilledQuery{Window: api.Last(48*time.Hour, c.Now())}
	last(t, r.Refresh(t.Context(), young, api.Person))
	c.move(time.Minute)
	last(t, r.Refresh(t.Context(), young, api.Person))
	if got := b.askedBills[len(b.askedBills)-1].Window; len(b.askedBills) != 3 || !got.From.Equal(c.Now().Add(-24*time.Hour-2*time.Minute)) {
		t.Errorf("only the last day may still change; asked %d times, last %v", len(b.askedBills), got)
	}
	q.Limit = 2
	asked := len(b.askedBills)
	if a := last(t, Billed(s, b, Fresh).Refresh(t.Context(), q, api.Person)); a.Partial || !reflect.DeepEqual(a.Value, want[:2]) {
		t.Errorf("two, asked anew: %+v", a)
	}
	if got := b.askedBills[asked:]; len(got) != 1 || got[0].Limit != 2 {
		t.Errorf("asked %+v", got)
	}
	if cached, err := r.Cached(t.Context(), q); err != nil || !reflect.DeepEqual(cached.Value, want[:2]) || cached.Partial {
		t.Errorf("two: %+v, %v", cached, err)
	}
}

func TestRowsOutsideOfTheirWindowAreFound(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	row := billAt(1, at(-100)) // by a clock in another zone
	src := &zoned{rows: []api.BilledSession{row}}
	q := api.BilledQuery{Window: api.Between(at(-90), at(-30))}
	a := last(t, Billed(s, src, Normal).Refresh(t.Context(), q, api.Person))
	cached, err := Billed(s, nil, Offline).Cached(t.Context(), q)
	if err != nil || len(a.Value) != 1 || !reflect.DeepEqual(cached.Value, a.Value) {
		t.Errorf("%+v, %+v, %v", a.Value, cached.Value, err)
	}
}

// zoned gives its rows whatever window is asked.
type zoned struct {
	lineList
	rows []api.BilledSession
}

func (z *zoned) Billed(context.Context, api.BilledQuery, api.Lane) iter.Seq2[api.Page[api.BilledSession], error] {
	return func(yield func(api.Page[api.BilledSession], error) bool) {
		yield(api.Page[api.BilledSession]{Items: z.rows}, nil)
	}
}

func TestAFilledLimitSaysNothingAboutTheRest(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	b := &logbook{bills: []api.BilledSession{billAt(1, at(-80)), billAt(2, at(-70)), billAt(3, at(-60))}} // oldest first
	q := api.BilledQuery{Window: api.Between(at(-90), at(-30)), Limit: 2}
	b.bills[0].Start = time.Time{}
	if a := last(t, Billed(s, b, Normal).Refresh(t.Context(), q, api.Person)); a.Partial || len(a.Value) != 2 {
		t.Errorf("%+v", a)
	}
	q.Limit = 0
	if a, err := Billed(s, b, Normal).Cached(t.Context(), q); err != nil || !a.Partial || len(a.Value) != 2 {
		t.Errorf("all of them: %+v, %v", a, err)
	}
	if a := last(t, Billed(s, b, Normal).Refresh(t.Context(), q, api.Person)); a.Partial || len(a.Value) != 3 {
		t.Errorf("asked again: %+v", a)
	}
}
