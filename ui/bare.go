package ui

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/keymap"
	"korescope/ui/text"
)

// bareFor is how long a hidden value is shown.
const bareFor = 20 * time.Second

// bare is the one value that is shown in spite of the mask: on the screen where it
// was asked for and nowhere else. It is hidden again when the time is over, or
// before anything else is done: whatever a key does then, copying, naming,
// completing, saving, it has nothing in hand but what the mask leaves.
type bare struct {
	n     int // counts what is shown and hidden: an answer to an older key shows nothing
	at    *place
	what  text.Safe
	value string
	until time.Time
}

// bareMsg says that showing a value was noted, or why not.
type bareMsg struct {
	n      int
	at     *place
	hidden Hidden
	err    error
}

type bareOver struct{ n int }

// reveal shows the first hidden value under the cursor, and after it the next.
func (a *App) reveal() tea.Cmd {
	p := a.top()
	r, ok := p.screen.(Revealer)
	if !ok {
		return a.notify(Note{Text: text.Lit("nothing is masked here")})
	}
	shown := a.bare
	a.veil()
	all := r.Hidden()
	next := 0
	if shown.at == p {
		next = 1 + slices.IndexFunc(all, func(h Hidden) bool { return h.Value == shown.value })
	}
	switch {
	case len(all) == 0:
		return a.notify(Note{Text: text.Lit("nothing under the cursor is masked")})
	case next == len(all):
		return a.notify(Note{Text: text.Lit("masked again; x shows the first one")})
	case a.o.Reveal == nil:
		return a.notify(Note{Text: text.Lit("masked values cannot be shown: there is no journal that would note it"), Bad: true})
	}
	n, note := a.bare.n, a.o.Reveal
	return func() tea.Msg { return bareMsg{n: n, at: p, hidden: all[next], err: note(all[next])} }
}

// bared shows a value once it is written down that it is shown, unless a key was
// pressed meanwhile.
func (a *App) bared(m bareMsg) tea.Cmd {
	if m.err != nil {
		return a.notify(Note{Text: text.Join("", text.Lit("not shown: "), a.o.Explain(m.err)), Bad: true, Sticky: true, Long: true})
	}
	if m.n != a.bare.n || a.top() != m.at {
		return nil
	}
	n := m.n + 1
	a.note = noted{}
	a.bare = bare{n: n, at: m.at, what: m.hidden.What, value: m.hidden.Value, until: a.o.Clock().Add(bareFor)}
	a.fit()
	return a.o.Tick(bareFor, func(time.Time) tea.Msg { return bareOver{n} })
}

// veil hides what is shown.
func (a *App) veil() {
	shown := a.bare.at != nil
	a.bare = bare{n: a.bare.n + 1}
	if shown {
		a.fit()
	}
}

// veiled hides what is shown before a key does anything but move in it; it
// reports a key that does no more than that.
func (a *App) veiled(key string) bool {
	action := keymap.Action("")
	if a.prompt == nil && a.overlay == nil {
		action, _ = a.o.Keys.Resolve(a.scopes(), []string{key})
	}
	if slices.Contains(keymap.Moving(), action) || action == keymap.ShowHidden {
		return false
	}
	shown := a.bare.at != nil
	a.veil()
	return shown && action == keymap.StepOut
}

// bareLine is the value, whole also where its column cuts it, and until when it is
// shown.
func (a *App) bareLine() text.Safe {
	if a.bare.at == nil || a.bare.at != a.top() {
		return text.Safe{}
	}
	return text.Format("%s until %s (x the next, esc masks it): %s",
		a.bare.what, text.Clean(a.bare.until.In(a.zone()).Format("15:04:05")), text.Clean(a.bare.value))
}
