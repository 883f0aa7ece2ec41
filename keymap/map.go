package keymap

import (
	"slices"
	"strings"
)

// Map is the table in force. The zero Map knows no key.
type Map struct {
	rows  []Binding
	exact map[Scope]map[string]Action
	begun map[Scope]map[string]bool // sequences that are the start of a longer one
}

func index(rows []Binding) Map {
	m := Map{rows: rows, exact: map[Scope]map[string]Action{}, begun: map[Scope]map[string]bool{}}
	for _, row := range rows {
		if m.exact[row.Scope] == nil {
			m.exact[row.Scope], m.begun[row.Scope] = map[string]Action{}, map[string]bool{}
		}
		for _, seq := range row.Keys {
			if _, taken := m.exact[row.Scope][seq]; !taken {
				m.exact[row.Scope][seq] = row.Action
			}
			for i, r := range seq {
				if r == ' ' {
					m.begun[row.Scope][seq[:i]] = true
				}
			}
		}
	}
	return m
}

// Resolve says what the keys typed so far mean, innermost scope first. With
// pending, more keys may follow: the caller keeps them and asks again with the
// next one added. An action together with pending is a menu that is open (the
// copy menu after y). Neither: the keys mean nothing and are forgotten.
func (m Map) Resolve(scopes []Scope, keys []string) (action Action, pending bool) {
	if len(keys) == 0 {
		return "", false
	}
	seq := strings.Join(keys, " ")
	for _, s := range live(scopes) {
		pending = pending || m.begun[s][seq]
		if a, ok := m.exact[s][seq]; ok {
			return a, pending
		}
	}
	return "", pending
}

// Keys are the sequences of an action in one scope, nil when it has none.
func (m Map) Keys(scope Scope, action Action) []string {
	for _, row := range m.rows {
		if row.Scope == scope && row.Action == action {
			return slices.Clone(row.Keys)
		}
	}
	return nil
}

// Bindings are the rows live in the scopes, innermost scope first and in the
// order of the table, without the keys an inner scope took away. An action that
// two scopes have is listed once, as the inner one describes it.
func (m Map) Bindings(scopes ...Scope) []Binding {
	var out []Binding
	seen, taken := map[Action]bool{}, map[string]Action{}
	for _, s := range live(scopes) {
		for _, row := range clone(m.rows) {
			if row.Scope != s {
				continue
			}
			row.Keys = slices.DeleteFunc(row.Keys, func(seq string) bool {
				_, hidden := taken[seq]
				return hidden
			})
			if !seen[row.Action] {
				out = append(out, row)
			}
		}
		for _, row := range out {
			seen[row.Action] = true
			for _, seq := range row.Keys {
				taken[seq] = row.Action
			}
		}
	}
	return out
}

// Following are the rows that the keys typed so far may still become, their
// Keys cut to what is left to type: the lines of the copy menu after "y".
func (m Map) Following(scopes []Scope, typed []string) []Binding {
	start := strings.Join(typed, " ") + " "
	var out []Binding
	for _, row := range m.Bindings(scopes...) {
		var rest []string
		for _, seq := range row.Keys {
			if left, ok := strings.CutPrefix(seq, start); ok {
				rest = append(rest, left)
			}
		}
		if len(rest) > 0 {
			row.Keys = rest
			out = append(out, row)
		}
	}
	return out
}

// ByCommand finds the action behind the word after ":"; false when no row has
// that word.
func (m Map) ByCommand(word string) (Action, bool) {
	for _, row := range m.rows {
		if row.Command == word {
			return row.Action, true
		}
	}
	return "", false
}
