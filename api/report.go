package api

import (
	"errors"
	"slices"
	"strings"
	"time"
)

// Period is how billing is grouped.
type Period string

// The periods, as typed after --by.
const (
	ByMonth Period = "month"
	ByDay   Period = "day"
	ByHour  Period = "hour"
)

// BillingQuery asks for the usage summary (reference 11), 90 days at most a
// request; longer ones are split.
type BillingQuery struct {
	Window Window
	By     Period
}

// BillingRow is the usage of one period. A unit the platform did not send is not
// known; an hour it left out is known to be zero only when Filled says that the
// row was added here.
type BillingRow struct {
	Period        time.Time // start, UTC
	Bot           string    // "ALL" when not grouped
	Requests      Maybe[int64]
	Sessions      Maybe[int64]
	Alerts        Maybe[int64]
	Proactive     Maybe[int64]
	Conversations Maybe[int64]
	Filled        bool // the platform left the hour out; nothing happened in it
}

// Next is when the period after it begins.
func (r BillingRow) Next(by Period) time.Time {
	switch by {
	case ByMonth:
		return r.Period.AddDate(0, 1, 0)
	case ByDay:
		return r.Period.AddDate(0, 0, 1)
	}
	return r.Period.Add(time.Hour)
}

// BillingReport is the summary, oldest period first.
type BillingReport struct {
	Rows []BillingRow
	Job  JobRecord // Result left out
	// Note is what happened to the job on the way, in words; "" for nothing.
	Note string `json:",omitempty"`
}

// ErrReplaced says that another caller's report took the place of ours: of the
// usage summary the platform keeps one a bot (reference 11).
var ErrReplaced = errors.New("somebody else's report took the place of ours: the platform keeps one at a time for a bot")

// BilledQuery asks for the single billed sessions (reference 12).
type BilledQuery struct {
	Window Window
	Limit  int
}

// BilledSession is one billed session.
type BilledSession struct {
	ID           string
	Bot          BotID
	Channel      string // the billing label, not the channel's code
	User         UserID
	ChannelUser  string
	Type         string
	Session      SessionID
	Start, End   time.Time // zero when the form could not be decided
	StartRaw     string    // as sent
	EndRaw       string
	SessionStart time.Time
	Unreadable   string
}

// Lost reports a row of which nothing can be used.
func (b BilledSession) Lost() bool {
	return b.Session == "" && b.StartRaw == "" && b.Type == ""
}

// ContainmentQuery asks for the task containment report (reference 10): 90 days
// at most, 30 when daily; longer ones are split.
type ContainmentQuery struct {
	Window Window
	Daily  bool
	Limit  int // rows to ask for, where a first report came short; 0: not said
	// Tasks are names of tasks, one a line; Kind and Status are of conversations
	// (KindInteractive, StatusActive and their likes). "" is every one.
	Tasks, Kind, Status string
}

// TaskNames are the tasks that are asked for; nil for all.
func (q ContainmentQuery) TaskNames() []string {
	if q.Tasks == "" {
		return nil
	}
	return strings.Split(q.Tasks, "\n")
}

// Wants reports a row of a task that is asked for.
func (q ContainmentQuery) Wants(r ContainmentRow) bool {
	names := q.TaskNames()
	return names == nil || slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, r.Task) })
}

// ContainmentRow is one task with one outcome. A session may count in the row of
// success and in that of failure: rows do not add up to sessions.
type ContainmentRow struct {
	Period      string // the platform's key: a day, or a range
	Task        string
	TaskType    string
	Status      string // success, failtask, as sent
	Executions  Maybe[int]
	Sessions    Maybe[int]
	SelfService Maybe[int]
	DropOff     Maybe[int]
	Agent       Maybe[int]
	SelfPct     Maybe[float64]
	DropPct     Maybe[float64]
	AgentPct    Maybe[float64]
}

// ContainmentReport is the report in the order of the platform.
type ContainmentReport struct {
	Rows  []ContainmentRow
	Job   JobRecord
	Count Count // rows that came against the total of the platform
}
