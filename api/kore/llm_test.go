package kore

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
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

// A call is its whole row: whatever differs is another call, however the keys
// stand and whatever blanks there are. Rows equal byte for byte in one answer are
// as many calls; in another answer they are the same ones.
func TestIdentityOfACall(t *testing.T) {
	base := `"start Date":"2025-10-17T02:03:04.900Z","User ID":"u","task Id":"dg","Description":"d","Time Taken":5,"Payload Details":{"Request Payload":{"b":[1,{"y":2,"x":"\"{"}],"a":"\u003c"}}`
	id := decodeCall(json.RawMessage(`{` + base + `}`)).ID
	for _, same := range []string{
		`{ "Description" : "d","start Date":"2025-10-17T02:03:04.900Z","task Id":"dg","User ID":"u","Time Taken":5,"Payload Details":{"Request Payload":{"a":"\u003c","b":[1,{"x":"\"{","y":2}]}}}`,
		"{\n" + base + "\n}",
	} {
		if got := decodeCall(json.RawMessage(same)).ID; got != id {
			t.Errorf("another order of keys is another call: %s", same)
		}
	}
	for _, change := range []string{
		`"User ID":"v"`, `"start Date":"2025-10-17T02:03:04.901Z"`, `"task Id":"x"`, `"Description":"e"`, `"Time Taken":6`, `"Time Taken":"5"`,
		`"Payload Details":{"Request Payload":{"b":[{"y":2,"x":"\"{"},1],"a":"\u003c"}}`,
		`"Payload Details":{"Request Payload":{"b":[1,{"y":2,"x":"\"{"}],"a":"<"}}`, `"Status":"Success"`,
	} {
		key, _, _ := strings.Cut(change, ":")
		at := strings.Index(base, key)
		body := base + "," + change
		if at >= 0 {
			body = strings.Replace(base, base[at:at+len(key)], `"was"`, 1) + "," + change
		}
		if other := decodeCall(json.RawMessage(`{` + body + `}`)).ID; other == id {
			t.Errorf("%s is the same call", change)
		}
	}
	page := func(rows ...string) []api.LLMCall {
		a, err := parse([]byte("[" + strings.Join(rows, ",") + "]"))
		if err != nil {
			t.Fatal(err)
		}
		c, failed := a.calls("")
		if failed != nil {
			t.Fatal(failed)
		}
		return c.rows
	}
	row, other := `{`+base+`}`, `{"User ID":"w"}`
	twice, again := page(row, other, row, row), page(row, other)
	if twice[0].ID != id || twice[2].ID == id || twice[3].ID == twice[2].ID || again[0].ID != id || again[1].ID != twice[1].ID {
		t.Errorf("equal rows: %v, %v", twice, again)
	}
}

// No rows is known from an empty list only.
func TestNoCallsNeedsAnEmptyList(t *testing.T) {
	for body, want := range map[string]api.Kind{
		`[]`: api.KindUnknown, `{"hits":[]}`: api.KindUnknown, `{"hits":{"hits":[]}}`: api.KindUnknown,
		`{"hits":null}`: api.Unreadable, `{"hits":{}}`: api.Unreadable, `{"hits":7}`: api.Unreadable,
		`{"hits":{"hits":null}}`: api.Unreadable, `{"rows":[]}`: api.Encrypted,
	} {
		a, failed := parse([]byte(body))
		if failed != nil {
			t.Fatal(failed)
		}
		if _, err := a.calls(""); api.KindOf(err) != want {
			t.Errorf("%s: %v", body, err)
		}
	}
}

// What one row nests costs that row, with the reason that is true.
func TestADeepRowCostsItself(t *testing.T) {
	for _, depth := range []int{20, 62, 500, 600, 9500, 100000} {
		deep := strings.Repeat("[", depth) + "1" + strings.Repeat("]", depth)
		body := `[{"start Date":"2025-10-17T02:03:04.900Z","Description":"one"},
			{"start Date":"2025-10-17T02:03:04.900Z","Description":"deep","Session ID":"s","Payload Details":{"Request Payload":{"a":"[[","context":` + deep + `}}},
			{"start Date":"2025-10-17T02:03:04.900Z","Description":"two"}]`
		a, err := parse([]byte(body))
		if err != nil {
			t.Fatalf("%d: %v", depth, err)
		}
		c, failed := a.calls("")
		if failed != nil || len(c.rows) != 3 {
			t.Fatalf("%d: %d rows, %v", depth, len(c.rows), failed)
		}
		want := ""
		if depth > deepest {
			want = saidDeep
		}
		if d := c.rows[1]; d.Unreadable != want || d.Session != "s" || d.Request == nil || c.rows[0].Unreadable+c.rows[2].Unreadable != "" {
			t.Errorf("%d: unreadable %q, session %q", depth, d.Unreadable, d.Session)
		}
	}
}

// A guardrail's own row and a call that a guardrail looked at.
func TestGuardrailsOfACall(t *testing.T) {
	const start = `{"start Date":"2025-10-17T02:03:04.900Z",`
	for body, want := range map[string]string{
		`"Feature Name ":"Guardrails - Input","Outcome":"Detected","Risk Score":"0.93","Response Payload":""`:                          "guardrail detected 0.93",
		`"Feature Name ":"Guardrails - Input","Outcome":"Not Detected","Risk Score":0.02,"Response Payload":""`:                        "",
		`"Feature Name ":"Guardrails - Output","Outcome":"Not Applicable","Response Payload":[]`:                                       "",
		`"Configured Guardrails":"A, B","Outcome":"Not Detected, detected","Risk Score":"0.1, 0.7","Response Payload":"x"`:             "guardrail detected 0.7",
		`"Configured Guardrails":["A","B"],"Outcome":["Detected","Detected"],"Risk Score":[0.2,0.8],"Response Payload":"x"`:            "guardrail detected 0.8",
		`"Configured Guardrails":[{"Name":"A","Outcome":"Detected"}],"Response Payload":"x"`:                                           "guardrail detected",
		`"Configured Guardrails":["A","B"],"Outcome":"Detected","Risk Score":0.5,"statusCode":500,"Response Payload":{"error":"boom"}`: "provider error 500",
	} {
		if got := decodeCall(json.RawMessage(start + body + "}")); got.Problem != want {
			t.Errorf("%s: %q, want %q", body, got.Problem, want)
		}
	}
}

// Payloads in odd wrappings, numbers that are none.
func TestOddDetailsOfACall(t *testing.T) {
	for _, details := range []string{
		`{"Request Payload":{"a":1},"Request Tokens":3}`, `"{\"Request Payload\":{\"a\":1},\"Request Tokens\":\"3.0\"}"`,
		`[{"Request Payload":{"a":1},"Request Tokens":3,"Response Tokens":-1}]`,
	} {
		c := decodeCall(json.RawMessage(`{"start Date":"2025-10-17T02:03:04.900Z","Status":true,"statusCode":"200","Payload Details":` + details + `}`))
		if string(c.Request) != `{"a":1}` || c.RequestTokens != api.Known(3) || c.ResponseTokens.Known || c.Failed() {
			t.Errorf("%s: %s, %v, %v", details, c.Request, c.RequestTokens, c.ResponseTokens)
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

// A platform that turns no page by skip is paged by time, whatever order it has;
// what cannot be asked for is told.
func TestModelCallsArePagedByTimeWhereSkipBringsNothing(t *testing.T) {
	end := newClock().Now()
	type call struct {
		at time.Time
		no int
	}
	spread := func(n int, every time.Duration) (out []call) {
		for i := range n {
			out = append(out, call{end.Add(-time.Duration(i)*every - time.Second).Truncate(every), i})
		}
		return out
	}
	crowd := func(n int) (out []call) {
		for i := range n {
			out = append(out, call{end.Add(-time.Hour).Truncate(time.Second), i})
		}
		return append(out, spread(130, time.Minute)...)
	}
	for name, c := range map[string]struct {
		rows  []call
		order func(a, b call) int
		most  int // requests
		gaps  int
	}{
		"newest first":       {spread(230, time.Minute), func(a, b call) int { return b.at.Compare(a.at) }, 8, 0},
		"oldest first":       {spread(230, time.Minute), func(a, b call) int { return a.at.Compare(b.at) }, 8, 0},
		"in no order":        {spread(230, time.Minute), func(a, b call) int { return (a.no*7919)%230 - (b.no*7919)%230 }, 40, 0},
		"several a second":   {spread(400, 200*time.Millisecond), func(a, b call) int { return b.at.Compare(a.at) }, 20, 0},
		"forty in one":       {crowd(40), func(a, b call) int { return b.at.Compare(a.at) }, 12, 0},
		"too many in one":    {crowd(70), func(a, b call) int { return b.at.Compare(a.at) }, 60, 1},
		"twice the same row": {append(crowd(3), crowd(3)[:3]...), func(a, b call) int { return b.at.Compare(a.at) }, 8, 0},
	} {
		sorted := slices.SortedStableFunc(slices.Values(c.rows), c.order)
		s := serve(t, func(w http.ResponseWriter, _ *http.Request, a asked) {
			var limit int
			_, _ = fmt.Sscan(a.body["limit"].(string), &limit)
			from, _ := time.Parse(time.RFC3339, a.body["dateFrom"].(string))
			to, _ := time.Parse(time.RFC3339, a.body["dateTo"].(string))
			var rows []string
			for _, r := range sorted {
				if !r.at.Before(from) && !r.at.After(to) && len(rows) < limit {
					rows = append(rows, fmt.Sprintf(`{"start Date":%q,"User ID":"u","Description":"%d"}`, stamp(r.at), r.no))
				}
			}
			answerJSON(w, 200, "["+strings.Join(rows, ",")+"]")
		})
		client := s.client(t)
		got := gather(client.LLMCalls(t.Context(), api.LLMQuery{Window: api.Last(24*time.Hour, end)}, api.Person))
		want := len(c.rows)
		if c.gaps > 0 {
			want = CallPage + 129 // one of the others stands at that moment as well
		}
		if got.err != nil || len(got.items) != want || s.count() > c.most || len(got.gaps) != c.gaps || c.gaps == 0 && got.done.Zero() {
			t.Errorf("%s: %d of %d rows in %d requests, gaps %v, done %v, %v", name, len(got.items), want, s.count(), got.gaps, got.done, got.err)
		}
		if again := s.count(); c.gaps == 0 {
			got = gather(client.LLMCalls(t.Context(), api.LLMQuery{Window: api.Last(24*time.Hour, end)}, api.Person))
			if len(got.items) != want || s.count()-again > again {
				t.Errorf("%s again: %d rows in %d requests", name, len(got.items), s.count()-again)
			}
		}
	}
}
