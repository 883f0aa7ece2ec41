package sim

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"korescope/api"
)

// wire counts usage the way a stranger would: from getSessions and getMessages.
func wire(t *testing.T, w *World, window api.Window, period string) map[string]counts {
	t.Helper()
	wide := fmt.Sprintf(`{"dateFrom":%q,"dateTo":%q,"limit":10000}`, stamp(window.From.Add(-3*time.Hour).UnixMilli()), stamp(window.To.UnixMilli()-1))
	sessions := readSessions(t, w, pathSessions, wide)
	if sessions.More {
		t.Fatal("more sessions than one page")
	}
	out := map[string]counts{}
	add := func(when string, u unit) {
		at, err := time.Parse(time.RFC3339, when)
		if err != nil {
			t.Fatal(err)
		}
		if at.Before(window.From) || !at.Before(window.To) {
			return
		}
		key := stamp(periodOf(at.UnixMilli(), period))
		n := out[key]
		n[u]++
		out[key] = n
	}
	talk := map[any]bool{}
	var mute []string
	for _, s := range sessions.Rows {
		if s["isDeveloper"] != false {
			continue
		}
		if s["sessionType"] != api.KindInteractive {
			mute = append(mute, fmt.Sprintf("%q", s["sessionId"]))
			continue
		}
		talk[s["sessionId"]] = true
		add(s["start_time"].(string), conversationUnit)
		from, err := time.Parse(time.RFC3339, s["start_time"].(string))
		to, err2 := time.Parse(time.RFC3339, s["end_time"].(string))
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		add(stamp(from.UnixMilli()), sessionUnit)
		for at := from.Add(15 * time.Minute); at.Before(to); at = at.Add(15 * time.Minute) {
			add(stamp(at.UnixMilli()), sessionUnit)
		}
	}
	span := fmt.Sprintf(`{"dateFrom":%q,"dateTo":%q,`, stamp(window.From.UnixMilli()), stamp(window.To.UnixMilli()-1))
	messages := readMessages(t, w, pathV2, span+`"limit":10000}`)
	notices := readMessages(t, w, pathV1, span+`"limit":100,"sessionId":[`+strings.Join(append(mute, `"none"`), ",")+`]}`)
	if messages.More || notices.More {
		t.Fatal("more messages than one page")
	}
	for _, m := range messages.Rows {
		if talk[m["sessionId"]] && m["type"] == "incoming" {
			add(m["createdOn"].(string), requestUnit)
		}
	}
	for _, m := range notices.Rows { // the first call leaves alerts in, the second does not
		switch {
		case m["ms"] == 0.0:
			add(m["createdOn"].(string), alertUnit)
		case m["ms"] == 1.0 && m["type"] == "outgoing":
			add(m["createdOn"].(string), proactiveUnit)
		}
	}
	return out
}

// report starts the summary, waits and fetches it.
func report(t *testing.T, w *World, c *clock, body string) row {
	t.Helper()
	id := object(t, post(t, w, pathBilling, body))["_id"]
	c.move(usualTakes)
	got := object(t, fetch(t, w, "retail", pathBilling+"/status?type=summary"))
	if got["_id"] != id || got["status"] != "success" {
		t.Fatalf("%v, want the job %v", got, id)
	}
	return got
}

// TestBillingAgrees: the summary, the truth and what the other calls show are
// the same numbers; days without anything are listed, hours are not.
func TestBillingAgrees(t *testing.T) {
	for _, test := range []struct {
		period string
		by     api.Period
		window api.Window
		rows   func(int) bool
	}{
		{"date_day", api.ByDay, settledWindow(60 * time.Hour), func(n int) bool { return n == 4 }},
		{"date_day_hour", api.ByHour, settledWindow(48 * time.Hour), func(n int) bool { return n > 30 && n <= 49 }},
		{"date_month", api.ByMonth, settledWindow(100 * time.Hour), func(n int) bool { return n == 1 }},
		{"date_day_hour", api.ByHour, api.Window{From: noon().Add(-5 * time.Hour), To: noon()}, func(n int) bool { return n >= 5 && n <= 6 }},
	} {
		w, c := newWorld(t, open(Options{Seed: 3}))
		want := wire(t, w, test.window, test.period)
		truth := w.Truth().Billing(test.window, test.by, retailBot)
		got := report(t, w, c, billingBody(test.window.From, test.window.To, test.period, ""))
		rows := dig(t, got, "response", "data", 0, "val").([]any)
		if !test.rows(len(rows)) || dig(t, got, "response", "data", 0, "bot") != "ALL" {
			t.Errorf("%s: %d rows", test.period, len(rows))
		}
		told := map[string]BillingTruth{}
		for _, r := range truth {
			told[stamp(r.Period.UnixMilli())] = r
		}
		sum, before, alerts := 0, "", 0
		for _, r := range rows {
			date := dig(t, r, "date").(string)
			val := dig(t, r, "val").(row)
			n := counts{}
			for u, name := range unitNames() {
				n[u] = int(val[name[1]].(float64))
				sum += n[u]
			}
			alerts += n[alertUnit]
			is, known := want[date], told[date]
			if n != is || n != (counts{known.Requests, known.Sessions, known.Alerts, known.Proactive, known.Conversations}) || date <= before {
				t.Errorf("%s %s: %v, the wire counts %v, the truth is %v", test.period, date, n, is, known)
			}
			before = date
			delete(want, date)
			delete(told, date)
		}
		if test.period == "date_day" && alerts == 0 {
			t.Error("no alert in three days")
		}
		for date, n := range want {
			t.Errorf("%s: %s is missing with %v", test.period, date, n)
		}
		for date, n := range told {
			if test.period != "date_day_hour" || n.Requests+n.Sessions+n.Conversations+n.Alerts+n.Proactive > 0 {
				t.Errorf("%s: the period %s is missing: %+v", test.period, date, n)
			}
		}
		if average := dig(t, got, "response", "averageSessions"); average != float64(sum/len(rows)) {
			t.Errorf("averageSessions is %v, all units make %d in %d periods", average, sum, len(rows))
		}
	}
}

// TestBillingShape holds what a summary looks like for a quiet time: days of
// zeros, no hours at all.
func TestBillingShape(t *testing.T) {
	w, c := newWorld(t, open(Options{}))
	from := noon().Add(-60 * day)
	for period, want := range map[string]string{
		"date_day_hour": `"data":[{"bot":"ALL","val":[]}],"averageSessions":0}`,
		"date_day":      `"val":[{"date":"2025-08-18T00:00:00.000Z","val":{"requests":0,"sessions":0}},{"date":"2025-08-19T00:00:00.000Z","val":{"requests":0,"sessions":0}}]`,
		"date_month":    `"val":[{"date":"2025-08-01T00:00:00.000Z","val":{"requests":0,"sessions":0}}]`,
	} {
		body := fmt.Sprintf(`{"fromDate":%q,"toDate":"2025-08-20T00:00:00.000Z","unitType":["session","request"],"groupByApp":"No","groupByPeriod":%q}`, stamp(from.UnixMilli()), period)
		post(t, w, pathBilling, body)
		c.move(usualTakes)
		if rec := fetch(t, w, "retail", pathBilling+"/status?type=summary"); !has(rec.Body.String(), want) {
			t.Errorf("%s: %s", period, rec.Body)
		}
	}
}

func TestBillingJob(t *testing.T) {
	w, c := newWorld(t, open(Options{}))
	status := pathBilling + "/status?type=summary"
	if rec := fetch(t, w, "retail", status); rec.Code != 400 || refusalText(t, rec) != "Invalid request id" {
		t.Errorf("before any job: %d %s", rec.Code, rec.Body)
	}
	window := settledWindow(30 * time.Hour)
	body := billingBody(window.From, window.To, "date_day", "")
	first := object(t, post(t, w, pathBilling, body))
	if first["status"] != "IN_PROGRESS" || first["percentageComplete"] != 0.0 || first["jobType"] != "BILLINGSESSIONS_API" || first["reportId"] == nil || first["expireAt"] != nil {
		t.Errorf("%v", first)
	}
	second := object(t, post(t, w, pathBilling, body))
	c.move(time.Second)
	if got := object(t, fetch(t, w, "retail", status)); got["_id"] != second["_id"] || got["_id"] == first["_id"] || got["status"] != "IN_PROGRESS" || got["percentageComplete"] != 40.0 || got["response"] != nil {
		t.Errorf("the latest job is answered, running: %v", got)
	}
	if rec := fetch(t, w, "admin", pathAdminBill+"/status?type=summary"); rec.Code != 400 {
		t.Errorf("the account has no job of its own: %d", rec.Code)
	}
	if rec := fetch(t, w, "retail", pathBilling+"/status"); rec.Code != 412 {
		t.Errorf("without type: %d", rec.Code)
	}
	c.move(15*time.Minute - time.Second - time.Millisecond)
	if rec := fetch(t, w, "retail", status); rec.Code != 200 {
		t.Errorf("a moment before it expires: %d", rec.Code)
	}
	c.move(time.Millisecond)
	if rec := fetch(t, w, "retail", status); rec.Code != 400 {
		t.Errorf("expired: %d", rec.Code)
	}
}

func TestBillingRefusals(t *testing.T) {
	w, _ := newWorld(t, open(Options{}))
	dates := `"fromDate":"2025-10-01","toDate":"2025-10-02T00:00:00.000Z"`
	for name, test := range map[string]struct {
		body   string
		status int
	}{
		"as the table": {`{` + dates + `,"unitType":"session","groupByApp":"Yes","groupByPeriod":"date_day"}`, 200},
		"no dates":     {`{"unitType":["session"],"groupByBot":"no","groupByPeriod":"date_day"}`, 412},
		"no unit":      {`{` + dates + `,"groupByBot":"no","groupByPeriod":"date_day"}`, 412},
		"unknown unit": {`{` + dates + `,"unitType":["sessions"],"groupByBot":"no","groupByPeriod":"date_day"}`, 412},
		"no grouping":  {`{` + dates + `,"unitType":["session"],"groupByPeriod":"date_day"}`, 412},
		"a boolean":    {`{` + dates + `,"unitType":["session"],"groupByBot":false,"groupByPeriod":"date_day"}`, 412},
		"no period":    {`{` + dates + `,"unitType":["session"],"groupByBot":"no"}`, 412},
		"wrong period": {`{` + dates + `,"unitType":["session"],"groupByBot":"no","groupByPeriod":"day"}`, 412},
		"91 days":      {`{"fromDate":"2025-07-01","toDate":"2025-09-30","unitType":["session"],"groupByBot":"no","groupByPeriod":"date_day"}`, 400},
		"90 days":      {`{"fromDate":"2025-07-01","toDate":"2025-09-29","unitType":["session"],"groupByBot":"no","groupByPeriod":"date_day"}`, 200},
		"another bot":  {`{` + dates + `,"unitType":["session"],"groupByBot":"yes","groupByPeriod":"date_day","streamIds":["` + string(bankBot) + `"]}`, 400},
	} {
		if rec := post(t, w, pathBilling, test.body); rec.Code != test.status {
			t.Errorf("%s: %d %s", name, rec.Code, rec.Body)
		}
	}
	strict, _ := newWorld(t, open(Options{Strict: Strict{GroupByApp: true}}))
	one := `{` + dates + `,"unitType":["session"],"groupByPeriod":"date_day","groupByBot":"no"`
	if a, b := post(t, strict, pathBilling, one+"}").Code, post(t, strict, pathBilling, one+`,"groupByApp":"No"}`).Code; a != 412 || b != 200 {
		t.Errorf("with groupByApp wanted: %d, %d", a, b)
	}
}

// TestBillingAdmin: both admin paths, each of which can be switched off, share
// the latest job of the account, and grouping gives a block for each bot.
func TestBillingAdmin(t *testing.T) {
	window := settledWindow(40 * time.Hour)
	body := billingBody(window.From, window.To, "date_day", "")
	grouped := fmt.Sprintf(`{"fromDate":%q,"toDate":%q,"unitType":["conversations"],"groupByBot":"yes","groupByPeriod":"date_month"}`, stamp(window.From.UnixMilli()), stamp(window.To.UnixMilli()))
	w, c := newWorld(t, open(Options{}))
	admin := func(w *World, method, path, body string) (row, int) {
		rec := ask(t, w, method, path, sign(t, named("admin"), nil), body)
		if rec.Code != 200 {
			return nil, rec.Code
		}
		return object(t, rec), 200
	}
	post(t, w, pathBilling, body)
	started, _ := admin(w, "POST", pathAdminTable, grouped)
	c.move(usualTakes)
	got, _ := admin(w, "GET", pathAdminBill+"/status?type=summary", "")
	if got["_id"] != started["_id"] {
		t.Fatalf("%v is not %v", got["_id"], started["_id"])
	}
	for i, b := range []api.BotID{retailBot, bankBot} {
		truth := w.Truth().Billing(window, api.ByMonth, b)
		if dig(t, got, "response", "data", i, "bot") != string(b) || dig(t, got, "response", "data", i, "val", 0, "val", "conversations") != float64(truth[0].Conversations) || truth[0].Conversations == 0 {
			t.Errorf("%s: %v, truth %+v", b, dig(t, got, "response", "data", i), truth)
		}
	}
	if rec := ask(t, w, "POST", pathAdminBill, sign(t, named("retail"), nil), body); rec.Code != 401 || !has(refusalText(t, rec), "Scope") {
		t.Errorf("a bot app on the admin path: %d", rec.Code)
	}
	for _, off := range []string{pathAdminBill, pathAdminTable, "/api/public/bots/getBillingSessionsDetails", "/api/public/getBillingSessionsDetails"} {
		w, _ := newWorld(t, open(Options{Strict: Strict{NotServed: []string{off, off + "/status"}}}))
		for _, path := range []string{pathAdminBill, pathAdminTable, "/api/public/bots/getBillingSessionsDetails", "/api/public/getBillingSessionsDetails"} {
			_, code := admin(w, "POST", path, body)
			if (code == 405) != (path == off) || code != 405 && code != 200 {
				t.Errorf("with %s off %s answers %d", off, path, code)
			}
		}
	}
}

func TestBilled(t *testing.T) {
	w, _ := newWorld(t, open(Options{Seed: 3}))
	window := api.Window{From: noon().Add(-50 * time.Hour), To: noon()}
	body := fmt.Sprintf(`{"fromDate":%q,"toDate":%q`, stamp(window.From.UnixMilli()), stamp(window.To.UnixMilli()-1))
	type answer struct {
		Total int   `json:"total"`
		More  bool  `json:"moreAvailable"`
		Rows  []row `json:"sessions"`
	}
	read := func(w *World, more string) answer {
		var out answer
		decode(t, post(t, w, pathBilled, body+more+"}"), &out)
		return out
	}
	truth := w.Truth().Billed(window, retailBot)
	all := read(w, `,"limit":10000`)
	if all.Total != len(truth) || len(all.Rows) != len(truth) || all.More || len(truth) < 200 {
		t.Fatalf("%d rows of %d, truth %d", len(all.Rows), all.Total, len(truth))
	}
	units := 0
	for _, d := range w.Truth().Billing(window, api.ByDay, retailBot) {
		units += d.Sessions
	}
	if units != len(truth) {
		t.Errorf("the summary has %d sessions, the list %d", units, len(truth))
	}
	const form = "01-02-2006 3:04:05 pm"
	long := 0
	for i, r := range all.Rows {
		start, err := time.Parse(form, r["billingSessionStartDateTime"].(string))
		end, err2 := time.Parse(form, r["billingSessionEndDateTime"].(string))
		born, ok := bornAt(r["conversationSessionId"].(string))
		if err != nil || err2 != nil || !ok || r["billingSessionId"] != truth[i].ID || r["conversationSessionId"] != string(truth[i].Session) ||
			!start.Equal(truth[i].Start.Truncate(time.Second)) || end.Sub(start) > 15*time.Minute+time.Second || r["channel"] == "rtm" || r["billingSessionType"] != "Conversations" {
			t.Fatalf("row %d: %v, truth %+v (%v, %v)", i, r, truth[i], err, err2)
		}
		long += number(start.Unix() > born)
	}
	if long == 0 {
		t.Error("no session of more than one block")
	}
	page := read(w, `,"limit":7,"skip":7`)
	if len(page.Rows) != 7 || !page.More || page.Rows[0]["billingSessionId"] != truth[7].ID {
		t.Errorf("page two: %d rows, more %v", len(page.Rows), page.More)
	}
	calls := read(w, `,"channel":"korevg"`)
	for _, r := range calls.Rows {
		if r["channel"] != "VOICE GATEWAY" || !has(r["channelUserId"].(string), "/korevg/1555010") {
			t.Errorf("%v", r)
		}
	}
	if len(calls.Rows) == 0 {
		t.Error("no calls")
	}
	turned, _ := newWorld(t, open(Options{Seed: 3, Strict: Strict{BillingDay: true}}))
	if got := read(turned, `,"limit":1`).Rows[0]["billingSessionStartDateTime"].(string); got != truth[0].Start.Format("02-01-2006 3:04:05 pm") {
		t.Errorf("day first: %s", got)
	}
	for more, status := range map[string]int{
		`{"fromDate":"2025-07-01","toDate":"2025-10-01"}`: 200, `{"fromDate":"2025-07-01","toDate":"2025-10-02"}`: 400,
		`{"fromDate":"2025-07-01"}`: 412, `{"fromDate":"2025-07-02","toDate":"2025-07-01"}`: 412, `{"fromDate":"2025-07-01","toDate":"2025-08-01","limit":-1}`: 412,
		`{"fromDate":"2025-07-01","toDate":"2025-08-01","botId":"st-other"}`: 400,
	} {
		if rec := post(t, w, pathBilled, more); rec.Code != status {
			t.Errorf("%s: %d", more, rec.Code)
		}
	}
	if !slices.IsSortedFunc(truth, func(a, b BilledTruth) int { return b.Start.Compare(a.Start) }) {
		t.Error("not newest first")
	}
}
