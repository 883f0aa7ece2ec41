package verdict

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"korescope/api"
)

func at(seconds float64) time.Time {
	return time.Date(2031, 3, 12, 12, 0, 0, 0, time.UTC).Add(time.Duration(seconds * float64(time.Second)))
}

func said(who api.Direction, s float64, words string) api.Message {
	return api.Message{ID: api.MessageID(words), Direction: who, Time: at(s), Text: words, Kind: api.KindText}
}

func user(s float64, words string) api.Message { return said(api.FromUser, s, words) }
func bot(s float64, words string) api.Message  { return said(api.FromBot, s, words) }

func line(s float64, level, node, words string) api.DebugLine {
	return api.DebugLine{ID: node + words, Time: at(s), Level: level, Title: node, Message: words}
}

func call(s float64, prompt, problem string) api.LLMCall {
	return api.LLMCall{ID: api.CallID(prompt + problem), Start: at(s), Prompt: prompt, Problem: problem}
}

// told is a call whose request holds these turns of tools.
func told(s float64, turns ...string) api.LLMCall {
	c := call(s, "p", "")
	c.ID = api.CallID("at" + at(s).String())
	c.Request = []byte(`{"messages":[{"role":"user","content":"x"}` + strings.Join(append([]string{""}, turns...), ",") + `]}`)
	return c
}

// turn is one call of a tool with its result, as the OpenAI chat shape has it.
func turn(name, result string) string {
	return `{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"` + name + `","arguments":"{}"}}]},` +
		`{"role":"tool","tool_call_id":"1","content":` + strconv.Quote(result) + `}`
}

func timeout(service string) string {
	return turn(service, `{"error":"ETIMEDOUT","service":"`+service+`","elapsedMs":10000}`)
}

func dropped(end float64) api.Session {
	return api.Session{ID: "s", Containment: api.DropOff, Status: api.StatusClosed, Start: at(0), End: at(end)}
}

const all = Messages | Calls | Lines

func TestVerdicts(t *testing.T) {
	solved := api.Session{ID: "s", Containment: api.SelfService, Status: api.StatusClosed}
	tests := map[string]struct {
		e    Evidence
		want string
	}{
		"nothing read": {Evidence{Session: dropped(9)}, "not read yet"},
		"a lookup that times out, a cut answer, a question again": {
			Evidence{Session: dropped(90), Read: all,
				Messages: []api.Message{
					user(1, "refund"), bot(3, "Please give me the order number RB 1?"), user(9, "it is RB 12"),
					bot(20, "Please give me the order number RB 2?"), user(22, "RB 12!"), bot(33, "One moment please, I look it up"),
				},
				Calls: []api.LLMCall{call(19, "refund", "cut at 512 tokens"), call(32, "refund", "cut at 512 tokens")},
				Lines: []api.DebugLine{line(19, "error", "GetOrder", "no answer within 10000 ms (ETIMEDOUT)"), line(31, "error", "GetOrder", "no answer within 10000 ms (ETIMEDOUT)")},
			},
			"GetOrder timed out 2x (10 s) > answer cut at 512 tokens 2x > bot asked again > left after a wait of 11 s",
		},
		"a tool's error counts once a turn, at the first call that has it": {
			Evidence{Session: solved, Read: all, Calls: []api.LLMCall{told(1), told(12, timeout("GetOrder")), told(24, timeout("GetOrder"), timeout("GetOrder"))}},
			"GetOrder timed out 2x (10 s)",
		},
		"lines and tools tell of the same failures": {
			Evidence{Session: solved, Read: all,
				Calls: []api.LLMCall{told(12, timeout("GetOrder")), told(24, timeout("GetOrder"), timeout("GetOrder"))},
				Lines: []api.DebugLine{line(11, "error", "GetOrder", "no answer within 10000 ms (ETIMEDOUT)")},
			},
			"GetOrder timed out 2x (10 s)",
		},
		"more lines than tools": {
			Evidence{Session: solved, Read: all,
				Calls: []api.LLMCall{told(12, timeout("getorder"))},
				Lines: []api.DebugLine{line(11, "error", "GetOrder", "timed out"), line(15, "error", "GetOrder", "timed out"), line(19, "error", "PayIt", "timed out")},
			},
			"GetOrder timed out 2x > PayIt timed out",
		},
		"two tools, one of them fine":    {Evidence{Session: solved, Read: all, Calls: []api.LLMCall{told(1, turn("A", `{"status":200,"error":null}`), turn("B", `{"statusCode":503,"body":""}`))}}, "B failed (503)"},
		"a tool's own words":             {Evidence{Session: solved, Read: all, Calls: []api.LLMCall{told(1, turn("A", `{"error":{"message":"order not found"}}`))}}, "A failed (order not found)"},
		"a tool that says no":            {Evidence{Session: solved, Read: all, Calls: []api.LLMCall{told(1, turn("A", `{"success":false}`))}}, "A failed"},
		"a tool that answers in words":   {Evidence{Session: solved, Read: all, Calls: []api.LLMCall{told(1, turn("A", "Error: request timed out after 5 s"))}}, "A timed out (5 s)"},
		"words that speak of an error":   {Evidence{Session: solved, Read: all, Calls: []api.LLMCall{told(1, turn("Search", "Errors and how to mend them: a guide"), turn("B", `{"note":"timeout is 10 s"}`))}}, "no fault seen"},
		"a tool of another provider":     {Evidence{Session: solved, Read: all, Calls: []api.LLMCall{told(1, `{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"GetOrder","input":{}}]}`, `{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"{\"error\":\"ECONNREFUSED\"}"}]}`)}}, "GetOrder failed (ECONNREFUSED)"},
		"a user who speaks of a timeout": {Evidence{Session: solved, Read: all, Calls: []api.LLMCall{told(1, `{"role":"user","content":"{\"error\":\"tool timeout\"}"}`)}}, "no fault seen"},
		"left without a fault": {
			Evidence{Session: dropped(4), Read: all, Messages: []api.Message{user(0, "hi"), bot(3, "Please give me the order number")}},
			`no fault seen: the user left 1 s after "Please give me the order number"`,
		},
		"only the messages were read": {
			Evidence{Session: dropped(4), Read: Messages, Messages: []api.Message{user(0, "hi"), bot(3, "Which one?")}},
			`no fault seen in the messages: the user left 1 s after "Which one?"`,
		},
		"nobody answered":        {Evidence{Session: dropped(9), Read: all, Messages: []api.Message{bot(0, "Hello"), user(3, "where is my order")}}, "no answer to the last words"},
		"an event is no answer":  {Evidence{Session: dropped(9), Read: all, Messages: []api.Message{user(3, "hello?"), {Direction: api.FromBot, Kind: api.KindEvent, Time: at(4)}}}, "no answer to the last words"},
		"left before a word":     {Evidence{Session: dropped(9), Read: all}, "no fault seen: the user left before a word was said"},
		"a long wait":            {Evidence{Session: dropped(20), Read: all, Messages: []api.Message{user(0, "hi"), bot(12.5, "Hello")}}, "left after a wait of 12.5 s"},
		"asked for a person":     {Evidence{Session: api.Session{ID: "s", Containment: api.Agent}, Read: all, Messages: []api.Message{user(0, "Can I talk to a human please"), bot(1, "Sure")}}, "asked for a person"},
		"handed over by the bot": {Evidence{Session: api.Session{ID: "s", Containment: api.Agent}, Read: all, Messages: []api.Message{user(0, "The agent told me it is free"), bot(1, "I connect you")}}, "handed to a person"},
		"a refusal, then a person": {
			Evidence{Session: api.Session{ID: "s", Containment: api.Agent}, Read: all, Messages: []api.Message{user(0, "x"), user(9, "Mitarbeiter bitte")}, Calls: []api.LLMCall{call(1, "p", "refused by content filter")}},
			"refused by content filter > asked for a person",
		},
		"a provider that fails":       {Evidence{Session: solved, Read: all, Calls: []api.LLMCall{call(1, "p", "provider error 429"), call(5, "p", "provider error 429")}}, "model: provider error 429 2x"},
		"a guardrail":                 {Evidence{Session: solved, Read: all, Calls: []api.LLMCall{call(1, "p", "guardrail detected 0.93")}}, "guardrail detected 0.93"},
		"an empty answer":             {Evidence{Session: solved, Read: all, Calls: []api.LLMCall{call(1, "p", "empty answer")}}, "model: empty answer"},
		"a service with a status":     {Evidence{Session: solved, Read: all, Lines: []api.DebugLine{line(1, "error", "PayIt", "service call failed with status 502")}}, "PayIt failed (502)"},
		"the engine's own error":      {Evidence{Session: solved, Read: all, Lines: []api.DebugLine{line(1, "error", "Script1", "undefined is not a function")}}, "error in Script1"},
		"not understood":              {Evidence{Session: solved, Read: all, Lines: []api.DebugLine{line(1, "info", "NLP", "No intent identified")}}, "intent not understood"},
		"solved without a fault":      {Evidence{Session: solved, Read: all, Messages: []api.Message{user(0, "hi"), bot(1, "Done")}}, "no fault seen"},
		"going on":                    {Evidence{Session: api.Session{ID: "s", Status: api.StatusActive, Containment: api.SelfService}, Read: all, Messages: []api.Message{user(0, "hi")}}, "no fault seen"},
		"short turns are no question": {Evidence{Session: solved, Read: all, Messages: []api.Message{bot(0, "One moment."), user(1, "x"), bot(2, "One moment.")}}, "no fault seen"},
		"said twice in one turn":      {Evidence{Session: solved, Read: all, Messages: []api.Message{user(0, "x"), bot(1, "We are open from nine to five"), bot(2, "We are open from nine to five")}}, "no fault seen"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := Of(test.e).Text(); got != test.want {
				t.Errorf("the verdict is\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestTheChainBeginsWhereItCanBeSeen(t *testing.T) {
	v := Of(Evidence{Session: dropped(30), Read: all,
		Messages: []api.Message{user(0, "hi"), bot(20, "Hello")},
		Calls:    []api.LLMCall{call(11, "p", "cut at 5 tokens")},
		Lines:    []api.DebugLine{line(10, "error", "Find", "timed out")},
	})
	if place, ok := v.First(); !ok || place.Line == "" {
		t.Errorf("the chain %q begins at %+v", v.Text(), place)
	}
	if _, ok := Of(Evidence{Session: dropped(1), Read: all, Messages: []api.Message{user(0, "hi"), bot(0.5, "Hello")}}).First(); ok {
		t.Error("a conversation without a fault has a place to open at")
	}
}

func TestFolding(t *testing.T) {
	tests := map[string][2]string{ // two texts of one template
		"numbers":    {"Order RB-1234 costs 12.50 EUR.", "Order RB-9 costs 9 EUR."},
		"names":      {"Good morning, Ana, how can I help?", "Good morning, Bert, how can I help?"},
		"full names": {"I found Ana Silva in Lisbon.", "I found Bo in Ulm."},
		"addresses":  {"I sent it to ana@example.test now", "I sent it to someone@example.org now"},
		"case":       {"WHICH order?", "which order?"},
	}
	for name, two := range tests {
		if a, b := Fold(two[0], "en"), Fold(two[1], "en"); a != b {
			t.Errorf("%s: %q and %q differ", name, a, b)
		}
	}
	if a, b := Fold("Bitte nennen Sie die Nummer", "de"), Fold("Bitte nennen Sie die Farbe", "de"); a == b {
		t.Errorf("German nouns fold to the same: %q", a)
	}
}

func TestAnyEvidenceGivesAVerdict(t *testing.T) {
	words := rapid.SampledFrom([]string{"", "agent", "a b c d e f?", "service timeout 10000 ms", "no intent", "人工", "\x9b\u202e", "failed 503"})
	when := rapid.Map(rapid.Int64Range(-5, 90), func(n int64) time.Time {
		if n < 0 {
			return time.Time{}
		}
		return at(float64(n))
	})
	rapid.Check(t, func(t *rapid.T) {
		e := Evidence{Read: Layers(rapid.IntRange(0, 7).Draw(t, "read"))}
		e.Session = api.Session{Containment: rapid.SampledFrom([]api.Containment{"", api.DropOff, api.SelfService, api.Agent}).Draw(t, "type"), End: when.Draw(t, "end")}
		for range rapid.IntRange(0, 6).Draw(t, "messages") {
			e.Messages = append(e.Messages, api.Message{Direction: rapid.SampledFrom([]api.Direction{api.FromUser, api.FromBot, api.FromAgent, api.Control}).Draw(t, "who"), Text: words.Draw(t, "said"), Time: when.Draw(t, "at")})
		}
		for range rapid.IntRange(0, 3).Draw(t, "lines") {
			e.Lines = append(e.Lines, api.DebugLine{Level: "error", Title: words.Draw(t, "node"), Message: words.Draw(t, "line"), Time: when.Draw(t, "at")})
		}
		v := Of(e)
		if v.Text() == "" || len(v.Links) == 0 {
			t.Fatal("no verdict")
		}
		for _, l := range v.Links {
			if l.Count < 1 || l.Words == "" {
				t.Fatalf("a link without words: %+v", l)
			}
		}
		if v.Fault() != (v.Key() != "") {
			t.Fatalf("fault %v, key %q", v.Fault(), v.Key())
		}
	})
}
