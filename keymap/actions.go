package keymap

import "strings"

// The actions that work everywhere.
const (
	MoveUp           Action = "move-up"
	MoveDown         Action = "move-down"
	PageUp           Action = "page-up"
	PageDown         Action = "page-down"
	HalfPageUp       Action = "half-page-up"
	HalfPageDown     Action = "half-page-down"
	GoTop            Action = "go-top"
	GoBottom         Action = "go-bottom"
	OpenItem         Action = "open-item"
	StepOut          Action = "step-out" // closes prompt, then filter, then view
	GoBack           Action = "go-back"  // on the first screen: leave
	Quit             Action = "quit"     // from anywhere
	OpenCommand      Action = "open-command"
	StartFind        Action = "start-find" // filter in lists, find in text
	NextMatch        Action = "next-match"
	PrevMatch        Action = "previous-match"
	OpenHelp         Action = "open-help"
	Refresh          Action = "refresh"
	OpenCopyMenu     Action = "open-copy-menu"
	NextPane         Action = "next-pane"
	PrevPane         Action = "previous-pane"
	StopReading      Action = "stop-reading" // twice leaves
	Suspend          Action = "suspend"
	GoBackwards      Action = "go-backwards"
	GoForwards       Action = "go-forwards"
	GoLastView       Action = "go-last-view"
	CycleClock       Action = "cycle-clock"
	PrintPlain       Action = "print-plain"
	SaveView         Action = "save-view"    // under a name, :save NAME
	SwitchMouse      Action = "switch-mouse" // :mouse on, :mouse off
	ShowHidden       Action = "show-hidden"  // a masked value, for a moment
	ToggleErrorsOnly Action = "toggle-errors-only"
	ToggleWide       Action = "toggle-wide"
	ToggleWrap       Action = "toggle-wrap"
)

// The actions that open a screen.
const (
	OpenSessions    Action = "open-sessions"
	OpenCalls       Action = "open-calls" // of the session under the cursor where there is one
	OpenLogs        Action = "open-logs"  // likewise
	OpenTests       Action = "open-tests"
	OpenBilling     Action = "open-billing"
	OpenContainment Action = "open-containment"
	FindText        Action = "find-text"
	OpenAPIs        Action = "open-apis"
	OpenDoctor      Action = "open-doctor"
	OpenRoles       Action = "open-roles"
	OpenBots        Action = "open-bots"
	OpenPulse       Action = "open-pulse" // of the window where there is one
	OpenFailures    Action = "open-failures"
	OpenChanges     Action = "open-changes"
	FindSame        Action = "find-same" // the same failure elsewhere
	OpenCase        Action = "open-case"
	PinItem         Action = "pin-item"   // keep everything about a conversation
	UnpinItem       Action = "unpin-item" // let it go
)

// The actions of lists.
const (
	ShowDropOff      Action = "show-drop-off"
	ShowAgent        Action = "show-agent"
	ShowSelfService  Action = "show-self-service"
	ShowOpen         Action = "show-open"
	ShowAll          Action = "show-all"
	MarkItem         Action = "mark-item"
	MarkRange        Action = "mark-range"
	ClearMarks       Action = "clear-marks"
	PickColumnLeft   Action = "pick-column-left"
	PickColumnRight  Action = "pick-column-right"
	SortColumn       Action = "sort-column" // again to reverse
	SetWindow        Action = "set-window"
	OpenUserSessions Action = "open-user-sessions"
	ReadLastTurns    Action = "read-last-turns"
	TogglePreview    Action = "toggle-preview"
)

// The actions of one conversation and of one model call.
const (
	ToggleMessages Action = "toggle-messages"
	ToggleCalls    Action = "toggle-calls"
	ToggleDebug    Action = "toggle-debug"
	ShowAllLayers  Action = "show-all-layers"
	NextSession    Action = "next-session"
	PrevSession    Action = "previous-session"
	NextError      Action = "next-error"
	PrevError      Action = "previous-error"
	ShowMore       Action = "show-more"
	ToggleRaw      Action = "toggle-raw"
	ToggleElapsed  Action = "toggle-elapsed"
	NextCall       Action = "next-call"
	PrevCall       Action = "previous-call"
)

// The actions of tests, reports and logs.
const (
	CompareGood     Action = "compare-good" // against the last good run
	BillByMonth     Action = "bill-by-month"
	BillByDay       Action = "bill-by-day"
	BillByHour      Action = "bill-by-hour"
	OpenBilled      Action = "open-billed"    // billed sessions of the row
	ToggleDaily     Action = "toggle-daily"   // a row a day, or the whole window
	CompareWindow   Action = "compare-window" // against the equal window before
	FoldSimilar     Action = "fold-similar"   // lines that differ in numbers only
	ToggleHistogram Action = "toggle-histogram"
)

// The actions of a JSON tree.
const (
	FoldNode       Action = "fold-node"
	OpenNode       Action = "open-node"
	FoldBelow      Action = "fold-below"
	OpenBelow      Action = "open-below"
	OpenLevel1     Action = "open-level-1"
	OpenLevel2     Action = "open-level-2"
	OpenLevel3     Action = "open-level-3"
	OpenLevel4     Action = "open-level-4"
	OpenLevel5     Action = "open-level-5"
	OpenLevel6     Action = "open-level-6"
	OpenLevel7     Action = "open-level-7"
	OpenLevel8     Action = "open-level-8"
	OpenLevel9     Action = "open-level-9"
	ToggleAll      Action = "toggle-all"
	ToggleOriginal Action = "toggle-original"
)

// The actions of the copy menu.
const (
	CopyID       Action = "copy-id"
	CopyValue    Action = "copy-value"
	CopyPath     Action = "copy-path"
	CopyKey      Action = "copy-key"
	CopyJQ       Action = "copy-jq"
	CopyLine     Action = "copy-line"
	CopyText     Action = "copy-text"
	CopyMarkdown Action = "copy-markdown"
	CopySession  Action = "copy-session"
	CopyUser     Action = "copy-user"
	CopyCall     Action = "copy-call" // request and response of a model call
	CopyOpen     Action = "copy-open" // the command that opens this
	CopyCurl     Action = "copy-curl" // the request as a line for curl
	CopyRaw      Action = "copy-raw"  // the last copy again, as it was sent
)

// Copies reports an action of the copy menu.
func (a Action) Copies() bool { return strings.HasPrefix(string(a), "copy-") }

// OpenLevels are the nine actions of the digits in a tree; level n is at n-1.
func OpenLevels() []Action {
	return []Action{
		OpenLevel1, OpenLevel2, OpenLevel3, OpenLevel4, OpenLevel5,
		OpenLevel6, OpenLevel7, OpenLevel8, OpenLevel9,
	}
}
