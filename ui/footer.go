package ui

import (
	"cmp"
	"slices"

	"korescope/keymap"
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// roomy is the width from which the footer has room for the keys that work
// everywhere.
const roomy = 60

// footer shows the keys that work here, the screen's own first. What does not
// fit is left out whole, never cut; help always fits.
func (a *App) footer() canvas.Line {
	last := []keymap.Action{keymap.StartFind, keymap.OpenCommand, keymap.OpenHelp}
	if a.width < roomy {
		last = last[len(last)-1:] // the screen's own keys are worth more
	}
	if len(a.stack) > 1 {
		last = append([]keymap.Action{keymap.StepOut}, last...)
	}
	tail := a.hints(last)
	line := canvas.L(canvas.S(theme.Bar, text.Lit(" ")))
	p := a.top()
	if p == nil {
		return line.Fit(a.width).Filled(theme.Bar)
	}
	room := a.width - tail.Width() - line.Width()
	for _, o := range p.screen.Offers() {
		if slices.Contains(last, o.Action) {
			continue
		}
		item := a.hint(o)
		if w := item.Width(); w > 0 && w <= room {
			line = line.Add(item.Spans...)
			room -= w
		}
	}
	return canvas.Split(a.width, line, tail).Filled(theme.Bar)
}

func (a *App) hints(actions []keymap.Action) canvas.Line {
	line := canvas.L()
	for _, action := range actions {
		o := keymap.Offer{Action: action}
		if action == keymap.StartFind {
			p := a.top()
			if p == nil || !prompts(p.screen) {
				continue
			}
			if own, ok := keymap.OfferOf(p.screen.Offers(), action); ok {
				o = own // it says whether it filters or finds
			}
		}
		line = line.Add(a.hint(o).Spans...)
	}
	return line
}

func prompts(s Screen) bool {
	p, ok := s.(Prompter)
	if !ok {
		return false
	}
	_, ok = p.Prompt(FindPrompt)
	return ok
}

func (a *App) hint(o keymap.Offer) canvas.Line {
	for _, scope := range a.scopes() {
		b, ok := a.rows[scope][o.Action]
		if !ok || len(b.Keys) == 0 {
			continue
		}
		key, word := theme.BarKey, theme.Bar
		if o.Off != "" {
			key, word = theme.Faint, theme.Faint
		}
		return canvas.L(
			canvas.S(key, text.Clean(keymap.Label(b.Keys[0]))),
			canvas.S(word, text.Join("", text.Lit(" "), text.Clean(cmp.Or(o.Word, b.Short)), text.Lit("  "))),
		)
	}
	return canvas.L()
}

// rowsByAction indexes the table once: the footer is drawn with every frame.
func rowsByAction(m keymap.Map) map[keymap.Scope]map[keymap.Action]keymap.Binding {
	out := map[keymap.Scope]map[keymap.Action]keymap.Binding{}
	for _, chain := range keymap.Chains() {
		for _, scope := range chain {
			if out[scope] != nil {
				continue
			}
			out[scope] = map[keymap.Action]keymap.Binding{}
			for _, b := range m.Bindings(scope) {
				if b.Scope == scope {
					out[scope][b.Action] = b
				}
			}
		}
	}
	return out
}
