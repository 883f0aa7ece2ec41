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
			optionTitles).As(showOptions).By(nil),
		IDField("traceId", Layout{Title: text.Lit("TRACE"), Min: 8, Ideal: 36}, func(m message) string { return m.TraceID }),
		WordField("language", Layout{Title: text.Lit("LANG"), Min: 2, Ideal: 5}, func(m message) string { return m.Language }),
		WordField("task", Layout{Title: text.Lit("TASK"), Min: 6, Ideal: 18}, func(m message) string { return m.Task }),
		MillisField("latencyMs", Layout{Title: text.Lit("LAT"), Min: 5, Ideal: 6},
			func(m message) api.Maybe[int64] { return wide(m.Latency.Total) }),
		JSONField("latency", Layout{Title: text.Lit("LATENCY"), Min: 10, Ideal: 34},
			func(m message) any { return latency(m.Latency) }, showLatency),
		CountField("more", Layout{Title: text.Lit("MORE"), Min: 4, Ideal: 4}, moreOf).As(showMore),
	}
}

// moreOf is known of templates only: nothing else has parts.
func moreOf(m api.Message) api.Maybe[int] {
	return api.Maybe[int]{Value: m.More, Known: m.Template != ""}
}

func showMore(m api.Message, e Env) Cell {
	if n := moreOf(m); n.Known {
		return showInt(n, e)
	}
	return absent()
}

// latencyParts is the record of a latency, in ms; keys in the order of the
// contract.
type latencyParts struct {
	ASR   *int `json:"asr"`
	Bot   *int `json:"bot"`
	TTS   *int `json:"tts"`
	Total *int `json:"total"`
}

func latency(l api.Latency) *latencyParts {
	if !l.Known() {
		return nil
	}
	part := func(n api.Maybe[int]) *int {
		if !n.Known {
			return nil
		}
		return &n.Value
	}
	return &latencyParts{ASR: part(l.ASR), Bot: part(l.Bot), TTS: part(l.TTS), Total: part(l.Total)}
}

func wide(n api.Maybe[int]) api.Maybe[int64] {
	return api.Maybe[int64]{Value: int64(n.Value), Known: n.Known}
}

func showLatency(m api.Message, _ Env) Cell {
	if t := LatencyParts(m.Latency); !t.Empty() {
		return dim(t)
	}
	return absent()
}

// LatencyParts says where the time of an answer went: asr 120ms, bot 640ms. Empty
// when nothing was sent.
func LatencyParts(l api.Latency) text.Safe {
	var parts []text.Safe
	for _, p := range []struct {
		name text.Safe
		took api.Maybe[int]
	}{{text.Lit("asr"), l.ASR}, {text.Lit("bot"), l.Bot}, {text.Lit("tts"), l.TTS}, {text.Lit("total"), l.Total}} {
		if p.took.Known {
			parts = append(parts, text.Format("%s %s", p.name, Millis(int64(p.took.Value))))
		}
	}
	return text.Join(", ", parts...)
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

// optionTitles are the words of what a message offers: none is known of one that
// was read.
func optionTitles(m api.Message) []string {
	if len(m.Options) == 0 && (m.Unreadable != "" || m.Kind == "") {
		return nil
	}
	out := make([]string, len(m.Options))
	for i, o := range m.Options {
		out[i] = o.Title
	}
	return out
}
