package sim

import (
	"slices"

	"korescope/api"
)

// Credential is one JWT app of the account. Its secret is invented and says so.
type Credential struct {
	Name     string
	Scope    string    // "bot": one bot; "admin": every bot of the account
	BotID    api.BotID // "" for admin
	ClientID string
	Secret   string
	Scopes   []string // in the words of its console
}

// The account and its two bots.
const (
	retailBot   api.BotID = "st-2c6f1e84-9b07-5d3a-8e51-70c4a9d2f613"
	bankBot     api.BotID = "st-b90d47a2-1c5e-5f68-93fb-e2067d8c41a5"
	accountID             = "64c0ffee0123456789abcdef"
	orgID                 = "o-8a41c0de-5512-5b0e-9c7f-6d30e2f1a9b4"
	scopeBot              = "bot"
	scopeAdmin            = "admin"
	scopeSigned           = "signed" // no app: the address itself is signed
)

func credentials() []Credential {
	all := botScopes()
	return []Credential{
		{"retail", scopeBot, retailBot, "cs-7d0e5b3a-64f1-5c29-b8e0-1f93a2c6d754", "demo-secret-not-real-retail", all},
		{
			"retail-no-llm", scopeBot, retailBot, "cs-1a94c8f7-02d6-5e5b-9a33-c6d81b0e7f42", "demo-secret-not-real-no-llm",
			slices.DeleteFunc(slices.Clone(all), func(s string) bool { return s == "Fetch Gen AI and LLM Usage Logs" }),
		},
		{"admin", scopeAdmin, "", "cs-e35b7f10-8a2c-5d94-86c1-4b0f9d7e2a68", "demo-secret-not-real-admin", adminScopes()},
		{"banking", scopeBot, bankBot, "cs-58c2d0b9-f71e-5a46-b4d7-903e6ac1f82b", "demo-secret-not-real-banking", all},
	}
}

func botScopes() []string {
	return []string{
		"Bot Sessions", "Chat History", "Conversation Summary", "Fetch Gen AI and LLM Usage Logs", "Billing Sessions", "Metrics",
		"Conversation Tests Management", "Conversation Tests Execution", "Batch Tests Execution", "Batch Tests Management",
		"Debug Logs", "Delete Conversations", "Bot Export", "Logs History",
	}
}

func adminScopes() []string {
	return []string{
		"Bot Analytics > Bot Sessions", "Bot Analytics > Chat History", "API Scopes > Gen AI and LLM Usage Logs",
		"Billing > Usage > Billing Sessions", "Conversation Tests Management", "Conversation Tests Execution", "Batch Tests Management",
		"Profile Management > Delete Users Data", "Profile Management > Role Management", "Bot Publish > Publish",
		"Bot Publish > Publish Status", "Bot Definition > Bot Import", "Bot Definition > Bot Export",
		"Logs > Bot Audit Logs",
	}
}
