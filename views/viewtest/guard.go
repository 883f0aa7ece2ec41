package viewtest

import (
	"sync/atomic"

	tea "charm.land/bubbletea/v2"
)

// Guard knows whether a command is running: only then may a reader be asked.
type Guard struct{ running atomic.Int32 }

// Inside reports that a command is running.
func (g *Guard) Inside() bool { return g.running.Load() > 0 }

// never is what a scripted step panics with when it does not answer at all.
type never struct{}

// Cmd wraps a command, and those of its batch, so that the guard is open while
// it runs. A command that meets a step without an answer ends without a message,
// as if it were still under way.
func (g *Guard) Cmd(c tea.Cmd) tea.Cmd {
	if c == nil {
		return nil
	}
	return func() (msg tea.Msg) {
		g.running.Add(1)
		defer g.running.Add(-1)
		defer func() {
			switch e := recover().(type) {
			case nil:
			case never:
				msg = nil
			default:
				panic(e)
			}
		}()
		msg = c()
		if batch, ok := msg.(tea.BatchMsg); ok {
			wrapped := make(tea.BatchMsg, len(batch))
			for i, inner := range batch {
				wrapped[i] = g.Cmd(inner)
			}
			return wrapped
		}
		return msg
	}
}

// Model wraps a model so that all its commands are guarded.
func (g *Guard) Model(inner tea.Model) tea.Model { return guarded{inner: inner, g: g} }

type guarded struct {
	inner tea.Model
	g     *Guard
}

func (m guarded) Init() tea.Cmd { return m.g.Cmd(m.inner.Init()) }

func (m guarded) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	_, cmd := m.inner.Update(msg)
	return m, m.g.Cmd(cmd)
}

func (m guarded) View() tea.View { return m.inner.View() }
