package cli

import (
	"fmt"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
)

// drawnModel counts what it is told and how often it is drawn.
type drawnModel struct{ n, drawn int }

func (c *drawnModel) Init() tea.Cmd { return nil }

func (c *drawnModel) Update(tea.Msg) (tea.Model, tea.Cmd) {
	c.n++
	return c, nil
}

func (c *drawnModel) View() tea.View {
	c.drawn++
	return tea.NewView(fmt.Sprint(c.n))
}

// A burst costs two pictures: the first message is seen at once, the last in the
// end, and nothing is drawn where nothing was told.
func TestABurstIsTwoPictures(t *testing.T) {
	c := &drawnModel{}
	p := newPaced(c)
	var pauses int
	p.tick = func(d time.Duration, _ func(time.Time) tea.Msg) tea.Cmd {
		if d != pause {
			t.Errorf("a pause of %v", d)
		}
		pauses++
		return nil
	}
	sees := func(want string, drawn int) {
		t.Helper()
		if got := p.View().Content; got != want || c.drawn != drawn {
			t.Errorf("seen %q after %d pictures, want %q after %d", got, c.drawn, want, drawn)
		}
	}
	send := func(msg tea.Msg) { p.Update(msg) }
	sees("0", 1)
	for range 200 {
		send("key")
		sees("1", 2)
	}
	send(pauseOver{})
	sees("200", 3)
	send(pauseOver{})
	send(pauseOver{})
	sees("200", 3)
	send("key")
	sees("201", 4)
	if pauses != 3 {
		t.Errorf("%d pauses", pauses)
	}
}
