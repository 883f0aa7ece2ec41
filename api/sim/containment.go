package sim

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"korescope/api"
)

// taskContainmentReport (reference 10).

const longestDaily = 30 * 24 * time.Hour

type containmentAsk struct {
	bot    *bot
	window span
	daily  bool
	tasks  []string
	kind   string // interactive or not, "" for both
	status string // Active or Closed, "" for both
}

func startContainment(c *call) (any, *refusal) {
	filters, ok := c.in.body["filters"].(map[string]any)
	c.in.number("skip", 0) // their meaning is not known
	c.in.number("limit", 0)
	bad := c.in.bad || !ok
	c.in.body, c.in.inQuery = filters, false
	ask := &containmentAsk{bot: c.bot, tasks: c.in.texts("includeTaskName", false), status: c.in.text("ConversationStatus")}
	kind, sum := c.in.text("ConversationType"), c.in.text("AggregationType")
	c.in.oneOfThese(kind, "Interactive", "Non-Interactive")
	c.in.oneOfThese(ask.status, "Active", "Closed")
	c.in.oneOfThese(sum, "Daily", "Cumulative") // [SIM] the default is the second
	ask.kind = strings.ToLower(kind)
	ask.daily = sum == "Daily"
	if tags, given := filters["tags"]; given {
		_, isList := tags.([]any)
		bad = bad || !isList // taken, and without effect [SIM]: their shape is not known
	}
	longest, days := longestLogs, "90"
	if ask.daily {
		longest, days = longestDaily, "30"
	}
	window, no := c.reportWindow(longest, days)
	if bad || c.in.bad {
		no = invalidArguments()
	}
	if no != nil {
		return nil, no
	}
	ask.window = window
	j := c.begin(api.ContainmentJob, "ds-", "", ask)
	return j.contain(look{seen: c.ms()}), nil
}

// reportWindow has the defaults of the session calls and longer limits.
func (c *call) reportWindow(longest time.Duration, days string) (span, *refusal) {
	from, hasFrom := c.date("dateFrom", false)
	to, hasTo := c.date("dateTo", true)
	switch {
	case !hasFrom && !hasTo:
		from, to = c.now.Add(-week), c.now
	case !hasTo:
		to = from.Add(week)
	case !hasFrom:
		from = to.Add(-week)
	}
	if to.Before(from) {
		return span{}, invalidArguments()
	}
	if to.Sub(from) > longest {
		return span{}, windowTooLong(days)
	}
	return span{from.UnixMilli(), to.UnixMilli()}, nil
}

func containmentStatus(c *call) (any, *refusal) {
	j, l, no := c.poll(api.ContainmentJob, c.named["id"])
	if no != nil {
		return nil, no
	}
	if !l.over || l.failed {
		return j.contain(l), nil
	}
	j.once.Do(func() { j.answer = tasksReport(c.w.contained(j.ask.(*containmentAsk), j.started)) })
	return ob("tasksExecutionReport", j.answer, "status", "SUCCESS"), nil
}

// contain is the job without its result; that a running one is fetched in the
// shape of its start is [SIM].
func (j *job) contain(l look) obj {
	return j.dock(l, "SUCCESS", "FAILED", "streamId", string(j.bot.id), "jobType", "TASK_EXECUTION_CONTAINMENT_REPORT",
		"countOfDockStatuses", 1, "expireAt", j.expireAt(), "requestedTime", stamp(j.started))
}

// containmentRow is one task with one outcome in one period.
type containmentRow struct {
	period, task, kind       string
	ok                       bool
	executions, sessions     int
	selfService, drop, agent int
}

// contained counts. A session whose task both succeeded and failed is in two
// rows; one that is still open may be in none of the three columns.
func (w *World) contained(ask *containmentAsk, now int64) []containmentRow {
	type key struct {
		period, task string
		ok           bool
	}
	rows := map[key]*containmentRow{}
	whole := at(ask.window.from).Format(time.DateOnly) + " - " + at(ask.window.to).Format(time.DateOnly) // [SIM]
	for s := range ask.bot.sessions(span{ask.window.from, min(ask.window.to, now)}, true) {
		if ask.kind != "" && !strings.EqualFold(ask.kind, s.kind()) || !w.there(s) {
			continue
		}
		st := s.told()
		is := st.at(now)
		if st.developers() || ask.status != "" && is.open != (ask.status == "Active") {
			continue
		}
		period := whole
		if ask.daily {
			period = at(s.start).Format(time.DateOnly)
		}
		counted := map[key]bool{}
		for _, e := range st.executions() {
			if len(ask.tasks) > 0 && !slices.Contains(ask.tasks, e.task) {
				continue
			}
			k := key{period, e.task, e.ok}
			if rows[k] == nil {
				rows[k] = &containmentRow{period: period, task: e.task, kind: e.kind, ok: e.ok}
			}
			rows[k].executions++
			if !counted[k] {
				rows[k].count(is.outcome)
			}
			counted[k] = true
		}
	}
	out := make([]containmentRow, 0, len(rows))
	for _, r := range rows {
		out = append(out, *r)
	}
	slices.SortFunc(out, func(a, b containmentRow) int {
		return cmp.Or(cmp.Compare(a.period, b.period), cmp.Compare(a.task, b.task), number(b.ok)-number(a.ok))
	})
	return out
}

func (r *containmentRow) count(outcome api.Containment) {
	r.sessions++
	switch outcome {
	case api.SelfService:
		r.selfService++
	case api.DropOff:
		r.drop++
	case api.Agent:
		r.agent++
	}
}

func (r *containmentRow) status() string {
	if r.ok {
		return "success"
	}
	return "failtask"
}

func tasksReport(rows []containmentRow) obj {
	data := obj{}
	for _, r := range rows {
		row := ob("totalExecution", r.executions, "totalSession", r.sessions,
			"selfServiceSessions", r.selfService, "dropOffSessions", r.drop, "agentTransferSessions", r.agent,
			"dateRange", r.period, "taskType", r.kind, "taskName", r.task, "Status", r.status(),
			"selfServiceSessionsInPercentage", percentage(r.selfService, r.sessions),
			"dropOffSessionsInPercentage", percentage(r.drop, r.sessions),
			"agentTransferSessionsInPercentage", percentage(r.agent, r.sessions))
		if n := len(data); n > 0 && data[n-1].key == r.period {
			data[n-1].val = append(data[n-1].val.([]any), row)
			continue
		}
		data = data.with(r.period, []any{row})
	}
	return ob("total", len(rows), "data", data)
}

// percentage is a number when it is whole and a text with two decimals when not.
func percentage(part, of int) any {
	if of > 0 && part*100%of != 0 {
		return fmt.Sprintf("%.2f", float64(part)*100/float64(of))
	}
	return part * 100 / max(1, of)
}
