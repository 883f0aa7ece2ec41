package uitest

import (
	"reflect"
	"strings"

	tea "charm.land/bubbletea/v2"
)

func special() map[string]tea.KeyPressMsg {
	return map[string]tea.KeyPressMsg{
		"enter": {Code: tea.KeyEnter}, "esc": {Code: tea.KeyEscape}, "tab": {Code: tea.KeyTab},
		"up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown}, "left": {Code: tea.KeyLeft}, "right": {Code: tea.KeyRight},
		"pgup": {Code: tea.KeyPgUp}, "pgdown": {Code: tea.KeyPgDown}, "home": {Code: tea.KeyHome}, "end": {Code: tea.KeyEnd},
		"space": {Code: tea.KeySpace, Text: " "}, "backspace": {Code: tea.KeyBackspace},
		"shift+tab":  {Code: tea.KeyTab, Mod: tea.ModShift},
		"shift+left": {Code: tea.KeyLeft, Mod: tea.ModShift}, "shift+right": {Code: tea.KeyRight, Mod: tea.ModShift},
	}
}

// Presses turns a key name, or text to type, into key presses.
func Presses(key string) []tea.KeyPressMsg {
	if k, ok := special()[key]; ok {
		return []tea.KeyPressMsg{k}
	}
	if c, ok := strings.CutPrefix(key, "ctrl+"); ok && len(c) == 1 {
		return []tea.KeyPressMsg{{Code: rune(c[0]), Mod: tea.ModCtrl}}
	}
	var out []tea.KeyPressMsg
	for _, r := range key {
		if r == ' ' {
			out = append(out, special()["space"])
			continue
		}
		out = append(out, tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	return out
}

// library reports a message that is Bubble Tea's own business.
func library(msg tea.Msg) bool {
	return strings.HasPrefix(reflect.TypeOf(msg).PkgPath(), "charm.land/bubbletea")
}
