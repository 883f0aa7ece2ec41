package payload

import (
	"strings"

	"korescope/api"
)

// Message is one message of a model call in reading order.
type Message struct {
	Role string // system, user, assistant, tool, or the provider's own word
	Name string // of a tool or a speaker, when one was sent
	Kind Kind
	// Text is as sent; pieces of one message joined, calls of tools as
	// name(arguments), what is no text as JSON in one line. May be empty.
	Text string
}

// Setting is one member of a request that is no message.
type Setting struct{ Name, Value string }

// Reading is what request and response of one call tell. The zero value tells
// nothing.
type Reading struct {
	Asked    []Message
	Answer   []Message // all of several answers, in the order sent
	Settings []Setting // in the order sent
	Finish   string    // the provider's own word; "" when none was found
	Problem  string    // why the call needs a look, in the words of the contract; "" for none

	// In and Out are the provider's own counts of tokens.
	In, Out api.Maybe[int]

	// AskedKnown and AnswerKnown say that the payloads were understood: when
	// false only the tree tells the truth.
	AskedKnown, AnswerKnown bool
	WantsJSON               bool // the request asks for JSON
	Reasoned                bool // the model thought aloud

	worst int // which of several answers decides
	said  string
}

// Read reads the payloads of a call. What it says about the call as a whole takes
// the status of the row and its guardrails into account as well.
func Read(c api.LLMCall) Reading {
	q, a := readRequest(c.Request), readAnswer(c.Response)
	r := Reading{
		Asked: q.said, Settings: q.settings, AskedKnown: q.known, WantsJSON: q.wantsJSON,
		AnswerKnown: a.known || a.fault != nil || a.blocked != "",
		In:          api.Maybe[int]{Value: a.in.n, Known: a.in.ok}, Out: api.Maybe[int]{Value: a.out.n, Known: a.out.ok},
	}
	r.answered(a)
	r.judge(c, q, a)
	return r
}

// Said is the answer as text: what was said and which tools were called, of
// several answers the one that decides. "" when there is none.
func (r Reading) Said() string { return r.said }

// answered lays the answers out as messages.
func (r *Reading) answered(a *answer) {
	r.worst = a.worst()
	for i, c := range a.choices {
		if i == r.worst {
			r.Finish = firstOf(c.ends, a.ends)
			var said []string
			for _, p := range c.parts {
				if p.kind != Reasoning {
					said = append(said, p.String())
				}
			}
			r.said = strings.Join(said, separator(c.parts))
		}
		role := "assistant"
		if a.scan != nil && a.literal {
			role = "guardrail"
		}
		for _, m := range messages(role, "", c.parts, separator(c.parts)) {
			r.Reasoned = r.Reasoned || m.Kind == Reasoning
			r.Answer = append(r.Answer, m)
		}
	}
	if a.blocked != "" && r.Finish == "" {
		r.Finish = a.blocked
	}
	if a.fault != nil {
		r.Answer = append(r.Answer, Message{Role: "error", Kind: Other, Text: a.fault.text})
	}
}

// separator stands between the pieces of an answer: texts continue each other,
// anything else stands on a line of its own.
func separator(parts []part) string {
	for _, p := range parts {
		if p.kind != Words && p.kind != Reasoning {
			return "\n"
		}
	}
	return ""
}

// messages makes a message of pieces; what was thought stands apart, before it.
func messages(role, name string, parts []part, sep string) []Message {
	var thought, said []string
	kind := Words
	for i, p := range parts {
		if p.kind == Reasoning {
			thought = append(thought, p.text)
			continue
		}
		if i == len(parts)-1 || p.kind == Refusal {
			kind = p.kind
		}
		said = append(said, p.String())
	}
	var out []Message
	if len(thought) > 0 {
		out = append(out, Message{Role: "reasoning", Kind: Reasoning, Text: strings.Join(thought, sep)})
	}
	if len(said) > 0 || len(thought) == 0 && sep == "\n" && len(parts) == 0 {
		out = append(out, Message{Role: role, Name: name, Kind: kind, Text: strings.Join(said, sep)})
	}
	return out
}
