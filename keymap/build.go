package keymap

import (
	"maps"
	"slices"
	"strings"

	"korescope/spell"
)

// longest is how many keys a sequence may have: more is a command.
const longest = 3

// New joins the table with the overrides of a configuration (name of an action
// to its keys; an empty list takes all keys away) and reports everything wrong
// at once, in a stable order. An override replaces the keys in every scope that
// had some by default; where no scope had, it applies to all rows of the action.
// Overrides that name an unknown action or key are left out of the Map.
func New(defaults []Binding, overrides map[string][]string) (Map, []Issue) {
	rows := clone(defaults)
	var issues []Issue
	for _, name := range slices.Sorted(maps.Keys(overrides)) {
		action := Action(name)
		if !slices.ContainsFunc(defaults, func(b Binding) bool { return b.Action == action }) {
			issues = append(issues, Issue{Action: action, What: "unknown action " + quote(name), Hint: nearAction(name, defaults)})
			continue
		}
		good, bad := checkKeys(action, overrides[name])
		issues = append(issues, bad...)
		if len(good) > 0 || len(overrides[name]) == 0 {
			rebind(rows, action, good)
		}
	}
	moveCopyMenu(rows, defaults, overrides)
	issues = append(issues, conflicts(rows, defaults)...)
	return index(rows), issues
}

func clone(rows []Binding) []Binding {
	out := slices.Clone(rows)
	for i := range out {
		out[i].Keys = slices.Clone(out[i].Keys)
		out[i].Shadows = slices.Clone(out[i].Shadows)
		if out[i].Command == "" {
			out[i].Command = string(out[i].Action)
		}
	}
	return out
}

func nearAction(name string, rows []Binding) string {
	var names, words []string
	for _, b := range rows {
		names, words = append(names, string(b.Action)), append(words, b.Command)
	}
	if i := slices.Index(words, name); i >= 0 {
		return meant(names[i])
	}
	if n := spell.Nearest(name, names); n != "" {
		return meant(n)
	}
	return "the help screen lists the names"
}

// checkKeys sorts an override into the sequences that can be bound, written
// with single blanks, and what is wrong with the others.
func checkKeys(action Action, list []string) (good []string, bad []Issue) {
	say := func(key, what, hint string) {
		bad = append(bad, Issue{Action: action, Key: key, What: what, Hint: hint})
	}
	for _, given := range list {
		seq := strings.Fields(given)
		clean := strings.Join(seq, " ")
		wrong := len(bad)
		for _, k := range seq {
			if what, hint := checkKey(k); what != "" {
				say(given, what, hint)
			}
		}
		switch {
		case given == " ":
			say(given, "unknown key "+quote(given), meant("space"))
		case len(seq) == 0:
			say(given, "a key is missing", "an empty list takes all keys away")
		case len(seq) > longest:
			say(given, "a sequence has at most three keys", "")
		case len(seq) > 1 && slices.Contains(seq, "esc"):
			say(given, "esc ends a sequence and cannot be part of one", "")
		case slices.Contains(seq, "ctrl+c") && (action != StopReading || len(seq) > 1):
			say(given, "ctrl+c always stops", "it is the way out that works when nothing else does")
		case slices.Contains(good, clean):
			say(given, quote(clean)+" is written twice", "")
		}
		if len(bad) == wrong {
			good = append(good, clean)
		}
	}
	if action == StopReading && !slices.Contains(good, "ctrl+c") {
		say("", "ctrl+c cannot be taken from "+string(StopReading), "other keys may be added to it")
		return nil, bad
	}
	return good, bad
}

func rebind(rows []Binding, action Action, list []string) {
	keyed := slices.ContainsFunc(rows, func(b Binding) bool { return b.Action == action && len(b.Keys) > 0 })
	for i := range rows {
		if rows[i].Action == action && (len(rows[i].Keys) > 0 || !keyed) {
			rows[i].Keys = slices.Clone(list)
		}
	}
}

// moveCopyMenu lets the second keys follow a copy menu that got another first
// key: who moves y to Y presses "Y p" without naming nine more actions.
func moveCopyMenu(rows, defaults []Binding, overrides map[string][]string) {
	was, now := keysOf(defaults, OpenCopyMenu), keysOf(rows, OpenCopyMenu)
	if slices.Equal(was, now) {
		return
	}
	for i := range rows {
		if _, own := overrides[string(rows[i].Action)]; own || rows[i].Scope != Copy {
			continue
		}
		var moved []string
		for _, seq := range rows[i].Keys {
			first, rest, ok := strings.Cut(seq, " ")
			if !ok || !slices.Contains(was, first) {
				moved = append(moved, seq)
				continue
			}
			for _, k := range now {
				moved = append(moved, k+" "+rest)
			}
		}
		rows[i].Keys = moved
	}
}

func keysOf(rows []Binding, action Action) []string {
	for _, b := range rows {
		if b.Action == action {
			return b.Keys
		}
	}
	return nil
}
