package api

import "time"

// Effect is what a call does to the platform. It decides about retries: reads
// may be repeated, jobs and writes are sent once.
type Effect string

// The effects, spelled as in the records of `apis`.
const (
	Read  Effect = "read"
	Job   Effect = "job"
	Write Effect = "write"
)

// LimitClass names the counter a call is charged to on the platform.
type LimitClass string

// The limit classes of reference 5.
const (
	PerBot     LimitClass = "bot"
	PerRequest LimitClass = "request_id"
	PerAccount LimitClass = "account"
)

// Endpoint describes one call of the platform. The table is data: the client
// builds requests from it, `apis` prints it, scope hints come from it.
type Endpoint struct {
	Name       string // getSessions
	Method     string
	Path       string // with {bot}; bot-scope credential
	AdminPath  string // for an Admin Console credential; "" when the same path serves
	Scope      string // scope to ask for, in App Builder's words
	AdminScope string // the same in the Admin Console's words; "" when not applicable
	Limit      LimitClass
	Effect     Effect
	Screen     string // where it is used
	Page       string // section of the wire reference
	Timeout    time.Duration
	Bulk       bool // large answers: the larger body limit applies
}

// Endpoint names.
const (
	GetSessions   = "getSessions"
	GetMessages   = "getMessages"
	GetMessagesV2 = "getMessagesV2"
	MessagesLite  = "messages-lite"
	GetLLMLogs    = "getLLMUsageLogs"
)

// Endpoints is the table of every call korescope knows, in the order of the
// reference. It returns a fresh slice: nobody can change it for others.
func Endpoints() []Endpoint {
	const chat, chatAdmin = "Chat History", "Bot Analytics > Chat History"
	return []Endpoint{
		{
			Name: GetSessions, Method: "POST", Effect: Read, Limit: PerBot, Bulk: true,
			Path: "/api/public/bot/{bot}/getSessions", AdminPath: "/api/public/getSessions",
			Scope: "Bot Sessions", AdminScope: "Bot Analytics > Bot Sessions",
			Screen: "sessions", Page: "7", Timeout: 30 * time.Second,
		},
		{
			Name: GetMessages, Method: "POST", Effect: Read, Limit: PerBot, Bulk: true,
			Path: "/api/public/bot/{bot}/getMessages", AdminPath: "/api/public/getMessages",
			Scope: chat, AdminScope: chatAdmin,
			Screen: "conversation", Page: "8.1", Timeout: 60 * time.Second,
		},
		{
			Name: GetMessagesV2, Method: "POST", Effect: Read, Limit: PerBot, Bulk: true,
			Path:  "/api/public/bot/{bot}/getMessagesV2",
			Scope: chat, AdminScope: chatAdmin,
			Screen: "conversation", Page: "8.2", Timeout: 60 * time.Second,
		},
		{
			Name: MessagesLite, Method: "POST", Effect: Read, Limit: PerBot, Bulk: true,
			Path:  "/api/public/bot/{bot}/messages-lite",
			Scope: chat, AdminScope: chatAdmin,
			Screen: "conversation", Page: "8.8", Timeout: 60 * time.Second,
		},
		{
			Name: GetLLMLogs, Method: "POST", Effect: Read, Limit: PerBot, Bulk: true,
			Path:  "/api/1.1/public/bot/{bot}/getLLMUsageLogs",
			Scope: "Fetch Gen AI and LLM Usage Logs", AdminScope: "API Scopes > Gen AI and LLM Usage Logs",
			Screen: "llm", Page: "9", Timeout: 60 * time.Second,
		},
	}
}

// EndpointNamed finds a row of the table.
func EndpointNamed(name string) (Endpoint, bool) {
	for _, e := range Endpoints() {
		if e.Name == name {
			return e, true
		}
	}
	return Endpoint{}, false
}
