package kore

import (
	"sync"
	"time"
)

const (
	breaksAfter = 5 // connection failures in a row
	firstPause  = 5 * time.Second
	lastPause   = time.Minute
)

// breaker stops calling an origin that cannot be reached. Open, it lets one
// probe through when its pause is over; each failed probe doubles the pause.
type breaker struct {
	mu      sync.Mutex
	failed  int
	until   time.Time
	pause   time.Duration
	probing bool
}

// allow reports whether a request may go out, and until when not.
func (b *breaker) allow(now time.Time) (until time.Time, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failed < breaksAfter {
		return time.Time{}, true
	}
	if b.probing || now.Before(b.until) {
		return b.until, false
	}
	b.probing = true
	return time.Time{}, true
}

// reached is told of any answer at all.
func (b *breaker) reached() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failed, b.pause, b.probing = 0, 0, false
}

// missed is told of a request that found nobody.
func (b *breaker) missed(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failed++
	b.probing = false
	if b.failed >= breaksAfter {
		b.pause = min(lastPause, max(firstPause, 2*b.pause))
		b.until = now.Add(b.pause)
	}
}

// undecided is told of a request that its caller gave up.
func (b *breaker) undecided() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.probing = false
}
