package cli

import (
	"strings"
	"testing"
)

// Whoever asks for plain lines gets them: no sequence, nothing painted over, a
// question at the end, and the answer below it.
func TestPlainLines(t *testing.T) {
	stage(t, "", nil)
	t.Setenv("TERM", "dumb")
	configured(t, "[aliases]\ndrops = \"sessions --limit 2 type:dropOff\"\n")
	line := dial(t, 80, 24)
	over := make(chan int, 1)
	s := line.streams()
	s.Err = line.tty
	go func() { over <- Run(t.Context(), []string{"--accessible", "-q", "type:agent"}, s) }()
	asked := 0
	answered := func(said, want string) string {
		t.Helper()
		from := len(line.heard())
		if said != "" {
			line.types(t, said+"\n")
		}
		asked++
		line.until(t, "a question", func() bool { return strings.Count(string(line.bytes), "korescope> ") >= asked })
		got := string(line.heard()[from:])
		if !strings.Contains(got, want) {
			t.Errorf("%q is answered with\n%s\nwithout %q", said, got, want)
		}
		return got
	}
	if first := answered("", "1. "); strings.Contains(first, "DROP") {
		t.Errorf("the first list is not that of -q:\n%s", first)
	}
	list := answered("drops", "DROP")
	if strings.Contains(list, "3. ") || !strings.Contains(list, "2. ") {
		t.Errorf("the list is not numbered from 1 to 2:\n%s", list)
	}
	answered("2", "WHY  ")
	answered("help", "sessions: ")
	answered("sesions", "There is no command")
	answered("messages", "the ids of sessions")
	line.types(t, "quit\n")
	if code := <-over; code != 0 {
		t.Errorf("left with %d", code)
	}
	if all := string(line.heard()); strings.Contains(all, "\x1b") || strings.Contains(strings.ReplaceAll(all, "\r\n", ""), "\r") {
		t.Errorf("not plain: %q", all)
	}
}
