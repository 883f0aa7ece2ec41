package sim

import (
	"iter"

	"korescope/api"
)

// visible cuts a span to what exists: nothing begins in the future.
func (c *call) visible(s span) span { return span{s.from, min(s.to, c.ms())} }

// bots are those the call is about: the one in the path, or all of the account.
func (c *call) bots() []*bot {
	if c.bot != nil {
		return []*bot{c.bot}
	}
	return c.w.bots
}

// sessions walks the sessions that start in the span, newest first or oldest
// first, over all bots of the call.
func (c *call) sessions(s span, oldestFirst bool) iter.Seq[*session] {
	return walk(c.bots(), c.visible(s), oldestFirst)
}

func walk(bots []*bot, s span, oldestFirst bool) iter.Seq[*session] {
	out := bots[0].sessions(s, oldestFirst)
	for _, b := range bots[1:] {
		out = merge(out, b.sessions(s, oldestFirst), oldestFirst)
	}
	return out
}

func (b *bot) sessions(s span, oldestFirst bool) iter.Seq[*session] {
	step := b.line.newest
	if oldestFirst {
		step = b.line.oldest
	}
	return func(yield func(*session) bool) {
		step(s.from, s.to, func(p place, at int64) bool { return yield(b.session(p, at)) })
	}
}

// merge joins two walks of the same direction.
func merge(a, b iter.Seq[*session], oldestFirst bool) iter.Seq[*session] {
	return func(yield func(*session) bool) {
		next, stop := iter.Pull(b)
		defer stop()
		right, more := next()
		for left := range a {
			for more && right.start != left.start && (right.start > left.start) != oldestFirst {
				if !yield(right) {
					return
				}
				right, more = next()
			}
			if !yield(left) {
				return
			}
		}
		for more {
			if !yield(right) {
				return
			}
			right, more = next()
		}
	}
}

// session finds a session by its id, whose first digits say when it began.
func (b *bot) sessionWithID(id string) *session {
	sec, ok := bornAt(id)
	if !ok {
		return nil
	}
	return b.bornIn(sec, func(s *session) bool { return s.id == id })
}

func (b *bot) bornIn(sec int64, is func(*session) bool) *session {
	for s := range b.sessions(span{sec * 1000, sec*1000 + 999}, true) {
		if is(s) {
			return s
		}
	}
	return nil
}

// lookup finds a session of the call's bots that has begun.
func (c *call) lookup(id string) *session {
	for _, b := range c.bots() {
		if s := b.sessionWithID(id); s != nil && s.start <= c.ms() && c.there(s) {
			return s
		}
	}
	return nil
}

// calling finds a session by the call id of an agent desktop.
func (c *call) calling(id string) *session {
	if len(id) != 36 {
		return nil
	}
	sec, ok := bornAt(id[:8] + "0000000000000000")
	if !ok {
		return nil
	}
	for _, b := range c.bots() {
		if s := b.bornIn(sec, func(s *session) bool { return s.callID() == id }); s != nil && s.start <= c.ms() && c.there(s) {
			return s
		}
	}
	return nil
}

// isUser compares with what a user filter may hold: the platform's id, the
// e-mail, the phone number.
func (u user) isUser(filter string) bool {
	return filter == u.id || filter == u.mail || filter == u.phone
}

// there reports that no fault has taken the session away.
func (c *call) there(s *session) bool { return c.w.there(s) }

func (w *World) there(s *session) bool {
	return w.moved.there(api.SessionID(s.id)) && !w.erased.has(s.user)
}
