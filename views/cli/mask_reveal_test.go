package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// Wherever something under the cursor is masked, x shows it for a while, the
// journal says so without saying it, and nothing that is done next has it in
// hand: not a copy, not the name of a screen, not a line offered.
func TestAMaskedValueIsShownForAWhile(t *testing.T) {
	for _, name := range walked(t) {
		t.Run(name, func(t *testing.T) {
			p := walkedPlaces()[name]
			for _, key := range revealed()[name] {
				s := openMasked(t, p, 140, 40)
				if key != "" {
					s.press(strings.Fields(key)...)
				}
				s.press("x")
				if leaked(s.text()) == "" {
					t.Fatalf("x after %q shows nothing that was masked:\n%s", key, s.text())
				}
				s.press("j", "k")
				if leaked(s.text()) == "" {
					t.Errorf("moving hides it")
				}
				s.pass(19 * time.Second)
				if leaked(s.text()) == "" {
					t.Errorf("it is hidden too early")
				}
				s.pass(2 * time.Second)
				nothingLeaks(t, "20 s later", s.text())
				for _, next := range []string{"y", "t", "?", ":", "/", "u", "enter", "tab", "esc", "ctrl+l", "y i", "y u", "y v", "y t", "y m"} {
					s.press("x")
					s.press(strings.Fields(next)...)
					nothingLeaks(t, next+" after it", s.text())
					s.press("esc", "esc")
				}
				for _, c := range clipboards(s.Bytes()) {
					nothingLeaks(t, "a copy", c)
				}
				b, err := os.ReadFile(filepath.Join(s.dir, "state", journalName))
				if err != nil || !strings.Contains(string(b), `"call":"show masked"`) {
					t.Errorf("the journal says %s, %v", b, err)
				}
				nothingLeaks(t, "the journal", string(b))
			}
		})
	}
}

// revealed are the places where a cursor stands on something masked, and the keys
// that lead there.
func revealed() map[string][]string {
	return map[string][]string{
		"SessionsRoute": {""}, "ConversationRoute": {"", "3"}, "CallsRoute": {""}, "CallRoute": {"", "tab E G"},
		"LogsRoute": {""}, "TestsRoute": {""}, "BilledRoute": {""}, "ContainmentRoute": {""},
		"BotsRoute": {""}, "RolesRoute": {""}, "FindRoute": {""}, "FailuresRoute": {""}, "ChangesRoute": {""},
	}
}

func openMasked(t *testing.T, p walkedPlace, w, h int) *scene {
	t.Helper()
	shop := newShop(t, "", poisoned)
	v := visit{app: p.app, tests: true, mask: true}
	if p.route != nil {
		v.route = p.route(shop)
	}
	s := shop.open(w, h, v)
	s.press(p.before...)
	return s.rest()
}

// Without a state folder nothing could note it, so nothing is shown.
func TestNothingIsShownThatCannotBeNoted(t *testing.T) {
	s := openMasked(t, walkedPlaces()["SessionsRoute"], 80, 24)
	s.desk.stateDir = ""
	s.press("x").sees("not shown", "no state folder")
	nothingLeaks(t, "x", s.text())
}

// Each press goes on to the next masked value of the row, and after the last one
// everything is masked again.
func TestMaskedValuesOneByOne(t *testing.T) {
	s := openMasked(t, walkedPlaces()["SessionsRoute"], 140, 40)
	var shown []string
	for !strings.Contains(s.press("x").text(), "masked again") && len(shown) < 50 {
		s.sees(" until ", "x the next")
		shown = append(shown, s.text())
	}
	if n := len(slices.Compact(shown)); n < 2 || n != len(shown) || n == 50 {
		t.Errorf("%d pictures of %d presses", n, len(shown))
	}
	nothingLeaks(t, "after the last one", s.text())
	s.press("x").sees(" until ").press("esc").misses("esc masks it")
	nothingLeaks(t, "esc", s.text())
}
