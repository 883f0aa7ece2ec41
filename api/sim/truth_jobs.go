package sim

import (
	"time"

	"korescope/api"
)

// The figures of reports and logs as the server counts them, for the clock at
// the time of asking. A report holds what was so when it was started.

// BillingTruth is the usage of one period.
type BillingTruth struct {
	Period                                               time.Time // start, UTC
	Requests, Sessions, Alerts, Proactive, Conversations int
}

// Billing lists every period that the window touches, oldest first, empty ones
// included, over the named bots; all of the account when none is named.
func (t Truth) Billing(w api.Window, by api.Period, bots ...api.BotID) []BillingTruth {
	s, now := spanOf(w), t.w.clock().UnixMilli()
	period := map[api.Period]string{api.ByHour: "date_day_hour", api.ByDay: "date_day", api.ByMonth: "date_month"}[by]
	found := t.w.usage(t.bots(bots), s, now, period)
	var out []BillingTruth
	for p := periodOf(s.from, period); p <= min(s.to, now); p = nextPeriod(p, period) {
		row := BillingTruth{Period: at(p)}
		if n := found[p]; n != nil {
			row.Requests, row.Sessions, row.Alerts = n[requestUnit], n[sessionUnit], n[alertUnit]
			row.Proactive, row.Conversations = n[proactiveUnit], n[conversationUnit]
		}
		out = append(out, row)
	}
	return out
}

// BilledTruth is one billed block of 15 minutes.
type BilledTruth struct {
	ID         string
	Session    api.SessionID
	Start, End time.Time
}

// Billed lists the blocks that start in the window, newest first.
func (t Truth) Billed(w api.Window, bots ...api.BotID) []BilledTruth {
	var out []BilledTruth
	for _, b := range t.w.billed(t.bots(bots), spanOf(w), t.w.clock().UnixMilli()) {
		out = append(out, BilledTruth{b.id(), api.SessionID(b.s.id), at(b.block.from), at(b.block.to)})
	}
	return out
}

// ContainmentTruth is one task with one outcome.
type ContainmentTruth struct {
	Period, Task, TaskType, Status string
	Executions, Sessions           int
	SelfService, DropOff, Agent    int
}

// Containment lists the rows of the report in its order.
func (t Truth) Containment(bot api.BotID, q api.ContainmentQuery) []ContainmentTruth {
	b := t.w.bot(bot)
	if b == nil {
		return nil
	}
	ask := &containmentAsk{bot: b, window: spanOf(q.Window), daily: q.Daily, tasks: q.TaskNames(), kind: q.Kind}
	if q.Status != "" {
		ask.status = map[string]string{api.StatusActive: "Active", api.StatusClosed: "Closed"}[q.Status]
	}
	var out []ContainmentTruth
	for _, r := range t.w.contained(ask, t.w.clock().UnixMilli()) {
		out = append(out, ContainmentTruth{r.period, r.task, r.kind, r.status(), r.executions, r.sessions, r.selfService, r.drop, r.agent})
	}
	return out
}

// LogTruth is one line of the engine's log.
type LogTruth struct {
	Time    time.Time
	Level   string // info, warning, error
	Title   string
	Message string
	Detail  string
}

// Log lists the lines of a session that have been written so far, oldest first,
// and under which channel and identity they are asked for.
func (t Truth) Log(id api.SessionID) (channel, identity string, lines []LogTruth) {
	s := t.session(id)
	if s == nil {
		return "", "", nil
	}
	channel, identity = s.logIdentity()
	for _, l := range s.told().debugLines() {
		if l.at <= t.w.clock().UnixMilli() {
			lines = append(lines, LogTruth{at(l.at), []string{"info", "warning", "error"}[l.level], l.title, l.message, l.detail})
		}
	}
	return channel, identity, lines
}

func (t Truth) bots(named []api.BotID) []*bot {
	if len(named) == 0 {
		return t.w.bots
	}
	var out []*bot
	for _, id := range named {
		if b := t.w.bot(id); b != nil {
			out = append(out, b)
		}
	}
	return out
}
