package cli

import (
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// pointer is where the mark of the cursor stands on the terminal, from the top.
func (s *scene) pointer() int {
	s.t.Helper()
	for y, l := range strings.Split(s.text(), "\n") {
		if strings.HasPrefix(l, ">") {
			return y
		}
	}
	s.t.Fatalf("no cursor on\n%s", s.text())
	return 0
}

func (s *scene) click(x, y int) *scene {
	s.t.Helper()
	s.Send(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
	return s
}

// The mouse is off until it is asked for; then it goes where it points, in a table
// and where rows have several lines.
func TestTheMouse(t *testing.T) {
	s := newShop(t, "", nil).open(80, 24, visit{})
	at := s.pointer()
	s.click(5, at+3)
	if got := s.pointer(); got != at {
		t.Errorf("the mouse is off and moved the cursor from %d to %d", at, got)
	}
	s.press(":", "mouse on", "enter").sees("mouse on: wheel")
	if !strings.Contains(string(s.Bytes()), "\x1b[?1002h") {
		t.Error("the terminal was not asked for the mouse")
	}
	s.click(5, at+3)
	if got := s.pointer(); got != at+3 {
		t.Errorf("a click in row %d leads to %d", at+3, got)
	}
	s.click(5, at+1)
	s.Send(tea.MouseWheelMsg{Button: tea.MouseWheelDown})
	if got := s.pointer(); got != at+4 {
		t.Errorf("the wheel leads to %d", got)
	}
	titles := strings.Split(s.text(), "\n")[at-1]
	for _, title := range []string{"MSG", "USER", "START"} {
		x := strings.Index(titles, title)
		s.click(x, at-1)
		if line := s.row("MSG"); !slices.ContainsFunc([]string{title + "v", title + " v", "v " + title}, func(want string) bool { return strings.Contains(line, want) }) {
			t.Errorf("a click on %s sorts otherwise:\n%s", title, s.text())
		}
	}
	s.click(5, s.pointer()).sees("sessions > ")
	first := s.pointer()
	s.click(5, first+4)
	if got := s.pointer(); got <= first || got > first+4 {
		t.Errorf("a click in row %d of the conversation leads from %d to %d", first+4, first, got)
	}
	s.press(":", "mouse off", "enter").sees("mouse off")
	if !strings.Contains(string(s.Bytes()), "\x1b[?1002l") {
		t.Error("the terminal still sends what the mouse does")
	}
	s.press(":", "mouse maybe", "enter").sees("write mouse on or mouse off")
}
