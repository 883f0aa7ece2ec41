package views

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"korescope/api"
	"korescope/api/payload"
	"korescope/ui/text"
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

func masked[T any](t *testing.T, fields []Field[T], v T) string {
	t.Helper()
	b, err := Record(fields, v, Env{Mask: masker(t)})
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestMaskValues(t *testing.T) {
	s := fullSession()
	s.UserTags = []api.Tag{
		{Name: "tier", Value: json.RawMessage(`"gold"`)}, {Name: "callerNumber", Value: json.RawMessage("15550100042")},
		{Name: "customerName", Value: json.RawMessage(`"Pat Doe"`)}, {Name: "note", Value: json.RawMessage(`"ring 0170 5550142"`)},
		{Name: "lastName", Value: json.RawMessage("null")}, {Name: "api_key", Value: json.RawMessage(`"abcdefgh"`)},
		{Name: "pat@example.test", Value: json.RawMessage("1")},
	}
	before := record(t, SessionFields(), s)
	got := masked(t, SessionFields(), s)
	want := `"userTags":[{"name":"tier","value":"gold"},{"name":"callerNumber","value":"•••42"},{"name":"customerName","value":"•••oe"},` +
		`{"name":"note","value":"ring •••42"},{"name":"lastName","value":null},{"name":"api_key","value":"•••"},{"name":"p…@example.test","value":1}]`
	if !strings.Contains(got, want) || !strings.Contains(got, `"userId":"p…@example.test"`) {
		t.Errorf("got %s", got)
	}
	if record(t, SessionFields(), s) != before {
		t.Error("the original was changed")
	}
	msg := api.Message{
		User: "E4711", Text: "I am pat@example.test", Channel: "+49 151 2345678",
		Options: []api.Option{{Title: "Call +15550100042"}}, Tags: s.UserTags,
	}
	got = masked(t, MessageFields(), msg)
	for _, want := range []string{`"userId":"•••11"`, `"text":"I am p…@example.test"`, `"options":["Call •••42"]`, `"channel":"•••78"`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
	if msg.Options[0].Title != "Call +15550100042" {
		t.Error("the original's options were changed")
	}
}

// A name tells what stands under it, however it is spelt.
func TestNamesOfFields(t *testing.T) {
	for name, of := range map[string]struct {
		is      func(string) bool
		yes, no []string
	}{
		"secret": {
			payload.SecretName,
			[]string{
				"token", "api_key", "apiKey", "APIKey", "API-Key", "x-api-key", "accessToken", "access_token", "clientSecret", "Authorization",
				"db password", "userPassword", "PASSWD", "sessionKey", "primary_key", "key", "credentials", "set-cookie", "refreshtoken",
			},
			[]string{"", "max_tokens", "tokens", "keyboard", "promptTokens", "monkey", "turnkey", "secretary", "finish_reason", "passenger"},
		},
		"person":   {personField, []string{"firstName", "last_name", "Customer Name", "userName", "agentName", "username"}, []string{"name", "promptName", "modelName", "botName", "file_name"}},
		"identity": {identityField, []string{"userId", "channelUserId", "customer_id", "AccountSid", "createdBy"}, []string{"id", "sessionId", "taskId", "botId"}},
		"contact":  {contactField, []string{"phone", "phoneNumber", "e_mail", "eMail", "homeAddress", "address", "dob", "dateOfBirth", "card_number"}, []string{"ipAddress", "cardinality", "phonetic", "addressee"}},
	} {
		for _, n := range of.yes {
			if !of.is(n) {
				t.Errorf("%s: %q is none", name, n)
			}
		}
		for _, n := range of.no {
			if of.is(n) {
				t.Errorf("%s: %q is one", name, n)
			}
		}
	}
}

func TestMaskIdentities(t *testing.T) {
	m := masker(t)
	for what, tt := range map[string]struct{ got, want string }{
		"pseudonym":             {m.Identity("u-5d2e7c10-90ab-5f34-8c61-3e7d9b0a2f45"), "u-5d2e7c10-90ab-5f34-8c61-3e7d9b0a2f45"},
		"short identity":        {m.Identity("pat"), "•••"},
		"id":                    {m.ID("ms-7c1a90d2-3b5e-5f48-8a06-91d3c2e4b7f0"), "ms-7c1a90d2-3b5e-5f48-8a06-91d3c2e4b7f0"},
		"id like a number":      {m.ID("ctr-1234567-89012345a"), "ctr-1234567-89012345a"},
		"id that is a number":   {m.ID("491512345678"), "•••78"},
		"id that is an address": {m.ID("pat@example.test"), "p…@example.test"},
		"short id":              {m.ID("ctr-1"), "ctr-1"},
		"person":                {m.Person("Ada Byron King"), "A… B… K…"},
		"person by address":     {m.Person("ada@example.test"), "a…@example.test"},
		"nobody":                {m.Person(""), ""},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", what, tt.got, tt.want)
		}
	}
}

// A piece cut out of a payload still has its secrets hidden.
func TestSecretsInText(t *testing.T) {
	for given, want := range map[string]string{
		`…"user":"x","password":"hunter2 and more","b":1`:   `…"user":"x","password":"•••","b":1`,
		`said {\"api_key\": \"abc\", \"b\": 1}`:             `said {\"api_key\": \"•••\", \"b\": 1}`,
		`"credentials":{"user":"x","pass":["y"]},"ok":true`: `"credentials":•••,"ok":true`,
		`url?api_key=abc&x=1`:                               `url?api_key=•••&x=1`,
		`password: hunter2, please`:                         `password: •••, please`,
		`Authorization: Bearer abc`:                         `Authorization: Bearer •••`,
		`"token":"cut off in the mid`:                       `"token":"•••`,
		`"token" : 12345, "n": 2`:                           `"token" : •••, "n": 2`,
		`the key: turn it; token: none; a=b`:                `the key: turn it; token: none; a=b`,
		`"max_tokens":512`:                                  `"max_tokens":512`,
		``:                                                  ``,
		`:`:                                                 `:`,
		`password:`:                                         `password:`,
	} {
		if got := hidePairs(given); got != want {
			t.Errorf("%s\n got %s\nwant %s", given, got, want)
		}
		if once := hidePairs(given); hidePairs(once) != once {
			t.Errorf("%s: twice gives %s", given, hidePairs(once))
		}
	}
}

// Without a mask secrets are hidden all the same, and nothing else is touched.
func TestPayloadsWithoutAMask(t *testing.T) {
	for given, want := range map[string]string{
		`{"b":1.50,"a":"pat@example.test"}`:                        `{"b":1.50,"a":"pat@example.test"}`,
		`{"b" : 1.50, "token" : "x", "a": "pat@example.test <&>"}`: `{"b":1.50,"token":"•••","a":"pat@example.test <&>"}`,
		`{"x":"{\"password\":\"y\",\"phone\":\"0170 5550142\"}"}`:  `{"x":"{\"password\":\"•••\",\"phone\":\"0170 5550142\"}"}`,
		`{"x":"said {\"password\":\"y\"} and left"}`:               `{"x":"said {\"password\":\"•••\"} and left"}`,
	} {
		if got := string(Env{}.Payload(json.RawMessage(given))); got != want {
			t.Errorf("%s\n got %s\nwant %s", given, got, want)
		}
	}
	b, err := Record(LLMFields(), api.LLMCall{Request: json.RawMessage(`{"token":"x"}`)}, Env{})
	if err != nil || !strings.Contains(string(b), `"request":{"token":"x"}`) {
		t.Errorf("a record is what the platform said: %s, %v", b, err)
	}
	for _, f := range LLMFields() {
		if got := f.Show(api.LLMCall{Request: json.RawMessage(`{"token":"x"}`)}, Env{Plain: true}).Text.String(); f.Name == "request" && got != `{"token":"•••"}` {
			t.Errorf("a table has %s", got)
		}
	}
}

func TestBareValues(t *testing.T) {
	e := Env{Mask: masker(t), Bare: "pat@example.test"}
	for what, tt := range map[string]struct{ got, want string }{
		"that one":    {e.Text("pat@example.test").String(), "pat@example.test"},
		"as a user":   {e.User("pat@example.test").String(), "pat@example.test"},
		"another":     {e.Text("kim@example.test").String(), "k…@example.test"},
		"more of it":  {e.Text("I am pat@example.test").String(), "I am p…@example.test"},
		"a whole one": {string(Env{Mask: e.Mask, Bare: `{"a":"pat@example.test"}`}.Payload([]byte(`{"a":"pat@example.test"}`))), `{"a":"pat@example.test"}`},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", what, tt.got, tt.want)
		}
	}
}

// A character that nobody sees does not hide a number from the mask.
func TestNothingUnseenHidesFromTheMask(t *testing.T) {
	m := masker(t)
	for given, want := range map[string]string{
		"call +49\u200b151\u20602345678":   "call •••78",
		"pat\u200d@exam\u00adple.test":     "p…@example.test",
		"4111\x1b1111\u009b1111\u202e1111": "•••11",
		"plain \u200btext stays":           "plain \u200btext stays",
		"tab\tand\nline 1234567":           "tab\tand\nline •••67",
	} {
		if got := m.Text(given); got != want {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
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
		"keys":              {`{"pat@example.test":1,"<":2,"49151 2345678":3}`, `{"p…@example.test":1,"<":2,"•••78":3}`},
		"long numbers":      {`{"n":491512345678,"card":4111111111111111,"ms":1760666585123,"s":1760666585}`, `{"n":"•••78","card":"•••11","ms":1760666585123,"s":1760666585}`},
		"people":            {`{"customerName":"Ada King","name":"tool","userId":"ada42","email":"ada","x":[{"lastName":"King"}]}`, `{"customerName":"A… K…","name":"tool","userId":"•••42","email":"•••","x":[{"lastName":"K…"}]}`},
	}
	m := masker(t)
	for name, tt := range tests {
		if got := string(m.JSON(json.RawMessage(tt.in))); got != tt.want {
			t.Errorf("%s: got %s", name, got)
		}
	}
	if got := masked(t, LLMFields(), fullCall()); !strings.Contains(got, `"request":{"b":1,"a":[1.50,"<&>"]}`) {
		t.Errorf("call: %s", got)
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

// What is known by its name alone is hidden in a tree as it is in a record.
func TestATreeHidesWhatItsNameTells(t *testing.T) {
	hides := TreeMask(masker(t))
	for name, value := range map[string]string{"customerName": "Pat Doe", "caller": "desk 7", "homeAddress": "1 Long Lane", "userId": "pat"} {
		if shown, hidden := hides(name, value); !hidden || strings.Contains(shown, value) {
			t.Errorf("%s: %q, %t", name, shown, hidden)
		}
	}
	for name, value := range map[string]string{"model": "gpt-4o", "temperature": "0.2", "city": ""} {
		if shown, hidden := hides(name, value); hidden {
			t.Errorf("%s: %q", name, shown)
		}
	}
}

// Every way to show a value tells what it hid, each value once and nothing that is
// shown as it is.
func TestWhatIsHiddenIsTold(t *testing.T) {
	e := Env{Mask: masker(t), Bare: "pat@example.test"}
	got := Hidden(e, text.Lit("a test"), func(e Env) {
		e.Text("plain words")
		e.Text("pat@example.test")
		e.User("pat@example.test")
		e.User("u-2cf24dba-5fb0-4a30-a26e-83b2ac5b9e29")
		e.Person("Kim Doe")
		e.Identity("+4915123456789")
		e.ID("+4915123456780")
		e.Tags([]api.Tag{{Name: "phone", Value: json.RawMessage(`"+4915123456781"`)}})
		e.Payload(json.RawMessage(`{"password":"x"}`))
		e.Payload(json.RawMessage(`{"model": "m"}`))
		e.Named("token", "opaque")
		e.PayloadText("call +4915123456782")
	})
	var values []string
	for _, h := range got {
		values = append(values, h.Value)
		if h.Of.String() != "a test" || h.What.Empty() {
			t.Errorf("%+v", h)
		}
	}
	want := []string{
		"pat@example.test", "Kim Doe", "+4915123456789", "+4915123456780", "+4915123456781", `{"password":"x"}`, "opaque", "call +4915123456782",
	}
	if !slices.Equal(values, want) {
		t.Errorf("told %q, want %q", values, want)
	}
}
