package keymap

// lists are the rows of the lists that are not of a time window, and of what a
// search found.
func lists() []Binding {
	return []Binding{
		{Scope: Records, Action: MarkItem, Keys: keys("space"), Command: "mark", Short: "mark", Long: "mark the row, or unmark it"},
		{Scope: Records, Action: MarkRange, Keys: keys("ctrl+space"), Command: "mark-range", Short: "mark range", Long: "mark from the last mark to here"},
		{Scope: Records, Action: ClearMarks, Command: "unmark", Short: "unmark", Long: "clear all marks"},
		{Scope: Records, Action: PickColumnLeft, Keys: keys("shift+left", "<"), Command: "column-left", Short: "column left", Long: "pick the column to the left"},
		{Scope: Records, Action: PickColumnRight, Keys: keys("shift+right", ">"), Command: "column-right", Short: "column right", Long: "pick the column to the right"},
		{Scope: Records, Action: SortColumn, Keys: keys("O"), Command: "sort", Short: "sort", Long: "sort by the picked column, again to reverse"},
		{Scope: Records, Action: ShowMore, Keys: keys("+"), Command: "more", Short: "more", Long: "read further, where a list is not read whole"},
		{Scope: Records, Action: UnpinItem, Keys: keys("m"), Command: "unpin", Short: "unpin", Long: "let what is pinned go"},
		{Scope: Find, Action: ShowMore, Keys: keys("+"), Command: "more", Short: "more", Long: "show older hits as well"},
	}
}

// ShortCommands are the short names of commands after ":".
func ShortCommands() map[string]string {
	return map[string]string{
		"s": "sessions", "p": "pulse", "l": "llm", "lo": "logs", "te": "tests", "b": "billing",
		"co": "containment", "ch": "changes", "f": "find", "d": "doctor",
	}
}
