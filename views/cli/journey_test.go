package cli

import (
	"testing"
	"time"
)

// noteLife is longer than any note stays.
const noteLife = 6 * time.Second

// mostRequests is what the main job may cost from a cold start: two pages of
// sessions, one read-ahead of messages, one read of model calls.
const mostRequests = 4

// The main job: from the list to the drop-offs, to the error in one of them, to
// the payload behind it, and back.
func TestFromTheListToThePayloadAndBack(t *testing.T) {
	t.Parallel()
	sizes(t, func(t *testing.T, w, h int) {
		s := newShop(t, "", nil).open(w, h, visit{})
		s.sees("[0 all 186]", "1 dropOff 26", "1 of 186", "READ-ONLY").whole("1-sessions")
		s.press("1").rest().sees("[1 dropOff 26]", "1 of 26")
		// It opens where the list said that it went wrong.
		s.press("enter").sees("sessions > 730f6f..da", "DROP", "2 problems", "WHY  GetOrder timed out 2x (10 s) > model: provider error 429", ">  0:27 llm").golden("2-conversation")
		s.press("j", "E").sees(">  0:27 llm", "! provider error 429").golden("3-error")
		s.press("enter").sees("> llm 2/3", "provider error 429", "[messages 7]", "Rate limit reached").golden("4-call")
		if n := s.asked(); n > mostRequests {
			t.Errorf("%d requests until the payload: %v", n, s.requests())
		}
		t.Logf("%d requests until the payload: %v", s.asked(), s.requests())

		s.press("tab").sees("[request 3.3 kB]", `"gpt-4o"`)
		s.press("/", "refund").sees("/refund", "regular expression")
		s.press("enter").sees("1/14", "▸         You are the refund assistant")
		s.press("n").sees("2/14", "▸         3. Decide").golden("5-request")
		s.press("y").sees("copy   esc leaves", "path", "jq filter")
		s.press("p").sees("path now in")
		if got := s.copied(1); len(got) != 1 || got[0] != ".messages[0].content" {
			t.Errorf("copied %q", got)
		}
		s.press("tab").sees("[response 185 B]", "rate_limit_exceeded")
		s.press("tab").pass(noteLife).sees("[delta 4]", "against the call of 11:48:56").golden("6-delta")
		s.press("tab").sees("[messages 7]")
		s.press("esc").sees("> llm 2/3").misses("/refund")
		s.press("esc").misses("> llm").sees(">  0:27 llm")
		s.press("esc").misses("730f6f..da").pass(noteLife).sees("[1 dropOff 26]", "1 of 26", "> 11:48:49")
		if n := s.asked(); n > mostRequests {
			t.Errorf("the way back asked for more: %v", s.requests())
		}
		s.leave()
	})
}

// Whoever walks the same way again asks for nothing, in the same run and in the
// next one.
func TestTheSameWayAgainAsksNothing(t *testing.T) {
	t.Parallel()
	sizes(t, func(t *testing.T, w, h int) {
		s := newShop(t, "", nil).open(w, h, visit{})
		walk := func(s *scene) {
			s.press("1").rest()
			s.press("enter").sees("2 problems")
			s.press("enter").sees("provider error 429", "Rate limit reached")
			s.press("esc", "l").sees("> llm", "provider error")
			s.press("esc", "esc", "0")
		}
		walk(s)
		before := s.requests()
		walk(s)
		s.costs(before, nil)
		s.leave()

		again := s.open(w, h, visit{})
		walk(again)
		again.costs(before, nil)
		again.leave()

		// Four hours later the list has gone on.
		before = again.requests()
		again.jump(4 * time.Hour)
		late := again.open(w, h, visit{})
		late.sees("last 24h", "16:00").misses("> 11:59:12")
		if late.requests()["getSessions"] == before["getSessions"] {
			t.Error("a list of four hours ago was taken for today's")
		}
	})
}

// A closed session whose first row is in sight is walked with ctrl-n; each
// conversation is asked for at most once.
func TestAlongTheSessions(t *testing.T) {
	t.Parallel()
	s := newShop(t, "", nil).open(80, 24, visit{})
	s.press("1", "enter").sees("1 of 26")
	before := s.requests()
	s.press("ctrl+n").sees("2 of 26")
	s.press("ctrl+n").sees("3 of 26")
	// One for each, and one more where two spans overlap and leave two holes.
	after := s.requests()
	if n := after["getLLMUsageLogs"] - before["getLLMUsageLogs"]; n > 3 {
		t.Errorf("%d requests for the calls of two sessions", n)
	}
	s.press("ctrl+p", "ctrl+p").sees("1 of 26", "730f6f21efc28d7c5c54f7da")
	s.press("ctrl+p").sees("no further session in the list", "1 of 26")
	s.costs(after, nil)
}

func TestCallsOfASession(t *testing.T) {
	t.Parallel()
	sizes(t, func(t *testing.T, w, h int) {
		s := newShop(t, "", nil).open(w, h, visit{})
		s.press("1", "l").sees("> llm", "refund-assistant").golden("calls")
		before := s.requests()
		s.press("e").sees("429")
		s.press("enter").sees("> llm 2/3", "provider error 429")
		s.press("ctrl+n").sees("> llm 3/3", "512>75")
		s.press("ctrl+p", "ctrl+p").sees("> llm 1/3", "cut at 512 tokens")
		s.press("esc", "esc").sees("[1 dropOff 26]")
		// The conversation asks for the same calls, so they are here already.
		s.press("enter").sees("2 problems")
		s.costs(before, nil)
	})
}

func TestALookAtTheUsersOtherSessions(t *testing.T) {
	t.Parallel()
	s := newShop(t, "", nil).open(80, 24, visit{})
	before := s.requests()
	s.press("u").sees("sessions > user u-9e..344", "of ")
	if n := s.requests()["getSessions"] - before["getSessions"]; n > 2 {
		t.Errorf("%d requests for the sessions of one user", n)
	}
	s.press("esc").sees("1 of 186")
	before = s.requests()
	s.press("u").sees("sessions > user u-9e..344")
	s.costs(before, nil)
}

func TestASessionNamedById(t *testing.T) {
	t.Parallel()
	s := newShop(t, "", nil).open(80, 24, visit{})
	s.press(":", "session 730f6f21efc28d7c5c54f7da", "enter").sees("sessions > 730f6f..da", "2 problems", "charged 70.90 twice")
	s.press("esc")
	s.press(":", "session 730f6f21efc28d7c5c54f7db", "enter").misses("problems").
		sees("sessions > 730f6f..db", "the platform knows no session of this id").golden("unknown-id")
	s.press(":", "session two words", "enter").sees("takes one session id")
	s.press("esc", "esc").sees("1 of 186")
}
