package views

import (
	"cmp"

	"korescope/api"
	"korescope/ui/text"
)

// MessageFields is the record of `messages`: keys, order and columns.
func MessageFields() []Field[api.Message] {
	return append(messageIdentity(), messageContent()...)
}

func messageIdentity() []Field[api.Message] {
	return []Field[api.Message]{
		{
			Name: "messageId", Title: text.Lit("MESSAGE"), Min: 10, Ideal: 39,
			Show:    func(m api.Message, e Env) Cell { return showID(m.ID, e) },
			Value:   func(m api.Message) any { return word(m.ID) },
			Compare: func(a, b api.Message) int { return cmp.Compare(a.ID, b.ID) },
		},
		{
			Name: "sessionId", Title: text.Lit("SESSION"), Min: 10, Ideal: 24, At140: 5,
			Show:    func(m api.Message, e Env) Cell { return showID(m.Session, e) },
			Value:   func(m api.Message) any { return word(m.Session) },
			Compare: func(a, b api.Message) int { return cmp.Compare(a.Session, b.Session) },
		},
		{
			Name: "userId", Title: text.Lit("USER"), Min: 10, Ideal: 20,
			Show:    func(m api.Message, e Env) Cell { return showUser(m.User, e) },
			Value:   func(m api.Message) any { return word(m.User) },
			Compare: func(a, b api.Message) int { return cmp.Compare(a.User, b.User) },
		},
		{
			Name: "direction", Title: text.Lit("WHO"), Min: 5, Ideal: 5, At80: 2, At140: 2,
			Show:    showSpeaker,
			Value:   func(m api.Message) any { return word(m.Direction) },
			Compare: func(a, b api.Message) int { return cmp.Compare(a.Direction, b.Direction) },
		},
		{
			Name: "time", Title: text.Lit("TIME"), Min: 8, Ideal: 12, At80: 1, At140: 1,
			Show:    func(m api.Message, e Env) Cell { return plain(Moment(m.Time, e)) },
			Value:   func(m api.Message) any { return moment(m.Time) },
			Compare: MessageOrder,
		},
		{
			Name: "channel", Title: text.Lit("CH"), Min: 3, Ideal: 8, At140: 6,
			Show:    func(m api.Message, _ Env) Cell { return showWord(m.Channel) },
			Value:   func(m api.Message) any { return word(m.Channel) },
			Compare: func(a, b api.Message) int { return cmp.Compare(a.Channel, b.Channel) },
		},
	}
}

func messageContent() []Field[api.Message] {
	return []Field[api.Message]{
		{
			Name: "kind", Title: text.Lit("KIND"), Min: 4, Ideal: 8, At140: 3,
			Show:    func(m api.Message, _ Env) Cell { return showWord(m.Kind) },
			Value:   func(m api.Message) any { return word(m.Kind) },
			Compare: func(a, b api.Message) int { return cmp.Compare(a.Kind, b.Kind) },
		},
		{
			Name: "text", Title: text.Lit("TEXT"), Min: 20, Grow: 3, At80: 3, At140: 4,
			Show:    func(m api.Message, _ Env) Cell { return MessageLine(m) },
			Value:   func(m api.Message) any { return word(m.Text) },
			Compare: func(a, b api.Message) int { return cmp.Compare(a.Text, b.Text) },
		},
		{
			Name: "options", Title: text.Lit("OPTIONS"), Min: 8, Ideal: 30, Grow: 1,
			Show:  showOptions,
			Value: func(m api.Message) any { return list(optionTitles(m.Options)) },
		},
		{
			Name: "traceId", Title: text.Lit("TRACE"), Min: 8, Ideal: 36,
			Show:    func(m api.Message, e Env) Cell { return showID(m.TraceID, e) },
			Value:   func(m api.Message) any { return word(m.TraceID) },
			Compare: func(a, b api.Message) int { return cmp.Compare(a.TraceID, b.TraceID) },
		},
		{
			Name: "language", Title: text.Lit("LANG"), Min: 2, Ideal: 5,
			Show:    func(m api.Message, _ Env) Cell { return showWord(m.Language) },
			Value:   func(m api.Message) any { return word(m.Language) },
			Compare: func(a, b api.Message) int { return cmp.Compare(a.Language, b.Language) },
		},
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

func showID[S ~string](id S, e Env) Cell {
	switch {
	case id == "":
		return absent()
	case e.Plain:
		return plain(text.Clean(string(id)))
	}
	return plain(ShortID(id))
}

func showSpeaker(m api.Message, e Env) Cell {
	if e.Plain {
		return showWord(m.Direction)
	}
	return SpeakerBadge(m)
}

func showOptions(m api.Message, _ Env) Cell {
	if len(m.Options) == 0 {
		return absent()
	}
	return dim(Outline(m.Options))
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
