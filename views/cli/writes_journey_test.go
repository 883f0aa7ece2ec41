package cli

import (
	"strings"
	"testing"
	"time"

	"korescope/api"
	"korescope/views"
)

const ownBot = "RetailBot"

// A publish: READ-ONLY at first, what will change, writes switched on for a
// while, the exact name, the end; and the header goes back by itself.
func TestAPublishFromTheDashboard(t *testing.T) {
	shop := newShop(t, "", nil)
	s := shop.open(80, 24, visit{writes: true})
	s.rest().sees("READ-ONLY")
	s.press(":", "publish --comment 'back to the lookup'", "enter")
	s.pass(time.Second)
	s.rest().sees("bot                   "+ownBot, "last publish", "changed since", "test inDevelopment", "open conversations",
		"back to the lookup", "Writes are off")
	s.press("enter", ownBot, "enter")
	if n := shop.world.Truth().Requests[api.Publish]; n != 0 {
		t.Fatalf("%d publishes while writes are off", n)
	}
	s.press(":", "writes on 10m", "enter")
	s.rest().sees("WRITE to")
	s.press("enter")
	s.pass(time.Second)
	s.press(ownBot[:5], "enter", "enter")
	s.pass(time.Second)
	s.press("enter")
	s.rest().sees("type it: " + ownBot[:5])
	if n := shop.world.Truth().Requests[api.Publish]; n != 0 {
		t.Fatalf("%d publishes by half a name", n)
	}
	s.press(ownBot[5:])
	s.pass(time.Second)
	s.press("enter")
	s.rest().sees("publish  done")
	if n := shop.world.Truth().Requests[api.Publish]; n != 1 {
		t.Errorf("%d publishes", n)
	}
	s.press("esc", ":", "journal", "enter")
	s.rest().sees("publish", "done")
	s.pass(11 * time.Minute)
	s.rest().sees("READ-ONLY")
}

// What was sent and not seen to its end is told at the next start, and followed
// from its record.
func TestAPublishSurvivesARestart(t *testing.T) {
	shop := newShop(t, "", nil)
	s := shop.open(80, 24, visit{writes: true, still: true})
	s.press(":", "writes on", "enter")
	s.rest()
	s.press(":", "publish --comment x", "enter")
	s.pass(time.Second)
	s.rest()
	s.press("enter", ownBot)
	s.pass(time.Second)
	s.press("enter")
	s.rest().sees("running")
	s.leave()

	s = shop.open(80, 24, visit{writes: true})
	s.rest().sees("publish started", ":publish status follows it")
	s.press(":", "publish status", "enter")
	s.pass(time.Second)
	s.rest().sees("publish  done")
	if n := shop.world.Truth().Requests[api.Publish]; n != 1 {
		t.Errorf("%d publishes", n)
	}
}

// Without allow_writes the words say why, and nothing is sent.
func TestWritesCannotBeSwitchedOnUnlessAllowed(t *testing.T) {
	shop := newShop(t, "", nil)
	s := shop.open(80, 24, visit{})
	for _, line := range []string{"writes on", "publish --comment x", "erase u-1", "tests import a b", "tests delete a"} {
		s.press(":", line, "enter")
		s.rest().sees("allow_writes = true")
		s.press("esc")
	}
	for _, line := range []string{"writes", "writes on 2h", "writes on 0s", "writes on x", "writes maybe"} {
		if _, err := (&desk{profile: s.desk.profile}).writesRoute(strings.Fields(line)[1:]); views.ExitCode(err) != views.ExitUsage {
			t.Errorf("%q: %v", line, err)
		}
	}
}

// An import of a suite that was sent and not seen to its end is told at the next
// start and followed from its record, by its page and by the page of another import
// of that name.
func TestAnImportOfASuiteSurvivesARestart(t *testing.T) {
	shop := newShop(t, "", nil)
	file := fileWith(t, "smoke.json", "[]")
	s := shop.open(80, 24, visit{writes: true, still: true})
	s.press(":", "tests import-status", "enter")
	s.rest().sees("nothing that was started from here", ":tests import-status ID").misses("cannot be sent", "type it")
	s.press("esc", ":", "writes on", "enter", ":", "tests import Smoke2 "+file, "enter")
	s.pass(time.Second)
	s.press("Smoke2")
	s.pass(time.Second)
	s.press("enter")
	s.rest().sees("running")
	s.leave()

	s = shop.open(80, 24, visit{writes: true})
	s.rest().sees("tests import started", ":tests import-status", "follows it")
	s.press(":", "tests import-status", "enter")
	s.pass(time.Second)
	s.rest().sees("testsuite/import  done")
	s.leave()
	if n := shop.world.Truth().Requests[api.ImportSuite]; n != 1 {
		t.Errorf("%d imports", n)
	}
	s = shop.open(80, 24, visit{writes: true})
	s.rest().misses("tests import started")
}
