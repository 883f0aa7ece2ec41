package views

import (
	"encoding/json"
	"strings"
	"testing"

	"korescope/api"
)

func masker(t *testing.T, rules ...string) *Masker {
	t.Helper()
	m, err := NewMasker(rules)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMaskText(t *testing.T) {
	tests := map[string]string{
		"":                                          "",
		"hi, I want my money back":                  "hi, I want my money back",
		"write to pat.doe@mail.example.test ok":     "write to p…@mail.example.test ok",
		"żółw@example.test":                         "ż…@example.test",
		"call +49 (170) 555-01 42 now":              "call •••42 now",
		"0170 5550142.":                             "•••42.",
		"card 4111 1111 1111 1111 exp 12/27":        "card •••11 exp 12/27",
		"DE89 3704 0044 0532 0130 00 please":        "DE•••00 please",
		"GB29NWBK60161331926819":                    "GB•••19",
		"ssn 078-05-1120":                           "ssn •••20",
		"passport C01234567":                        "passport •••67",
		"order 1234567":                             "order •••67",
		"order 123456":                              "order 123456",
		"at 2025-10-17T02:03:04.730Z on 2025-10-17": "at 2025-10-17T02:03:04.730Z on 2025-10-17",
		"2025-10-17 02:03 seen":                     "2025-10-17 02:03 seen",
		"u-5d2e7c10-90ab-5f34-8c61-3e7d9b0a2f45":    "u-5d2e7c10-90ab-5f34-8c61-3e7d9b0a2f45",
		"session 68f1a3d04c7e2b9a5d10e3f7":          "session 68f1a3d04c7e2b9a5d10e3f7",
		"123456789012345678901234":                  "•••34",
		"token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl end": "token eyJ••• end",
		"Authorization: Bearer abc123def456":                          "Authorization: Bearer •••",
		"key sk-abcdefghijklmnop":                                     "key sk-•••",
		"see https://pay.example.test/form?token=abc&x=1 now":         "see https://pay.example.test/form?••• now",
		"see https://pay.example.test/form":                           "see https://pay.example.test/form",
		"HELLO WORLD AB12 THIS IS FINE TEXT":                          "HELLO WORLD AB12 THIS IS FINE TEXT",
		"AB12 THIS FINE TEXT":                                         "AB12 THIS FINE TEXT",
		"two: a@example.test, b@example.test":                         "two: a…@example.test, b…@example.test",
		"wait 30.0 s, 9.8 s, 41.6 s":                                  "wait 30.0 s, 9.8 s, 41.6 s",
		"4,102>512 tok":                                               "4,102>512 tok",
		"{\"mail\":\"pat@example.test\"}":                             "{\"mail\":\"p…@example.test\"}",
		"10.0.0.1 and v1.2.3":                                         "10.0.0.1 and v1.2.3",
		"٠١٢٣٤٥٦٧٨٩":                                                  "٠١٢٣٤٥٦٧٨٩",
	}
	m := masker(t)
	for in, want := range tests {
		if got := m.Text(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
		if once := m.Text(in); m.Text(once) != once {
			t.Errorf("%q: masking twice gives %q", in, m.Text(once))
		}
	}
}

func TestMaskRules(t *testing.T) {
	m := masker(t, `order-\w+`, `(?i)my name is (\w+)`)
	if got := m.Text("My name is Pat, order-77x and pat@example.test"); got != "My name is •••, ••• and p…@example.test" {
		t.Error(got)
	}
	if _, err := NewMasker([]string{"ok", "("}); ExitCode(err) != ExitUsage || !strings.Contains(err.Error(), "rule 2") {
		t.Error(err)
	}
}

func TestMaskValues(t *testing.T) {
	m := masker(t)
	s := fullSession()
	s.Raw = json.RawMessage("{}")
	s.UserTags = []api.Tag{
		{Name: "tier", Value: json.RawMessage(`"gold"`)}, {Name: "callerNumber", Value: json.RawMessage("15550100042")},
		{Name: "customerName", Value: json.RawMessage(`"Pat Doe"`)}, {Name: "note", Value: json.RawMessage(`"ring 0170 5550142"`)},
		{Name: "lastName", Value: json.RawMessage("null")}, {Name: "api_key", Value: json.RawMessage(`"abcdefgh"`)},
	}
	before := record(t, SessionFields(), s)
	got := record(t, SessionFields(), m.Session(s))
	want := `"userTags":[{"name":"tier","value":"gold"},{"name":"callerNumber","value":"•••42"},{"name":"customerName","value":"•••oe"},` +
		`{"name":"note","value":"ring •••42"},{"name":"lastName","value":null},{"name":"api_key","value":"•••gh"}]`
	if !strings.Contains(got, want) || !strings.Contains(got, `"userId":"p…@example.test"`) || m.Session(s).Raw != nil {
		t.Errorf("got %s", got)
	}
	if record(t, SessionFields(), s) != before {
		t.Error("the original was changed")
	}
	msg := api.Message{User: "E4711", ChannelID: "+15550100042", Text: "I am pat@example.test", Options: []api.Option{{Title: "Call +15550100042"}}}
	masked := m.Message(msg)
	if masked.User != "•••11" || masked.ChannelID != "•••42" || masked.Text != "I am p…@example.test" || masked.Options[0].Title != "Call •••42" {
		t.Errorf("%+v", masked)
	}
	if msg.Options[0].Title != "Call +15550100042" {
		t.Error("the original's options were changed")
	}
	if got := m.Identity("u-5d2e7c10-90ab-5f34-8c61-3e7d9b0a2f45"); !strings.HasPrefix(got, "u-5d") {
		t.Errorf("pseudonym became %q", got)
	}
	if got := m.Identity("pat"); got != "•••" {
		t.Errorf("short identity became %q", got)
	}
}

func TestMaskJSON(t *testing.T) {
	tests := map[string]struct{ in, want string }{
		"order and numbers": {`{"z":1.50,"a":[true,null,"x"],"created":1760666585}`, `{"z":1.50,"a":[true,null,"x"],"created":1760666585}`},
		"strings":           {`["pat@example.test",{"b":"0170 5550142"}]`, `["p…@example.test",{"b":"•••42"}]`},
		"secrets":           {`{"token":"abc","api_key":5,"max_tokens":512,"x":{"password":{"a":["q",true]},"b":"fine"}}`, `{"token":"•••","api_key":"•••","max_tokens":512,"x":{"password":{"a":["•••",true]},"b":"fine"}}`},
		"json in a string":  {`{"content":"{\"mail\":\"pat@example.test\",\"password\":\"x\"}"}`, `{"content":"{\"mail\":\"p…@example.test\",\"password\":\"•••\"}"}`},
		"broken in string":  {`{"content":"{ pat@example.test"}`, `{"content":"{ p…@example.test"}`},
		"scalar":            {`"pat@example.test"`, `"p…@example.test"`},
		"empty containers":  {`{"a":{},"b":[]}`, `{"a":{},"b":[]}`},
		"no json":           {`pat@example.test said`, `"p…@example.test said"`},
		"nothing":           {``, ``},
		"keys stay":         {`{"pat@example.test":1,"<":2}`, `{"pat@example.test":1,"<":2}`},
	}
	m := masker(t)
	for name, tt := range tests {
		if got := string(m.JSON(json.RawMessage(tt.in))); got != tt.want {
			t.Errorf("%s: got %s", name, got)
		}
	}
	call := m.Call(fullCall())
	if string(call.Request) != `{"b":1,"a":[1.50,"<&>"]}` || call.Raw != nil {
		t.Errorf("call: %s", call.Request)
	}
}

func FuzzMaskJSON(f *testing.F) {
	for _, s := range []string{`{"a":[1,{"b":"{}"}],"token":{"x":[1]}}`, `[[],{}]`, `"\u0000"`, `{"a":"[\"{\\\"b\\\":1}\"]"}`, "1e400", "{"} {
		f.Add(s)
	}
	m, err := NewMasker(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := m.JSON(json.RawMessage(s))
		if s != "" && !json.Valid(out) {
			t.Errorf("%q became %q", s, out)
		}
	})
}
