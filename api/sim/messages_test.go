package sim

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"korescope/api"
)

// scenes finds a session of each odd scene.
func scenes(w *World) map[string]SessionTruth {
	out := map[string]SessionTruth{}
	for _, s := range w.Truth().Sessions(retailBot, api.Between(noon().Add(-20*day), noon())) {
		if _, known := out[s.Scene]; !known {
			out[s.Scene] = s
		}
	}
	return out
}

// around is a window that holds a session with all its messages.
func around(s SessionTruth) string {
	return `"dateFrom":"` + stamp(s.Start.Add(-time.Hour).UnixMilli()) + `","dateTo":"` + stamp(s.Start.Add(5*time.Hour).UnixMilli()) + `"`
}

func TestTranscriptsMatchTheTruth(t *testing.T) {
	w, _ := newWorld(t, open(Options{}))
	sessions := w.Truth().Sessions(retailBot, api.Between(noon().Add(-day), noon()))
	ids := []string{}
	want := 0
	for _, s := range sessions[:20] {
		ids = append(ids, `"`+string(s.ID)+`"`)
		want += len(w.Truth().Messages(s.ID))
	}
	got := readMessages(t, w, pathV2, `{"limit":10000,"sessionId":[`+strings.Join(ids, ",")+`],`+dates(2*day, 0)+`}`)
	if got.Total != want || len(got.Rows) != want || got.More {
		t.Errorf("%d rows, total %d, want %d", len(got.Rows), got.Total, want)
	}
	for i := 1; i < len(got.Rows); i++ {
		if got.Rows[i]["createdOn"].(string) > got.Rows[i-1]["createdOn"].(string) {
			t.Fatalf("row %d is newer than the row before: newest first is the default", i)
		}
	}
}

func TestMessageOrderAndPages(t *testing.T) {
	w, _ := newWorld(t, open(Options{}))
	flip, _ := newWorld(t, open(Options{Strict: Strict{OldestFirst: true}}))
	body := func(extra string) string { return `{"limit":10000,` + dates(6*time.Hour, time.Hour) + extra + `}` }
	newest := readMessages(t, w, pathV2, body(""))
	for name, other := range map[string]messagesAnswer{
		"forward":       readMessages(t, w, pathV2, body(`,"forward":true`)),
		"forward, text": readMessages(t, w, pathV2, body(`,"forward":"true"`)),
		"switch":        readMessages(t, flip, pathV2, body("")),
	} {
		n := len(newest.Rows)
		if len(other.Rows) != n || other.Rows[0]["_id"] != newest.Rows[n-1]["_id"] || other.Rows[n-1]["_id"] != newest.Rows[0]["_id"] {
			t.Errorf("%s: not the same rows the other way round", name)
		}
	}
	seen := map[any]bool{}
	for skip := 0; skip < newest.Total; skip += 100 {
		for _, r := range readMessages(t, w, pathV1, fmt.Sprintf(`{"limit":500,"skip":%d,%s}`, skip, dates(6*time.Hour, time.Hour))).Rows {
			seen[r["_id"]] = true
		}
	}
	if len(seen) != newest.Total {
		t.Errorf("pages of v1 (capped at 100) brought %d of %d messages", len(seen), newest.Total)
	}
}

func TestV2LeavesAlertsOut(t *testing.T) {
	w, _ := newWorld(t, open(Options{}))
	s := scenes(w)["alerts"]
	body := `{"limit":50,"sessionId":["` + string(s.ID) + `"],` + around(s) + `}`
	v1, v2 := readMessages(t, w, pathV1, body), readMessages(t, w, pathV2, body)
	if len(v1.Rows) != 3 || len(v2.Rows) != 1 {
		t.Errorf("v1 %d rows, v2 %d", len(v1.Rows), len(v2.Rows))
	}
}

func TestGETMessages(t *testing.T) {
	w, _ := newWorld(t, open(Options{}))
	var chat, phone SessionTruth
	for _, s := range w.Truth().Sessions(retailBot, api.Between(noon().Add(-3*day), noon())) {
		if s.Scene == "two at once" {
			continue // its user chats and calls at once
		}
		if s.Channel == "rtm" && chat.ID == "" {
			chat = s
		}
		if s.Channel == "korevg" && phone.ID == "" {
			phone = s
		}
	}
	read := func(s SessionTruth, more string) messagesAnswer {
		path := pathV2 + "?limit=1000&userId=" + string(s.User) + "&dateFrom=" + stamp(s.Start.Add(-time.Minute).UnixMilli()) + "&dateTo=" + stamp(s.Start.Add(time.Hour).UnixMilli()) + more
		var out messagesAnswer
		decode(t, ask(t, w, http.MethodGet, path, sign(t, named("retail"), nil), ""), &out)
		return out
	}
	if len(read(chat, "").Rows) == 0 || len(read(phone, "").Rows) != 0 || len(read(phone, "&channelType=korevg").Rows) == 0 {
		t.Error("without channelType a GET shows rtm only")
	}
	if got := readMessages(t, w, pathV2+"?sessionId="+string(chat.ID)+"&limit=2&dateFrom="+stamp(chat.Start.Add(-time.Minute).UnixMilli()), `{}`); len(got.Rows) != 2 {
		t.Errorf("parameters in the query of a POST: %d rows", len(got.Rows))
	}
}

func TestOptionalParts(t *testing.T) {
	w, _ := newWorld(t, open(Options{}))
	body := `{"limit":200,"includeTraceId":"true","includeLatency":true,` + dates(12*time.Hour, 0) + `}`
	traces, latencies := 0, 0
	for _, r := range readMessages(t, w, pathV2, body).Rows {
		_, hasTrace := r["traceId"]
		_, hasLatency := r["latency"]
		incoming := r["type"] == "incoming"
		if hasTrace && !incoming || hasLatency && incoming {
			t.Fatalf("trace or latency on the wrong side: %v", r["type"])
		}
		traces += number(hasTrace)
		latencies += number(hasLatency)
	}
	if traces == 0 || latencies == 0 {
		t.Errorf("%d traces, %d latencies", traces, latencies)
	}
}

func TestFromMessageOn(t *testing.T) {
	w, _ := newWorld(t, open(Options{}))
	rows := readMessages(t, w, pathV2, `{"limit":9,"forward":true}`).Rows
	id := rows[4]["_id"].(string)
	one := readMessages(t, w, pathV2, `{"limit":1,"forward":true,"msgId":"`+id+`"}`).Rows
	if len(one) != 1 || one[0]["_id"] != id {
		t.Fatalf("limit 1 gives just that message, got %v", one)
	}
	back := readMessages(t, w, pathV2, `{"limit":3,"forward":true,"msgId":"`+id+`","direction":-1}`).Rows
	if len(back) != 3 || back[0]["_id"] != id || back[1]["_id"] != rows[3]["_id"] {
		t.Error("direction below 0 goes backwards")
	}
	if rec := post(t, w, pathV2, `{"msgId":"`+id+`",`+dates(day, 0)+`}`); rec.Code != 412 {
		t.Errorf("msgId with dates: HTTP %d", rec.Code)
	}
}

func TestFlatShape(t *testing.T) {
	w, _ := newWorld(t, open(Options{}))
	for _, s := range w.Truth().Sessions(retailBot, api.Between(noon().Add(-3*day), noon())) {
		if s.CallID == "" || s.Messages == 0 {
			continue
		}
		got := readMessages(t, w, pathV1+"?callId="+s.CallID, `{"limit":100}`)
		if len(got.Rows) != s.Messages || got.Total <= len(got.Rows) || len(got.Rows[0]) != 3 {
			t.Fatalf("call %s: %d rows, total %d, first %v", s.CallID, len(got.Rows), got.Total, got.Rows[0])
		}
		return
	}
	t.Fatal("no call in three days")
}

func TestLite(t *testing.T) {
	w, _ := newWorld(t, open(Options{}))
	s := w.Truth().Sessions(retailBot, api.Between(noon().Add(-20*day), noon().Add(-3*time.Hour)))[0]
	got := readMessages(t, w, pathLite, `{"userId":"`+string(s.User)+`","limit":1000}`)
	mine := 0
	for _, r := range got.Rows {
		if _, has := r["tags"]; has || r["createdBy"] != string(s.User) {
			t.Fatalf("a row of the wrong shape or user: %v", r)
		}
		if r["sessionId"] == string(s.ID) {
			mine++
		}
	}
	if mine != s.Messages {
		t.Errorf("%d messages of the session, want %d", mine, s.Messages)
	}
	if n := len(readMessages(t, w, pathLite, `{"userId":"`+string(s.User)+`"}`).Rows); n > usualLite {
		t.Errorf("%d rows without a limit", n)
	}
	for _, r := range readMessages(t, w, pathLite, `{"userId":"`+string(s.User)+`","type":["incoming"],"limit":100}`).Rows {
		if r["type"] != "incoming" {
			t.Fatal("an outgoing row")
		}
	}
	if rec := post(t, w, pathLite, `{}`); rec.Code != 412 {
		t.Errorf("without a user: HTTP %d", rec.Code)
	}
	if rec := post(t, w, pathLite, `{"userId":"u","sessionId":["x"]}`); rec.Code != 412 {
		t.Errorf("sessionId as an array: HTTP %d", rec.Code)
	}
}

func TestSkipMayCountSessions(t *testing.T) {
	w, _ := newWorld(t, open(Options{Strict: Strict{SkipSessions: true}}))
	first := readMessages(t, w, pathV2, `{"limit":1000,`+dates(time.Hour, 0)+`}`).Rows
	next := readMessages(t, w, pathV2, `{"limit":1000,"skip":1,`+dates(time.Hour, 0)+`}`).Rows
	if next[0]["sessionId"] == first[0]["sessionId"] || len(first) == len(next) {
		t.Error("skip 1 did not step over a session")
	}
}
