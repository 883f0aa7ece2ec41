package sim

import (
	"time"

	"korescope/api"
)

const (
	week        = 7 * 24 * time.Hour
	longestLogs = 90 * 24 * time.Hour
)

// span is what a request's dates mean; both ends belong to it [SIM].
type span struct{ from, to int64 }

func (s span) holds(ms int64) bool { return ms >= s.from && ms <= s.to }

func spanOf(w api.Window) span { return span{w.From.UnixMilli(), w.To.UnixMilli() - 1} }

// week reads dateFrom and dateTo of the session and message calls: under seven
// days, and the documented defaults for an end that is absent.
func (c *call) week() (span, *refusal) {
	from, hasFrom := c.date("dateFrom", false)
	to, hasTo := c.date("dateTo", true)
	switch {
	case c.in.bad:
		return span{}, invalidArguments()
	case !hasTo && !hasFrom:
		to = c.now
		from = to.Add(-week)
	case !hasTo:
		to = from.Add(week)
	case !hasFrom:
		from = to.Add(-week)
	case to.Before(from):
		return span{}, invalidArguments()
	case to.Sub(from) >= week:
		return span{}, windowTooLong("7") // [SIM] status, code and text
	}
	return span{from.UnixMilli(), to.UnixMilli()}, nil
}

// required reads two dates that must be there, at most longest apart.
func (c *call) required(from, to string, longest time.Duration, days string) (span, *refusal) {
	a, hasA := c.date(from, false)
	b, hasB := c.date(to, true)
	if c.in.bad || !hasA || !hasB || b.Before(a) {
		return span{}, invalidArguments()
	}
	if b.Sub(a) > longest {
		return span{}, windowTooLong(days)
	}
	return span{a.UnixMilli(), b.UnixMilli()}, nil
}

// date accepts yyyy-mm-dd, a full UTC time, and the form without zone that is
// known to work for the model logs. A bare upper date is midnight, or the end of
// that day by a switch: the vendor's samples and one client disagree.
func (c *call) date(name string, upper bool) (time.Time, bool) {
	s := c.in.text(name)
	if s == "" {
		return time.Time{}, false
	}
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		if upper && c.w.strict.DateEndOfDay {
			t = t.Add(24*time.Hour - time.Millisecond)
		}
		return t, true
	}
	for _, form := range []string{time.RFC3339Nano, "2006-01-02T15:04:05"} {
		if t, err := time.Parse(form, s); err == nil {
			return t.UTC(), true
		}
	}
	c.in.bad = true
	return time.Time{}, false
}
