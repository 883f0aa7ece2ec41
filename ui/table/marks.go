package table

// Mark switches the mark of the row under the cursor and goes one row down.
func (t *Table[T, ID]) Mark() {
	row, ok := t.Selected()
	if !ok {
		return
	}
	id := t.id(row)
	if t.marks[id] {
		delete(t.marks, id)
	} else {
		t.marks[id] = true
	}
	t.anchor = t.cursor
	t.Move(1)
}

// MarkRange marks everything between the last marked row and the cursor.
func (t *Table[T, ID]) MarkRange() {
	if len(t.rows) == 0 {
		return
	}
	from := t.anchor
	if from < 0 {
		from = t.cursor
	}
	lo, hi := min(from, t.cursor), max(from, t.cursor)
	for i := lo; i <= min(hi, len(t.rows)-1); i++ {
		t.marks[t.id(t.all[t.rows[i]])] = true
	}
	t.anchor = t.cursor
}

// Unmark removes all marks.
func (t *Table[T, ID]) Unmark() { clear(t.marks); t.anchor = -1 }

// Marked returns the marked rows that are shown, in order.
func (t *Table[T, ID]) Marked() []T {
	var out []T
	if len(t.marks) == 0 {
		return nil
	}
	for _, r := range t.rows {
		if t.marks[t.id(t.all[r])] {
			out = append(out, t.all[r])
		}
	}
	return out
}

// Marks is the number of marks, shown or not.
func (t *Table[T, ID]) Marks() int { return len(t.marks) }

// Pick moves the choice of column by n, over the columns that can be sorted by.
func (t *Table[T, ID]) Pick(n int) {
	at := t.picked
	if at < 0 {
		at = max(t.sorted, 0) - n
	}
	widths := t.layout(t.width)
	for range t.columns {
		at = (at + n + len(t.columns)) % len(t.columns)
		// A column that has no room here would be picked without anybody seeing it.
		if c := t.columns[at]; c.sortable() && (t.width == 0 && (!c.Wide || t.wide) || widths[at] > 0) {
			t.picked = at
			return
		}
	}
}

// Sort sorts by the picked column, or reverses when it is sorted by already.
// It names the column and the direction.
func (t *Table[T, ID]) Sort() (name string, desc bool) {
	if t.picked < 0 {
		t.picked = max(t.sorted, 0)
	}
	if t.sorted == t.picked {
		t.desc = !t.desc
	} else {
		t.sorted, t.desc = t.picked, true
	}
	t.sortRows()
	t.arrangeFor(t.Selected())
	return t.columns[t.sorted].Name, t.desc
}

// Assume says how the rows that come are ordered, so that the title shows it.
func (t *Table[T, ID]) Assume(name string, desc bool) {
	for i, c := range t.columns {
		if c.Name == name {
			t.sorted, t.desc = i, desc
		}
	}
}
