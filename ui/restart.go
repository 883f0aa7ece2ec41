package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"korescope/ui/text"
)

// Deed is a route that leads to no screen: Do is run as a command, and the
// message it gives decides what happens. Says is shown until then.
type Deed struct {
	Says text.Safe
	Do   func(ctx context.Context) tea.Msg
}

// Restart begins anew with other options: all screens are left and the first
// one of the new options is opened. Context, ticks and what is known about the
// terminal stay. After runs when the new screen stands; it may be nil.
type Restart struct {
	Options Options
	After   tea.Cmd
}

func (a *App) carryOut(d Deed) tea.Cmd {
	ctx := a.o.Ctx
	return tea.Batch(a.notify(Note{Text: d.Says, Sticky: true}), func() tea.Msg { return d.Do(ctx) })
}

func (a *App) restart(m Restart) tea.Cmd {
	for _, p := range a.stack {
		p.cancel()
	}
	o := m.Options
	o.Ctx, o.Tick = a.o.Ctx, a.o.Tick
	a.o = o
	a.rows = rowsByAction(a.o.Keys)
	a.paint()
	a.stack, a.forward, a.pending = nil, nil, nil
	a.bare = bare{n: a.bare.n + 1}
	a.prompt, a.overlay, a.note, a.meter = nil, nil, noted{}, Meter{}
	a.epoch++
	a.lock.asking = false // whoever was asked answers for what is left now
	cmds := []tea.Cmd{a.open(a.o.First), a.measure(), m.After, a.watchIdle()}
	if !a.o.Notice.Empty() {
		cmds = append(cmds, a.notify(Note{Text: a.o.Notice, Bad: true, Sticky: true}))
	}
	return tea.Batch(cmds...)
}
