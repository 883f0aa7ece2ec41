package jsontree

import (
	"slices"

	"korescope/keymap"
)

// Do carries out the actions every tree understands: moving, opening, closing.
// False when the tree is too large to be opened as far as was asked.
func (t *Tree) Do(a keymap.Action) bool {
	if at := slices.Index(keymap.OpenLevels(), a); at >= 0 {
		return t.Level(at + 1)
	}
	switch a {
	case keymap.OpenNode:
		t.Open()
	case keymap.OpenItem:
		t.Toggle()
	case keymap.FoldNode:
		t.Close()
	case keymap.OpenBelow:
		return t.OpenAll()
	case keymap.FoldBelow:
		t.CloseAll()
	case keymap.ToggleAll:
		return t.toggleWhole()
	case keymap.ToggleOriginal:
		t.ToggleRaw()
	default:
		keymap.Moved(t, a)
	}
	return true
}

// toggleWhole opens the whole tree, and again closes it. A tree stands open by
// some levels at first, so what is open does not say which of the two is meant.
func (t *Tree) toggleWhole() bool {
	t.whole = !t.whole
	t.Level(1)
	return !t.whole || t.ToggleAll()
}
