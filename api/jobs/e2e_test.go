package jobs_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"korescope/api"
	"korescope/api/jobs"
	"korescope/api/kore"
	"korescope/api/sim"
)

type hands struct {
	mu  sync.Mutex
	now time.Time
}

func (h *hands) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *hands) Wait(ctx context.Context, d time.Duration) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
	return ctx.Err()
}

// unwritten is a journal that keeps nothing.
type unwritten struct{}

func (unwritten) Begin(context.Context, api.Act) (func(api.JobID, error), error) {
	return func(api.JobID, error) {}, nil
}

func platform(t *testing.T, faults string) (jobs.Tests, jobs.Reports, *sim.World, *hands) {
	t.Helper()
	list, err := sim.ParseFaults(faults)
	if err != nil {
		t.Fatal(err)
	}
	clock := &hands{now: time.Date(2026, 3, 10, 15, 30, 0, 0, time.UTC)}
	w, err := sim.New(sim.Options{Seed: 3, Now: clock.Now, Faults: list})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(w.Handler())
	t.Cleanup(server.Close)
	cred := w.Credentials()[0]
	c, err := kore.New(kore.Options{
		Host: server.URL, Now: clock.Now, Wait: clock.Wait, Tests: true, Journal: unwritten{}, Patience: time.Minute,
		Credentials: kore.Credentials{ClientID: cred.ClientID, Bot: cred.BotID, Secret: func(context.Context) (string, error) { return cred.Secret, nil }},
	})
	if err != nil {
		t.Fatal(err)
	}
	e := jobs.New(nil, clock.Now, clock.Wait, func() float64 { return 0.5 })
	return jobs.Tests{Engine: e, Runner: c, Bot: cred.BotID}, jobs.Reports{Engine: e, Source: c, Bot: cred.BotID}, w, clock
}

func TestRunsUnderFaults(t *testing.T) {
	for faults, want := range map[string]string{
		"":                                    "succeeded failed",
		"job-stuck":                           "unknown error",
		"job-fail":                            "failed error",
		"job-lost":                            "expired error",
		"job-flap":                            "succeeded failed",
		"job-slow(3m)":                        "succeeded failed",
		"job-slow(10m)":                       "succeeded failed",
		"job-result-expired":                  "expired error",
		"job-unknown-word(AWAITING_CAPACITY)": "unknown error",
		"commit-then-drop":                    "unknown error OutcomeUnknown",
		"status(503,html)@op=testsuite/run":   "unknown error OutcomeUnknown",
		"reset@op=testsuite/run":              "unknown error OutcomeUnknown",
		"reset@op=testsuite/status;every=2":   "succeeded failed",
		"status(502,html)@op=testsuite/status;every=3": "succeeded failed",
		"job-lost@op=testsuite/status;nth=1":           "succeeded failed",
		"keepalive-drop@op=testsuite/run":              "-",
	} {
		tests, _, w, _ := platform(t, faults)
		var last api.TestRun
		var err error
		n := 0
		for last, err = range tests.Run(t.Context(), api.TestStart{Suite: "Refunds smoke", Version: api.Published, Email: "o@example.test"}) {
			n++
		}
		tr := w.Truth()
		got := fmt.Sprint(last.State, " ", last.Verdict)
		if api.KindOf(err) == api.OutcomeUnknown {
			got += " OutcomeUnknown"
		} else if err != nil {
			got += " " + err.Error()
		}
		t.Logf("%-48s %s; values %d, run requests %d, acts %d, polls %d, failure %q", faults, got, n, tr.RunRequests["Refunds smoke"], len(tr.Acts), tr.Requests[api.SuiteStatus], last.Failure)
		if want != "-" && got != want {
			t.Errorf("%s: %s, want %s", faults, got, want)
		}
		if tr.RunRequests["Refunds smoke"] != 1 || len(tr.Acts) > 1 {
			t.Errorf("%s: %d requests, %d acts", faults, tr.RunRequests["Refunds smoke"], len(tr.Acts))
		}
	}
}

func TestBillingUnderFaults(t *testing.T) {
	for faults, want := range map[string]string{
		"": "succeeded", "job-stuck": "unknown unavailable", "job-fail": "failed request refused", "job-lost": "expired not found", "job-flap": "succeeded", "job-result-expired": "expired not found",
		"other-billing-job@nth=1": "succeeded", "other-billing-job": "running unavailable", "commit-then-drop@nth=1": "succeeded", "commit-then-drop": "failed outcome unknown",
		"status(503,json)@op=billingsessionsummary;nth=1": "succeeded", "job-unknown-word(X)": "unknown unavailable",
	} {
		_, reports, w, clock := platform(t, faults)
		var last api.BillingReport
		var err error
		for last, err = range reports.Billing(t.Context(), api.BillingQuery{Window: api.Last(48*time.Hour, clock.Now()), By: api.ByHour}) {
		}
		got := string(last.Job.State)
		if err != nil {
			got += " " + api.KindOf(err).String()
		}
		tr := w.Truth()
		t.Logf("%-48s %s; %d rows, starts %d, polls %d, %v", faults, got, len(last.Rows), tr.Requests[api.StartBilling], tr.Requests[api.BillingStatus], err)
		if got != want {
			t.Errorf("%s: %s, want %s", faults, got, want)
		}
		if err == nil && len(last.Rows) != 49 {
			t.Errorf("%d rows", len(last.Rows))
		}
		_, reports, w, clock = platform(t, faults)
		var c api.ContainmentReport
		for c, err = range reports.Containment(t.Context(), api.ContainmentQuery{Window: api.Last(48*time.Hour, clock.Now()), Daily: true}) {
		}
		t.Logf("%-48s containment %s; %d rows, starts %d, polls %d, %v", faults, c.Job.State, len(c.Rows), w.Truth().Requests[api.StartContainment], w.Truth().Requests[api.ContainmentStatus], err)
	}
}
