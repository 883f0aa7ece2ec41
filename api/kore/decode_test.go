package kore

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"korescope/api"
)

func sessionFrom(body string) api.Session { return decodeSession(json.RawMessage(body)) }

func TestOddSessions(t *testing.T) {
	const id = `"sessionId":"68f1a3d04c7e2b9a5d10e3f7"`
	for _, c := range []struct {
		name, body string
		ok         func(api.Session) bool
	}{
		{"developer 1", `{` + id + `,"isDeveloper":1}`, func(s api.Session) bool { return s.Developer == api.Known(true) }},
		{"developer 0", `{` + id + `,"isDeveloper":0}`, func(s api.Session) bool { return s.Developer == api.Known(false) }},
		{"developer text", `{` + id + `,"isDeveloper":"true"}`, func(s api.Session) bool { return s.Developer == api.Known(true) }},
		{"developer absent", `{` + id + `}`, func(s api.Session) bool {
			return !s.Developer.Known && !s.Messages.Known && s.End.IsZero() && s.Unreadable == ""
		}},
		{"developer object", `{` + id + `,"isDeveloper":{}}`, func(s api.Session) bool { return !s.Developer.Known && s.Unreadable == "" }},
		{"nulls", `{` + id + `,"end_time":null,"session_lang":null,"containmentType":null,"sessionStatus":null,"tags":null,"noOfMessagesExchanged":null}`,
			func(s api.Session) bool {
				return s.Unreadable == "" && s.Languages == nil && s.Containment == "" && !s.Messages.Known && s.End.IsZero()
			}},
		{"lower case containment", `{` + id + `,"containmentType":"selfservice"}`, func(s api.Session) bool { return s.Containment == api.SelfService }},
		{"new containment", `{` + id + `,"containmentType":"deflected"}`, func(s api.Session) bool { return s.Containment == "deflected" }},
		{"numbers as text", `{` + id + `,"noOfMessagesExchanged":"11","noOfTasksExecuted":2.0}`,
			func(s api.Session) bool { return s.Messages == api.Known(11) && s.Tasks == api.Known(2) }},
		{"a number that is none", `{` + id + `,"noOfMessagesExchanged":"many"}`, func(s api.Session) bool { return !s.Messages.Known && s.Unreadable == "" }},
		{"one language", `{` + id + `,"session_lang":"de"}`, func(s api.Session) bool { return len(s.Languages) == 1 && s.Languages[0] == "de" }},
		{"time without fraction", `{` + id + `,"start_time":"2025-10-17T02:02:56Z"}`, func(s api.Session) bool { return s.Start.Equal(time.Date(2025, 10, 17, 2, 2, 56, 0, time.UTC)) }},
		{"time without zone", `{` + id + `,"start_time":"2025-10-17T02:02:56.118"}`, func(s api.Session) bool { return s.Start.Nanosecond() == 118e6 }},
		{"time with a zone", `{` + id + `,"start_time":"2025-10-17T04:02:56.118+02:00"}`, func(s api.Session) bool { return s.Start.Hour() == 2 && s.Start.Location() == time.UTC }},
		{"time with a stray blank", `{` + id + `,"start_time":"2025-10-17 T02:02:56.118Z"}`, func(s api.Session) bool { return s.Start.Hour() == 2 }},
		{"time as epoch", `{` + id + `,"start_time":1760666576118}`, func(s api.Session) bool { return s.Start.UnixMilli() == 1760666576118 }},
		{"time that is none", `{` + id + `,"start_time":"yesterday","channel":"rtm"}`, func(s api.Session) bool {
			return strings.Contains(s.Unreadable, "start_time") && s.ID != "" && s.Channel == "rtm"
		}},
		{"id above 2^53", `{"sessionId":9007199254740993123}`, func(s api.Session) bool { return s.ID == "9007199254740993123" }},
		{"no id", `{"channel":"rtm"}`, func(s api.Session) bool { return s.Unreadable != "" && s.Channel == "rtm" }},
		{"keys in another case", `{"SessionID":"a","START_TIME":"2025-10-17T02:02:56Z"}`, func(s api.Session) bool { return s.ID == "a" && !s.Start.IsZero() }},
		{"extra fields", `{` + id + `,"brandNew":{"a":[1]},"channel":"rtm"}`, func(s api.Session) bool { return s.Unreadable == "" && s.Channel == "rtm" }},
		{"twice the same key", `{` + id + `,"channel":"a","channel":"b"}`, func(s api.Session) bool { return s.Channel == "b" }},
		{"tags of all types", `{` + id + `,"tags":{"userTags":[{"name":"a","value":"x"},{"name":"b","value":true},{"name":"c","value":{"d":[1]}},{"name":"e"},7],"sessionTags":{}}}`,
			func(s api.Session) bool {
				return len(s.UserTags) == 4 && string(s.UserTags[2].Value) == `{"d":[1]}` && s.UserTags[3].Value == nil && s.SessionTags == nil
			}},
		{"a text", `"hello"`, func(s api.Session) bool { return s.Unreadable != "" }},
		{"null", `null`, func(s api.Session) bool { return s.Unreadable != "" }},
		{"a list", `[1]`, func(s api.Session) bool { return s.Unreadable != "" }},
	} {
		s := sessionFrom(c.body)
		if !c.ok(s) || string(s.Raw) != c.body {
			t.Errorf("%s: %+v", c.name, s)
		}
	}
}

// A bad row stands in the list as unreadable, and its neighbours are read.
func TestABadRowHarmsNoNeighbour(t *testing.T) {
	s := from(t, "sessions-odd.json")
	got := sessionsOf(s.client(t), october())
	bad := 0
	for _, one := range got.items {
		if one.Unreadable != "" {
			bad++
		}
		if len(one.Raw) == 0 {
			t.Errorf("%s lost its row", one.ID)
		}
	}
	if got.err != nil || len(got.items) != 6 || bad != 3 {
		t.Errorf("%d rows, %d unreadable, %v", len(got.items), bad, got.err)
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{`{}`, `[]`, `null`, `{"components":[{"data":{"text":"{"}}]}`, `{"Payload Details":{"Response Payload":[[[]]]}}`, `{"start_time":1e400}`} {
		f.Add(s)
	}
	// Recorded answers and their rows are what most of the mutants are made from.
	names, err := filepath.Glob(filepath.Join("..", "..", "testdata", "api", "*.json"))
	if err != nil || len(names) == 0 {
		f.Fatal(names, err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
		for _, row := range listRows(b) {
			f.Add(string(row))
		}
	}
	f.Fuzz(func(t *testing.T, s string) {
		raw := json.RawMessage(s)
		_ = readSpeech(raw) // any body may be a refusal
		if !json.Valid(raw) {
			return
		}
		m, c := decodeMessage(raw), decodeCall(raw)
		_, _, _, _ = decodeSession(raw), decodeBilled(raw), decodeBot(raw), decodeChange(raw)
		_, _, _ = decodeLine(raw, api.LogQuery{}), decodeRoles(raw), decodeStep(raw)
		for _, kind := range api.MetricKinds() {
			_ = decodeMetric(raw, kind)
		}
		if r, ok := readRow(raw); ok {
			_, _ = decodeRun(r, api.TestRun{}), decodeImport(r, "n")
			for _, kind := range []api.JobKind{api.BillingJob, api.ContainmentJob, api.PublishJob, api.ImportJob, api.ExportJob, api.EraseJob} {
				_ = decodeJob(kind, r)
			}
		}
		if m.ID == "" || c.ID == "" {
			t.Errorf("no identity for %s", s)
		}
	})
}

// listRows are the rows of the lists in an answer.
func listRows(b []byte) []json.RawMessage {
	var answer map[string]json.RawMessage
	if json.Unmarshal(b, &answer) != nil {
		return nil
	}
	var out []json.RawMessage
	for _, v := range answer {
		var rows []json.RawMessage
		if json.Unmarshal(v, &rows) == nil {
			out = append(out, rows[:min(len(rows), 3)]...)
		}
	}
	return out
}
