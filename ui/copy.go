package ui

import (
	"strings"

	"charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"korescope/keymap"
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// clipboardMax is how much is handed to the terminal at once; xterm refuses
// more, and a slow line would be busy for a minute.
const clipboardMax = 74_000

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
			canvas.S(theme.Dim, text.Clean(firstLine(c.Value))),
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
		if c.Action == keymap.CopyLine {
			if c.Value != "" && a.o.Line != nil {
				c.Value = a.o.Line(c.Value)
			}
			if c.Value == "" {
				continue
			}
		}
		out = append(out, c)
	}
	return out
}

// copied carries out a copy action; false when the action is none of the
// screen's offers. The clipboard sequence is the only one that carries content,
// it is sent on this request alone, and its payload is base64.
func (a *App) copied(action keymap.Action) (tea.Cmd, bool) {
	for _, c := range a.copies() {
		if c.Action != action {
			continue
		}
		if len(c.Value) > clipboardMax {
			return a.notify(Note{Bad: true, Sticky: true, Text: text.Format(
				"%s is %d kB, more than a terminal takes; use the command line: korescope llm -o json", c.Name, len(c.Value)/1000)}), true
		}
		seq := ansi.SetSystemClipboard(c.Value)
		if a.o.Tmux {
			seq += ansi.TmuxPassthrough(seq)
		}
		return tea.Batch(tea.Raw(seq), a.notify(Note{Text: text.Format("%s handed to the terminal's clipboard (OSC 52)", c.Name)})), true
	}
	return nil, false
}
