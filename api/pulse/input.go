package pulse

import (
	"slices"
	"strings"
	"time"

	"korescope/api"
)

// Part is one of the things a pulse is made of.
type Part string

// The parts.
const (
	Now        Part = "sessions"
	DayBefore  Part = "sessions a day before"
	WeekBefore Part = "sessions a week before"
	Nodes      Part = "node runs"
	Tasks      Part = "failed tasks"
	Changes    Part = "change log"
	Calls      Part = "LLM calls"
	Messages   Part = "messages"
)

// Parts are all of them, in the order in which they are read: numbers come after
// the first three.
func Parts() []Part {
	return []Part{Now, DayBefore, WeekBefore, Changes, Nodes, Tasks, Calls, Messages}
}

// Reading is how far a part was read.
type Reading struct {
	Began bool // something came
	Whole bool // all of it came
	Needs string
}

// Input is what was read. Lists need no order.
type Input struct {
	Window   api.Window
	Sessions []api.Session
	// Day and Week are the sessions of the same hours one and seven days before.
	Day, Week []api.Session
	Messages  map[api.SessionID][]api.Message
	Tails     map[api.SessionID]Tail // of those that were looked at whole
	Calls     []api.LLMCall          // linked to sessions
	Nodes     []api.Metric           // likewise
	Tasks     []api.Metric
	Changes   []api.ChangeEntry
	Read      map[Part]Reading
}

// Talks are the conversations with what is known of them, in the order of the
// sessions.
func (in Input) Talks() []Talk {
	calls := map[api.SessionID][]api.LLMCall{}
	for _, c := range in.Calls {
		calls[c.Session] = append(calls[c.Session], c)
	}
	rows := map[api.SessionID][]api.Metric{}
	for _, m := range slices.Concat(in.Nodes, in.Tasks) {
		rows[m.Session] = append(rows[m.Session], m)
	}
	out := make([]Talk, len(in.Sessions))
	for i, s := range in.Sessions {
		out[i] = Talk{Session: s, Messages: in.Messages[s.ID], Calls: calls[s.ID], Rows: rows[s.ID], Tail: in.Tails[s.ID]}
	}
	return out
}

// cases are the closed sessions with what they are like, oldest first.
func (in Input) cases() []Case {
	var out []Case
	for _, t := range in.Talks() {
		s := t.Session
		if s.Open() || s.Start.IsZero() {
			continue // how it ends is not known yet
		}
		out = append(out, Case{ID: string(s.ID), At: s.Start, Failed: s.Containment == api.DropOff, Features: t.Features()})
	}
	slices.SortStableFunc(out, func(a, b Case) int { return a.At.Compare(b.At) })
	return out
}

// marks are the changes of the log and those that are seen in the data itself.
func (in Input) marks() []Mark {
	var out []Mark
	for _, c := range in.Changes {
		if !c.At.IsZero() {
			out = append(out, Mark{At: c.At, Words: c.Message, ID: c.ID})
		}
	}
	var seen switches
	for _, s := range in.Sessions {
		for _, t := range slices.Concat(s.SessionTags, s.UserTags) {
			if v := tagText(t); v != "" {
				seen.see("tag "+t.Name, strings.TrimPrefix(v, t.Name+"="), s.Start)
			}
		}
	}
	for _, c := range in.Calls {
		seen.see("model of "+c.Prompt, c.Model, c.Start)
	}
	return append(out, seen.marks()...)
}

// switches finds values that took the place of others.
type switches struct {
	by map[string]map[string][]time.Time
}

func (w *switches) see(name, value string, at time.Time) {
	if value == "" || at.IsZero() {
		return
	}
	if w.by == nil {
		w.by = map[string]map[string][]time.Time{}
	}
	if w.by[name] == nil {
		w.by[name] = map[string][]time.Time{}
	}
	w.by[name][value] = append(w.by[name][value], at)
}

// leastBefore is how often the old value was met before the new one took its
// place for good: a value that comes and goes is no change.
const leastBefore = 5

func (w *switches) marks() []Mark {
	var out []Mark
	for name, values := range w.by {
		if len(values) != 2 {
			continue // not one in the place of another
		}
		var words []string
		for v := range values {
			words = append(words, v)
			slices.SortFunc(values[v], time.Time.Compare)
		}
		slices.SortFunc(words, func(a, b string) int { return values[a][0].Compare(values[b][0]) })
		before, after := values[words[0]], values[words[1]]
		if len(before) < leastBefore || len(after) < 2 || before[len(before)-1].After(after[0]) {
			continue
		}
		out = append(out, Mark{At: after[0], Words: name + " " + words[0] + " -> " + words[1]})
	}
	return out
}
