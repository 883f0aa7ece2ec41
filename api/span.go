package api

import (
	"cmp"
	"time"
)

// JoinMargin is how far behind a session's end its model calls and debug lines
// may start.
const JoinMargin = 2 * time.Minute

// JoinLead allows for clocks that differ: a call may seem to start a little
// before its session.
const JoinLead = 5 * time.Second

// Span is the session's own time. One that has not ended lasts until the end of
// the present minute, so that the same question stays the same for a while. Of
// one that is known by its id only, the moment the id was made is all there is.
// Zero when nothing tells when it was.
func (s Session) Span(now time.Time) Window {
	start := s.Start
	if start.IsZero() {
		var ok bool
		if start, ok = s.ID.Born(); !ok {
			return Window{}
		}
	}
	end := s.End
	if s.Open() || !s.Start.IsZero() && end.IsZero() && !s.Final() {
		end = now.Truncate(time.Minute).Add(time.Minute)
	}
	if end.Before(start) {
		end = start
	}
	return Between(start, end)
}

// Reach is the time in which what belongs to the session can lie: clocks differ,
// and rows are written late. Zero when nothing tells when the session was.
func (s Session) Reach(now time.Time) Window {
	w := s.Span(now)
	if w.Zero() {
		return w
	}
	return w.Widen(JoinLead, JoinMargin)
}

// NewerSession sorts newest first, those of one moment by id.
func NewerSession(a, b Session) int {
	return cmp.Or(b.Start.Compare(a.Start), cmp.Compare(a.ID, b.ID))
}
