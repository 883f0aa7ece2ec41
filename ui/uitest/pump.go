package uitest

import (
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
)

// Tick stands for tea.Tick in tests: time does not pass by itself.
func Tick(time.Duration, func(time.Time) tea.Msg) tea.Cmd { return nil }

// most bounds the commands one message may set off; more is a loop.
const most = 10_000

// Pump gives a message to the model and runs every command that follows from it
// to its end, in order, in this goroutine. Messages of the library itself are
// collected, not delivered.
func Pump(t *testing.T, m tea.Model, msg tea.Msg) (own []tea.Msg) {
	t.Helper()
	_, cmd := m.Update(msg)
	return Run(t, m, cmd)
}

// Run runs a command and everything that follows from it.
func Run(t *testing.T, m tea.Model, cmd tea.Cmd) (own []tea.Msg) {
	t.Helper()
	queue := []tea.Cmd{cmd}
	for n := 0; len(queue) > 0; n++ {
		if n > most {
			t.Fatal("commands without end")
		}
		next := queue[0]
		queue = queue[1:]
		if next == nil {
			continue
		}
		switch msg := next().(type) {
		case nil:
		case tea.BatchMsg:
			queue = append(queue, msg...)
		default:
			if library(msg) {
				own = append(own, msg)
				continue
			}
			_, cmd := m.Update(msg)
			queue = append(queue, cmd)
		}
	}
	return own
}

// Keys gives the model key presses, each by the name Bubble Tea gives it; a
// name of several letters that is no key is typed letter by letter.
func Keys(t *testing.T, m tea.Model, keys ...string) (own []tea.Msg) {
	t.Helper()
	for _, k := range keys {
		for _, press := range Presses(k) {
			own = append(own, Pump(t, m, press)...)
		}
	}
	return own
}
