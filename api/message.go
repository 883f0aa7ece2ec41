package api

import (
	"encoding/json"
	"time"
)

// Direction says who spoke. Agent is claimed only when the message itself says
// that a person at the desk wrote it, never guessed.
type Direction string

// The directions of a message.
const (
	FromUser  Direction = "user"
	FromBot   Direction = "bot"
	FromAgent Direction = "agent"
	Control   Direction = "control" // internal control messages; hidden in transcripts
)

// MessageKind is what a message is made of.
type MessageKind string

// The kinds of message. Event is a pseudo-message that nobody typed
// ("MAX_NO_INPUT", "Welcome Task") or that the engine produced.
const (
	KindText     MessageKind = "text"
	KindTemplate MessageKind = "template"
	KindForm     MessageKind = "form"
	KindVoice    MessageKind = "voice" // a command for the voice gateway or SSML
	KindMedia    MessageKind = "media"
	KindEvent    MessageKind = "event"
	KindEmpty    MessageKind = "empty"
)

// Option is one choice that a template offers.
type Option struct {
	Title string
	// Value is what choosing it sends: a payload, or the host of a link. The
	// rest of a link is dropped, because it may hold a token.
	Value string
}

// Message is one message of a conversation (reference 8.5), its components
// folded into one readable text.
type Message struct {
	ID        MessageID
	Session   SessionID
	User      UserID // the end user, also on outgoing messages
	Bot       BotID
	Direction Direction
	Time      time.Time // createdOn
	Stamp     int64     // timestampValue, epoch ms; only a tie-break
	Channel   string
	ChannelID string // the user's identity at the channel, when sent
	Kind      MessageKind
	Text      string   // readable: title, text, spoken words; links cut to their host
	Template  string   // template_type, when the text was a template
	Options   []Option // buttons and quick replies in order
	TraceID   string
	Language  string
	Status    string
	Tags      []Tag // message tags

	Raw        json.RawMessage
	Unreadable string
}

// MessageQuery asks for all messages of some sessions. Window should come from
// the sessions' times; when zero it is chosen from the ids. The reader widens
// it, since 2 to 11 % of the messages lie outside their session's own range.
type MessageQuery struct {
	Sessions IDList
	Window   Window
}

// UserQuery asks for everything one user said (messages-lite, reference 8.8).
type UserQuery struct {
	User   UserID
	Window Window
	Limit  int
}
