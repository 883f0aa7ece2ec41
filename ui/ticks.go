package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// noteLife is how long a note stays that is not sticky.
const noteLife = 5 * time.Second

type (
	// meterMsg carries its place among the readings: they run beside each other,
	// and one that was slow must not stand in for a newer one.
	meterMsg struct {
		meter Meter
		epoch int
		n     int
	}
	minuteMsg struct{}
	secondMsg struct{}
	noteOver  struct{ id int }
)

// notify shows a note. The clearing tick carries the note's id, so that it can
// never clear a newer one.
func (a *App) notify(n Note) tea.Cmd {
	a.notes++
	a.note = noted{Note: n, id: a.notes, at: a.top()}
	if n.Sticky {
		return nil
	}
	id := a.notes
	return a.o.Tick(noteLife, func(time.Time) tea.Msg { return noteOver{id: id} })
}

// measure reads the budget in a command, because it looks into a file.
func (a *App) measure() tea.Cmd {
	if a.o.Meter == nil {
		return nil
	}
	a.readings++
	ctx, read, epoch, n := a.o.Ctx, a.o.Meter, a.epoch, a.readings
	return func() tea.Msg { return meterMsg{meter: read(ctx), epoch: epoch, n: n} }
}

// minute keeps clock and ages right: one small repaint a minute, nothing else
// is written while nothing happens.
func (a *App) minute() tea.Cmd {
	now := a.o.Clock()
	left := now.Truncate(time.Minute).Add(time.Minute).Sub(now)
	return a.o.Tick(left, func(time.Time) tea.Msg { return minuteMsg{} })
}

// tick runs once a second, only while something counts: a read that takes
// longer than a moment, or a gate that opens again.
func (a *App) tick() tea.Cmd {
	if a.ticking || !a.counting() {
		return nil
	}
	a.ticking = true
	return a.o.Tick(time.Second, func(time.Time) tea.Msg { return secondMsg{} })
}

func (a *App) counting() bool {
	if a.meter.ShutUntil.After(a.o.Clock()) {
		return true
	}
	p := a.top()
	if p == nil {
		return false
	}
	h := p.screen.Heading()
	// "now" is over a moment after the reading.
	fresh := !h.At.IsZero() && a.o.Clock().Sub(h.At) <= justNow
	return !h.Loading.IsZero() || fresh
}
