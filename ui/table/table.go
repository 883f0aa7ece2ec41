// Package table is the list every screen uses: columns declared as data, rows
// of any type, a cursor that follows identity, marks, sort and filter. It is a
// plain struct with methods; it receives no messages and never waits. The
// cursor is a mark in the first column, because a repainted row costs ten times
// the bytes on a slow line.
package table

import (
	"cmp"
	"slices"

	"korescope/ui/canvas"
	"korescope/ui/text"
)

// Column describes one column. Widths are cells; Min 0 means the column may
// vanish when there is no room, lowest Rank first.
type Column[T any] struct {
	Name  string // stable, as in records
	Title text.Safe
	Min   int  // narrowest useful width
	Ideal int  // width when there is room
	Grow  bool // takes what is left over
	Right bool // numbers
	Wide  bool // only when wide columns are asked for
	Rank  int  // the lowest rank leaves first on a narrow screen
	Cell  func(T) canvas.Span
	// Spans is for a cell of several pieces, like a stacked bar; it is given the
	// width and fills it. It takes the place of Cell.
	Spans func(row T, width int) []canvas.Span
	// Less orders rows ascending; nil when the column cannot be sorted by.
	Less func(a, b T) int
	// LessAt takes the place of Less where rows are too large to be copied for
	// each comparison.
	LessAt func(a, b *T) int
	// Moving says that Less looks at more than the row, so that the order may
	// change while the rows do not.
	Moving bool
}

// Table shows rows of T, each with an identity. Make it with New.
type Table[T any, ID comparable] struct {
	columns []Column[T]
	id      func(T) ID

	all    []T
	shared bool    // all is the caller's; else it is the table's own
	order  []int32 // indexes into all in the order sorted by; nil for the order rows came in
	rows   []int32 // of those, the ones that are kept
	keep   func(i int32) bool
	cursor int
	top    int
	height int
	last   int // where index found a row
	width  int // 0 while it is not known
	marks  map[ID]bool
	anchor int // row where a range of marks began, -1 for none

	picked int // column under shift-arrows, -1 for none
	sorted int // column sorted by, -1 for the order rows came in
	desc   bool
	wide   bool
	leaps  bool
}

// New makes an empty table.
func New[T any, ID comparable](columns []Column[T], id func(T) ID) *Table[T, ID] {
	return &Table[T, ID]{
		columns: columns, id: id, marks: map[ID]bool{},
		picked: -1, sorted: -1, anchor: -1, height: 1,
	}
}

// SetColumns replaces the columns; the order of the rows stays.
func (t *Table[T, ID]) SetColumns(columns []Column[T]) {
	sorted, picked := t.nameOf(t.sorted), t.nameOf(t.picked)
	t.columns = columns
	t.sorted, t.picked = t.columnNamed(sorted), t.columnNamed(picked)
}

func (t *Table[T, ID]) nameOf(i int) string {
	if i < 0 || i >= len(t.columns) {
		return ""
	}
	return t.columns[i].Name
}

func (t *Table[T, ID]) columnNamed(name string) int {
	for i, c := range t.columns {
		if c.Name == name && name != "" {
			return i
		}
	}
	return -1
}

// SetRows replaces the rows. The cursor stays on the row it was on; when that
// row is gone it stays at its place. A cursor that never left the top stays at
// the top, so that the newest row is seen. The table keeps a copy: the caller
// may sort, cut and delete in its own slice as it likes.
func (t *Table[T, ID]) SetRows(rows []T) {
	held, had := t.Selected() // before the places in rows mean other rows
	if t.shared {
		t.all, t.shared = nil, false
	}
	before := len(t.all)
	t.all = append(t.all[:0], rows...)
	clear(t.all[len(rows):max(before, len(rows))]) // rows that are gone are not held on to
	t.sortRows()
	t.arrangeFor(held, had)
}

// ShareRows is SetRows with a filter and without a copy, arranged once: nobody
// may change the rows in the slice any more. keep is given the place of a row in
// it; nil keeps all.
func (t *Table[T, ID]) ShareRows(rows []T, keep func(i int, row *T) bool) {
	held, had := t.Selected()
	t.all, t.shared = rows, true
	t.keep = t.keeping(keep)
	t.sortRows()
	t.arrangeFor(held, had)
}

// SetFilter keeps only rows for which keep is true; nil keeps all.
func (t *Table[T, ID]) SetFilter(keep func(T) bool) {
	t.keep = nil
	if keep != nil {
		t.keep = func(i int32) bool { return keep(t.all[i]) }
	}
	t.rearrange()
}

// Filter is SetFilter for many rows, which are not copied to be looked at: keep
// is given the place of a row among those that were given, and the row.
func (t *Table[T, ID]) Filter(keep func(i int, row *T) bool) {
	t.keep = t.keeping(keep)
	t.rearrange()
}

func (t *Table[T, ID]) keeping(keep func(i int, row *T) bool) func(int32) bool {
	if keep == nil {
		return nil
	}
	return func(i int32) bool { return keep(int(i), &t.all[i]) }
}

// SetHeight says how many rows are visible.
func (t *Table[T, ID]) SetHeight(h int) {
	t.height = max(h, 1)
	t.follow()
}

// SetWidth tells the list how many cells it is drawn in: columns that have no room
// are not picked.
func (t *Table[T, ID]) SetWidth(w int) { t.width = w }

// Widens reports that the wide columns change what is seen in so many cells.
func (t *Table[T, ID]) Widens(w int) bool {
	other := *t
	other.wide = !t.wide
	a, b := t.layout(w), other.layout(w)
	for i := range a {
		if (a[i] > 0) != (b[i] > 0) {
			return true
		}
	}
	return false
}

// SetWide shows or hides the wide columns.
func (t *Table[T, ID]) SetWide(on bool) { t.wide = on }

// Wide reports whether wide columns are shown.
func (t *Table[T, ID]) Wide() bool { return t.wide }

// rearrange is for rows that are the same and kept by another filter: their order
// is known, unless it depends on more than they do.
func (t *Table[T, ID]) rearrange() {
	if t.sorted >= 0 && t.columns[t.sorted].Moving {
		t.sortRows()
	}
	t.arrangeFor(t.Selected())
}

// arrangeFor picks the rows that are kept, in order, and puts the cursor on the
// row held.
func (t *Table[T, ID]) arrangeFor(held T, had bool) {
	atTop := t.cursor == 0 && t.top == 0
	t.pick()
	if had && !atTop {
		if i := t.index(t.id(held)); i >= 0 {
			// The row keeps its place on the screen, not only in the list.
			t.top += i - t.cursor
			t.cursor = i
		}
	}
	t.anchor = -1
	t.follow()
}

func (t *Table[T, ID]) pick() {
	if cap(t.rows) < len(t.all) {
		t.rows = make([]int32, 0, len(t.all))
	}
	t.rows = t.rows[:0]
	for i := range int32(len(t.all)) { //nolint:gosec // no list is that long
		if t.order != nil {
			i = t.order[i]
		}
		if t.keep == nil || t.keep(i) {
			t.rows = append(t.rows, i)
		}
	}
}

// sortRows finds the order of all rows, once for all filters. Rows that are in
// order already, as most come, are only looked at.
func (t *Table[T, ID]) sortRows() {
	t.order = nil
	if t.sorted < 0 || !t.columns[t.sorted].sortable() {
		return
	}
	less := t.columns[t.sorted].less
	compare := func(a, b int32) int { return less(&t.all[a], &t.all[b]) }
	if t.desc {
		compare = func(a, b int32) int { return less(&t.all[b], &t.all[a]) }
	}
	n := int32(len(t.all)) //nolint:gosec // no list is that long
	i := int32(1)
	for i < n && compare(i-1, i) <= 0 {
		i++
	}
	if i >= n {
		return
	}
	t.order = make([]int32, n)
	for i := range n {
		t.order[i] = i
	}
	slices.SortFunc(t.order, func(a, b int32) int {
		if c := compare(a, b); c != 0 {
			return c
		}
		return cmp.Compare(a, b) // equal rows stay in the order they came in
	})
}

func (c *Column[T]) sortable() bool { return c.Less != nil || c.LessAt != nil }

func (c *Column[T]) less(a, b *T) int {
	if c.LessAt != nil {
		return c.LessAt(a, b)
	}
	return c.Less(*a, *b)
}

// index is where the row of that identity is shown, -1 for nowhere. It is mostly
// asked for the row under the cursor, or for the same one again.
func (t *Table[T, ID]) index(id ID) int {
	for _, i := range [...]int{t.cursor, t.last} {
		if i >= 0 && i < len(t.rows) && t.id(t.all[t.rows[i]]) == id {
			return i
		}
	}
	for i, r := range t.rows {
		if t.id(t.all[r]) == id {
			t.last = i
			return i
		}
	}
	return -1
}

func (t *Table[T, ID]) follow() {
	t.cursor = clamp(t.cursor, 0, max(len(t.rows)-1, 0))
	t.top = clamp(t.top, t.cursor-t.height+1, t.cursor)
	t.top = clamp(t.top, 0, max(len(t.rows)-t.height, 0))
}

func clamp(v, lo, hi int) int { return max(lo, min(v, hi)) }

// Len is the number of rows shown, All of rows held.
func (t *Table[T, ID]) Len() int { return len(t.rows) }

// All is the number of rows before filtering.
func (t *Table[T, ID]) All() int { return len(t.all) }

// Cursor is the place of the cursor, from 0.
func (t *Table[T, ID]) Cursor() int { return t.cursor }

// Selected is the row under the cursor.
func (t *Table[T, ID]) Selected() (T, bool) {
	if t.cursor >= 0 && t.cursor < len(t.rows) {
		return t.all[t.rows[t.cursor]], true
	}
	var none T
	return none, false
}

// Has reports whether a row of that identity is shown.
func (t *Table[T, ID]) Has(id ID) bool { return t.index(id) >= 0 }

// Select puts the cursor on the row of that identity.
func (t *Table[T, ID]) Select(id ID) bool {
	i := t.index(id)
	if i < 0 {
		return false
	}
	t.cursor = i
	t.follow()
	return true
}

// Shown returns the rows in the order shown.
func (t *Table[T, ID]) Shown() []T {
	out := make([]T, len(t.rows))
	for i, r := range t.rows {
		out[i] = t.all[r]
	}
	return out
}

// Around returns up to n rows with the cursor in the middle, in the order shown.
func (t *Table[T, ID]) Around(n int) []T {
	from := clamp(t.cursor-n/2, 0, max(len(t.rows)-n, 0))
	to := min(from+n, len(t.rows))
	out := make([]T, 0, to-from)
	for _, r := range t.rows[from:to] {
		out = append(out, t.all[r])
	}
	return out
}

// Visible returns the rows on the screen.
func (t *Table[T, ID]) Visible() []T {
	var out []T
	for i := t.top; i < min(t.top+t.height, len(t.rows)); i++ {
		out = append(out, t.all[t.rows[i]])
	}
	return out
}

// SetLeaps makes a move past the edge of the window turn half a page instead of a
// row. Where something stands beside the list a terminal cannot scroll it alone,
// so that each row would be a picture of the whole list: a held key then costs a
// sixth of the bytes.
func (t *Table[T, ID]) SetLeaps(on bool) { t.leaps = on }

// Move goes n rows down (up when negative).
func (t *Table[T, ID]) Move(n int) {
	t.cursor = clamp(t.cursor+n, 0, max(len(t.rows)-1, 0))
	if t.leaps && (t.cursor < t.top || t.cursor >= t.top+t.height) {
		t.top = t.cursor - t.height/2
	}
	t.follow()
}

// Page goes n pages down.
func (t *Table[T, ID]) Page(n int) { t.jump(n * max(t.height-1, 1)) }

// Half goes n half pages down.
func (t *Table[T, ID]) Half(n int) { t.jump(n * max(t.height/2, 1)) }

// jump moves the window with the cursor, as a page key does everywhere.
func (t *Table[T, ID]) jump(n int) {
	t.cursor += n
	t.top += n
	t.follow()
}

// Top goes to the first row.
func (t *Table[T, ID]) Top() { t.cursor, t.top = 0, 0; t.follow() }

// Bottom goes to the last row.
func (t *Table[T, ID]) Bottom() { t.cursor = len(t.rows) - 1; t.follow() }
