package views

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"korescope/api"
)

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		panic(err)
	}
	return t
}

func fullSession() api.Session {
	return api.Session{
		ID: "68f1a3d04c7e2b9a5d10e3f7", Bot: "st-1", User: "pat@example.test", Channel: "rtm",
		Start: at("2025-10-17T02:02:56.118Z"), End: at("2025-10-17T02:05:12.904Z"),
		Languages: []string{"en", "de"}, Kind: "interactive", Containment: api.Agent, Status: "closed",
		Developer: api.Known(false), Messages: api.Known(11), Tasks: api.Known(0),
		UserTags:    []api.Tag{{Name: "tier", Value: json.RawMessage(`"gold"`)}},
		SessionTags: []api.Tag{{Name: "retries", Value: json.RawMessage("2")}, {Name: "env", Value: json.RawMessage("null")}, {Name: "odd"}},
	}
}

func fullCall() api.LLMCall {
	return api.LLMCall{
		ID: "c1", Session: "68f1a3d04c7e2b9a5d10e3f7", Joined: api.ByUserTime, User: "u-1",
		Start: at("2025-10-17T02:03:04.9Z"), End: at("2025-10-17T02:03:05.48Z"), TimeTaken: api.Known(int64(580)),
		Status: "Success", StatusCode: api.Known(200), Feature: "GenAI Node", Prompt: "Default",
		Integration: "OpenAI", Model: "GPT-4", Channel: "rtm", Task: "dg-1", Description: "Track order-Node",
		RequestTokens: api.Known(120), ResponseTokens: api.Known(31), Finish: "stop",
		Request: json.RawMessage(`{"b":1,"a":[1.50,"<&>"]}`), Response: json.RawMessage(`"cut`),
	}
}

func TestRecordsKeepKeysOrderAndNull(t *testing.T) {
	session := func(s api.Session) string { return record(t, SessionFields(), s) }
	message := func(m api.Message) string { return record(t, MessageFields(), m) }
	call := func(c api.LLMCall) string { return record(t, LLMFields(), c) }
	tests := map[string]struct{ got, want string }{
		"session": {session(fullSession()), `{"sessionId":"68f1a3d04c7e2b9a5d10e3f7","botId":"st-1","userId":"pat@example.test","channel":"rtm",` +
			`"startTime":"2025-10-17T02:02:56.118Z","endTime":"2025-10-17T02:05:12.904Z","durationMs":136786,"languages":["en","de"],` +
			`"sessionType":"interactive","containmentType":"agent","sessionStatus":"closed","final":true,"isDeveloper":false,` +
			`"messageCount":11,"taskCount":0,"userTags":[{"name":"tier","value":"gold"}],` +
			`"sessionTags":[{"name":"retries","value":2},{"name":"env","value":null},{"name":"odd","value":null}],"altText":null}`},
		"empty session": {session(api.Session{}), `{"sessionId":null,"botId":null,"userId":null,"channel":null,` +
			`"startTime":null,"endTime":null,"durationMs":null,"languages":null,` +
			`"sessionType":null,"containmentType":null,"sessionStatus":null,"final":false,"isDeveloper":null,` +
			`"messageCount":null,"taskCount":null,"userTags":null,"sessionTags":null,"altText":null}`},
		"session with empty lists": {session(api.Session{Languages: []string{}, UserTags: []api.Tag{}, Status: "active", Containment: api.SelfService}),
			`{"sessionId":null,"botId":null,"userId":null,"channel":null,` +
				`"startTime":null,"endTime":null,"durationMs":null,"languages":[],` +
				`"sessionType":null,"containmentType":"selfService","sessionStatus":"active","final":false,"isDeveloper":null,` +
				`"messageCount":null,"taskCount":null,"userTags":[],"sessionTags":null,"altText":null}`},
		"message": {message(api.Message{
			ID: "ms-1", Session: "s1", User: "u-1", Direction: api.FromBot, Time: at("2025-10-17T04:03:05.64+02:00"),
			Template: "button", More: 3, Task: "Refund", Latency: api.Latency{Total: api.Known(910), Bot: api.Known(655)},
			Channel: "rtm", Kind: api.KindTemplate, Text: "Again?\n<b>", Options: []api.Option{{Title: "Yes", Value: "y"}, {Title: "No"}},
			TraceID: "t-1", Language: "en",
		}), `{"messageId":"ms-1","sessionId":"s1","userId":"u-1","direction":"bot","time":"2025-10-17T02:03:05.640Z","channel":"rtm",` +
			`"kind":"template","text":"Again?\n<b>","options":["Yes","No"],"traceId":"t-1","language":"en","task":"Refund","latencyMs":910,"latency":{"asr":null,"bot":655,"tts":null,"total":910},"more":3}`},
		"empty message": {message(api.Message{}), `{"messageId":null,"sessionId":null,"userId":null,"direction":null,"time":null,"channel":null,` +
			`"kind":null,"text":null,"options":null,"traceId":null,"language":null,"task":null,"latencyMs":null,"latency":null,"more":null}`},
		"call": {call(fullCall()), `{"callId":"c1","sessionId":"68f1a3d04c7e2b9a5d10e3f7","joinedBy":"user+time",` +
			`"startTime":"2025-10-17T02:03:04.900Z","endTime":"2025-10-17T02:03:05.480Z","timeTakenMs":580,"status":"Success","statusCode":200,` +
			`"userId":"u-1","feature":"GenAI Node","promptName":"Default","integration":"OpenAI","model":"GPT-4","channel":"rtm","taskId":"dg-1",` +
			`"description":"Track order-Node","requestTokens":120,"responseTokens":31,"finishReason":"stop",` +
			`"request":{"b":1,"a":[1.50,"<&>"]},"response":"\"cut","problem":null,"tokensFrom":null,"guardrail":null,"messages":null,"answer":null}`},
		"empty call": {call(api.LLMCall{}), `{"callId":null,"sessionId":null,"joinedBy":null,` +
			`"startTime":null,"endTime":null,"timeTakenMs":null,"status":null,"statusCode":null,` +
			`"userId":null,"feature":null,"promptName":null,"integration":null,"model":null,"channel":null,"taskId":null,` +
			`"description":null,"requestTokens":null,"responseTokens":null,"finishReason":null,"request":null,"response":null,"problem":null,"tokensFrom":null,"guardrail":null,"messages":null,"answer":null}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if tt.got != tt.want {
				t.Errorf("got  %s\nwant %s", tt.got, tt.want)
			}
		})
	}
}

func record[T any](t *testing.T, fields []Field[T], v T) string {
	t.Helper()
	b, err := Record(fields, v, Env{})
	if err != nil {
		t.Fatal(err)
	}
	if !json.Valid(b) {
		t.Errorf("not valid: %s", b)
	}
	return string(b)
}

func TestPickTakesTheOrderAndNamesTheKnown(t *testing.T) {
	got, err := Pick(MessageFields(), []string{"text", " time ", "TEXT", ""})
	if err != nil {
		t.Fatal(err)
	}
	if names := Names(got); !reflect.DeepEqual(names, []string{"text", "time"}) {
		t.Errorf("picked %v", names)
	}
	_, err = Pick(MessageFields(), []string{"texte"})
	if ExitCode(err) != ExitUsage || !strings.Contains(err.Error(), `"texte"`) || !strings.Contains(err.Error(), "direction, time") {
		t.Errorf("unknown field: %v", err)
	}
	if all, _ := Pick(MessageFields(), nil); len(all) != 15 {
		t.Errorf("no names give %d fields", len(all))
	}
}

func TestColumnsAreInTheirPlaces(t *testing.T) {
	tests := map[string]struct{ got, want []string }{
		"sessions 80":  {Names(Columns(SessionFields(), 80)), []string{"startTime", "containmentType", "durationMs", "channel", "userId", "messageCount", "sessionId"}},
		"messages 80":  {Names(Columns(MessageFields(), 80)), []string{"time", "direction", "text"}},
		"messages 140": {Names(Columns(MessageFields(), 140)), []string{"time", "direction", "kind", "text", "sessionId", "channel"}},
		"llm 80":       {Names(Columns(LLMFields(), 80)), []string{"startTime", "promptName", "model", "timeTakenMs", "requestTokens", "responseTokens", "finishReason", "description"}},
	}
	for name, tt := range tests {
		if !reflect.DeepEqual(tt.got, tt.want) {
			t.Errorf("%s: %v", name, tt.got)
		}
	}
}

// Two fields at one place would make the order of columns depend on the table.
func TestPlacesAndNamesAreDistinct(t *testing.T) {
	check(t, "sessions", SessionFields())
	check(t, "messages", MessageFields())
	check(t, "llm", LLMFields())
}

func check[T any](t *testing.T, what string, fields []Field[T]) {
	t.Helper()
	var zero T
	seen := map[string]bool{}
	mark := func(key any) {
		s := what + " " + key.(string)
		if seen[s] {
			t.Errorf("%s is there twice", s)
		}
		seen[s] = true
	}
	for _, f := range fields {
		mark(f.Name)
		if f.At80 > 0 {
			mark("80/" + string(rune('A'+f.At80)))
		}
		if f.At140 > 0 {
			mark("140/" + string(rune('A'+f.At140)))
		}
		if f.Title.Empty() || f.Min <= 0 || f.Ideal > 0 && f.Ideal < f.Min {
			t.Errorf("%s %s: title %q, min %d, ideal %d", what, f.Name, f.Title, f.Min, f.Ideal)
		}
		for _, env := range []Env{{}, {Plain: true}} {
			if f.Show(zero, env).Text.Empty() {
				t.Errorf("%s %s: an absent value shows nothing", what, f.Name)
			}
		}
		if f.Compare != nil && f.Compare(zero, zero) != 0 {
			t.Errorf("%s %s: a value differs from itself", what, f.Name)
		}
	}
}

func TestShowForPeopleAndForScripts(t *testing.T) {
	people := Env{Now: at("2025-10-17T12:00:00Z"), Zone: time.FixedZone("CEST", 2*3600)}
	script := Env{Plain: true}
	s := fullSession()
	open := s
	open.Status = "active"
	tests := map[string]struct{ got, want string }{
		"start today":         {show(SessionFields(), "startTime", s, people), "04:02:56"},
		"start, script":       {show(SessionFields(), "startTime", s, script), "2025-10-17T02:02:56.118Z"},
		"start another day":   {show(SessionFields(), "startTime", s, Env{Now: at("2025-10-19T00:00:00Z")}), "Oct 17 02:02"},
		"start another year":  {show(SessionFields(), "startTime", s, Env{Now: at("2026-10-17T00:00:00Z")}), "2025-10-17"},
		"lasted":              {show(SessionFields(), "durationMs", s, people), "2:16"},
		"lasts still":         {show(SessionFields(), "durationMs", open, people), "2:16~"},
		"lasted, script":      {show(SessionFields(), "durationMs", s, script), "136786"},
		"no count":            {show(SessionFields(), "messageCount", api.Session{}, script), "?"},
		"count":               {show(SessionFields(), "messageCount", api.Session{Messages: api.Known(12310)}, people), "12,310"},
		"count, script":       {show(SessionFields(), "messageCount", api.Session{Messages: api.Known(12310)}, script), "12310"},
		"tags":                {show(SessionFields(), "sessionTags", s, people), "retries=2 env odd"},
		"no tags":             {show(SessionFields(), "sessionTags", api.Session{}, people), "-"},
		"payload":             {show(LLMFields(), "request", fullCall(), people), "24 B"},
		"payload, script":     {show(LLMFields(), "request", fullCall(), script), `{"b":1,"a":[1.50,"<&>"]}`},
		"finish":              {show(LLMFields(), "finishReason", api.LLMCall{Finish: "length"}, people), "CUT"},
		"finish, script":      {show(LLMFields(), "finishReason", api.LLMCall{Finish: "length"}, script), "length"},
		"joined":              {show(LLMFields(), "joinedBy", fullCall(), people), "by user+time"},
		"speaker of an event": {show(MessageFields(), "direction", api.Message{Direction: api.FromUser, Kind: api.KindEvent}, people), "event"},
		"its script form":     {show(MessageFields(), "direction", api.Message{Direction: api.FromUser, Kind: api.KindEvent}, script), "user"},
	}
	for name, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: got %q, want %q", name, tt.got, tt.want)
		}
	}
}

func show[T any](fields []Field[T], name string, v T, e Env) string {
	for _, f := range fields {
		if f.Name == name {
			return f.Show(v, e).Text.String()
		}
	}
	return "no such field"
}

func TestFlat(t *testing.T) {
	tests := map[string]struct {
		value  any
		text   string
		number bool
	}{
		"nil":         {nil, "", false},
		"word":        {"a,b", "a,b", false},
		"number":      {int64(-5), "-5", true},
		"bool":        {true, "true", false},
		"time":        {at("2025-10-17T02:02:56Z"), "2025-10-17T02:02:56.000Z", false},
		"list":        {[]string{"en", "de"}, "en,de", false},
		"empty list":  {[]string{}, "", false},
		"hard list":   {[]string{"a,b", "c"}, `["a,b","c"]`, false},
		"json":        {json.RawMessage(`{"a":1}`), `{"a":1}`, false},
		"broken json": {json.RawMessage(`{"a"`), `"{\"a\""`, false},
	}
	for name, tt := range tests {
		text, number := Flat(tt.value)
		if text != tt.text || number != tt.number {
			t.Errorf("%s: got %q, %v", name, text, number)
		}
	}
}

func TestAbsentSortsFirst(t *testing.T) {
	var msgs, dev, lasted Field[api.Session]
	for _, f := range SessionFields() {
		switch f.Name {
		case "messageCount":
			msgs = f
		case "isDeveloper":
			dev = f
		case "durationMs":
			lasted = f
		}
	}
	zero, one := api.Session{Messages: api.Known(0)}, api.Session{Messages: api.Known(1)}
	if msgs.Compare(api.Session{}, zero) >= 0 || msgs.Compare(zero, one) >= 0 || msgs.Compare(one, zero) <= 0 {
		t.Error("counts: unknown, 0, 1 expected")
	}
	no, yes := api.Session{Developer: api.Known(false)}, api.Session{Developer: api.Known(true)}
	if dev.Compare(api.Session{}, no) >= 0 || dev.Compare(no, yes) >= 0 {
		t.Error("developer: unknown, no, yes expected")
	}
	if lasted.Compare(api.Session{}, fullSession()) >= 0 {
		t.Error("an unknown length sorts first")
	}
}
