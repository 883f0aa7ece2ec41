// Package failures is what the platform's own metrics say of what failed: four
// lists, one shown at a time. Each is a list of records and asks its question
// when it is shown first.
package failures

import (
	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// list is a screen with all that a list of records can do.
type list interface {
	ui.Screen
	ui.Fitter
	ui.Closer
	ui.Copier
	ui.Prompter
	ui.Stopper
}

// Pane is one of the lists.
type Pane interface {
	list
	ui.Revealer
	// Rows is how many there are; not known before the first answer.
	Rows() api.Maybe[int]
}

// Tab is a list with its name.
type Tab struct {
	Name text.Safe
	Pane Pane
}

// Model is the screen.
type Model struct {
	tabs    []Tab
	at      int
	started []bool
	seat    ui.Seat
	room    ui.Env
}

// New makes the screen; at is the tab that is shown first.
func New(tabs []Tab, at int) *Model {
	return &Model{tabs: tabs, at: at, started: make([]bool, len(tabs))}
}

func (m *Model) pane() Pane { return m.tabs[m.at].Pane }

// Start asks for the list that is shown.
func (m *Model) Start(seat ui.Seat) tea.Cmd {
	m.seat = seat
	return m.show(m.at)
}

func (m *Model) show(at int) tea.Cmd {
	m.at = at
	if m.room.Width > 0 {
		m.pane().Fit(m.room)
	}
	if m.started[at] {
		return nil
	}
	m.started[at] = true
	return m.pane().Start(m.seat)
}

// Update gives a message to the lists; each takes its own.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	var out []tea.Cmd
	for i, t := range m.tabs {
		if m.started[i] {
			out = append(out, t.Pane.Update(msg))
		}
	}
	return tea.Batch(out...)
}

// Do changes the list, or does it in the one shown.
func (m *Model) Do(a keymap.Action) tea.Cmd {
	switch a {
	case keymap.NextPane:
		return m.show((m.at + 1) % len(m.tabs))
	case keymap.PrevPane:
		return m.show((m.at + len(m.tabs) - 1) % len(m.tabs))
	}
	return m.pane().Do(a)
}

// Offers are those of the list shown, and the way to the next.
func (m *Model) Offers() []keymap.Offer {
	return append(m.pane().Offers(), keymap.Offer{Action: keymap.NextPane, Word: "next list"})
}

// Heading is that of the list shown.
func (m *Model) Heading() ui.Heading { return m.pane().Heading() }

// Close steps out of what is open in the list shown.
func (m *Model) Close() bool { return m.pane().Close() }

// Copies are those of the list shown.
func (m *Model) Copies() []ui.Copy { return m.pane().Copies() }

// StopReading ends what any list is reading.
func (m *Model) StopReading() bool {
	stopped := false
	for i, t := range m.tabs {
		if m.started[i] && t.Pane.StopReading() {
			stopped = true
		}
	}
	return stopped
}

// Prompt starts that of the list shown.
func (m *Model) Prompt(kind ui.PromptKind) (ui.Prompt, bool) { return m.pane().Prompt(kind) }

// Typed shows what the text would do to the list shown.
func (m *Model) Typed(kind ui.PromptKind, s string) ui.Hint { return m.pane().Typed(kind, s) }

// Entered takes the text for the list shown.
func (m *Model) Entered(kind ui.PromptKind, s string) tea.Cmd { return m.pane().Entered(kind, s) }

// Fit leaves a row for the names of the lists.
func (m *Model) Fit(env ui.Env) {
	env.Height--
	m.room = env
	m.pane().Fit(env)
}

// Draw shows the names of the lists above the one shown.
func (m *Model) Draw(env ui.Env) canvas.Block {
	env.Height--
	return append(canvas.Block{m.names().Fit(env.Width)}, m.pane().Draw(env)...)
}

func (m *Model) names() canvas.Line {
	var line canvas.Line
	for i, t := range m.tabs {
		name := t.Name
		if n := t.Pane.Rows(); n.Known {
			name = text.Format("%s %s", name, text.Count(n.Value))
		}
		if i == m.at {
			line = line.Add(canvas.S(theme.Strong, text.Format(" [%s]", name)))
			continue
		}
		line = line.Add(canvas.S(theme.Dim, text.Format("  %s ", name)))
	}
	return line
}

// Hidden is what the mask hides in the list shown.
func (m *Model) Hidden() []ui.Hidden { return m.pane().Hidden() }
