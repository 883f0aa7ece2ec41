package sim

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"korescope/api"
)

func TestModelRowsHaveTheOddKeys(t *testing.T) {
	w, _ := newWorld(t, open(Options{}))
	raw := post(t, w, pathModels, `{"limit":"200",`+dates(day, 0)+`}`).Body.String()
	if !strings.HasPrefix(raw, `[{"Prompt Name":`) {
		t.Errorf("no bare array: %.40s", raw)
	}
	rows := readModels(t, w, `{"limit":"200",`+dates(day, 0)+`}`)
	for _, key := range []string{
		"Prompt Name", "Integration", "start Date", "End Date", "Time Taken", "statusCode", "Bot ID", "User ID",
		"Feature Name ", "Model Name", "Channel Name", "Description", "task Id", "Status",
	} {
		for i, r := range rows {
			if _, ok := r[key]; !ok {
				t.Fatalf("row %d has no key %q", i, key)
			}
		}
	}
	for _, r := range rows {
		from, err1 := time.Parse(time.RFC3339Nano, r["start Date"].(string))
		to, err2 := time.Parse(time.RFC3339Nano, r["End Date"].(string))
		if err1 != nil || err2 != nil || float64(to.Sub(from).Milliseconds()) != r["Time Taken"] {
			t.Fatalf("time taken %v is not %v to %v", r["Time Taken"], from, to)
		}
	}
}

func TestModelPages(t *testing.T) {
	w, _ := newWorld(t, open(Options{}))
	want := notOfDevelopers(w.Truth().Calls(retailBot, api.Between(noon().Add(-3*day), noon().Add(time.Millisecond))))
	got := 0
	last := "9"
	for skip := 0; skip < 10*len(want); skip += 50 {
		rows := readModels(t, w, fmt.Sprintf(`{"limit":50,"skip":"%d",%s}`, skip, dates(3*day, 0)))
		for i, r := range rows {
			start := r["start Date"].(string)
			if start > last || got+i < len(want) && start != stamp(want[got+i].Start.UnixMilli()) {
				t.Fatalf("row %d starts %s, the truth says %v", got+i, start, want[got+i].Start)
			}
			last = start
		}
		got += len(rows)
		if len(rows) < 50 {
			break
		}
	}
	if got != len(want) {
		t.Errorf("%d rows, want %d", got, len(want))
	}
}

// notOfDevelopers is what comes when nobody asks for developers' calls.
func notOfDevelopers(of []CallTruth) []CallTruth {
	return slices.DeleteFunc(of, func(c CallTruth) bool { return c.Developer })
}

// TestModelCallsOfDevelopers: left out unless asked for, then beside the others.
func TestModelCallsOfDevelopers(t *testing.T) {
	w, _ := newWorld(t, open(Options{}))
	all := w.Truth().Calls(retailBot, api.Between(noon().Add(-3*day), noon().Add(time.Millisecond)))
	every := len(all)
	usual := len(notOfDevelopers(all))
	if usual == every {
		t.Fatal("no developer made a call")
	}
	for asked, want := range map[string]int{"": usual, `"isDeveloper":false,`: usual, `"isDeveloper":null,`: usual, `"isDeveloper":true,`: every} {
		if got := len(readModels(t, w, `{"limit":"10000",`+asked+dates(3*day, 0)+`}`)); got != want {
			t.Errorf("%s %d rows, want %d", asked, got, want)
		}
	}
}

// TestModelCallsOfAUser: as rows name one, and as the channel does.
func TestModelCallsOfAUser(t *testing.T) {
	w, _ := newWorld(t, open(Options{}))
	all := readModels(t, w, `{"limit":"10000",`+dates(3*day, 0)+`}`)
	u := person(w.bot(retailBot), 7)
	want := 0
	for _, r := range all {
		if r["User ID"] == u.id {
			want++
		}
	}
	for asked, want := range map[string]int{
		`"userIds":["` + u.id + `"]`: want, `"channelUserIds":["` + u.mail + `"]`: want, `"channelUserIds":["x","` + u.phone + `"]`: want,
		`"channelUserIds":["` + u.id + `"]`: 0, `"channelUserIds":["nobody@example.test"]`: 0, `"channelUserIds":[]`: len(all),
	} {
		if got := len(readModels(t, w, `{"limit":"10000",`+asked+`,`+dates(3*day, 0)+`}`)); got != want || want == 0 && got > 0 {
			t.Errorf("%s: %d rows, want %d", asked, got, want)
		}
	}
	if want == 0 || want == len(all) {
		t.Errorf("%d of %d rows are the user's", want, len(all))
	}
}

// TestModelPagesOfABusyWorld: many conversations at once, so that the rows of a
// page come from interleaved sessions and the walk may not stop too early.
func TestModelPagesOfABusyWorld(t *testing.T) {
	w, _ := newWorld(t, open(Options{Sessions: 40_000}))
	want := notOfDevelopers(w.Truth().Calls(retailBot, api.Between(noon().Add(-20*time.Minute), noon().Add(time.Millisecond))))
	for skip := 0; skip < 400; skip += 20 {
		for i, r := range readModels(t, w, fmt.Sprintf(`{"limit":20,"skip":%d,%s}`, skip, dates(20*time.Minute, 0))) {
			if start := stamp(want[skip+i].Start.UnixMilli()); r["start Date"] != start {
				t.Fatalf("row %d starts %s, the truth says %s", skip+i, r["start Date"], start)
			}
		}
	}
}

func TestModelQueries(t *testing.T) {
	w, c := newWorld(t, open(Options{}))
	all := len(readModels(t, w, `{"limit":"5000",`+dates(day, 0)+`}`))
	for name, body := range map[string]string{
		"limit as number":      `{"limit":5000,` + dates(day, 0) + `}`,
		"times without a zone": `{"limit":"5000","dateFrom":"2025-10-16T12:00:00","dateTo":"2025-10-17T12:00:00"}`,
		"unknown session ids":  `{"limit":"5000","sessionIds":["x"],` + dates(day, 0) + `}`,
	} {
		if got := len(readModels(t, w, body)); got != all {
			t.Errorf("%s: %d rows, want %d", name, got, all)
		}
	}
	if got := len(readModels(t, w, `{"limit":"5000","taskId":"`+refundNode().task+`",`+dates(day, 0)+`}`)); got == 0 || got >= all {
		t.Errorf("task: %d of %d rows", got, all)
	}
	slow := readModels(t, w, `{"limit":"20","sort":{"field":"Time Taken","order":"desc"},`+dates(day, 0)+`}`)
	if !slices.IsSortedFunc(slow, func(a, b row) int { return int(b["Time Taken"].(float64) - a["Time Taken"].(float64)) }) {
		t.Error("not sorted by time taken")
	}
	hits, _ := newWorld(t, Options{Strict: Strict{LLMHits: true}})
	if body := post(t, hits, pathModels, `{"limit":"1",`+dates(day, 0)+`}`).Body.String(); !strings.HasPrefix(body, `{"hits":[{`) {
		t.Errorf("wrapper: %.30s", body)
	}
	late, _ := newWorld(t, open(Options{Strict: Strict{LLMDelay: true}}))
	c.move(0)
	for _, r := range readModels(t, late, `{"limit":"5000",`+dates(day, 0)+`}`) {
		if r["End Date"].(string) > stamp(noon().Add(-45*time.Second).UnixMilli()) {
			t.Fatalf("a row of %v appeared at once", r["End Date"])
		}
	}
}

// TestModelShapes: item 10 of section 29, each shape at least once.
func TestModelShapes(t *testing.T) {
	w, _ := newWorld(t, open(Options{}))
	rows := readModels(t, w, `{"limit":"10000",`+dates(14*day, 0)+`}`)
	found := map[string]int{}
	seconds := map[string]int{}
	for _, r := range rows {
		for _, name := range shapesOf(r) {
			found[name]++
		}
		seconds[r["start Date"].(string)[:19]]++
	}
	for _, n := range seconds {
		if n > 1 {
			found["same second"]++
		}
	}
	for _, name := range []string{
		"openai", "azure filters", "anthropic", "converse", "hosted object", "plain string", "array of chunks", "null response", "gateway text", "error object",
		"status 429", "status 500", "status 504", "no payload", "no tokens", "no session", "session", "guardrails Detected", "guardrails Not Detected",
		"JSON content", "broken fragment", "cut", "tool result", "Feature", "top payload", "max_tokens 1024", "max_tokens 512", "same second",
	} {
		if found[name] == 0 {
			t.Errorf("no row with: %s", name)
		}
	}
	if found["session"] < 3*found["no session"] {
		t.Errorf("%d rows name their session, %d do not", found["session"], found["no session"])
	}
}

func shapesOf(r row) []string {
	var out []string
	add := func(is bool, name string) {
		if is {
			out = append(out, name)
		}
	}
	_, hasSession := r["Session ID"]
	_, hasFeature := r["Feature"]
	_, onTop := r["Request Payload"]
	_, guarded := r["Outcome"]
	add(hasSession, "session")
	add(!hasSession, "no session")
	add(hasFeature, "Feature")
	add(onTop, "top payload")
	add(guarded, fmt.Sprint("guardrails ", r["Outcome"]))
	add(r["Status"] == "Failure", fmt.Sprint("status ", r["statusCode"]))
	details, ok := r["Payload Details"].(row)
	add(!ok && !onTop, "no payload")
	if !ok {
		return out
	}
	_, counted := details["Request Tokens"]
	add(!counted && r["Status"] == "Success", "no tokens")
	request, _ := json.Marshal(details["Request Payload"])
	add(strings.Contains(string(request), `\n\n{"`), "broken fragment")
	add(strings.Contains(string(request), `"role":"tool"`), "tool result")
	add(strings.Contains(string(request), `"max_tokens":1024`), "max_tokens 1024")
	add(strings.Contains(string(request), `"max_tokens":512`), "max_tokens 512")
	return append(out, responseShapes(details)...)
}

func responseShapes(details row) []string {
	response, present := details["Response Payload"]
	switch v := response.(type) {
	case nil:
		if present {
			return []string{"null response"}
		}
	case string:
		if strings.HasPrefix(v, "upstream") {
			return []string{"gateway text"}
		}
		return []string{"plain string"}
	case []any:
		return []string{"array of chunks"}
	case row:
		whole := text2(v)
		var out []string
		for name, part := range map[string]string{
			"openai": `"object":"chat.completion"`, "azure filters": `"prompt_filter_results"`, "anthropic": `"stop_reason":"end_turn"`,
			"hosted object": `"engine":"XO-GPT"`, "converse": `"stopReason":"end_turn"`, "error object": `"error":{`, "cut": `"finish_reason":"length"`, "JSON content": `"content":"{\"bot\"`,
		} {
			if strings.Contains(whole, part) {
				out = append(out, name)
			}
		}
		return out
	}
	return nil
}

func text2(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// TestACutAnswerIsNoJSON: the story of the incident in one row.
func TestACutAnswerIsNoJSON(t *testing.T) {
	w, _ := newWorld(t, open(Options{}))
	for _, r := range readModels(t, w, `{"limit":"500",`+dates(time.Hour, 0)+`}`) {
		details, _ := r["Payload Details"].(row)
		response, _ := details["Response Payload"].(row)
		choices, _ := response["choices"].([]any)
		if len(choices) == 0 || choices[0].(row)["finish_reason"] != "length" {
			continue
		}
		content := choices[0].(row)["message"].(row)["content"].(string)
		if json.Valid([]byte(content)) || !strings.HasPrefix(content, `{"bot":"`) || details["Response Tokens"] != float64(512) {
			t.Fatalf("cut answer: tokens %v, content %.80s", details["Response Tokens"], content)
		}
		return
	}
	t.Fatal("no cut answer in the last hour")
}
