package keymap

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"korescope/spell"
)

// modifiers in the one order Bubble Tea writes them.
func modifiers() []string { return []string{"ctrl", "alt", "shift", "meta", "hyper", "super"} }

// named are the keys that have a name instead of a character.
func named() []string {
	out := []string{
		"enter", "tab", "backspace", "esc", "space", "up", "down", "left", "right",
		"insert", "delete", "home", "end", "pgup", "pgdown", "begin", "menu", "pause",
		"f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f11", "f12",
		"f13", "f14", "f15", "f16", "f17", "f18", "f19", "f20",
	}
	return out
}

// otherNames are what people write for a key that is spelled differently here.
func otherNames() map[string]string {
	return map[string]string{
		"escape": "esc", "return": "enter", "del": "delete", "ins": "insert", "bs": "backspace",
		"pageup": "pgup", "pagedown": "pgdown", "pgdn": "pgdown", "page-up": "pgup", "page-down": "pgdown",
		"spacebar": "space", "control": "ctrl", "option": "alt", "opt": "alt", "cmd": "super", "command": "super",
		"uparrow": "up", "downarrow": "down", "leftarrow": "left", "rightarrow": "right",
		"↑": "up", "↓": "down", "←": "left", "→": "right",
	}
}

// sameByte are control keys that a terminal cannot tell from another key: such
// a key either never arrives or arrives for the other one.
func sameByte() map[string]string {
	return map[string]string{"ctrl+h": "backspace", "ctrl+i": "tab", "ctrl+j": "enter", "ctrl+m": "enter", "ctrl+[": "esc"}
}

// split cuts a key into its modifiers and the rest; "ctrl++" is ctrl and "+".
func split(key string) (mods []string, base string) {
	base = key
	for {
		m, rest, ok := strings.Cut(base, "+")
		if !ok || rest == "" || !slices.Contains(modifiers(), m) {
			return mods, base
		}
		mods, base = append(mods, m), rest
	}
}

// checkKey says what is wrong with the name of one key and what may have been
// meant; two empty strings when the name is right.
func checkKey(key string) (what, hint string) {
	mods, base := split(key)
	switch {
	case sameByte()[key] != "":
		return "terminals send the same byte for " + key + " and " + sameByte()[key], "choose another key"
	case !ordered(mods):
		return "unknown key " + quote(key), "modifiers are written once, in the order " + strings.Join(modifiers(), ", ")
	case slices.Contains(named(), base):
		return "", ""
	case utf8.RuneCountInString(base) == 1:
		return checkRune(key, mods, base)
	}
	return "unknown key " + quote(key), guess(key)
}

func checkRune(key string, mods []string, base string) (what, hint string) {
	r, _ := utf8.DecodeRuneInString(base)
	switch {
	case r == utf8.RuneError || !unicode.IsPrint(r) || r == ' ' || otherNames()[base] != "":
		return "unknown key " + quote(key), guess(key)
	case slices.Equal(mods, []string{"shift"}):
		return "shift with a character is written as the character it makes", meant(string(unicode.ToUpper(r)))
	case len(mods) > 0 && unicode.IsUpper(r):
		return "a character after a modifier is written small", meant(strings.Join(mods, "+") + "+" + string(unicode.ToLower(r)))
	}
	return "", ""
}

func ordered(mods []string) bool {
	last := -1
	for _, m := range mods {
		i := slices.Index(modifiers(), m)
		if i <= last {
			return false
		}
		last = i
	}
	return true
}

// guess finds the right spelling of a key written as "ctrl-n", "Ctrl+N",
// "C-n", "PageDown" or with a slip of the finger.
func guess(key string) string {
	low := strings.ToLower(key)
	if rest, ok := strings.CutPrefix(low, "c-"); ok {
		low = "ctrl+" + rest
	}
	parts := strings.FieldsFunc(low, func(r rune) bool { return r == '+' || r == '-' })
	for i, p := range parts {
		if other := otherNames()[p]; other != "" {
			parts[i] = other
		}
	}
	try := strings.Join(parts, "+")
	if other := otherNames()[low]; other != "" {
		try = other
	}
	if try != "" && try != key {
		if what, _ := checkKey(try); what == "" {
			return meant(try)
		}
	}
	if n := spell.Nearest(low, named()); n != "" {
		return meant(n)
	}
	return "one character, or a name such as enter, space, pgdown, f1, ctrl+n, shift+left"
}

// Label is a key or sequence as footer and help show it: "ctrl-n", "↑",
// "shift-←", "PgDn", "y p".
func Label(key string) string {
	seq := strings.Fields(key)
	for i, k := range seq {
		mods, base := split(k)
		seq[i] = strings.Join(append(mods, face(base)), "-")
	}
	return strings.Join(seq, " ")
}

func face(base string) string {
	faces := map[string]string{
		"up": "↑", "down": "↓", "left": "←", "right": "→", "pgup": "PgUp", "pgdown": "PgDn",
		"home": "Home", "end": "End", "delete": "Del", "insert": "Ins",
	}
	if f, ok := faces[base]; ok {
		return f
	}
	if len(base) > 1 && base[0] == 'f' && base[1] >= '1' && base[1] <= '9' {
		return strings.ToUpper(base)
	}
	return base
}

// quote shows what was written, with everything that could drive a terminal escaped.
func quote(s string) string { return strconv.Quote(s) }

func meant(s string) string { return "did you mean " + quote(s) + "?" }
