package kore

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"korescope/api"
)

// Waiting is a wait for the budget, for a countdown on screen.
type Waiting struct {
	Endpoint string
	Lane     api.Lane
	Until    time.Time
	// Refused: the platform sent somebody away and the gate is shut. Otherwise
	// our own counting says that a window is full.
	Refused bool
	Hour    bool   // the hourly window is spent, not the minute
	Why     string // what the platform said, cleaned; empty when not refused
}

// minuteWait is the longest wait that the minute window alone can ask for.
const minuteWait = time.Minute + api.LimitMargin

// budget hands out places in the platform's rolling windows. Inside this
// process the most urgent lane is served first, then whoever came first; the
// ledger shares the count with other processes.
type budget struct {
	ledger   api.Ledger
	spare    api.Ledger // counts along in memory, for when the ledger fails
	key      api.LimitKey
	limits   api.Limits
	now      func() time.Time
	sleep    func(ctx context.Context, d time.Duration) error
	patience time.Duration
	tell     func(Waiting)

	mu    sync.Mutex
	queue []*place // most urgent first
}

type place struct {
	lane api.Lane
	poke context.CancelFunc // ends the present sleep, to look at the queue again
}

// botKey is the counter of a bot.
func botKey(b api.BotID) api.LimitKey { return api.LimitKey("bot:" + string(b)) }

func newBudget(o Options) *budget {
	key := botKey(o.Bot)
	if o.Bot == "" {
		key = api.LimitKey("account:" + o.ClientID)
	}
	return &budget{
		ledger: o.Ledger, spare: NewMemoryLedger(), key: key, limits: o.Limits,
		now: o.Now, sleep: o.Wait, patience: o.Patience, tell: o.OnWait,
	}
}

// beside is the budget of another counter, with a queue of its own.
func (b *budget) beside(key api.LimitKey) *budget {
	return &budget{
		ledger: b.ledger, spare: b.spare, key: key, limits: b.limits,
		now: b.now, sleep: b.sleep, patience: b.patience, tell: b.tell,
	}
}

// Usage is how much of the budget is used, by everybody who shares the ledger.
func (c *Client) Usage(ctx context.Context) (api.Usage, error) {
	b := c.budget
	u, err := b.ledger.Usage(ctx, b.key, b.limits, b.now())
	if err != nil {
		return b.spare.Usage(ctx, b.key, b.limits, b.now())
	}
	return u, nil
}

// take waits for a place. It fails with Limited when the wait is longer than
// the patience, with the context's error when that ends first.
func (b *budget) take(ctx context.Context, a *ask) (reserved, error) {
	p := &place{lane: a.lane}
	b.enter(p)
	defer b.leave(p)
	defer a.waits.Store(nil)
	var told time.Time
	for {
		nap, head, stop := b.look(ctx, p)
		if !head {
			<-nap.Done()
			stop()
			if ctx.Err() != nil {
				return reserved{}, b.interrupted(ctx, a)
			}
			continue
		}
		now := b.now()
		r, d, err := b.reserve(ctx, a.lane, now)
		if err != nil || d == 0 {
			stop()
			return r, err
		}
		w := b.explain(ctx, a, now, d)
		limited := &api.Error{Kind: api.Limited, Endpoint: a.endpoint.Name, Said: w.Why, Until: w.Until, Hour: w.Hour}
		if b.patience > 0 && d > b.patience && (w.Refused || w.Hour) {
			stop()
			return reserved{}, limited
		}
		a.waits.Store(limited)
		if w.Until.Sub(told).Abs() > time.Second {
			told = w.Until
			b.tell(w)
		}
		_ = b.sleep(nap, d) // ended early: the loop finds out why
		stop()
		if ctx.Err() != nil {
			return reserved{}, b.interrupted(ctx, a)
		}
	}
}

// interrupted is the error of a wait that the caller ended. A deadline that
// ran out while waiting for the budget is the budget's doing.
func (b *budget) interrupted(ctx context.Context, a *ask) error {
	if limited := a.waits.Load(); limited != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return limited
	}
	return ended(ctx.Err())
}

func (b *budget) enter(p *place) {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := 0
	for i < len(b.queue) && b.queue[i].lane <= p.lane {
		i++
	}
	b.queue = slices.Insert(b.queue, i, p)
	b.pokeAll()
}

func (b *budget) leave(p *place) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.queue = slices.DeleteFunc(b.queue, func(q *place) bool { return q == p })
	b.pokeAll()
}

func (b *budget) pokeAll() {
	for _, q := range b.queue {
		if q.poke != nil {
			q.poke()
		}
	}
}

// look tells whether it is p's turn and gives a context for its next sleep.
func (b *budget) look(ctx context.Context, p *place) (nap context.Context, head bool, stop context.CancelFunc) {
	b.mu.Lock()
	defer b.mu.Unlock()
	nap, stop = context.WithCancel(ctx)
	p.poke = stop
	return nap, b.queue[0] == p, stop
}

// reserved is one place, in the ledger or, when that failed, in the spare.
type reserved struct{ ticket, spare api.Ticket }

// reserve asks the ledger, and the spare one when that fails: a full disk must
// not keep anybody from reading.
func (b *budget) reserve(ctx context.Context, lane api.Lane, now time.Time) (reserved, time.Duration, error) {
	if ctx.Err() != nil {
		return reserved{}, 0, ended(ctx.Err())
	}
	r := reserved{ticket: api.Ticket{Key: b.key}, spare: api.Ticket{Key: b.key}}
	ticket, d, err := b.ledger.Take(ctx, b.key, b.limits, lane, now)
	switch {
	case err == nil:
		r.ticket = ticket
		return r, d, nil
	case ctx.Err() != nil:
		return reserved{}, 0, ended(ctx.Err())
	}
	r.spare, d, err = b.spare.Take(ctx, b.key, b.limits, lane, now)
	return r, d, err
}

func (b *budget) explain(ctx context.Context, a *ask, now time.Time, d time.Duration) Waiting {
	w := Waiting{Endpoint: a.endpoint.Name, Lane: a.lane, Until: now.Add(d), Hour: d > minuteWait}
	u, err := b.ledger.Usage(ctx, b.key, b.limits, now)
	if err == nil && u.ShutUntil.After(now) {
		// A gate says by its words which window is meant, and a long one by its
		// length: after a minute's refusal it is shut for a little more than one.
		w.Refused, w.Why, w.Hour = true, u.ShutWhy, speech{text: u.ShutWhy}.has("hour") || d > 2*minuteWait
	}
	return w
}

// settle writes down how often the request reached the wire. It also runs for
// a caller who has left: what was sent was sent.
func (b *budget) settle(ctx context.Context, r reserved, sent int) {
	ctx = context.WithoutCancel(ctx)
	now := b.now()
	// A ledger that cannot write is made up for by the spare one.
	_ = b.ledger.Settle(ctx, r.ticket, sent, now)
	_ = b.spare.Settle(ctx, r.spare, sent, now)
}

func (b *budget) shut(ctx context.Context, until time.Time, why string) {
	ctx = context.WithoutCancel(ctx)
	_ = b.ledger.Shut(ctx, b.key, until, why)
	_ = b.spare.Shut(ctx, b.key, until, why)
}

// hourFrees is when the oldest request of our own leaves the hour window. The
// ledger is asked for a place under limits that are just full: it refuses, and
// says how long.
func (b *budget) hourFrees(ctx context.Context, now time.Time) time.Duration {
	u, err := b.ledger.Usage(ctx, b.key, b.limits, now)
	if err != nil || u.Hour == 0 {
		return 0
	}
	full := api.Limits{PerMinute: u.Hour + 1, PerHour: u.Hour}
	t, d, err := b.ledger.Take(ctx, b.key, full, api.Person, now)
	if err == nil && d == 0 {
		_ = b.ledger.Settle(context.WithoutCancel(ctx), t, 0, now)
	}
	return d
}
