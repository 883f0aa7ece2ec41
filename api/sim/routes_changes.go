package sim

import (
	"net/http"

	"korescope/api"
)

// changeRoutes are the calls of reference 18, 19 and 22. More exact paths stand
// before those with names in them.
func changeRoutes() []route {
	get, post, del := []string{http.MethodGet}, []string{http.MethodPost}, []string{http.MethodDelete}
	load, erase := []string{"Bot Definition > Bot Import"}, []string{"Profile Management > Delete Users Data"}
	publish, told := []string{"Bot Publish > Publish"}, []string{"Bot Publish > Publish Status"}
	export, exportAdmin := []string{"Bot Export"}, []string{"Bot Definition > Bot Export"}
	talks := []string{"Delete Conversations"}
	const bot = "/api/public/bot/{bot}"
	return []route{
		{api.ImportBotStatus, get, "/api/public/bot/import/status/{id}", nil, load, api.PerRequest, scopeAdmin, importBotStatus},
		{api.EraseStatus, get, "/api/public/bot/eraseUsersData/status/{id}", nil, erase, api.PerAccount, scopeAdmin, eraseStatus},
		{api.EraseUsers, del, "/api/public/bot/eraseUsersData", nil, erase, api.PerAccount, scopeAdmin, eraseUsers},
		{api.Publish, post, bot + "/publish", nil, publish, api.PerBot, scopeAdmin, startPublish},
		{api.PublishStatus, get, bot + "/publish/status", nil, told, api.PerRequest, scopeAdmin, publishStatus},
		{api.PublishStatus, get, "/api/1.1/public/bot/{bot}/publish/status/", nil, told, api.PerRequest, scopeAdmin, publishStatus},
		{api.ImportBot, post, bot + "/import", nil, load, api.PerBot, scopeAdmin, importBot},
		{api.ImportFunctions, post, bot + "/import/botfunctions", nil, load, api.PerBot, scopeAdmin, importFunctions},
		{api.ExportBot, post, bot + "/export", export, exportAdmin, api.PerBot, "", startExport},
		{api.ExportStatus, get, bot + "/export/status", export, exportAdmin, api.PerRequest, "", exportStatus},
		{api.DeleteConversations, post, bot + "/conversations/delete", talks, nil, api.PerBot, "", deleteConversations},
		{api.DeleteConversationsStatus, get, bot + "/conversations/delete/{id}", talks, nil, api.PerBot, "", deletionStatus},
		{exportedFile, get, signedPath + "{file}", nil, nil, api.PerBot, scopeSigned, nil},
	}
}

// exportedFile names the fetching of an exported file, which has no name in the
// endpoint table: its address comes from the platform.
const (
	exportedFile = "exported file"
	signedPath   = "/api/getMediaStream/orgFiles/"
)
