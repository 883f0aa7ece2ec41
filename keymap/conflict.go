package keymap

import (
	"slices"
	"strings"
)

// conflicts finds sequences that mean two things where both can be live, and
// sequences that hide a longer one. A row may take a key from an outer scope
// only where the shipped table says so, with the shipped keys of both.
func conflicts(rows, defaults []Binding) []Issue {
	c := collisions{defaults: defaults, said: map[string]bool{}}
	for _, chain := range Chains() {
		held := map[string][]Binding{}
		for _, scope := range chain {
			for _, row := range rows {
				if row.Scope != scope {
					continue
				}
				for _, seq := range row.Keys {
					for _, inner := range held[seq] {
						c.compare(inner, row, seq)
					}
					held[seq] = append(held[seq], row)
				}
			}
		}
		c.prefixes(rows, chain, held)
	}
	return c.found
}

type collisions struct {
	defaults []Binding
	said     map[string]bool
	found    []Issue
}

func (c *collisions) compare(inner, outer Binding, seq string) {
	if inner.Action == outer.Action || c.declared(inner, outer, seq) {
		return
	}
	c.say(inner, outer, seq, quote(seq)+" also means "+string(outer.Action)+" ("+string(outer.Scope)+")")
}

func (c *collisions) declared(inner, outer Binding, seq string) bool {
	return inner.Scope != outer.Scope && slices.Contains(inner.Shadows, outer.Action) &&
		c.shipped(inner, seq) && c.shipped(outer, seq)
}

func (c *collisions) shipped(row Binding, seq string) bool {
	return slices.ContainsFunc(c.defaults, func(b Binding) bool {
		return b.Scope == row.Scope && b.Action == row.Action && slices.Contains(b.Keys, seq)
	})
}

// prefixes finds short sequences that would be done before a longer one could
// be typed. The copy menu is meant to work that way.
func (c *collisions) prefixes(rows []Binding, chain []Scope, held map[string][]Binding) {
	for _, row := range rows {
		if !slices.Contains(chain, row.Scope) {
			continue
		}
		for _, seq := range row.Keys {
			for i, r := range seq {
				if r != ' ' {
					continue
				}
				for _, short := range held[seq[:i]] {
					if short.Action != OpenCopyMenu {
						c.say(row, short, seq, quote(seq)+" can never be typed: "+quote(seq[:i])+" already means "+string(short.Action))
					}
				}
			}
		}
	}
}

func (c *collisions) say(inner, outer Binding, seq, what string) {
	id := strings.Join([]string{string(inner.Action), string(outer.Action), seq}, "\n")
	if c.said[id] {
		return
	}
	c.said[id] = true
	c.found = append(c.found, Issue{
		Action: inner.Action, Key: seq, What: what + ", where " + string(inner.Action) + " (" + string(inner.Scope) + ") is live too",
		Hint: "give one of them another key",
	})
}
