package jsontree

// budget bounds how many nodes one key may open.
const budget = 100_000

// OpenAll opens the node under the cursor with everything below it, but for
// long texts. It reports false when it stopped because that would be too much.
func (t *Tree) OpenAll() bool {
	n, _ := t.at(t.cursor)
	whole := t.openTo([]*node{n}, deepest)
	t.stay(n)
	return whole
}

// CloseAll closes the node under the cursor and everything below it.
func (t *Tree) CloseAll() {
	n, _ := t.at(t.cursor)
	t.closeBelow(n)
	t.stay(n)
}

// Level opens everything down to n levels and closes what is deeper. Level 1
// shows the members of the top alone. It reports false as OpenAll does.
func (t *Tree) Level(n int) bool {
	at, _ := t.at(t.cursor)
	for _, top := range t.tops() {
		t.closeBelow(top)
	}
	whole := t.openTo(t.tops(), n-1)
	t.stay(t.visible(at))
	return whole
}

// ToggleAll opens everything, or closes everything when any of the top is open.
func (t *Tree) ToggleAll() bool {
	for _, top := range t.tops() {
		if top.open {
			return t.Level(1)
		}
	}
	return t.Level(deepest)
}

// tops are the nodes of the first level.
func (t *Tree) tops() []*node {
	switch {
	case t.root.headless():
		return t.root.kids
	case t.root.kind == plain:
		return nil
	}
	return []*node{t.root}
}

// visible is n, or the nearest node above it that has a row.
func (t *Tree) visible(n *node) *node {
	seen := n
	for up := n.up; up != nil; up = up.up {
		if !up.open || up.raw {
			seen = up
		}
	}
	return seen
}

// openTo opens so many levels of branches from row down, breadth first.
func (t *Tree) openTo(row []*node, levels int) bool {
	opened := 0
	for ; levels > 0 && len(row) > 0; levels-- {
		var next []*node
		for _, n := range row {
			if n.raw || !n.branch() {
				continue
			}
			if opened > budget {
				return false
			}
			t.unfold(n)
			opened += len(n.kids)
			next = append(next, n.kids...)
		}
		row = next
	}
	return true
}

// closeBelow closes n and what was opened in it, and forgets what was raw.
func (t *Tree) closeBelow(n *node) {
	stack := []*node{n}
	var open []*node
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = append(stack[:len(stack)-1], n.kids...)
		if n.open {
			open = append(open, n)
		}
	}
	for i := len(open) - 1; i >= 0; i-- {
		t.fold(open[i])
		open[i].raw = open[i].kind == plain
	}
}

// ToggleRaw shows the node under the cursor as the exact text it is, every
// hidden character listed as its code point, or back: for a string that holds
// JSON, the string; for an object or array, its JSON as written.
func (t *Tree) ToggleRaw() {
	n, _ := t.at(t.cursor)
	if n.kind == note || n.kind == plain {
		return
	}
	wasOpen := n.open
	t.fold(n)
	n.raw = !n.raw
	if n.raw || wasOpen {
		t.unfold(n)
	}
	t.stay(n)
}
