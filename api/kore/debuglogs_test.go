package kore

import (
	"encoding/json"
	"testing"
	"time"

	"korescope/api"
)

func TestDecodeDebugLine(t *testing.T) {
	q := api.LogQuery{Identity: "asked-identity", Channel: "twiliosms"}
	at := time.Date(2025, 10, 16, 22, 2, 58, 258e6, time.UTC)
	for name, c := range map[string]struct {
		row  string
		want api.DebugLine
	}{
		"voice": {
			`{"timestamp":"2025-10-16T22:02:58.258Z","nomatch_count":"0","debugTitle":"AskOrder","debugLevel":"Warning","debugMessage":"no input","metaInfo":{"channel":"ivrVoice","identity":"call-000911"}}`,
			api.DebugLine{Time: at, Level: "warning", Title: "AskOrder", Message: "no input", Channel: "ivrVoice", Identity: "call-000911"},
		},
		"session of the identity": {
			`{"timestamp":"2025-10-16T22:02:58.258Z","metaInfo":{"channel":"smartassist","identity":"64c0ffee0123456789abcdef/smartassist/68f1a3d04c7e2b9a5d10e3f7"}}`,
			api.DebugLine{Time: at, Channel: "smartassist", Identity: "64c0ffee0123456789abcdef/smartassist/68f1a3d04c7e2b9a5d10e3f7", Session: "68f1a3d04c7e2b9a5d10e3f7"},
		},
		"an account is no session": {
			`{"timestamp":"2025-10-16T22:02:58.258Z","metaInfo":{"identity":"64c0ffee0123456789abcdef/+4912345"}}`,
			api.DebugLine{Time: at, Channel: "twiliosms", Identity: "64c0ffee0123456789abcdef/+4912345"},
		},
		"JSON text, session nearest to the top": {
			`{"timestamp":"2025-10-16T22:02:58.258Z","debugDetail":" {\"history\":[{\"sessionId\":\"68f1a3d04c7e2b9a5d10e300\"}],\"sessionId\":\"68f1a3d04c7e2b9a5d10e3f7\"}"}`,
			api.DebugLine{
				Time: at, Channel: "twiliosms", Identity: "asked-identity", Session: "68f1a3d04c7e2b9a5d10e3f7",
				Detail: json.RawMessage(`{"history":[{"sessionId":"68f1a3d04c7e2b9a5d10e300"}],"sessionId":"68f1a3d04c7e2b9a5d10e3f7"}`),
			},
		},
		"a value that only looks like the key": {
			`{"timestamp":"2025-10-16T22:02:58.258Z","debugDetail":"{\"a\":\"sessionId\",\"b\":\"68f1a3d04c7e2b9a5d10e3f7\",\"sessionId\":{\"x\":\"68f1a3d04c7e2b9a5d10e300\"}}"}`,
			api.DebugLine{
				Time: at, Channel: "twiliosms", Identity: "asked-identity",
				Detail: json.RawMessage(`{"a":"sessionId","b":"68f1a3d04c7e2b9a5d10e3f7","sessionId":{"x":"68f1a3d04c7e2b9a5d10e300"}}`),
			},
		},
		"quoted text": {
			`{"timestamp":"2025-10-16T22:02:58.258Z","debugDetail":"\"done\""}`,
			api.DebugLine{Time: at, Channel: "twiliosms", Identity: "asked-identity", Detail: json.RawMessage(`"done"`)},
		},
		"text that is no JSON": {
			`{"timestamp":"2025-10-16T22:02:58.258Z","debugDetail":"{not json"}`,
			api.DebugLine{Time: at, Channel: "twiliosms", Identity: "asked-identity", Detail: json.RawMessage(`"{not json"`)},
		},
		"a number stays text": {
			`{"timestamp":"2025-10-16T22:02:58.258Z","debugDetail":"17"}`,
			api.DebugLine{Time: at, Channel: "twiliosms", Identity: "asked-identity", Detail: json.RawMessage(`"17"`)},
		},
		"an object": {
			`{"timestamp":"2025-10-16T22:02:58.258Z","debugDetail":{"a":1}}`,
			api.DebugLine{Time: at, Channel: "twiliosms", Identity: "asked-identity", Detail: json.RawMessage(`{"a":1}`)},
		},
		"only the gateway's detail": {
			`{"timestamp":"2025-10-16T22:02:58.258Z","debugDetail":null,"VGdebugDetail":{"dialect":"en-US"}}`,
			api.DebugLine{Time: at, Channel: "twiliosms", Identity: "asked-identity", Detail: json.RawMessage(`{"dialect":"en-US"}`)},
		},
		"no time": {
			`{"timestamp":"soon","debugMessage":"x"}`,
			api.DebugLine{Message: "x", Channel: "twiliosms", Identity: "asked-identity", Unreadable: "timestamp is not a time"},
		},
		"empty":         {`{}`, api.DebugLine{Channel: "twiliosms", Identity: "asked-identity", Unreadable: "timestamp is not a time"}},
		"not an object": {`"oops"`, api.DebugLine{Channel: "twiliosms", Identity: "asked-identity", Unreadable: "the row is not an object"}},
	} {
		got := decodeLine(json.RawMessage(c.row), q)
		if got.ID == "" || string(got.Raw) != c.row {
			t.Errorf("%s: id %q, row %s", name, got.ID, got.Raw)
		}
		got.ID, got.Raw = "", nil
		a, _ := json.Marshal(got)
		b, _ := json.Marshal(c.want)
		if string(a) != string(b) {
			t.Errorf("%s: read as\n%s, want\n%s", name, a, b)
		}
	}
}

// A detail that nests too deeply for anybody is kept as the text it is.
func TestDeepDetailStaysText(t *testing.T) {
	deep := ""
	for range maxDepth + 1 {
		deep += "["
	}
	for range maxDepth + 1 {
		deep += "]"
	}
	text, _ := json.Marshal(deep)
	l := decodeLine(json.RawMessage(`{"timestamp":"2025-10-16T22:02:58.258Z","debugDetail":`+string(text)+`}`), api.LogQuery{})
	if string(l.Detail) != string(text) {
		t.Errorf("%s", l.Detail)
	}
}
