package sim

import (
	"maps"
	"sort"
	"strings"
	"sync"
	"time"

	"korescope/api"
)

// Rule: a request is let through when fewer than PerMinute were let through in
// the 60 s before it and fewer than PerHour in the 3600 s before it. Both are
// sliding logs, so no alignment of a window lets a burst pass twice. Refused
// requests do not count [SIM]: the reference says that passing the hourly limit
// blocks until the window slides, and with refusals counted it never would for
// a caller that keeps asking.

const (
	limitMinute = 60 * time.Second
	limitHour   = 3600 * time.Second
)

type limiter struct {
	mu     sync.Mutex
	limits api.Limits
	keys   map[api.LimitKey]*slidingLog
	// foreign is how many requests a minute colleagues send on the same bot
	// since the world began.
	foreign int
	// spent is how many requests of the hour were gone when the world began.
	spent int
	since time.Time
}

type slidingLog struct {
	let, seen   []int64 // Unix milliseconds, rising, at most an hour back
	worstMinute int
	worstHour   int
	refused     int
}

// verdict is what the limiter says about one request.
type verdict struct {
	refused bool
	hour    bool          // the hourly window is spent, not the minute
	wait    time.Duration // until there is room again
}

func newLimiter(limits api.Limits, now time.Time) *limiter {
	return &limiter{limits: limits, keys: map[api.LimitKey]*slidingLog{}, since: now}
}

func (l *limiter) take(key api.LimitKey, now time.Time) verdict {
	l.mu.Lock()
	defer l.mu.Unlock()
	log := l.keys[key]
	if log == nil {
		log = &slidingLog{}
		l.keys[key] = log
	}
	at := log.see(now)
	foreignMinute, foreignHour := l.colleagues(key, now)
	switch {
	case since(log.let, at, limitHour)+foreignHour >= l.limits.PerHour:
		log.refused++
		return verdict{refused: true, hour: true, wait: log.room(at, limitHour, l.limits.PerHour-foreignHour)}
	case since(log.let, at, limitMinute)+foreignMinute >= l.limits.PerMinute:
		log.refused++
		return verdict{refused: true, wait: log.room(at, limitMinute, l.limits.PerMinute-foreignMinute)}
	}
	log.let = append(log.let, at)
	return verdict{}
}

// see records that a request arrived and drops what is over an hour old. A
// clock that moves back counts as standing still.
func (s *slidingLog) see(now time.Time) int64 {
	at := now.UnixMilli()
	if n := len(s.seen); n > 0 && at < s.seen[n-1] {
		at = s.seen[n-1]
	}
	s.let = forget(s.let, at)
	s.seen = append(forget(s.seen, at), at)
	s.worstMinute = max(s.worstMinute, since(s.seen, at, limitMinute))
	s.worstHour = max(s.worstHour, since(s.seen, at, limitHour))
	return at
}

// since counts the entries in the half-open span (at-d, at].
func since(log []int64, at int64, d time.Duration) int {
	return len(log) - after(log, at-d.Milliseconds())
}

func after(log []int64, t int64) int {
	return sort.Search(len(log), func(i int) bool { return log[i] > t })
}

func forget(log []int64, at int64) []int64 {
	return log[after(log, at-limitHour.Milliseconds()):]
}

// room is how long until fewer than limit entries lie in the window.
func (s *slidingLog) room(at int64, d time.Duration, limit int) time.Duration {
	n := len(s.let)
	if limit < 1 || n < limit {
		return d
	}
	oldest := s.let[n-limit]
	return time.Duration(oldest+d.Milliseconds()-at) * time.Millisecond
}

// colleagues counts the foreign requests of the last minute and hour.
func (l *limiter) colleagues(key api.LimitKey, now time.Time) (int, int) {
	if !strings.HasPrefix(string(key), "bot:") {
		return 0, 0
	}
	inHour := int(now.Sub(l.since).Minutes() * float64(l.foreign))
	inHour = max(l.foreign, min(inHour, 60*l.foreign))
	if now.Sub(l.since) < limitHour {
		inHour += l.spent
	}
	return l.foreign, inHour
}

// KeyTruth is what the server saw of one limit key.
type KeyTruth struct {
	Requests    int // in the last hour, let through or refused
	WorstMinute int // most requests in any rolling 60 s, refused ones included
	WorstHour   int
	Refused     int
}

func (l *limiter) truth() map[api.LimitKey]KeyTruth {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := maps.Collect(func(yield func(api.LimitKey, KeyTruth) bool) {
		for k, s := range l.keys {
			if !yield(k, KeyTruth{len(s.seen), s.worstMinute, s.worstHour, s.refused}) {
				return
			}
		}
	})
	return out
}
