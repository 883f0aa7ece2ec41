package kore

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"korescope/api"
)

// arrivals is a platform in memory that notes when requests come.
type arrivals struct {
	mu   sync.Mutex
	at   []time.Time
	took time.Duration
}

func (a *arrivals) RoundTrip(r *http.Request) (*http.Response, error) {
	a.mu.Lock()
	a.at = append(a.at, time.Now())
	n := len(a.at)
	a.mu.Unlock()
	// Answers take their time, some longer than others.
	time.Sleep(a.took * time.Duration(n%5) / 4)
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(emptySessions)), Request: r}, nil
}

func (a *arrivals) worst(window time.Duration) (most int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	from := 0
	for i, t := range a.at {
		for t.Sub(a.at[from]) >= window {
			from++
		}
		most = max(most, i-from+1)
	}
	return most
}

func inMemory(t *testing.T, next http.RoundTripper, change ...func(*Options)) *Client {
	o := Options{
		Host:      "platform.example.test",
		Transport: next,
		Credentials: Credentials{ClientID: stubClient, Bot: stubBot, Secret: func(context.Context) (string, error) {
			return stubSecret, nil
		}},
	}
	for _, c := range change {
		c(&o)
	}
	return open(t, o)
}

// Hours of greedy and of random demand in all lanes: no rolling minute and no
// rolling hour of the server's own count passes the limits.
func TestNoRollingWindowIsEverPassed(t *testing.T) {
	for _, seed := range []uint64{1, 2} {
		synctest.Test(t, func(t *testing.T) {
			dice := rand.New(rand.NewPCG(seed, seed))
			server := &arrivals{took: 3 * time.Second}
			limits := api.Limits{PerMinute: 12, PerHour: 200}
			c := inMemory(t, server, func(o *Options) { o.Limits = limits })
			ctx, cancel := context.WithTimeout(t.Context(), 8*time.Hour)
			defer cancel()
			var wg sync.WaitGroup
			for worker := range 6 {
				lane := api.Lane(worker % 3)
				pause := time.Duration(dice.IntN(20)) * time.Second
				offset := time.Duration(worker+1) * time.Millisecond
				wg.Go(func() {
					for i := 0; ctx.Err() == nil; i++ {
						w := api.Last(time.Hour, time.Now().Add(offset))
						got := gather(c.Sessions(ctx, api.SessionQuery{Window: w}, lane))
						if got.err != nil && ctx.Err() == nil {
							t.Error(got.err)
							return
						}
						if i%7 == 0 {
							time.Sleep(pause)
						}
					}
				})
			}
			wg.Wait()
			minute, hour := server.worst(time.Minute), server.worst(time.Hour)
			if minute > limits.PerMinute || hour > limits.PerHour {
				t.Errorf("worst minute %d, worst hour %d, limits %+v", minute, hour, limits)
			}
			// 8 hours at 200 an hour, less what the lanes leave and the margin takes.
			if n := len(server.at); n < 1400 {
				t.Errorf("only %d requests in 8 hours", n)
			}
		})
	}
}

func TestAPersonIsServedBeforeTheBackground(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &arrivals{}
		c := inMemory(t, server, func(o *Options) { o.Limits = api.Limits{PerMinute: 4, PerHour: 1000} })
		var (
			mu    sync.Mutex
			order []api.Lane
			wg    sync.WaitGroup
		)
		ask := func(lane api.Lane, i int) {
			wg.Go(func() {
				w := api.Last(time.Duration(i+1)*time.Hour, time.Now())
				if got := gather(c.Sessions(t.Context(), api.SessionQuery{Window: w}, lane)); got.err != nil {
					t.Error(got.err)
				}
				mu.Lock()
				defer mu.Unlock()
				order = append(order, lane)
			})
			synctest.Wait()
		}
		for i := range 4 {
			ask(api.Person, i)
			time.Sleep(time.Second) // so that places become free one by one
		}
		// The minute is full. Background came first, the person comes last.
		ask(api.ReadAhead, 10)
		ask(api.Follow, 11)
		ask(api.Follow, 12)
		ask(api.Person, 13)
		wg.Wait()
		got := order[4:]
		if got[0] != api.Person || got[1] != api.Follow || got[2] != api.Follow || got[3] != api.ReadAhead {
			t.Errorf("served in the order %v", got)
		}
	})
}

func TestASpentHourIsNotWaitedForWithoutPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := inMemory(t, &arrivals{}, func(o *Options) {
			o.Limits = api.Limits{PerMinute: 100, PerHour: 2}
			o.Patience = 10 * time.Second
		})
		var last error
		for i := range 3 {
			last = sessionsOf(c, api.Last(time.Duration(i+1)*time.Hour, time.Now())).err
		}
		var e *api.Error
		if !errors.As(last, &e) || e.Kind != api.Limited || !e.Hour || time.Until(e.Until) < 50*time.Minute {
			t.Errorf("%v", last)
		}
	})
}

func TestAFullMinuteIsAlwaysWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told []Waiting
		c := inMemory(t, &arrivals{}, func(o *Options) {
			o.Limits = api.Limits{PerMinute: 2, PerHour: 100}
			o.Patience = time.Second
			o.OnWait = func(w Waiting) { told = append(told, w) }
		})
		for i := range 3 {
			if got := sessionsOf(c, api.Last(time.Duration(i+1)*time.Hour, time.Now())); got.err != nil {
				t.Fatal(got.err)
			}
		}
		if len(told) != 1 || told[0].Refused || told[0].Hour {
			t.Errorf("told %+v", told)
		}
	})
}

// fullDisk is a ledger whose disk is full.
type fullDisk struct{ api.Ledger }

var errDisk = errors.New("disk full")

func (fullDisk) Take(context.Context, api.LimitKey, api.Limits, api.Lane, time.Time) (api.Ticket, time.Duration, error) {
	return api.Ticket{}, 0, errDisk
}
func (fullDisk) Settle(context.Context, api.Ticket, int, time.Time) error { return errDisk }
func (fullDisk) Shut(context.Context, api.LimitKey, time.Time, string) error {
	return errDisk
}
func (fullDisk) Usage(context.Context, api.LimitKey, api.Limits, time.Time) (api.Usage, error) {
	return api.Usage{}, errDisk
}

func TestABrokenLedgerStopsNobodyAndStillCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &arrivals{}
		c := inMemory(t, server, func(o *Options) {
			o.Ledger, o.Limits = fullDisk{}, api.Limits{PerMinute: 3, PerHour: 100}
		})
		for i := range 10 {
			if got := sessionsOf(c, api.Last(time.Duration(i+1)*time.Hour, time.Now())); got.err != nil {
				t.Fatal(got.err)
			}
		}
		if server.worst(time.Minute) > 3 {
			t.Errorf("worst minute %d", server.worst(time.Minute))
		}
		if u, err := c.Usage(t.Context()); err != nil || u.Hour != 10 {
			t.Errorf("%+v %v", u, err)
		}
	})
}

func TestLeavingTheQueueGivesTheTurnToTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &arrivals{}
		c := inMemory(t, server, func(o *Options) { o.Limits = api.Limits{PerMinute: 1, PerHour: 100} })
		if got := sessionsOf(c, api.Last(time.Hour, time.Now())); got.err != nil {
			t.Fatal(got.err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() {
			if got := gather(c.Sessions(ctx, api.SessionQuery{Window: api.Last(2*time.Hour, time.Now())}, api.Person)); api.KindOf(got.err) != api.Cancelled {
				t.Errorf("%v", got.err)
			}
		})
		synctest.Wait()
		wg.Go(func() {
			if got := sessionsOf(c, api.Last(3*time.Hour, time.Now())); got.err != nil {
				t.Error(got.err)
			}
		})
		synctest.Wait()
		cancel()
		wg.Wait()
		if len(server.at) != 2 || len(c.budget.queue) != 0 {
			t.Errorf("%d requests, %d in the queue", len(server.at), len(c.budget.queue))
		}
	})
}
