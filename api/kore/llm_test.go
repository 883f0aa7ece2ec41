package kore

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"korescope/api"
)

func TestKeysOfModelCalls(t *testing.T) {
	const start = `"start Date":"2025-10-17T02:03:04.900Z"`
	for _, c := range []struct {
		name, body string
		ok         func(api.LLMCall) bool
	}{
		{"feature with a blank", `{` + start + `,"Feature Name ":"F"}`, func(c api.LLMCall) bool { return c.Feature == "F" }},
		{"feature without", `{` + start + `,"Feature Name":"F"}`, func(c api.LLMCall) bool { return c.Feature == "F" }},
		{"feature, short", `{` + start + `,"Feature":"F","Model":"M"}`, func(c api.LLMCall) bool { return c.Feature == "F" && c.Model == "M" }},
		{"tokens absent", `{` + start + `,"Payload Details":{"Response Payload":"hi"}}`, func(c api.LLMCall) bool {
			return !c.RequestTokens.Known && !c.ResponseTokens.Known && c.TokensFrom == ""
		}},
		{"tokens of the provider", `{` + start + `,"Payload Details":{"Response Payload":{"choices":[{"message":{"content":"b"},"finish_reason":"length"}],"usage":{"prompt_tokens":9,"completion_tokens":2}}}}`, func(c api.LLMCall) bool {
			return c.RequestTokens == api.Known(9) && c.TokensFrom == api.TokensOfProvider && c.Finish == "length" && c.Problem == "cut at 2 tokens"
		}},
		{"tokens zero", `{` + start + `,"Payload Details":{"Response Tokens":0}}`, func(c api.LLMCall) bool { return c.ResponseTokens == api.Known(0) }},
		{"nested payload", `{` + start + `,"Payload Details":{"Request Payload":{"a":1}}}`, func(c api.LLMCall) bool { return string(c.Request) == `{"a":1}` }},
		{"top level payload", `{` + start + `,"Request Payload":"a"}`, func(c api.LLMCall) bool { return string(c.Request) == `"a"` }},
		{"null payload", `{` + start + `,"Payload Details":{"Request Payload":null}}`, func(c api.LLMCall) bool { return c.Request == nil }},
		{"no details", `{` + start + `,"Payload Details":null}`, func(c api.LLMCall) bool { return c.Response == nil && c.Problem == "no answer" }},
		{"session", `{` + start + `,"Session ID":"s"}`, func(c api.LLMCall) bool { return c.Session == "s" && c.Joined == api.ByID }},
		{"no session", `{` + start + `}`, func(c api.LLMCall) bool { return c.Session == "" && c.Joined == api.NotJoined }},
		{"no start", `{"User ID":"u"}`, func(c api.LLMCall) bool { return c.Unreadable != "" && c.User == "u" && c.ID != "" }},
		{"one guardrail", `{` + start + `,"Configured Guardrails":"Toxicity","Outcome":"Detected","Risk Score":0.9}`,
			func(c api.LLMCall) bool {
				return len(c.Guardrails) == 1 && c.Guardrails[0] == api.Guardrail{Name: "Toxicity", Outcome: "Detected", Risk: api.Known(0.9)}
			}},
		{"guardrails", `{` + start + `,"Configured Guardrails":["A","B"],"Outcome":["Not Detected","Detected"],"Risk Score":["0.1"]}`,
			func(c api.LLMCall) bool {
				return len(c.Guardrails) == 2 && c.Guardrails[1].Outcome == "Detected" && !c.Guardrails[1].Risk.Known
			}},
		{"guardrail rows", `{` + start + `,"Configured Guardrails":[{"Name":"A","Outcome":"Detected","Risk Score":1}]}`,
			func(c api.LLMCall) bool { return len(c.Guardrails) == 1 && c.Guardrails[0].Risk == api.Known(1.0) }},
	} {
		if got := decodeCall(json.RawMessage(c.body)); !c.ok(got) {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func TestIdentityOfACall(t *testing.T) {
	base := `"start Date":"2025-10-17T02:03:04.900Z","User ID":"u","task Id":"dg","Description":"d","Time Taken":5`
	id := decodeCall(json.RawMessage(`{` + base + `}`)).ID
	if same := decodeCall(json.RawMessage(`{` + base + `,"Status":"Success"}`)).ID; same != id {
		t.Error("a field outside of the identity changed it")
	}
	for _, change := range []string{`"User ID":"v"`, `"start Date":"2025-10-17T02:03:04.901Z"`, `"task Id":"x"`, `"Description":"e"`, `"Time Taken":6`} {
		if other := decodeCall(json.RawMessage(`{` + base + `,` + change + `}`)).ID; other == id {
			t.Errorf("%s is the same call", change)
		}
	}
}

func TestModelCallsArePagedBySkipAsText(t *testing.T) {
	end := newClock().Now()
	const n = 230
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, a asked) {
		var skip, limit int
		if _, err := fmt.Sscan(a.body["skip"].(string)+" "+a.body["limit"].(string), &skip, &limit); err != nil {
			t.Error(err)
		}
		var rows []string
		for i := skip; i < min(skip+limit, n); i++ {
			rows = append(rows, fmt.Sprintf(`{"start Date":%q,"User ID":"u","Description":"d"}`, stamp(end.Add(-time.Duration(i+1)*time.Minute))))
		}
		answerJSON(w, 200, "["+strings.Join(rows, ",")+"]")
	})
	got := gather(s.client(t).LLMCalls(t.Context(), api.LLMQuery{Window: api.Last(24*time.Hour, end)}, api.Person))
	if got.err != nil || len(got.items) != n || s.count() != 5 {
		t.Errorf("%d rows in %d requests, %v", len(got.items), s.count(), got.err)
	}
}

func TestLongWindowsOfModelCallsAreSliced(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) { answerJSON(w, 200, "[]") })
	w := api.Last(200*24*time.Hour, s.clock.Now())
	got := gather(s.client(t).LLMCalls(t.Context(), api.LLMQuery{Window: w}, api.Person))
	if got.err != nil || s.count() != 3 || got.done != w {
		t.Errorf("%d requests, done %v, %v", s.count(), got.done, got.err)
	}
	for _, a := range s.all() {
		from, _ := time.Parse(time.RFC3339, a.body["dateFrom"].(string))
		to, _ := time.Parse(time.RFC3339, a.body["dateTo"].(string))
		if to.Sub(from) > 90*24*time.Hour {
			t.Errorf("asked from %v to %v", from, to)
		}
	}
}

// Model calls have no id of their own: what they are is made of their content. A
// platform that words the same row differently on every page must not be asked
// for ever.
func TestRowsThatNeverMatchEnd(t *testing.T) {
	n := 0
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) {
		n++
		rows := make([]string, 50)
		for i := range rows {
			rows[i] = fmt.Sprintf(`{"start Date":"2025-10-17T02:03:04.900Z","User ID":"u-1","task Id":"t","Description":"page %d row %d"}`, n, i)
		}
		if n%40 == 0 {
			rows = rows[:3]
		}
		answerJSON(w, 200, "["+strings.Join(rows, ",")+"]")
	})
	end := time.Date(2025, 10, 17, 12, 0, 0, 0, time.UTC)
	got := gather(s.client(t).LLMCalls(t.Context(), api.LLMQuery{Window: api.Last(24*time.Hour, end)}, api.Person))
	if s.count() > 2*lostMax || len(got.items) == 0 {
		t.Errorf("%d requests, %d rows, %v", s.count(), len(got.items), got.err)
	}
}
