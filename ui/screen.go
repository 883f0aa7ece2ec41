package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/keymap"
	"korescope/ui/canvas"
	"korescope/ui/text"
)

// Address names a screen while it is open. It is never used twice.
type Address int

// Addressed is a message that knows which screen it is for. The shell delivers
// it to that screen, shown or not, and drops it when the screen is closed.
type Addressed interface{ To() Address }

// Seat is what an open screen is given: its address, a context that ends when
// the screen is left, and a clock that ticks (tea.Tick, or a test's own).
type Seat struct {
	Addr Address
	Ctx  context.Context //nolint:containedctx // a screen's questions live as long as the screen
	Tick func(time.Duration, func(time.Time) tea.Msg) tea.Cmd
}

// Route says where to go. It is opaque to the shell; concrete routes live in
// views, and the composition maps each to its screen.
type Route any

// Env is what drawing may depend on beside the screen's own state.
type Env struct {
	Width, Height int
	Now           time.Time
	Zone          *time.Location
	// Bare is a value that is shown in spite of the mask, because somebody asked
	// to see it for a moment; "" for none.
	Bare string
}

// Heading is what the shell shows and asks of a screen. It is computed anew for
// each frame.
type Heading struct {
	Title  text.Safe // crumb, short
	Window text.Safe // the time window with its zone; empty when there is none
	At     time.Time // when the platform said what is shown; zero for nothing yet
	Cached bool      // shown from disk
	// Loading since when; zero when nothing is on its way.
	Loading time.Time
	// Scopes are the key scopes of the screen, innermost first.
	Scopes []keymap.Scope
	// Status is the line above the footer.
	Status canvas.Line
	// Trouble takes that line's place when something failed: what happened and
	// which key helps. It is wrapped, so that nothing of it is lost at 80 columns.
	Trouble canvas.Span
}

// Screen is one place in the program. Update gets only messages addressed to
// it; Do gets actions, never keys; Draw is pure. None of them waits.
type Screen interface {
	Start(seat Seat) tea.Cmd
	Update(msg tea.Msg) tea.Cmd
	Do(a keymap.Action) tea.Cmd
	Offers() []keymap.Offer
	Heading() Heading
	Draw(env Env) canvas.Block
}

// The capabilities of a screen, found by assertion.
type (
	// Closer has something of its own to close before esc leaves it: a find, a
	// filter. Close reports whether there was anything.
	Closer interface{ Close() bool }
	// Copier offers things to copy.
	Copier interface{ Copies() []Copy }
	// Prompter takes typed text. Prompt says how the line starts; false when
	// the screen has no prompt of that kind. Typed hears of each key and says
	// what the text would do; it may show that already, because leaving the
	// prompt tells it the text it started with. Entered takes the text.
	Prompter interface {
		Prompt(kind PromptKind) (Prompt, bool)
		Typed(kind PromptKind, text string) Hint
		Entered(kind PromptKind, text string) tea.Cmd
	}
	// Searcher looks for what is typed beside the loop. Search is asked after each
	// Typed for the command that does it, nil when Typed has done it all; Found takes
	// the place of the hint that Typed gave, unless that was a bad one.
	Searcher interface {
		Search() tea.Cmd
		Found() Hint
	}
	// Fitter wants to know its size and zone before it is drawn, because what
	// it shows depends on them: Draw itself changes nothing.
	Fitter interface{ Fit(env Env) }
	// Returner wants to know when it is on top again or has another size: what it
	// shows may be known better by now, and rows came into sight.
	Returner interface{ Returned() tea.Cmd }
	// Stopper can stop what it is reading; reports whether it was reading.
	Stopper interface{ StopReading() bool }
	// Taker is a place of which one is enough: opened again while it is open, it
	// comes to the top and takes the new route in. Take reports whether it does.
	Taker interface{ Take(r Route) (tea.Cmd, bool) }
	// Revealer shows something that is hidden from whoever looks over a shoulder:
	// the values under the cursor of which less is shown than there is, in the
	// order in which they stand there.
	Revealer interface{ Hidden() []Hidden }
	// Located can be opened again as it is: Place is the line after ":" that does,
	// "" when none does.
	Located interface{ Place() string }
	// Topical is about something that commands act on when they are typed without a
	// name: About gives its names, those that are marked where there are any.
	Topical interface{ About() []string }
	// Worker has something under way whose progress the terminal itself may
	// show, in percent. on is false while there is nothing.
	Worker interface{ Progress() (percent int, on bool) }
)

// PromptKind tells the prompts of a screen apart.
type PromptKind string

// The prompts.
const (
	CommandPrompt PromptKind = ":"
	FindPrompt    PromptKind = "/"
	WindowPrompt  PromptKind = "window"
	// PricePrompt asks whether a long reading is worth its requests.
	PricePrompt PromptKind = "price"
	// NotePrompt takes a note on what is pinned; an empty one will do.
	NotePrompt PromptKind = "note"
	// ConfirmPrompt takes the exact text that a change wants.
	ConfirmPrompt PromptKind = "confirm"
)

// Prompt is how a prompt starts.
type Prompt struct {
	Label text.Safe
	Text  string // what is in force now; the prompt itself begins empty
	// Complete gives candidates for the text so far; nil for none.
	Complete func(text string) []Completion
}

// Hint is what a typed text would do, or why it cannot be. A bad text is not
// taken: the prompt stays open with it.
type Hint struct {
	Text text.Safe
	Bad  bool
	// Keep is a text that is not complete: enter does nothing with it.
	Keep bool
	// Try is the whole text that was probably meant by a bad one; tab takes it.
	Try string
}

// Completion is one candidate: the whole line it would make, and what it is.
type Completion struct {
	Line string
	What text.Safe
}

// Copy is one thing to copy: the action that names its key, what it is, and the
// value as it goes to the clipboard.
type Copy struct {
	Action keymap.Action
	Name   text.Safe
	Value  string
	// Ask is the question of which Value is the request: whoever runs the program
	// writes it, see [Options.Request]. It is opaque to the shell.
	Ask any
	// Read fetches a value that is not at hand, or takes a while to be made, in a
	// command; Sample is what the menu shows of it.
	Read   func(ctx context.Context) (string, error)
	Sample string
}

// Hidden is a value of which less is shown than there is.
type Hidden struct {
	What  text.Safe // what it is, "user id"
	Of    text.Safe // what it belongs to, "session 6b09..": nothing of the value
	Value string
}

// Open is a command that opens a screen on top.
func Open(r Route) tea.Cmd { return func() tea.Msg { return openMsg{route: r} } }

// Back is a command that leaves the screen.
func Back() tea.Msg { return backMsg{} }

// AskFor is a command that opens a prompt of the screen on top.
func AskFor(kind PromptKind) tea.Cmd { return func() tea.Msg { return askMsg{kind: kind} } }

// Notify is a command that shows a short note. A sticky one stays until a key
// is pressed.
func Notify(n Note) tea.Cmd { return func() tea.Msg { return n } }

// Note is a short message to the person.
type Note struct {
	Text   text.Safe
	Bad    bool
	Sticky bool
	Long   bool // wrapped over the end of the body where it would be cut
}

type (
	openMsg struct{ route Route }
	backMsg struct{}
	askMsg  struct{ kind PromptKind }
)
