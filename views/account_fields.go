package views

import (
	"cmp"
	"encoding/json"

	"korescope/api"
	"korescope/ui/text"
)

// BotFields is the record of `bots`. There is no field for a secret, because
// none is ever decoded.
func BotFields() []Field[api.Bot] {
	str := func(name string, title text.Safe, ideal, at int, of func(api.Bot) string) Field[api.Bot] {
		return Field[api.Bot]{
			Name: name, Title: title, Min: min(8, ideal), Ideal: ideal, At80: at, At140: at,
			Show:    func(b api.Bot, _ Env) Cell { return showWord(of(b)) },
			Value:   func(b api.Bot) any { return word(of(b)) },
			Compare: func(a, b api.Bot) int { return cmp.Compare(of(a), of(b)) },
		}
	}
	return []Field[api.Bot]{
		str("botId", text.Lit("BOT"), 39, 2, func(b api.Bot) string { return string(b.ID) }),
		str("name", text.Lit("NAME"), 20, 1, func(b api.Bot) string { return b.Name }),
		str("status", text.Lit("STATUS"), 10, 3, func(b api.Bot) string { return b.Status }),
		str("type", text.Lit("TYPE"), 8, 4, func(b api.Bot) string { return b.Type }),
		str("language", text.Lit("LANG"), 4, 5, func(b api.Bot) string { return b.Language }),
	}
}

// RoleFields is the record of `roles`.
func RoleFields() []Field[api.RoleAssignment] {
	return []Field[api.RoleAssignment]{
		{
			Name: "userId", Title: text.Lit("USER"), Min: 10, Ideal: 20, At80: 2, At140: 2,
			Show:    func(r api.RoleAssignment, e Env) Cell { return showUser(r.User, e) },
			Value:   func(r api.RoleAssignment) any { return word(r.User) },
			Compare: func(a, b api.RoleAssignment) int { return cmp.Compare(a.User, b.User) },
		},
		{
			Name: "username", Title: text.Lit("NAME"), Min: 14, Ideal: 24, At80: 1, At140: 1,
			Show:    func(r api.RoleAssignment, _ Env) Cell { return showWord(r.Username) },
			Value:   func(r api.RoleAssignment) any { return word(r.Username) },
			Compare: func(a, b api.RoleAssignment) int { return cmp.Compare(a.Username, b.Username) },
		},
		{
			Name: "isDeveloper", Title: text.Lit("DEV"), Min: 3, Ideal: 3, At80: 3, At140: 3,
			Show:    func(r api.RoleAssignment, _ Env) Cell { return showTruth(r.Developer) },
			Value:   func(r api.RoleAssignment) any { return truth(r.Developer) },
			Compare: func(a, b api.RoleAssignment) int { return compareTrue(a.Developer, b.Developer) },
		},
		{
			Name: "canCreateBot", Title: text.Lit("MAKES"), Min: 5, Ideal: 5, At80: 4, At140: 4,
			Show:    func(r api.RoleAssignment, _ Env) Cell { return showTruth(r.CanCreate) },
			Value:   func(r api.RoleAssignment) any { return truth(r.CanCreate) },
			Compare: func(a, b api.RoleAssignment) int { return compareTrue(a.CanCreate, b.CanCreate) },
		},
		{
			Name: "botRoles", Title: text.Lit("BOT ROLES"), Min: 12, Ideal: 40, Grow: 1, At80: 5, At140: 5,
			Show:  func(r api.RoleAssignment, _ Env) Cell { return plain(rolesText(r.BotRoles)) },
			Value: func(r api.RoleAssignment) any { return rolesRecord(r.BotRoles) },
		},
		{
			Name: "adminRoles", Title: text.Lit("ADMIN"), Min: 8, Ideal: 16, At140: 6,
			Show: func(r api.RoleAssignment, _ Env) Cell {
				if len(r.Admin) == 0 {
					return absent()
				}
				return plain(text.Format("%d", len(r.Admin)))
			},
			Value: func(r api.RoleAssignment) any { return list(r.Admin) },
		},
	}
}

func rolesText(roles []api.BotRole) text.Safe {
	words := make([]text.Safe, len(roles))
	for i, r := range roles {
		words[i] = text.Format("%s: %s", cmp.Or(r.Name, string(r.Bot)), r.Role)
	}
	return text.Join(", ", words...)
}

func rolesRecord(roles []api.BotRole) any {
	if roles == nil {
		return nil
	}
	type role struct {
		Role string `json:"role"`
		Bot  string `json:"botId"`
		Name string `json:"botName"`
	}
	out := make([]role, len(roles))
	for i, r := range roles {
		out[i] = role{Role: r.Role, Bot: string(r.Bot), Name: r.Name}
	}
	b, err := json.Marshal(out)
	if err != nil {
		return nil
	}
	return json.RawMessage(b)
}
