package api

import (
	"encoding/json"
	"testing"
)

func TestWhatALineSaysOfVoice(t *testing.T) {
	known := Known[int]
	for raw, want := range map[string]struct {
		heard   Heard
		no, mum Maybe[int]
	}{
		`{"nomatch_count":"0","noinput_count":"1"}`: {no: known(0), mum: known(1)},
		`{"nomatch_count":2}`:                       {no: known(2)},
		`{"nomatch_count":"","noinput_count":null}`: {},
		`{"VGdebugDetail":{"inputMessage":"hi","ASRVendor":"microsoft","ASRConfidence":0.87}}`: {heard: Heard{"hi", "microsoft", Known(0.87)}},
		`{"VGdebugDetail":"{\"inputMessage\":\"hi\",\"ASRConfidence\":\"0.5\"}"}`:              {heard: Heard{"hi", "", Known(0.5)}},
		`{"VGdebugDetail":{"inputMessage":7,"ASRVendor":"x"},"noinput_count":"many"}`:          {heard: Heard{Vendor: "x"}},
		`{"VGdebugDetail":null}`: {}, `{"VGdebugDetail":[1]}`: {}, `"words"`: {}, ``: {}, `{"VGdebugDetail":"dump"}`: {},
	} {
		d := DebugLine{Raw: json.RawMessage(raw)}
		if d.Voice() != want.heard || d.NoMatch() != want.no || d.NoInput() != want.mum {
			t.Errorf("%s: %+v %v %v", raw, d.Voice(), d.NoMatch(), d.NoInput())
		}
	}
}

// The gateway's detail is told apart from the engine's, and is not said twice.
func TestVoiceDetail(t *testing.T) {
	for name, c := range map[string]struct{ raw, detail, want string }{
		"both":                {`{"VGdebugDetail":{"b":2}}`, `{"a":1}`, `{"b":2}`},
		"both, one as text":   {`{"VGdebugDetail":"{\"b\":2}"}`, `{"a":1}`, `{"b":2}`},
		"the gateway's alone": {`{"VGdebugDetail":{"b":2}}`, `{"b":2}`, ""},
		"alone, as text":      {`{"VGdebugDetail":"{\"b\":2}"}`, `{"b":2}`, ""},
		"the engine's alone":  {`{"debugDetail":"x"}`, `"x"`, ""},
		"null":                {`{"VGdebugDetail":null}`, `{"a":1}`, ""},
		"no JSON in the text": {`{"VGdebugDetail":"words"}`, `{"a":1}`, ""},
		"not read":            {`{}`, ``, ""},
		"no object":           {`"x"`, `{"a":1}`, ""},
	} {
		l := DebugLine{Raw: []byte(c.raw)}
		if c.detail != "" {
			l.Detail = []byte(c.detail)
		}
		if got := string(l.VoiceDetail()); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
