package sim

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // zones must load on hosts that have none

	"korescope/api"
)

func readLog(t testing.TB, w *World, identity, channel, more string) []row {
	t.Helper()
	var out []row
	decode(t, fetch(t, w, "retail", pathDebug+"?identity="+url.QueryEscape(identity)+"&channelType="+channel+more), &out)
	return out
}

// TestTwoPages: an identity with 73 lines, in both meanings of offset.
func TestTwoPages(t *testing.T) {
	for _, pages := range []bool{false, true} {
		w, _ := newWorld(t, open(Options{Strict: Strict{OffsetPages: pages}}))
		s := sceneOf(t, w, func(s *session) bool { return s.scene.name == "smartassist" })
		identity := accountID + "/smartassist/" + s.id
		channel, id, truth := w.Truth().Log(api.SessionID(s.id))
		if channel != "smartassist" || id != identity || len(truth) != 73 {
			t.Fatalf("%s %s has %d lines", channel, id, len(truth))
		}
		for _, test := range []struct {
			query      string
			rows, next int // next with offset as a page
			first      int
		}{
			{"", 50, 50, 0}, {"&limit=50", 50, 50, 0}, {"&limit=51", 50, 50, 0}, {"&limit=50&offset=50", 23, 0, 50}, {"&limit=50&offset=1", 50, 23, 1},
			{"&limit=10&offset=2", 10, 10, 2}, {"&limit=50&offset=73", 0, 0, 0}, {"&limit=7&offset=70", 3, 0, 70},
		} {
			got := readLog(t, w, identity, "smartassist", test.query)
			want, first := test.rows, test.first
			if pages {
				want = test.next
				first = test.first * map[bool]int{true: 10, false: 50}[has(test.query, "limit=10")]
			}
			if len(got) != want || len(got) > 0 && got[0]["timestamp"] != stamp(truth[first].Time.UnixMilli()) {
				t.Errorf("pages %v, %q: %d rows, want %d", pages, test.query, len(got), want)
			}
		}
	}
	w, _ := newWorld(t, open(Options{Strict: Strict{RefuseOverMax: true}}))
	if rec := fetch(t, w, "retail", pathDebug+"?identity=x&limit=51"); rec.Code != 412 {
		t.Errorf("limit 51 with the switch: %d", rec.Code)
	}
}

// TestIdentities: every channel has its own kind of identity.
func TestIdentities(t *testing.T) {
	w, _ := newWorld(t, open(Options{}))
	for channel, test := range map[string]struct {
		identity func(*session) string
		asked    string // channelType
		shown    string // metaInfo.channel
	}{
		"rtm":        {func(s *session) string { return s.channelUID() }, "", "rtm"},
		"korevg":     {func(s *session) string { return s.callID() }, "korevg", "korevg"},
		"ivrVoice":   {func(s *session) string { return s.callID() }, "ivrVoice", "ivrVoice"},
		"audiocodes": {func(s *session) string { return s.callID() }, "audiocodes", "audiocodes"},
		"sms":        {func(s *session) string { return accountID + "/" + s.user.phone }, "twiliosms", "sms"},
		"msteams":    {func(s *session) string { return s.channelUID() }, "msteams", "msteams"},
	} {
		s := sceneOf(t, w, func(s *session) bool { return s.channel == channel })
		rows := readLog(t, w, test.identity(s), test.asked, "")
		if len(rows) == 0 || dig(t, rows[0], "metaInfo", "channel") != test.shown || dig(t, rows[0], "metaInfo", "identity") != test.identity(s) {
			t.Errorf("%s: %v", channel, rows)
			continue
		}
		before := ""
		for _, r := range rows {
			at := r["timestamp"].(string)
			if at < before {
				t.Errorf("%s: %s after %s", channel, at, before)
			}
			before = at
		}
		if other := readLog(t, w, test.identity(s), "genesys", ""); len(other) != 0 {
			t.Errorf("%s: found under another channel", channel)
		}
	}
	if rows := readLog(t, w, "nobody@example.test", "rtm", ""); rows == nil || len(rows) != 0 {
		t.Errorf("an unknown identity: %v, want an empty array", rows)
	}
}

// TestDetail: what stands in debugDetail, the levels' letters, and what
// minimumInfo leaves out.
func TestDetail(t *testing.T) {
	w, _ := newWorld(t, open(Options{}))
	forms, levels, counters, mute := map[string]int{}, map[string]bool{}, 0, 0
	for s := range w.bots[0].sessions(span{noon().Add(-3 * time.Hour).UnixMilli(), noon().UnixMilli()}, false) {
		channel, identity := s.logIdentity()
		full, brief := readLog(t, w, identity, channel, ""), readLog(t, w, identity, channel, "&minimumInfo=true")
		if len(full) != len(brief) {
			t.Fatalf("%s: %d and %d lines", identity, len(full), len(brief))
		}
		for i, r := range full {
			if _, there := brief[i]["debugDetail"]; there || brief[i]["VGdebugDetail"] != nil || brief[i]["debugTitle"] != r["debugTitle"] {
				t.Errorf("minimumInfo: %v", brief[i])
			}
			levels[r["debugLevel"].(string)] = true
			mute += number(r["debugMessage"] == nil)
			if n, there := r["noinput_count"]; there {
				counters++
				if _, isText := n.(string); !isText {
					t.Errorf("counter %v", n)
				}
			}
			detail, there := r["debugDetail"].(string)
			var inner any
			switch {
			case !there:
				forms["none"]++
			case json.Unmarshal([]byte(detail), &inner) != nil:
				forms["broken"]++
			case len(detail) > 2000:
				forms["dump"]++
				if dig(t, inner, "updatedContext", "sessionId") == nil || !has(detail, "EXAMPLE-NOT-A-REAL-TOKEN") {
					t.Errorf("%s", detail)
				}
			case strings.HasPrefix(detail, `"`):
				forms["quoted"]++
			default:
				forms["json"]++
			}
		}
	}
	for _, form := range []string{"none", "dump", "quoted", "json"} {
		if forms[form] < 3 {
			t.Errorf("%s: %v", form, forms)
		}
	}
	for _, level := range []string{"info", "Info", "Warning", "warning", "Error", "error"} {
		if !levels[level] {
			t.Errorf("level %s was never written", level)
		}
	}
	if forms["broken"] > 0 || counters == 0 || mute == 0 {
		t.Errorf("%v, %d counters, %d without a message", forms, counters, mute)
	}
	call := sceneOf(t, w, func(s *session) bool { return s.channel == "korevg" && !s.scene.mute })
	if rows := readLog(t, w, call.callID(), "korevg", ""); !has(fmt.Sprint(rows), "ASRVendor") {
		t.Error("a call without speech recognition")
	}
}

// TestTimeZone: the time is shifted and still ends in Z.
func TestTimeZone(t *testing.T) {
	w, _ := newWorld(t, open(Options{}))
	s := sceneOf(t, w, func(s *session) bool { return s.scene.name == "smartassist" })
	_, identity, truth := w.Truth().Log(api.SessionID(s.id))
	for zone, shift := range map[string]time.Duration{"": 0, "UTC": 0, "America/New_York": -4 * time.Hour, "Asia/Kolkata": 5*time.Hour + 30*time.Minute} {
		got := readLog(t, w, identity, "smartassist", "&timezone="+zone)
		if want := stamp(truth[0].Time.Add(shift).UnixMilli()); got[0]["timestamp"] != want {
			t.Errorf("%q: %v, want %s", zone, got[0]["timestamp"], want)
		}
	}
	middle := truth[36].Time
	for query, want := range map[string]int{
		"&fromDate=" + stamp(middle.UnixMilli()): 37, "&toDate=" + stamp(middle.UnixMilli()): 37, "&fromDate=2025-10-17": 0,
	} {
		if got := readLog(t, w, identity, "smartassist", query); len(got) != want {
			t.Errorf("%s: %d lines, want %d", query, len(got), want)
		}
	}
	for _, query := range []string{"", "?identity=", "?identity=x&timezone=Mars/North", "?identity=x&limit=-1", "?identity=x&fromDate=yesterday", "?identity=x&minimumInfo=yes"} {
		if rec := fetch(t, w, "retail", pathDebug+query); rec.Code != 412 {
			t.Errorf("%q: %d", query, rec.Code)
		}
	}
	if rec := fetch(t, w, "admin", pathDebug+"?identity=x"); rec.Code != 401 {
		t.Errorf("an admin app: %d", rec.Code)
	}
}

// TestIncidentInLogs: a refund since the publish has the timeouts of GetOrder,
// each between the user's message and the model call that was told about it,
// and its broken model calls.
func TestIncidentInLogs(t *testing.T) {
	w, c := newWorld(t, open(Options{}))
	c.move(2 * time.Hour)
	now := c.ms.Load()
	told, waited := 0, 0
	for s := range w.bots[0].sessions(span{w.bots[0].publishAt(), now}, false) {
		_, _, lines := w.Truth().Log(api.SessionID(s.id))
		var errors, failures, cuts int
		for _, l := range lines {
			switch {
			case l.Title == "GetOrder" && l.Level == "error":
				errors++
				if !has(l.Message, "timeout") || !fits(w, s, l.Time) {
					t.Errorf("session %s: %+v fits no message", s.id, l)
				}
			case l.Level == "error":
				failures++
			case l.Level == "warning" && has(l.Message, "max_tokens"):
				cuts++
			}
		}
		wantTools, wantFailures, wantCuts := 0, 0, 0
		st := s.told()
		for i := range st.calls {
			c := &st.calls[i]
			if c.at+int64(c.took) > now {
				continue
			}
			wantFailures += number(c.status >= 400)
			wantCuts += number(c.finish == "length")
		}
		for i := range st.messages {
			m := &st.messages[i]
			wantTools += number(i > 0 && m.at <= now && !m.in && !m.agent && !m.late && m.at-st.messages[i-1].at > 10300 && s.scene.name != "refund" && st.messages[i-1].in)
		}
		if failures != wantFailures || cuts != wantCuts {
			t.Errorf("session %s: %d failed and %d cut calls in the log, %d and %d in its rows", s.id, failures, cuts, wantFailures, wantCuts)
		}
		if s.scene.name == "order status" && errors < wantTools {
			t.Errorf("order status %s: %d timeouts, want %d", s.id, errors, wantTools)
		}
		told += number(s.scene.name == "refund" && errors > 0)
		waited += number(s.scene.name == "order status" && errors > 0)
	}
	if told < 40 || waited < 5 {
		t.Errorf("timeouts in %d refunds and %d order lookups", told, waited)
	}
	for s := range w.bots[0].sessions(span{w.bots[0].publishAt() - day.Milliseconds(), w.bots[0].publishAt() - 1}, false) {
		if _, _, lines := w.Truth().Log(api.SessionID(s.id)); has(fmt.Sprint(lines), "ETIMEDOUT") {
			t.Errorf("a timeout before the publish in %s", s.id)
		}
	}
}

// fits: ten seconds before the error the user had spoken, and after it either a
// model was asked or the bot answered.
func fits(w *World, s *session, at time.Time) bool {
	spoke, answered := false, false
	for _, m := range w.Truth().Messages(api.SessionID(s.id)) {
		spoke = spoke || m.Type == "incoming" && !m.Time.After(at.Add(-10*time.Second))
		answered = answered || m.Time.After(at) && m.Time.Before(at.Add(3*time.Second))
	}
	for _, c := range s.told().calls {
		answered = answered || c.at >= at.UnixMilli() && c.at < at.UnixMilli()+1000
	}
	return spoke && answered
}

// TestTranslations: only other languages, joined texts, a query that is needed.
func TestTranslations(t *testing.T) {
	w, _ := newWorld(t, open(Options{}))
	read := func(query string) []row {
		var out []row
		decode(t, fetch(t, w, "retail", pathTranslation+query), &out)
		return out
	}
	s := sceneOf(t, w, func(s *session) bool { return s.lang == "de" })
	rows := read("?sessionId=" + s.id)
	if len(rows) != len(s.told().messages) {
		t.Fatalf("%d rows for %d messages", len(rows), len(s.told().messages))
	}
	if in := dig(t, rows[0], "inputPayload"); rows[0]["sessionId"] != s.id || rows[0]["batchSize"] != 1.0 || dig(t, in, "endPoint", "port") != "" ||
		dig(t, in, "payloadFields", "targetLanguage") != "en" || dig(t, in, "payloadFields", "sourceText") != s.told().messages[0].spoken || dig(t, in, "originalIndices") != nil {
		t.Errorf("%v", rows[0])
	}
	if in := dig(t, rows[1], "inputPayload"); dig(t, in, "payloadFields", "targetLanguage") != "de" || !has(dig(t, in, "payloadFields", "sourceText").(string), "<>OK") ||
		dig(t, in, "originalIndices", 1) != 1.0 || !has(dig(t, rows[1], "outputPayload", "translations", 0).(string), "&lt;&gt;OK") {
		t.Errorf("%v", rows[1])
	}
	all := read("?fromDate=" + stamp(noon().Add(-day).UnixMilli()))
	if len(all) < 20 || len(all) > 50 {
		t.Errorf("%d rows in a day", len(all))
	}
	langs, before := map[any]bool{}, ""
	for _, r := range all {
		langs[dig(t, r, "inputPayload", "payloadFields", "targetLanguage")] = true
		if at := r["timestamp"].(string); at < before {
			t.Errorf("%s after %s", at, before)
		} else {
			before = at
		}
	}
	if len(langs) < 5 {
		t.Errorf("languages %v", langs)
	}
	if rest := read("?fromDate=" + stamp(noon().Add(-day).UnixMilli()) + "&offset=5&limit=3"); len(rest) != 3 || fmt.Sprint(rest[0]) != fmt.Sprint(all[5]) {
		t.Errorf("%d rows from the fifth", len(rest))
	}
	if rec := fetch(t, w, "retail", pathTranslation); rec.Code != 412 {
		t.Errorf("without any of the three: %d", rec.Code)
	}
	other := strings.Replace(pathTranslation, "translationlogs", "translationLogs", 1)
	if rec := fetch(t, w, "retail", other+"?sessionId="+s.id); rec.Code != 200 {
		t.Errorf("the sample's spelling: %d", rec.Code)
	}
}
