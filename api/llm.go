package api

import (
	"encoding/json"
	"strings"
	"time"
)

// JoinedBy says how a model call was linked to a session.
type JoinedBy string

// The ways of joining. A join by user and time is probable, not certain, and is
// shown as such.
const (
	NotJoined  JoinedBy = ""
	ByID       JoinedBy = "id"
	ByUserTime JoinedBy = "user+time"
)

// Guardrail is one guardrail outcome that came with a call.
type Guardrail struct {
	Name    string
	Outcome string // "Detected", "Not Detected", "Not Applicable"
	Risk    Maybe[float64]
}

// TokensFrom says who counted the tokens of a call.
type TokensFrom string

// Who counts. The platform's counts win, also when they are zero; the provider's
// stand in the response.
const (
	TokensOfNobody   TokensFrom = ""
	TokensOfPlatform TokensFrom = "platform"
	TokensOfProvider TokensFrom = "provider"
)

// LLMCall is one call the platform made to a language model (reference 9).
type LLMCall struct {
	ID             CallID // made by IdentifyCall
	Session        SessionID
	Joined         JoinedBy
	Bot            BotID
	User           UserID
	Start, End     time.Time
	TimeTaken      Maybe[int64] // milliseconds
	Status         string       // "Success", "Failure", as sent
	StatusCode     Maybe[int]   // HTTP status of the model's provider
	Feature        string
	Prompt         string
	Integration    string
	Model          string
	Channel        string
	Task           string // dg-...
	Description    string // task name, hyphen, node name
	RequestTokens  Maybe[int]
	ResponseTokens Maybe[int]
	TokensFrom     TokensFrom
	Finish         string // finish reason of the provider, "" when none was found
	Guardrails     []Guardrail
	// Problem is why the call needs a look, in the words of the contract: cut,
	// refused, provider error, guardrail, empty answer, no answer, not JSON. Empty
	// for a call that went well.
	Problem string

	// Request and Response are the payloads as they came, any JSON, nil when
	// absent. Lists read from the cache leave them out; ask for the one call.
	Request, Response json.RawMessage
	Raw               json.RawMessage
	Unreadable        string
}

// Failed reports a call that did not succeed at the provider. A status in words
// that nobody knows is no failure: what the provider sent tells more.
func (c LLMCall) Failed() bool {
	if c.StatusCode.Known && c.StatusCode.Value >= 400 {
		return true
	}
	switch strings.ToLower(strings.TrimSpace(c.Status)) {
	case "failure", "failed", "fail", "error", "errored", "false", "timeout", "timed out":
		return true
	}
	return false
}

// LLMQuery asks for model calls that started in a window; the platform has no
// filter for a session, so a conversation asks for its own span and package
// trace joins. Fields left zero ask for no filter; the others are sent to the
// platform, and rows that do not fit are left out here as well.
type LLMQuery struct {
	Bot    BotID // whose calls; "" for the bot of the credential
	Window Window
	Limit  int // rows wanted, newest first; 0 for all
	// Developer asks for the calls that developers made as well: without it
	// the platform leaves them out (reference 27.12).
	Developer bool
	User      UserID // the platform's own id, or the identity at the channel
	Channel   string
	// Feature is a name as rows show it ("Agent Node"), or the platform's
	// internal one ("dynamicEntity"), which rows do not carry.
	Feature string
	Task    string // dg-..., or a part of the description, which is applied here only
}

// Filtered reports a question that asks for some calls of its window only.
func (q LLMQuery) Filtered() bool {
	return q.User != "" || q.Channel != "" || q.Feature != "" || q.Task != ""
}
