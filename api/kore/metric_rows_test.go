package kore

import (
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"

	"korescope/api"
)

// What a row may look like: units in words, codes as numbers and as words, an
// analysis that says what the row really is.
func TestMetricRows(t *testing.T) {
	rows := map[string]struct {
		row  string
		want api.Metric
	}{
		"milliseconds in words": {`{"nodeName":"A","responseTime":"30012 milliseconds","status":"failure","statusCode":"504","timestamp":"2031-03-12T11:00:00.113Z"}`,
			api.Metric{Node: "A", Took: api.Known(30012 * time.Millisecond), Status: "failure", Code: "504"}},
		"seconds":         {`{"nodeName":"A","responseTime":"1.5 seconds","statusCode":200,"timestamp":"2031-03-12T11:00:00Z"}`, api.Metric{Node: "A", Took: api.Known(1500 * time.Millisecond), Code: "200"}},
		"a minute":        {`{"nodeName":"A","responseTime":"1 minute","timestamp":"2031-03-12T11:00:00Z"}`, api.Metric{Node: "A", Took: api.Known(time.Minute)}},
		"glued":           {`{"nodeName":"A","responseTime":"250ms","timestamp":"2031-03-12T11:00:00Z"}`, api.Metric{Node: "A", Took: api.Known(250 * time.Millisecond)}},
		"a bare number":   {`{"nodeName":"A","responseTime":250,"timestamp":"2031-03-12T11:00:00Z"}`, api.Metric{Node: "A", Took: api.Known(250 * time.Millisecond)}},
		"an odd unit":     {`{"nodeName":"A","responseTime":"3 fortnights","timestamp":"2031-03-12T11:00:00Z"}`, api.Metric{Node: "A"}},
		"a code in words": {`{"nodeName":"A","statusCode":"ESOCKETTIMEDOUT","status":"failure","timestamp":"2031-03-12T11:00:00Z"}`, api.Metric{Node: "A", Status: "failure", Code: "ESOCKETTIMEDOUT"}},
		"another kind":    {`{"sessionId":"s","NLAnalysis":{"result":"failintent"},"timestamp":"2031-03-12T11:00:00Z"}`, api.Metric{Kind: api.FailedIntents, Session: "s"}},
		"the older name":  {`{"sessionId":"s","reason":"gone","timestamp":"2031-03-12T11:00:00Z"}`, api.Metric{Session: "s", Reason: "gone"}},
	}
	for name, test := range rows {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) {
				_, _ = io.WriteString(w, `{"moreAvailable":false,"totalCount":1,"result":[`+test.row+`]}`)
			})
			q := api.MetricQuery{Kind: api.NodeRuns, Window: hours(10, 12)}
			for page, err := range s.client(t).Metrics(t.Context(), q, api.Person) {
				if err != nil || len(page.Items) != 1 {
					t.Fatal(page, err)
				}
				got, want := page.Items[0], test.want
				if want.Kind == "" {
					want.Kind = api.NodeRuns
				}
				if got.Kind != want.Kind || got.Node != want.Node || got.Took != want.Took || got.Code != want.Code || got.Status != want.Status || got.Session != want.Session || got.Reason != want.Reason {
					t.Errorf("%+v", got)
				}
				if json.Valid(got.Raw) && string(got.Raw) != "" && len(got.Raw) > 400 {
					t.Errorf("the analysis is kept: %d bytes", len(got.Raw))
				}
			}
		})
	}
}

// Channels are named, since the platform's default is web chat alone, and the
// switch that makes rows enormous is never sent.
func TestMetricsAreAskedOfEveryChannel(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) {
		_, _ = io.WriteString(w, `{"moreAvailable":false,"totalCount":0,"result":[]}`)
	})
	for _, err := range s.client(t).Metrics(t.Context(), api.MetricQuery{Kind: api.FailedTasks, Window: hours(10, 12)}, api.Person) {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, a := range s.all() {
		filters, _ := a.body["filters"].(map[string]any)
		if channels, _ := filters["channel"].([]any); len(channels) < 10 {
			t.Errorf("channels are %v", filters["channel"])
		}
		if _, has := a.body["includeMeta"]; has {
			t.Error("includeMeta is sent")
		}
	}
}

func hours(from, to int) api.Window {
	return api.Between(time.Date(2031, 3, 12, from, 0, 0, 0, time.UTC), time.Date(2031, 3, 12, to, 0, 0, 0, time.UTC))
}
