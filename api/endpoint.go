package api

import (
	"slices"
	"time"
)

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
	OlderPath  string // tried when AdminPath answers 405; "" for none
	BotFirst   bool   // an admin credential with a bot asks Path first, and AdminPath after a 401 or 405
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

	RunSuite          = "testsuite/run"
	SuiteStatus       = "testsuite/status"
	ImportSuite       = "testsuite/import"
	ImportSuiteStatus = "testsuite/import/status"
	DeleteSuite       = "testsuite/delete"
	StartBilling      = "billingsessionsummary"
	BillingStatus     = "billingsessionsummary/status"
	BilledSessions    = "getBillingSessionsDetails"
	StartContainment  = "taskContainmentReport"
	ContainmentStatus = "taskContainmentReport/status"
	DebugLogs         = "debuglogs"
	GetAnalytics      = "getAnalytics"
	ChangeLogs        = "changelogs"
	ListBots          = "bots"
	ListRoles         = "alluserroles"
)

// Endpoints is the table of every call korescope knows, in the order of the
// reference. It returns a fresh slice: nobody can change it for others.
func Endpoints() []Endpoint {
	return slices.Concat(historyEndpoints(), reportEndpoints(), testEndpoints(), accountEndpoints(), changeEndpoints(), removalEndpoints())
}

const slow, quick, upload = 60 * time.Second, 30 * time.Second, 10 * time.Minute

func historyEndpoints() []Endpoint {
	const chat, chatAdmin = "Chat History", "Bot Analytics > Chat History"
	return []Endpoint{
		{
			Name: GetSessions, Method: "POST", Effect: Read, Limit: PerBot, Bulk: true,
			Path: "/api/public/bot/{bot}/getSessions", AdminPath: "/api/public/getSessions", BotFirst: true,
			Scope: "Bot Sessions", AdminScope: "Bot Analytics > Bot Sessions",
			Screen: "sessions", Page: "7", Timeout: quick,
		},
		{
			Name: GetMessages, Method: "POST", Effect: Read, Limit: PerBot, Bulk: true,
			Path: "/api/public/bot/{bot}/getMessages", AdminPath: "/api/public/getMessages", BotFirst: true,
			Scope: chat, AdminScope: chatAdmin,
			Screen: "conversation", Page: "8.1", Timeout: slow,
		},
		{
			Name: GetMessagesV2, Method: "POST", Effect: Read, Limit: PerBot, Bulk: true,
			Path:  "/api/public/bot/{bot}/getMessagesV2",
			Scope: chat, AdminScope: chatAdmin,
			Screen: "conversation", Page: "8.2", Timeout: slow,
		},
		{
			Name: MessagesLite, Method: "POST", Effect: Read, Limit: PerBot, Bulk: true,
			Path:  "/api/public/bot/{bot}/messages-lite",
			Scope: chat, AdminScope: chatAdmin,
			Screen: "conversation", Page: "8.8", Timeout: slow,
		},
		{
			Name: GetLLMLogs, Method: "POST", Effect: Read, Limit: PerBot, Bulk: true,
			Path:  "/api/1.1/public/bot/{bot}/getLLMUsageLogs",
			Scope: "Fetch Gen AI and LLM Usage Logs", AdminScope: "API Scopes > Gen AI and LLM Usage Logs",
			Screen: "llm", Page: "9", Timeout: slow,
		},
		{
			Name: DebugLogs, Method: "GET", Effect: Read, Limit: PerBot, Bulk: true,
			Path:  "/api/1.1/{bot}/debuglogs",
			Scope: "Debug Logs", Screen: "logs", Page: "16", Timeout: slow,
		},
		{
			Name: GetAnalytics, Method: "POST", Effect: Read, Limit: PerBot, Bulk: true,
			Path:  "/api/public/bot/{bot}/getAnalytics",
			Scope: "Metrics", Screen: "failures", Page: "31.2", Timeout: slow,
		},
		{
			Name: ChangeLogs, Method: "GET", Effect: Read, Limit: PerBot,
			Path:  "/api/public/bot/{bot}/changelogs",
			Scope: "Logs History", AdminScope: "Logs > Bot Audit Logs", Screen: "changes", Page: "31.3", Timeout: quick,
		},
	}
}

func reportEndpoints() []Endpoint {
	const metrics = "Metrics"
	const billing, billingAdmin = "Billing Sessions", "Billing > Usage > Billing Sessions"
	return []Endpoint{
		{
			Name: StartContainment, Method: "POST", Effect: Job, Limit: PerBot,
			Path:  "/api/public/bot/{bot}/taskContainmentReport",
			Scope: metrics, Screen: "containment", Page: "10", Timeout: quick,
		},
		{
			Name: ContainmentStatus, Method: "GET", Effect: Read, Limit: PerBot, Bulk: true,
			Path:  "/api/public/bot/{bot}/taskContainmentReport/status/{id}",
			Scope: metrics, Screen: "containment", Page: "10", Timeout: quick,
		},
		{
			Name: StartBilling, Method: "POST", Effect: Job, Limit: PerBot,
			Path: "/api/public/bot/{bot}/billingsessionsummary", AdminPath: "/api/public/bots/billingsessionsummary",
			OlderPath: "/api/public/billingsessionsummary",
			Scope:     billing, AdminScope: billingAdmin, Screen: "billing", Page: "11", Timeout: quick,
		},
		{
			Name: BillingStatus, Method: "GET", Effect: Read, Limit: PerBot, Bulk: true,
			Path:      "/api/public/bot/{bot}/billingsessionsummary/status",
			AdminPath: "/api/public/bots/billingsessionsummary/status",
			OlderPath: "/api/public/billingsessionsummary/status",
			Scope:     billing, AdminScope: billingAdmin, Screen: "billing", Page: "11", Timeout: quick,
		},
		{
			Name: BilledSessions, Method: "POST", Effect: Read, Limit: PerBot, Bulk: true,
			Path: "/api/public/bot/{bot}/getBillingSessionsDetails", AdminPath: "/api/public/bots/getBillingSessionsDetails",
			OlderPath: "/api/public/getBillingSessionsDetails",
			Scope:     billing, AdminScope: billingAdmin, Screen: "billing", Page: "12", Timeout: quick,
		},
	}
}

func testEndpoints() []Endpoint {
	const manage, execute = "Conversation Tests Management", "Conversation Tests Execution"
	return []Endpoint{
		{
			Name: ImportSuite, Method: "POST", Effect: Write, Limit: PerBot,
			Path:  "/api/public/stream/{bot}/conversation/testsuite/import",
			Scope: manage, AdminScope: manage, Screen: "tests", Page: "13.1", Timeout: quick,
		},
		{
			Name: ImportSuiteStatus, Method: "GET", Effect: Read, Limit: PerRequest, Bulk: true,
			Path:  "/api/public/stream/{bot}/conversation/testsuite/import/{id}/status",
			Scope: manage, AdminScope: manage, Screen: "tests", Page: "13.2", Timeout: quick,
		},
		{
			Name: RunSuite, Method: "POST", Effect: Write, Limit: PerBot,
			Path:  "/api/public/stream/{bot}/conversation/testsuite/{suite}/run",
			Scope: execute, AdminScope: execute, Screen: "tests", Page: "14.1", Timeout: quick,
		},
		{
			Name: SuiteStatus, Method: "GET", Effect: Read, Limit: PerRequest, Bulk: true,
			Path:  "/api/public/stream/{bot}/conversation/testsuite/{suite}/{id}/status",
			Scope: execute, AdminScope: execute, Screen: "tests", Page: "14.2", Timeout: quick,
		},
		{
			Name: DeleteSuite, Method: "DELETE", Effect: Write, Limit: PerBot,
			Path:  "/api/public/stream/{bot}/conversation/testsuite",
			Scope: manage, AdminScope: manage, Screen: "tests", Page: "15", Timeout: quick,
		},
	}
}

func accountEndpoints() []Endpoint {
	const roles = "Profile Management > Role Management"
	return []Endpoint{
		{
			Name: ListRoles, Method: "GET", Effect: Read, Limit: PerAccount,
			Path: "/api/public/alluserroles", AdminScope: roles, Screen: "roles", Page: "20", Timeout: quick,
		},
		{
			Name: ListBots, Method: "GET", Effect: Read, Limit: PerAccount, Bulk: true,
			Path: "/api/public/bots", AdminScope: roles, Screen: "bots", Page: "21", Timeout: quick,
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
