package views

import (
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
	}
	// CallsRoute is a list of model calls, of one session or of a window.
	CallsRoute struct {
		Session api.Session // zero for all of the window
		Window  api.Window
		Filter  string
	}
	// CallRoute is one model call and the list it was opened from, newest first.
	CallRoute struct {
		Call     api.LLMCall
		Siblings []api.LLMCall
	}
)
