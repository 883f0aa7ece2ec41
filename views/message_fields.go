package views

import (
	"cmp"
	"time"

	"korescope/api"
	"korescope/ui/text"
)

// MessageFields is the record of `messages`: keys, order and columns.
func MessageFields() []Field[api.Message] {
	type message = api.Message
	return []Field[message]{
		IDField("messageId", Layout{Title: text.Lit("MESSAGE"), Min: 10, Ideal: 39}, func(m message) api.MessageID { return m.ID }),
		IDField("sessionId", Layout{Title: text.Lit("SESSION"), Min: 10, Ideal: 24, At140: 5},
			func(m message) api.SessionID { return m.Session }),
		UserField("userId", Layout{Title: text.Lit("USER"), Min: 10, Ideal: 20}, func(m message) api.UserID { return m.User }),
		OwnField("direction", Layout{Title: text.Lit("WHO"), Min: 5, Ideal: 5, At80: 2, At140: 2},
			func(m message) api.Direction { return m.Direction }).As(showSpeaker),
		TimeField("time", Layout{Title: text.Lit("TIME"), Min: 8, Ideal: 12, At80: 1, At140: 1},
			func(m message) time.Time { return m.Time }).By(MessageOrder),
		WordField("channel", Layout{Title: text.Lit("CH"), Min: 3, Ideal: 8, At140: 6}, func(m message) string { return m.Channel }),
		WordField("kind", Layout{Title: text.Lit("KIND"), Min: 4, Ideal: 8, At140: 3}, func(m message) api.MessageKind { return m.Kind }),
		WordField("text", Layout{Title: text.Lit("TEXT"), Min: 20, Grow: 3, At80: 3, At140: 4},
			func(m message) string { return m.Text }).As(MessageLine),
		ListField("options", Layout{Title: text.Lit("OPTIONS"), Min: 8, Ideal: 30, Grow: 1},
			func(m message) []string { return optionTitles(m.Options) }).As(showOptions).By(nil),
		IDField("traceId", Layout{Title: text.Lit("TRACE"), Min: 8, Ideal: 36}, func(m message) string { return m.TraceID }),
		WordField("language", Layout{Title: text.Lit("LANG"), Min: 2, Ideal: 5}, func(m message) string { return m.Language }),
	}
}

// MessageOrder sorts oldest first: by time, then by the platform's epoch, then
// by id, so that equal times always stand in the same order.
func MessageOrder(a, b api.Message) int {
	return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Stamp, b.Stamp), cmp.Compare(a.ID, b.ID))
}

// Transcribed reports a message that belongs in a transcript. Control messages
// of the platform do not.
func Transcribed(m api.Message) bool { return m.Direction != api.Control }

func showSpeaker(m api.Message, e Env) Cell {
	if e.Plain {
		return showWord(m.Direction, e.Unmasked())
	}
	return SpeakerBadge(m)
}

func showOptions(m api.Message, e Env) Cell {
	if len(m.Options) == 0 {
		return absent()
	}
	return dim(Outline(m.Options, e))
}

func optionTitles(options []api.Option) []string {
	if len(options) == 0 {
		return nil
	}
	out := make([]string, len(options))
	for i, o := range options {
		out[i] = o.Title
	}
	return out
}
