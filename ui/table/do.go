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
		return t.moved(a)
	}
	return true
}

func (t *Table[T, ID]) moved(a keymap.Action) bool {
	switch a {
	case keymap.MoveUp:
		t.Move(-1)
	case keymap.MoveDown:
		t.Move(1)
	case keymap.PageUp:
		t.Page(-1)
	case keymap.PageDown:
		t.Page(1)
	case keymap.HalfPageUp:
		t.HalfPage(-1)
	case keymap.HalfPageDown:
		t.HalfPage(1)
	case keymap.GoTop:
		t.Top()
	case keymap.GoBottom:
		t.Bottom()
	default:
		return false
	}
	return true
}
