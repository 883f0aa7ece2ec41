package team

import (
	"context"
	"time"

	"korescope/api"
)

// share is what this machine may send while the server is away: an even part of
// both limits, and until the windows have passed that were running when it went
// away, no more than what was left of them then, evenly divided.
type share struct {
	since        time.Time // when it was found away
	minute, hour part
}

// part is one window.
type part struct {
	even int // of the limit
	rest int // what this machine may have sent until the window has passed
}

// takeAlone takes from this machine's share of the limits.
func (c *Count) takeAlone(ctx context.Context, key api.LimitKey, limits api.Limits, lane api.Lane, now time.Time) (api.Ticket, time.Duration, error) {
	own, err := c.own.Usage(ctx, key, limits, now)
	if err != nil {
		return api.Ticket{}, 0, err
	}
	limits = limits.OrDefault()
	c.mu.Lock()
	t := c.tally(key)
	if t.alone == nil {
		t.alone = heard{t.reply, t.at}.share(limits, own, now)
	}
	t.back = time.Time{}
	mine, until := t.alone.limits(now)
	c.mu.Unlock()
	if mine.PerMinute <= 0 || mine.PerHour <= 0 {
		return api.Ticket{}, min(max(until.Sub(now), time.Millisecond), repeatAfter), nil
	}
	ticketOwn, wait, err := c.own.Take(ctx, key, mine, lane, now)
	if err != nil || wait > 0 {
		return api.Ticket{}, wait, err
	}
	return c.keep(ticket{own: ticketOwn}, key), 0, nil
}

// share is called when the server is found away or forgetful; h is what it said last.
func (h heard) share(limits api.Limits, own api.Usage, now time.Time) *share {
	if h.at.IsZero() { // never seen: nobody knows of anybody else
		return &share{
			since:  now,
			minute: partOf(limits.PerMinute, own.Minute, own.Minute, machinesAway, true),
			hour:   partOf(limits.PerHour, own.Hour, own.Hour, machinesAway, true),
		}
	}
	n, fresh := max(h.reply.machines, machinesAway), now.Sub(h.at) <= freshReply
	return &share{
		since:  now,
		minute: partOf(limits.PerMinute, own.Minute, h.reply.minute, n, fresh),
		hour:   partOf(limits.PerHour, own.Hour, h.reply.hour, n, true),
	}
}

// partOf divides what the team had left. Where nobody knows how much that was,
// only what each lane leaves for keys is taken to be left.
func partOf(limit, own, team, machines int, known bool) part {
	even := max(1, limit/machines)
	left := max(0, limit-max(team, own))
	if !known {
		left = min(10, limit/3)
	}
	return part{even: even, rest: min(even, own+left/machines)}
}

// limits are in force now; until says when the narrower of them ends.
func (s *share) limits(now time.Time) (l api.Limits, until time.Time) {
	l = api.Limits{PerMinute: s.minute.even, PerHour: s.hour.even}
	until = now
	if end := s.since.Add(time.Minute + api.LimitMargin); now.Before(end) {
		l.PerMinute, until = s.minute.rest, end
	}
	if end := s.since.Add(time.Hour + api.LimitMargin); now.Before(end) {
		l.PerHour = s.hour.rest
		if l.PerHour <= 0 {
			until = end
		}
	}
	return l, until
}
