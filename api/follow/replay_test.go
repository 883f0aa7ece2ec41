package follow_test

import (
	"context"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"korescope/api"
	"korescope/api/follow"
	"korescope/api/kore"
	"korescope/api/sim"
)

// hands is a clock that only waiting moves, in steps of a second and a half; at
// each step a colleague may do something.
type hands struct {
	mu        sync.Mutex
	now       time.Time
	colleague func()
}

func (h *hands) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *hands) move(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

func (h *hands) Wait(ctx context.Context, d time.Duration) error {
	const step = 1500 * time.Millisecond
	for ; d > 0 && ctx.Err() == nil; d -= step {
		h.move(min(d, step))
		if h.colleague != nil {
			h.colleague()
		}
	}
	return ctx.Err()
}

// replay is an hour of a busy bot.
type replay struct {
	clock  *hands
	world  *sim.World
	ledger api.Ledger
	cred   sim.Credential
	host   string
	limits api.Limits
}

func newReplay(t *testing.T, faults string, limits api.Limits) *replay {
	t.Helper()
	list, err := sim.ParseFaults(faults)
	if err != nil {
		t.Fatal(err)
	}
	r := &replay{clock: &hands{now: time.Date(2026, 3, 10, 15, 30, 0, 0, time.UTC)}, ledger: kore.NewMemoryLedger(), limits: limits}
	// So many over 13 days are a little over 2,000 in the busy hour of the test.
	r.world, err = sim.New(sim.Options{Seed: 3, Now: r.clock.Now, Sessions: 160_000, Limits: limits, Faults: list})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(r.world.Handler())
	t.Cleanup(server.Close)
	r.host, r.cred = server.URL, r.world.Credentials()[0]
	return r
}

func (r *replay) client(t *testing.T, o kore.Options) *kore.Client {
	t.Helper()
	o.Host, o.Now, o.Limits = r.host, r.clock.Now, r.limits
	o.Credentials = kore.Credentials{ClientID: r.cred.ClientID, Bot: r.cred.BotID, Secret: func(context.Context) (string, error) { return r.cred.Secret, nil }}
	c, err := kore.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// second makes a colleague who asks forty times a minute through the same count.
func (r *replay) second(t *testing.T, ledger api.Ledger, each int) {
	t.Helper()
	other := r.client(t, kore.Options{Ledger: ledger, Wait: func(ctx context.Context, d time.Duration) error {
		r.clock.move(d)
		return ctx.Err()
	}})
	n, at := 0, r.clock.Now()
	r.clock.colleague = func() {
		if n++; n%each != 0 {
			return
		}
		for _, err := range other.Sessions(t.Context(), api.SessionQuery{Window: api.Between(at.Add(-time.Minute), at), Limit: 1}, api.Person) {
			if err != nil {
				t.Error(err)
			}
			break
		}
	}
}

// Over an hour of 2,000 sessions nothing is missed and nothing told twice, while
// a colleague uses 40 of the 60 requests a minute; what both use stays inside
// the limit, and following alone under half of it.
func TestAnHourOfABusyBot(t *testing.T) {
	high := api.Limits{PerMinute: 60, PerHour: 3600}
	for name, tt := range map[string]struct {
		faults  string
		limits  api.Limits
		each    int // the colleague asks at every such step; 0: there is none
		lasts   time.Duration
		refused int // at most
	}{
		"a second one, forty":         {"", high, 1, time.Hour, 0},
		"a second one, twenty":        {"", api.Limits{PerMinute: 60, PerHour: 1800}, 2, time.Hour, 0},
		"forty from another machine":  {"foreign-traffic(40)", high, 0, 30 * time.Minute, 12},
		"the platform fails for some": {"status(503,html)@op=getSessions;every=7", high, 0, 20 * time.Minute, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newReplay(t, tt.faults, tt.limits)
			begin := r.clock.Now()
			if tt.each > 0 {
				r.second(t, r.ledger, tt.each)
			}
			var f *follow.Follower
			c := r.client(t, kore.Options{Ledger: r.ledger, Wait: r.clock.Wait})
			told := kore.Options{Ledger: r.ledger, Wait: r.clock.Wait, OnWait: func(w kore.Waiting) {
				if u, err := c.Usage(t.Context()); w.Refused && err == nil {
					f.Refused(u)
				}
			}}
			source := r.client(t, told)
			f = follow.New(follow.Options{
				Source: source, Usage: source.Usage, Now: r.clock.Now, Wait: r.clock.Wait, From: begin, Before: time.Hour,
			})
			last := followed(t, f, r, tt.lasts)
			if worst := r.world.Truth().Keys[api.LimitKey("bot:"+string(r.cred.BotID))]; worst.Refused > tt.refused || worst.WorstMinute > 60 {
				t.Errorf("%d refused, %d in the worst minute", worst.Refused, worst.WorstMinute)
			} else {
				t.Logf("worst minute %d, worst hour %d, refused %d; last %s; others %d", worst.WorstMinute, worst.WorstHour, worst.Refused, last.Pace, last.Pace.Others)
			}
		})
	}
}

// followed follows for so long and compares what was told with what happened.
func followed(t *testing.T, f *follow.Follower, r *replay, lasts time.Duration) follow.Step {
	t.Helper()
	begin := r.clock.Now()
	news, ends := map[api.SessionID]int{}, map[api.SessionID]int{}
	was := map[api.SessionID]api.Session{}
	var last follow.Step
	for step, err := range f.Run(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range step.Events {
			switch e.Kind {
			case api.EventNew:
				news[e.Session.ID]++
			case api.EventClosed:
				ends[e.Session.ID]++
				if e.Was != was[e.Session.ID].Containment && news[e.Session.ID] > 0 {
					t.Errorf("%s was told to have been %q, it was %q", e.Session.ID, e.Was, was[e.Session.ID].Containment)
				}
			case api.EventChanged:
			}
			was[e.Session.ID] = e.Session
		}
		last = step
		if r.clock.Now().Sub(begin) > lasts {
			break
		}
	}
	all := r.world.Truth().Sessions(r.cred.BotID, api.Between(begin, begin.Add(lasts-2*time.Minute)))
	missed, doubled, unended := 0, 0, 0
	for _, s := range all {
		if news[s.ID] == 0 {
			missed++
		}
		if !s.Open && s.End.Before(begin.Add(lasts/3)) && was[s.ID].Containment != s.Containment {
			unended++
		}
	}
	for _, of := range []map[api.SessionID]int{news, ends} {
		for _, n := range of {
			if n > 1 {
				doubled++
			}
		}
	}
	t.Logf("%d sessions: %d missed, %d doubled, %d ends unknown, %d closings", len(all), missed, doubled, unended, len(ends))
	if len(all) < int(1800*lasts.Hours()) || missed+doubled+unended > 0 || len(ends) == 0 {
		t.Errorf("that is not what happened")
	}
	return last
}
