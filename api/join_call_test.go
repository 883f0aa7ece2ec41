package api

import (
	"testing"
	"time"
)

func TestJoinCallTakesTheOneThatFits(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	at := func(id SessionID, user UserID, from, to int) Session {
		return Session{ID: id, User: user, Start: noon.Add(time.Duration(from) * time.Minute), End: noon.Add(time.Duration(to) * time.Minute)}
	}
	call := LLMCall{User: "u1", Start: noon}
	for name, tt := range map[string]struct {
		call     LLMCall
		sessions []Session
		want     SessionID
		by       JoinedBy
	}{
		"one":          {call, []Session{at("a", "u1", -1, 1), at("b", "u2", -1, 1), at("c", "u1", -60, -50)}, "a", ByUserTime},
		"two":          {call, []Session{at("a", "u1", -1, 1), at("b", "u1", -2, 2)}, "", NotJoined},
		"none":         {call, []Session{at("b", "u2", -1, 1)}, "", NotJoined},
		"named":        {LLMCall{User: "u1", Start: noon, Session: "x", Joined: ByID}, []Session{at("a", "u1", -1, 1)}, "x", ByID},
		"without user": {LLMCall{Start: noon}, []Session{at("a", "", -1, 1)}, "", NotJoined},
	} {
		if got := JoinCall(tt.call, tt.sessions); got.Session != tt.want || got.Joined != tt.by {
			t.Errorf("%s: %q by %q", name, got.Session, got.Joined)
		}
	}
}
