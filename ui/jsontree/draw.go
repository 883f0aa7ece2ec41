package jsontree

import (
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// Columns of a row: the marker of the cursor, the indent, the fold mark, the
// key, the value.
const (
	margin   = 2
	foldCols = 2
	keyGap   = 2
	keyMost  = 24
)

// Draw is the picture of the tree: h rows of exactly w cells.
func (t *Tree) Draw(w, h int) canvas.Block {
	if w <= 0 || h <= 0 {
		return canvas.Block{}
	}
	if w != t.w || h != t.h {
		t.SetSize(w, h)
	}
	out := make(canvas.Block, 0, h)
	n, sub := t.at(t.top)
	find := &finder{p: t.find}
	for row := t.top; n != nil && len(out) < h; row++ {
		r := rowWriter{left: w, find: find}
		mark := text.Lit(" ")
		if row == t.cursor {
			mark, r.fill = text.Lit("▸"), theme.CursorRow
		}
		r.put(theme.Cursor, mark)
		r.put(theme.Plain, text.Blank(margin-1))
		if sub == 0 {
			t.head(&r, n)
		} else {
			t.textRow(&r, n, n.lines[sub-1])
		}
		out = append(out, r.line())
		n, sub = step(n, sub)
	}
	for len(out) < h {
		r := rowWriter{left: w}
		out = append(out, r.line())
	}
	return out
}

// step is the row after a row, nil at the end.
func step(n *node, sub int) (*node, int) {
	if n.open {
		if sub < len(n.lines) {
			return n, sub + 1
		}
		if len(n.lines) == 0 && len(n.kids) > 0 {
			return n.kids[0], 0
		}
	}
	for n.up != nil {
		if n.ord+1 < len(n.up.kids) {
			return n.up.kids[n.ord+1], 0
		}
		n = n.up
	}
	return nil, 0
}

// indent is how far n stands to the right. It stops growing at half the width.
func (t *Tree) indent(n *node) int { return min(2*t.depth(n), t.w/2) }

// keyCols is the width of the column of keys of the members of up.
func (t *Tree) keyCols(up *node) int { return min(up.keyCols, keyMost, max(t.w/3, 1)) }

// head draws the row of a node.
func (t *Tree) head(r *rowWriter, n *node) {
	r.put(theme.Plain, text.Blank(t.indent(n)))
	if n.kind == note {
		r.put(theme.Plain, text.Blank(foldCols))
		token := theme.Bad
		if n.up == nil || n.up.walk.end == going {
			token = theme.Dim
		}
		r.put(token, n.words)
		return
	}
	fold := text.Lit("  ")
	switch {
	case n.open:
		fold = text.Lit("v ")
	case n.branch() || t.long(n):
		fold = text.Lit("> ")
	}
	r.put(theme.Dim, fold)
	if n.up != nil {
		cols := t.keyCols(n.up)
		r.match(theme.Key, n.keyText().Pad(cols))
		r.put(theme.Plain, text.Blank(keyGap))
	}
	t.drawValue(r, n)
}

func (t *Tree) drawValue(r *rowWriter, n *node) {
	n.probe()
	switch {
	case n.kind == plain:
		r.put(theme.Bad, n.words)
	case n.inner != nil:
		r.put(theme.Info, text.Lit("{s} "))
		t.branchValue(r, n)
	case n.masked && n.kind != str:
		r.put(theme.Dim, text.Clean(n.shown))
	case n.container():
		t.branchValue(r, n)
	case n.kind == str:
		t.stringValue(r, n)
	default:
		token := theme.Number
		if n.kind == literal {
			token = theme.Literal
		}
		r.match(token, text.Clean(string(n.value())))
		if n.cut {
			r.put(theme.Bad, text.Lit(" cut"))
		}
	}
}

// branchValue is what stands beside the key of an object or array.
func (t *Tree) branchValue(r *rowWriter, n *node) {
	r.put(theme.Dim, n.countText())
	if in := n.inner; n.cut || in != nil && in.end == cut {
		r.put(theme.Bad, text.Lit(", cut"))
	} else if in != nil && in.end == fault {
		r.put(theme.Bad, text.Lit(", not all JSON"))
	}
	if bytes := n.to - n.from; bytes >= 1000 {
		r.put(theme.Dim, text.Join("", text.Lit("  "), size(bytes)))
	}
	if !n.open && n.branch() && r.left > 8 {
		r.put(theme.Plain, text.Lit("  "))
		r.put(theme.Dim, n.preview(r.left))
	}
}

// countText is [14] for an array and {4} for an object, "4 keys" for an object
// in a string, where braces say that already.
func (n *node) countText() text.Safe {
	isArray := n.kind == array
	if n.inner != nil {
		isArray = n.inner.data[n.inner.from] == '['
	}
	words := text.Lit("…")
	if c := n.count(); c >= 0 {
		words = text.Count(c)
	}
	switch {
	case words.String() == "0" && isArray:
		return text.Lit("[]")
	case words.String() == "0" && n.inner == nil:
		return text.Lit("{}")
	case isArray:
		return text.Join("", text.Lit("["), words, text.Lit("]"))
	case n.inner == nil:
		return text.Join("", text.Lit("{"), words, text.Lit("}"))
	case words.String() == "1":
		return text.Lit("1 key")
	}
	return text.Join("", words, text.Lit(" keys"))
}

// stringValue is the string in one row, or how long it is.
func (t *Tree) stringValue(r *rowWriter, n *node) {
	token := theme.String
	if n.masked {
		token = theme.Dim
	}
	if n.open {
		r.put(theme.Dim, n.measure())
		t.cutMark(r, n)
		return
	}
	if !t.long(n) {
		quoted := text.Lit(`"`)
		r.put(token, quoted)
		r.match(token, text.Clean(string(n.text())))
		r.put(token, quoted)
		t.cutMark(r, n)
		return
	}
	label := n.measure()
	room := max(r.left-label.Width()-4, 1)
	front, whole := n.front(8*room + 64)
	words := text.Clean(string(front))
	if !whole {
		// More than fits, so that Cut marks the end.
		words = text.Join("", words, text.Blank(room))
	}
	r.put(token, text.Lit(`"`))
	r.match(token, words.Cut(room))
	r.put(token, text.Lit(`"`))
	r.put(theme.Dim, text.Join("", text.Lit("  "), label))
	t.cutMark(r, n)
}

func (t *Tree) cutMark(r *rowWriter, n *node) {
	if n.cut {
		r.put(theme.Bad, text.Lit(" cut"))
	}
}

// measure is "61 lines  3.1 kB".
func (n *node) measure() text.Safe {
	if n.label.Empty() {
		b := n.text()
		n.label = size(len(b))
		if rows := lineCount(b); rows > 1 {
			n.label = text.Join("", text.Count(rows), text.Lit(" lines  "), n.label)
		}
	}
	return n.label
}

// textRow draws one row of an open text.
func (t *Tree) textRow(r *rowWriter, n *node, l line) {
	r.put(theme.Plain, text.Blank(t.indent(n)+foldCols+2))
	token := theme.String
	switch {
	case n.masked:
		token = theme.Dim
	case n.kind != str:
		token = theme.Plain
	}
	r.matchIn(token, l)
}
