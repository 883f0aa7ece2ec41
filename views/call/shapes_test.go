package call_test

import (
	"encoding/json"
	"strings"
	"testing"

	"korescope/keymap"
	"korescope/views/viewtest"
)

// Every provider's payload reads as a conversation.
func TestProvidersReadAsAConversation(t *testing.T) {
	for _, tt := range []struct {
		name, request, response string
		has, lacks              []string
	}{
		{
			"Gemini", `{"systemInstruction":{"parts":[{"text":"You book boats."}]},"contents":[{"role":"user","parts":[{"text":"Is it free?"}]},{"role":"model","parts":[{"functionCall":{"name":"boat_free","args":{"boat":"Plover"}}}]},{"role":"user","parts":[{"functionResponse":{"name":"boat_free","response":{"free":true}}}]}],"generationConfig":{"maxOutputTokens":256}}`,
			`{"candidates":[{"content":{"role":"model","parts":[{"text":"Yes, it is."}]},"finishReason":"STOP"}]}`,
			[]string{"[messages 5]", "maxOutputTokens 256", "system    You book boats.", `functionCall boat_free({"boat":"Plover"})`, `functionResponse boat_free {"free":true}`, "Yes, it is."}, []string{"not known here"},
		},
		{
			"stream", `{"messages":[{"role":"user","content":"hi"}]}`, `[{"choices":[{"delta":{"content":"Good"}}]},{"choices":[{"delta":{"content":" morning"}}]}]`,
			[]string{"assistant Good morning"}, []string{"not known here"},
		},
		{
			"reasoning", `{"messages":[{"role":"user","content":"2+2"}]}`, `{"choices":[{"message":{"content":"4","reasoning_content":"Two and two."}}]}`,
			[]string{"reasoning Two and two.", "assistant 4"}, nil,
		},
		{
			"nothing but reasoning", `{"messages":[{"role":"user","content":"2+2"}]}`, `{"choices":[{"message":{"content":"","reasoning_content":"Two and two."}}]}`,
			[]string{"reasoning Two and two.", "nothing but reasoning came"}, nil,
		},
		{
			"JSON in a fence", `{"messages":[{"role":"user","content":"q"}]}`, `{"choices":[{"message":{"content":"` + "```json\\n{\\\"bot\\\":\\\"ok\\\"}\\n```" + `"}}]}`,
			[]string{"```json", `  "bot": "ok"`}, nil,
		},
		{
			"error", `{"messages":[{"role":"user","content":"q"}]}`, `{"error":{"message":"Unsupported parameter: 'max_tokens'","code":"unsupported_parameter"}}`,
			[]string{"error     Unsupported parameter: 'max_tokens'"}, []string{"no answer", "not known here"},
		},
		{"unknown", `{"messages":[{"role":"user","content":"q"}]}`, `{"zz":{"x":1}}`, []string{"a shape that is not known here"}, []string{"no answer", "nothing came"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := set(t)
			c := s.route.Call
			c.Request, c.Response, c.Problem = json.RawMessage(tt.request), json.RawMessage(tt.response), ""
			s.put(c)
			s.open(100, 40).Keys("g").Has(tt.has...).Lacks(tt.lacks...)
		})
	}
}

// No tab and no copy shows what stands under a secret's name, whatever the depth
// and whether or not anything is masked.
func TestNestedSecretsShowNowhere(t *testing.T) {
	secret := func(n string) json.RawMessage {
		return json.RawMessage(`{"model":"m","headers":{"api-key":"S3CRET-` + n + `"},"auth":[{"token":"S3CRET"}],"endpoint":"https://x.example.test/?key=S3CRET",` +
			`"messages":[{"role":"user","content":"{\"password\":\"S3CRET\"}"},{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":"{\"token\":\"S3CRET\",\"n\":` + n + `}"}}]}]}`)
	}
	s := set(t)
	for i, n := range []int{23, 59} {
		c := viewtest.Call(viewtest.Told(), n)
		c.Request = secret(strings.Repeat("1", i+1))
		c.Response = json.RawMessage(`[{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"name":"f","arguments":"{\"token\":\"S3C"}}]}}]},{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"RET\"}"}}]}}]}]`)
		s.put(c)
	}
	s.open(140, 40)
	for range 4 {
		s.Lacks("S3CRET").Keys("E").Lacks("S3CRET")
		if text := s.copies()[keymap.CopyText]; strings.Contains(text, "S3CRET") {
			t.Errorf("copied %s", text)
		}
		s.Keys("tab")
	}
}

// What differs in a place that no change tells is not called alike.
func TestDeltaNeverSaysAlikeWhatDiffers(t *testing.T) {
	for _, before := range map[string]string{
		"a secret":  `{"apiKey":"b","messages":[{"role":"user","content":"q"}]}`,
		"a picture": `{"apiKey":"a","messages":[{"role":"user","content":"q","zz":1}]}`,
	} {
		s := set(t)
		now, was := viewtest.Call(viewtest.Told(), 59), viewtest.Call(viewtest.Told(), 23)
		now.Request, was.Request = json.RawMessage(`{"apiKey":"a","messages":[{"role":"user","content":"q"}]}`), json.RawMessage(before)
		s.put(now)
		s.put(was)
		s.open(100, 30).Keys("shift+tab").Lacks("nothing differs")
	}
}
