package views

import (
	"time"

	"korescope/api"
)

// The places one can go to. The shell carries them without looking inside; the
// composition maps each to its screen.
type (
	// SessionsRoute is a list of sessions.
	SessionsRoute struct {
		Query  api.SessionQuery
		Filter string // in the filter language
		Title  string // crumb; "sessions" when empty
	}
	// ConversationRoute is one conversation and its place in the list it was
	// opened from.
	ConversationRoute struct {
		Session  api.Session
		Siblings []api.Session // the list as shown, for next and previous
		Call     api.CallID    // start at this call, if any
		Message  api.MessageID // start at this message, if any
		At       time.Time     // start at what happened then or last before, if not zero
	}
	// CallsRoute is a list of model calls, of one session or of a window.
	CallsRoute struct {
		Session api.Session // zero for all of the window
		Window  api.Window
		Filter  string
	}
	// CallRoute is one model call and the list it was opened from, in the order
	// shown there.
	CallRoute struct {
		Call     api.LLMCall
		Siblings []api.LLMCall
	}
)

// The places of reports, tests and logs.
type (
	// TestsRoute is the list of test runs. With Start it begins those runs, with
	// Follow it follows one that was started before, here or elsewhere.
	TestsRoute struct {
		Start  *TestStarts  // nil: none
		Follow *api.TestRun // suite and id
	}
	// BillingRoute is the usage summary.
	BillingRoute struct {
		Query api.BillingQuery
	}
	// BilledRoute lists the billed sessions of a span.
	BilledRoute struct {
		Window api.Window
	}
	// ContainmentRoute is the report by task.
	ContainmentRoute struct {
		Query api.ContainmentQuery
	}
	// PulseRoute is now against usual.
	PulseRoute struct {
		Window api.Window
	}
	// SameRoute lists the conversations that failed as one of them, or one call,
	// did.
	SameRoute struct {
		Session api.SessionID
		Call    api.CallID // "" for all that went wrong in the conversation
		Window  api.Window
	}
	// FailuresRoute is what the platform's own metrics say of what failed.
	FailuresRoute struct {
		Window api.Window
		Tab    string // tasks, nodes, intents, utterances; "" for the first
	}
	// ChangesRoute is the change log of the bot.
	ChangesRoute struct {
		Window api.Window
	}
	// LogsRoute is the debug log of an identity.
	LogsRoute struct {
		Query  api.LogQuery // Identity may be empty when Session is given
		Filter string       // in the filter language
		// Session is the one whose lines are wanted: the names under which the
		// engine may have them are taken from its messages. Zero for none.
		Session api.Session
		// Line is the line to start at, if any.
		Line LineRef
	}
	// LineRef names a debug line by what a person sees of it.
	LineRef struct {
		At    time.Time
		Title string
	}
)

// DoctorRoute looks at connection, rights, clock, limits, terminal and cache.
type DoctorRoute struct {
	All bool // also what costs more than a small request
}
