package sim

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"korescope/api"
)

func TestParseFaults(t *testing.T) {
	got, err := ParseFaults("limit(5,100), status(503)@op=getSessions;nth=2,slow(2s)@p=0.25;for=3, hostile-text ,redirect(307,http://127.0.0.1:9/x@y)@after=1")
	if err != nil || len(got) != 5 {
		t.Fatalf("%+v, %v", got, err)
	}
	if got[1].Name != "status" || got[1].Args[0] != "503" || got[1].Aim != (Aim{Op: "getSessions", Nth: 2}) {
		t.Errorf("%+v", got[1])
	}
	if got[2].Aim != (Aim{P: 0.25, For: 3}) || got[4].Args[1] != "http://127.0.0.1:9/x@y" || got[4].Aim.After != 1 {
		t.Errorf("%+v, %+v", got[2], got[4])
	}
	if none, err := ParseFaults(""); err != nil || none != nil {
		t.Errorf("empty list: %v, %v", none, err)
	}
	for list, says := range map[string]string{
		"nonsense":               "known are limit, limit-status",
		"status(9)":              "from 400 to 599",
		"status(503,pdf)":        "known are [html json empty text]",
		"slow(fast)":             "a duration such as 2s",
		"reset(1)":               "at most 0 arguments",
		"limit(5,100":            "not closed",
		"limit(5)@nth=1":         "cannot be aimed",
		"reset@op=getNothing":    "no call is named",
		"reset@nth=0":            "a number from 1 up",
		"reset@p=2":              "share over 0",
		"reset@when=now":         "number from 1 up",
		"reset@when=1":           "known are op, nth",
		"limit-text(new)":        "known are [old minute hour]",
		"captive-portal(404)":    "known are [200 302 511]",
		"gzip-bomb(9999999)":     "from 1 to 4096",
		"clock-skew(long)":       "a duration",
		"redirect(200,http://x)": "from 300 to 399",
	} {
		if _, err := ParseFaults(list); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", list, err, says)
		}
	}
}

func TestMenu(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range FaultNames() {
		if f.Line == "" || seen[f.Name] {
			t.Errorf("%q is twice in the menu or has no line", f.Name)
		}
		seen[f.Name] = true
		if _, err := ParseFaults(f.Name); err != nil {
			t.Errorf("%s without arguments: %v", f.Name, err)
		}
	}
	for _, name := range []string{
		"limit", "limit-status", "limit-text", "retry-after", "foreign-traffic", "status", "html-200", "empty-200", "captive-portal", "refuse-auth", "scope-missing",
		"slow", "drip", "stall", "cut-at", "truncate", "reset", "reset-mid", "keepalive-drop", "redirect", "gzip-corrupt", "gzip-cut", "gzip-bomb", "deep", "huge-string",
		"errors-200", "encrypted", "hostile-text", "total-lies", "paging-forever", "paging-repeat", "paging-empty-middle", "moved-rows", "type-drift", "null-fields",
		"missing-fields", "dup-keys", "bad-utf8", "clock-skew", "jti-required",
	} {
		if !seen[name] {
			t.Errorf("%s is not in the menu", name)
		}
	}
}

func TestAims(t *testing.T) {
	for aim, want := range map[string]string{
		"":                      "xxxxxxxx",
		"@nth=2":                ".x......",
		"@every=3":              "..x..x..",
		"@after=5":              ".....xxx",
		"@for=2":                "xx......",
		"@after=2;for=3":        "..xxx...",
		"@op=getMessagesV2":     "........",
		"@op=getSessions":       "xxxxxxxx",
		"@every=2;for=2":        ".x.x....",
		"@op=getSessions;nth=8": ".......x",
	} {
		w, _ := newWorld(t, faulty(t, "status(503)"+aim))
		got := ""
		for range 8 {
			if post(t, w, pathSessions, "{}").Code == 503 {
				got += "x"
			} else {
				got += "."
			}
		}
		if got != want {
			t.Errorf("%q hits %s, want %s", aim, got, want)
		}
	}
	w, _ := newWorld(t, faulty(t, "status(503)@p=0.3"))
	hits := 0
	for range 300 {
		hits += number(ask(t, w, "GET", "/nowhere", "", "").Code == 503)
	}
	if hits < 60 || hits > 120 {
		t.Errorf("p=0.3 hit %d of 300", hits)
	}
}

// TestAnswers: the faults that can be seen in one recorded answer.
func TestAnswers(t *testing.T) {
	for _, test := range []struct {
		fault  string
		status int
		seen   func(*httptest.ResponseRecorder) bool
	}{
		{"status", 503, says("<h1>503 Service Unavailable</h1>")},
		{"status(500,json)", 500, says(`{"errors":[{"msg":"Internal Server Error","code":500}]}`)},
		{"status(502,text)", 502, says("upstream")},
		{"status(504,empty)", 504, func(r *httptest.ResponseRecorder) bool { return r.Body.Len() == 0 }},
		{"html-200", 200, says("<html>")},
		{"empty-200", 200, func(r *httptest.ResponseRecorder) bool { return r.Body.Len() == 0 }},
		{"captive-portal", 200, says("sign in")},
		{"captive-portal(302)", 302, func(r *httptest.ResponseRecorder) bool {
			return r.Header().Get("Location") == "http://portal.example.test/login"
		}},
		{"captive-portal(511)", 511, says("sign in")},
		{"refuse-auth", 401, says(`"Invalid SDK credentials"`)},
		{"scope-missing", 401, says(`"Permission denied. Scope is incorrect!"`)},
		{"scope-missing(getSessions)", 401, says(`"Permission denied. Scope is incorrect!"`)},
		{"scope-missing(getMessages)", 200, says(`"sessions"`)},
		{"redirect(308,http://127.0.0.1:1/)", 308, func(r *httptest.ResponseRecorder) bool { return r.Header().Get("Location") == "http://127.0.0.1:1/" }},
		{"errors-200", 200, says(`{"errors":[{`)},
		{"encrypted", 200, says(`{"payload":"`)},
		{"truncate", 200, func(r *httptest.ResponseRecorder) bool {
			return !json.Valid(r.Body.Bytes()) && r.Header().Get("Content-Length") == strconv.Itoa(r.Body.Len())
		}},
		{"bad-utf8", 200, func(r *httptest.ResponseRecorder) bool { return !utf8.Valid(r.Body.Bytes()) }},
		{"gzip-corrupt", 200, func(r *httptest.ResponseRecorder) bool { _, err := gunzip(r); return err != nil }},
		{"gzip-cut", 200, func(r *httptest.ResponseRecorder) bool {
			_, err := gunzip(r)
			return errors.Is(err, io.ErrUnexpectedEOF)
		}},
		{"gzip-bomb(3)", 200, func(r *httptest.ResponseRecorder) bool {
			small := r.Body.Len() < 200_000
			b, err := gunzip(r)
			return err == nil && small && len(b) > 3<<20 && json.Valid(b)
		}},
		{"deep(5000)", 200, says(strings.Repeat("[", 5000) + strings.Repeat("]", 5000))},
		{"huge-string(70000)", 200, says(strings.Repeat("x", 70000))},
		{"type-drift", 200, driftSeen},
		{"null-fields", 200, func(r *httptest.ResponseRecorder) bool {
			return rowDiffers(r, func(v any, ok bool) bool { return ok && v == nil })
		}},
		{"missing-fields", 200, func(r *httptest.ResponseRecorder) bool {
			return rowDiffers(r, func(_ any, ok bool) bool { return !ok })
		}},
		{"dup-keys", 200, says(`:"written twice",`)},
		{"total-lies", 200, says(`{"total":1,`)},
	} {
		w, _ := newWorld(t, faulty(t, test.fault))
		rec := post(t, w, pathSessions, "{}")
		if rec.Code != test.status || !test.seen(rec) {
			t.Errorf("%s: HTTP %d, %.200q", test.fault, rec.Code, rec.Body.String())
		}
		if clean, _ := newWorld(t, open(Options{})); test.status == 200 && test.fault != "scope-missing(getMessages)" && post(t, clean, pathSessions, "{}").Body.String() == rec.Body.String() {
			t.Errorf("%s changes nothing", test.fault)
		}
	}
}

func says(part string) func(*httptest.ResponseRecorder) bool {
	return func(r *httptest.ResponseRecorder) bool { return strings.Contains(r.Body.String(), part) }
}

func gunzip(r *httptest.ResponseRecorder) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(r.Body.Bytes()))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

func driftSeen(r *httptest.ResponseRecorder) bool {
	return rowDiffers(r, func(v any, _ bool) bool {
		_, isString := v.(string)
		return isString
	})
}

// rowDiffers: one of the keys that are numbers and booleans elsewhere is as described in some row.
func rowDiffers(r *httptest.ResponseRecorder, is func(v any, ok bool) bool) bool {
	var got sessionsAnswer
	if json.Unmarshal(r.Body.Bytes(), &got) != nil {
		return false
	}
	for _, one := range got.Rows {
		for _, key := range []string{"noOfMessagesExchanged", "noOfTasksExecuted", "isDeveloper", "tags", "sessionType", "channel"} {
			if v, ok := one[key]; key != "channel" && key != "sessionType" && is(v, ok) || (key == "channel" || key == "sessionType") && (!ok || v == nil) && is(v, ok) {
				return true
			}
		}
	}
	return false
}

func TestPagingFaults(t *testing.T) {
	read := func(fault string, skip int) sessionsAnswer {
		w, _ := newWorld(t, faulty(t, fault))
		return readSessions(t, w, pathSessions, `{"limit":100,"skip":`+text(skip)+`,`+dates(day, 0)+`}`)
	}
	first, second := read("slow(0s)", 0), read("slow(0s)", 100)
	id := func(a sessionsAnswer) any { return a.Rows[0]["sessionId"] }
	if got := read("paging-forever", 300); !got.More || id(got) == nil || !read("paging-forever", 100).More {
		t.Error("paging-forever ends")
	}
	if got := read("paging-repeat", 100); !got.More || id(got) != id(first) {
		t.Error("paging-repeat does not repeat")
	}
	if got := read("paging-empty-middle", 100); !got.More || len(got.Rows) != 0 {
		t.Error("paging-empty-middle has rows in the middle")
	}
	if got := read("paging-empty-middle", 101); id(got) == id(second) {
		t.Error("paging-empty-middle does not go on")
	}
}

// TestMovedRows: rows that exist all the time are found by a reader that pages
// with overlap; the set really changes, and the truth knows it.
func TestMovedRows(t *testing.T) {
	w, _ := newWorld(t, faulty(t, "moved-rows"))
	window := api.Between(noon().Add(-day), noon().Add(time.Millisecond))
	ids := func() (out []string) {
		for _, s := range w.Truth().Sessions(retailBot, window) {
			out = append(out, string(s.ID))
		}
		return out
	}
	readSessions(t, w, pathSessions, `{"limit":20,`+dates(day, 0)+`}`)
	before := ids()
	for skip := 20; skip < 160; skip += 20 {
		readSessions(t, w, pathSessions, `{"limit":20,"skip":`+text(skip)+`,`+dates(day, 0)+`}`)
	}
	after := ids()
	gone, came := 0, 0
	for _, id := range before {
		gone += number(!slices.Contains(after, id))
	}
	for _, id := range after {
		came += number(!slices.Contains(before, id))
	}
	if gone == 0 || came == 0 {
		t.Errorf("%d rows went, %d came", gone, came)
	}
	if got := readSessions(t, w, pathSessions, `{"limit":1000,`+dates(day, 0)+`}`); len(got.Rows) != len(after) {
		t.Errorf("%d rows, the truth has %d", len(got.Rows), len(after))
	}
}

func TestHostileText(t *testing.T) {
	w, _ := newWorld(t, faulty(t, "hostile-text"))
	clean, _ := newWorld(t, open(Options{}))
	for name, path := range map[string]string{"sessions": pathSessions, "messages": pathV2, "models": pathModels} {
		body := `{"limit":"40",` + dates(day, 0) + `}`
		rec := post(t, w, path, body)
		if !json.Valid(rec.Body.Bytes()) || strings.Count(rec.Body.String(), "canary-") < 200 {
			t.Errorf("%s: %d canaries", name, strings.Count(rec.Body.String(), "canary-"))
		}
		var a, b any
		if json.Unmarshal(rec.Body.Bytes(), &a) != nil || json.Unmarshal(post(t, clean, path, body).Body.Bytes(), &b) != nil {
			t.Fatal("no JSON")
		}
		left := map[string]bool{}
		untouched("", a, left)
		for key := range left {
			if !navigation(key) && !closedSet(key) {
				t.Errorf("%s: a string under %q was left alone", name, key)
			}
		}
	}
	refusal := ask(t, w, "POST", "/nowhere", "", "")
	if !strings.Contains(refusal.Body.String(), "canary-") || refusal.Code != 405 || !strings.Contains(refusal.Header().Get("X-Request-Note"), "canary-") {
		t.Errorf("error body: %s", refusal.Body)
	}
	var got sessionsAnswer
	decode(t, post(t, w, pathSessions, `{}`), &got)
	if id := got.Rows[0]["sessionId"].(string); readSessions(t, w, pathSessions, `{"sessionId":["`+id+`"]}`).Total != 1 {
		t.Error("ids do not lead anywhere")
	}
}

// untouched collects the keys of strings without a canary.
func untouched(key string, v any, into map[string]bool) {
	switch v := v.(type) {
	case string:
		if !strings.Contains(v, "canary-") {
			into[key] = true
		}
	case []any:
		for _, e := range v {
			untouched(key, e, into)
		}
	case row:
		for k, e := range v {
			untouched(k, e, into)
		}
	}
}

func TestClockSkew(t *testing.T) {
	w, _ := newWorld(t, faulty(t, "clock-skew(-10m)"))
	token := sign(t, named("retail"), row{"iat": noon().Unix(), "exp": noon().Add(time.Minute).Unix()})
	rec := ask(t, w, "POST", pathSessions, token, "{}")
	if rec.Code != 401 || rec.Header().Get("Date") != "Fri, 17 Oct 2025 11:50:00 GMT" {
		t.Errorf("a token from the future: HTTP %d, Date %s", rec.Code, rec.Header().Get("Date"))
	}
	token = sign(t, named("retail"), row{"iat": noon().Add(-10 * time.Minute).Unix(), "exp": noon().Add(-9 * time.Minute).Unix()})
	if rec := ask(t, w, "POST", pathSessions, token, "{}"); rec.Code != 200 {
		t.Errorf("a token of the server's time: HTTP %d", rec.Code)
	}
	w, _ = newWorld(t, faulty(t, "jti-required"))
	if rec := ask(t, w, "POST", pathSessions, sign(t, named("retail"), row{"jti": nil}), "{}"); rec.Code != 401 {
		t.Errorf("without jti: HTTP %d", rec.Code)
	}
}
