package views

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"korescope/api"
)

func TestLogIdentities(t *testing.T) {
	tag := func(name, value string) []api.Tag {
		return []api.Tag{{Name: name, Value: json.RawMessage(`"` + value + `"`)}}
	}
	said := func(id string) api.Message { return api.Message{Session: "s1", ChannelID: id} }
	text := api.Message{Session: "s1", ChannelID: "+15550100", Raw: json.RawMessage(`{"accountId":"64c0"}`)}
	tests := map[string]struct {
		session  api.Session
		messages []api.Message
		want     string
	}{
		"a web chat":           {api.Session{ID: "s1", User: "u-1", Channel: "rtm"}, []api.Message{{Session: "s1"}, said("pat@x"), said("pat@x")}, "pat@x rtm, u-1 rtm"},
		"no channel":           {api.Session{ID: "s1", User: "u-1"}, nil, "u-1 rtm"},
		"a phone call":         {api.Session{ID: "s1", User: "u-1", Channel: "korevg", SessionTags: tag("callId", "c-9")}, []api.Message{said("+15550100")}, "c-9 korevg, +15550100 korevg, u-1 korevg"},
		"spelt otherwise":      {api.Session{ID: "s1", Channel: "ivr", UserTags: tag("Call_SID", "c-9")}, nil, "c-9 ivrVoice"},
		"a tag in a chat":      {api.Session{ID: "s1", User: "u-1", Channel: "rtm", SessionTags: tag("callId", "c-9")}, nil, "u-1 rtm"},
		"an agent desk":        {api.Session{ID: "s1", User: "u-1", Channel: "smartassist", SessionTags: tag("callId", "c-9")}, []api.Message{said("64c0/smartassist/s1")}, "64c0/smartassist/s1 smartassist, c-9 smartassist, u-1 smartassist"},
		"a desk behind a chat": {api.Session{ID: "s1", Channel: "rtm"}, []api.Message{said("9b/genesys/conv")}, "9b/genesys/conv genesys"},
		"text messages":        {api.Session{ID: "s1", User: "u-1", Channel: "sms"}, []api.Message{text}, "64c0/+15550100 twiliosms, +15550100 twiliosms, u-1 twiliosms"},
		"of another session":   {api.Session{ID: "s1", User: "u-1", Channel: "rtm"}, []api.Message{{Session: "s2", ChannelID: "kim"}}, "u-1 rtm"},
		"nobody":               {api.Session{ID: "s1", Channel: "rtm"}, []api.Message{said(" ")}, ""},
	}
	for name, tt := range tests {
		var got []string
		for _, l := range LogIdentities(tt.session, tt.messages) {
			got = append(got, l.Identity+" "+l.Channel)
			if l.Source.Empty() {
				t.Errorf("%s: %s comes from nowhere", name, l.Identity)
			}
		}
		if s := strings.Join(got, ", "); s != tt.want {
			t.Errorf("%s: %s", name, s)
		}
	}
}

func TestLogQueryOf(t *testing.T) {
	start := at("2031-03-12T12:00:00Z")
	now := start.Add(30*time.Minute + 20*time.Second)
	name := LogIdentity{Identity: "pat", Channel: "rtm"}
	born := api.SessionID(fmt.Sprintf("%08x", start.Unix()) + "0123456789abcdef")
	for what, tt := range map[string]struct {
		session api.Session
		from    time.Time
		to      time.Time
	}{
		"closed":       {api.Session{Start: start, End: start.Add(time.Minute), Status: "closed"}, start, start.Add(time.Minute)},
		"open":         {api.Session{Start: start, Status: "active"}, start, start.Add(31 * time.Minute)},
		"ends earlier": {api.Session{Start: start, End: start.Add(-time.Hour)}, start, start},
		"only its id":  {api.Session{ID: born}, start, start},
	} {
		q := LogQueryOf(tt.session, name, now)
		if q.Identity != "pat" || q.Channel != "rtm" || q.Detail || q.Window != api.Between(tt.from.Add(-api.JoinLead), tt.to.Add(api.JoinMargin)) {
			t.Errorf("%s: %+v", what, q)
		}
	}
	if q := LogQueryOf(api.Session{ID: "odd"}, name, now); !q.Window.Zero() {
		t.Errorf("%+v", q)
	}
}

func TestMaskedLines(t *testing.T) {
	e := Env{Mask: masker(t)}
	l := api.DebugLine{
		Title: "call +46 70 5550 1234", Message: "mail pat@example.test", Identity: "64c0ffee0123456789abcdef/+467055501234",
		Detail: json.RawMessage(`{"phone":"+46 70 5550 1234"}`), Raw: json.RawMessage(`{"x":"+467055501234"}`),
	}
	b, err := Record(DebugFields(), l, e)
	if err != nil || strings.Contains(string(b), "5550") || strings.Contains(string(b), "pat@") || !strings.Contains(string(b), `"64c0ffee0123456789abcdef/`) {
		t.Error(string(b), err)
	}
	for given, want := range map[string]string{
		"64c0ffee0123456789abcdef/smartassist/68f1a3d04c7e2b9a5d10e3f7": "64c0ffee0123456789abcdef/smartassist/68f1a3d04c7e2b9a5d10e3f7",
		"pat@example.test": "p…@example.test",
	} {
		if got := e.MaskedIdentity(given); got != want {
			t.Errorf("%s: %s", given, got)
		}
	}
}
