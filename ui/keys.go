package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/keymap"
	"korescope/ui/text"
)

// leaveWithin is how soon the second ctrl-c must come to leave.
const leaveWithin = 2 * time.Second

// onKey finds the one owner of a key: prompt, overlay, then the screen's scopes
// and the shell's.
func (a *App) onKey(m tea.KeyPressMsg) tea.Cmd {
	if a.touch() {
		return a.lockKey(m)
	}
	key := m.String()
	if a.plain {
		a.plain = false
		return nil
	}
	if a.note.Sticky {
		a.note = noted{}
	}
	if a.veiled(key) {
		return nil
	}
	if key == "ctrl+c" && a.prompt == nil {
		a.pending, a.overlay = nil, nil
		return a.interrupt()
	}
	if (a.prompt != nil || a.overlay != nil) && m.Text == "" {
		// To the shell leads a way from everywhere.
		if action, _ := a.o.Keys.Resolve([]keymap.Scope{keymap.Shell}, []string{key}); action == keymap.Suspend {
			return tea.Suspend
		}
	}
	switch {
	case a.prompt != nil:
		return a.promptKey(m)
	case a.overlay != nil:
		o := a.overlay
		done, cmd := o.key(a, key)
		if done && a.overlay == o {
			a.overlay = nil
		}
		return cmd
	}
	return a.resolve(key)
}

// resolve turns keys into an action. Keys that begin a sequence are kept: the
// copy menu waits as long as it takes, and lists what may follow.
func (a *App) resolve(key string) tea.Cmd {
	if key == "esc" && a.pending != nil {
		a.pending = nil
		return nil
	}
	keys := append(a.pending[:len(a.pending):len(a.pending)], key)
	action, pending := a.o.Keys.Resolve(a.scopes(), keys)
	if pending {
		a.pending = keys
		return nil
	}
	a.pending = nil
	if action == "" {
		return a.meansNothing(keys)
	}
	return a.do(action)
}

func (a *App) scopes() []keymap.Scope {
	p := a.top()
	if p == nil {
		return []keymap.Scope{keymap.Shell}
	}
	inner := p.screen.Heading().Scopes
	return append(inner[:len(inner):len(inner)], keymap.Shell)
}

// do carries out the shell's own actions and hands all others to the screen.
func (a *App) do(action keymap.Action) tea.Cmd {
	switch action {
	case keymap.StepOut:
		return a.escape()
	case keymap.GoBack:
		return a.back()
	case keymap.GoBackwards:
		if len(a.stack) <= 1 {
			return a.notify(Note{Text: text.Lit("nothing to go back to")})
		}
		return a.back()
	case keymap.Quit:
		return a.quit()
	case keymap.OpenCommand:
		a.openCommand()
	case keymap.StartFind:
		if !prompts(a.top().screen) {
			return a.notify(Note{Text: text.Lit("there is nothing to filter or to find here")})
		}
		a.openPrompt(FindPrompt)
	case keymap.OpenCopyMenu:
		return a.openCopyMenu()
	case keymap.OpenHelp:
		a.overlay = &help{rows: a.Listed()}
	case keymap.StopReading:
		return a.interrupt()
	case keymap.Suspend:
		return tea.Suspend
	case keymap.ShowHidden:
		return a.reveal()
	case keymap.PrintPlain:
		a.plain = true
	case keymap.GoForwards:
		return a.goForward()
	case keymap.GoLastView:
		return a.lastView()
	case keymap.CycleClock:
		if a.o.Zone == time.UTC {
			return a.notify(Note{Text: text.Lit("times are UTC: the profile names no other zone")})
		}
		a.utc = !a.utc
		a.fit()
		return a.returned()
	default:
		return a.onScreen(action)
	}
	return nil
}

// escape steps out of the innermost thing: what the screen has open, then the
// screen. It never leaves the program.
func (a *App) escape() tea.Cmd {
	p := a.top()
	if p == nil {
		return nil
	}
	if c, ok := p.screen.(Closer); ok && c.Close() {
		return nil
	}
	if len(a.stack) > 1 {
		return a.back()
	}
	return a.notify(Note{Text: text.Format("nothing to step out of; %s leaves", a.keyOf(keymap.GoBack))})
}

// interrupt stops what the screen reads; pressed again soon, it leaves.
func (a *App) interrupt() tea.Cmd {
	now := a.o.Clock()
	if now.Sub(a.leaving) < leaveWithin && !a.leaving.IsZero() {
		return a.quit()
	}
	a.leaving = now
	stopped := false
	if p := a.top(); p != nil {
		if s, ok := p.screen.(Stopper); ok {
			stopped = s.StopReading()
		}
	}
	if stopped {
		return a.notify(Note{Text: text.Lit("stopped reading; ctrl-c again leaves")})
	}
	return a.notify(Note{Text: text.Lit("ctrl-c again leaves")})
}

func (a *App) goForward() tea.Cmd {
	if len(a.forward) == 0 {
		return a.notify(Note{Text: text.Lit("nothing to go forward to")})
	}
	r := a.forward[len(a.forward)-1]
	a.forward = a.forward[:len(a.forward)-1]
	return a.open(r)
}

// lastView goes to the screen that was left last, or back to the one below.
func (a *App) lastView() tea.Cmd {
	if len(a.forward) > 0 {
		return a.goForward()
	}
	if len(a.stack) > 1 {
		return a.back()
	}
	return a.notify(Note{Text: text.Lit("no other view was seen yet")})
}
