// Package apitest is what any api.Source must do, as tests. A source passes when
// it gives exactly the truth it is compared with: nothing missing, nothing
// doubled, whatever way the question is cut.
//
// The truth is handed in as api values in which only the fields that are known
// are set; a zero field is not compared.
package apitest

import (
	"iter"
	"testing"
	"time"

	"korescope/api"
)

// Subject is a source with the truth about one window.
type Subject struct {
	Source api.Source
	Window api.Window
	// Sessions are all sessions that start in the window, in any order.
	Sessions []api.Session
	// Messages are whole conversations, oldest first. It may hold some of the
	// sessions only.
	Messages map[api.SessionID][]api.Message
	// Calls are all model calls that start in the window, in any order.
	Calls []api.LLMCall
	// Said is everything said by and to some users inside the window, in any
	// order. Empty where the source cannot filter by user.
	Said map[api.UserID][]api.MessageID
	// Absent is a session id that does not exist; "" for none.
	Absent api.SessionID
	// Filters: the source applies the filters that only the platform can
	// apply, such as the user of a session.
	Filters bool
}

// Run runs the whole suite; open is called once for each case.
func Run(t *testing.T, open func(t *testing.T) Subject) {
	for _, c := range []struct {
		name string
		test func(*testing.T, Subject)
	}{
		{"sessions of the window", allSessions},
		{"sessions of parts of the window", partsOfTheWindow},
		{"bounds are half-open", halfOpen},
		{"newest sessions first", newestFirst},
		{"sessions by containment", byContainment},
		{"sessions of a user", ofAUser},
		{"sessions by id", byID},
		{"unknown ids", unknownIDs},
		{"transcripts", transcripts},
		{"transcripts without a window", transcriptsByID},
		{"one transcript", oneTranscript},
		{"what a user said", whatAUserSaid},
		{"model calls of the window", allCalls},
		{"newest model calls first", newestCalls},
		{"rows keep what came", rawRows},
		{"times are UTC", utc},
		{"leaving early", leavingEarly},
		{"a context that has ended", endedContext},
		{"questions without a window", noWindow},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

// gather reads to the end and fails on anything but rows.
func gather[T any](t *testing.T, pages iter.Seq2[api.Page[T], error]) (items []T, last api.Page[T]) {
	t.Helper()
	for p, err := range pages {
		if err != nil {
			t.Fatalf("after %d rows: %v", len(items), err)
		}
		for _, g := range p.Gaps {
			t.Errorf("gap %v: %v", g.Window, g.Why)
		}
		items = append(items, p.Items...)
		last = p
	}
	if last.More {
		t.Error("the last page says that more follows")
	}
	return items, last
}

// same compares two sets by key and tells what is missing, doubled or strange.
func same[T, U any](t *testing.T, what string, got []T, key func(T) string, want []U, wantKey func(U) string) {
	t.Helper()
	have := map[string]int{}
	for _, g := range got {
		have[key(g)]++
	}
	for k, n := range have {
		if n > 1 {
			t.Errorf("%s: %s is given %d times", what, k, n)
		}
	}
	for _, w := range want {
		k := wantKey(w)
		if have[k] == 0 {
			t.Errorf("%s: %s is missing", what, k)
		}
		delete(have, k)
	}
	for k := range have {
		t.Errorf("%s: %s does not belong", what, k)
	}
}

func sessionID(s api.Session) string { return string(s.ID) }
func messageID(m api.Message) string { return string(m.ID) }

func equal[T comparable](t *testing.T, what, of string, got, want T) {
	t.Helper()
	var zero T
	if want != zero && got != want {
		t.Errorf("%s of %s is %v, want %v", what, of, got, want)
	}
}

func sameTime(t *testing.T, what, of string, got, want time.Time) {
	t.Helper()
	if !want.IsZero() && !got.Equal(want) {
		t.Errorf("%s of %s is %v, want %v", what, of, got, want)
	}
}
