package api

import "time"

// Bot is one bot of the account (reference 21). The answer it comes from holds
// the client secret of every app: those are never decoded, so there is no raw
// row.
type Bot struct {
	ID       BotID
	Name     string
	Status   string
	Type     string
	Language string
	Created  time.Time
}

// RoleAssignment is one user with their roles (reference 20).
type RoleAssignment struct {
	User      UserID
	Username  string
	Developer Maybe[bool]
	CanCreate Maybe[bool]
	BotRoles  []BotRole
	Admin     []string // names of admin roles
}

// BotRole is a role in one bot.
type BotRole struct {
	Role string
	Bot  BotID
	Name string // of the bot
}
