package verdict

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"korescope/api"
)

// Layers says which parts of a conversation were read.
type Layers uint8

// The layers.
const (
	Messages Layers = 1 << iota
	Calls
	Lines
)

// Evidence is what is known of one conversation. Calls and lines must be joined
// to the session already; all lists are oldest first.
type Evidence struct {
	Session  api.Session
	Messages []api.Message
	Calls    []api.LLMCall
	Lines    []api.DebugLine
	Read     Layers
}

// Kind is what a link of the chain is.
type Kind string

// The kinds of link, as they stand in a filter (why:service).
const (
	Service     Kind = "service"   // a service timed out or failed
	Guardrail   Kind = "guardrail" // a guardrail stepped in
	Refused     Kind = "refused"   // the model or its content filter refused
	ModelFailed Kind = "model"     // the model's provider failed, or gave nothing usable
	Cut         Kind = "cut"       // the answer was cut at its limit of tokens
	Engine      Kind = "engine"    // the bot's engine reported an error
	NotCaught   Kind = "intent"    // what the user said was not understood
	Repeated    Kind = "repeated"  // the bot said the same thing again
	Person      Kind = "person"    // the user asked for a person, or was handed to one
	NoAnswer    Kind = "no answer" // nothing came after the user's last words
	Waited      Kind = "wait"      // the user left after a long wait
	Left        Kind = "left"      // the user left
	NoFault     Kind = "no fault"  // nothing that the rules know was seen
	Unread      Kind = "not read"  // nothing of the conversation is here
)

// Place is where a link can be seen; one of the three is set, or none.
type Place struct {
	Message api.MessageID
	Call    api.CallID
	Line    string // api.DebugLine.ID
}

// Link is one cause, or the end, of a conversation.
type Link struct {
	Kind    Kind
	At      time.Time // of the first, zero when the platform gave no time
	Count   int       // how often, one after another; at least 1
	Words   string    // "GetOrder timed out (10 s)", without the count
	Subject string    // what it is about: a service, a prompt, a folded bot turn
	Place   Place     // of the first
}

// Fault reports a link that names something wrong, not merely how it ended.
func (l Link) Fault() bool {
	switch l.Kind {
	case Person, Left, NoFault, Unread:
		return false
	}
	return true
}

// Text is the link in words: "GetOrder timed out 2x (10 s)".
func (l Link) Text() string {
	if l.Count < 2 {
		return l.Words
	}
	head, detail, has := strings.Cut(l.Words, " (")
	times := head + " " + itoa(l.Count) + "x"
	if has {
		return times + " (" + detail
	}
	return times
}

// Verdict is the chain of a conversation, oldest link first, its end last. It
// always has a link.
type Verdict struct {
	Links []Link
	// Read is what the verdict rests upon.
	Read Layers
	// Open is true while the conversation goes on: the end is not known yet.
	Open bool
}

// Of looks at a conversation.
func Of(e Evidence) Verdict {
	v := Verdict{Read: e.Read, Open: e.Session.Open()}
	if e.Read == 0 {
		v.Links = []Link{{Kind: Unread, Count: 1, Words: "not read yet"}}
		return v
	}
	seen := look(e)
	for _, r := range rules() {
		v.Links = append(v.Links, r.find(seen)...)
	}
	slices.SortStableFunc(v.Links, func(a, b Link) int {
		return cmp.Or(cmp.Compare(a.Kind.rank(), b.Kind.rank()), compareTimes(a.At, b.At))
	})
	v.Links = fold(v.Links)
	if end, ok := seen.end(v.Fault()); ok {
		v.Links = append(v.Links, end)
	}
	return v
}

// rank keeps ends behind causes whatever the clocks say.
func (k Kind) rank() int {
	switch k {
	case NoAnswer, Waited, Person, Left, NoFault:
		return 1
	}
	return 0
}

func compareTimes(a, b time.Time) int {
	if a.IsZero() || b.IsZero() {
		return 0
	}
	return a.Compare(b)
}

// fold counts links of the same kind and subject once, at the first of them: a
// service that failed at each of three turns is one cause.
func fold(links []Link) []Link {
	var out []Link
	for _, l := range links {
		i := slices.IndexFunc(out, func(o Link) bool { return o.Kind == l.Kind && o.Subject == l.Subject })
		if i < 0 {
			out = append(out, l)
			continue
		}
		out[i].Count += l.Count
	}
	return out
}

// Fault reports that something wrong was seen.
func (v Verdict) Fault() bool { return slices.ContainsFunc(v.Links, Link.Fault) }

// Text is the chain in words, "GetOrder timed out 2x (10 s) > answer cut at 512
// tokens > left".
func (v Verdict) Text() string {
	parts := make([]string, len(v.Links))
	for i, l := range v.Links {
		parts[i] = l.Text()
	}
	return strings.Join(parts, " > ")
}

// Key is the same for conversations that went wrong in the same way: kinds and
// subjects without counts, numbers and names. "" when no fault was seen.
func (v Verdict) Key() string {
	var parts []string
	for _, l := range v.Links {
		if l.Fault() {
			parts = append(parts, string(l.Kind)+":"+l.Subject)
		}
	}
	return strings.Join(parts, " > ")
}

// First is where the chain begins: the place to open a conversation at. False
// when no link has a place.
func (v Verdict) First() (Place, bool) {
	for _, l := range v.Links {
		if l.Fault() && l.Place != (Place{}) {
			return l.Place, true
		}
	}
	return Place{}, false
}
