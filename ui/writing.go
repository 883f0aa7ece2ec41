package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// Writing tells the shell until when what changes something may be sent from
// here; the zero time is the end of it. Said is shown with it.
type Writing struct {
	Until time.Time
	Said  text.Safe
}

// writingOver is the end of the time that was given last.
type writingOver struct {
	until time.Time
	epoch int
}

func (a *App) writing(m Writing) tea.Cmd {
	a.o.Writes = m.Until
	note := a.notify(Note{Text: m.Said})
	left := m.Until.Sub(a.o.Clock())
	if left <= 0 {
		return note
	}
	over := writingOver{m.Until, a.epoch}
	return tea.Batch(note, a.o.Tick(left, func(time.Time) tea.Msg { return over }))
}

func (a *App) writesEnd(m writingOver) tea.Cmd {
	if m.epoch != a.epoch || !m.until.Equal(a.o.Writes) {
		return nil // it was given anew, or taken back
	}
	a.o.Writes = time.Time{}
	return a.notify(Note{Text: text.Lit("writes are off again: READ-ONLY")})
}

// permit says whether anything can be changed from here, and until when: an
// hour and minute, which costs no byte while it passes.
func (a *App) permit(short bool) canvas.Span {
	switch until := a.o.Writes; {
	case until.After(a.o.Clock()) && short:
		return canvas.S(theme.Alarm, text.Lit(" WRITE "))
	case until.After(a.o.Clock()):
		return canvas.S(theme.Alarm, text.Format(" WRITE to %s ", until.In(a.zone()).Format("15:04")))
	case short:
		return canvas.S(theme.Dim, text.Lit("RO"))
	}
	return canvas.S(theme.Dim, text.Lit("READ-ONLY"))
}
