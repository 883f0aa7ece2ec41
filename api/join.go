package api

import (
	"time"
)

// JoinMargin is how far behind a session's end its model calls may start.
const JoinMargin = 2 * time.Minute

// JoinLead allows for clocks that differ: a call may seem to start a little
// before its session.
const JoinLead = 5 * time.Second

// JoinCalls returns the calls that belong to the session, each marked with how
// that is known. A row that names another session is never taken, whatever its
// user and time. A row that names none is taken when user and time fit and no
// other session in others fits as well: two users talking in the same second
// never mix, and one user in two overlapping sessions stays unjoined.
func JoinCalls(s Session, others []Session, calls []LLMCall) []LLMCall {
	var out []LLMCall
	for _, c := range calls {
		switch {
		case c.Session == s.ID && s.ID != "":
			c.Joined = ByID
		case c.Session != "" || c.User == "" || !fits(s, c):
			continue
		case claimedByOther(s, others, c):
			continue
		default:
			c.Session, c.Joined = s.ID, ByUserTime
		}
		out = append(out, c)
	}
	return out
}

func fits(s Session, c LLMCall) bool {
	if c.User != s.User || s.Start.IsZero() || c.Start.IsZero() {
		return false
	}
	end := s.End
	if end.IsZero() {
		end = s.Start
	}
	return Between(s.Start.Add(-JoinLead), end.Add(JoinMargin)).Holds(c.Start)
}

func claimedByOther(s Session, others []Session, c LLMCall) bool {
	for _, o := range others {
		if o.ID != s.ID && fits(o, c) {
			return true
		}
	}
	return false
}

// JoinCall links one call to the session it belongs to among those that are
// known: by the id it names, else by user and time when exactly one fits. A call
// that fits none or several stays as it is.
func JoinCall(c LLMCall, sessions []Session) LLMCall {
	if c.Session != "" || c.User == "" {
		return c
	}
	var found []Session
	for _, s := range sessions {
		if fits(s, c) {
			found = append(found, s)
		}
	}
	if len(found) == 1 {
		c.Session, c.Joined = found[0].ID, ByUserTime
	}
	return c
}
