package ui

import (
	"time"

	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// longShut is from how long a shut gate is that of the hour.
const longShut = 2 * time.Minute

// others is what somebody else must have used when the platform refuses although
// there was room by our own count: told once, at the refusal, since our own
// requests leave the count while the gate is shut.
func (m Meter) others(before Meter, known int, now time.Time) int {
	left := m.ShutUntil.Sub(now)
	switch {
	case left <= 0:
		return 0
	case before.ShutUntil.After(now):
		return known
	case left > longShut:
		return max(0, m.HourMax-m.Hour)
	}
	return max(0, m.MinuteMax-m.Minute)
}

// holding says why what is being read does not come, until when, and what works
// meanwhile; false when nothing waits.
func (a *App) holding(h Heading) (canvas.Line, bool) {
	m, now := a.meter, a.o.Clock()
	if h.Loading.IsZero() {
		return canvas.Line{}, false
	}
	why, until := text.Lit("the platform refused"), m.ShutUntil
	switch {
	case m.ShutUntil.After(now):
	case now.Sub(h.Loading) < time.Second: // it may well be another reading that waits
		return canvas.Line{}, false
	case m.WaitUntil.After(now) && m.WaitHour:
		why, until = text.Lit("the hour is used up"), m.WaitUntil
	case m.WaitUntil.After(now):
		why, until = text.Lit("the minute is used up"), m.WaitUntil
	default:
		return canvas.Line{}, false
	}
	return canvas.L(canvas.S(theme.Warn, text.Format(" waits: %s, next %s (%s). What is here works; ctrl-c frees it",
		why, text.Clean(until.In(a.zone()).Format("15:04:05")), until.Sub(now).Round(time.Second)))), true
}
