package api

// Tail is what is known on disk of the end of a conversation, so that a list
// can say how it ended, and why, without asking.
type Tail struct {
	Read bool   // its messages are on disk
	User string // last thing the user said; "" when nothing
	Bot  string // last thing the bot or the desk said
	// Why is the chain of what went wrong in words, "" while nothing tells; Fault
	// says that it names a fault. Both may be known before the messages are.
	Why   string
	Fault bool
}
