package sim

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"korescope/api"
)

// TestChecks holds the answers of sections 4.2 and 4.3: every row breaks one
// thing more than the row below it, and the earlier check must win.
func TestChecks(t *testing.T) {
	retail, admin := named("retail"), named("admin")
	strange := retail
	strange.Secret = "demo-secret-not-real-other"
	unknown := "/api/public/bot/st-00000000-0000-5000-8000-000000000000/getSessions"
	for _, test := range []struct {
		name, method, path, token, body string
		status, code                    int
		msg                             string
	}{
		{"path before token", "POST", "/api/public/bot/x/getSession", "", "{", 405, 405, "Method Not Allowed"},
		{"verb before token", "GET", pathSessions, "", "", 405, 405, "Method Not Allowed"},
		{"case of the path", "POST", strings.ToLower(pathSessions), "", "", 405, 405, "Method Not Allowed"},
		{"no GET without the bot", "GET", "/api/public/getMessages", "", "", 405, 405, "Method Not Allowed"},
		{"no token", "POST", pathSessions, "", "{", 401, 4002, "Invalid SDK credentials"},
		{"no JWT", "POST", pathSessions, "abc", "{", 401, 4002, "Invalid JWT token"},
		{"wrong signature", "POST", pathSessions, sign(t, strange, nil), "{", 401, 4002, "Invalid SDK credentials"},
		{"unknown app", "POST", pathSessions, sign(t, retail, jwt.MapClaims{"appId": "cs-none"}), "{", 401, 4002, "Invalid SDK credentials"},
		{"expired", "POST", pathSessions, sign(t, retail, jwt.MapClaims{"exp": noon().Add(-time.Minute).Unix()}), "{", 401, 4002, "Invalid SDK credentials"},
		{"somebody else's bot", "POST", pathSessions, sign(t, named("banking"), nil), "{", 401, 4002, "Invalid SDK credentials"},
		{"unknown bot, bot app", "POST", unknown, sign(t, retail, nil), "{", 401, 4002, "Invalid SDK credentials"},
		{"unknown bot, admin app", "POST", unknown, sign(t, admin, nil), "{", 400, 400, "Invalid StreamId"},
		{"no scope", "POST", pathModels, sign(t, named("retail-no-llm"), nil), "{", 401, 4002, "Permission denied. Scope is incorrect!"},
		{"bot app on the admin path", "POST", "/api/public/getSessions", sign(t, retail, nil), "{", 401, 4002, "Permission denied. Scope is incorrect!"},
		{"broken body", "POST", pathSessions, sign(t, retail, nil), "{", 412, 412, "Validation errors/ Invalid arguments"},
		{"body is no object", "POST", pathSessions, sign(t, retail, nil), "[1]", 412, 412, "Validation errors/ Invalid arguments"},
		{"two bodies", "POST", pathSessions, sign(t, retail, nil), "{} {}", 412, 412, "Validation errors/ Invalid arguments"},
		{"body before window", "POST", pathSessions, sign(t, retail, nil), `{` + dates(8*day, 0) + `,"limit":-1}`, 412, 412, "Validation errors/ Invalid arguments"},
		{"window", "POST", pathSessions, sign(t, retail, nil), `{` + dates(7*day, 0) + `}`, 400, 400, "Date range should be less than 7 days"},
		{"field missing", "POST", pathModels, sign(t, retail, nil), `{"limit":"50"}`, 412, 412, "Validation errors/ Invalid arguments"},
		{"limit missing", "POST", pathModels, sign(t, retail, nil), `{` + dates(day, 0) + `}`, 412, 412, "Validation errors/ Invalid arguments"},
		{"GET without user", "GET", pathV2, sign(t, retail, nil), "", 412, 412, "Validation errors/ Invalid arguments"},
		{"model window", "POST", pathModels, sign(t, retail, nil), `{` + dates(91*day, 0) + `,"limit":"1"}`, 400, 400, "Date range should be less than 90 days"},
	} {
		w, _ := newWorld(t, Options{})
		rec := ask(t, w, test.method, test.path, test.token, test.body)
		var got struct {
			Errors []struct {
				Msg  string `json:"msg"`
				Code int    `json:"code"`
			} `json:"errors"`
		}
		if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil || len(got.Errors) != 1 {
			t.Errorf("%s: body %s", test.name, rec.Body)
			continue
		}
		if rec.Code != test.status || got.Errors[0].Code != test.code || got.Errors[0].Msg != test.msg {
			t.Errorf("%s: HTTP %d %+v, want %d %d %q", test.name, rec.Code, got.Errors[0], test.status, test.code, test.msg)
		}
	}
}

func TestLimitComesAfterScopeAndBeforeBody(t *testing.T) {
	w, _ := newWorld(t, Options{Limits: api.Limits{PerMinute: 1, PerHour: 10}})
	if rec := post(t, w, pathSessions, "{}"); rec.Code != http.StatusOK {
		t.Fatal(rec.Code, rec.Body)
	}
	if rec := post(t, w, pathSessions, "{"); rec.Code != http.StatusTooManyRequests {
		t.Errorf("broken body over the limit: HTTP %d", rec.Code)
	}
	if rec := ask(t, w, "POST", pathModels, sign(t, named("retail-no-llm"), nil), "{}"); rec.Code != http.StatusUnauthorized {
		t.Errorf("missing scope over the limit: HTTP %d", rec.Code)
	}
	if rec := ask(t, w, "POST", strings.Replace(pathSessions, string(retailBot), string(bankBot), 1), sign(t, named("banking"), nil), "{}"); rec.Code != http.StatusOK {
		t.Errorf("the other bot has a bucket of its own: HTTP %d", rec.Code)
	}
}

func TestTokens(t *testing.T) {
	retail := named("retail")
	other, err := jwt.NewWithClaims(jwt.SigningMethodHS512, jwt.MapClaims{"appId": retail.ClientID}).SignedString([]byte(retail.Secret))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, token string
		strict      bool
		status      int
	}{
		{"documented token", sign(t, retail, jwt.MapClaims{"jti": nil}), false, 200},
		{"iss instead of appId", sign(t, retail, jwt.MapClaims{"appId": nil, "iss": retail.ClientID, "aud": "x"}), false, 200},
		{"fractional exp", sign(t, retail, jwt.MapClaims{"exp": float64(noon().Unix()) + 60.5}), false, 200},
		{"just expired, inside the leeway", sign(t, retail, jwt.MapClaims{"exp": noon().Unix() - 3}), false, 200},
		{"neither appId nor iss", sign(t, retail, jwt.MapClaims{"appId": nil}), false, 401},
		{"HS512", other, false, 401},
		{"jti enforced and absent", sign(t, retail, jwt.MapClaims{"jti": nil}), true, 401},
		{"jti enforced and fresh", sign(t, retail, nil), true, 200},
	} {
		w, _ := newWorld(t, Options{Strict: Strict{RequireJTI: test.strict}})
		if rec := ask(t, w, "POST", pathSessions, test.token, ""); rec.Code != test.status {
			t.Errorf("%s: HTTP %d %s", test.name, rec.Code, rec.Body)
		}
	}
	w, _ := newWorld(t, Options{Strict: Strict{RequireJTI: true}})
	token := sign(t, retail, nil)
	first, second := ask(t, w, "POST", pathSessions, token, ""), ask(t, w, "POST", pathSessions, token, "")
	if first.Code != 200 || second.Code != 401 || w.Truth().JTIReused != 1 {
		t.Errorf("a token used twice: HTTP %d, %d, truth %+v", first.Code, second.Code, w.Truth())
	}
}

func TestMethodOverrideAndHiddenPaths(t *testing.T) {
	w, _ := newWorld(t, Options{Strict: Strict{NotServed: []string{"/api/public/bot/{bot}/getSessions"}}})
	if rec := post(t, w, pathSessions, "{}"); rec.Code != http.StatusMethodNotAllowed {
		t.Errorf("hidden path: HTTP %d", rec.Code)
	}
	r, err := http.NewRequest(http.MethodPost, pathV2, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("x-http-method-override", "delete")
	if verb(r) != http.MethodDelete {
		t.Errorf("verb %s", verb(r))
	}
}

func TestAnswersAreDatedByTheWorldsClock(t *testing.T) {
	w, c := newWorld(t, Options{})
	c.move(48 * time.Hour)
	if got := post(t, w, pathSessions, "{}").Header().Get("Date"); got != "Sun, 19 Oct 2025 12:00:00 GMT" {
		t.Errorf("Date %q", got)
	}
}
