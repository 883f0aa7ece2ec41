package cli

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// frames is how many pictures a second the terminal gets at most. At 120 a key is
// seen half a frame sooner than at 60, and so is the first picture; bytes are
// written only for what changed.
const frames = 120

// pause is how long a picture stands before the next one is made. The library asks
// for a picture after every message, also for those it never shows: of a held key
// that the line delivers in one piece, hundreds.
const pause = 4 * time.Millisecond

// paced makes no more pictures of a model than can be seen. The first message
// after a pause is drawn at once; those that follow in the pause are drawn
// together at its end, and not before the terminal has taken what was drawn: over
// a slow line a picture is made when it can be sent.
type paced struct {
	inner tea.Model
	// writing is closed when the terminal has taken everything; nil when it has.
	writing func() <-chan struct{}
	tick    func(time.Duration, func(time.Time) tea.Msg) tea.Cmd

	last    tea.View
	changed bool // the model was told something since it was drawn
	pausing bool
	draw    bool // the next picture is made anew
}

// pauseOver ends a pause.
type pauseOver struct{}

func newPaced(inner tea.Model, writing func() <-chan struct{}) *paced {
	return &paced{inner: inner, writing: writing, tick: tea.Tick, draw: true}
}

// Init starts the model.
func (p *paced) Init() tea.Cmd { return p.inner.Init() }

// Update hands the message on.
func (p *paced) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	if _, over := msg.(pauseOver); over {
		if still := p.writing(); still != nil {
			return p, func() tea.Msg { <-still; return pauseOver{} }
		}
		p.pausing = false
	} else {
		_, cmd = p.inner.Update(msg)
		p.changed = true
	}
	if !p.changed || p.pausing {
		return p, cmd
	}
	p.draw, p.pausing = true, true
	return p, tea.Batch(cmd, p.tick(pause, func(time.Time) tea.Msg { return pauseOver{} }))
}

// View is the picture of the model, or the one before while the pause lasts.
func (p *paced) View() tea.View {
	if p.draw {
		p.last, p.changed, p.draw = p.inner.View(), false, false
	}
	return p.last
}
