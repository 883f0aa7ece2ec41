package kore

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"korescope/api"
)

// 68f1a3d0 is 2025-10-17 02:02:56, 68e8a0d0 is 2025-10-10 06:00:16, 6169f3a8 is 2021-10-15.
func TestDatesOfBilledSessions(t *testing.T) {
	oct17 := time.Date(2025, 10, 17, 2, 2, 56, 0, time.UTC)
	for name, c := range map[string]struct {
		start, other, session string
		want                  time.Time
	}{
		"month first, by its size":        {"10-17-2025 2:02:56 am", "", "", oct17},
		"day first, by its size":          {"17-10-2025 2:02:56 am", "", "", oct17},
		"by another date of the row":      {"03-10-2021 2:05:03 pm", "28-02-2021 1:00:00 am", "", time.Date(2021, 10, 3, 14, 5, 3, 0, time.UTC)},
		"month first, by the session":     {"11-10-2025 1:00:00 PM", "", hexAt(2025, 11, 10), time.Date(2025, 11, 10, 13, 0, 0, 0, time.UTC)},
		"day first, by the session":       {"11-10-2025 1:00:00 pm", "", hexAt(2025, 10, 11), time.Date(2025, 10, 11, 13, 0, 0, 0, time.UTC)},
		"a zone and a night away":         {"11-10-2025 11:00:00 pm", "", hexAt(2025, 10, 12), time.Date(2025, 10, 11, 23, 0, 0, 0, time.UTC)},
		"the same either way":             {"10-10-2025 12:00:00 am", "", "", time.Date(2025, 10, 10, 0, 0, 0, 0, time.UTC)},
		"open":                            {"03-10-2021 2:05:03 pm", "", "", time.Time{}},
		"open, the session far from both": {"03-10-2021 2:05:03 pm", "", hexAt(2021, 7, 1), time.Time{}},
		"slashes":                         {"10/17/2025 2:02:56 am", "", "", oct17},
		"no blank":                        {"10-17-2025 2:02:56AM", "", "", oct17},
		"24 hours":                        {"10-17-2025 02:02:56", "", "", oct17},
		"ISO":                             {"2025-10-17T02:02:56.000Z", "", "", oct17},
		"no time":                         {"yesterday", "", "", time.Time{}},
		"no such day":                     {"02-30-2025 1:00:00 am", "", "", time.Time{}},
		"both too large":                  {"31-31-2025 1:00:00 am", "", "", time.Time{}},
		"absent":                          {"", "", "", time.Time{}},
	} {
		row, _ := json.Marshal(map[string]string{
			"billingSessionId": "b1", "billingSessionStartDateTime": c.start, "billingSessionEndDateTime": c.other, "conversationSessionId": c.session,
		})
		got := decodeBilled(row)
		if !got.Start.Equal(c.want) || got.StartRaw != c.start || got.EndRaw != c.other {
			t.Errorf("%s: %q read as %v, want %v", name, c.start, got.Start, c.want)
		}
	}
}

// hexAt is an id born at noon.
func hexAt(year, month, day int) string {
	const digits = "0123456789abcdef"
	sec := time.Date(year, time.Month(month), day, 12, 0, 0, 0, time.UTC).Unix()
	out := []byte("00000000" + "4c7e2b9a5d10e3f7")
	for i := 7; i >= 0; i-- {
		out[i] = digits[sec%16]
		sec /= 16
	}
	return string(out)
}

func TestBilledSessionsAreReadToTheEnd(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, a asked) {
		if a.body["skip"] == float64(0) {
			answerJSON(w, 200, `{"total":1,"moreAvailable":true,"sessions":[
				{"billingSessionId":"b1","botId":"st-1","channel":"IVR","koreUserId":"u-1","channelUserId":"acc/ivrvoice/0","billingSessionType":"Conversations",
				 "conversationSessionId":"68f1a3d04c7e2b9a5d10e3f7","conversationSessionStartDateTime":"10-17-2025 2:02:56 am",
				 "billingSessionStartDateTime":"10-17-2025 2:02:57 am","billingSessionEndDateTime":"10-17-2025 2:05:12 am"},
				"oops",
				{"billingSessionId":"early","billingSessionStartDateTime":"2025-10-16T23:59:59.500Z"},
				{"billingSessionId":"zone","billingSessionStartDateTime":"2025-10-16T20:00:00.000Z"}]}`)
			return
		}
		answerJSON(w, 200, `{"total":1,"moreAvailable":false,"sessions":[{"billingSessionId":"zone","billingSessionStartDateTime":"2025-10-16T20:00:00.000Z"},{"billingSessionId":"b2"}]}`)
	})
	g := gather(s.client(t).Billed(t.Context(), api.BilledQuery{Window: october()}, api.Person))
	if g.err != nil || len(g.items) != 4 || g.done != october() {
		t.Fatalf("%+v", g)
	}
	want := api.BilledSession{
		ID: "b1", Bot: "st-1", Channel: "IVR", User: "u-1", ChannelUser: "acc/ivrvoice/0", Type: "Conversations", Session: "68f1a3d04c7e2b9a5d10e3f7",
		Start: time.Date(2025, 10, 17, 2, 2, 57, 0, time.UTC), End: time.Date(2025, 10, 17, 2, 5, 12, 0, time.UTC),
		StartRaw: "10-17-2025 2:02:57 am", EndRaw: "10-17-2025 2:05:12 am", SessionStart: time.Date(2025, 10, 17, 2, 2, 56, 0, time.UTC),
	}
	if g.items[0] != want {
		t.Errorf("read as %+v, want %+v", g.items[0], want)
	}
	unreadable := 0
	for _, b := range g.items {
		if b.ID == "early" {
			t.Error("a row of the second before the window is given")
		}
		if b.Unreadable != "" {
			unreadable++
		}
	}
	if unreadable != 1 {
		t.Errorf("%d unreadable rows", unreadable)
	}
	if b := s.all()[0].body; b["fromDate"] == nil || b["limit"] != float64(100) || b["botId"] != nil {
		t.Errorf("asked for %v", b)
	}
	// Five months are asked for in parts.
	s = serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) {
		answerJSON(w, 200, `{"total":0,"moreAvailable":false}`)
	})
	g = gather(s.client(t).Billed(t.Context(), api.BilledQuery{Window: api.Last(150*24*time.Hour, october().To)}, api.Person))
	if g.err != nil || s.count() != 2 {
		t.Errorf("%d requests, %v", s.count(), g.err)
	}
}
