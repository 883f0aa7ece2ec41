package views_test

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"korescope/api"
	"korescope/views"
)

func TestTagValue(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{``, ""}, {`null`, ""}, {`""`, ""}, {`"gold"`, "gold"}, {`"Grüße"`, "Grüße"}, {`"a\"b\\c"`, `a"b\c`},
		{`"\u00e9"`, "é"}, {`12`, "12"}, {`{"name":"gold"}`, `{"name":"gold"}`}, {`"cut`, `"cut`}, {`"`, `"`},
		{"\"bad \xff byte\"", "bad \ufffd byte"}, {"\"a\nb\"", "\"a\nb\""}, {`"a"b"`, `"a"b"`},
	} {
		if got := views.TagValue(api.Tag{Value: json.RawMessage(c.in)}); got != c.want {
			t.Errorf("%q is %q, want %q", c.in, got, c.want)
		}
	}
}

// What is read without decoding is what decoding gives.
func TestTagValueIsTheDecodedString(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := `"` + rapid.StringMatching(`([a-z é"\\\n]|\\n|\\u00e9){0,8}`).Draw(t, "in") + `"`
		want := raw
		var s string
		if json.Unmarshal([]byte(raw), &s) == nil {
			want = s
		}
		if got := views.TagValue(api.Tag{Value: json.RawMessage(raw)}); got != want {
			t.Fatalf("%q is %q, want %q", raw, got, want)
		}
	})
}
