package jsontree

import (
	"slices"

	"korescope/ui/text"
)

// load finds the members of n, the first page of them.
func (t *Tree) load(n *node) {
	if n.loaded || !n.branch() {
		return
	}
	n.loaded = true
	n.walk = enter(n.src.data, n.from)
	if in := n.holds(); in != nil {
		n.walk = enter(in.data, in.from)
	}
	t.more(n)
}

// contents is the text the members of n point into.
func (n *node) contents() *source {
	if in := n.holds(); in != nil {
		return in
	}
	return n.src
}

// more finds the next page of members and puts the note about the rest, when
// there is one, after them.
func (t *Tree) more(n *node) {
	if last := len(n.kids) - 1; last >= 0 && n.kids[last].kind == note {
		n.kids = n.kids[:last]
	}
	src := n.contents()
	found := t.found[:0]
	for len(found) < page {
		m, ok := n.walk.next()
		if !ok {
			break
		}
		found = append(found, m)
	}
	t.found = found
	nodes := make([]node, len(found))
	n.kids = slices.Grow(n.kids, len(found))
	for i, m := range found {
		nodes[i] = node{
			up: n, src: src, from: m.from, to: m.to, keyFrom: m.keyFrom, keyTo: m.keyTo,
			ord: len(n.kids), kind: m.kind, cut: m.cut, members: -1,
		}
		n.kids = append(n.kids, &nodes[i])
	}
	if words := n.ending(); !words.Empty() {
		n.kids = append(n.kids, &node{up: n, src: src, ord: len(n.kids), kind: note, words: words, members: -1})
	}
	n.measureKeys()
	n.kidRows = 0
	for _, kid := range n.kids {
		n.kidRows += kid.rows()
	}
}

// measureKeys finds the width of the column of keys from the first members.
func (n *node) measureKeys() {
	n.keyCols = 0
	if !n.walk.object {
		n.keyCols = text.Int(max(len(n.kids)-1, 0)).Width()
		return
	}
	for _, kid := range n.kids[:min(len(n.kids), 300)] {
		if kid.kind != note {
			n.keyCols = max(n.keyCols, kid.keyText().Width())
		}
	}
}

// keyText is the key as it is shown: "" for an empty one.
func (n *node) keyText() text.Safe {
	switch {
	case n.keyTo == 0 && n.up != nil:
		return text.Int(n.ord)
	case n.keyTo-n.keyFrom == 2:
		return text.Lit(`""`)
	}
	return text.Clean(n.key())
}

// ending is the note after the members found so far.
func (n *node) ending() text.Safe {
	last := len(n.kids) - 1
	src := n.contents()
	switch n.walk.end {
	case going:
		return text.Join("", text.Lit("… more from member "), text.Count(len(n.kids)), text.Lit(" on: open this row"))
	case cut:
		if last >= 0 && n.kids[last].cut && n.kids[last].branch() {
			return text.Safe{} // it says so itself
		}
		return text.Lit("… cut here")
	case fault:
		return text.Join("", text.Lit("… "), faultWords(src.data, n.walk.at))
	}
	if n.holds() != nil && src.end == fault && src.at >= n.walk.at {
		return text.Join("", text.Lit("… text follows: "), size(len(src.data)-src.at))
	}
	return text.Safe{}
}

// count is how many members n has, -1 when it is too large to count unopened.
func (n *node) count() int {
	if n.members >= 0 || n.loaded && n.walk.end == going {
		return n.members
	}
	if n.loaded {
		n.members = len(n.kids)
		if last := n.members - 1; last >= 0 && n.kids[last].kind == note {
			n.members--
		}
		return n.members
	}
	if !n.branch() {
		return 0
	}
	if n.to-n.from > countBelow {
		return -1
	}
	src, from := n.src, n.from
	if in := n.holds(); in != nil {
		src, from = in, in.from
	}
	l := enter(src.data, from)
	n.members = 0
	for {
		if _, ok := l.next(); !ok {
			return n.members
		}
		n.members++
	}
}

// faultWords says where JSON ends in data.
func faultWords(data []byte, at int) text.Safe {
	row, column := 1, 1
	for _, c := range data[:at] {
		if column++; c == '\n' {
			row, column = row+1, 1
		}
	}
	what := text.Lit("the end")
	if at < len(data) {
		what = text.Clean(quote(string(firstRune(data[at:]))))
	}
	return text.Format("not JSON from byte %s (line %s, column %s): %s", text.Count(at), text.Count(row), text.Count(column), what)
}

func firstRune(b []byte) []byte {
	for n := 1; n < len(b); n++ {
		if b[n]&0xc0 != 0x80 {
			return b[:n]
		}
	}
	return b
}

// size is n bytes for people: 812 B, 1.4 kB, 52.0 MB.
func size(n int) text.Safe {
	switch {
	case n < 1000:
		return text.Format("%d B", n)
	case n < 999_950:
		return text.Format("%.1f kB", float64(n)/1e3)
	}
	return text.Format("%.1f MB", float64(n)/1e6)
}
