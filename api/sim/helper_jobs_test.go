package sim

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"korescope/api"
)

const (
	pathSuites      = "/api/public/stream/" + string(retailBot) + "/conversation/testsuite"
	pathBilling     = "/api/public/bot/" + string(retailBot) + "/billingsessionsummary"
	pathBilled      = "/api/public/bot/" + string(retailBot) + "/getBillingSessionsDetails"
	pathContainment = "/api/public/bot/" + string(retailBot) + "/taskContainmentReport"
	pathDebug       = "/api/1.1/" + string(retailBot) + "/debuglogs"
	pathTranslation = "/api/1.1/" + string(retailBot) + "/translationlogs"
	pathAdminBill   = "/api/public/bots/billingsessionsummary"
	pathAdminTable  = "/api/public/billingsessionsummary"
)

// fetch asks with GET as the named credential.
func fetch(t testing.TB, w *World, who, path string) *httptest.ResponseRecorder {
	t.Helper()
	return ask(t, w, "GET", path, sign(t, named(who), nil), "")
}

func object(t testing.TB, rec *httptest.ResponseRecorder) row {
	t.Helper()
	var out row
	decode(t, rec, &out)
	return out
}

// refusalText reads the message of an error answer.
func refusalText(t testing.TB, rec *httptest.ResponseRecorder) string {
	t.Helper()
	var out struct {
		Errors []struct {
			Msg  string `json:"msg"`
			Code int    `json:"code"`
		} `json:"errors"`
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil || len(out.Errors) != 1 {
		t.Fatalf("HTTP %d, no error: %.200s", rec.Code, rec.Body)
	}
	return out.Errors[0].Msg
}

// dig walks keys and indexes through an answer.
func dig(t testing.TB, v any, path ...any) any {
	t.Helper()
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, ok := v.(row)
			if !ok {
				t.Fatalf("no object at %v of %v", step, path)
			}
			v = m[step]
		case int:
			l, ok := v.([]any)
			if !ok || step >= len(l) {
				t.Fatalf("no element %d of %v", step, path)
			}
			v = l[step]
		}
	}
	return v
}

func runOf(t testing.TB, w *World, suite, version string) string {
	t.Helper()
	rec := post(t, w, pathSuites+"/"+url.PathEscape(suite)+"/run", `{"version":"`+version+`","userEmailId":"owner@example.test"}`)
	out := object(t, rec)
	if out["status"] != "IN_PROGRESS" || len(out) != 2 {
		t.Fatalf("start says %s", rec.Body)
	}
	return out["testRunId"].(string)
}

func statusPath(suite, id string) string {
	return pathSuites + "/" + url.PathEscape(suite) + "/" + id + "/status"
}

func billingBody(from, to time.Time, period string, more string) string {
	return `{"fromDate":"` + stamp(from.UnixMilli()) + `","toDate":"` + stamp(to.UnixMilli()) + `","unitType":["session","request","alert","proactive","conversations"],"groupByBot":"no","groupByPeriod":"` + period + `"` + more + `}`
}

// settledWindow ends long enough before the clock that every session in it is closed.
func settledWindow(length time.Duration) api.Window {
	to := noon().Add(-6 * time.Hour)
	return api.Window{From: to.Add(-length), To: to}
}

func sceneOf(t testing.TB, w *World, fits func(*session) bool) *session {
	t.Helper()
	for s := range w.bots[0].sessions(span{noon().Add(-week).UnixMilli(), noon().UnixMilli()}, false) {
		if fits(s) && s.settled(noon().UnixMilli()) {
			return s
		}
	}
	t.Fatal("the world has no such session")
	return nil
}

func has(s, part string) bool { return strings.Contains(s, part) }

func newRequest(method, path, token, body string) *http.Request {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if token != "" {
		r.Header.Set("auth", token)
	}
	return r
}

func serve(w *World, r *http.Request) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	w.Handler().ServeHTTP(rec, r)
	return rec
}
