package api

import (
	"context"
	"time"
)

// LimitKey names one counter, for example "bot:st-..." or "account:...".
type LimitKey string

// Limits are the platform's two rolling windows for one key.
type Limits struct {
	PerMinute int // default 60
	PerHour   int // default 1800
}

// Usage is how much of a key's budget is used by every korescope on this host.
type Usage struct {
	Minute, Hour int
	Limits       Limits
	ShutUntil    time.Time // zero when the gate is open
	ShutWhy      string
	// Shared: a team counts together. Team is how many of them are at work, 0
	// while what they share is away.
	Shared bool
	Team   int
}

// Ticket is one reserved request.
type Ticket struct {
	ID  int64
	Key LimitKey
}

// Ledger counts requests at the wire in two sliding logs per key, for all
// processes that share it. It never waits: it says how long to wait.
type Ledger interface {
	// Take reserves one request if both windows have room for the lane and the
	// gate is open. Otherwise it reserves nothing and returns how long to wait
	// before asking again (always > 0).
	Take(ctx context.Context, key LimitKey, limits Limits, lane Lane, now time.Time) (Ticket, time.Duration, error)
	// Settle says how often the request reached the wire: 0 gives the
	// reservation back, more than 1 records the transport's hidden replays.
	Settle(ctx context.Context, t Ticket, sent int, now time.Time) error
	// Shut closes the gate of a key after a refusal. It only ever moves the
	// time later.
	Shut(ctx context.Context, key LimitKey, until time.Time, why string) error
	// Usage reads the counters.
	Usage(ctx context.Context, key LimitKey, limits Limits, now time.Time) (Usage, error)
}

// Observed is one finished request, for the `apis` list and diagnostics. It
// holds no content.
type Observed struct {
	Endpoint string
	At       time.Time
	Status   int // 0 when nothing came back
	Took     time.Duration
}

// Observer keeps what was observed.
type Observer interface {
	Observe(ctx context.Context, o Observed) error
}
