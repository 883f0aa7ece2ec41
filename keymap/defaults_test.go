package keymap_test

import (
	"slices"
	"strings"
	"testing"

	uv "github.com/charmbracelet/ultraviolet"

	"korescope/keymap"
)

// typed is what terminals send for the keys that are not one plain character.
func typed() map[string]string {
	return map[string]string{
		"up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D",
		"pgup": "\x1b[5~", "pgdown": "\x1b[6~", "home": "\x1b[H", "end": "\x1b[F",
		"enter": "\r", "esc": "\x1b", "tab": "\t", "shift+tab": "\x1b[Z", "space": " ",
		"ctrl+space": "\x00", "shift+left": "\x1b[1;2D", "shift+right": "\x1b[1;2C",
		"ctrl+c": "\x03", "ctrl+d": "\x04", "ctrl+f": "\x06", "ctrl+l": "\x0c", "ctrl+n": "\x0e",
		"ctrl+p": "\x10", "ctrl+r": "\x12", "ctrl+u": "\x15", "ctrl+w": "\x17", "ctrl+z": "\x1a",
	}
}

func TestEveryDefaultKeyArrivesUnderItsName(t *testing.T) {
	for _, row := range keymap.Defaults() {
		for _, seq := range row.Keys {
			for _, key := range strings.Fields(seq) {
				bytes, special := typed()[key]
				if !special {
					bytes = key
				}
				var d uv.EventDecoder
				_, ev := d.Decode([]byte(bytes))
				press, ok := ev.(uv.KeyPressEvent)
				if !ok || press.String() != key {
					t.Errorf("%s: key %q: a terminal that sends %q makes %v", row.Action, key, bytes, ev)
				}
			}
		}
	}
}

func TestDefaultsHaveNoIssue(t *testing.T) {
	m, issues := keymap.New(keymap.Defaults(), nil)
	for _, i := range issues {
		t.Error(i)
	}
	overrides := map[string][]string{}
	for _, row := range keymap.Defaults() {
		if len(row.Keys) > 0 {
			overrides[string(row.Action)] = row.Keys
		}
	}
	again, issues := keymap.New(keymap.Defaults(), overrides)
	for _, i := range issues {
		t.Error("defaults written as overrides:", i)
	}
	if keymap.Markdown(again) != keymap.Markdown(m) {
		t.Error("defaults written as overrides change the table")
	}
}

func TestDefaultsKeepTheRules(t *testing.T) {
	forbidden := []string{"ctrl+a", "ctrl+b", "ctrl+h", "ctrl+i", "ctrl+j", "ctrl+m"}
	words, names := map[string]keymap.Action{}, map[keymap.Action]string{}
	for _, row := range keymap.Defaults() {
		for _, seq := range row.Keys {
			for _, key := range strings.Fields(seq) {
				if slices.Contains(forbidden, key) || strings.Contains(key, "alt+") {
					t.Errorf("%s: %q is a key we keep away from", row.Action, key)
				}
				if (key == "ctrl+s" || key == "ctrl+q") && len(row.Keys) < 2 {
					t.Errorf("%s: %q alone is lost to flow control", row.Action, key)
				}
			}
		}
		for _, verb := range []string{"publish", "import", "delete", "erase", "write", "run"} {
			if slices.Contains(strings.Split(string(row.Action), "-"), verb) {
				t.Errorf("%s: a write has no place in the table", row.Action)
			}
		}
		if row.Command == "" || row.Short == "" || row.Long == "" || len(row.Short) > 16 || len(row.Long) > 70 {
			t.Errorf("%s: command %q, short %q, long %q", row.Action, row.Command, row.Short, row.Long)
		}
		if a, ok := words[row.Command]; ok && a != row.Action {
			t.Errorf("command %q is both %s and %s", row.Command, a, row.Action)
		}
		if w, ok := names[row.Action]; ok && w != row.Command {
			t.Errorf("%s has two commands, %q and %q", row.Action, w, row.Command)
		}
		words[row.Command], names[row.Action] = row.Action, row.Command
	}
}

// What checks and fingers rely on.
func TestPromisedKeys(t *testing.T) {
	m, _ := keymap.New(keymap.Defaults(), nil)
	list := []keymap.Scope{keymap.Sessions, keymap.Shell}
	talk := []keymap.Scope{keymap.Conversation, keymap.Shell}
	deep := []keymap.Scope{keymap.Tree, keymap.Call, keymap.Shell}
	cases := []struct {
		scopes []keymap.Scope
		keys   string
		want   keymap.Action
	}{
		{list, "j", keymap.MoveDown}, {list, "k", keymap.MoveUp}, {list, "g", keymap.GoTop}, {list, "G", keymap.GoBottom},
		{list, "pgup", keymap.PageUp}, {list, "pgdown", keymap.PageDown}, {list, "ctrl+d", keymap.HalfPageDown}, {list, "ctrl+u", keymap.HalfPageUp},
		{list, "enter", keymap.OpenItem}, {list, "esc", keymap.StepOut}, {list, "q", keymap.GoBack}, {list, ":", keymap.OpenCommand},
		{list, "/", keymap.StartFind}, {list, "n", keymap.NextMatch}, {list, "N", keymap.PrevMatch}, {list, "?", keymap.OpenHelp},
		{list, "r", keymap.Refresh}, {list, "tab", keymap.NextPane}, {list, "ctrl+c", keymap.StopReading}, {list, "ctrl+z", keymap.Suspend},
		{list, "1", keymap.ShowDropOff}, {list, "2", keymap.ShowAgent}, {list, "3", keymap.ShowSelfService}, {list, "4", keymap.ShowOpen}, {list, "0", keymap.ShowAll},
		{list, "l", keymap.OpenCalls}, {list, "L", keymap.OpenLogs}, {list, "space", keymap.MarkItem}, {list, "O", keymap.SortColumn},
		{list, "shift+left", keymap.PickColumnLeft}, {list, "shift+right", keymap.PickColumnRight}, {list, "f", keymap.SetWindow},
		{talk, "1", keymap.ToggleMessages}, {talk, "2", keymap.ToggleCalls}, {talk, "3", keymap.ToggleDebug}, {talk, "0", keymap.ShowAllLayers},
		{talk, "ctrl+n", keymap.NextSession}, {talk, "ctrl+p", keymap.PrevSession}, {talk, "e", keymap.NextError}, {talk, "E", keymap.PrevError},
		{deep, "h", keymap.FoldNode}, {deep, "l", keymap.OpenNode}, {deep, "H", keymap.FoldBelow}, {deep, "L", keymap.OpenBelow},
		{deep, "1", keymap.OpenLevel1}, {deep, "9", keymap.OpenLevel9}, {deep, "E", keymap.ToggleAll},
		{deep, "y p", keymap.CopyPath}, {deep, "y v", keymap.CopyValue}, {deep, "y k", keymap.CopyKey},
	}
	for _, c := range cases {
		if got, pending := m.Resolve(c.scopes, strings.Fields(c.keys)); got != c.want || pending {
			t.Errorf("%v %q: %s, pending %v; want %s", c.scopes, c.keys, got, pending, c.want)
		}
	}
	for _, word := range strings.Fields("sessions llm logs tests billing containment find apis doctor roles bots q") {
		if _, ok := m.ByCommand(word); !ok {
			t.Errorf("no command %q", word)
		}
	}
}
