package jsontree

// mostKept bounds how many open nodes a State remembers.
const mostKept = 10_000

// State is what is open and where the cursor is, by path, so that it outlives a
// refresh and fits the next payload of the same shape.
type State struct {
	Open   []string // paths of open nodes, each after the one it is in
	Raw    []string // those of them that are open as text
	Cursor string   // path of the node under the cursor
	Line   int      // row of it, 0 for its head
	Above  int      // rows of the screen above the cursor
}

// State is the present one.
func (t *Tree) State() State {
	n, sub := t.at(t.cursor)
	s := State{Cursor: n.path(), Line: sub, Above: t.cursor - t.top}
	stack := []*node{t.root}
	for len(stack) > 0 && len(s.Open) < mostKept {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if !n.open || n.kind == plain {
			continue
		}
		path := n.path()
		s.Open = append(s.Open, path)
		if n.raw {
			s.Raw = append(s.Raw, path)
			continue
		}
		for i := len(n.kids) - 1; i >= 0; i-- {
			if n.kids[i].open {
				stack = append(stack, n.kids[i])
			}
		}
	}
	return s
}

// Restore opens what s names, as far as it is here, and closes everything else.
func (t *Tree) Restore(s State) {
	open, raw := set(s.Open), set(s.Raw)
	for _, top := range t.tops() {
		t.closeBelow(top)
	}
	var cursor *node
	stack := append([]*node(nil), t.tops()...)
	if t.root.kind == plain {
		cursor = t.root
	}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		path := n.path()
		if path == s.Cursor && n.kind != note && cursor == nil {
			cursor = n
		}
		if !open[path] || n.kind == note {
			continue
		}
		n.raw = raw[path]
		t.unfold(n)
		stack = append(stack, n.kids...)
	}
	if cursor != nil {
		t.cursor = t.row(cursor) + min(s.Line, len(cursor.lines))
		t.top = t.cursor - s.Above
	}
	t.follow()
}

func set(paths []string) map[string]bool {
	m := make(map[string]bool, len(paths))
	for _, p := range paths {
		m[p] = true
	}
	return m
}
