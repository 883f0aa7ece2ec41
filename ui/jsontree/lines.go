package jsontree

import (
	"bytes"
	"sort"
	"strings"

	"korescope/ui/text"
)

const (
	mostLines = 20_000 // of one text; a note counts the rest
	narrowest = 8      // cells a text is wrapped to at least
)

// line is one row of a text that is open.
type line struct {
	no    int       // line of the text, from 0
	whole text.Safe // that line
	from  int       // where in it the row starts, in bytes
	row   text.Safe
}

// long reports a string that does not fit into its row.
func (t *Tree) long(n *node) bool {
	if n.kind != str {
		return false
	}
	// No cell takes more than a few dozen bytes.
	room := t.room(n)
	most := 32*room + 256
	if !n.masked && n.to-n.from > 6*most {
		return true
	}
	b := n.text()
	return bytes.IndexByte(b, '\n') >= 0 || len(b) > most || len(b) > room && text.Clean(string(b)).Width() > room
}

// room is how many cells the value of n has beside its key.
func (t *Tree) room(n *node) int {
	w := t.w - margin - t.indent(n) - foldCols - 2
	if n.up != nil {
		w -= t.keyCols(n.up) + keyGap
	}
	return max(w, 1)
}

// layout breaks the text of n into rows.
func (t *Tree) layout(n *node) {
	t.texts[n] = true
	w := max(t.w-margin-t.indent(n)-foldCols-2, narrowest)
	s := string(n.text())
	n.lines = n.lines[:0]
	lines := text.CleanLines(s, mostLines)
	if n.raw {
		lines = rawLines(s)
	}
	for no, whole := range lines {
		at := 0
		for _, row := range whole.Wrap(w) {
			at += max(strings.Index(whole.String()[at:], row.String()), 0)
			n.lines = append(n.lines, line{no: no, whole: whole, from: at, row: row})
			at += len(row.String())
		}
	}
}

// rawLines lists every character that is not shown as such.
func rawLines(s string) []text.Safe {
	parts := strings.SplitN(s, "\n", mostLines)
	out := make([]text.Safe, len(parts))
	for i, p := range parts {
		out[i] = text.Raw(p)
	}
	return out
}

// lineAt is the row of the open text of n that shows byte at of it.
func (n *node) lineAt(at int) int {
	b := n.text()
	at = min(at, len(b))
	no := bytes.Count(b[:at], []byte{'\n'})
	front := string(b[bytes.LastIndexByte(b[:at], '\n')+1 : at])
	off := len(text.Clean(front).String())
	if n.raw {
		off = len(text.Raw(front).String())
	}
	i := sort.Search(len(n.lines), func(i int) bool {
		l := n.lines[i]
		return l.no > no || l.no == no && l.from > off
	})
	return max(i-1, 0)
}

// SetSize tells the tree its box in cells and rows. The row under the cursor
// stays under it.
func (t *Tree) SetSize(w, h int) {
	w, h = max(w, 1), max(h, 1)
	if w != t.w {
		n, sub := t.at(t.cursor)
		t.w = w
		for open := range t.texts {
			open.change(func() { t.layout(open) })
		}
		t.cursor = t.row(n) + min(sub, len(n.lines))
	}
	t.h = h
	t.follow()
}
