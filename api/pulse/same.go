package pulse

import (
	"cmp"
	"slices"

	"korescope/api"
)

// Alike is a conversation that went wrong in the same way as another one.
type Alike struct {
	Session api.Session
	// Matched is what the two have in common, what went wrong first.
	Matched []Feature
	// Note is what sets this one apart, "" for nothing.
	Note Note
}

// Note is what sets a conversation apart from one that failed in the same way.
type Note string

// The notes, as they stand in records.
const (
	OnlyLastTurn Note = "only the last bot turn is the same"
	AllTheSame   Note = "finished all the same"
	HandedOver   Note = "handed to a person"
	StillOpen    Note = "still open"
)

// Telling reports a feature by which a failure is known again: what went wrong,
// or, where that was not seen, the turn it ended with. The rest goes with many
// conversations that have nothing in common.
func Telling(f Feature) bool {
	switch f.Kind {
	case Cause, Task, Guard, LastTurn:
		return true
	}
	return false
}

// Recognisable reports features that can be looked for elsewhere.
func Recognisable(list []Feature) bool { return slices.ContainsFunc(list, Telling) }

// Same picks the conversations that share something telling with the features of
// one of them, those that share most of it first, then the newest. self is left
// out. Where the features name a cause, the last bot turn alone does not count:
// every lost conversation of a bot may end in the same words.
func Same(of []Feature, self api.SessionID, talks []Talk) []Alike {
	caused := slices.ContainsFunc(of, cause)
	var out []Alike
	for _, t := range talks {
		if t.Session.ID == self {
			continue
		}
		a := Alike{Session: t.Session}
		for _, f := range t.Features() {
			if slices.Contains(of, f) {
				a.Matched = append(a.Matched, f)
			}
		}
		if caused && !slices.ContainsFunc(a.Matched, cause) || !Recognisable(a.Matched) {
			continue
		}
		slices.SortStableFunc(a.Matched, func(x, y Feature) int { return weight(y) - weight(x) })
		a.Note = note(t.Session, a.Matched)
		out = append(out, a)
	}
	slices.SortStableFunc(out, func(a, b Alike) int {
		return cmp.Or(closeness(b.Matched)-closeness(a.Matched), b.Session.Start.Compare(a.Session.Start))
	})
	return out
}

func cause(f Feature) bool { return Telling(f) && f.Kind != LastTurn }

func weight(f Feature) int {
	switch {
	case cause(f):
		return 2
	case Telling(f):
		return 1
	}
	return 0
}

// closeness counts causes before anything else: a conversation with two of them is
// nearer than one with one and the same last words.
func closeness(list []Feature) int {
	n := 0
	for _, f := range list {
		n += weight(f)
	}
	return n
}

func note(s api.Session, matched []Feature) Note {
	switch {
	case !slices.ContainsFunc(matched, cause):
		return OnlyLastTurn
	case s.Open():
		return StillOpen
	case s.Containment == api.SelfService:
		return AllTheSame
	case s.Containment == api.Agent:
		return HandedOver
	}
	return ""
}
