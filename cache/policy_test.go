package cache

import (
	"testing"
	"time"

	"korescope/api"
)

func at(minutes int) time.Time { return noon().Add(time.Duration(minutes) * time.Minute) }

func TestFreshness(t *testing.T) {
	whole := api.Between(at(-60), at(-30))
	settled := func(read time.Time) []span {
		return []span{{whole.From.UnixMilli(), whole.To.UnixMilli(), whole.To.UnixMilli(), read.UnixMilli()}}
	}
	loose := func(read time.Time) []span {
		return []span{{whole.From.UnixMilli(), whole.To.UnixMilli(), at(-31).UnixMilli(), read.UnixMilli()}}
	}
	for _, c := range []struct {
		name  string
		spans []span
		open  time.Time
		now   time.Time
		want  bool
	}{
		{"nothing read", nil, time.Time{}, at(0), false},
		{"a past window, all closed, stays fresh for ever", settled(at(-29)), time.Time{}, at(60 * 24 * 300), true},
		{"a session in it is open and was read just now", settled(at(-29)), at(0).Add(-19 * time.Second), at(0), true},
		{"a session in it is open and was read 20 s ago", settled(at(-29)), at(0).Add(-20 * time.Second), at(0), false},
		{"its end was read too early, but just now", loose(at(0).Add(-time.Second)), time.Time{}, at(0), true},
		{"its end was read too early", loose(at(-29)), time.Time{}, at(0), false},
		{"the clock was set back: nothing from the future is fresh", loose(at(5)), time.Time{}, at(0), false},
		{"the clock was set back: an open session from the future", settled(at(-29)), at(5), at(0), false},
		{"half of it", []span{{whole.From.UnixMilli(), at(-45).UnixMilli(), at(-45).UnixMilli(), at(-1).UnixMilli()}}, time.Time{}, at(0), false},
	} {
		if got := windowFresh(look(c.spans, whole), c.open, c.now); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestSessionSettled(t *testing.T) {
	for _, c := range []struct {
		name string
		s    api.Session
		want bool
	}{
		{"closed", api.Session{Status: "Closed", Start: at(-5)}, true},
		{"active", api.Session{Status: "active", Start: at(-5)}, false},
		{"active, with a provisional type", api.Session{Status: "active", Containment: api.SelfService, Start: at(-5)}, false},
		{"active for more than a week", api.Session{Status: "active", Start: at(-8 * 24 * 60)}, true},
		{"no status, but a type", api.Session{Containment: api.Agent, Start: at(-5)}, true},
		{"no status, no type, young", api.Session{Start: at(-5)}, false},
		{"no status, no type, a day of silence", api.Session{Start: at(-25 * 60)}, true},
		{"a state never seen", api.Session{Status: "paused", Start: at(-5)}, false},
		{"nothing known", api.Session{}, false},
		{"unreadable", api.Session{Unreadable: "not an object"}, true},
	} {
		if got := sessionSettled(c.s, at(0)); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestTranscriptSettled(t *testing.T) {
	none := time.Time{}
	for _, c := range []struct {
		name      string
		closed    bool
		end, last time.Time
		want      bool
	}{
		{"closed long ago", true, at(-10), at(-11), true},
		{"closed just now: closing messages may follow", true, at(-2), at(-2), false},
		{"closed, end not sent", true, none, at(-2), true},
		{"open", false, none, at(-2), false},
		{"never listed, silent for a day", false, none, at(-25 * 60), true},
		{"never listed, no messages", false, none, none, false},
	} {
		if got := transcriptSettled(c.closed, c.end, c.last, at(0)); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestExpired(t *testing.T) {
	week := 7 * 24 * time.Hour
	for _, c := range []struct {
		name    string
		fetched time.Time
		want    bool
	}{
		{"just now", at(0), false},
		{"a week", at(-7 * 24 * 60), false},
		{"a minute more", at(-7*24*60 - 1), true},
		{"a little ahead: clocks drift", at(5), false},
		{"ahead: the clock was set back, and that gives no longer life", at(6), true},
	} {
		if got := expired(c.fetched, at(0), week); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestLateRows(t *testing.T) {
	for _, c := range []struct {
		name string
		q    question
		want time.Duration
	}{
		{"sessions", question{}, 15 * time.Minute},
		{"sessions of a user", question{user: "u"}, 15 * time.Minute},
		{"sessions by type", question{typed: api.Agent}, 24 * time.Hour},
		{"model calls", question{calls: true}, 3 * time.Minute},
	} {
		if got := c.q.late(); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestAnswerAge(t *testing.T) {
	none := time.Time{}
	for _, c := range []struct {
		name string
		v    view
		open time.Time
		want time.Time
	}{
		{"all settled: the oldest reading", view{oldest: at(-90)}, none, at(-90)},
		{"the loose end counts", view{oldest: at(-90), loose: at(-3)}, none, at(-3)},
		{"an open session read earlier counts more", view{oldest: at(-90), loose: at(-3)}, at(-8), at(-8)},
		{"nothing", view{}, none, none},
	} {
		if got := answerAge(c.v, c.open); !got.Equal(c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
