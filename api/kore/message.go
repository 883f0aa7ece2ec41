package kore

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"korescope/api"
)

// MessageReading is the version of [DecodeMessage]. It rises when more is read out
// of a row, so that rows that are kept can be read anew.
const MessageReading = 2

// madeID begins an id that was made here because the platform sent none.
const madeID = "row-"

// DecodeMessage reads one row of any of the message calls as it came.
func DecodeMessage(raw json.RawMessage) api.Message { return decodeMessage(raw) }

// decodeMessage reads one row of any of the message calls (reference 8.5, 8.7,
// 8.8).
func decodeMessage(raw json.RawMessage) api.Message {
	m := api.Message{Raw: slices.Clone(raw)}
	r, ok := readRow(raw)
	if !ok {
		m.ID = api.MessageID(madeID + digest(string(raw)))
		m.Unreadable = "the row is not an object"
		return m
	}
	m.Session = api.SessionID(r.text("sessionId"))
	m.User = api.UserID(r.text("createdBy", "userId"))
	m.Bot = api.BotID(r.text("botId"))
	author := r.sub("author")
	m.Direction = directionOf(r.text("type"), author.text("type"))
	m.Status, m.TraceID, m.Language = r.text("status"), r.text("traceId"), r.text("lang")
	tags := r.sub("tags")
	m.Tags, m.AltText = tags.tags("messageTags"), tags.tags("altText")
	m.Task = r.text("tN", "taskName")
	m.Latency = latencyOf(r.sub("latency"))
	m.Stamp = r.long("timestampValue").Value
	m.Channel, m.ChannelID = channelOf(r)
	m.Time, ok = r.time("createdOn", "timestamp")
	if !ok {
		m.Fault = "createdOn is not a time"
	}
	if m.Time.IsZero() && m.Stamp > 0 {
		if at := time.UnixMilli(m.Stamp).UTC(); sane(at) {
			m.Time, m.Stamped = at, true
		}
	}
	f := foldComponents(r, m.Direction)
	f.finish(&m, author)
	m.ID = api.MessageID(r.text("_id", "messageId"))
	if m.ID == "" {
		// The flat shape has no id: time, direction and text stand for it.
		m.ID = api.MessageID(madeID + digest(string(m.Session), stamp(m.Time), string(m.Direction), m.Text))
	}
	return m
}

// directionOf reads who spoke from the row's type; author says it where the type
// does not.
func directionOf(kind, author string) api.Direction {
	switch strings.ToLower(kind) {
	case "incoming":
		return api.FromUser
	case "ctrlmsg":
		return api.Control
	case "":
		if strings.EqualFold(author, "USER") {
			return api.FromUser
		}
	}
	return api.FromBot
}

func channelOf(r row) (name, id string) {
	name = r.text("chnl", "channel")
	for _, raw := range r.list("channels") {
		c, ok := readRow(raw)
		if !ok {
			continue
		}
		if name == "" {
			name = c.text("type")
		}
		if id == "" {
			id = c.text("channelUId")
		}
	}
	return name, id
}

// latencyOf reads how long the parts of an answer took (reference 8.5). The
// page's table prints the names with a dot inside; the sample's are the wire's.
func latencyOf(r row) api.Latency {
	part := func(name string) api.Maybe[int] { return r.sub(name).number("durationMs", "duration.Ms") }
	return api.Latency{Total: r.number("totalMs", "total.Ms"), ASR: part("asr"), Bot: part("bot"), TTS: part("tts")}
}

// finish decides what the message is, now that all its parts are read.
func (f *fold) finish(m *api.Message, author row) {
	m.Text = strings.Join(f.lines, "\n")
	m.Options, m.Template, m.More = f.options, f.template, f.more
	m.Kind = f.kind()
	who := strings.ToUpper(author.text("type"))
	switch {
	case m.Direction == api.Control, who == "EVENT", m.Direction == api.FromUser && nobodyTyped(m.Text, m.Channel):
		m.Kind = api.KindEvent
	case m.Kind == api.KindEmpty && who == "FORM":
		m.Kind = api.KindForm
	}
	if who == "FORM" && m.Text == "" {
		if name := author.text("formName"); name != "" {
			m.Text = "[form: " + name + "]"
		}
	}
	// Never guessed: the message itself must say that a person wrote it.
	if m.Direction == api.FromBot && (f.agent || strings.Contains(who, "AGENT")) {
		m.Direction = api.FromAgent
	}
	if m.Direction == api.FromAgent {
		m.Agent = agentName(author)
	}
}

// agentName is the name of the person at the desk, where it is sent.
func agentName(author row) string {
	if name := author.text("name", "agentName", "displayName", "fullName", "nickName"); name != "" {
		return name
	}
	return strings.TrimSpace(author.text("firstName") + " " + author.text("lastName"))
}
