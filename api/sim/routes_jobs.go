package sim

import (
	"net/http"

	"korescope/api"
)

// translationLogs has no name in the endpoint table: korescope does not ask for them.
const translationLogs = "translationlogs"

// jobRoutes are the calls of reference 10 to 17, 20, 21 and 22.1. More exact
// paths stand before those with names in them.
func jobRoutes() []route {
	get, post, del := []string{http.MethodGet}, []string{http.MethodPost}, []string{http.MethodDelete}
	manage, execute := []string{"Conversation Tests Management"}, []string{"Conversation Tests Execution"}
	bill, billAdmin := []string{"Billing Sessions"}, []string{"Billing > Usage > Billing Sessions"}
	metrics, debug := []string{"Metrics"}, []string{"Debug Logs"}
	roles, load := []string{"Profile Management > Role Management"}, []string{"Bot Definition > Bot Import"}
	const (
		suites = "/api/public/stream/{stream}/conversation/testsuite"
		report = "/api/public/bot/{bot}/taskContainmentReport"
	)
	out := []route{
		{api.ImportSuite, post, suites + "/import", manage, manage, api.PerBot, "", importSuite},
		{api.ImportSuiteStatus, get, suites + "/import/{id}/status", manage, manage, api.PerRequest, "", importStatus},
		{api.RunSuite, post, suites + "/{suite}/run", execute, execute, api.PerBot, "", runSuite},
		{api.SuiteStatus, get, suites + "/{suite}/{id}/status", execute, execute, api.PerRequest, "", runStatus},
		{api.DeleteSuite, del, suites, manage, manage, api.PerBot, "", deleteSuites},
		{api.StartContainment, post, report, metrics, nil, api.PerBot, "", startContainment},
		{api.ContainmentStatus, get, report + "/status/{id}", metrics, nil, api.PerBot, "", containmentStatus},
		{api.DebugLogs, get, "/api/1.1/{bot}/debuglogs", debug, nil, api.PerBot, "", listDebugLines},
		{api.GetAnalytics, post, "/api/public/bot/{bot}/getAnalytics", metrics, nil, api.PerBot, "", listMetrics},
		{api.ChangeLogs, get, "/api/public/bot/{bot}/changelogs", []string{"Logs History"}, []string{"Logs > Bot Audit Logs"}, api.PerBot, "", listChanges},
		{translationLogs, get, "/api/1.1/{stream}/translationlogs", debug, nil, api.PerBot, "", listTranslations},
		{translationLogs, get, "/api/1.1/{stream}/translationLogs", debug, nil, api.PerBot, "", listTranslations},
		{api.ListRoles, get, "/api/public/alluserroles", nil, roles, api.PerAccount, scopeAdmin, listRoles},
		{api.ListBots, get, "/api/public/bots", nil, roles, api.PerAccount, scopeAdmin, listBots},
		{api.UploadFile, post, "/api/public/uploadfile", nil, load, api.PerAccount, scopeAdmin, upload},
	}
	for _, at := range []struct {
		path  string
		own   []string
		limit api.LimitClass
		only  string
	}{
		{"/api/public/bot/{bot}/", bill, api.PerBot, ""},
		{"/api/public/bots/", nil, api.PerAccount, scopeAdmin},
		{"/api/public/", nil, api.PerAccount, scopeAdmin},
	} {
		out = append(out,
			route{api.StartBilling, post, at.path + "billingsessionsummary", at.own, billAdmin, at.limit, at.only, startBilling},
			route{api.BillingStatus, get, at.path + "billingsessionsummary/status", at.own, billAdmin, at.limit, at.only, billingStatus},
			route{api.BilledSessions, post, at.path + "getBillingSessionsDetails", at.own, billAdmin, at.limit, at.only, listBilled})
	}
	return out
}
