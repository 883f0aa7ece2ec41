package kore

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	refusedMinute = time.Minute     // wait after a refusal without a hint
	refusedHour   = 5 * time.Minute // the least after the hourly text
	longestShut   = time.Hour
)

// retryAfter reads both forms of the header, clamped to an hour; negative when
// it is absent or unreadable. A date is compared with the sender's own clock
// when that is told.
func retryAfter(h http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if text == "" {
		return -1
	}
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		switch {
		case n != n:
			return -1
		case n <= 0:
			return 0
		case n >= longestShut.Seconds():
			return longestShut
		}
		return time.Duration(n * float64(time.Second))
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return -1
	}
	if server := serverTime(h); !server.IsZero() {
		now = server
	}
	return max(0, min(longestShut, at.Sub(now)))
}

// refusedFor is how long the gate stays shut after the nth refusal of one
// call. Without a hint it doubles, since a full window of somebody else's
// traffic does not empty faster for being asked.
func (c *Client) refusedFor(ctx context.Context, b *budget, f *failure, nth int, now time.Time) time.Duration {
	if f.after >= 0 {
		// Never at once: zero would be an invitation to hammer.
		return max(f.after, time.Second)
	}
	jitter := time.Duration(c.o.Rand() * float64(5*time.Second))
	if f.err.Hour {
		return min(longestShut, max(refusedHour, b.hourFrees(ctx, now))+jitter)
	}
	return min(longestShut, refusedMinute<<(nth-1)+jitter)
}
