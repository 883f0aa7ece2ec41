package api

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Guard says what a row of the model log is beside a model call: guardrails
// write rows of their own, in the same second and for the same user, task and
// node as the call they guard (reference 31.1).
type Guard uint8

// The kinds of row, in the order in which those of one moment happened.
const (
	GuardsInput Guard = iota + 1
	GuardsNothing
	GuardsOutput
)

// Guards tells a guardrail's own row from a model call, by the words that the
// row uses for itself. A guardrail that does not say which side it is on counts
// as one of the input when its answer is judged before any other was given.
func (c LLMCall) Guards() Guard {
	if !c.GuardrailRow() {
		return GuardsNothing
	}
	for _, said := range []string{c.Feature, c.Description, c.Prompt} {
		said = strings.ToLower(said)
		switch in, out := strings.Contains(said, "input"), strings.Contains(said, "output"); {
		case in == out: // neither tells nothing, nor do both
		case in:
			return GuardsInput
		default:
			return GuardsOutput
		}
	}
	return GuardsInput
}

// Key tells model calls apart; those that came without an id by their row.
func (c LLMCall) Key() string {
	if c.ID != "" {
		return string(c.ID)
	}
	return "?" + c.Unreadable + c.Start.String() + string(c.User)
}

// OlderCall sorts oldest first; of one moment the input guardrail comes before
// the call and the output guardrail behind it, then what ended first.
func OlderCall(a, b LLMCall) int {
	return cmp.Or(
		a.Start.Compare(b.Start), cmp.Compare(a.Guards(), b.Guards()),
		a.End.Compare(b.End), cmp.Compare(a.ID, b.ID),
	)
}

// NewerCall is OlderCall the other way round.
func NewerCall(a, b LLMCall) int { return OlderCall(b, a) }

// ArrangeCalls sorts calls newest first, in place. A call and its guardrails
// are written by different clocks: where a second has one call of a user and
// task, its guardrails stand around it whatever their milliseconds say.
func ArrangeCalls(calls []LLMCall) {
	slices.SortStableFunc(calls, NewerCall)
	for from := 0; from < len(calls); {
		to := from + 1
		for to < len(calls) && sameSecond(calls[from].Start, calls[to].Start) {
			to++
		}
		if to-from > 1 {
			arrangeSecond(calls[from:to])
		}
		from = to
	}
}

func sameSecond(a, b time.Time) bool { return !a.IsZero() && a.Unix() == b.Unix() }

// guarded names what guardrail rows share with the call they guard.
type guarded struct {
	session SessionID
	user    UserID
	task    string
}

// arrangeSecond puts the guardrails of a call around it. Where several calls
// could be meant, the times as sent are all there is.
func arrangeSecond(calls []LLMCall) {
	at := map[guarded][]int{}
	for i, c := range calls {
		key := guarded{c.Session, c.User, c.Task}
		at[key] = append(at[key], i)
	}
	for _, places := range at {
		if len(places) < 2 {
			continue
		}
		group := make([]LLMCall, len(places))
		guardedCalls := 0
		for i, place := range places {
			group[i] = calls[place]
			if group[i].Guards() == GuardsNothing {
				guardedCalls++
			}
		}
		if guardedCalls != 1 {
			continue
		}
		slices.SortStableFunc(group, func(a, b LLMCall) int { return cmp.Compare(b.Guards(), a.Guards()) })
		for i, place := range places {
			calls[place] = group[i]
		}
	}
}
