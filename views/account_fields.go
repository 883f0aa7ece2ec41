package views

import (
	"cmp"

	"korescope/api"
	"korescope/ui/text"
)

// BotFields is the record of `bots`. There is no field for a secret, because
// none is ever decoded.
func BotFields() []Field[api.Bot] {
	return []Field[api.Bot]{
		WholeIDField("botId", Layout{Title: text.Lit("BOT"), Min: 8, Ideal: 39, At80: 2, At140: 2}, func(b api.Bot) api.BotID { return b.ID }),
		WordField("name", Layout{Title: text.Lit("NAME"), Min: 8, Ideal: 20, At80: 1, At140: 1}, func(b api.Bot) string { return b.Name }),
		WordField("status", Layout{Title: text.Lit("STATUS"), Min: 8, Ideal: 10, At80: 3, At140: 3}, func(b api.Bot) string { return b.Status }),
		WordField("type", Layout{Title: text.Lit("TYPE"), Min: 8, Ideal: 8, At80: 4, At140: 4}, func(b api.Bot) string { return b.Type }),
		WordField("language", Layout{Title: text.Lit("LANG"), Min: 4, Ideal: 4, At80: 5, At140: 5}, func(b api.Bot) string { return b.Language }),
	}
}

// RoleFields is the record of `roles`.
func RoleFields() []Field[api.RoleAssignment] {
	type role = api.RoleAssignment
	return []Field[role]{
		UserField("userId", Layout{Title: text.Lit("USER"), Min: 10, Ideal: 20, At80: 2, At140: 2}, func(r role) api.UserID { return r.User }),
		PersonField("username", Layout{Title: text.Lit("NAME"), Min: 14, Ideal: 24, At80: 1, At140: 1}, func(r role) string { return r.Username }),
		TruthField("isDeveloper", Layout{Title: text.Lit("DEV"), Min: 3, Ideal: 3, At80: 3, At140: 3},
			func(r role) api.Maybe[bool] { return r.Developer }),
		TruthField("canCreateBot", Layout{Title: text.Lit("MAKES"), Min: 5, Ideal: 5, At80: 4, At140: 4},
			func(r role) api.Maybe[bool] { return r.CanCreate }),
		JSONField("botRoles", Layout{Title: text.Lit("BOT ROLES"), Min: 12, Ideal: 40, Grow: 1, At80: 5, At140: 5},
			func(r role) any { return rolesRecord(r.BotRoles) },
			func(r role, e Env) Cell { return plain(rolesText(r.BotRoles, e)) }),
		ListField("adminRoles", Layout{Title: text.Lit("ADMIN"), Min: 8, Ideal: 16, At140: 6}, func(r role) []string { return r.Admin }).
			As(func(r role, _ Env) Cell {
				if len(r.Admin) == 0 {
					return absent()
				}
				return plain(text.Format("%d", len(r.Admin)))
			}).By(nil),
	}
}

func rolesText(roles []api.BotRole, e Env) text.Safe {
	words := make([]text.Safe, len(roles))
	for i, r := range roles {
		words[i] = text.Format("%s: %s", e.Text(cmp.Or(r.Name, string(r.Bot))), e.Text(r.Role))
	}
	return text.Join(", ", words...)
}

func rolesRecord(roles []api.BotRole) any {
	type role struct {
		Role string `json:"role"`
		Bot  string `json:"botId"`
		Name string `json:"botName"`
	}
	if roles == nil {
		return nil
	}
	out := make([]role, len(roles))
	for i, r := range roles {
		out[i] = role{Role: r.Role, Bot: string(r.Bot), Name: r.Name}
	}
	return out
}
