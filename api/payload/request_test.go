package payload_test

import (
	"strings"
	"testing"

	"korescope/api"
	"korescope/api/payload"
)

// outline is a conversation in one line.
func outline(ms []payload.Message) string {
	var out []string
	for _, m := range ms {
		out = append(out, m.Role+": "+m.Text)
	}
	return strings.Join(out, " | ")
}

func settingsLine(r payload.Reading) string {
	var out []string
	for _, s := range r.Settings {
		out = append(out, s.Name+"="+s.Value)
	}
	return strings.Join(out, " ")
}

func TestRequestsOfEveryProvider(t *testing.T) {
	for _, tt := range []struct{ name, request, asked, settings string }{
		{
			"OpenAI chat", `{"model":"m","messages":[{"role":"developer","content":"Be calm."},{"role":"user","name":"pat","content":"hi"}],"top_p":1,"seed":4}`,
			"developer: Be calm. | user: hi", "model=m top_p=1 seed=4",
		},
		{
			"tools", `{"messages":[{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{\"b\":1,\"a\":\"c<3\"}"}}]},{"role":"tool","tool_call_id":"1","content":"{\"ok\":true}"}]}`,
			`assistant: function f({"b":1,"a":"c<3"}) | tool: {"ok":true}`, "",
		},
		{
			"contents that are no text", `{"messages":[{"role":"user","content":{"type":"text","text":"I am an object"}},{"role":"tool","content":{"berth":9,"free":true}},{"role":"tool","content":42},{"role":"user","content":["a","b"]},{"role":"tool","content":false},{"role":"user","content":[1,2]}]}`,
			"user: I am an object | tool: {\"berth\":9,\"free\":true} | tool: 42 | user: a\nb | tool: false | user: [1,2]", "",
		},
		{
			"odd turns cost themselves", `{"messages":[{"role":"system","content":"S"},"a bare turn",7,null,{"odd":{"x":1}},{"role":"user","content":"U"}]}`,
			`system: S | user: a bare turn | user: 7 | user: {"odd":{"x":1}} | user: U`, "",
		},
		{
			"a picture", `{"messages":[{"role":"user","content":[{"type":"text","text":"what is this"},{"type":"image_url","image_url":{"url":"http://x.example.test/a.png"}}]}]}`,
			"user: what is this\nimage_url {\"type\":\"image_url\",\"image_url\":{\"url\":\"http://x.example.test/a.png\"}}", "",
		},
		{"kept as a text", `"{\"model\":\"m\",\"messages\":[{\"role\":\"system\",\"content\":\"S\"},{\"role\":\"user\",\"content\":\"U\"}]}"`, "system: S | user: U", "model=m"},
		{"a list of messages", `[{"role":"system","content":"S"},{"role":"user","content":"U"}]`, "system: S | user: U", ""},
		{"messages kept as a text", `{"messages":"[{\"role\":\"user\",\"content\":\"U\"}]"}`, "user: U", ""},
		{"a text", `"Say hello"`, "prompt: Say hello", ""},
		{"Responses", `{"model":"m","instructions":"S","input":[{"role":"user","content":[{"type":"input_text","text":"U"}]},{"type":"function_call","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"c","output":"12"}]}`, "system: S | user: U | input: function_call f({}) | input: function_call_output 12", "model=m"},
		{"Responses, text", `{"input":"U","max_output_tokens":3}`, "input: U", "max_output_tokens=3"},
		{"embedding", `{"model":"m","input":["a","b"]}`, "input: a | input: b", "model=m"},
		{"Anthropic", `{"model":"c","system":[{"type":"text","text":"S","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":"any beans?"},{"role":"assistant","content":[{"type":"thinking","thinking":"Hm."},{"type":"tool_use","id":"t","name":"stock","input":{"z":1,"a":2}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"12 left"}]}]}],"max_tokens":5}`,
			`system: S | user: any beans? | reasoning: Hm. | assistant: tool_use stock({"z":1,"a":2}) | user: tool_result 12 left`, "model=c max_tokens=5"},
		{"Gemini", `{"systemInstruction":{"parts":[{"text":"S"}]},"contents":[{"role":"user","parts":[{"text":"U"}]},{"role":"model","parts":[{"functionCall":{"name":"f","args":{"b":"Plover"}}}]},{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"free":true}}}]}],"generationConfig":{"temperature":0.2,"maxOutputTokens":256}}`,
			`system: S | user: U | model: functionCall f({"b":"Plover"}) | user: functionResponse f {"free":true}`, "temperature=0.2 maxOutputTokens=256"},
		{"Gemini, one content", `{"contents":{"parts":[{"text":"U"}]}}`, "user: U", ""},
		{"Converse", `{"modelId":"m","system":[{"text":"S"}],"messages":[{"role":"user","content":[{"text":"U"}]},{"role":"assistant","content":[{"toolUse":{"toolUseId":"t","name":"f","input":{"a":1}}}]},{"role":"user","content":[{"toolResult":{"toolUseId":"t","content":[{"json":{"n":12}}]}}]}],"inferenceConfig":{"maxTokens":9}}`,
			`system: S | user: U | assistant: toolUse f({"a":1}) | user: toolResult {"n":12}`, "modelId=m maxTokens=9"},
		{"Bedrock, body as a text", `{"modelId":"m","body":"{\"prompt\":\"P\",\"max_gen_len\":4}"}`, "prompt: P", "max_gen_len=4 modelId=m"},
		{"Titan", `{"inputText":"P","textGenerationConfig":{"maxTokenCount":12}}`, "prompt: P", "maxTokenCount=12"},
		{"Cohere v1", `{"model":"command","message":"newest","preamble":"S","chat_history":[{"role":"USER","message":"hi"},{"role":"CHATBOT","message":"hello"}],"max_tokens":9}`, "system: S | USER: hi | CHATBOT: hello | user: newest", "model=command max_tokens=9"},
		{"Ollama", `{"model":"m","system":"S","prompt":"P","options":{"num_predict":4}}`, "system: S | prompt: P", "model=m num_predict=4"},
		{"PaLM", `{"instances":[{"context":"S","messages":[{"author":"user","content":"U"}]}],"parameters":{"maxOutputTokens":3}}`, "context: S | user: U", "maxOutputTokens=3"},
		{"Hugging Face", `{"inputs":"P","parameters":{"max_new_tokens":3}}`, "prompt: P", "max_new_tokens=3"},
		{"hosted by the platform", `{"query":"Q","instructions":"S","params":{"beam":4}}`, "system: S | query: Q", `params={"beam":4}`},
		{"nothing that is known", `{"rows":[["order","40718"]],"mode":"rank"}`, "", `rows=[["order","40718"]] mode=rank`},
		{"escapes are letters", `{"messages":[{"role":"tool","content":{"city":"M\u00fcnchen"}}],"x":{"a":"\u003c"}}`, `tool: {"city":"München"}`, `x={"a":"<"}`},
	} {
		r := payload.Read(api.LLMCall{Request: []byte(tt.request)})
		if got := outline(r.Asked); got != tt.asked {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.asked)
		}
		if got := settingsLine(r); got != tt.settings {
			t.Errorf("%s: settings %s, want %s", tt.name, got, tt.settings)
		}
	}
}

// Where JSON was asked, an answer that is none is told; where it was not, not.
func TestJSONThatWasAsked(t *testing.T) {
	answer := func(s string) string { return `{"choices":[{"message":{"content":` + s + `},"finish_reason":"stop"}]}` }
	for _, ask := range []string{
		`{"response_format":{"type":"json_object"}}`, `{"response_format":{"type":"json_schema","json_schema":{}}}`, `{"text":{"format":{"type":"json_schema"}}}`,
		`{"generationConfig":{"responseMimeType":"application/json"}}`, `{"generation_config":{"response_schema":{"type":"OBJECT"}}}`, `{"format":"json"}`, `{"format":{"type":"object"}}`,
	} {
		for text, want := range map[string]string{
			`"{\"bot\":\"ok\"}"`:           "",
			`"[1]"`:                        "",
			`"{\"bot\":\"Which"`:           "not JSON: it breaks off",
			`"{\"bot\":[{\"berth\":\"9\""`: "not JSON: it breaks off",
			`"{'bot': 'ok'}"`:              "not JSON",
			`"Sorry, no."`:                 "not JSON",
			"\"```json\\n{\\\"bot\\\":\\\"ok\\\"}\\n```\"": "not JSON: in a code fence",
			`"{\"bot\":\"ok\"} Hope this helps!"`:          "not JSON: words around it",
			`"Here you are:\n{\"bot\":\"ok\"}"`:            "not JSON: words around it",
			`{"bot":"ok"}`:                                 "",
		} {
			if got := payload.Read(api.LLMCall{Request: []byte(ask), Response: []byte(answer(text))}).Problem; got != want {
				t.Errorf("%s, %s: %q, want %q", ask, text, got, want)
			}
			if got := payload.Read(api.LLMCall{Request: []byte(`{"messages":[]}`), Response: []byte(answer(text))}).Problem; got != "" {
				t.Errorf("not asked, %s: %q", text, got)
			}
		}
		tool := payload.Read(api.LLMCall{Request: []byte(ask), Response: []byte(`{"choices":[{"message":{"content":null,"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}`)})
		if tool.Problem != "" {
			t.Errorf("a tool call: %q", tool.Problem)
		}
	}
}

func TestTheRowDecidesToo(t *testing.T) {
	detected := []api.Guardrail{{Name: "a", Outcome: "Not Detected", Risk: api.Known(0.1)}, {Name: "b", Outcome: "Detected", Risk: api.Known(0.93)}}
	const ok = `{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}]}`
	for _, tt := range []struct {
		name string
		call api.LLMCall
		want string
	}{
		{"status", api.LLMCall{StatusCode: api.Known(504)}, "provider error 504"},
		{"status and error", api.LLMCall{StatusCode: api.Known(429), Response: []byte(`{"error":{"message":"slow","code":"rate_limit_exceeded"}}`)}, "provider error 429"},
		{"what the request did wrong", api.LLMCall{StatusCode: api.Known(400), Response: []byte(`{"error":{"message":"Unsupported parameter","param":"max_tokens","code":"unsupported_parameter"}}`)}, "provider error 400: unsupported_parameter max_tokens"},
		{"filter", api.LLMCall{StatusCode: api.Known(400), Response: []byte(`{"error":{"code":"content_filter"}}`)}, "refused by content filter"},
		{"failure", api.LLMCall{Status: "Failure", Response: []byte(`"upstream timed out"`)}, "provider error"},
		{"guardrail", api.LLMCall{Guardrails: detected, Response: []byte(ok)}, "guardrail detected 0.93"},
		{"guardrail without a score", api.LLMCall{Guardrails: []api.Guardrail{{Outcome: "detected"}}, Response: []byte(ok)}, "guardrail detected"},
		{"guardrail that found nothing", api.LLMCall{Guardrails: detected[:1], Response: []byte(ok)}, ""},
		{"guardrail and an empty answer", api.LLMCall{Guardrails: detected, Response: []byte(`""`)}, "guardrail detected 0.93"},
	} {
		if got := payload.Read(tt.call).Problem; got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestWhoCountedTheTokens(t *testing.T) {
	const usage = `{"choices":[{"message":{"content":"b"},"finish_reason":"stop"}],"usage":{"prompt_tokens":614,"completion_tokens":74}}`
	for _, tt := range []struct {
		name     string
		in, out  api.Maybe[int]
		response string
		wantIn   api.Maybe[int]
		wantOut  api.Maybe[int]
		from     api.TokensFrom
	}{
		{"provider", api.Maybe[int]{}, api.Maybe[int]{}, usage, api.Known(614), api.Known(74), api.TokensOfProvider},
		{"platform wins", api.Known(5), api.Known(6), usage, api.Known(5), api.Known(6), api.TokensOfPlatform},
		{"also zero", api.Known(0), api.Known(0), usage, api.Known(0), api.Known(0), api.TokensOfPlatform},
		{"one is missing", api.Maybe[int]{}, api.Known(6), usage, api.Known(614), api.Known(6), api.TokensOfProvider},
		{"nobody", api.Maybe[int]{}, api.Maybe[int]{}, `"b"`, api.Maybe[int]{}, api.Maybe[int]{}, api.TokensOfNobody},
	} {
		c := payload.Apply(api.LLMCall{RequestTokens: tt.in, ResponseTokens: tt.out, Response: []byte(tt.response)})
		if c.RequestTokens != tt.wantIn || c.ResponseTokens != tt.wantOut || c.TokensFrom != tt.from {
			t.Errorf("%s: %v, %v of %q", tt.name, c.RequestTokens, c.ResponseTokens, c.TokensFrom)
		}
		if again := payload.Apply(c); again.TokensFrom != c.TokensFrom || again.RequestTokens != c.RequestTokens {
			t.Errorf("%s: read again %v of %q", tt.name, again.RequestTokens, again.TokensFrom)
		}
	}
}
