package filter

import (
	"strings"

	"korescope/api"
)

// Split says who applies what.
type Split struct {
	// Containment and User go into the question; zero when not asked for.
	Containment api.Containment
	User        api.UserID
	Call        string // an external call id, which no row carries
	// Platform are the terms that the question carries, Here those applied only
	// to what has been read. All terms but the call are applied here in any case.
	Platform, Here Query
}

// SplitSessions finds the parts of a session filter that getSessions can apply
// itself: one containment type, and one whole user id. A user counts as whole
// when it is written user:=… or is one of the platform's own ids; any other is a
// part, which the platform cannot look for. kind stays here, because a question
// cannot carry it: reading both kinds once costs less than reading each.
func SplitSessions(q Query) Split {
	var s Split
	for _, t := range q.Terms {
		switch c := asked(t); {
		case t.Not:
			s.Here.Terms = append(s.Here.Terms, t)
		case c != api.Undetermined && s.Containment == api.Undetermined:
			s.Containment = c
			s.Platform.Terms = append(s.Platform.Terms, t)
		case wholeUser(t) && s.User == "":
			s.User = api.UserID(t.Value)
			s.Platform.Terms = append(s.Platform.Terms, t)
		case t.Field == "call" && s.Call == "" && t.Value != "":
			s.Call = t.Value
			s.Platform.Terms = append(s.Platform.Terms, t)
		default:
			s.Here.Terms = append(s.Here.Terms, t)
		}
	}
	return s
}

// Local is the filter without what only the platform can tell.
func (s Split) Local(q Query) Query {
	if s.Call == "" {
		return q
	}
	var out Query
	for _, t := range q.Terms {
		if t.Field != "call" || t.Not || t.Value != s.Call {
			out.Terms = append(out.Terms, t)
		}
	}
	return out
}

// asked is the containment type that the term asks the platform for.
func asked(t Term) api.Containment {
	if t.Field != "type" {
		return api.Undetermined
	}
	is, err := containment(t.Op, t.Value)
	if err != nil {
		return api.Undetermined
	}
	for _, c := range []api.Containment{api.DropOff, api.SelfService, api.Agent} {
		if is(api.Session{Containment: c}) {
			return c
		}
	}
	return api.Undetermined
}

func wholeUser(t Term) bool {
	if t.Field != "user" {
		return false
	}
	const shape = "u-00000000-0000-0000-0000-000000000000"
	return t.Op == Exactly || t.Op == Has && strings.HasPrefix(t.Value, "u-") && len(t.Value) == len(shape)
}
