package kore

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"korescope/api"
)

// decodeMessage reads one row of any of the message calls (reference 8.5, 8.7,
// 8.8).
func decodeMessage(raw json.RawMessage) api.Message {
	m := api.Message{Raw: slices.Clone(raw)}
	r, ok := readRow(raw)
	if !ok {
		m.ID = api.MessageID("row-" + digest(string(raw)))
		m.Unreadable = "the row is not an object"
		return m
	}
	m.Session = api.SessionID(r.text("sessionId"))
	m.User = api.UserID(r.text("createdBy", "userId"))
	m.Bot = api.BotID(r.text("botId"))
	m.Direction = directionOf(r.text("type"))
	m.Status, m.TraceID, m.Language = r.text("status"), r.text("traceId"), r.text("lang")
	m.Tags = r.sub("tags").tags("messageTags")
	m.Stamp = r.long("timestampValue").Value
	m.Channel, m.ChannelID = channelOf(r)
	m.Time, ok = r.time("createdOn", "timestamp")
	if !ok {
		m.Unreadable = "createdOn is not a time"
	}
	if m.Time.IsZero() && m.Stamp > 0 {
		m.Time = time.UnixMilli(m.Stamp).UTC()
	}
	f := foldComponents(r, m.Direction)
	f.finish(&m, r.sub("author"))
	m.ID = api.MessageID(r.text("_id", "messageId"))
	if m.ID == "" {
		// The flat shape has no id: time, direction and text stand for it.
		m.ID = api.MessageID("row-" + digest(string(m.Session), stamp(m.Time), string(m.Direction), m.Text))
	}
	return m
}

func directionOf(kind string) api.Direction {
	switch strings.ToLower(kind) {
	case "incoming":
		return api.FromUser
	case "ctrlmsg":
		return api.Control
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

// finish decides what the message is, now that all its parts are read.
func (f *fold) finish(m *api.Message, author row) {
	m.Text = strings.Join(f.lines, "\n")
	m.Options, m.Template = f.options, f.template
	m.Kind = f.kind()
	who := strings.ToUpper(author.text("type"))
	switch {
	case m.Direction == api.Control, who == "EVENT", m.Direction == api.FromUser && nobodyTyped(m.Text):
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
}

// nobodyTyped knows the pseudo-messages of the voice channels.
func nobodyTyped(text string) bool {
	switch strings.TrimSpace(text) {
	case "MAX_NO_INPUT", "MAX_NO_MATCH", "Welcome Task":
		return true
	}
	return false
}
