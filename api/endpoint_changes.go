package api

// Names of the calls that change a bot or remove what customers said, and of
// the calls that tell how those ended.
const (
	UploadFile                = "uploadfile"
	Publish                   = "publish"
	PublishStatus             = "publish/status"
	ImportBot                 = "import"
	ImportBotStatus           = "import/status"
	ImportFunctions           = "import/botfunctions"
	ExportBot                 = "export"
	ExportStatus              = "export/status"
	EraseUsers                = "eraseUsersData"
	EraseStatus               = "eraseUsersData/status"
	DeleteConversations       = "conversations/delete"
	DeleteConversationsStatus = "conversations/delete/status"
)

// changeEndpoints are the calls of reference 22. An upload is a write: what is
// sent stays with the platform. An export only makes a file.
func changeEndpoints() []Endpoint {
	const publish, publishStatus = "Bot Publish > Publish", "Bot Publish > Publish Status"
	const definition = "Bot Definition > Bot Import"
	const export, exportAdmin = "Bot Export", "Bot Definition > Bot Export"
	return []Endpoint{
		{
			Name: UploadFile, Method: "POST", Effect: Write, Limit: PerBot,
			Path: "/api/public/uploadfile", AdminScope: definition, Screen: "import", Page: "22.1", Timeout: upload,
		},
		{
			Name: Publish, Method: "POST", Effect: Write, Limit: PerBot, Bulk: true,
			Path: "/api/public/bot/{bot}/publish", AdminScope: publish, Screen: "publish", Page: "22.2", Timeout: slow,
		},
		{
			Name: PublishStatus, Method: "GET", Effect: Read, Limit: PerRequest, Bulk: true,
			Path: "/api/public/bot/{bot}/publish/status", AdminPath: "/api/public/bot/{bot}/publish/status",
			OlderPath:  "/api/1.1/public/bot/{bot}/publish/status/",
			AdminScope: publishStatus, Screen: "publish", Page: "22.2", Timeout: quick,
		},
		{
			Name: ImportBot, Method: "POST", Effect: Write, Limit: PerBot,
			Path: "/api/public/bot/{bot}/import", AdminScope: definition, Screen: "import", Page: "22.3", Timeout: slow,
		},
		{
			Name: ImportBotStatus, Method: "GET", Effect: Read, Limit: PerRequest, Bulk: true,
			Path: "/api/public/bot/import/status/{id}", AdminScope: definition, Screen: "import", Page: "22.3", Timeout: quick,
		},
		{
			Name: ImportFunctions, Method: "POST", Effect: Write, Limit: PerBot,
			Path: "/api/public/bot/{bot}/import/botfunctions", AdminScope: definition,
			Screen: "import-functions", Page: "22.4", Timeout: slow,
		},
		{
			Name: ExportBot, Method: "POST", Effect: Job, Limit: PerBot,
			Path: "/api/public/bot/{bot}/export", Scope: export, AdminScope: exportAdmin, Screen: "import", Page: "22.5", Timeout: quick,
		},
		{
			Name: ExportStatus, Method: "GET", Effect: Read, Limit: PerRequest,
			Path: "/api/public/bot/{bot}/export/status", Scope: export, AdminScope: exportAdmin, Screen: "import", Page: "22.5", Timeout: quick,
		},
	}
}

// removalEndpoints are the calls of reference 18 and 19. They cannot be undone.
func removalEndpoints() []Endpoint {
	const erase, conversations = "Profile Management > Delete Users Data", "Delete Conversations"
	return []Endpoint{
		{
			Name: EraseUsers, Method: "DELETE", Effect: Write, Limit: PerAccount,
			Path: "/api/public/bot/eraseUsersData", AdminScope: erase, Screen: "erase", Page: "18", Timeout: slow,
		},
		{
			Name: EraseStatus, Method: "GET", Effect: Read, Limit: PerAccount, Bulk: true,
			Path: "/api/public/bot/eraseUsersData/status/{id}", AdminScope: erase, Screen: "erase", Page: "18", Timeout: quick,
		},
		{
			Name: DeleteConversations, Method: "POST", Effect: Write, Limit: PerBot,
			Path: "/api/public/bot/{bot}/conversations/delete", Scope: conversations, Screen: "erase", Page: "19", Timeout: slow,
		},
		{
			Name: DeleteConversationsStatus, Method: "GET", Effect: Read, Limit: PerBot,
			Path: "/api/public/bot/{bot}/conversations/delete/{id}", Scope: conversations, Screen: "erase", Page: "19", Timeout: quick,
		},
	}
}
