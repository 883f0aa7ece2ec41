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
	p := newPaced(c, func() <-chan struct{} { return nil })
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

// Over a line that takes its time no picture is made before the last one is sent,
// and what is told meanwhile is heard.
func TestAPictureWaitsForTheLine(t *testing.T) {
	t.Parallel()
	c := &drawnModel{}
	still := make(chan struct{})
	under := still
	p := newPaced(c, func() <-chan struct{} { return under })
	p.tick = func(time.Duration, func(time.Time) tea.Msg) tea.Cmd { return nil }
	p.View()
	p.Update("key")
	p.View()
	p.Update("key")
	_, waits := p.Update(pauseOver{})
	p.Update("key")
	if p.View(); c.n != 3 || c.drawn != 2 {
		t.Errorf("told %d, drawn %d, while the line is busy", c.n, c.drawn)
	}
	close(still)
	under = nil
	p.Update(waits())
	if got := p.View().Content; got != "3" {
		t.Errorf("seen %q", got)
	}
}
