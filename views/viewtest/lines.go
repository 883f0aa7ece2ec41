package viewtest

import (
	"encoding/json"
	"fmt"
	"time"

	"korescope/api"
)

// LogName is the user's identity at the channel in the invented conversation.
const LogName = "pat@example.test"

// Named are the messages with the user's identity at the channel in those that
// the user wrote, as the platform sends it.
func Named(messages []api.Message) []api.Message {
	out := make([]api.Message, len(messages))
	for i, m := range messages {
		if m.Direction == api.FromUser {
			m.ChannelID = LogName
		}
		out[i] = m
	}
	return out
}

// Line is a debug line of the told session, so long after its start.
func Line(after time.Duration, level, node, message string) api.DebugLine {
	at := Told().Start.Add(after)
	raw, err := json.Marshal(map[string]any{
		"timestamp": at.Format(time.RFC3339Nano), "debugTitle": node, "debugLevel": level, "debugMessage": message,
		"nomatch_count": "0", "metaInfo": map[string]string{"channel": "rtm", "identity": LogName},
	})
	if err != nil {
		raw = nil
	}
	return api.DebugLine{
		ID: fmt.Sprintf("ln-%s-%d", node, after.Milliseconds()), Time: at, Level: level, Title: node, Message: message,
		Channel: "rtm", Identity: LogName, Raw: raw,
	}
}

// Lines are the debug lines around Messages and Calls, oldest first: what went
// well, a service that timed out, a model that refused, runs of similar lines, a
// line without words, one that could not be read, one that names the session,
// one of a clock behind, and one of another session.
func Lines() []api.DebugLine {
	sec := func(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
	out := []api.DebugLine{
		Line(sec(-1.2), "info", "Start", "session has started on channel rtm"),
		Line(sec(0.004), "info", "Welcome", "intent node processing is completed"),
		Line(sec(22.002), "info", "Refund", "intent node processing is completed"),
		Line(sec(23), "info", "Ask for the order", "GenAI node processing has started"),
		Line(sec(24.8), "info", "Ask for the order", "GenAI node processing is completed"),
		Line(sec(58.002), "info", "Refund", "entity node is filled with 40718"),
	}
	for i := range 12 {
		out = append(out, Line(sec(59.05+float64(i)*1.1), "debug", "Gateway", fmt.Sprintf("keep-alive %d of the stream 7f3a-%02d", i+1, i)))
	}
	named := Line(sec(73.95), "info", "Ask for the order", "GenAI node processing is completed")
	named.Session = Told().ID
	silent := Line(sec(75), "info", "Refund", "")
	silent.Detail = json.RawMessage(`"message node processing is completed"`)
	other := Line(sec(80), "error", "Elsewhere", "line of another session")
	other.Session = SessionRoom(8)
	broken := Line(sec(130), "info", "Refund", "")
	broken.Unreadable = "timestamp is not a time"
	return append(out,
		named, silent, other,
		Line(sec(100.3), "info", "GetOrder", "service node is called"),
		Line(sec(109.8), "error", "GetOrder", "GetOrder timeout: no answer within 9500 ms (ETIMEDOUT)"),
		Line(sec(112.8), "error", "Ask for the order", "model call failed with status 429"),
		Line(sec(122.8), "warning", "Ask for the order", "model answer ended at max_tokens 4096, it is no valid JSON"),
		broken,
		Line(sec(252.4), "info", "End", "session is closed"),
	)
}

// Detailed is the line with the context of the engine.
func Detailed(l api.DebugLine) api.DebugLine {
	l.Detail = json.RawMessage(`{"title":" ","updatedContext":{"bot":"RetailBot","currentTask":"Refund","serviceStatus":504,` +
		`"session":{"UserContext":{"name":"Pat Lind","emailId":"pat@example.test","phoneNumber":"+46 70 5550 1234"},` +
		`"EnterpriseContext":{"authToken":"not-a-real-token"}},"history":[{"intent":"refund","state":"resolved"},{"intent":"track"}]}}`)
	return l
}

// HostileLines are debug lines whose every text tries something.
func HostileLines() []api.DebugLine {
	var out []api.DebugLine
	for i, word := range Hostile() {
		l := Line(time.Duration(i)*time.Second, []string{"info", "error", word}[i%3], word, word)
		l.Detail, l.Channel = HostilePayload(word), word
		if i%5 == 4 {
			l.Unreadable = word
		}
		out = append(out, l)
	}
	return out
}
