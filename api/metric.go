package api

import (
	"context"
	"encoding/json"
	"iter"
	"time"
)

// MetricKind is a type of the platform's own metrics (getAnalytics).
type MetricKind string

// The types, spelt as the platform does.
const (
	FailedTasks      MetricKind = "failtask"
	SucceededTasks   MetricKind = "successtask"
	FailedIntents    MetricKind = "failintent"
	SucceededIntents MetricKind = "successintent"
	Unhandled        MetricKind = "unhandledutterance"
	NodeRuns         MetricKind = "performance"
)

// MetricKinds are all types there are.
func MetricKinds() []MetricKind {
	return []MetricKind{FailedTasks, SucceededTasks, FailedIntents, SucceededIntents, Unhandled, NodeRuns}
}

// Metric is one row of the platform's metrics (reference 31.2). Which fields are
// set depends on its kind: rows of NodeRuns name a node and how long it ran and
// no session, the others name a session and mostly an utterance.
type Metric struct {
	ID        string // hash of the row, made here
	Kind      MetricKind
	At        time.Time
	Session   SessionID
	Joined    JoinedBy // how a row without a session was linked to one
	Message   MessageID
	User      UserID
	ChannelID string // the user's identity at the channel
	Channel   string
	Language  string
	Task      string
	TaskID    string

	// Of NodeRuns.
	Node     string
	NodeType string // service, script, generativeai, aiassist…
	Status   string // "success", "failure", as sent
	Code     string // a number or a word, as sent
	Took     Maybe[time.Duration]
	APITook  Maybe[time.Duration] // the part that the called service took

	// Of the others.
	Utterance string
	Intent    string
	Ambiguous Maybe[bool]
	Reason    string // why a task failed
	Point     string // where in the task it failed

	// Raw is the row as it came without the platform's language analysis, which
	// is hundreds of kilobytes a row.
	Raw        json.RawMessage
	Unreadable string
}

// Failed reports a run of a node that did not succeed.
func (m Metric) Failed() bool {
	switch m.Status {
	case "success", "Success", "SUCCESS", "":
		return len(m.Code) == 3 && (m.Code[0] == '4' || m.Code[0] == '5')
	}
	return true
}

// MetricQuery asks for the rows of one kind that were written in a window.
type MetricQuery struct {
	Bot    BotID // whose rows; "" for the bot of the credential
	Kind   MetricKind
	Window Window
	// Channels are names of channels with commas between; "" asks for all that
	// are known here, because the platform's own default is web chat alone.
	Channels  string
	Developer bool // rows of developers' sessions in place of customers'
	Limit     int  // rows wanted, newest first; 0 for all
}

// ChangeEntry is one entry of the bot's change log (reference 31.3).
type ChangeEntry struct {
	ID           string
	At           time.Time
	Message      string
	ResourceType string // stream, dialog, prompt…
	ResourceID   string
	// User is who did it; Email is their address. Both are personal data.
	User, Email string
	Raw         json.RawMessage
	Unreadable  string
}

// ChangeQuery asks for the entries of a window; the platform takes whole days.
type ChangeQuery struct {
	Window Window
	Limit  int // entries wanted, newest first; 0 for all
}

// MetricSource reads the platform's metrics and the bot's change log.
type MetricSource interface {
	Metrics(ctx context.Context, q MetricQuery, lane Lane) iter.Seq2[Page[Metric], error]
	Changes(ctx context.Context, q ChangeQuery, lane Lane) iter.Seq2[Page[ChangeEntry], error]
}
