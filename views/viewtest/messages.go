package viewtest

import (
	"encoding/json"
	"fmt"
	"time"

	"korescope/api"
)

// Told is the session whose conversation Messages and Calls are: it began 13
// minutes before Noon and dropped off.
func Told() api.Session {
	start := Noon().Add(-13 * time.Minute)
	return api.Session{
		ID: SessionRoom(7), Bot: "st-1f6c", User: UserRoom(7), Channel: "rtm",
		Start: start, End: start.Add(4*time.Minute + 12*time.Second), Languages: []string{"en"},
		Kind: api.KindInteractive, Containment: api.DropOff, Status: api.StatusClosed,
		Messages: api.Known(12), Tasks: api.Known(2),
	}
}

// Teller makes messages of a session at a distance from its start.
type Teller struct {
	s api.Session
	n int
}

// NewTeller tells the conversation of a session.
func NewTeller(s api.Session) *Teller { return &Teller{s: s} }

// Say makes the next message.
func (t *Teller) Say(after time.Duration, who api.Direction, kind api.MessageKind, words string) api.Message {
	t.n++
	raw, err := json.Marshal(map[string]any{"type": string(kind), "text": words, "lang": "en"})
	if err != nil {
		raw = nil
	}
	return api.Message{
		ID: api.MessageID(fmt.Sprintf("ms-5b0e%04x-11d2-5c3f-8a77-0000000%05x", t.n, t.n)), Session: t.s.ID, User: t.s.User, Bot: t.s.Bot,
		Direction: who, Time: t.s.Start.Add(after), Stamp: int64(t.n), Channel: t.s.Channel,
		Kind: kind, Text: words, Language: "en", Status: "delivered",
		TraceID: fmt.Sprintf("trace-%02d", t.n), Raw: raw,
	}
}

// Messages are one conversation with everything that can be in one.
func Messages() []api.Message {
	t := NewTeller(Told())
	offer := t.Say(3*time.Second, api.FromBot, api.KindTemplate, "What is it about?")
	offer.Template = "button"
	offer.Options = []api.Option{
		{Title: "Refund", Value: "intent_refund"}, {Title: "Where is my parcel", Value: "intent_track"},
		{Title: "Help pages", Value: "help.example.test"},
	}
	form := t.Say(95*time.Second, api.FromBot, api.KindForm, "")
	form.Template = "form"
	unreadable := t.Say(128*time.Second, api.FromBot, api.KindText, "")
	unreadable.Unreadable = "components is a number"
	control := t.Say(40*time.Second, api.Control, api.KindEvent, "typing")
	return []api.Message{
		t.Say(0, api.FromUser, api.KindEvent, "Welcome Task"),
		t.Say(1*time.Second, api.FromBot, api.KindText, "Hello, this is the shop. 👋 I can help with parcels and refunds."),
		offer,
		t.Say(22*time.Second, api.FromUser, api.KindText, "my parcel never came, I want my money back"),
		t.Say(26*time.Second, api.FromBot, api.KindText, "I am sorry to hear that. Which order is it?"),
		control,
		t.Say(58*time.Second, api.FromUser, api.KindText, "40718"),
		t.Say(75*time.Second, api.FromBot, api.KindText, "Order 40718:\n- kettle, blue\n- filter, set of 3\n- gift card\nIt left the warehouse on Monday.\nThe carrier has not seen it since."),
		t.Say(90*time.Second, api.FromUser, api.KindText, "หมายเลขคำสั่งซื้อ 40718 ครับ"),
		form,
		t.Say(100*time.Second, api.FromUser, api.KindText, "שלום, refund בבקשה"),
		t.Say(110*time.Second, api.FromBot, api.KindVoice, "<speak>One moment <break time=\"2s\"/> please.</speak>"),
		unreadable,
		t.Say(140*time.Second, api.FromAgent, api.KindText, "Hi, this is Robin from the desk. I see the parcel was lost, I will send the money back today."),
		t.Say(252*time.Second, api.FromUser, api.KindEvent, "MAX_NO_INPUT"),
		t.Say(300*time.Second, api.FromBot, api.KindText, "Are you still there?"),
	}
}

// HostileMessages are a conversation whose every text tries something.
func HostileMessages() []api.Message {
	t := NewTeller(Told())
	var out []api.Message
	for i, word := range Hostile() {
		who := []api.Direction{api.FromUser, api.FromBot}[i%2]
		m := t.Say(time.Duration(i)*time.Second, who, api.KindText, word)
		m.Options = []api.Option{{Title: word, Value: word}}
		m.Channel, m.Language, m.TraceID = word, word, word
		if i%4 == 3 {
			m.Options, m.Text, m.Template = nil, "", word
		}
		out = append(out, m)
	}
	return out
}

// ManyMessages are n messages, some of several lines.
func ManyMessages(n int) []api.Message {
	t := NewTeller(Told())
	out := make([]api.Message, n)
	for i := range out {
		who := []api.Direction{api.FromUser, api.FromBot}[i%2]
		words := fmt.Sprintf("message number %d", i+1)
		if i%5 == 4 {
			words += "\nwith a second line\nand a third"
		}
		out[i] = t.Say(time.Duration(i)*time.Second, who, api.KindText, words)
	}
	return out
}
