package kore

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"korescope/api"
)

// saying makes a message row with texts as its components.
func saying(kind string, texts ...string) json.RawMessage {
	var parts []map[string]any
	for _, s := range texts {
		parts = append(parts, map[string]any{"cT": "text", "data": map[string]any{"text": s}})
	}
	b, _ := json.Marshal(map[string]any{
		"_id": "ms-1", "type": kind, "createdOn": "2025-10-17T02:03:05.640Z", "chnl": "rtm", "components": parts,
	})
	return b
}

func TestTexts(t *testing.T) {
	for _, c := range []struct {
		name, direction, in string
		kind                api.MessageKind
		text, template      string
		options             []api.Option
		from                api.Direction
	}{
		{"plain", "outgoing", "Which parcel?", api.KindText, "Which parcel?", "", nil, api.FromBot},
		{"empty", "outgoing", "", api.KindEmpty, "", "", nil, api.FromBot},
		{"buttons", "outgoing", `{"type":"template","payload":{"template_type":"button","text":"Pick one","buttons":[{"type":"url","title":"Terms","url":"https://shop.example.test/t?token=abc"},{"type":"postback","title":"Yes","payload":"yes_1"}]}}`,
			api.KindTemplate, "Pick one", "button", []api.Option{{Title: "Terms", Value: "shop.example.test"}, {Title: "Yes", Value: "yes_1"}}, api.FromBot},
		{"quick replies", "outgoing", `{"type":"template","payload":{"template_type":"quick_replies","text":"When?","quick_replies":[{"content_type":"text","title":"Today","payload":"today"}]}}`,
			api.KindTemplate, "When?", "quick_replies", []api.Option{{Title: "Today", Value: "today"}}, api.FromBot},
		{"live agent", "outgoing", `{"type":"template","payload":{"template_type":"live_agent","text":"This is Robin."}}`,
			api.KindText, "This is Robin.", "live_agent", nil, api.FromAgent},
		{"carousel", "outgoing", `{"type":"template","payload":{"template_type":"carousel","elements":[{"title":"Red bag","subtitle":"19 EUR","buttons":[{"title":"Buy","payload":"buy 1"}]},{"title":"Blue bag"}]}}`,
			api.KindTemplate, "- Red bag: 19 EUR\n- Blue bag", "carousel", []api.Option{{Title: "Buy", Value: "buy 1"}}, api.FromBot},
		{"cards", "outgoing", `{"type":"template","payload":{"template_type":"new_kind","heading":"Shops","cards":[{"title":"North"},"South"]}}`,
			api.KindTemplate, "Shops\n- North\n- South", "new_kind", nil, api.FromBot},
		{"secure form", "outgoing", `{"type":"template","payload":{"template_type":"button","text":"Please fill in","buttons":[{"type":"url","title":"Open","url":"https://forms.example.test/token?hash=SECRETHASH"}]},"formData":{"formLink":"https://forms.example.test/token?hash=SECRETHASH","formId":"frm-1","name":"card","displayName":"Card details"}}`,
			api.KindForm, "Please fill in\n[form: Card details]", "button", nil, api.FromBot},
		{"voice command", "outgoing", `{"type":"command","command":"redirect","queueCommand":true,"data":[{"verb":"gather","say":{"text":["Hello.","<speak>Say <b>yes</b> &amp; wait</speak>"]}},{"verb":"pause"},{"verb":"hangup"}]}`,
			api.KindVoice, "Hello.\nSay yes & wait", "", nil, api.FromBot},
		{"voice command, text", "outgoing", `{"type":"command","command":"redirect","data":[{"verb":"gather","say":{"text":"Hello."}}]}`, api.KindVoice, "Hello.", "", nil, api.FromBot},
		{"silent command", "outgoing", `{"type":"command","command":"redirect","data":[{"verb":"pause"},{"verb":"hangup"}]}`, api.KindVoice, "[pause, hangup]", "", nil, api.FromBot},
		{"empty command", "outgoing", `{"type":"command","command":"redirect"}`, api.KindVoice, "[voice command redirect]", "", nil, api.FromBot},
		{"verbs alone", "outgoing", `[{"verb":"say","text":"Bye"},{"verb":"hangup"}]`, api.KindVoice, "Bye", "", nil, api.FromBot},
		{"SSML", "outgoing", `<speak><prosody rate="slow">It&apos;s &quot;ready&quot;</prosody></speak>`, api.KindVoice, `It's "ready"`, "", nil, api.FromBot},
		{"prosody", "outgoing", `One <prosody rate="fast">two</prosody>`, api.KindVoice, "One two", "", nil, api.FromBot},
		{"less than is no markup", "outgoing", "a < b and b > c", api.KindText, "a < b and b > c", "", nil, api.FromBot},
		{"braces that are no JSON", "outgoing", "{not json}", api.KindText, "{not json}", "", nil, api.FromBot},
		{"JSON of another kind", "outgoing", `{"bot":"x"}`, api.KindText, `{"bot":"x"}`, "", nil, api.FromBot},
		{"a list that is no command", "outgoing", `[1,2]`, api.KindText, `[1,2]`, "", nil, api.FromBot},
		{"image payload", "outgoing", `{"type":"image","payload":{"url":"https://cdn.example.test/x.png?s=1","text":"A map"}}`, api.KindMedia, "[image cdn.example.test]\nA map", "", nil, api.FromBot},
		{"link with a token", "outgoing", "Open https://a.example.test/p?token=SECRETHASH now, or (https://b.example.test).", api.KindText,
			"Open https://a.example.test/… now, or (https://b.example.test).", "", nil, api.FromBot},
		{"typed braces", "incoming", `{"type":"template","payload":{"template_type":"live_agent","text":"hi"}}`, api.KindText,
			`{"type":"template","payload":{"template_type":"live_agent","text":"hi"}}`, "", nil, api.FromUser},
		{"typed blanks", "incoming", "  two  ", api.KindText, "  two  ", "", nil, api.FromUser},
		{"nobody spoke", "incoming", "MAX_NO_INPUT", api.KindEvent, "MAX_NO_INPUT", "", nil, api.FromUser},
		{"nobody understood", "incoming", "MAX_NO_MATCH", api.KindEvent, "MAX_NO_MATCH", "", nil, api.FromUser},
		{"welcome", "incoming", "Welcome Task", api.KindEvent, "Welcome Task", "", nil, api.FromUser},
		{"control", "ctrlmsg", "x", api.KindEvent, "x", "", nil, api.Control},
	} {
		m := decodeMessage(saying(c.direction, c.in))
		if m.Kind != c.kind || m.Text != c.text || m.Template != c.template || m.Direction != c.from || !slices.Equal(m.Options, c.options) || m.Unreadable != "" {
			t.Errorf("%s: kind %s from %s, template %q, options %v, unreadable %q\n%q, want\n%q", c.name, m.Kind, m.Direction, m.Template, m.Options, m.Unreadable, m.Text, c.text)
		}
		if !strings.Contains(c.in, "shop") && strings.Contains(strings.Join(append([]string{m.Text, m.Template}, titles(m)...), " "), "SECRETHASH") {
			t.Errorf("%s: the link's token is shown", c.name)
		}
	}
}

func titles(m api.Message) (out []string) {
	for _, o := range m.Options {
		out = append(out, o.Title, o.Value)
	}
	return out
}

func TestAllComponentsCount(t *testing.T) {
	if m := decodeMessage(saying("outgoing", "one", "", "two")); m.Text != "one\ntwo" || m.Kind != api.KindText {
		t.Errorf("%q %s", m.Text, m.Kind)
	}
	m := decodeMessage(json.RawMessage(`{"_id":"ms-1","type":"outgoing","createdOn":"2025-10-17T02:03:05Z","components":[
		{"cT":"image","data":{"url":"x"}},{"cT":"text","data":{}},{"cT":"attachment","data":{"text":"invoice"},"thumbnails":[{}]},7]}`))
	if m.Text != "[image]\n[attachment]\ninvoice" || m.Kind != api.KindMedia {
		t.Errorf("%q %s", m.Text, m.Kind)
	}
	m = decodeMessage(json.RawMessage(`{"_id":"ms-1","type":"outgoing","createdOn":"2025-10-17T02:03:05Z","components":[{"cT":"contextUpdate","data":{"additionalProp1":{}}}]}`))
	if m.Text != "[contextUpdate]" || m.Kind != api.KindEvent {
		t.Errorf("%q %s", m.Text, m.Kind)
	}
}

func TestMessageFields(t *testing.T) {
	for _, c := range []struct {
		name, body string
		ok         func(api.Message) bool
	}{
		{"channel", `{"_id":"a","channel":"sms","createdOn":"2025-10-17T02:03:05Z"}`, func(m api.Message) bool { return m.Channel == "sms" }},
		{"channel of the list", `{"_id":"a","channels":[{"type":"ivr"},{"channelUId":"+1555"}],"createdOn":"2025-10-17T02:03:05Z"}`,
			func(m api.Message) bool { return m.Channel == "ivr" && m.ChannelID == "+1555" }},
		{"event", `{"_id":"a","type":"outgoing","author":{"type":"EVENT"},"components":[{"cT":"text","data":{"text":""}}]}`,
			func(m api.Message) bool { return m.Kind == api.KindEvent }},
		{"form filled in", `{"_id":"a","type":"incoming","author":{"type":"FORM","formName":"Card","isSecuredForm":true},"components":[{"cT":"text","data":{"text":""}}]}`,
			func(m api.Message) bool { return m.Kind == api.KindForm && m.Text == "[form: Card]" }},
		{"agent by author", `{"_id":"a","type":"outgoing","author":{"type":"AGENT","aId":"a-1"}}`, func(m api.Message) bool { return m.Direction == api.FromAgent }},
		{"no agent by a guess", `{"_id":"a","type":"outgoing","conversationId":"c-1","isA":true}`, func(m api.Message) bool { return m.Direction == api.FromBot }},
		{"only the stamp", `{"_id":"a","timestampValue":1760666585652}`, func(m api.Message) bool {
			return m.Time.UnixMilli() == 1760666585652 && m.Stamped && m.Unreadable+m.Fault == ""
		}},
		{"bad time", `{"_id":"a","createdOn":"soon"}`, func(m api.Message) bool { return m.Fault != "" && m.ID == "a" && m.Unreadable == "" }},
		{"tags", `{"_id":"a","tags":{"messageTags":[{"name":"n","value":null}]}}`, func(m api.Message) bool { return len(m.Tags) == 1 && string(m.Tags[0].Value) == "null" }},
		{"text as an object", `{"_id":"a","type":"outgoing","components":[{"cT":"text","data":{"text":{"type":"template","payload":{"template_type":"button","text":"Hi"}}}}]}`,
			func(m api.Message) bool { return m.Text == "Hi" && m.Template == "button" }},
		{"not an object", `7`, func(m api.Message) bool { return m.Unreadable != "" && m.ID != "" }},
	} {
		if m := decodeMessage(json.RawMessage(c.body)); !c.ok(m) {
			t.Errorf("%s: %+v", c.name, m)
		}
	}
}

func TestTheFlatShape(t *testing.T) {
	s := from(t, "messages-callid.json")
	q := api.MessageQuery{Sessions: api.ListIDs("68f1a3d04c7e2b9a5d10e3f7")}
	got := gather(s.client(t).Messages(t.Context(), q, api.Person))
	if got.err != nil || len(got.items) != 2 || got.items[0].Text != "Hello, how can I help?" || got.items[0].ID == got.items[1].ID ||
		got.items[1].Direction != api.FromUser || got.items[1].Session == "" || got.items[1].Time.IsZero() {
		t.Errorf("%v %+v", got.err, got.items)
	}
}

func TestDeepAndLongDocumentsAreJustText(t *testing.T) {
	for _, s := range []string{
		`{"type":"template","payload":` + strings.Repeat(`{"a":`, 100) + "1" + strings.Repeat("}", 100) + "}",
		`{"type":"template","payload":{"text":"` + strings.Repeat("x", 300<<10) + `"}}`,
	} {
		if m := decodeMessage(saying("outgoing", s)); m.Text != s || m.Kind != api.KindText {
			t.Errorf("%d bytes read as %s", len(s), m.Kind)
		}
	}
}
