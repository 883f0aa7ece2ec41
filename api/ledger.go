package api

import (
	"slices"
	"time"
)

// LimitMargin is added to both windows of a limit. The platform counts when a
// request arrives, we when we wrote it; the margin is what the network may
// shift the one against the other.
const LimitMargin = 1500 * time.Millisecond

// KeepSent is how long a ledger must remember a request.
const KeepSent = time.Hour + LimitMargin

// The limits of reference 5, used where a profile names none.
const (
	DefaultPerMinute = 60
	DefaultPerHour   = 1800
)

// OrDefault fills in what is not set.
func (l Limits) OrDefault() Limits {
	if l.PerMinute <= 0 {
		l.PerMinute = DefaultPerMinute
	}
	if l.PerHour <= 0 {
		l.PerHour = DefaultPerHour
	}
	return l
}

// For is the part of the limits that a lane may use. Person may use all of it,
// Follow leaves 10 a minute and 100 an hour, ReadAhead takes at most half. Each
// lane may always use at least one, so that small limits never starve it.
func (l Limits) For(lane Lane) Limits {
	l = l.OrDefault()
	switch lane {
	case Person:
		return l
	case Follow:
		return Limits{
			PerMinute: max(1, l.PerMinute-min(10, l.PerMinute/3)),
			PerHour:   max(1, l.PerHour-min(100, l.PerHour/3)),
		}
	default:
		return Limits{PerMinute: max(1, l.PerMinute/2), PerHour: max(1, l.PerHour/2)}
	}
}

// Wait is the counting rule that every [Ledger] shares: how long a lane has to
// wait before one more request fits into both rolling windows, 0 when it fits
// now. sent holds the times of the requests of the last [KeepSent], oldest
// first is fastest; older ones are ignored.
//
// A time after now, left by a clock that was set back, counts as now; when it
// lies further ahead than a window is long, that window ignores it, so a clock
// that jumped an hour blocks nobody for an hour.
func (l Limits) Wait(lane Lane, sent []time.Time, now time.Time) time.Duration {
	if !slices.IsSortedFunc(sent, time.Time.Compare) {
		sent = slices.Clone(sent)
		slices.SortFunc(sent, time.Time.Compare)
	}
	room := l.For(lane)
	return max(
		untilRoom(sent, now, time.Minute, room.PerMinute),
		untilRoom(sent, now, time.Hour, room.PerHour),
	)
}

// Used counts the requests inside the two windows, for display.
func (l Limits) Used(sent []time.Time, now time.Time) (minute, hour int) {
	for _, t := range sent {
		if inside(t, now, time.Minute) {
			minute++
		}
		if inside(t, now, time.Hour) {
			hour++
		}
	}
	return minute, hour
}

func inside(t, now time.Time, window time.Duration) bool {
	age := now.Sub(t)
	return age < window+LimitMargin && -age < window+LimitMargin
}

// untilRoom expects sent oldest first.
func untilRoom(sent []time.Time, now time.Time, window time.Duration, room int) time.Duration {
	first, n := -1, 0
	for i, t := range sent {
		if inside(t, now, window) {
			if first < 0 {
				first = i
			}
			n++
		}
	}
	if n < room {
		return 0
	}
	// With the one that makes n-room+1 leave, there is room for one more.
	last := sent[first+n-room]
	if last.After(now) {
		last = now
	}
	return max(time.Millisecond, last.Add(window+LimitMargin).Sub(now))
}
