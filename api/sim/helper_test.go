package sim

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// noon is where the tests' clocks start.
func noon() time.Time { return time.Date(2025, 10, 17, 12, 0, 0, 0, time.UTC) }

// clock is a clock that a test moves.
type clock struct{ ms atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.ms.Store(noon().UnixMilli())
	return c
}

func (c *clock) now() time.Time       { return time.UnixMilli(c.ms.Load()).UTC() }
func (c *clock) move(d time.Duration) { c.ms.Add(d.Milliseconds()) }

func newWorld(t testing.TB, o Options) (*World, *clock) {
	t.Helper()
	c := newClock()
	o.Now = c.now
	w, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return w, c
}

// open has limits that no test reaches by accident.
func open(o Options) Options {
	o.Limits.PerMinute, o.Limits.PerHour = 1_000_000, 1_000_000
	return o
}

func faulty(t testing.TB, list string) Options {
	t.Helper()
	faults, err := ParseFaults(list)
	if err != nil {
		t.Fatal(err)
	}
	return open(Options{Faults: faults})
}

func named(name string) Credential {
	for _, c := range credentials() {
		if c.Name == name {
			return c
		}
	}
	panic("no credential " + name)
}

var jtis atomic.Int64

func sign(t testing.TB, c Credential, claims jwt.MapClaims) string {
	t.Helper()
	all := jwt.MapClaims{"sub": "test", "appId": c.ClientID, "jti": "jti-" + strconv.FormatInt(jtis.Add(1), 10)}
	for k, v := range claims {
		if v == nil {
			delete(all, k)
			continue
		}
		all[k] = v
	}
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, all).SignedString([]byte(c.Secret))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func ask(t testing.TB, w *World, method, path, token, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if token != "" {
		r.Header.Set("auth", token)
	}
	rec := httptest.NewRecorder()
	w.Handler().ServeHTTP(rec, r)
	return rec
}

// post asks with the first credential.
func post(t testing.TB, w *World, path, body string) *httptest.ResponseRecorder {
	t.Helper()
	return ask(t, w, http.MethodPost, path, sign(t, named("retail"), nil), body)
}

const (
	pathSessions = "/api/public/bot/" + string(retailBot) + "/getSessions"
	pathV1       = "/api/public/bot/" + string(retailBot) + "/getMessages"
	pathV2       = "/api/public/bot/" + string(retailBot) + "/getMessagesV2"
	pathLite     = "/api/public/bot/" + string(retailBot) + "/messages-lite"
	pathModels   = "/api/1.1/public/bot/" + string(retailBot) + "/getLLMUsageLogs"
)

type row = map[string]any

func decode(t testing.TB, rec *httptest.ResponseRecorder, into any) {
	t.Helper()
	if rec.Code != http.StatusOK {
		t.Fatalf("HTTP %d: %s", rec.Code, rec.Body)
	}
	if err := json.Unmarshal(rec.Body.Bytes(), into); err != nil {
		t.Fatalf("%v in %.200s", err, rec.Body)
	}
}

type sessionsAnswer struct {
	Total   int      `json:"total"`
	More    bool     `json:"moreAvailable"`
	Rows    []row    `json:"sessions"`
	Invalid []string `json:"invalidSessions"`
}

type messagesAnswer struct {
	Total int   `json:"total"`
	More  bool  `json:"moreAvailable"`
	Rows  []row `json:"messages"`
}

func readSessions(t testing.TB, w *World, path, body string) sessionsAnswer {
	t.Helper()
	var out sessionsAnswer
	decode(t, post(t, w, path, body), &out)
	return out
}

func readMessages(t testing.TB, w *World, path, body string) messagesAnswer {
	t.Helper()
	var out messagesAnswer
	decode(t, post(t, w, path, body), &out)
	return out
}

func readModels(t testing.TB, w *World, body string) []row {
	t.Helper()
	var out []row
	decode(t, post(t, w, pathModels, body), &out)
	return out
}

// dates writes a window that ends at the clock plus the offset.
func dates(length, before time.Duration) string {
	to := noon().Add(-before)
	return `"dateFrom":"` + stamp(to.Add(-length).UnixMilli()) + `","dateTo":"` + stamp(to.UnixMilli()) + `"`
}

const day = 24 * time.Hour
