package sim

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"korescope/api"
)

func TestWindowRules(t *testing.T) {
	w, _ := newWorld(t, open(Options{}))
	week := `{"limit":10000,` + dates(7*day-time.Millisecond, 0) + `}`
	whole := readSessions(t, w, pathSessions, week)
	for _, test := range []struct {
		name, body string
		rows       int
	}{
		{"no dates: the last seven days", `{"limit":10000}`, whole.Total},
		{"only dateTo", `{"limit":10000,"dateTo":"2025-10-17T12:00:00.000Z"}`, whole.Total},
		{"only dateFrom", `{"limit":10000,"dateFrom":"2025-10-10T12:00:00.000Z"}`, whole.Total},
		{"empty window", `{"dateFrom":"2025-10-17T12:00:00.000Z","dateTo":"2025-10-17T12:00:00.000Z"}`, 0},
		{"the future", `{"dateFrom":"2025-10-18","dateTo":"2025-10-19"}`, 0},
		{"before the world", `{"dateFrom":"2020-10-18","dateTo":"2020-10-19"}`, 0},
	} {
		got := readSessions(t, w, pathSessions, test.body)
		if got.Total != test.rows || len(got.Rows) != test.rows {
			t.Errorf("%s: total %d, %d rows, want %d", test.name, got.Total, len(got.Rows), test.rows)
		}
	}
	for name, body := range map[string]string{
		"wrong way round": `{"dateFrom":"2025-10-17","dateTo":"2025-10-16"}`, "no date": `{"dateFrom":"yesterday"}`,
		"date is a number": `{"dateFrom":5}`, "blank in the time": `{"dateFrom":"2025-10-17 T13:26:05.598Z"}`,
		"unknown session type": `{"sessionType":"loud"}`, "sessionId no array": `{"sessionId":"abc"}`,
		"tags of another shape": `{"tags":["a"]}`,
	} {
		if rec := post(t, w, pathSessions, body); rec.Code != 412 {
			t.Errorf("%s: HTTP %d", name, rec.Code)
		}
	}
}

func TestBareUpperDate(t *testing.T) {
	body := `{"limit":10000,"dateFrom":"2025-10-15","dateTo":"2025-10-16"}`
	midnight, _ := newWorld(t, Options{})
	evening, _ := newWorld(t, Options{Strict: Strict{DateEndOfDay: true}})
	a, b := readSessions(t, midnight, pathSessions, body).Total, readSessions(t, evening, pathSessions, body).Total
	if a < 100 || b < a+100 {
		t.Errorf("midnight %d sessions, end of day %d", a, b)
	}
}

// TestPages reads the last day in pages of every size and compares with the
// truth: nothing twice, nothing missing, newest first.
func TestPages(t *testing.T) {
	w, _ := newWorld(t, open(Options{}))
	truth := w.Truth().Sessions(retailBot, api.Between(noon().Add(-day), noon().Add(time.Millisecond)))
	for _, size := range []int{7, 50, 100, 1000} {
		var got []string
		for skip := 0; skip < 10*len(truth); skip += size {
			page := readSessions(t, w, pathSessions, fmt.Sprintf(`{"skip":%d,"limit":%d,%s}`, skip, size, dates(day, 0)))
			if page.Total != len(truth) {
				t.Fatalf("total %d, want %d", page.Total, len(truth))
			}
			for _, r := range page.Rows {
				got = append(got, r["sessionId"].(string))
			}
			if !page.More {
				break
			}
		}
		if len(got) != len(truth) {
			t.Fatalf("pages of %d: %d rows, want %d", size, len(got), len(truth))
		}
		for i, id := range got {
			if id != string(truth[i].ID) {
				t.Fatalf("pages of %d: row %d is %s, want %s", size, i, id, truth[i].ID)
			}
		}
	}
}

func TestSessionIDsEncodeTheirStart(t *testing.T) {
	w, _ := newWorld(t, Options{})
	for _, r := range readSessions(t, w, pathSessions, `{"limit":100}`).Rows {
		born, ok := api.SessionID(r["sessionId"].(string)).Born()
		start, err := time.Parse(time.RFC3339Nano, r["start_time"].(string))
		if !ok || err != nil || !start.Truncate(time.Second).Equal(born) {
			t.Errorf("%v begins %v, its id says %v", r["sessionId"], r["start_time"], born)
		}
	}
}

func TestFilters(t *testing.T) {
	w, _ := newWorld(t, open(Options{}))
	all := readSessions(t, w, pathSessions, `{"limit":10000}`)
	count := func(fits func(row) bool) (n int) {
		for _, r := range all.Rows {
			if fits(r) {
				n++
			}
		}
		return n
	}
	for _, c := range []string{"dropOff", "selfService", "agent", "selfservice"} {
		got := readSessions(t, w, pathSessions+"?containmentType="+c, `{"limit":10000}`)
		want := count(func(r row) bool { s, _ := r["containmentType"].(string); return strings.EqualFold(s, c) })
		if got.Total != want || want == 0 {
			t.Errorf("%s: %d rows, want %d", c, got.Total, want)
		}
	}
	if rec := post(t, w, pathSessions+"?containmentType=lost", "{}"); rec.Code != 412 {
		t.Errorf("unknown containment type: HTTP %d", rec.Code)
	}
	user := all.Rows[0]["userId"].(string)
	if got, want := readSessions(t, w, pathSessions, `{"limit":10000,"userId":"`+user+`"}`).Total, count(func(r row) bool { return r["userId"] == user }); got != want {
		t.Errorf("user: %d rows, want %d", got, want)
	}
	mute := readSessions(t, w, pathSessions, `{"limit":10000,"sessionType":"non-interactive"}`)
	if mute.Total == 0 || mute.Total != count(func(r row) bool { return r["sessionType"] == "non-interactive" }) {
		t.Errorf("non-interactive: %d rows", mute.Total)
	}
	tags := readSessions(t, w, pathSessions, `{"limit":10000,"tags":{"and":[{"name":"tier","values":["gold"],"type":"user"},{"name":"intent","values":["refund"],"type":"session"}]}}`)
	if tags.Total == 0 || tags.Total >= all.Total/4 {
		t.Errorf("tags: %d of %d rows", tags.Total, all.Total)
	}
}

func TestByID(t *testing.T) {
	w, _ := newWorld(t, open(Options{}))
	day1 := readSessions(t, w, pathSessions, `{"limit":10,`+dates(day, 0)+`}`)
	id := day1.Rows[3]["sessionId"].(string)
	got := readSessions(t, w, pathSessions+"?containmentType=agent", `{"sessionId":["`+id+`","`+id+`","68f1a3d04c7eZZ9a5d10e3f7","000000000000000000000000"],"dateFrom":"2001-01-01","dateTo":"2025-10-17"}`)
	if got.Total != 1 || len(got.Rows) != 1 || got.Rows[0]["sessionId"] != id || len(got.Invalid) != 2 {
		t.Errorf("by id: %+v", got)
	}
	ids := func(n int) string {
		return `{"sessionId":[` + strings.TrimSuffix(strings.Repeat(`"`+id+`",`, n), ",") + `]}`
	}
	if rec := post(t, w, pathSessions, ids(51)); rec.Code != 412 {
		t.Errorf("51 ids, all the same: HTTP %d", rec.Code)
	}
	if readSessions(t, w, pathSessions, ids(50)).Total != 1 {
		t.Error("50 ids are allowed and doubles are ignored")
	}
	bank := w.Truth().Sessions(bankBot, api.Between(noon().Add(-day), noon()))[0]
	if other := readSessions(t, w, pathSessions, `{"sessionId":["`+string(bank.ID)+`"]}`); len(other.Invalid) != 1 {
		t.Error("the session of another bot was found")
	}
}

func TestTagsVanishAfterFourteenDays(t *testing.T) {
	w, _ := newWorld(t, open(Options{}))
	for _, test := range []struct {
		before time.Duration
		tags   bool
	}{{day, true}, {13 * day, true}, {14*day + 2*time.Hour, false}} {
		old := readSessions(t, w, pathSessions, `{"limit":1,`+dates(6*time.Hour, test.before)+`}`).Rows[0]
		byID := readSessions(t, w, pathSessions, `{"sessionId":["`+old["sessionId"].(string)+`"]}`).Rows[0]
		inWindow, asked := len(old["tags"].(row)["sessionTags"].([]any)), len(byID["tags"].(row)["sessionTags"].([]any))
		if inWindow == 0 || (asked > 0) != test.tags {
			t.Errorf("%v old: %d session tags by window, %d by id", test.before, inWindow, asked)
		}
	}
}

func TestByCallID(t *testing.T) {
	w, _ := newWorld(t, open(Options{}))
	for _, s := range w.Truth().Sessions(retailBot, api.Between(noon().Add(-3*day), noon())) {
		if s.CallID == "" {
			continue
		}
		got := readSessions(t, w, pathSessions+"?callId="+s.CallID, `{}`)
		if len(got.Rows) != 1 || got.Rows[0]["sessionId"] != string(s.ID) {
			t.Fatalf("call %s: %+v, want session %s", s.CallID, got, s.ID)
		}
	}
	if got := readSessions(t, w, pathSessions+"?callId=5f0b7a10-1111-4c2d-8e3f-9a0b1c2d3e4f", `{}`); got.Total != 0 {
		t.Error("an unknown call was found")
	}
}

func TestAdminSeesEveryBot(t *testing.T) {
	w, _ := newWorld(t, open(Options{}))
	admin := named("admin")
	var got sessionsAnswer
	decode(t, ask(t, w, "POST", "/api/public/getSessions", sign(t, admin, nil), `{"limit":10000,`+dates(2*day, 0)+`}`), &got)
	bots := map[any]int{}
	for i, r := range got.Rows {
		bots[r["botId"]]++
		if i > 0 && r["start_time"].(string) > got.Rows[i-1]["start_time"].(string) {
			t.Fatalf("row %d is newer than the row before", i)
		}
	}
	window := api.Between(noon().Add(-2*day), noon().Add(time.Millisecond))
	for _, b := range []api.BotID{retailBot, bankBot} {
		if want := len(w.Truth().Sessions(b, window)); bots[string(b)] != want {
			t.Errorf("%s: %d rows, want %d", b, bots[string(b)], want)
		}
	}
	if rec := ask(t, w, "POST", pathModels, sign(t, admin, nil), `{"limit":1,`+dates(day, 0)+`}`); rec.Code != 200 {
		t.Errorf("admin app on a bot's path: HTTP %d", rec.Code)
	}
}

func TestSwitchesOfLists(t *testing.T) {
	over := `{"limit":20000,` + dates(day, 0) + `}`
	w, _ := newWorld(t, Options{Strict: Strict{RefuseOverMax: true}})
	if rec := post(t, w, pathSessions, over); rec.Code != 412 {
		t.Errorf("limit over the maximum: HTTP %d", rec.Code)
	}
	w, _ = newWorld(t, Options{})
	honest := readSessions(t, w, pathSessions, over)
	w, _ = newWorld(t, Options{Strict: Strict{TotalLie: -10000}})
	if got := readSessions(t, w, pathSessions, over); got.Total != 0 || len(got.Rows) != len(honest.Rows) {
		t.Errorf("lying total %d with %d rows", got.Total, len(got.Rows))
	}
	w, _ = newWorld(t, Options{Strict: Strict{TrailingMore: true}})
	last := readSessions(t, w, pathSessions, over)
	after := readSessions(t, w, pathSessions, `{"skip":`+strconv.Itoa(last.Total)+`,`+dates(day, 0)+`}`)
	if !last.More || after.More || len(after.Rows) != 0 {
		t.Errorf("trailing page: more %v, then %d rows and more %v", last.More, len(after.Rows), after.More)
	}
}
