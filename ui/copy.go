package ui

import (
	"cmp"
	"context"
	"strings"

	"charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"korescope/keymap"
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// ClipboardMax is how many bytes are handed to the terminal at once; xterm
// refuses more, and a slow line would be busy for a minute.
const ClipboardMax = 74_000

// copyMenu lists what the second key of a sequence can copy here.
func (a *App) copyMenu(w int) canvas.Block {
	if len(a.pending) == 0 {
		return nil
	}
	offers := map[keymap.Action]Copy{}
	for _, c := range a.copies() {
		offers[c.Action] = c
	}
	out := canvas.Block{canvas.L(canvas.S(theme.Strong, text.Lit(" copy   esc leaves"))).Fit(w).Filled(theme.Bar)}
	for _, b := range a.o.Keys.Following(a.scopes(), a.pending) {
		c, ok := offers[b.Action]
		if !ok {
			continue
		}
		out = append(out, canvas.L(
			canvas.S(theme.BarKey, text.Clean("  "+label(b.Keys)).Pad(6)),
			canvas.S(theme.Bar, c.Name.Pad(18)),
			canvas.S(theme.Dim, text.Clean(firstLine(cmp.Or(c.Value, c.Sample)))),
		).Fit(w).Filled(theme.Bar))
	}
	if len(out) == 1 {
		out = append(out, canvas.L(canvas.S(theme.Dim, text.Lit("  nothing to copy here"))).Fit(w).Filled(theme.Bar))
	}
	return out
}

func firstLine(s string) string {
	const enough = 200
	line, _, _ := strings.Cut(s, "\n")
	if len(line) > enough {
		line = line[:enough]
	}
	return line
}

func (a *App) copies() []Copy {
	if p := a.top(); p != nil {
		if c, ok := p.screen.(Copier); ok {
			return a.lines(c.Copies())
		}
	}
	return nil
}

// lines lets whoever runs the program complete the command lines among what can
// be copied, and leaves out those that cannot be written.
func (a *App) lines(all []Copy) []Copy {
	out := make([]Copy, 0, len(all))
	for _, c := range all {
		switch {
		case lineAction(c.Action) && c.Value != "" && a.o.Line != nil:
			c.Value = a.o.Line(c.Value)
		case c.Ask != nil && a.o.Request != nil:
			c.Value = a.o.Request(c.Ask)
		}
		if c.Value == "" && c.Read == nil {
			continue
		}
		out = append(out, c)
	}
	return out
}

// lineAction reports copies that are command lines.
func lineAction(a keymap.Action) bool { return a == keymap.CopyLine || a == keymap.CopyOpen }

// Clip is something on its way out: what it is, and the text.
type Clip struct {
	Name  text.Safe
	Value string
}

// Clipped is what became of it: a sequence for the terminal, and what is said,
// which never claims more than is known.
type Clipped struct {
	Sequence string
	Said     text.Safe
	Bad      bool
}

type clippedMsg struct{ Clipped }

// fetched is a value that had to be read first.
type fetched struct{ Clip }

// copied carries out a copy action; false when the action is none of the
// screen's offers. What comes from elsewhere goes out without what is hidden in
// it; a second key copies the same again as it was sent. The screen is asked
// only for actions that copy: what can be copied may be megabytes, and every key
// comes by here.
func (a *App) copied(action keymap.Action) (tea.Cmd, bool) {
	if !action.Copies() {
		return nil, false
	}
	if action == keymap.CopyRaw {
		if a.clip.Value == "" {
			return a.notify(Note{Text: text.Lit("nothing was copied yet")}), true
		}
		return a.carry(a.clip, text.Safe{}), true
	}
	for _, c := range a.copies() {
		if c.Action != action {
			continue
		}
		if c.Value == "" {
			return a.fetch(c), true
		}
		return a.hand(Clip{Name: c.Name, Value: c.Value}), true
	}
	return nil, false
}

// fetch reads what is to be copied.
func (a *App) fetch(c Copy) tea.Cmd {
	ctx, explain := a.o.Ctx, a.o.Explain
	if p := a.top(); p != nil {
		ctx = p.seat.Ctx
	}
	return func() tea.Msg {
		value, err := c.Read(ctx)
		if err != nil {
			return Note{Text: text.Join("", c.Name, text.Lit(" is not copied: "), explain(err)), Bad: true, Sticky: true, Long: true}
		}
		return fetched{Clip{Name: c.Name, Value: value}}
	}
}

// hand gives a copy on without what is hidden in it.
func (a *App) hand(c Clip) tea.Cmd {
	a.clip = c
	clean, hidden := text.Copied(c.Value)
	note := text.Safe{}
	if hidden > 0 {
		note = text.Format("; %d hidden characters left out, y ! copies them too", hidden)
	}
	return a.carry(Clip{Name: c.Name, Value: clean}, note)
}

// carry hands a text over, in a command: programs and files are asked for it.
func (a *App) carry(c Clip, note text.Safe) tea.Cmd {
	ctx, clip := a.o.Ctx, a.o.Clip
	if clip == nil {
		clip = handOver
	}
	return func() tea.Msg {
		out := clip(ctx, c)
		out.Said = text.Join("", out.Said, note)
		return clippedMsg{out}
	}
}

// handOver is the way that is always there: the terminal's own clipboard.
func handOver(_ context.Context, c Clip) Clipped {
	if len(c.Value) > ClipboardMax {
		return Clipped{Bad: true, Said: text.Format("%s is %d kB, more than a terminal takes", c.Name, len(c.Value)/1000)}
	}
	return Clipped{Sequence: ansi.SetSystemClipboard(c.Value), Said: text.Format("%s handed to the terminal's clipboard (OSC 52)", c.Name)}
}

// clipped says what became of a copy. The sequence is the only one that carries
// content, it is sent on a request alone, and its payload is base64.
func (a *App) clipped(m clippedMsg) tea.Cmd {
	note := a.notify(Note{Text: m.Said, Bad: m.Bad, Sticky: m.Bad, Long: true})
	if m.Sequence == "" {
		return note
	}
	return tea.Batch(tea.Raw(m.Sequence), note)
}
