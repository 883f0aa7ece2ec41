package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// Lock hides everything when nobody has pressed a key for a while. The zero value
// never locks.
type Lock struct {
	After time.Duration
	// Typed asks for something to type; otherwise enter alone asks Unlock.
	Typed bool
	// How says what unlocks.
	How text.Safe
	// Unlock decides, with what was typed. It may wait: it runs in a command.
	Unlock func(ctx context.Context, typed string) error
}

// locked is the state of the lock. That nobody pressed a key for too long is seen
// from the clock, not from a timer: a program that was stopped meanwhile is locked
// in the first frame that it draws.
type locked struct {
	touched time.Time
	shut    bool
	typed   []rune
	asking  bool
	tries   int
	wrong   text.Safe
}

// typedMost bounds what is typed at the lock.
const typedMost = 4096

type (
	idleMsg     struct{ epoch int }
	unlockedMsg struct {
		try   int
		epoch int
		err   error
	}
)

// awake begins to watch for idleness.
func (a *App) awake() tea.Cmd {
	a.lock.touched = a.o.Clock()
	return a.watchIdle()
}

// watchIdle wakes up when the time may be over; the message alone has the frame
// drawn again.
func (a *App) watchIdle() tea.Cmd {
	if a.o.Lock.After <= 0 {
		return nil
	}
	left := max(a.o.Lock.After-a.o.Clock().Sub(a.lock.touched), time.Second)
	epoch := a.epoch
	return a.o.Tick(left, func(time.Time) tea.Msg { return idleMsg{epoch} })
}

func (a *App) idle(m idleMsg) tea.Cmd {
	if m.epoch != a.epoch {
		return nil
	}
	if a.isLocked() {
		a.lock.shut = true
	}
	return a.watchIdle()
}

// isLocked reports that nothing may be shown. A clock that was set back does not
// open a lock, and one that was set forward closes it.
func (a *App) isLocked() bool {
	return a.o.Lock.After > 0 && (a.lock.shut || a.o.Clock().Sub(a.lock.touched) >= a.o.Lock.After)
}

// touch notes that somebody is there. It reports whether the key belongs to the
// lock.
func (a *App) touch() bool {
	if a.o.Lock.After <= 0 {
		return false
	}
	if a.isLocked() {
		a.lock.shut = true
		return true
	}
	a.lock.touched = a.o.Clock()
	return false
}

// lockKey handles a key while the screen is locked: what is typed, what takes it
// back, and enter.
func (a *App) lockKey(m tea.KeyPressMsg) tea.Cmd {
	l := &a.lock
	if l.asking {
		return nil
	}
	switch key := m.String(); {
	case key == "enter":
		return a.unlock()
	case !a.o.Lock.Typed:
	case key == "backspace" && len(l.typed) > 0:
		l.typed = l.typed[:len(l.typed)-1]
	case key == "esc" || key == "ctrl+u":
		l.typed = nil
	case m.Text != "":
		a.lockText(m.Text)
	}
	return nil
}

func (a *App) lockText(s string) {
	if l := &a.lock; a.o.Lock.Typed && !l.asking && len(l.typed)+len(s) <= typedMost {
		l.typed = append(l.typed, []rune(s)...)
	}
}

func (a *App) unlock() tea.Cmd {
	l := &a.lock
	l.asking, l.wrong = true, text.Safe{}
	l.tries++
	typed := string(l.typed)
	clear(l.typed)
	l.typed = nil
	ctx, ask, try, epoch := a.o.Ctx, a.o.Lock.Unlock, l.tries, a.epoch
	return func() tea.Msg { return unlockedMsg{try, epoch, ask(ctx, typed)} }
}

func (a *App) unlocked(m unlockedMsg) tea.Cmd {
	l := &a.lock
	if m.epoch != a.epoch || m.try != l.tries || !l.asking {
		return nil
	}
	l.asking = false
	if m.err != nil {
		l.wrong = a.o.Explain(m.err)
		return nil
	}
	l.shut, l.touched = false, a.o.Clock()
	a.fit()
	return tea.Batch(a.returned(), a.watchIdle(), a.tick())
}

// lockFrame is all there is to see: nothing of what lies behind it.
func (a *App) lockFrame() Frame {
	l := &a.lock
	lines := []text.Safe{text.Format("korescope is locked: no key was pressed for %s", a.o.Lock.After), a.o.Lock.How}
	switch {
	case l.asking:
		lines = append(lines, text.Lit("asking"))
	case len(l.typed) > 0:
		lines = append(lines, text.Format("%d characters typed, enter takes them", len(l.typed)))
	case !l.wrong.Empty():
		lines = append(lines, l.wrong)
	}
	body := make(canvas.Block, max(a.height/2-len(lines), 0), a.height)
	for i, s := range lines {
		token := theme.Plain
		if i == 2 && !l.wrong.Empty() && !l.asking && len(l.typed) == 0 {
			token = theme.Bad
		}
		body = append(body, canvas.L(canvas.S(token, text.Join("", text.Lit(" "), s).Cut(a.width))))
	}
	return Frame{Body: body.Fit(a.width, a.height)}
}
