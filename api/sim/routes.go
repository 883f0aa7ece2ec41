package sim

import (
	"net/http"
	"net/url"
	"strings"

	"korescope/api"
)

// route is one call of the platform. A new call is a row in routes and a
// handler in a file of its own.
type route struct {
	name    string
	methods []string
	path    string // {bot} and other names stand for one segment
	scopes  []string
	admin   []string       // scopes in the Admin Console's words; nil when not applicable
	limit   api.LimitClass // api.PerRequest counts by the segment {id}
	only    string         // scopeAdmin for the paths of an admin app
	handle  func(*call) (any, *refusal)
}

func routes() []route {
	post, both := []string{http.MethodPost}, []string{http.MethodGet, http.MethodPost}
	sessions, sessionsAdmin := []string{"Bot Sessions"}, []string{"Bot Analytics > Bot Sessions"}
	chat, chatAdmin := []string{"Chat History"}, []string{"Bot Analytics > Chat History"}
	models, modelsAdmin := []string{"Fetch Gen AI and LLM Usage Logs"}, []string{"API Scopes > Gen AI and LLM Usage Logs"}
	return append([]route{
		{"getSessions", post, "/api/public/bot/{bot}/getSessions", sessions, sessionsAdmin, api.PerBot, "", listSessions},
		{"getSessions", post, "/api/public/getSessions", nil, sessionsAdmin, api.PerAccount, scopeAdmin, listSessions},
		{"getMessages", both, "/api/public/bot/{bot}/getMessages", chat, chatAdmin, api.PerBot, "", listMessages},
		{"getMessages", post, "/api/public/getMessages", nil, chatAdmin, api.PerAccount, scopeAdmin, listMessages},
		{"getMessagesV2", both, "/api/public/bot/{bot}/getMessagesV2", chat, chatAdmin, api.PerBot, "", listMessagesV2},
		{"messages-lite", both, "/api/public/bot/{bot}/messages-lite", chat, chatAdmin, api.PerBot, "", listLite},
		{"getLLMUsageLogs", post, "/api/1.1/public/bot/{bot}/getLLMUsageLogs", models, modelsAdmin, api.PerBot, "", listModelCalls},
	}, append(jobRoutes(), changeRoutes()...)...)
}

// find matches the path and the verb. The platform answers 405 for either
// mistake, before it looks at the token.
func (w *World) find(method, path string) (*route, map[string]string) {
	for i := range w.routes {
		r := &w.routes[i]
		named, fits := match(r.path, path)
		if !fits || w.hides(r.path) {
			continue
		}
		for _, m := range r.methods {
			if m == method {
				return r, named
			}
		}
	}
	return nil, nil
}

func (w *World) hides(pattern string) bool {
	for _, p := range w.strict.NotServed {
		if p == pattern {
			return true
		}
	}
	return false
}

// match compares case-sensitively, segment by segment. The path is the escaped
// one, so that a name with an escaped slash stays one segment.
func match(pattern, path string) (map[string]string, bool) {
	want, have := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(have) {
		return nil, false
	}
	var named map[string]string
	for i, seg := range want {
		if !strings.HasPrefix(seg, "{") {
			if seg != have[i] {
				return nil, false
			}
			continue
		}
		value, err := url.PathUnescape(have[i])
		if value == "" || err != nil {
			return nil, false
		}
		if named == nil {
			named = map[string]string{}
		}
		named[strings.Trim(seg, "{}")] = value
	}
	return named, true
}

// verb is the method, which a header may override on a POST.
func verb(r *http.Request) string {
	if o := r.Header.Get("X-Http-Method-Override"); r.Method == http.MethodPost && (strings.EqualFold(o, "delete") || strings.EqualFold(o, "put")) {
		return strings.ToUpper(o)
	}
	return r.Method
}
