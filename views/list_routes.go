package views

// The lists that need nothing but their name, and the search.
type (
	// APIsRoute lists every call of the platform and how it was answered last.
	APIsRoute struct{}
	// BotsRoute lists the bots of the account.
	BotsRoute struct{}
	// RolesRoute lists the users of the account with their roles.
	RolesRoute struct{}
	// JournalRoute lists what was changed on the platform from here.
	JournalRoute struct{}
	// CaseRoute lists the conversations that are pinned.
	CaseRoute struct{}
	// FindRoute searches the text that is kept on this machine. Without a text
	// it asks for one.
	FindRoute struct {
		Text string
	}
)
