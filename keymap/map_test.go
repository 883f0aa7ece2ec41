package keymap_test

import (
	"reflect"
	"strconv"
	"strings"
	"testing"

	"korescope/keymap"
)

func TestOverrides(t *testing.T) {
	cases := []struct {
		name      string
		overrides map[string][]string
		want      []string // one part of each issue, in order
	}{
		{"none", nil, nil},
		{"free key", map[string][]string{"next-session": {"ctrl+g"}}, nil},
		{"several keys", map[string][]string{"quit": {"Q", "ctrl+q"}}, nil},
		{"no key", map[string][]string{"toggle-preview": {}}, nil},
		{"freed by another", map[string][]string{"toggle-preview": {"u"}, "open-user-sessions": {"p"}}, nil},
		{"sequence", map[string][]string{"go-top": {"g g", "home"}}, nil},
		{"below the copy menu", map[string][]string{"toggle-wide": {"y w"}}, nil},
		{"same key in scopes never live together", map[string][]string{"toggle-preview": {"J"}}, nil},
		{"misspelt action", map[string][]string{"next-sesion": {"J"}}, []string{`unknown action "next-sesion" (did you mean "next-session"?)`}},
		{"swapped letters", map[string][]string{"opne-item": {"o"}}, []string{`did you mean "open-item"?`}},
		{"command instead of action", map[string][]string{"llm": {"x"}}, []string{`did you mean "open-calls"?`}},
		{"nothing like it", map[string][]string{"fly": {"x"}}, []string{`unknown action "fly" (the help screen lists the names)`}},
		{"dash for plus", map[string][]string{"refresh": {"ctrl-r"}}, []string{`unknown key "ctrl-r" (did you mean "ctrl+r"?)`}},
		{"capitals", map[string][]string{"refresh": {"Ctrl+R"}}, []string{`did you mean "ctrl+r"?`}},
		{"emacs spelling", map[string][]string{"refresh": {"C-r"}}, []string{`did you mean "ctrl+r"?`}},
		{"other name", map[string][]string{"page-down": {"PageDown"}}, []string{`did you mean "pgdown"?`}},
		{"arrow", map[string][]string{"move-up": {"↑"}}, []string{`did you mean "up"?`}},
		{"slip", map[string][]string{"open-item": {"enetr"}}, []string{`did you mean "enter"?`}},
		{"shift and letter", map[string][]string{"sort-column": {"shift+o"}}, []string{`did you mean "O"?`}},
		{"ctrl and capital", map[string][]string{"sort-column": {"ctrl+O"}}, []string{`did you mean "ctrl+o"?`}},
		{"order of modifiers", map[string][]string{"sort-column": {"shift+ctrl+left"}}, []string{"in the order ctrl, alt, shift"}},
		{"a blank", map[string][]string{"mark-item": {" "}}, []string{`did you mean "space"?`}},
		{"empty", map[string][]string{"mark-item": {""}}, []string{"a key is missing"}},
		{"not printable", map[string][]string{"mark-item": {"\x1b"}}, []string{"unknown key"}},
		{"same byte as tab", map[string][]string{"refresh": {"ctrl+i"}}, []string{"same byte for ctrl+i and tab"}},
		{"twice", map[string][]string{"refresh": {"ctrl+e", "ctrl+e"}}, []string{`"ctrl+e" is written twice`}},
		{"too long", map[string][]string{"refresh": {"a b c d"}}, []string{"at most three keys"}},
		{"esc in a sequence", map[string][]string{"refresh": {"z esc"}}, []string{"esc ends a sequence"}},
		{"ctrl+c for another", map[string][]string{"refresh": {"ctrl+c"}}, []string{"ctrl+c always stops"}},
		{"ctrl+c taken away", map[string][]string{"stop-reading": {"X"}}, []string{"ctrl+c cannot be taken"}},
		{"ctrl+c and another", map[string][]string{"stop-reading": {"X", "ctrl+c"}}, nil},
		{"taken in the same scope", map[string][]string{"toggle-preview": {"u"}}, []string{`"u" also means`}},
		{"taken by the shell", map[string][]string{"toggle-preview": {"j"}}, []string{`toggle-preview: "j" also means move-down (shell)`}},
		{"shell takes from a screen", map[string][]string{"move-down": {"l"}}, []string{`open-calls: "l" also means move-down`, `open-node: "l" also means move-down`}},
		{"hides a sequence", map[string][]string{"go-top": {"g g"}, "go-bottom": {"g"}}, []string{`"g g" can never be typed: "g" already means go-bottom`}},
		{"declared shadow with another key", map[string][]string{"toggle-all": {"X"}, "previous-error": {"X"}}, []string{`"X" also means previous-error`}},
		{"all at once", map[string][]string{"aaa-bbb-ccc": {"x"}, "refresh": {"ctrl-r", "bogus-key-name"}, "toggle-preview": {"j"}},
			[]string{"unknown action", `"ctrl-r"`, `"bogus-key-name"`, "move-down"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, issues := keymap.New(keymap.Defaults(), c.overrides)
			var got []string
			for _, i := range issues {
				got = append(got, i.String())
			}
			if len(got) != len(c.want) {
				t.Fatalf("issues:\n%s", strings.Join(got, "\n"))
			}
			for i := range got {
				if !strings.Contains(got[i], c.want[i]) {
					t.Errorf("issue %d: %s\nwant: %s", i, got[i], c.want[i])
				}
			}
		})
	}
}

func TestOverrideMovesKeysAndLeavesTheRest(t *testing.T) {
	m, issues := keymap.New(keymap.Defaults(), map[string][]string{
		"next-error":     {"ctrl+e"},
		"open-billing":   {"B"},
		"open-calls":     {"C"},
		"toggle-preview": {},
		"open-copy-menu": {"Y"},
		"copy-text":      {"X"},
	})
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	cases := []struct {
		scope keymap.Scope
		keys  string
		want  keymap.Action
	}{
		{keymap.Conversation, "ctrl+e", keymap.NextError},
		{keymap.Calls, "ctrl+e", keymap.NextError},
		{keymap.Conversation, "e", ""},
		{keymap.Sessions, "B", keymap.OpenBilling},
		{keymap.Sessions, "C", keymap.OpenCalls},
		{keymap.Conversation, "C", keymap.OpenCalls},
		{keymap.Calls, "C", ""},
		{keymap.Sessions, "p", ""},
		{keymap.Sessions, "Y i", keymap.CopyID},
		{keymap.Sessions, "y i", ""},
		{keymap.Sessions, "X", keymap.CopyText},
		{keymap.Sessions, "Y t", ""},
	}
	for _, c := range cases {
		if got, _ := m.Resolve([]keymap.Scope{c.scope, keymap.Shell}, strings.Fields(c.keys)); got != c.want {
			t.Errorf("%s %q: %q, want %q", c.scope, c.keys, got, c.want)
		}
	}
}

func TestSequences(t *testing.T) {
	m, issues := keymap.New(keymap.Defaults(), map[string][]string{"go-top": {"g g"}, "refresh": {"X a b"}})
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	scopes := []keymap.Scope{keymap.Calls, keymap.Shell}
	cases := []struct {
		keys    []string
		want    keymap.Action
		pending bool
	}{
		{nil, "", false},
		{[]string{"y"}, keymap.OpenCopyMenu, true},
		{[]string{"y", "i"}, keymap.CopyID, false},
		{[]string{"y", "esc"}, "", false},
		{[]string{"y", "Z"}, "", false},
		{[]string{"g"}, "", true},
		{[]string{"g", "g"}, keymap.GoTop, false},
		{[]string{"g", "j"}, "", false},
		{[]string{"X"}, "", true},
		{[]string{"X", "a"}, "", true},
		{[]string{"X", "a", "b"}, keymap.Refresh, false},
		{[]string{"F"}, "", false},
	}
	for _, c := range cases {
		if got, pending := m.Resolve(scopes, c.keys); got != c.want || pending != c.pending {
			t.Errorf("%q: %q, %v; want %q, %v", c.keys, got, pending, c.want, c.pending)
		}
	}
	if got, pending := m.Resolve([]keymap.Scope{keymap.Sessions}, []string{"y"}); got != "" || pending {
		t.Errorf("without the shell y means %q, %v", got, pending)
	}
	var zero keymap.Map
	if got, pending := zero.Resolve(scopes, []string{"j"}); got != "" || pending {
		t.Errorf("the zero Map resolves j to %q, %v", got, pending)
	}
}

func TestBindingsShowTheLiveTable(t *testing.T) {
	m, _ := keymap.New(keymap.Defaults(), nil)
	rows := m.Bindings(keymap.Tree, keymap.Conversation, keymap.Shell)
	if rows[0].Scope != keymap.Tree || rows[len(rows)-1].Scope != keymap.Shell {
		t.Error("rows are not innermost first")
	}
	seen := map[keymap.Action]bool{}
	for _, row := range rows {
		if seen[row.Action] {
			t.Errorf("%s is listed twice", row.Action)
		}
		seen[row.Action] = true
		for _, seq := range row.Keys {
			if got, _ := m.Resolve([]keymap.Scope{keymap.Tree, keymap.Conversation, keymap.Shell}, strings.Fields(seq)); got != row.Action {
				t.Errorf("%q is listed for %s and does %s", seq, row.Action, got)
			}
		}
		if row.Action == keymap.PrevError && len(row.Keys) > 0 {
			t.Errorf("previous-error keeps %q under a tree", row.Keys)
		}
	}
	rows[0].Keys[0] = "changed"
	if m.Keys(keymap.Tree, keymap.FoldNode)[0] != "h" {
		t.Error("a listed row is the table itself")
	}
}

func TestFollowing(t *testing.T) {
	m, _ := keymap.New(keymap.Defaults(), nil)
	var got []string
	for _, row := range m.Following([]keymap.Scope{keymap.Calls, keymap.Shell}, []string{"y"}) {
		got = append(got, strings.Join(row.Keys, " ")+" "+row.Short)
	}
	want := []string{"i id", "s session", "u user", "v value", "p path", "k key", "q jq", "t text", "m markdown", "j call", "c curl", "l line", "r hand over", "! raw"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestLabel(t *testing.T) {
	for key, want := range map[string]string{
		"ctrl+n": "ctrl-n", "up": "↑", "space": "space", "shift+left": "shift-←", "ctrl+space": "ctrl-space",
		"pgdown": "PgDn", "G": "G", "f1": "F1", "f12": "F12", "f": "f", "y p": "y p", "+": "+", "ctrl++": "ctrl-+", "-": "-", "?": "?",
		"esc": "esc", "enter": "enter",
	} {
		if got := keymap.Label(key); got != want {
			t.Errorf("%q: %q, want %q", key, got, want)
		}
	}
}

func TestMarkdown(t *testing.T) {
	m, _ := keymap.New(keymap.Defaults(), map[string][]string{"sort-column": {"|"}})
	text := keymap.Markdown(m)
	for _, want := range []string{
		"### Everywhere\n\n| keys | what it does | command | name in the config |\n|---|---|---|---|\n| `↑` `k` | one row up | `:up` | `move-up` |\n",
		"| `\\|` | sort by the picked column, again to reverse | `:sort` | `sort-column` |\n",
		"| `ctrl-n` `J` | next session of the list | `:next-session` | `next-session` |\n",
		"|  | leave the program from anywhere | `:q` | `quit` |\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("missing: %s", want)
		}
	}
	rows := 0
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| keys") {
			rows++
		}
	}
	if rows != len(keymap.Defaults()) {
		t.Errorf("%d rows of %d", rows, len(keymap.Defaults()))
	}
}

func FuzzNew(f *testing.F) {
	f.Add("refresh", "ctrl-r", "y")
	f.Add("stop-reading", "ctrl+c", "ctrl++ +")
	f.Add("nxt", "\xff", "shift+É")
	f.Fuzz(func(t *testing.T, action, first, second string) {
		m, issues := keymap.New(keymap.Defaults(), map[string][]string{action: {first, second}})
		for _, i := range issues {
			if i.What == "" || strings.ContainsFunc(i.String(), func(r rune) bool { return !strconv.IsPrint(r) }) {
				t.Errorf("issue %q", i.String())
			}
		}
		if got, _ := m.Resolve([]keymap.Scope{keymap.Shell}, []string{"ctrl+c"}); got != keymap.StopReading {
			t.Errorf("ctrl+c is %q", got)
		}
		keymap.Label(first)
		keymap.Markdown(m)
	})
}
