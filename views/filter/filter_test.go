package filter

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"korescope/api"
	"korescope/views"
)

func TestParse(t *testing.T) {
	tests := map[string][]Term{
		"":                          nil,
		"  \t ":                     nil,
		"refund":                    {{Value: "refund"}},
		`"two words"`:               {{Value: "two words", Quoted: true}},
		"type:dropOff":              {{Field: "type", Value: "dropOff"}},
		"TYPE:dropOff msgs:>4":      {{Field: "type", Value: "dropOff"}, {Field: "msgs", Op: Over, Value: "4"}},
		"msgs:<4 msgs:>=4 msgs:<=4": {{Field: "msgs", Op: Under, Value: "4"}, {Field: "msgs", Op: AtLeast, Value: "4"}, {Field: "msgs", Op: AtMost, Value: "4"}},
		"-dev:true -word":           {{Not: true, Field: "dev", Value: "true"}, {Not: true, Value: "word"}},
		`-"two words"`:              {{Not: true, Value: "two words", Quoted: true}},
		`user:"pat doe"`:            {{Field: "user", Value: "pat doe"}},
		`user:=pat@example.test`:    {{Field: "user", Op: Exactly, Value: "pat@example.test"}},
		`tag:tier="dark gold" x`:    {{Field: "tag", Value: "tier=dark gold"}, {Value: "x"}},
		`"say \"no\" \\ twice"`:     {{Value: `say "no" \ twice`, Quoted: true}},
		`back\slash`:                {{Value: `back\slash`}},
		"14:58:02":                  {{Value: "14:58:02"}},
		`"type:drop"`:               {{Value: "type:drop", Quoted: true}},
		"-":                         {{Value: "-", Quoted: true}},
		"--x":                       {{Not: true, Value: "-x", Quoted: true}},
		"a - b":                     {{Value: "a"}, {Value: "-", Quoted: true}, {Value: "b"}},
		`ab"c d"e`:                  {{Value: "abc de", Quoted: true}},
		":x":                        {{Value: ":x"}},
		"tag:a:b=c:d":               {{Field: "tag", Value: "a:b=c:d"}},
		"pat\u00a0doe":              {{Value: "pat\u00a0doe"}},
		"user:\"=x\"":               {{Field: "user", Value: "=x"}},
		"line\nbreak":               {{Value: "line"}, {Value: "break"}},
		"type:agent -type:agent ":   {{Field: "type", Value: "agent"}, {Not: true, Field: "type", Value: "agent"}},
	}
	for in, want := range tests {
		got, err := Parse(in)
		if err != nil || !reflect.DeepEqual(got.Terms, want) {
			t.Errorf("%q: %+v, %v", in, got.Terms, err)
			continue
		}
		again, err := Parse(got.String())
		if err != nil || !reflect.DeepEqual(again, got) {
			t.Errorf("%q: written as %q it is %+v, %v", in, got.String(), again, err)
		}
	}
}

func TestMistakesNameTheirPlace(t *testing.T) {
	tests := map[string]struct {
		at         int
		says       string
		unfinished bool
	}{
		`a "b c`:                    {2, "not closed (at 3)", true},
		`user:"b c`:                 {5, "not closed", true},
		"msgs:3 type:":              {7, "type: needs a value (at 8)", true},
		"msgs:>":                    {0, "needs a value", true},
		`x ""`:                      {2, "hold nothing", true},
		"a colour:red":              {2, `no field "colour"; sessions have type, user, channel, lang, status, kind, dev, msgs, tasks, dur, task, lat, tag, call, why, id`, false},
		"http://x":                  {0, `no field "http"`, false},
		"msgs:>many":                {0, `msgs: "many" is no number`, false},
		"tasks:1.5":                 {0, "no number", false},
		"dur:>soon":                 {0, "write 90s", false},
		"dur:3:99":                  {0, "no length", false},
		"dur:9999999999h":           {0, "no length", false},
		"type:>3":                   {0, "type holds words", false},
		"type:drpo":                 {0, "type is dropOff, selfService, agent, open or none", false},
		"user:>3":                   {0, "user holds words", false},
		"dev:perhaps":               {0, "dev is true or false", false},
		"tag:=x":                    {0, "tag is written", false},
		`tag:"=x"`:                  {0, "tag needs a name", false},
		"a -msgs:x":                 {2, "no number", false},
		"msgs:99999999999999999999": {0, "no number", false},
	}
	for in, tt := range tests {
		_, _, err := Sessions(nil).Compile(in)
		var e *Error
		if !errors.As(err, &e) || e.At != tt.at || e.Unfinished != tt.unfinished || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%q: %+v", in, err)
		}
		if views.ExitCode(err) != views.ExitUsage {
			t.Errorf("%q: exit %d", in, views.ExitCode(err))
		}
	}
}

func sample() api.Session {
	start := time.Date(2025, 10, 17, 2, 2, 56, 0, time.UTC)
	return api.Session{
		ID: "68f1a3d04c7e2b9a5d10e3f7", User: "Pat.Doe@example.test", Channel: "msteams",
		Start: start, End: start.Add(90*time.Second + 400*time.Millisecond),
		Languages: []string{"en-US", "de"}, Kind: api.KindNonInteractive, Containment: api.DropOff, Status: "closed",
		Developer: api.Known(false), Messages: api.Known(4),
		UserTags:    []api.Tag{{Name: "tier", Value: json.RawMessage(`"Gold plus"`)}},
		SessionTags: []api.Tag{{Name: "retries", Value: json.RawMessage("2")}, {Name: "Größe", Value: json.RawMessage("null")}},
	}
}

func TestSessions(t *testing.T) {
	tests := map[string]bool{
		"": true,
		// words, anywhere
		"teams": true, "TEAMS": true, "68F1A3": true, "doe@": true, "gold": true, "dropoff": true, "closed": true, "retries": true,
		"größe": true, "GRÖSSE": false, "04:02:56": true, "02:02:56": false, "2025-10-17": true, "nothing": false, "-nothing": true, "-gold": false,
		`"gold plus"`: true, `"plus gold"`: false, "gold teams": true, "gold nothing": false,
		// type
		"type:drop": true, "type:DROPOFF": true, "type:drop-off": true, "type:d": true, "type:self": false, "type:agent": false, "type:open": false,
		"type:none": false, "-type:self": true, "-type:drop": false,
		// words of fields
		"user:pat": true, "user:doe@EXAMPLE": true, "user:=pat": false, "user:=pat.doe@example.test": true, "user:sam": false,
		"id:4c7e": true, "id:zzz": false,
		"channel:ms": true, "channel:msteams": true, "channel:teams": false, "channel:=ms": false,
		"lang:en": true, "lang:de": true, "lang:us": false, "lang:=en": false,
		"status:cl": true, "status:active": false, "kind:non": true, "kind:interactive": false,
		// yes and no
		"dev:false": true, "dev:no": true, "dev:0": true, "dev:true": false, "dev:?": false, "-dev:true": true,
		// numbers
		"msgs:4": true, "msgs:>4": false, "msgs:>3": true, "msgs:<5": true, "msgs:<4": false, "msgs:>=4": true, "msgs:<=4": true, "msgs:<=3": false,
		"-msgs:>4": true, "msgs:?": false, "msgs:=4": true, "msgs:>-1": true,
		"tasks:>0": false, "tasks:<99": false, "-tasks:>0": true, "tasks:?": true,
		// lengths: 90.4 s
		"dur:90s": true, "dur:90": true, "dur:1:30": true, "dur:1m30s": true, "dur:90.4s": true, "dur:90.3s": false, "dur:91s": false,
		"dur:>90s": true, "dur:>89s": true, "dur:<91s": true, "dur:<90s": false, "dur:>=90s": true, "dur:<=90s": false, "dur:<2m": true, "dur:>1m": true,
		"dur:90400ms": true, "dur:>90399ms": true, "dur:>1h": false, "dur:<1d": true,
		// tags
		"tag:tier": true, "tag:TIER": true, "tag:ti": false, "tag:tier=gold": true, `tag:tier="gold plus"`: true, "tag:tier=plus": false,
		"tag:retries=2": true, "tag:retries=3": false, "tag:größe": true, "tag:größe=": true, "-tag:tier": false,
		// several
		"type:drop msgs:>3 -dev:true tag:tier=gold": true, "type:drop msgs:>4 -dev:true": false,
	}
	schema := Sessions(time.FixedZone("CEST", 2*3600))
	for in, want := range tests {
		_, is, err := schema.Compile(in)
		if err != nil {
			t.Errorf("%q: %v", in, err)
			continue
		}
		if got := is(sample()); got != want {
			t.Errorf("%q: %v", in, got)
		}
	}
}

// What is not known matches no comparison, and its absence can be asked for.
func TestUnknownValues(t *testing.T) {
	tests := map[string]bool{
		"msgs:?": true, "msgs:>0": false, "msgs:<9": false, "msgs:0": false, "-msgs:0": true, "dur:?": true, "dur:<9h": false,
		"dev:?": true, "dev:false": false, "type:none": true, "user:a": false, "lang:e": false, "tag:x": false, "x": false, "type:open": false,
	}
	for in, want := range tests {
		_, is, err := Sessions(nil).Compile(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := is(api.Session{}); got != want {
			t.Errorf("%q: %v", in, got)
		}
	}
	_, open, err := Sessions(nil).Compile("type:open")
	if err != nil || !open(api.Session{Status: "active", Containment: api.SelfService}) {
		t.Error("an open session is open", err)
	}
	_, self, err := Sessions(nil).Compile("type:self")
	if err != nil || !self(api.Session{Status: "active", Containment: api.SelfService}) {
		t.Error("the platform counts an open session as self service", err)
	}
}

func TestCalls(t *testing.T) {
	c := api.LLMCall{
		Session: "68f1a3", User: "u-1", Start: time.Date(2025, 10, 17, 2, 2, 56, 0, time.UTC), TimeTaken: api.Known(int64(9800)),
		Status: "Success", StatusCode: api.Known(200), Feature: "GenAI Node", Prompt: "RefundAnswer", Model: "GPT-4o", Channel: "rtm",
		Task: "dg-1", Description: "Refund-Answer", RequestTokens: api.Known(4102), ResponseTokens: api.Known(512), Finish: "length", Problem: "cut answer",
	}
	tests := map[string]bool{
		"gpt": true, "refund": true, "02:02": true, "cut": true, "nothing": false,
		"model:4o": true, "feature:genai": true, "status:succ": true, "status:fail": false, "code:200": true, "code:>399": false,
		"finish:len": true, "finish:stop": false, "user:u-1": true, "channel:rtm": true, "prompt:refund": true,
		"tokens:>4000": true, "tokens:>4,700": false, "tokens:4614": true, "ms:>9000": true, "ms:>9s": true, "ms:>10s": false, "ms:9800": true,
		"err:true": true, "err:false": false, "err:cut": true, "err:provider": false, "task:dg-1": true, "task:answer": true, "session:f1a3": true,
	}
	for in, want := range tests {
		_, is, err := Calls(nil).Compile(in)
		if err != nil || is(c) != want {
			t.Errorf("%q: %v", in, err)
		}
	}
	for in, want := range map[string]bool{"tokens:?": true, "tokens:>0": false, "err:true": false, "err:false": true, "err:cut": false} {
		_, is, err := Calls(nil).Compile(in)
		if err != nil || is(api.LLMCall{RequestTokens: api.Known(5)}) != want {
			t.Errorf("%q on a call without answer: %v", in, err)
		}
	}
	if _, _, err := Calls(nil).Compile("msgs:3"); err == nil || !strings.Contains(err.Error(), "model calls have model, feature, status, code, finish, user, channel, prompt, tokens, ms, err, task, session") {
		t.Error(err)
	}
}

func TestMessages(t *testing.T) {
	m := api.Message{ID: "ms-1", Session: "s1", User: "u-1", Direction: api.FromBot, Kind: api.KindTemplate, Text: "Try again?", Options: []api.Option{{Title: "Talk to a person"}}, Language: "en"}
	tests := map[string]bool{
		"again": true, "person": true, "bot": true, "who:bot": true, "who:user": false, "kind:temp": true, "text:try": true,
		"option:talk": true, "option:try": false, "lang:en": true, "session:s1": true, "id:ms": true, "nothing": false,
	}
	for in, want := range tests {
		_, is, err := Messages(nil).Compile(in)
		if err != nil || is(m) != want {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func TestSplitSessions(t *testing.T) {
	const whole = "u-5d2e7c10-90ab-5f34-8c61-3e7d9b0a2f45"
	tests := map[string]struct {
		containment    api.Containment
		user           api.UserID
		platform, here string
	}{
		"":                              {"", "", "", ""},
		"type:drop msgs:>4":             {api.DropOff, "", "type:drop", "msgs:>4"},
		"type:SELF":                     {api.SelfService, "", "type:SELF", ""},
		"type:agent type:drop":          {api.Agent, "", "type:agent", "type:drop"},
		"-type:drop":                    {"", "", "", "-type:drop"},
		"type:open type:none":           {"", "", "", "type:open type:none"},
		"user:pat":                      {"", "", "", "user:pat"},
		"user:=pat@example.test refund": {"", "pat@example.test", "user:=pat@example.test", "refund"},
		"user:" + whole:                 {"", whole, "user:" + whole, ""},
		"-user:=a":                      {"", "", "", "-user:=a"},
		"user:=a user:=b":               {"", "a", "user:=a", "user:=b"},
		"kind:interactive":              {"", "", "", "kind:interactive"},
	}
	for in, tt := range tests {
		q, err := Parse(in)
		if err != nil {
			t.Fatal(err)
		}
		got := SplitSessions(q)
		if got.Containment != tt.containment || got.User != tt.user || got.Platform.String() != tt.platform || got.Here.String() != tt.here {
			t.Errorf("%q: %+v", in, got)
		}
	}
}

func TestComplete(t *testing.T) {
	seen := func(field string) []string {
		return map[string][]string{"channel": {"rtm", "web chat", "rtm"}, "status": {"closed", "closing"}}[field]
	}
	tests := map[string][]string{
		"t":                  {"type:", "tasks:", "task:", "tag:"},
		"msgs:>4 -d":         {"msgs:>4 -dev:", "msgs:>4 -dur:"},
		"type:":              {"type:dropOff ", "type:selfService ", "type:agent ", "type:open ", "type:none "},
		"type:DR":            {"type:dropOff "},
		"channel:":           {"channel:rtm ", `channel:"web chat" `},
		"-status:cl":         {"-status:closed ", "-status:closing "},
		"nothing":            nil,
		`"user`:              nil,
		"msgs:":              nil,
		"colour:":            nil,
		`user:"two words" i`: {`user:"two words" id:`},
	}
	for in, want := range tests {
		var got []string
		for _, c := range Sessions(nil).Complete(in, seen) {
			got = append(got, c.Text)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %q", in, got)
		}
	}
	if got := Sessions(nil).Complete("", nil); len(got) != 16 {
		t.Errorf("nothing typed offers %d fields", len(got))
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"type:drop -user:\"a b\" msgs:>=4", `\"`, `"\\`, "dur:1h30m", "tag:a=b", "- -- \"", "ä:ö", "user:==", "\xff:\xfe", "dur:1.5.5s", "ms:1e9", "a\x00b"} {
		f.Add(s)
	}
	row, call, message := sample(), api.LLMCall{}, api.Message{}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := Parse(s)
		if err == nil {
			again, err := Parse(q.String())
			if err != nil || !reflect.DeepEqual(again, q) {
				t.Fatalf("%q is %+v; written as %q it is %+v, %v", s, q, q.String(), again, err)
			}
		}
		if _, is, err := Sessions(nil).Compile(s); err == nil {
			is(row)
			is(api.Session{})
		}
		if _, is, err := Calls(nil).Compile(s); err == nil {
			is(call)
		}
		if _, is, err := Messages(nil).Compile(s); err == nil {
			is(message)
		}
		SplitSessions(q)
		Sessions(nil).Complete(s, nil)
	})
}

// Tasks and waits are known of conversations that were read; what is not known is
// no match but of ?.
func TestTasksAndLatencyOfSessions(t *testing.T) {
	read := api.Session{ID: "a", TaskNames: []string{"Refund order", "Welcome"}, Slowest: api.Known(3400)}
	unread := api.Session{ID: "b"}
	for filter, want := range map[string][2]bool{
		"task:refund": {true, false}, "task:pay": {false, false}, "-task:refund": {false, true},
		"lat:>3s": {true, false}, "lat:<3s": {false, false}, "lat:>3400ms": {false, false}, "lat:>=3400ms": {true, false}, "lat:?": {false, true},
		"task:welcome lat:>1s": {true, false},
	} {
		_, match, err := Sessions(nil).Compile(filter)
		if err != nil || match(read) != want[0] || match(unread) != want[1] {
			t.Errorf("%s: %v", filter, err)
		}
	}
}
