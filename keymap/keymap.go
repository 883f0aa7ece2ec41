// Package keymap turns keys into named actions before any screen sees them.
// Bindings are one table: footer, help, the command palette, the conflict check
// and the key table of the README all read it. It knows no screen and no
// terminal library: keys are the names Bubble Tea v2 gives them ("ctrl+n",
// "enter", "space", "G", "shift+left").
//
// Nothing here changes after [New]: a [Map] may be shared by goroutines.
package keymap

// Action is a verb, imperative and stable: config overrides name it.
type Action string

// Scope is where a binding is live. Scopes are asked innermost first.
type Scope string

// The scopes.
const (
	Shell        Scope = "shell"        // everywhere
	Sessions     Scope = "sessions"     // list of sessions
	Conversation Scope = "conversation" // one conversation
	Calls        Scope = "calls"        // list of model calls
	Call         Scope = "call"         // one model call
	Tree         Scope = "tree"         // a JSON tree inside a screen
	Tests        Scope = "tests"        // test runs
	Billing      Scope = "billing"      // usage summary
	Containment  Scope = "containment"  // containment by task
	Logs         Scope = "logs"         // debug logs
	Records      Scope = "records"      // any other list: calls of the platform, bots, roles
	Find         Scope = "find"         // what a search found
	Copy         Scope = "copy"         // the second key after y; live wherever Shell is
)

// Binding is one row of the table.
type Binding struct {
	Scope   Scope
	Action  Action
	Keys    []string // each a sequence of keys separated by blanks, "y p"; none: reached by its command alone
	Command string   // word after ":", the same for all rows of one action
	Short   string   // footer: one or two words
	Long    string   // help: one line
	Shadows []Action // actions of outer scopes that this row takes a key from on purpose
}

// Offer is an action a screen can do now, or cannot and why.
type Offer struct {
	Action Action
	Off    string // reason why it is not possible now; "" when it is
	Word   string // the footer's word here, where it is not that of the table
}

// Issue is one thing wrong with the table or with an override.
type Issue struct {
	Action Action // the override to blame, or the inner of two rows in conflict
	Key    string // the sequence, "" when the whole override is meant
	What   string // what is wrong, one sentence without a full stop
	Hint   string // what to write instead; may be ""
}

// String is the issue in one line.
func (i Issue) String() string {
	name := string(i.Action)
	if q := quote(name); q != `"`+name+`"` {
		name = q // an override may have any name
	}
	s := name + ": " + i.What
	if i.Hint != "" {
		s += " (" + i.Hint + ")"
	}
	return s
}

// Chains lists the scopes that can be live at the same time, innermost first.
// Two actions may share a key only when no chain holds both.
func Chains() [][]Scope {
	return [][]Scope{
		{Sessions, Copy, Shell},
		{Tree, Conversation, Copy, Shell},
		{Calls, Copy, Shell},
		{Tests, Copy, Shell},
		{Billing, Copy, Shell},
		{Containment, Copy, Shell},
		{Tree, Logs, Copy, Shell},
		{Tree, Call, Copy, Shell},
		{Records, Copy, Shell},
		{Find, Copy, Shell},
	}
}

// live adds Copy in front of Shell: the copy menu works wherever Shell does.
func live(scopes []Scope) []Scope {
	out := make([]Scope, 0, len(scopes)+1)
	seen := false
	for _, s := range scopes {
		seen = seen || s == Copy
		if s == Shell && !seen {
			out = append(out, Copy)
		}
		out = append(out, s)
	}
	return out
}
