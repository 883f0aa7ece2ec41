package cli

import (
	"testing"
)

// A suite is started by a typed line, once, and followed to its verdict; coming
// back to the list starts nothing.
func TestASuiteIsRunFromTheDashboard(t *testing.T) {
	sizes(t, func(t *testing.T, w, h int) {
		s := newShop(t, "", nil).open(w, h, visit{tests: true})
		s.press(":", "tests", "enter").sees("sessions > tests", "No test run is kept here", "Refunds smoke")
		s.press(":", "tests run Refunds smoke --version inDevelopment", "enter").
			sees("sessions > tests", "0 under way   1 kept here", "FAIL").misses("tests > tests")
		s.sees("step 3 of 28", `"RB-4200042"`, "expected", "Card or store credit?", "Could you say that again?").golden("tests")
		s.press("e").sees("step 19 of 28", "context: entities.order_id").press("esc")
		s.press("]").sees("sessions > tests", "1 kept here")
		s.press(":", "tests run Orders smoke", "enter").sees("2 kept here", "ok")
		if truth := s.world.Truth(); truth.RunRequests["Orders smoke"] != 1 || truth.RunRequests["Refunds smoke"] != 1 {
			t.Errorf("requests to run: %v", truth.RunRequests)
		}
		s.leave()
	})
}

// Runs go on when the list is left and when the program ends; whoever opens the
// list next follows them on.
func TestRunsOutliveTheListAndTheProgram(t *testing.T) {
	shop := newShop(t, "", nil)
	s := shop.open(80, 24, visit{tests: true, still: true})
	s.press(":", "tests run \"Orders smoke\" \"Refunds smoke\"", "enter").sees("2 under way", "run  ")
	looks := s.requests()["testsuite/status"]
	s.press("esc").sees("1 of 186")
	s.pass(noteLife)
	if n := s.requests()["testsuite/status"]; n != looks {
		t.Errorf("%d looks after the list was left", n-looks)
	}
	s.press(":", "tests", "enter").sees("2 under way")
	s.leave()

	again := shop.open(80, 24, visit{tests: true})
	again.press(":", "tests", "enter").sees("0 under way   2 kept here", "ok", "FAIL")
	if truth := shop.world.Truth(); truth.RunRequests["Orders smoke"] != 1 || truth.RunRequests["Refunds smoke"] != 1 {
		t.Errorf("requests to run: %v", truth.RunRequests)
	}
	again.leave()
}

// What the profile does not allow is said, and nothing is sent.
func TestARefusedRunNamesTheSetting(t *testing.T) {
	s := newShop(t, "", nil).open(80, 24, visit{})
	s.press(":", "tests run Orders smoke", "enter").sees("NOT STARTED", "Set allow_tests")
	if n := s.world.Truth().RunRequests; len(n) != 0 {
		t.Errorf("sent %v", n)
	}
}
