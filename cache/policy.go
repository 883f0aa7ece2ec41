package cache

import (
	"time"

	"korescope/api"
)

// How long an answer serves before the platform is asked again. Everything here
// is a pure function of what was read, when, and what time it is.

const (
	// openFor is how long something that may still change counts as fresh.
	openFor = 20 * time.Second
	// overlap is how far a question reaches back into what is known.
	overlap = time.Minute
	// lateSession: a session is listed at the latest so long after its start.
	// Rows were met that appeared ten minutes late.
	lateSession = 15 * time.Minute
	// lateType: by then a session has its final containment type, so that a
	// list asked by type misses nobody.
	lateType = 24 * time.Hour
	// lateCall: rows of model calls arrive up to two minutes late.
	lateCall = 3 * time.Minute
	// lateMetric: the platform's metrics lag behind, nobody says by how much.
	lateMetric = 30 * time.Minute
	// lateChange: an entry of the change log is there when the change is.
	lateChange = 5 * time.Minute
	// lateMessage: closing messages are written after the session's end.
	lateMessage = 3 * time.Minute
	// longSilence: nothing comes after it, whatever the status says.
	longSilence = 24 * time.Hour
	// abandoned: nobody closes such a session any more.
	abandoned = 7 * 24 * time.Hour
	// clockSlack is how far ahead of the clock a stored time may be; beyond, the
	// clock was set back and the row counts as expired.
	clockSlack = 5 * time.Minute
)

// late is how long after an instant its rows are all there, per question.
func (q question) late() time.Duration {
	switch {
	case q.calls:
		return lateCall
	case q.billed:
		return lateBilled
	case q.line != lineQuestion{}:
		return lateLine
	case q.metric != metricQuestion{}:
		return lateMetric
	case q.changes:
		return lateChange
	case q.typed != api.Undetermined:
		return lateType
	}
	return lateSession
}

// recent reports a reading that still counts as fresh for things that change.
// A reading from the future does not: the clock was set back.
func recent(at, now time.Time) bool {
	age := now.Sub(at)
	return age >= 0 && age < openFor
}

// expired reports a row to be forgotten.
func expired(fetched, now time.Time, keep time.Duration) bool {
	age := now.Sub(fetched)
	return age > keep || age < -clockSlack
}

// sessionSettled reports a session that will not change any more, as of its
// reading.
func sessionSettled(s api.Session, fetched time.Time) bool {
	if s.Final() || s.Unreadable != "" {
		return true
	}
	last := s.End
	if last.IsZero() {
		last = s.Start
	}
	if last.IsZero() {
		return false
	}
	if s.Open() {
		return fetched.Sub(last) > abandoned
	}
	return fetched.Sub(last) > longSilence
}

// transcriptSettled reports that no more messages will come. end is the final
// end of the session, zero while it is open or not known; last is the newest
// message.
func transcriptSettled(closed bool, end, last, fetched time.Time) bool {
	if closed && (end.IsZero() || fetched.Sub(end) > lateMessage) {
		return true
	}
	return !last.IsZero() && fetched.Sub(last) > longSilence
}

// windowFresh reports that nobody needs to be asked about a window: all of it
// was read, and what may still change was read just now. open is the oldest
// reading of a session in it that is not settled, zero when there is none.
func windowFresh(v view, open, now time.Time) bool {
	if len(v.holes) > 0 {
		return false
	}
	if !v.loose.IsZero() && !recent(v.loose, now) {
		return false
	}
	return open.IsZero() || recent(open, now)
}

// answerAge is the time an answer is from: the oldest reading among what may
// still change; when nothing may, the oldest reading of all.
func answerAge(v view, open time.Time) time.Time {
	at := v.loose
	if !open.IsZero() && (at.IsZero() || open.Before(at)) {
		at = open
	}
	if at.IsZero() {
		return v.oldest
	}
	return at
}

// upToNow cuts the part of a window that has not happened yet, and what was
// read so recently that asking again would be in vain.
func upToNow(w api.Window, now time.Time) api.Window {
	if w.To.After(now) {
		w.To = api.Between(now, now).To
	}
	return w
}
