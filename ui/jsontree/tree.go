package jsontree

import (
	"korescope/ui/text"
)

// Mask decides what of a value may be seen. It is asked for every member, at
// every depth and inside embedded JSON, with its key and, for a scalar, its
// text: it returns what to show instead and true. For an object or array the
// value is "", so the key alone decides, and true hides everything below. Text
// that belongs to no key comes with the key "".
type Mask func(key, value string) (string, bool)

// Options may be left at their zero values.
type Options struct {
	Mask Mask
}

// checkedBelow is up to which size the whole text is checked at once. Above,
// a fault is found when its level is opened.
const checkedBelow = 8 << 20

// Tree is the widget. Sizes are in cells and rows.
type Tree struct {
	opts Options
	data []byte
	root *node
	w, h int

	top    int            // first row on screen
	cursor int            // row under the cursor
	texts  map[*node]bool // nodes open as text
	whole  bool           // opened by Do's ToggleAll
	found  []member       // kept to be used again
	find   *pattern
	hits   Hits
	hit    int // the current one, -1 for none
}

// New makes the tree of data, which it keeps and does not change. Data may be
// anything: what is not JSON is shown as text.
func New(data []byte, opts Options) *Tree {
	t := &Tree{opts: opts, data: data, w: 80, h: 24, texts: map[*node]bool{}, hit: -1}
	t.root = survey(data, opts.Mask)
	t.root.raw = t.root.kind == plain
	if t.root.raw || t.root.branch() {
		t.unfold(t.root)
	}
	return t
}

// survey decides what the whole text is.
func survey(data []byte, mask Mask) *node {
	src := &source{data: data, from: blank(data, 0), mask: mask}
	n := &node{src: src, to: len(data), kind: plain, members: -1}
	if src.from == len(data) {
		n.kind, n.words = note, text.Lit("empty")
		return n
	}
	if len(data) <= checkedBelow {
		src.at, src.end = check(data, src.from)
		if rest := blank(data, src.at); src.end == closed && rest < len(data) {
			src.at, src.end = rest, fault
		}
		if src.end == fault {
			n.words = faultWords(data, src.at)
			return n
		}
	}
	to, k, end := skip(data, src.from)
	if end == fault {
		n.words = faultWords(data, to)
		return n
	}
	n.from, n.to, n.kind, n.cut = src.from, to, k, end == cut
	return n
}

// headless reports the root whose members are the first rows of the tree.
func (n *node) headless() bool { return n.up == nil && n.container() && n.branch() }

// rows is how many rows the node takes with everything open below it.
func (n *node) rows() int {
	head := 1
	if n.headless() {
		head = 0
	}
	switch {
	case !n.open:
		return head
	case len(n.lines) > 0:
		return 1 + len(n.lines)
	}
	return head + n.kidRows
}

// change runs act, which alters the rows of n, and tells the nodes above.
func (n *node) change(act func()) {
	before := n.rows()
	act()
	for up := n.up; up != nil; n, up = up, up.up {
		delta := n.rows() - before
		if delta == 0 {
			return
		}
		before = up.rows()
		up.kidRows += delta
	}
}

// unfold opens n: to its members, or to its text.
func (t *Tree) unfold(n *node) {
	if n.open || n.kind == note {
		return
	}
	asText := n.raw || !n.branch()
	if asText && !t.long(n) && !n.raw {
		return
	}
	n.change(func() {
		n.open = true
		if asText {
			t.layout(n)
			return
		}
		t.load(n)
	})
}

// fold closes n.
func (t *Tree) fold(n *node) {
	if !n.open || n.headless() {
		return
	}
	n.change(func() {
		n.open, n.lines = false, nil
		delete(t.texts, n)
	})
}

// at is the node in a row and which of its rows it is, 0 for its head. Rows
// beyond the end are the last one.
func (t *Tree) at(row int) (*node, int) {
	n := t.root
	row = max(0, min(row, n.rows()-1))
	for {
		if !n.headless() {
			if row == 0 || !n.open {
				return n, 0
			}
			row--
		}
		if len(n.lines) > 0 {
			return n, min(row, len(n.lines)-1) + 1
		}
		var next *node
		for _, kid := range n.kids {
			next = kid
			if rows := kid.rows(); row >= rows {
				row -= rows
				continue
			}
			break
		}
		if next == nil {
			return n, 0
		}
		n = next
	}
}

// row is where the head of n is, as far as everything above is open.
func (t *Tree) row(n *node) int {
	row := 0
	for up := n.up; up != nil; n, up = up, up.up {
		for _, kid := range up.kids[:n.ord] {
			row += kid.rows()
		}
		if !up.headless() {
			row++
		}
	}
	return row
}

// depth is how many containers n is in, the headless root not counted.
func (t *Tree) depth(n *node) int {
	d := 0
	for up := n.up; up != nil && !up.headless(); up = up.up {
		d++
	}
	return d
}
