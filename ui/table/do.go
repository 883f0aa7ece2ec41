package table

import "korescope/keymap"

// Do carries out the actions every list understands: moving, marking, sorting.
// False when the action is none of them.
func (t *Table[T, ID]) Do(a keymap.Action) bool {
	switch a {
	case keymap.MarkItem:
		t.Mark()
	case keymap.MarkRange:
		t.MarkRange()
	case keymap.ClearMarks:
		t.Unmark()
	case keymap.PickColumnLeft:
		t.Pick(-1)
	case keymap.PickColumnRight:
		t.Pick(1)
	case keymap.SortColumn:
		t.Sort()
	case keymap.ToggleWide:
		t.SetWide(!t.wide)
	default:
		return keymap.Moved(t, a)
	}
	return true
}
