package payload_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"korescope/api"
	"korescope/api/payload"
)

// everything is called with whatever comes; nothing may panic.
func everything(raw []byte) payload.Reading {
	c := api.LLMCall{Request: raw, Response: raw}
	r := payload.Read(c)
	payload.Show(c)
	payload.Apply(c)
	payload.Secrets(raw)
	payload.HideText(string(raw))
	payload.Split(string(raw))
	payload.Layout(string(raw))
	payload.Members(string(raw))
	payload.Strings(c, 1<<20)
	return r
}

func samples() []string {
	var out []string
	for _, all := range [][]answered{openAI(), anthropic(), google(), bedrock(), others()} {
		for _, tt := range all {
			out = append(out, tt.response)
			if tt.request != "" {
				out = append(out, tt.request)
			}
		}
	}
	return out
}

// Payloads that are cut anywhere, or changed in one byte: no panic, and what
// hides secrets leaves JSON valid.
func TestNoInputPanics(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	for _, s := range samples() {
		for range 5 {
			if s == "" {
				continue
			}
			b := []byte(s)
			everything(b[:dice.IntN(len(b)+1)])
			b[dice.IntN(len(b))] = `{}[]":,\0atnf `[dice.IntN(14)]
			everything(b)
			if json.Valid(b) && !json.Valid(payload.Hide(b)) {
				t.Fatalf("hiding breaks %s", b)
			}
			quoted, err := json.Marshal(string(b))
			if err != nil {
				t.Fatal(err)
			}
			everything(quoted)
		}
	}
	everything([]byte(strings.Repeat("[", 3000) + strings.Repeat("]", 3000)))
	everything([]byte(strings.Repeat(`{"message":`, 3000) + "1" + strings.Repeat("}", 3000)))
	everything([]byte(strings.Repeat("{", 20000)))
	everything([]byte(`{"choices":[{"index":999999999,"message":{"content":"a"}}]}`))
	everything([]byte(`[{"choices":[{"index":-1,"delta":{"content":"a"}}]}]`))
}

func FuzzRead(f *testing.F) {
	for _, s := range samples() {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		everything(raw)
		if json.Valid(raw) && !json.Valid(payload.Hide(raw)) {
			t.Fatalf("hiding breaks %q", raw)
		}
		var joined strings.Builder
		for _, p := range payload.Split(string(raw)) {
			joined.WriteString(p.Text)
		}
		if joined.String() != string(raw) {
			t.Fatalf("the pieces of %q are %q", raw, joined.String())
		}
	})
}

// What was said comes out as it was said, whatever the letters, in every shape.
func TestTextIsNeverAltered(t *testing.T) {
	for _, said := range []string{
		"c<3 && d>4 & <b>x</b>", "नमस्ते வணக்கம் తెలుగు ไทย", "👩‍👩‍👧 é e\u0301", "tab\tline\r\nnext\n\n", `quotes " and \ and \u003c`, "\u202eright\u202c\u200b", "  spaces  ",
		`{"b":1,"a":"<>"}`, "data: no stream", "a\u2028b", "null", "{not json", "\u0000\u0007",
	} {
		quoted, err := json.Marshal(said)
		if err != nil {
			t.Fatal(err)
		}
		for name, shape := range map[string]string{
			"chat": `{"choices":[{"message":{"content":%s},"finish_reason":"stop"}]}`, "parts": `{"choices":[{"message":{"content":[{"type":"text","text":%s}]}}]}`,
			"anthropic": `{"content":[{"type":"text","text":%s}],"stop_reason":"end_turn"}`, "gemini": `{"candidates":[{"content":{"parts":[{"text":%s}]}}]}`,
			"converse": `{"output":{"message":{"content":[{"text":%s}]}},"stopReason":"end_turn"}`, "titan": `{"results":[{"outputText":%s,"completionReason":"FINISH"}]}`,
			"cohere": `{"text":%s,"finish_reason":"COMPLETE"}`, "cohere 2": `{"message":{"content":[{"type":"text","text":%s}]},"finish_reason":"COMPLETE"}`,
			"mistral": `{"outputs":[{"text":%s}]}`, "llama": `{"generation":%s}`, "ollama": `{"response":%s,"done":true}`, "completion": `{"choices":[{"text":%s}]}`,
			"responses": `{"object":"response","status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":%s}]}]}`,
			"chunks":    `[{"choices":[{"delta":{"content":%s}}]},{"choices":[{"delta":{},"finish_reason":"stop"}]}]`, "hugging": `[{"generated_text":%s}]`,
		} {
			if got := payload.Read(api.LLMCall{Response: fmt.Appendf(nil, shape, quoted)}).Said(); got != said {
				t.Errorf("%s: %q became %q", name, said, got)
			}
		}
		for name, shape := range map[string]string{
			"chat": `{"messages":[{"role":"user","content":%s}]}`, "gemini": `{"contents":[{"role":"user","parts":[{"text":%s}]}]}`, "titan": `{"inputText":%s}`,
			"cohere": `{"message":%s}`, "prompt": `{"prompt":%s}`, "converse": `{"messages":[{"role":"user","content":[{"text":%s}]}]}`,
		} {
			asked := payload.Read(api.LLMCall{Request: fmt.Appendf(nil, shape, quoted)}).Asked
			if payload.Visible(said) && (len(asked) != 1 || asked[0].Text != said) {
				t.Errorf("request, %s: %q became %+v", name, said, asked)
			}
		}
		call := payload.Read(api.LLMCall{Response: fmt.Appendf(nil, `{"choices":[{"message":{"tool_calls":[{"function":{"name":"f","arguments":%s}}]}}]}`, quoted)}).Said()
		if call != "f("+said+")" {
			t.Errorf("arguments: %q became %q", said, call)
		}
	}
}

// A shape that is not known is never called empty, whatever it holds.
func TestUnknownShapesAreNotEmpty(t *testing.T) {
	dice := rand.New(rand.NewPCG(3, 4))
	var value func(depth int) any
	value = func(depth int) any {
		switch n := dice.IntN(8); {
		case depth == 0 || n < 3:
			return []any{"", "x", nil, 0, 1.5, true, false}[dice.IntN(7)]
		case n < 5:
			out := make([]any, dice.IntN(3))
			for i := range out {
				out[i] = value(depth - 1)
			}
			return out
		}
		out := map[string]any{}
		for i := range dice.IntN(4) {
			out[fmt.Sprintf("zz%d", i)] = value(depth - 1)
		}
		return out
	}
	for range 3000 {
		raw, err := json.Marshal(map[string]any{"zz": value(4), "yy": value(2)})
		if err != nil {
			t.Fatal(err)
		}
		if p := payload.Read(api.LLMCall{Response: raw}).Problem; strings.HasPrefix(p, "empty") {
			t.Fatalf("%s is called %q", raw, p)
		}
	}
	for _, raw := range []string{`{}`, `[]`, `{"result":{}}`, `{"output":{"x":1}}`, `[{"x":1}]`, `[[]]`, `false`, `0`, `{"choices":{}}`, `{"data":[]}`, `{"success":true}`, `{"candidates":{"x":1}}`} {
		if p := payload.Read(api.LLMCall{Response: []byte(raw)}).Problem; strings.HasPrefix(p, "empty") {
			t.Errorf("%s is called %q", raw, p)
		}
	}
	// In a known shape, anything of any kind in the place of the answer counts.
	for _, content := range []string{`0`, `false`, `{"x":1}`, `[{"type":"new_kind","x":1}]`, `[7]`, `"."`} {
		if content == `false` {
			continue
		}
		raw := `{"choices":[{"message":{"role":"assistant","content":` + content + `},"finish_reason":"stop"}]}`
		if p := payload.Read(api.LLMCall{Response: []byte(raw)}).Problem; p != "" {
			t.Errorf("%s is called %q", raw, p)
		}
	}
}
