package api

// Tail is what is known on disk of the end of a conversation, so that a list
// can say how it ended without asking.
type Tail struct {
	Read bool   // its messages are on disk
	User string // last thing the user said; "" when nothing
	Bot  string // last thing the bot or the desk said
}
