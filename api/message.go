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
	Time      time.Time // createdOn; timestampValue where Stamped
	Stamp     int64     // timestampValue, epoch ms; only a tie-break
	// Stamped: createdOn is missing or no time, so Time is timestampValue, which
	// may be milliseconds to days off.
	Stamped   bool
	Channel   string
	ChannelID string // the user's identity at the channel, when sent
	Kind      MessageKind
	Text      string   // readable: title, text, spoken words; links cut to their host
	Template  string   // template_type, when the text was a template
	Options   []Option // buttons and quick replies in order
	// More counts the parts of a template that Text and Options do not show.
	More     int
	Task     string  // tN: the task that spoke
	Latency  Latency // of bot messages
	Agent    string  // name of the person at the desk, when sent
	TraceID  string
	Language string
	Status   string
	Tags     []Tag // message tags
	AltText  []Tag // captions of pressed buttons and the like (tags.altText)

	Raw json.RawMessage
	// Fault names a field that could not be read; the rest of the row holds.
	Fault string
	// Unreadable says why the row as a whole could not be understood.
	Unreadable string
}

// Latency is how long the platform took for a bot message, in milliseconds
// (reference 8.5): speech recognition, bot, speech synthesis. What was not sent
// is not known; nothing is added up here.
type Latency struct {
	Total, ASR, Bot, TTS Maybe[int]
}

// Known reports that anything was sent.
func (l Latency) Known() bool { return l.Total.Known || l.ASR.Known || l.Bot.Known || l.TTS.Known }

// MessageQuery asks for all messages of some sessions. Window should come from
// the sessions' times; when zero it is chosen from the ids. The reader widens
// it, since 2 to 11 % of the messages lie outside their session's own range.
type MessageQuery struct {
	Bot      BotID // of all the sessions; "" for the bot of the credential
	Sessions IDList
	Window   Window
	// Bare sends the ids alone, without dates and without a page: what is left to
	// try when sessions that have messages came back empty.
	Bare bool
}

// CallQuery asks for what was said in one call of a voice channel, by the call's
// external id (reference 8.7). The rows name neither themselves nor a session.
type CallQuery struct {
	Bot    BotID // "" for the bot of the credential
	CallID string
	Window Window
}

// UserQuery asks for everything one user said (messages-lite, reference 8.8).
type UserQuery struct {
	Bot    BotID // "" for the bot of the credential
	User   UserID
	Window Window
	Limit  int
}
