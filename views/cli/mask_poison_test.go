package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// A platform on which every word points at a person or opens a door. What stands
// below is invented; every piece of it has the word canary or a number that is
// nowhere else, so that a piece of it is known by itself.
const (
	leakMail   = "canary.doe@example.test"
	leakPhone  = "+49 171 5550 199"
	leakCard   = "4111 1111 1111 1111"
	leakToken  = "sk-canary0123456789"
	leakSecret = "canary-secret"
	leakPerson = "Canary Bird"
)

// leaked finds what of it stands in a text, also where the text is broken over
// several lines or was cut.
func leaked(s string) string {
	var bare strings.Builder
	for _, r := range s {
		if !strings.ContainsRune(" \n\t\r│|", r) {
			bare.WriteRune(r)
		}
	}
	low := strings.ToLower(bare.String())
	if !slices.ContainsFunc([]string{"canary", "5550", "41111111"}, func(piece string) bool { return strings.Contains(low, piece) }) {
		return "" // what follows is slow, and most of what is looked at is clean
	}
	return regexp.MustCompile(`.{0,20}(canary|5550\W?1|1715550|41111111).{0,20}`).FindString(low)
}

// poisoned answers in the place of a platform: each word of each answer that the
// program need not understand has personal data and a secret behind it, each
// object has fields that hold some.
func poisoned(inner http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Accept-Encoding")
		rec := httptest.NewRecorder()
		inner.ServeHTTP(rec, r)
		body := rec.Body.Bytes()
		dec := json.NewDecoder(bytes.NewReader(body))
		dec.UseNumber()
		var v any
		if rec.Code == http.StatusOK && dec.Decode(&v) == nil {
			if b, err := json.Marshal(poisonedValue("", v)); err == nil {
				body = b
			}
		}
		for k, vs := range rec.Header() {
			w.Header()[k] = vs
		}
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(rec.Code)
		_, _ = w.Write(body)
	})
}

// poisonedValue is the value that stands under a name.
func poisonedValue(name string, v any) any {
	switch x := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(x)+4)
		for k, inner := range x {
			out[k] = poisonedValue(k, inner)
		}
		out["password"], out["customerName"] = leakSecret, leakPerson
		out["apiKey"] = map[string]any{"deep": []any{leakSecret, 491715550199}}
		out["callerNumber"] = json.Number("491715550199")
		return out
	case []any:
		out := make([]any, len(x))
		for i, inner := range x {
			out[i] = poisonedValue(name, inner)
		}
		return out
	case string:
		return poisonText(name, x)
	}
	return v
}

func poisonText(name, s string) string {
	trimmed := strings.TrimSpace(s)
	switch {
	case understood(name, s):
		return s
	case slices.Contains([]string{"userId", "channelUserId", "user", "createdBy", "channelUId"}, name):
		return "canary-" + s // no address: known by its name alone
	case len(trimmed) > 1 && (trimmed[0] == '{' || trimmed[0] == '['):
		var inner any
		if json.Unmarshal([]byte(trimmed), &inner) == nil {
			if b, err := json.Marshal(poisonedValue("", inner)); err == nil {
				return string(b)
			}
		}
	}
	return fmt.Sprintf("%s %s %s %s %s password=%s", s, leakMail, leakPhone, leakCard, leakToken, leakSecret)
}

var idOrNumber = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^([a-z]{1,4}-)?[0-9a-f]{8}-[0-9a-f-]{27}$|^[0-9a-f]{24}$|^-?[0-9.,]+%?$`)
})

// understood are the words that the program has to know: ids, times, and what a
// field can say of a few.
func understood(name, s string) bool {
	if s == "" || idOrNumber().MatchString(s) {
		return true
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02", "2006-01-02 15:04:05", "1/2/2006", "2006-01-02T15:04:05"} {
		if _, err := time.Parse(layout, s); err == nil {
			return true
		}
	}
	return slices.Contains([]string{
		"_id", "id", "botId", "streamId", "sessionId", "messageId", "jobId", "requestId", "status", "state", "type", "direction", "containmentType", "sessionStatus",
		"sessionType", "jobStatus", "downloadURL", "Status", "Session Id", "startTime", "endTime", "date", "Date", "period", "result", "testRunId", "dockStatusId", "cT",
		"createdOn", "timestamp", "Start Time", "End Time", "Start Date", "End Date", "jti",
	}, name)
}

// nothingLeaks fails the test when something of it came out.
func nothingLeaks(t *testing.T, where, s string) {
	t.Helper()
	if found := leaked(s); found != "" {
		t.Errorf("%s shows %q", where, found)
	}
}
