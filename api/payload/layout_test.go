package payload_test

import (
	"testing"

	"korescope/api/payload"
)

func TestLayout(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"words", "words"},
		{`{"b":1,"a":"<\u00fc>"}`, "{\n  \"b\": 1,\n  \"a\": \"<\\u00fc>\"\n}"},
		{"```json\n{\"bot\":\"ok\"}\n```", "```json\n{\n  \"bot\": \"ok\"\n}\n```"},
		{`{"bot":"ok"} Hope this helps!`, "{\n  \"bot\": \"ok\"\n}\nHope this helps!"},
		{"Here:\n{\"bot\":\"ok\"}", "Here:\n{\n  \"bot\": \"ok\"\n}"},
		{`{'bot': 'ok', 'x': None}`, `{'bot': 'ok', 'x': None}`},
		{`{"bot":"Which`, `{"bot":"Which`},
		{"[Try again] or [leave]", "[Try again] or [leave]"},
		{"{}", "{}"},
		{"", ""},
	} {
		if got := payload.Layout(tt.in); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestMembers(t *testing.T) {
	got, ok := payload.Members("```json\n{\"z\":1,\"a\":\"x\",\"m\":[1, 2]}\n```")
	want := []payload.Setting{{Name: "z", Value: "1"}, {Name: "a", Value: "x"}, {Name: "m", Value: "[1,2]"}}
	if !ok || len(got) != len(want) || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("%v, %v", got, ok)
	}
	if _, ok := payload.Members("words"); ok {
		t.Error("words have members")
	}
}
