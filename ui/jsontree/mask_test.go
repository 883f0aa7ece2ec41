package jsontree

import (
	"context"
	"strings"
	"testing"
)

func hideTokens(key, value string) (string, bool) {
	switch strings.ToLower(key) {
	case "token", "secret", "authorization", "password", "api-key":
		return "••••", true
	}
	if strings.Contains(value, "@example.test") {
		return strings.ReplaceAll(value, "ann@example.test", "•@•"), true
	}
	return value, false
}

func TestRedact(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`{"a": 1}`, `{"a": 1}`},
		{`{"token": "s3cret", "b": 2}`, `{"token": "••••", "b": 2}`},
		{`{"token": 12345}`, `{"token": "••••"}`},
		{`{"token": {"v": "s3cret"}, "b": [1]}`, `{"token": "••••", "b": [1]}`},
		{`{"token": ["s3cret"]}`, `{"token": "••••"}`},
		{`[{"x": {"Password": "s3cret"}}]`, `[{"x": {"Password": "••••"}}]`},
		{`{"a": "{\"token\": \"s3cret\"}"}`, `{"a": "{\"token\": \"••••\"}"}`},
		{`{"a": "{\"b\": \"{\\\"token\\\": \\\"s3cret\\\"}\"}"}`, `{"a": "{\"b\": \"{\\\"token\\\": \\\"••••\\\"}\"}"}`},
		{`{"a": "{\"token\": \"s3cr`, `{"a": "{\"token\": \"••••\""`},
		{`{"m": "write to ann@example.test"}`, `{"m": "write to •@•"}`},
		{`{"\u0074oken": "s3cret"}`, `{"\u0074oken": "••••"}`},
		{`{"a": oops, "token": "s3cret", "b": 1}`, `{"a": oops, "token": "••••", "b": 1}`},
		{`log: "x" {"token" : "s3cret"} end`, `log: "x" {"token" : "••••"} end`},
		{`{"a": 1} {"token": "s3cret"}`, `{"a": 1} {"token": "••••"}`},
	} {
		if got := string(redact([]byte(c.in), hideTokens)); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.in, got, c.want)
		}
	}
}

// Whatever is opened, found or copied, a secret is not in it.
func TestSecretsStayHidden(t *testing.T) {
	const secret = "s3cret"
	for _, data := range []string{
		`{"token": "s3cret", "a": {"authorization": {"bearer": "s3cret"}}, "b": [{"password": "s3cret"}]}`,
		`{"a": "{\"token\": \"s3cret\", \"b\": \"{\\\"secret\\\": \\\"s3cret\\\"}\"}", "c": 1}`,
		`{"a": "{\"c\": 1, \"token\": \"s3cret and so on`,
		`{"a": "{\"c\": 1, \"token\": \"s3cret\"} and then text"}`,
		`{"a": oops, "token": "s3cret"}`,
		`"{\"token\": \"s3cret\"}"`,
		`[[[{"token": ["s3cret", "s3cret"]}]]]`,
	} {
		tree := New([]byte(data), Options{Mask: hideTokens})
		for _, step := range []func(){
			func() {},
			func() { tree.Level(99) },
			func() {
				for row := 0; row < tree.Rows(); row++ {
					tree.Move(row - tree.Row())
					if n, sub := tree.at(row); sub == 0 && !n.raw {
						tree.ToggleRaw()
					}
				}
			},
		} {
			step()
			if got := picture(tree.Draw(200, 100)); strings.Contains(got, secret) {
				t.Errorf("%s shows\n%s", data, got)
			}
			for row := range tree.Rows() {
				tree.Move(row - tree.Row())
				if strings.Contains(tree.Value(), secret) {
					t.Errorf("%s copies %s at %s", data, tree.Value(), tree.Path())
				}
			}
		}
		hits, err := Search(context.Background(), []byte(data), secret, hideTokens)
		if err != nil || hits.Len() > 0 {
			t.Errorf("%s: %d hits, %v", data, hits.Len(), err)
		}
	}
}

// What the mask puts in place of a text is what opens.
func TestMaskedJSONOpens(t *testing.T) {
	mask := func(key, _ string) (string, bool) { return `{"name": "•"}`, key == "profile" }
	tree := New([]byte(`{"profile": "{\"name\": \"Ann\", \"age\": 40}", "ok": true}`), Options{Mask: mask})
	tree.Level(9)
	want := "▸ v profile  {s} 1 key\n      name  \"•\"\n    ok       true\n"
	if got := picture(tree.Draw(40, 3)); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
