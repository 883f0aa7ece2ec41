package api

import (
	"slices"
	"strings"
	"time"
)

// JoinLines returns the debug lines that belong to the session, each marked with
// how that is known. A line that names another session is never taken. One that
// names none is taken when it was written under one of the session's identities
// at a time that fits, and no other session of the same user and channel in
// others fits as well: two users talking in the same second never mix.
//
// A time fits from JoinLead before the session to JoinMargin behind its end,
// because clocks differ; of two sessions that fit, the one that was going on at
// that time has the line, and when both were, neither.
func JoinLines(s Session, others []Session, identities []string, lines []DebugLine) []DebugLine {
	var out []DebugLine
	for _, l := range lines {
		switch {
		case l.Session == s.ID && s.ID != "":
			l.Joined = ByID
		case l.Session != "" || !slices.Contains(identities, l.Identity) || l.Identity == "":
			continue
		case fit(s, l.Time) == apart || disputed(s, others, l):
			continue
		default:
			l.Session, l.Joined = s.ID, ByUserTime
		}
		out = append(out, l)
	}
	return out
}

// The ways in which a moment can lie to a session.
const (
	during = iota
	near   // within what clocks differ by
	apart
)

func fit(s Session, at time.Time) int {
	if s.Start.IsZero() || at.IsZero() {
		return apart
	}
	end := s.End
	if end.Before(s.Start) {
		end = s.Start
	}
	switch {
	case !at.Before(s.Start) && (!at.After(end) || s.Open()):
		return during
	case Between(s.Start.Add(-JoinLead), end.Add(JoinMargin)).Holds(at):
		return near
	}
	return apart
}

func disputed(s Session, others []Session, l DebugLine) bool {
	own := fit(s, l.Time)
	for _, o := range others {
		if o.ID == s.ID || o.User != s.User || !sameChannel(o.Channel, s.Channel) {
			continue
		}
		if fit(o, l.Time) <= own && fit(o, l.Time) != apart {
			return true
		}
	}
	return false
}

// sameChannel is true in doubt.
func sameChannel(a, b string) bool { return a == "" || b == "" || strings.EqualFold(a, b) }
