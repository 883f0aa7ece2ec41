package cli

import (
	"testing"
)

// Every screen lives through every size and comes back as it was.
func TestResizingOnEveryScreen(t *testing.T) {
	t.Parallel()
	s := newShop(t, "", nil).open(140, 40, visit{})
	s.rest()
	shrink := func(where string) {
		t.Helper()
		for _, size := range [][2]int{{80, 24}, {40, 10}} {
			s.Resize(size[0], size[1])
			if s.text() == "" {
				t.Errorf("%s: nothing at %dx%d", where, size[0], size[1])
			}
		}
		s.Resize(20, 5)
		s.sees("needs 40x10")
		s.Resize(140, 40)
		s.Resize(80, 24)
		before := s.text()
		s.Resize(140, 40)
		s.Resize(40, 10)
		s.Resize(80, 24)
		if after := s.text(); after != before {
			t.Errorf("%s: 80x24 before\n%s\nand after\n%s", where, before, after)
		}
		s.Resize(140, 40)
	}
	shrink("sessions")
	s.press("1", "j", "j").rest()
	shrink("sessions below the first row")
	s.press("?")
	shrink("help")
	s.press("esc", "/", "type:agent")
	shrink("a prompt")
	s.press("esc", ":", "se")
	shrink("command line")
	s.press("esc", "y")
	shrink("copy menu")
	s.press("esc", "g", "enter").sees("730f6f..da").press("g")
	shrink("conversation")
	s.press("e", "enter").sees("provider error 429")
	for _, tab := range []string{"messages", "request", "response", "delta"} {
		s.sees("[" + tab)
		shrink("call, " + tab)
		s.press("tab")
	}
	s.press("esc", "l").sees("> llm")
	shrink("calls")
	s.press(":", "billing", "enter").sees("> billing")
	shrink("billing")
	s.press(":", "containment", "enter").sees("> containment")
	shrink("containment")
}

// The smallest size that is of use still does the main job.
func TestTheMainJobAt40x10(t *testing.T) {
	t.Parallel()
	s := newShop(t, "", nil).open(40, 10, visit{})
	s.sees("0 all 186").press("1").sees("DROP").press("enter").sees("DROP  730f6f21efc")
	s.press("j", "E").sees(">  0:27 llm").whole("3-error")
	s.press("enter").sees("provider error 429").press("tab").sees("gpt-4o").press("esc", "esc").sees("DROP")
}

// What a slow line pays: bytes for a step of the cursor and for a scrolled row.
func TestBytesOfAStep(t *testing.T) {
	t.Parallel()
	sizes(t, func(t *testing.T, w, h int) {
		s := newShop(t, "", nil).open(w, h, visit{})
		s.rest()
		const steps = 5
		spent := func(do func()) int {
			before := len(s.Bytes())
			do()
			return len(s.Bytes()) - before
		}
		step := spent(func() {
			for range steps {
				s.press("j")
			}
		}) / steps
		settle := spent(func() { s.rest() })
		s.press("G").rest().press("g")
		for range h {
			s.press("j") // until the last visible row
		}
		s.rest()
		row := spent(func() {
			for range steps {
				s.press("j")
			}
		}) / steps
		page := spent(func() { s.press("pgdown") })
		s.press("p").rest()
		alone := spent(func() {
			for range steps {
				s.press("j")
			}
		}) / steps
		t.Logf("%dx%d: a step of the cursor %d bytes, detail after a rest %d, a scrolled row %d, without preview %d, a page %d",
			w, h, step, settle, row, alone, page)
		// Beside a preview a terminal cannot scroll the list alone, so that the
		// rows are written anew.
		if step > 120 || row > 80*h || alone > 500 {
			t.Errorf("a step costs %d bytes, a scrolled row %d, without preview %d", step, row, alone)
		}
	})
}
