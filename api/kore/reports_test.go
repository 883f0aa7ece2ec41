package kore

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"korescope/api"
)

func n64(n int64) api.Maybe[int64]     { return api.Known(n) }
func pct(f float64) api.Maybe[float64] { return api.Known(f) }
func fixedBody(t *testing.T, b string) *stub {
	t.Helper()
	return serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) { answerJSON(w, 200, b) })
}

func TestShapesOfBillingRows(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2025, 10, d, 0, 0, 0, 0, time.UTC) }
	full := api.BillingRow{Period: day(15), Bot: "ALL", Requests: n64(40), Sessions: n64(6), Alerts: n64(0), Proactive: n64(2), Conversations: n64(5)}
	const counts = `{"requests":40,"sessions":6,"alert_notifications":0,"proactive_notifications":2,"conversations":5}`
	for name, c := range map[string]struct {
		response string
		want     []api.BillingRow // nil: no data
	}{
		"as documented":  {`{"data":[{"bot":"ALL","val":[{"date":"2025-10-15T00:00:00.000Z","val":` + counts + `}]}],"averageSessions":46}`, []api.BillingRow{full}},
		"data an object": {`{"data":{"bot":"ALL","val":{"date":"2025-10-15T00:00:00.000Z","val":` + counts + `}}}`, []api.BillingRow{full}},
		"val by date":    {`{"data":[{"bot":"ALL","val":{"2025-10-15":` + counts + `}}]}`, []api.BillingRow{full}},
		"counts in a list": {
			`{"data":[{"bot":"ALL","val":[{"date":"2025-10-15","val":[{"requests":40,"sessions":6},{"alert_notifications":0,"proactive_notifications":2,"conversations":5}]}]}]}`,
			[]api.BillingRow{full},
		},
		"names of the request, numbers as text": {
			`{"data":[{"bot":"ALL","val":[{"date":"2025-10-15","request":"40","session":"6","alert":"0","proactive":2,"conversation":5}]}]}`, []api.BillingRow{full},
		},
		"no block":          {`{"data":[{"date":"2025-10-15","val":` + counts + `}]}`, []api.BillingRow{full}},
		"counts only":       {`{"data":[{"bot":"st-1","val":{"requests":4}}]}`, []api.BillingRow{{Bot: "st-1", Requests: n64(4)}}},
		"units not asked":   {`{"data":[{"bot":"ALL","val":[{"date":"2025-10-15","val":{"requests":null}}]}]}`, []api.BillingRow{{Period: day(15), Bot: "ALL"}}},
		"oldest first":      {`{"data":[{"bot":"ALL","val":[{"date":"2025-10-16","val":{}},{"date":"2025-10-15","val":{}}]}]}`, []api.BillingRow{{Period: day(15), Bot: "ALL"}, {Period: day(16), Bot: "ALL"}}},
		"two bots":          {`{"data":[{"bot":"st-2","val":[{"date":"2025-10-15","val":{}}]},{"bot":"st-1","val":[{"date":"2025-10-15","val":{}}]}]}`, []api.BillingRow{{Period: day(15), Bot: "st-1"}, {Period: day(15), Bot: "st-2"}}},
		"a month":           {`{"data":[{"bot":"ALL","val":[{"date":"2025-10","val":{}}]}]}`, []api.BillingRow{{Period: day(1), Bot: "ALL"}}},
		"nothing happened":  {`{"data":[]}`, []api.BillingRow{}},
		"an empty block":    {`{"data":[{"bot":"ALL","val":[]}]}`, []api.BillingRow{}},
		"no data":           {`{}`, nil},
		"null":              {`{"data":null}`, nil},
		"junk in the lists": {`{"data":["x",{"bot":"ALL","val":[7,{"date":"2025-10-15","val":` + counts + `}]}]}`, []api.BillingRow{full}},
	} {
		s := fixedBody(t, `{"_id":"ds-1","status":"success","modifiedOn":"2025-10-17T08:00:02.668Z","response":`+c.response+`}`)
		got, err := s.client(t).BillingStatus(t.Context())
		if err != nil || !reflect.DeepEqual(got.Rows, c.want) {
			t.Errorf("%s: %+v, %v", name, got.Rows, err)
		}
		if want := map[bool]api.JobState{true: api.JobFailed, false: api.JobSucceeded}[c.want == nil]; got.Job.State != want {
			t.Errorf("%s: the job %s", name, got.Job.State)
		}
	}
}

func TestStatesOfReports(t *testing.T) {
	at := time.Date(2025, 10, 17, 8, 0, 0, 34e6, time.UTC)
	for name, c := range map[string]struct {
		body string
		want api.JobRecord
		kind api.Kind
	}{
		"running": {
			`{"_id":"ds-1","status":"IN_PROGRESS","percentageComplete":40,"createdOn":"2025-10-17T08:00:00.034Z","lMod":"2025-10-17T08:00:00.000Z","expireAt":"2025-10-17T08:15:00.034Z"}`,
			api.JobRecord{ID: "ds-1", State: api.JobRunning, Word: "IN_PROGRESS", Percent: api.Known(40), Started: at, Changed: at.Truncate(time.Second), Expires: at.Add(15 * time.Minute)}, 0,
		},
		"unknown word": {`{"_id":"ds-1","status":"AWAITING_CAPACITY"}`, api.JobRecord{ID: "ds-1", State: api.JobRunning, Word: "AWAITING_CAPACITY"}, 0},
		"failed": {
			`{"_id":"ds-1","status":"FAILED","statusLogs":[{"time":"x","message":"out of\u001b[2J memory https://x.example.test/a?token=1"}]}`,
			api.JobRecord{ID: "ds-1", State: api.JobFailed, Word: "FAILED", Failure: "out of[2J memory https://x.example.test/…"}, 0,
		},
		"done without data": {`{"_id":"ds-1","status":"SUCCESS"}`, api.JobRecord{ID: "ds-1", State: api.JobFailed, Word: "SUCCESS", Failure: "finished without a result"}, 0},
		"nothing known":     {`{"foo":1}`, api.JobRecord{}, api.Encrypted},
		"a list":            {`[]`, api.JobRecord{}, api.Unreadable},
		"unknown id":        {`{"errors":[{"msg":"Invalid request id","code":400}]}`, api.JobRecord{}, api.Refused},
	} {
		s := fixedBody(t, c.body)
		billing, err := s.client(t).BillingStatus(t.Context())
		want := c.want
		want.Kind = api.BillingJob
		if api.KindOf(err) != c.kind || err == nil && !reflect.DeepEqual(billing.Job, want) {
			t.Errorf("billing, %s: %+v, %v", name, billing.Job, err)
		}
		containment, err := s.client(t).ContainmentStatus(t.Context(), "ds-1")
		want.Kind = api.ContainmentJob
		if api.KindOf(err) != c.kind || err == nil && !reflect.DeepEqual(containment.Job, want) {
			t.Errorf("containment, %s: %+v, %v", name, containment.Job, err)
		}
	}
	data := fixedBody(t, `{"response":{"data":[]},"tasksExecutionReport":{"data":{}}}`)
	b, err := data.client(t).BillingStatus(t.Context())
	if err != nil || b.Job.State != api.JobSucceeded || b.Rows == nil {
		t.Errorf("data without a word: %+v, %v", b, err)
	}
	c, err := data.client(t).ContainmentStatus(t.Context(), "ds-1")
	if err != nil || c.Job.State != api.JobSucceeded || c.Rows == nil || c.Job.ID != "ds-1" {
		t.Errorf("data without a word: %+v, %v", c, err)
	}
}

func TestStartOfBilling(t *testing.T) {
	q := api.BillingQuery{Window: october(), By: api.ByHour}
	s := fixedBody(t, `{"reportId":"400123","_id":"ds-77","status":"IN_PROGRESS","createdOn":"2025-10-17T08:00:00.034Z"}`)
	job, err := s.client(t).StartBilling(t.Context(), q)
	if err != nil || job.ID != "ds-77" || job.State != api.JobRunning || job.Kind != api.BillingJob || job.Started.IsZero() {
		t.Errorf("%+v, %v", job, err)
	}
	body, _ := json.Marshal(s.all()[0].body)
	want := `{"fromDate":"2025-10-17T00:00:00.000Z","groupByBot":"no","groupByPeriod":"date_day_hour","toDate":"2025-10-18T00:00:00.000Z","unitType":["session","request","alert","proactive","conversations"]}`
	if string(body) != want {
		t.Errorf("asked for\n%s, want\n%s", body, want)
	}
	// A platform that wants the field under its other name gets both from then on.
	s = serve(t, func(w http.ResponseWriter, _ *http.Request, a asked) {
		if a.body["groupByApp"] == nil {
			answerJSON(w, 412, `{"errors":[{"msg":"Validation errors/ Invalid arguments","code":412}]}`)
			return
		}
		answerJSON(w, 200, `{"_id":"ds-77","status":"IN_PROGRESS"}`)
	})
	c := s.client(t)
	for range 2 {
		if _, err := c.StartBilling(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	if s.count() != 3 {
		t.Errorf("%d requests", s.count())
	}
	// A refusal for another reason is told, not tried for ever.
	s = serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) {
		answerJSON(w, 412, `{"errors":[{"msg":"no","code":412}]}`)
	})
	if _, err := s.client(t).StartBilling(t.Context(), q); api.KindOf(err) != api.Refused || s.count() != 2 {
		t.Errorf("%v after %d requests", err, s.count())
	}
	if _, err := c.StartBilling(t.Context(), api.BillingQuery{}); api.KindOf(err) != api.Misuse {
		t.Errorf("without a window: %v", err)
	}
	if a := statusQuery(t); a != "type=summary" {
		t.Errorf("the status is asked with %q", a)
	}
}

func statusQuery(t *testing.T) string {
	s := fixedBody(t, `{"_id":"ds-77","status":"IN_PROGRESS"}`)
	if _, err := s.client(t).BillingStatus(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s.all()[0].query
}

func TestStartOfContainment(t *testing.T) {
	s := fixedBody(t, `{"_id":"ds-2c","status":"IN_PROGRESS","expireAt":"2025-10-17T08:15:00.480Z"}`)
	job, err := s.client(t).StartContainment(t.Context(), api.ContainmentQuery{Window: october(), Daily: true})
	if err != nil || job.ID != "ds-2c" || job.Kind != api.ContainmentJob || job.Expires.IsZero() {
		t.Errorf("%+v, %v", job, err)
	}
	body, _ := json.Marshal(s.all()[0].body)
	if string(body) != `{"filters":{"AggregationType":"Daily","dateFrom":"2025-10-17T00:00:00.000Z","dateTo":"2025-10-18T00:00:00.000Z"}}` || s.all()[0].query != "" {
		t.Errorf("asked for %s ?%s", body, s.all()[0].query)
	}
	if _, err := s.client(t).StartContainment(t.Context(), api.ContainmentQuery{}); api.KindOf(err) != api.Misuse {
		t.Errorf("without a window: %v", err)
	}
}

func TestRowsOfContainment(t *testing.T) {
	const row = `{"totalExecution":7,"totalSession":3,"selfServiceSessions":1,"dropOffSessions":1,"agentTransferSessions":1,"dateRange":"2025-10-16",
		"taskType":"dialog","taskName":"Track order","Status":"success","selfServiceSessionsInPercentage":"33.33","dropOffSessionsInPercentage":33,"agentTransferSessionsInPercentage":"n/a"}`
	want := api.ContainmentRow{
		Period: "2025-10-16", Task: "Track order", TaskType: "dialog", Status: "success", Executions: api.Known(7), Sessions: api.Known(3),
		SelfService: api.Known(1), DropOff: api.Known(1), Agent: api.Known(1), SelfPct: pct(33.33), DropPct: pct(33),
	}
	other := func(period string) api.ContainmentRow { w := want; w.Period = period; return w }
	for name, c := range map[string]struct {
		data string
		want []api.ContainmentRow
	}{
		"by day":               {`{"2025-10-16":[` + row + `]}`, []api.ContainmentRow{want}},
		"order of the keys":    {`{"z":[` + row + `],"a":[` + row + `]}`, []api.ContainmentRow{other("z"), other("a")}},
		"any key":              {`{"2025-10-01 to 2025-10-17":[` + row + `]}`, []api.ContainmentRow{other("2025-10-01 to 2025-10-17")}},
		"a list":               {`[` + row + `]`, []api.ContainmentRow{want}},
		"one row for the list": {`{"x":` + row + `}`, []api.ContainmentRow{other("x")}},
		"no percentages":       {`{"x":[{"taskName":"T"}]}`, []api.ContainmentRow{{Period: "x", Task: "T"}}},
		"junk":                 {`{"x":[1,"y"]}`, []api.ContainmentRow{}},
		"nothing":              {`{}`, []api.ContainmentRow{}},
	} {
		s := fixedBody(t, `{"tasksExecutionReport":{"total":9,"data":`+c.data+`},"status":"SUCCESS"}`)
		got, err := s.client(t).ContainmentStatus(t.Context(), "ds-2c")
		if err != nil || !reflect.DeepEqual(got.Rows, c.want) || got.Job.State != api.JobSucceeded {
			t.Errorf("%s: %+v, %v", name, got.Rows, err)
		}
		if a := s.all()[0]; !strings.HasSuffix(a.path, "/taskContainmentReport/status/ds-2c") || a.method != "GET" {
			t.Errorf("asked %s %s", a.method, a.path)
		}
	}
}

func TestUsersAndRoles(t *testing.T) {
	s := fixedBody(t, `{"total":1,"availableMore":false,"users":[
		{"username":"sam@example.test","isDeveloper":1,"canCreateBot":"false","userId":"u-1",
		 "btRoles":[{"roleName":"App Developer","botId":"st-1","botName":"Orders"},"odd"],"adminRoles":["Owner",{"roleName":"Master"},{"x":1},3]},
		{"username":"only-a-name"},"junk",{}]}`)
	g := gather(s.client(t, func(o *Options) { o.Admin = true }).Roles(t.Context(), api.Person))
	want := []api.RoleAssignment{
		{
			User: "u-1", Username: "sam@example.test", Developer: api.Known(true), CanCreate: api.Known(false),
			BotRoles: []api.BotRole{{Role: "App Developer", Bot: "st-1", Name: "Orders"}}, Admin: []string{"Owner", "Master", "3"},
		},
		{Username: "only-a-name"},
	}
	if g.err != nil || !reflect.DeepEqual(g.items, want) {
		t.Errorf("%+v, %v", g.items, g.err)
	}
	if a := s.all()[0]; a.path != "/api/public/alluserroles" || a.query != "limit=50&offset=0" {
		t.Errorf("asked %s?%s", a.path, a.query)
	}
}

func TestBotRows(t *testing.T) {
	s := fixedBody(t, `{"total":1,"availableMore":false,"bots":[{"_id":"st-1","name":"Orders","status":"published","type":"default","defaultLanguage":"en",
		"createdOn":"2025-01-10T13:01:14.625Z","jwtApps":[{"clientSecret":"EXAMPLE-NOT-A-REAL-SECRET="}]},{"_id":"st-2","name":7,"createdOn":{}},"junk"]}`)
	g := gather(s.client(t, func(o *Options) { o.Admin = true }).Bots(t.Context(), api.Person))
	want := []api.Bot{
		{ID: "st-1", Name: "Orders", Status: "published", Type: "default", Language: "en", Created: time.Date(2025, 1, 10, 13, 1, 14, 625e6, time.UTC)},
		{ID: "st-2", Name: "7"},
	}
	if g.err != nil || !reflect.DeepEqual(g.items, want) {
		t.Errorf("%+v, %v", g.items, g.err)
	}
}
