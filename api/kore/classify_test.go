package kore

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"korescope/api"
)

func TestClassify(t *testing.T) {
	const html = "<!DOCTYPE html><html><body>Sign in to the guest network</body></html>"
	for _, c := range []struct {
		name   string
		status int
		body   string
		kind   api.Kind
		tries  int
		said   string
	}{
		{"bad signature", 401, `{"errors":[{"msg":"Invalid SDK credentials","code":4002}]}`, api.Credentials, 1, "Invalid SDK credentials"},
		{"not a token", 401, `{"errors":[{"msg":"Invalid JWT token","code":4002}]}`, api.NotAToken, 1, "Invalid JWT token"},
		{"no scope", 401, `{"errors":[{"msg":"Permission denied. Scope is incorrect!","code":4002}]}`, api.ScopeMissing, 1, "Permission denied. Scope is incorrect!"},
		{"unknown 401", 401, `{"errors":[{"msg":"Account is suspended","code":4002}]}`, api.SignIn, 1, "Account is suspended"},
		{"401 with nothing", 401, ``, api.SignIn, 1, ""},
		{"403", 403, `{"errors":[{"message":"Nope","code":403}]}`, api.SignIn, 1, "Nope"},
		{"admin and unknown bot", 400, `{"errors":[{"msg":"Invalid StreamId","code":400}]}`, api.BadBot, 1, "Invalid StreamId"},
		{"unknown thing", 400, `{"errors":[{"msg":"Test Suite not found","code":400}]}`, api.NotFound, 1, "Test Suite not found"},
		{"window too long", 400, `{"errors":[{"msg":"Date range should be less than 7 days","code":400}]}`, api.Refused, 1, "Date range should be less than 7 days"},
		{"validation", 412, `{"errors":[{"msg":"Validation errors/ Invalid arguments","code":412}]}`, api.Refused, 1, "Validation errors/ Invalid arguments"},
		{"prose", 412, `Invalid arguments`, api.Refused, 1, "Invalid arguments"},
		{"no such path", 405, `{"errors":[{"msg":"Method Not Allowed","code":405}]}`, api.WrongPath, 1, "Method Not Allowed"},
		{"405 as HTML", 405, html, api.WrongPath, 1, ""},
		{"404 of a proxy", 404, html, api.NotPlatform, 1, ""},
		{"404 without a word", 404, "", api.NotPlatform, 1, ""},
		{"404 of the platform", 404, `{"errors":[{"msg":"No such session"}]}`, api.NotFound, 1, "No such session"},
		{"403 of a firewall", 403, html, api.NotPlatform, 1, ""},
		{"500", 500, `{"errors":[{"msg":"Internal server error","code":500}]}`, api.Unavailable, 4, "Internal server error"},
		{"502 as HTML", 502, html, api.Unavailable, 4, ""},
		{"503", 503, "upstream connect error", api.Unavailable, 4, "upstream connect error"},
		{"504", 504, "", api.Unavailable, 4, ""},
		{"501", 501, "", api.Unavailable, 1, ""},
		{"511", 511, html, api.NotPlatform, 1, ""},
		{"errors at 200", 200, `{"errors":[{"msg":"Invalid SDK credentials","code":4002}]}`, api.Credentials, 1, "Invalid SDK credentials"},
		{"errors beside rows at 200", 200, `{"sessions":[],"errors":[{"msg":"Something","code":412}]}`, api.Refused, 1, "Something"},
		{"errors at 200, code as text", 200, `{"errors":[{"msg":"Try later","code":"503"}]}`, api.Unavailable, 4, "Try later"},
		{"errors as a text", 200, `{"errors":"broken"}`, api.Refused, 1, "broken"},
		{"two errors", 400, `{"errors":[{"msg":"one"},{"msg":"two"}]}`, api.Refused, 1, "one; two"},
		{"portal at 200", 200, html, api.NotPlatform, 1, ""},
		{"text at 200", 200, "OK", api.NotPlatform, 1, ""},
		{"empty at 200", 200, "", api.NotPlatform, 1, ""},
		{"UTF-16 at 200", 200, "\xff\xfe{\x00}\x00", api.NotPlatform, 1, ""},
		{"gzip twice", 200, "\x1f\x8b\x08\x00", api.NotPlatform, 1, ""},
		{"encrypted", 200, `{"payload":"b64","key":"b64","meta":{}}`, api.Encrypted, 1, "keys: key, meta, payload"},
		{"an empty object", 200, `{}`, api.Encrypted, 1, "keys: none"},
		{"a list in place of an object", 200, `[]`, api.Unreadable, 1, "a list in place of an object"},
		{"rows are no list", 200, `{"sessions":{"a":1}}`, api.Unreadable, 1, "sessions is not a list"},
		{"garbage inside", 200, `{"sessions":[}`, api.Unreadable, 1, ""},
		{"two documents", 200, emptySessions + emptySessions, api.Unreadable, 1, ""},
		{"cut without a length", 200, `{"total":1,"sessions":[{"sess`, api.NotPlatform, 4, ""},
		{"control characters", 400, `{"errors":[{"msg":"a\u001b]52;c;x\u0007\u009b\u202eb\nc"}]}`, api.Refused, 1, "a]52;c;xb c"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) {
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.body)
			})
			got := sessionsOf(s.client(t), day(s))
			var e *api.Error
			if !errors.As(got.err, &e) {
				t.Fatalf("no api.Error: %v", got.err)
			}
			if e.Kind != c.kind || e.Said != c.said || e.Status != c.status || e.Endpoint != api.GetSessions {
				t.Errorf("kind %v said %q status %d of %s; want %v, %q", e.Kind, e.Said, e.Status, e.Endpoint, c.kind, c.said)
			}
			if s.count() != c.tries {
				t.Errorf("%d requests, want %d", s.count(), c.tries)
			}
		})
	}
}

func TestMissingListsAreEmptyLists(t *testing.T) {
	for _, body := range []string{`{"total":0,"moreAvailable":false}`, `{"total":0,"sessions":null}`, "\xef\xbb\xbf" + emptySessions, ` {"moreAvailable ":false,"total":"0"} `} {
		s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) { answerJSON(w, 200, body) })
		if got := sessionsOf(s.client(t), day(s)); got.err != nil || len(got.items) != 0 || got.done != day(s) {
			t.Errorf("%q: %v, done %v", body, got.err, got.done)
		}
	}
}

func TestLongWordsAreCut(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) {
		answerJSON(w, 400, `{"errors":[{"msg":"`+strings.Repeat("ä", 5000)+`"}]}`)
	})
	var e *api.Error
	if got := sessionsOf(s.client(t), day(s)); !errors.As(got.err, &e) || len(e.Said) > 300 || !strings.HasPrefix(e.Said, "ää") {
		t.Errorf("%d bytes: %v", len(e.Said), got.err)
	}
}
