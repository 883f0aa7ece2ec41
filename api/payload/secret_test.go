package payload_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"korescope/api"
	"korescope/api/payload"
)

func TestSecretNames(t *testing.T) {
	for _, name := range []string{
		"key", "apiKey", "api_key", "api-key", "APIKEY", "x-api-key", "Ocp-Apim-Subscription-Key", "token", "access_token", "accessToken", "authToken", "bearerToken",
		"secret", "clientSecret", "client_secret", "password", "dbPassword", "passwd", "pwd", "Authorization", "Proxy-Authorization", "credentials", "secretAccessKey", "aws.secret_key", "sessionToken", "id_token", "privateKey", " token ", "cookie", "subscriptionKey",
	} {
		if !payload.SecretName(name) {
			t.Errorf("%q is no secret", name)
		}
	}
	for _, name := range []string{"", "max_tokens", "maxTokens", "prompt_tokens", "tokens", "keyboard", "monkey", "content", "tokenizer", "author", "turkey", "stop", "model", "keys", "primaryKey", "sortKey"} {
		if payload.SecretName(name) {
			t.Errorf("%q is a secret", name)
		}
	}
}

func TestSecretsAtEveryDepth(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"order and spelling stay", `{"z":1.50, "token":"S3CRET","a":"<\u00fc>"}`, `{"z":1.50, "token":"•••","a":"<\u00fc>"}`},
		{"nested", `{"headers":{"api-key":"S3CRET"},"l":[{"auth":{"token":"S3CRET"}}]}`, `{"headers":{"api-key":"•••"},"l":[{"auth":{"token":"•••"}}]}`},
		{"not only strings", `{"key":1234,"secret":{"a":["S3CRET"]},"pwd":true,"token":null}`, `{"key":"•••","secret":"•••","pwd":"•••","token":null}`},
		{"JSON in a string", `{"body":"{\"user\":\"u\",\"password\":\"S3CRET\"}"}`, `{"body":"{\"user\":\"u\",\"password\":\"•••\"}"}`},
		{"two layers", `{"a":"{\"b\":\"{\\\"token\\\":\\\"S3CRET\\\",\\\"c\\\":1}\",\"d\":2}"}`, `{"a":"{\"b\":\"{\\\"token\\\":\\\"•••\\\",\\\"c\\\":1}\",\"d\":2}"}`},
		{"quotes as escapes", `{"a":"{\u0022token\u0022:\u0022S3CRET\u0022}"}`, `{"a":"{\"token\":\"•••\"}"}`},
		{"a key that is spelt with escapes", `{"tok\u0065n":"S3CRET"}`, `{"tok\u0065n":"•••"}`},
		{"quotes and backslashes inside", `{"token":"S3C\"RET\\","b":"x"}`, `{"token":"•••","b":"x"}`},
		{"an event stream", `"data: {\"a\":{\"token\":\"S3CRET\"}}\n\n"`, `"data: {\"a\":{\"token\":\"•••\"}}\n\n"`},
		{"links", `{"endpoint":"https://x.example.test/?a=1&key=S3CRET&b=2"}`, `{"endpoint":"https://x.example.test/?a=1&key=•••&b=2"}`},
		{"words stay", `{"messages":[{"content":"my \"token\" is: lost, key=3"}]}`, `{"messages":[{"content":"my \"token\" is: lost, key=3"}]}`},
	} {
		got := string(payload.Hide([]byte(tt.in)))
		if got != tt.want || strings.Contains(got, "S3CRET") || !json.Valid([]byte(got)) {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		if again := string(payload.Hide([]byte(got))); again != got {
			t.Errorf("%s: hidden twice %s", tt.name, again)
		}
	}
}

func TestSecretsInTexts(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{`plain words, it's "fine"`, `plain words, it's "fine"`},
		{`call({"token":"S3CRET","a":1})`, `call({"token":"•••","a":1})`},
		{`cut {"a":1,"password":"S3CR`, `cut {"a":1,"password":"•••"`},
		{`cut {"secret":{"a":"S3CR`, `cut {"secret":"•••"`},
		{`{'token': 'S3CRET', 'x': None}`, `{'token': '•••', 'x': None}`},
		{`a 5" screen {"token":"S3CRET"}`, `a 5" screen {"token":"•••"}`},
		{`{"body":"{\"token\":\"S3CRET\"}"} tail`, `{"body":"{\"token\":\"•••\"}"} tail`},
		{`{"body":"{\"token\":\"S3CR`, `{"body":"{\"token\":\"•••\"`},
		{`see https://x.example.test/?token=S3CRET and more`, `see https://x.example.test/?token=••• and more`},
	} {
		if got := payload.HideText(tt.in); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestWhereSecretsStand(t *testing.T) {
	got := payload.Secrets([]byte(`{"headers":{"api-key":"a"},"l":[{"token":"b"}],"body":"{\"pwd\":\"c\"}","none":{"key":null}}`))
	want := []string{`.headers["api-key"]`, `.l[0].token`, `.body | fromjson | .pwd`}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// Whatever is read of a call whose secrets are hidden, no secret is in it.
func TestNoSecretInAReading(t *testing.T) {
	c := payload.Hidden(api.LLMCall{
		Request:  []byte(`{"model":"m","headers":{"api-key":"S3CRET-1"},"config":{"x":[{"token":"S3CRET-2"}]},"messages":[{"role":"user","content":"{\"password\":\"S3CRET-3\"}"},{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":"{\"token\":\"S3CRET-4\"}"}}]},{"role":"tool","content":{"key":"S3CRET-5"}}]}`),
		Response: []byte(`{"content":[{"type":"tool_use","name":"f","input":{"auth":{"secret":"S3CRET-6"}}}],"stop_reason":"tool_use"}`),
	})
	r := payload.Read(c)
	all := outline(r.Asked) + outline(r.Answer) + settingsLine(r) + r.Said()
	if strings.Contains(all, "S3CRET") || strings.Count(all, payload.Dots) < 6 {
		t.Error(all)
	}
}
