package keymap

import (
	"slices"
	"strconv"
)

// Defaults is the whole table as shipped, in the order help shows it. No key in
// it writes anything, none needs Alt, and none is eaten by screen, tmux or the
// terminal's own line discipline.
func Defaults() []Binding {
	return slices.Concat(moving(), shell(), screens(), sessions(), conversation(), calls(), call(), tree(), reports(), lists(), copying())
}

func keys(k ...string) []string { return k }

func moving() []Binding {
	return []Binding{
		{Scope: Shell, Action: MoveUp, Keys: keys("up", "k"), Command: "up", Short: "up", Long: "one row up"},
		{Scope: Shell, Action: MoveDown, Keys: keys("down", "j"), Command: "down", Short: "down", Long: "one row down"},
		{Scope: Shell, Action: PageUp, Keys: keys("pgup"), Command: "page-up", Short: "page up", Long: "one page up"},
		{Scope: Shell, Action: PageDown, Keys: keys("pgdown", "ctrl+f"), Command: "page-down", Short: "page down", Long: "one page down"},
		{Scope: Shell, Action: HalfPageUp, Keys: keys("ctrl+u"), Command: "half-up", Short: "half up", Long: "half a page up"},
		{Scope: Shell, Action: HalfPageDown, Keys: keys("ctrl+d"), Command: "half-down", Short: "half down", Long: "half a page down"},
		{Scope: Shell, Action: GoTop, Keys: keys("g", "home"), Command: "top", Short: "top", Long: "first row"},
		{Scope: Shell, Action: GoBottom, Keys: keys("G", "end"), Command: "bottom", Short: "bottom", Long: "last row"},
	}
}

func shell() []Binding {
	return []Binding{
		{Scope: Shell, Action: OpenItem, Keys: keys("enter"), Command: "open", Short: "open", Long: "open what is under the cursor"},
		{Scope: Shell, Action: StepOut, Keys: keys("esc"), Command: "out", Short: "back", Long: "one step out: close the prompt, then the filter, then the view"},
		{Scope: Shell, Action: GoBack, Keys: keys("q"), Command: "back", Short: "back", Long: "back to the view before; on the first screen leave"},
		{Scope: Shell, Action: Quit, Command: "q", Short: "leave", Long: "leave the program from anywhere"},
		{Scope: Shell, Action: OpenCommand, Keys: keys(":"), Command: "command", Short: "command", Long: "type a command, with completion"},
		{Scope: Shell, Action: StartFind, Keys: keys("/"), Command: "filter", Short: "filter", Long: "filter a list, find in a text"},
		{Scope: Shell, Action: NextMatch, Keys: keys("n"), Command: "next-match", Short: "next", Long: "next match"},
		{Scope: Shell, Action: PrevMatch, Keys: keys("N"), Command: "previous-match", Short: "previous", Long: "previous match"},
		{Scope: Shell, Action: OpenHelp, Keys: keys("?"), Command: "help", Short: "help", Long: "keys of this view, then all keys"},
		{Scope: Shell, Action: Refresh, Keys: keys("r", "ctrl+r"), Command: "refresh", Short: "read again", Long: "read again from the platform"},
		{Scope: Shell, Action: OpenCopyMenu, Keys: keys("y"), Command: "copy", Short: "copy", Long: "copy menu: lists what can be copied and waits for the second key"},
		{Scope: Shell, Action: NextPane, Keys: keys("tab"), Command: "next-pane", Short: "next pane", Long: "next tab or pane"},
		{Scope: Shell, Action: PrevPane, Keys: keys("shift+tab"), Command: "previous-pane", Short: "previous pane", Long: "previous tab or pane"},
		{Scope: Shell, Action: StopReading, Keys: keys("ctrl+c"), Command: "stop", Short: "stop", Long: "stop the running read; twice leaves"},
		{Scope: Shell, Action: Suspend, Keys: keys("ctrl+z"), Command: "suspend", Short: "suspend", Long: "to the shell; fg comes back"},
		{Scope: Shell, Action: GoBackwards, Keys: keys("["), Command: "backwards", Short: "backwards", Long: "back through the views seen"},
		{Scope: Shell, Action: GoForwards, Keys: keys("]"), Command: "forwards", Short: "forwards", Long: "forward through the views seen"},
		{Scope: Shell, Action: GoLastView, Keys: keys("-"), Command: "last", Short: "last view", Long: "the view before this one, and back"},
		{Scope: Shell, Action: CycleClock, Keys: keys("t"), Command: "clock", Short: "clock", Long: "times in UTC, the profile's zone or as an age"},
		{Scope: Shell, Action: PrintPlain, Keys: keys("ctrl+l"), Command: "plain", Short: "plain", Long: "print the pane plain for the mouse; any key returns"},
		{Scope: Shell, Action: SaveView, Command: "save", Short: "save", Long: "save this place under a name, which then opens it after :"},
		{Scope: Shell, Action: SwitchMouse, Command: "mouse", Short: "mouse", Long: "mouse on, off: wheel, click a row, a title sorts"},
		{Scope: Shell, Action: ShowHidden, Keys: keys("x"), Command: "unmask", Short: "unmask", Long: "show a masked value for 20 s, again for the next one; it is noted"},
		{Scope: Shell, Action: ToggleErrorsOnly, Keys: keys("!"), Command: "errors", Short: "problems", Long: "only rows with a problem"},
		{Scope: Shell, Action: ToggleWide, Keys: keys("ctrl+w"), Command: "wide", Short: "wide", Long: "more columns, fewer columns"},
		{Scope: Shell, Action: ToggleWrap, Keys: keys("w"), Command: "wrap", Short: "wrap", Long: "wrap long lines or cut them"},
	}
}

func screens() []Binding {
	return []Binding{
		{Scope: Shell, Action: OpenSessions, Command: "sessions", Short: "sessions", Long: "sessions of the time window"},
		{Scope: Shell, Action: OpenCalls, Command: "llm", Short: "LLM calls", Long: "LLM calls with their payloads"},
		{Scope: Shell, Action: OpenLogs, Command: "logs", Short: "debug logs", Long: "debug logs of a user"},
		{Scope: Shell, Action: OpenTests, Command: "tests", Short: "tests", Long: "test suites and their runs"},
		{Scope: Shell, Action: OpenBilling, Command: "billing", Short: "billing", Long: "billing sessions by month, day or hour"},
		{Scope: Shell, Action: OpenContainment, Command: "containment", Short: "containment", Long: "containment by task"},
		{Scope: Shell, Action: OpenPulse, Command: "pulse", Short: "pulse", Long: "now against usual, since when, what failures share"},
		{Scope: Shell, Action: OpenFailures, Command: "failures", Short: "failures", Long: "what the platform counts as failed, grouped"},
		{Scope: Shell, Action: OpenChanges, Command: "changes", Short: "changes", Long: "change log of the bot"},
		{Scope: Shell, Action: OpenCase, Command: "case", Short: "case", Long: "conversations that are pinned"},
		{Scope: Shell, Action: FindText, Command: "find", Short: "find text", Long: "search all text read so far"},
		{Scope: Shell, Action: OpenAPIs, Command: "apis", Short: "APIs", Long: "every API used, with scope, limit and last answer"},
		{Scope: Shell, Action: OpenDoctor, Command: "doctor", Short: "doctor", Long: "connection, rights, clock, terminal, cache"},
		{Scope: Shell, Action: OpenRoles, Command: "roles", Short: "roles", Long: "who may do what (admin credential)"},
		{Scope: Shell, Action: OpenBots, Command: "bots", Short: "bots", Long: "bots of the account (admin credential)"},
	}
}

func sessions() []Binding {
	return append([]Binding{
		{Scope: Sessions, Action: ShowDropOff, Keys: keys("1"), Command: "dropoff", Short: "dropOff", Long: "only sessions the user left"},
		{Scope: Sessions, Action: ShowAgent, Keys: keys("2"), Command: "agent", Short: "agent", Long: "only sessions handed to a person"},
		{Scope: Sessions, Action: ShowSelfService, Keys: keys("3"), Command: "selfservice", Short: "selfService", Long: "only sessions the bot finished"},
		{Scope: Sessions, Action: ShowOpen, Keys: keys("4"), Command: "active", Short: "open", Long: "only sessions that are still open"},
		{Scope: Sessions, Action: ShowAll, Keys: keys("0"), Command: "all", Short: "all", Long: "sessions of every kind"},
		{Scope: Sessions, Action: OpenCalls, Keys: keys("l"), Command: "llm", Short: "LLM calls", Long: "LLM calls of this session"},
		{Scope: Sessions, Action: OpenLogs, Keys: keys("L"), Command: "logs", Short: "debug logs", Long: "debug logs of this user"},
		{Scope: Sessions, Action: OpenPulse, Keys: keys("i"), Command: "pulse", Short: "pulse", Long: "now against usual in this window"},
		{Scope: Sessions, Action: FindSame, Keys: keys("s"), Command: "same", Short: "same", Long: "the same failure elsewhere"},
		{Scope: Sessions, Action: PinItem, Keys: keys("m"), Command: "pin", Short: "pin", Long: "keep everything about it here, with a note"},
		{Scope: Sessions, Action: MarkItem, Keys: keys("space"), Command: "mark", Short: "mark", Long: "mark the row, or unmark it"},
		{Scope: Sessions, Action: MarkRange, Keys: keys("ctrl+space"), Command: "mark-range", Short: "mark range", Long: "mark from the last mark to here"},
		{Scope: Sessions, Action: ClearMarks, Command: "unmark", Short: "unmark", Long: "clear all marks"},
		{Scope: Sessions, Action: OpenUserSessions, Keys: keys("u"), Command: "user", Short: "this user", Long: "other sessions of this user"},
		{Scope: Sessions, Action: ReadLastTurns, Keys: keys("R"), Command: "turns", Short: "last turns", Long: "read the last turns of the marked rows, or of the next rows"},
		{Scope: Sessions, Action: TogglePreview, Keys: keys("p"), Command: "preview", Short: "preview", Long: "preview pane on or off"},
	}, columns(Sessions)...)
}

// columns are the rows that every sortable list of a time window has.
func columns(s Scope) []Binding {
	return []Binding{
		{Scope: s, Action: PickColumnLeft, Keys: keys("shift+left", "<"), Command: "column-left", Short: "column left", Long: "pick the column to the left"},
		{Scope: s, Action: PickColumnRight, Keys: keys("shift+right", ">"), Command: "column-right", Short: "column right", Long: "pick the column to the right"},
		{Scope: s, Action: SortColumn, Keys: keys("O"), Command: "sort", Short: "sort", Long: "sort by the picked column, again to reverse"},
		{Scope: s, Action: SetWindow, Keys: keys("f"), Command: "window", Short: "window", Long: "change the time window"},
	}
}

func conversation() []Binding {
	return append([]Binding{
		{Scope: Conversation, Action: ToggleMessages, Keys: keys("1"), Command: "layer-messages", Short: "messages", Long: "messages on or off"},
		{Scope: Conversation, Action: ToggleCalls, Keys: keys("2"), Command: "layer-llm", Short: "LLM", Long: "LLM calls on or off"},
		{Scope: Conversation, Action: ToggleDebug, Keys: keys("3"), Command: "layer-debug", Short: "debug", Long: "debug lines on or off"},
		{Scope: Conversation, Action: ShowAllLayers, Keys: keys("0"), Command: "layer-all", Short: "all", Long: "everything on one time line"},
		{Scope: Conversation, Action: NextSession, Keys: keys("ctrl+n", "J"), Command: "next-session", Short: "next session", Long: "next session of the list"},
		{Scope: Conversation, Action: PrevSession, Keys: keys("ctrl+p", "K"), Command: "previous-session", Short: "previous session", Long: "previous session of the list"},
		{Scope: Conversation, Action: ToggleRaw, Keys: keys("P"), Command: "raw", Short: "raw", Long: "readable or as the platform sent it"},
		{Scope: Conversation, Action: ToggleElapsed, Keys: keys("T"), Command: "elapsed", Short: "elapsed", Long: "clock time or time since the start"},
		{Scope: Conversation, Action: FindSame, Keys: keys("s"), Command: "same", Short: "same", Long: "the same failure elsewhere"},
		{Scope: Conversation, Action: PinItem, Keys: keys("m"), Command: "pin", Short: "pin", Long: "keep everything about it here, with a note"},
		{Scope: Conversation, Action: OpenCalls, Keys: keys("l"), Command: "llm", Short: "LLM calls", Long: "LLM calls of this session"},
		{Scope: Conversation, Action: OpenLogs, Keys: keys("L"), Command: "logs", Short: "debug logs", Long: "debug logs of this session"},
	}, errorsIn(Conversation)...)
}

func errorsIn(s Scope) []Binding {
	return []Binding{
		{Scope: s, Action: NextError, Keys: keys("e"), Command: "next-error", Short: "next error", Long: "next line with an error"},
		{Scope: s, Action: PrevError, Keys: keys("E"), Command: "previous-error", Short: "previous error", Long: "previous line with an error"},
	}
}

func calls() []Binding {
	more := Binding{Scope: Calls, Action: ShowMore, Keys: keys("+"), Command: "more", Short: "more", Long: "read further back"}
	return append(append(errorsIn(Calls), columns(Calls)...), more)
}

func call() []Binding {
	return []Binding{
		{Scope: Call, Action: NextCall, Keys: keys("ctrl+n"), Command: "next-call", Short: "next call", Long: "next call of the list"},
		{Scope: Call, Action: PrevCall, Keys: keys("ctrl+p"), Command: "previous-call", Short: "previous call", Long: "previous call of the list"},
	}
}

func reports() []Binding {
	rows := []Binding{
		{Scope: Tests, Action: CompareGood, Keys: keys("d"), Command: "compare-good", Short: "last good", Long: "steps against the last good run of the suite"},
		{Scope: Billing, Action: BillByMonth, Keys: keys("1"), Command: "by-month", Short: "month", Long: "usage by month"},
		{Scope: Billing, Action: BillByDay, Keys: keys("2"), Command: "by-day", Short: "day", Long: "usage by day"},
		{Scope: Billing, Action: BillByHour, Keys: keys("3"), Command: "by-hour", Short: "hour", Long: "usage by hour"},
		{Scope: Billing, Action: OpenBilled, Keys: keys("d"), Command: "billed", Short: "billed", Long: "billed sessions of the row"},
		{Scope: Containment, Action: ToggleDaily, Keys: keys("d"), Command: "daily", Short: "daily", Long: "a row for each day, or one for the window"},
		{Scope: Containment, Action: CompareWindow, Keys: keys("b"), Command: "before", Short: "before", Long: "against the equal window before"},
		{Scope: Logs, Action: FoldSimilar, Keys: keys("z"), Command: "fold-similar", Short: "fold", Long: "fold lines that differ in numbers only"},
		{Scope: Logs, Action: ToggleHistogram, Keys: keys("i"), Command: "histogram", Short: "histogram", Long: "lines by time and level"},
	}
	for _, s := range []Scope{Tests, Logs} {
		rows = append(rows, errorsIn(s)...)
	}
	for _, s := range []Scope{Billing, Containment} {
		rows = append(rows, columns(s)...)
	}
	return append(rows, Binding{Scope: Logs, Action: SetWindow, Keys: keys("f"), Command: "window", Short: "window", Long: "change the time window"})
}

func tree() []Binding {
	rows := []Binding{
		{Scope: Tree, Action: FoldNode, Keys: keys("h", "left"), Command: "fold", Short: "close", Long: "close the node, or go to its parent"},
		{Scope: Tree, Action: OpenNode, Keys: keys("l", "right"), Command: "unfold", Short: "open", Long: "open the node", Shadows: []Action{OpenCalls}},
		{Scope: Tree, Action: FoldBelow, Keys: keys("H"), Command: "fold-below", Short: "close below", Long: "close the node with everything below"},
		{Scope: Tree, Action: OpenBelow, Keys: keys("L"), Command: "unfold-below", Short: "open below", Long: "open the node with everything below", Shadows: []Action{OpenLogs}},
		{Scope: Tree, Action: ToggleAll, Keys: keys("E"), Command: "unfold-all", Short: "all", Long: "open the whole tree, again to close it", Shadows: []Action{PrevError}},
		{Scope: Tree, Action: ToggleOriginal, Keys: keys("P"), Command: "original", Short: "original", Long: "the exact original text instead of the tree", Shadows: []Action{ToggleRaw}},
	}
	layers := []Action{ToggleMessages, ToggleCalls, ToggleDebug}
	for i, a := range OpenLevels() {
		n := strconv.Itoa(i + 1)
		row := Binding{Scope: Tree, Action: a, Keys: keys(n), Command: "level-" + n, Short: "level " + n, Long: "open down to level " + n}
		if i < len(layers) {
			row.Shadows = layers[i : i+1]
		}
		rows = append(rows, row)
	}
	return rows
}

// copying is the copy menu. A letter means one thing, on every screen where it
// means something.
func copying() []Binding {
	return []Binding{
		{Scope: Copy, Action: CopyID, Keys: keys("y i"), Command: "copy-id", Short: "id", Long: "copy the id of what is under the cursor"},
		{Scope: Copy, Action: CopySession, Keys: keys("y s"), Command: "copy-session", Short: "session", Long: "copy the session id"},
		{Scope: Copy, Action: CopyUser, Keys: keys("y u"), Command: "copy-user", Short: "user", Long: "copy the user id"},
		{Scope: Copy, Action: CopyValue, Keys: keys("y v"), Command: "copy-value", Short: "value", Long: "copy the value under the cursor"},
		{Scope: Copy, Action: CopyPath, Keys: keys("y p"), Command: "copy-path", Short: "path", Long: "copy the path of the value"},
		{Scope: Copy, Action: CopyKey, Keys: keys("y k"), Command: "copy-key", Short: "key", Long: "copy the key of the value"},
		{Scope: Copy, Action: CopyJQ, Keys: keys("y q"), Command: "copy-jq", Short: "jq", Long: "copy a jq filter that finds the value"},
		{Scope: Copy, Action: CopyText, Keys: keys("y t"), Command: "copy-text", Short: "text", Long: "copy what is shown as text"},
		{Scope: Copy, Action: CopyMarkdown, Keys: keys("y m"), Command: "copy-markdown", Short: "markdown", Long: "copy as Markdown for a ticket"},
		{Scope: Copy, Action: CopyCall, Keys: keys("y j"), Command: "copy-call", Short: "call", Long: "copy request and response of this call as JSON"},
		{Scope: Copy, Action: CopyCurl, Keys: keys("y c"), Command: "copy-curl", Short: "curl", Long: "copy the request as a curl line that names the variable of the secret"},
		{Scope: Copy, Action: CopyLine, Keys: keys("y l"), Command: "copy-line", Short: "line", Long: "copy the command line that prints this"},
		{Scope: Copy, Action: CopyOpen, Keys: keys("y r"), Command: "copy-open", Short: "hand over", Long: "copy the command that opens this for somebody else"},
		{Scope: Copy, Action: CopyRaw, Keys: keys("y !"), Command: "copy-raw", Short: "raw", Long: "copy the last copy again, hidden characters and all"},
	}
}
