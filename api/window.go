package api

import "time"

// Window is a half-open span of time, From <= t < To, in UTC and whole
// milliseconds, so that two equal windows are equal as map keys.
type Window struct {
	From, To time.Time
}

// Between makes a Window: UTC, cut to milliseconds, without a monotonic clock.
func Between(from, to time.Time) Window {
	return Window{From: instant(from), To: instant(to)}
}

// Last is the window of the given length that ends at now.
func Last(d time.Duration, now time.Time) Window { return Between(now.Add(-d), now) }

// Zero reports that no window was given.
func (w Window) Zero() bool { return w.From.IsZero() && w.To.IsZero() }

// Length is To minus From; negative when the two are the wrong way round.
func (w Window) Length() time.Duration { return w.To.Sub(w.From) }

// Holds reports whether t lies in the window.
func (w Window) Holds(t time.Time) bool { return !t.Before(w.From) && t.Before(w.To) }

// UntilNow reports a window that was meant to end at now: windows are cut to
// whole minutes, and somebody may have waited for the read.
func UntilNow(w Window, now time.Time) bool {
	return !w.Zero() && w.To.After(now.Add(-time.Minute-time.Second))
}

// Widen moves From back and To forward.
func (w Window) Widen(before, after time.Duration) Window {
	return Between(w.From.Add(-before), w.To.Add(after))
}

// Slices cuts the window, newest first, into parts no longer than longest.
// Each older part overlaps the newer one by overlap, because the platform does
// not say whether its bounds are inclusive; readers remove the doubles by id.
func (w Window) Slices(longest, overlap time.Duration) []Window {
	if w.Length() <= 0 || longest <= overlap {
		return nil
	}
	var out []Window
	for to := w.To; ; {
		from := to.Add(-longest)
		if !from.After(w.From) {
			return append(out, Between(w.From, to))
		}
		out = append(out, Between(from, to))
		to = from.Add(overlap)
	}
}

func instant(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return time.UnixMilli(t.UnixMilli()).UTC()
}
