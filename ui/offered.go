package ui

import (
	"reflect"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/keymap"
	"korescope/ui/canvas"
	"korescope/ui/text"
)

// onScreen hands an action to the screen on top. What the screen does not offer is
// answered here: every key that does nothing says why.
func (a *App) onScreen(action keymap.Action) tea.Cmd {
	p := a.top()
	if p == nil {
		return nil
	}
	if cmd, is := a.custom(action, ""); is {
		return cmd
	}
	if cmd, ok := a.copied(action); ok {
		return cmd
	}
	if slices.Contains(keymap.Moving(), action) {
		return tea.Batch(p.screen.Do(action), a.tick())
	}
	switch o, offered := keymap.OfferOf(p.screen.Offers(), action); {
	case !offered:
		return a.elsewhere(action)
	case o.Off != "":
		return a.notify(Note{Text: text.Clean(o.Off)})
	}
	before := a.picture(p)
	cmd := p.screen.Do(action)
	if cmd == nil && !a.small() && reflect.DeepEqual(before, a.picture(p)) {
		b, _ := a.bindingOf(action)
		return a.notify(Note{Text: text.Format("%s: nothing changes here", text.Clean(b.Long))})
	}
	return tea.Batch(cmd, a.tick())
}

// picture is what the screen shows, with the line of its state; nothing where the
// terminal is too small for any screen.
func (a *App) picture(p *place) canvas.Block {
	if a.small() {
		return nil
	}
	return append(p.screen.Draw(a.envOf(p)), p.screen.Heading().Status)
}

// elsewhere opens the place that an action of no screen names, or says that the
// action does nothing here.
func (a *App) elsewhere(action keymap.Action) tea.Cmd {
	b, found := a.bindingOf(action)
	if found {
		if r, known, err := a.o.Parse(b.Command); known && err == nil {
			return a.open(r)
		}
	}
	return a.notify(Note{Text: text.Format("%s: not here; %s lists what works here", text.Clean(b.Long), a.keyOf(keymap.OpenHelp))})
}

// meansNothing answers keys that no table has.
func (a *App) meansNothing(keys []string) tea.Cmd {
	if len(keys) > 1 {
		return a.notify(Note{Text: text.Format("%s copies nothing here", text.Clean(keymap.Label(strings.Join(keys, " "))))})
	}
	return a.notify(Note{Text: text.Format("%s means nothing here; %s lists what works", text.Clean(keymap.Label(keys[0])), a.keyOf(keymap.OpenHelp))})
}

// openCopyMenu does what its key does: it lists what can be copied and waits for
// the second key.
func (a *App) openCopyMenu() tea.Cmd {
	b, found := a.bindingOf(keymap.OpenCopyMenu)
	if !found || len(b.Keys) == 0 {
		return a.notify(Note{Text: text.Lit("the copy menu has no key; the commands copy-... copy as well")})
	}
	a.pending = strings.Fields(b.Keys[0])
	return nil
}

// bindingOf is the row of the table that says what an action is, the one of the
// innermost scope here first.
func (a *App) bindingOf(action keymap.Action) (keymap.Binding, bool) {
	for _, scope := range append(a.scopes(), keymap.Copy) {
		if b, ok := a.rows[scope][action]; ok {
			return b, true
		}
	}
	for _, rows := range a.rows {
		if b, ok := rows[action]; ok {
			return b, true
		}
	}
	return keymap.Binding{Long: string(action)}, false
}

// keyOf is the first key of an action as it is shown, or its command.
func (a *App) keyOf(action keymap.Action) text.Safe {
	b, _ := a.bindingOf(action)
	if len(b.Keys) == 0 {
		return text.Clean(":" + b.Command)
	}
	return text.Clean(keymap.Label(b.Keys[0]))
}

// everywhere are the actions that the shell carries out itself.
func (a *App) everywhere() []keymap.Offer {
	find, hidden := "", "nothing is masked here"
	p := a.top()
	if !prompts(p.screen) {
		find = "nothing to filter or to find here"
	}
	if r, ok := p.screen.(Revealer); ok {
		if hidden = ""; len(r.Hidden()) == 0 {
			hidden = "nothing under the cursor is masked"
		}
	}
	clock, forward := "", ""
	if a.o.Zone == time.UTC {
		clock = "the profile names no other zone than UTC"
	}
	if len(a.forward) == 0 {
		forward = "nothing to go forward to"
	}
	back := ""
	if len(a.stack) < 2 {
		back = "nothing to go back to"
	}
	return []keymap.Offer{
		{Action: keymap.StepOut}, {Action: keymap.GoBack}, {Action: keymap.OpenCommand}, {Action: keymap.StartFind, Off: find},
		{Action: keymap.OpenHelp}, {Action: keymap.StopReading}, {Action: keymap.ShowHidden, Off: hidden},
		{Action: keymap.GoBackwards, Off: back}, {Action: keymap.GoForwards, Off: forward}, {Action: keymap.GoLastView},
		{Action: keymap.CycleClock, Off: clock}, {Action: keymap.PrintPlain}, {Action: keymap.SaveView}, {Action: keymap.SwitchMouse},
		{Action: keymap.Suspend}, {Action: keymap.Quit},
	}
}
