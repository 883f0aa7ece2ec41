package sim

import (
	"bytes"
	"mime/multipart"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"korescope/api"
)

func TestBots(t *testing.T) {
	for _, pages := range []bool{false, true} {
		w, _ := newWorld(t, open(Options{Strict: Strict{OffsetPages: pages}}))
		got := object(t, fetch(t, w, "admin", "/api/public/bots?offset=0&limit=50"))
		if got["total"] != 2.0 || got["availableMore"] != false || got["moreAvailable"] != nil || len(got["bots"].([]any)) != 2 {
			t.Errorf("%v", got)
		}
		secrets := map[any]bool{}
		for _, b := range got["bots"].([]any) {
			for _, a := range dig(t, b, "jwtApps").([]any) {
				secret := dig(t, a, "clientSecret").(string)
				if !strings.HasPrefix(secret, SecretMarker) {
					t.Errorf("secret %q", secret)
				}
				secrets[secret] = true
			}
		}
		if len(secrets) != 3 {
			t.Errorf("%d secrets", len(secrets))
		}
		one := object(t, fetch(t, w, "admin", "/api/public/bots?offset=1&limit=1"))
		if one["availableMore"] != false || dig(t, one, "bots", 0, "_id") != string(bankBot) {
			t.Errorf("pages %v: %v", pages, one)
		}
		if first := object(t, fetch(t, w, "admin", "/api/public/bots?limit=1")); first["availableMore"] != true {
			t.Error("nothing follows the first of two")
		}
	}
	w, _ := newWorld(t, open(Options{}))
	if rec := fetch(t, w, "retail", "/api/public/bots"); rec.Code != 401 || !has(refusalText(t, rec), "Scope") {
		t.Errorf("a bot app: %d", rec.Code)
	}
}

func TestRoles(t *testing.T) {
	w, _ := newWorld(t, open(Options{}))
	two := object(t, fetch(t, w, "admin", "/api/public/alluserroles?limit=2"))
	if two["total"] != 12.0 || two["availableMore"] != true || len(two["users"].([]any)) != 2 || dig(t, two, "users", 0, "adminRoles", 0, "roleName") != "Master Admin" {
		t.Errorf("%v", two)
	}
	all := object(t, fetch(t, w, "admin", "/api/public/alluserroles"))["users"].([]any)
	forms := map[string]bool{}
	for _, u := range all {
		switch v := dig(t, u, "isDeveloper").(type) {
		case bool:
			forms["bool"] = true
		case float64:
			forms["number"] = true
		case nil:
			forms["absent"] = true
		default:
			t.Errorf("%v", v)
		}
		if !strings.HasSuffix(dig(t, u, "username").(string), "@example.test") {
			t.Errorf("%v", u)
		}
	}
	if len(all) != 12 || len(forms) != 3 {
		t.Errorf("%d users, %v", len(all), forms)
	}
	last := object(t, fetch(t, w, "admin", "/api/public/alluserroles?limit=5&offset=10"))
	if last["availableMore"] != false || len(last["users"].([]any)) != 2 {
		t.Errorf("%v", last)
	}
}

func sendFile(t *testing.T, w *World, who string, fields map[string]string, content string) *httptest.ResponseRecorder {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "suite.json")
	if err == nil {
		_, err = part.Write([]byte(content))
	}
	for k, v := range fields {
		if err == nil {
			err = form.WriteField(k, v)
		}
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	r := newRequest("POST", "/api/public/uploadfile", sign(t, named(who), nil), body.String())
	r.Header.Set("Content-Type", form.FormDataContentType())
	return serve(w, r)
}

// TestUpload: the id of an upload is what an import takes; a file that is not
// what its extension says makes the import fail.
func TestUpload(t *testing.T) {
	w, c := newWorld(t, open(Options{}))
	whole := map[string]string{"fileContext": "bulkImport", "fileExtension": "json"}
	for content, want := range map[string]string{`{"testSteps":[]}`: "SUCCESS", "not JSON": "FAILED"} {
		id, _ := object(t, sendFile(t, w, "admin", whole, content))["fileId"].(string)
		if len(id) != 24 {
			t.Fatalf("id %q", id)
		}
		name := "from " + want
		job := object(t, post(t, w, pathSuites+"/import", `{"fileName":"`+id+`","name":"`+name+`","userEmailId":"a@example.test"}`))["dsId"].(string)
		c.move(usualTakes)
		got := object(t, fetch(t, w, "retail", pathSuites+"/import/"+job+"/status"))
		if got["status"] != want || (got["response"] != nil) != (want == "SUCCESS") || (len(got["statusLogs"].([]any)) > 0) != (want == "FAILED") {
			t.Errorf("%s: %v", want, got)
		}
	}
	for name, fields := range map[string]map[string]string{"no context": {"fileExtension": "json"}, "no extension": {"fileContext": "bulkImport"}} {
		if rec := sendFile(t, w, "admin", fields, "{}"); rec.Code != 412 {
			t.Errorf("%s: %d", name, rec.Code)
		}
	}
	if rec := ask(t, w, "POST", "/api/public/uploadfile", sign(t, named("admin"), nil), "{}"); rec.Code != 412 {
		t.Errorf("no form: %d", rec.Code)
	}
	if rec := sendFile(t, w, "retail", whole, "{}"); rec.Code != 401 {
		t.Errorf("a bot app: %d", rec.Code)
	}
	if rec := ask(t, w, "POST", "/api/public/upload", sign(t, named("admin"), nil), "{}"); rec.Code != 405 {
		t.Errorf("another path: %d", rec.Code)
	}
}

// TestJobChecks: the order of section 4.3 on the new calls.
func TestJobChecks(t *testing.T) {
	for _, test := range []struct {
		name, who, method, path, body string
		status                        int
		msg                           string
	}{
		{"no token", "", "POST", pathSuites + "/x/run", "{", 401, "Invalid SDK credentials"},
		{"somebody else's bot", "banking", "POST", pathSuites + "/x/run", "{", 401, "Invalid SDK credentials"},
		{"unknown bot, admin", "admin", "POST", strings.Replace(pathSuites, string(retailBot), "st-none", 1) + "/x/run", "{", 400, "Invalid StreamId"},
		{"admin may run suites", "admin", "POST", pathSuites + "/x/run", `{"version":"published","userEmailId":"a"}`, 400, "Test Suite not found"},
		{"broken body", "retail", "POST", pathSuites + "/x/run", "{", 412, "Validation"},
		{"broken body of a delete", "retail", "DELETE", pathSuites, "{", 412, "Validation"},
		{"bot and public swapped", "retail", "POST", strings.Replace(pathSuites, "stream", "bot", 1) + "/x/run", "{", 405, "Method"},
		{"debug logs with public", "retail", "GET", strings.Replace(pathDebug, "1.1/", "1.1/public/bot/", 1), "", 405, "Method"},
		{"debug logs by POST", "retail", "POST", pathDebug, "{}", 405, "Method"},
		{"bot app lists bots", "retail", "GET", "/api/public/bots", "", 401, "Scope"},
		{"an empty publish", "admin", "POST", "/api/public/bot/" + string(retailBot) + "/publish", "", 412, "Validation"},
		{"a bot app publishes", "retail", "POST", "/api/public/bot/" + string(retailBot) + "/publish", "{}", 401, "Scope"},
		{"publish by GET", "admin", "GET", "/api/public/bot/" + string(retailBot) + "/publish", "", 405, "Method"},
	} {
		w, _ := newWorld(t, Options{})
		token := ""
		if test.who != "" {
			token = sign(t, named(test.who), nil)
		}
		rec := ask(t, w, test.method, test.path, token, test.body)
		if rec.Code != test.status || !has(refusalText(t, rec), test.msg) {
			t.Errorf("%s: %d %s", test.name, rec.Code, rec.Body)
		}
	}
}

// TestJobLimits: what each call is charged to. The status of a suite is counted
// by its request id, and does not touch the bot's room.
func TestJobLimits(t *testing.T) {
	w, c := newWorld(t, Options{Limits: api.Limits{PerMinute: 3, PerHour: 100}})
	first, second := runOf(t, w, "Orders smoke", "published"), runOf(t, w, "Orders smoke", "published")
	for i, want := range []int{200, 200, 200, 429} {
		if rec := fetch(t, w, "retail", statusPath("Orders smoke", first)); rec.Code != want {
			t.Errorf("poll %d: %d, want %d", i, rec.Code, want)
		}
	}
	if rec := fetch(t, w, "retail", statusPath("Orders smoke", second)); rec.Code != 200 {
		t.Errorf("another run: %d", rec.Code)
	}
	for i, want := range []int{400, 429} { // the third and the fourth of the bot
		if rec := fetch(t, w, "retail", pathBilling+"/status?type=summary"); rec.Code != want {
			t.Errorf("billing status %d: %d, want %d", i, rec.Code, want)
		}
	}
	if rec := fetch(t, w, "admin", "/api/public/bots"); rec.Code != 200 {
		t.Errorf("the account: %d", rec.Code)
	}
	keys := w.Truth().Keys
	for key, want := range map[api.LimitKey]int{"request_id:" + api.LimitKey(first): 4, "request_id:" + api.LimitKey(second): 1, "bot:" + api.LimitKey(retailBot): 4, "account:" + accountID: 1} {
		if keys[key].Requests != want {
			t.Errorf("%s: %d, want %d", key, keys[key].Requests, want)
		}
	}
	c.move(time.Minute)
	if rec := post(t, w, pathContainment, `{"filters":{}}`); rec.Code != 200 {
		t.Errorf("a minute later: %d", rec.Code)
	}
}
