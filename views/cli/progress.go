package cli

import (
	"time"

	"korescope/api"
	"korescope/ui/text"
)

// pace is what bounds the reading of a long list: rows of a page, and the limits.
type pace struct {
	page   int
	limits api.Limits
}

// left is what the limits make a number of requests take at least: the allowance
// of an hour goes at the pace of the minute, the next one comes an hour later.
func (p pace) left(requests int) time.Duration {
	l := p.limits.OrDefault()
	if requests <= 0 {
		return 0
	}
	full := requests - 1
	return time.Duration(full/l.PerHour)*time.Hour + time.Duration(full%l.PerHour/l.PerMinute)*time.Minute
}

// readSoFar is how far a long list is read, and what is left of it. The total is
// the platform's word, which can be wrong: hence est.
func readSoFar(rows int, total api.Maybe[int], back time.Time, what text.Safe, zone *time.Location, p pace) text.Safe {
	line := text.Format("%s %s read", text.Count(rows), what)
	if total.Known && total.Value > rows {
		requests := (total.Value - rows + p.page - 1) / p.page
		line = text.Format("%s of %s %s read, requests to go: est %s", text.Count(rows), text.Count(total.Value), what, text.Count(requests))
		if wait := p.left(requests); wait > 0 {
			line = text.Format("%s, %d min", line, int(wait/time.Minute))
		}
	}
	if !back.IsZero() {
		line = text.Format("%s, back to %s", line, back.In(zone).Format("Jan 02 15:04"))
	}
	return line
}
