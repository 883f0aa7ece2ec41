package cli

import (
	"os"
	"path/filepath"
	"testing"
)

// A command that only prints shows what it prints on a page, at the cache and the
// client of the dashboard.
func TestWhatACommandPrintsOnAPage(t *testing.T) {
	t.Parallel()
	sizes(t, func(t *testing.T, w, h int) {
		s := newShop(t, "", nil).open(w, h, visit{})
		before := s.requests()
		s.press(":", "cache info", "enter").sees("sessions > cache", "encrypted", "sessions")
		s.press(":", "sessions --limit 3 -o json --fields sessionId,channel", "enter").sees(`"sessionId": "730f7190`, `"channel": "rtm"`).golden("printed")
		s.press("/", "slack", "enter").sees("is not in what was printed").press("esc")
		s.press(":", "sessions --offline --limit 2", "enter").sees("11:59:12", "4 of 4 lines")
		s.costs(before, nil)
		s.press(":", "journal", "enter").sees("> journal").press(":", "config show", "enter").sees("SETTING", "prod-eu")
		s.press(":", "billing --help", "enter").sees("Usage by month, day or hour", "--by")
		s.press(":", "timeline 730f71901bffa61a9ef35634", "enter").sees("> timeline", "status of my delivery")
	})
}

// A line that fails says so with its exit code, and one that does something is
// not carried out again by reading again or by going back to it.
func TestAPageThatDoesSomething(t *testing.T) {
	t.Parallel()
	s := newShop(t, "", nil).open(80, 24, visit{})
	dir := filepath.Join(t.TempDir(), "case")
	s.press(":", "export 730f71901bffa61a9ef35634 --to "+dir, "enter").sees("> export")
	if _, err := os.Stat(filepath.Join(dir, "manifest.json")); err != nil {
		t.Fatalf("%v\n%s", err, s.text())
	}
	s.press("r").sees("only when it is typed again")
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	s.press("esc").press("]").sees("was carried out before")
	if _, err := os.Stat(dir); err == nil {
		t.Error("going back carried it out again")
	}
	s.press("esc").press(":", "messages nosuchsession000000000 -o json", "enter").sees("exit code 3")
}
