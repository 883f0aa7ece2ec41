package trace

import (
	"slices"
	"strings"
	"time"

	"korescope/api"
)

// Calls returns the calls that belong to the session, in the order given, each
// marked with how that is known. others are further sessions of the same user:
// only who knows them can say to which of them a call belongs that names none.
func Calls(s api.Session, others []api.Session, calls []api.LLMCall) []api.LLMCall {
	return CallsOf([]api.Session{s}, others, calls)
}

// CallsOf is Calls for several sessions at once.
func CallsOf(of, others []api.Session, calls []api.LLMCall) []api.LLMCall {
	wanted := make(map[api.SessionID]bool, len(of))
	for _, s := range of {
		wanted[s.ID] = s.ID != ""
	}
	known := byUser(slices.Concat(of, others))
	var out []api.LLMCall
	for _, c := range calls {
		if c = Link(c, known[c.User]); wanted[c.Session] {
			out = append(out, c)
		}
	}
	return out
}

// Link names the session that a call belongs to: the one it names itself, else
// the one among sessions, which are all of its user, that its time fits. A call
// that fits none or several stays as it is.
func Link(c api.LLMCall, sessions []api.Session) api.LLMCall {
	switch {
	case c.Session != "":
		c.Joined = api.ByID
	case c.User == "":
	default:
		if s, ok := owner(ofBot(sessions, c.Bot), c.Start, c.Channel); ok {
			c.Session, c.Joined = s.ID, api.ByUserTime
		}
	}
	return c
}

// ofBot leaves out the sessions of other bots: a user of one may be one of
// another as well.
func ofBot(sessions []api.Session, bot api.BotID) []api.Session {
	other := func(s api.Session) bool { return bot != "" && s.Bot != "" && s.Bot != bot }
	if !slices.ContainsFunc(sessions, other) {
		return sessions
	}
	return slices.DeleteFunc(slices.Clone(sessions), other)
}

// Lines returns the debug lines that belong to the session, in the order given,
// each marked with how that is known. A line that names no session is taken when
// it was written under one of the session's identities and its time fits.
func Lines(s api.Session, others []api.Session, identities []string, lines []api.DebugLine) []api.DebugLine {
	known := byUser(slices.Concat([]api.Session{s}, others))[s.User]
	if s.User == "" {
		known = []api.Session{s}
	}
	var out []api.DebugLine
	for _, l := range lines {
		switch {
		case s.ID == "":
			continue
		case l.Session != "":
			l.Joined = api.ByID
		case l.Identity != "" && slices.Contains(identities, l.Identity):
			// The log spells channels in its own way, and was asked for that of
			// the session.
			if o, ok := owner(ofBot(known, s.Bot), l.Time, s.Channel); ok {
				l.Session, l.Joined = o.ID, api.ByUserTime
			}
		}
		if l.Session == s.ID {
			out = append(out, l)
		}
	}
	return out
}

// owner is the session that something of this time and channel belongs to; false
// when none fits, or several do. One on the same channel comes before one on
// another, one that was going on at that time before one that clocks that differ
// or rows that come late could mean.
func owner(sessions []api.Session, at time.Time, channel string) (api.Session, bool) {
	var best api.Session
	most, twice := apart, false
	for _, s := range sessions {
		switch f := fits(s, at, channel); {
		case f == apart || f < most:
		case f == most:
			twice = true
		default:
			best, most, twice = s, f, false
		}
	}
	return best, most != apart && !twice
}

// How well a session fits, in rising order.
const (
	apart = iota
	near  // within what clocks differ by, or rows are late
	during
	onChannel // is added where the channel is the same, or not told
)

func fits(s api.Session, at time.Time, channel string) int {
	if s.Start.IsZero() || at.IsZero() {
		return apart
	}
	var fit int
	end := s.End
	if end.Before(s.Start) {
		end = s.Start
	}
	switch {
	case !at.Before(s.Start) && (!at.After(end) || s.Open()):
		fit = during
	case api.Between(s.Start.Add(-api.JoinLead), end.Add(api.JoinMargin)).Holds(at):
		fit = near
	default:
		return apart
	}
	if channel == "" || s.Channel == "" || strings.EqualFold(s.Channel, channel) {
		fit += onChannel
	}
	return fit
}

// byUser sorts sessions by user, each once.
func byUser(sessions []api.Session) map[api.UserID][]api.Session {
	out := make(map[api.UserID][]api.Session)
	seen := make(map[api.SessionID]bool, len(sessions))
	for _, s := range sessions {
		if !seen[s.ID] && s.User != "" {
			seen[s.ID] = true
			out[s.User] = append(out[s.User], s)
		}
	}
	return out
}
