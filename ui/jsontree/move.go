package jsontree

// Move goes n rows down, up when n is negative.
func (t *Tree) Move(n int) {
	t.cursor += n
	t.follow()
}

// Page goes n screens down, up when n is negative.
func (t *Tree) Page(n int) {
	step := n * max(t.h-1, 1)
	t.top += step
	t.Move(step)
}

// Half goes n half screens down.
func (t *Tree) Half(n int) {
	step := n * max(t.h/2, 1)
	t.top += step
	t.Move(step)
}

// Top goes to the first row.
func (t *Tree) Top() {
	t.cursor = 0
	t.follow()
}

// Bottom goes to the last row.
func (t *Tree) Bottom() {
	t.cursor = t.Rows() - 1
	t.follow()
}

// Rows is how many rows there are with everything as open as it is.
func (t *Tree) Rows() int { return t.root.rows() }

// Row is the row under the cursor, from 0.
func (t *Tree) Row() int { return t.cursor }

// follow keeps the cursor in the tree and on the screen.
func (t *Tree) follow() {
	rows := t.Rows()
	t.cursor = max(0, min(t.cursor, rows-1))
	t.top = min(t.top, t.cursor, max(rows-t.h, 0))
	t.top = max(t.top, t.cursor-t.h+1, 0)
}

// stay puts the cursor on the head of n, which kept its place in the tree.
func (t *Tree) stay(n *node) {
	t.cursor = t.row(n)
	t.follow()
}

// Open opens the node under the cursor: an object or array, a string that holds
// JSON, a long text. On one that is open it goes to the first row inside.
func (t *Tree) Open() {
	n, sub := t.at(t.cursor)
	switch {
	case n.kind == note && n.up != nil && n.up.walk.end == going:
		n.up.change(func() { t.more(n.up) })
	case !n.open:
		t.unfold(n)
	case sub == 0:
		t.cursor++
	}
	t.follow()
}

// Close closes the node under the cursor. On a leaf, or a node that is closed,
// it goes to the node above.
func (t *Tree) Close() {
	n, _ := t.at(t.cursor)
	switch {
	case n.open:
		t.fold(n)
	case n.up != nil && !n.up.headless():
		n = n.up
	}
	t.stay(n)
}

// Toggle opens what is closed and closes what is open.
func (t *Tree) Toggle() {
	if n, _ := t.at(t.cursor); n.open {
		t.Close()
	} else {
		t.Open()
	}
}
