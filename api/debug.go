package api

import (
	"encoding/json"
	"time"
)

// LogQuery asks for the debug logs of one identity (reference 16).
type LogQuery struct {
	Bot      BotID  // whose log; "" for the bot of the credential
	Identity string // user or call identity at the channel
	Channel  string // rtm when empty
	Window   Window // zero for all that is kept
	Limit    int    // 0 for all
	Detail   bool   // with debugDetail, which may be very long
}

// DebugLine is one line of the engine's log.
type DebugLine struct {
	ID       string // made here: hash of the row
	Time     time.Time
	Level    string // lower case: info, warning, error, debug
	Title    string // the node
	Message  string
	Detail   json.RawMessage // any JSON, also a string; nil when absent
	Channel  string
	Identity string
	Session  SessionID // when the identity or the detail names it, else ""
	Joined   JoinedBy  // how it was linked to a session; set by JoinLines only

	Raw        json.RawMessage
	Unreadable string
}

// Bad reports a line that needs a look.
func (d DebugLine) Bad() bool {
	return d.Level == "error" || d.Level == "fatal" || d.Level == "critical" || d.Unreadable != ""
}

// Lost reports a row of which nothing can be used.
func (d DebugLine) Lost() bool {
	return d.Unreadable != "" && d.Title == "" && d.Message == "" && d.Detail == nil
}
