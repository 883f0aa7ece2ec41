package cli

import (
	"strings"
	"testing"
	"time"
)

// The list narrows while it is typed, asks nothing for it, and esc puts back
// what was there.
func TestFilteringWhileTyping(t *testing.T) {
	t.Parallel()
	sizes(t, func(t *testing.T, w, h int) {
		s := newShop(t, "", nil).open(w, h, visit{})
		before := s.requests()
		s.press("/", "type:agent").sees("18 of 186; asks nothing of the platform", "AGENT").misses("SELF ")
		s.press("space", "msgs:>5").sees("/type:agent msgs:>5", "of 186; asks nothing").golden("filter")
		s.press("esc").sees("1 of 186", "SELF ").misses("/type")
		s.press("/", "type:agent msgs:>5", "enter").sees("/ type:agent msgs:>5", "esc clears").misses("SELF ")
		s.press("/", "up", "space", "dur:>1h").sees("type:agent msgs:>5 dur:>1h")
		s.press("esc").sees("/ type:agent msgs:>5").misses("dur:")
		s.press("esc").sees("1 of 186").misses("type:agent")
		s.press("/", "nosuch:1").sees("nosuch")
		s.press("enter").sees(`there is no field "nosuch"; sessions have type, user`, "[0 all 186]", "/nosuch:1")
		s.costs(before, map[string]int{"getMessagesV2": 1}) // the last turns of rows that came into sight
	})
}

func TestAnotherWindow(t *testing.T) {
	t.Parallel()
	s := newShop(t, "", nil).open(80, 24, visit{})
	s.press("f").sees("window: ")
	s.press("7d").sees("Feb 25 12:00 - Mar 04 12:00 UTC")
	s.press("enter").sees("last 7d", "[0 all 1,")
	before := s.requests()
	s.press("f", "24h", "enter").sees("last 24h", "[0 all 186]")
	s.costs(before, nil)
	s.press("f", "yesterday", "enter").sees("write 24h, 7d", "last 24h")
	s.press("f", "2d", "esc").sees("last 24h", "[0 all 186]")
	s.press(":", "sessions 2h type:dropOff", "enter").sees("last 2h", "/ type:dropOff")
	s.costs(before, nil)
}

func TestSortingMarkingCopying(t *testing.T) {
	t.Parallel()
	s := newShop(t, "", nil).open(80, 24, visit{})
	s.press("O").sees("START ^")
	s.press("O").sees("START v")
	s.press(">", ">", "O")
	s.sees("v LAST").golden("by-duration")
	s.press("g", "space", "j", "j", "space").sees("2 marked")
	s.press("y").sees("2 session ids", "user id")
	s.press("i").sees("2 session ids now in", "OSC 52")
	got := s.copied(1)
	if len(got) != 1 || len(strings.Fields(got[0])) != 2 {
		t.Errorf("copied %q", got)
	}
	s.press("y", "esc").misses("copy   esc leaves").sees("2 session ids now in")
	s.pass(noteLife).sees("2 marked")
	s.press("esc").misses("marked")
	if n := len(clipboards(s.Bytes())); n != 1 {
		t.Errorf("%d copies reached the terminal, one was asked for", n)
	}
}

func TestCommandsWithCompletion(t *testing.T) {
	t.Parallel()
	sizes(t, func(t *testing.T, w, h int) {
		s := newShop(t, "", nil).open(w, h, visit{})
		s.press(":").sees("List sessions, newest first", "[24h] [SESSION | FILTER]")
		s.press("se").sees("[24h] [FILTER]  List sessions", "ID  One conversation").misses("[SESSION | FILTER]").golden("command")
		s.press("tab", "tab").sees("> session ")
		s.press("shift+tab", "enter").sees("1 of 186")
		s.press(":", "llm 1h", "enter").sees("sessions > llm", "last 1h")
		s.press(":", "nonsense", "enter").sees(`no command "nonsense"`).press("esc", "esc")
		s.press(":", "billing day", "enter").sees("> billing")
		s.press(":", "containment", "enter").sees("> containment")
		s.press(":", "q", "enter")
		if err := s.Ended(); err != nil {
			t.Error(err)
		}
	})
}

func TestHelpOnEveryScreen(t *testing.T) {
	t.Parallel()
	s := newShop(t, "", nil).open(80, 24, visit{})
	help := func(wants ...string) {
		t.Helper()
		s.press("?").sees(wants...)
		s.press("window").sees("keys with: window")
		s.press("esc").misses("keys with")
	}
	help("list of sessions", "open what is under the cursor")
	s.press("1", "enter")
	help("conversation", "messages on or off")
	s.press("enter")
	help("LLM call", "next call of the list")
	s.press("tab").press("?").sees("JSON tree", "open the node")
	s.press("?", "esc", "esc", "l")
	help("list of LLM calls")
}

// Reading again costs little when nothing has changed: what is settled is not
// read a second time.
func TestReadingAgainIsCheap(t *testing.T) {
	t.Parallel()
	const most = 2
	s := newShop(t, "", nil).open(80, 24, visit{})
	again := func(where string) {
		t.Helper()
		before := s.asked()
		s.press("r")
		if n := s.asked() - before; n > most {
			t.Errorf("%s: r cost %d requests: %v", where, n, s.requests())
		}
		t.Logf("%s: r costs %d", where, s.asked()-before)
	}
	again("sessions at once")
	s.jump(30 * time.Second)
	again("sessions after half a minute")
	s.press("1", "enter").sees("2 problems")
	again("conversation")
	s.press("l").sees("> llm")
	again("calls")
}
