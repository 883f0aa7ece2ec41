package views

import (
	"encoding/json"
	"time"

	"korescope/api"
	"korescope/ui/text"
)

// The kinds of event on a time line, as records spell them.
const (
	KindMessage = "message"
	KindLLM     = "llm"
	KindDebug   = "debug"
	KindNode    = "node"
	KindChange  = "change"
)

// Event is one record of a time line: exactly one of the five is there.
type Event struct {
	Message *api.Message
	Call    *api.LLMCall
	Line    *api.DebugLine
	Node    *api.Metric
	Change  *api.ChangeEntry
}

// Events are what a transcript is woven of, shown or not, oldest first; those without a time come last.
func (t Transcript) Events() []Event {
	out := make([]Event, 0, len(t.whole))
	for _, r := range t.whole {
		if r.Kind != EndRow {
			out = append(out, Event{Message: r.Message, Call: r.Call, Line: r.Line, Node: r.Node, Change: r.Change})
		}
	}
	return out
}

// Time is when it began; zero when the platform did not say.
func (e Event) Time() time.Time {
	switch {
	case e.Message != nil:
		return e.Message.Time
	case e.Call != nil:
		return e.Call.Start
	case e.Line != nil:
		return e.Line.Time
	case e.Node != nil:
		return e.Node.At
	case e.Change != nil:
		return e.Change.At
	}
	return time.Time{}
}

// Kind is message, llm, debug, node or change.
func (e Event) Kind() string {
	switch {
	case e.Message != nil:
		return KindMessage
	case e.Call != nil:
		return KindLLM
	case e.Node != nil:
		return KindNode
	case e.Change != nil:
		return KindChange
	}
	return KindDebug
}

// Joined says how the event is known to belong to the session. A message names
// its session.
func (e Event) Joined() api.JoinedBy {
	switch {
	case e.Call != nil:
		return e.Call.Joined
	case e.Line != nil:
		return e.Line.Joined
	case e.Node != nil && e.Node.Joined != api.NotJoined:
		return e.Node.Joined
	case e.Node != nil && e.Node.Session != "":
		return api.ByID
	case e.Message != nil && e.Message.Session != "":
		return api.ByID
	}
	return api.NotJoined
}

// TimelineFields is the record of `timeline`: the record of what happened stands
// under the key of its kind, the others are null. Who changed the bot is masked by
// people; nil shows it.
func TimelineFields(people *Masker) []Field[Event] {
	return []Field[Event]{
		TimeField("time", Layout{Title: text.Lit("TIME"), Min: 8, Ideal: 12, At80: 1, At140: 1}, Event.Time),
		OwnField("kind", Layout{Title: text.Lit("KIND"), Min: 5, Ideal: 7, At80: 2, At140: 2}, Event.Kind).By(nil),
		OwnField("joinedBy", Layout{Title: text.Lit("JOINED"), Min: 5, Ideal: 12, At80: 3, At140: 3}, Event.Joined).By(nil),
		within("message", text.Lit("MESSAGE"), 4, MessageFields(), func(v Event) *api.Message { return v.Message },
			MessageLine),
		within("llm", text.Lit("LLM"), 5, LLMFields(), func(v Event) *api.LLMCall { return v.Call },
			func(c api.LLMCall, e Env) Cell { return plain(CallLine(c, e)) }),
		within("debug", text.Lit("DEBUG"), 6, DebugFields(), func(v Event) *api.DebugLine { return v.Line },
			func(d api.DebugLine, e Env) Cell {
				return plain(text.Join("  ", LevelBadge(d, e).Text, showWord(d.Title, e).Text, LineMessage(d, e).Text))
			}),
		within("node", text.Lit("NODE"), 7, MetricFields(), func(v Event) *api.Metric { return v.Node },
			func(m api.Metric, e Env) Cell { return plain(NodeLine(m, e)) }),
		within("change", text.Lit("CHANGE"), 8, ChangeLogFields(people), func(v Event) *api.ChangeEntry { return v.Change },
			func(c api.ChangeEntry, e Env) Cell { return plain(ChangeLine(c, e)) }),
	}
}

// within is a whole record of another kind as one property.
func within[T any](name string, title text.Safe, at int, fields []Field[T], of func(Event) *T, line func(T, Env) Cell) Field[Event] {
	record := func(v Event, e Env) any {
		p := of(v)
		if p == nil {
			return nil
		}
		b, err := Record(fields, *p, e)
		if err != nil {
			return nil
		}
		return json.RawMessage(b)
	}
	return Field[Event]{
		Name: name, Layout: Layout{Title: title, Min: 10, Ideal: 30, Grow: 1, At80: at, At140: at},
		Show: func(v Event, e Env) Cell {
			if p := of(v); p != nil {
				return line(*p, e)
			}
			return absent()
		},
		Value:  func(v Event) any { return record(v, Env{}) },
		masked: record,
	}
}
