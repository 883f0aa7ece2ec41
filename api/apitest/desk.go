package apitest

import (
	"context"
	"testing"
	"time"

	"korescope/api"
)

// Desk is everything that has the platform do something or report on it, with
// the truth about one window. A nil source, or truth that is not given, is not
// tested.
type Desk struct {
	Tests   api.TestRunner
	Reports api.ReportSource
	Logs    api.LogSource
	Account api.AccountSource
	// Pass lets time pass for the platform and the source.
	Pass   func(d time.Duration)
	Window api.Window

	Suites []api.TestRun // one for each suite: Suite, Version, Verdict and the counts
	Email  string
	Starts func(suite string) int // requests to run it that the platform has seen
	Absent string                 // a suite that does not exist

	Billing     map[api.Period][]api.BillingRow
	Containment map[api.ContainmentQuery][]api.ContainmentRow
	Billed      []api.BilledSession
	Log         api.LogQuery
	Lines       []api.DebugLine
	Bots        []api.Bot
	Users       int // how many users have roles
}

// RunDesk runs the suite for jobs, reports, logs and the account; open is
// called once for each case.
func RunDesk(t *testing.T, open func(t *testing.T) Desk) {
	for _, c := range []struct {
		name string
		test func(*testing.T, Desk)
	}{
		{"test runs end in their verdict", testRuns},
		{"a suite that does not exist", absentSuite},
		{"a run that does not exist", absentRun},
		{"the billing summary", billing},
		{"the containment report", containment},
		{"a report that does not exist", absentReport},
		{"billed sessions", billed},
		{"debug lines", debugLines},
		{"bots and users", account},
		{"starts without a window", noReportWindow},
		{"a context that has ended", endedDesk},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

// until polls a job to its end, letting time pass.
func until[T any](t *testing.T, d Desk, poll func() (T, api.JobState, error)) T {
	t.Helper()
	for range 400 {
		got, state, err := poll()
		if err != nil {
			t.Fatal(err)
		}
		if state.Over() {
			return got
		}
		d.Pass(5 * time.Second)
	}
	t.Fatal("the job does not end")
	panic("not reached")
}

func testRuns(t *testing.T, d Desk) {
	for _, want := range d.Suites {
		before := d.Starts(want.Suite)
		run, err := d.Tests.StartTest(t.Context(), api.TestStart{Suite: want.Suite, Version: want.Version, Email: d.Email})
		if err != nil || run.ID == "" || run.State.Over() || run.Verdict != api.VerdictRunning || run.Suite != want.Suite {
			t.Fatalf("start of %s: %+v, %v", want.Suite, run, err)
		}
		got := until(t, d, func() (api.TestRun, api.JobState, error) {
			r, err := d.Tests.TestStatus(t.Context(), want.Suite, run.ID)
			if r.ID != run.ID || r.State == api.JobRunning && r.Verdict != api.VerdictRunning {
				t.Errorf("%s: %+v", want.Suite, r)
			}
			return r, r.State, err
		})
		if n := d.Starts(want.Suite) - before; n != 1 {
			t.Errorf("%s was started %d times", want.Suite, n)
		}
		of := want.Suite
		equal(t, "verdict", of, got.Verdict, want.Verdict)
		equal(t, "total", of, got.Total, want.Total)
		equal(t, "passed", of, got.Passed, want.Passed)
		equal(t, "failed", of, got.Failed, want.Failed)
		checkSteps(t, got)
	}
}

func checkSteps(t *testing.T, run api.TestRun) {
	t.Helper()
	failed := 0
	for i, s := range run.Steps {
		if s.Verdict == api.VerdictFailed {
			if failed++; len(s.Failed) == 0 {
				t.Errorf("%s, step %d failed and no assertion is named", run.Suite, i)
			}
		}
		if s.Verdict == api.VerdictPassed && len(s.Failed) > 0 {
			t.Errorf("%s, step %d passed in spite of %v", run.Suite, i, s.Failed)
		}
	}
	if len(run.Steps) > 0 && run.Failed.Known && failed != run.Failed.Value {
		t.Errorf("%s: %d steps failed of %d", run.Suite, failed, run.Failed.Value)
	}
}

func absentSuite(t *testing.T, d Desk) {
	if d.Absent == "" {
		return
	}
	_, err := d.Tests.StartTest(t.Context(), api.TestStart{Suite: d.Absent, Version: api.Published, Email: d.Email})
	if k := api.KindOf(err); k != api.NotFound && k != api.Refused {
		t.Errorf("%v", err)
	}
}

func absentRun(t *testing.T, d Desk) {
	if len(d.Suites) == 0 {
		return
	}
	_, err := d.Tests.TestStatus(t.Context(), d.Suites[0].Suite, "ctr-00000000-0000-5000-8000-000000000000")
	if k := api.KindOf(err); k != api.NotFound && k != api.Refused {
		t.Errorf("%v", err)
	}
}

func noReportWindow(t *testing.T, d Desk) {
	if d.Reports == nil {
		return
	}
	_, billing := d.Reports.StartBilling(t.Context(), api.BillingQuery{By: api.ByDay})
	_, containment := d.Reports.StartContainment(t.Context(), api.ContainmentQuery{})
	for what, err := range map[string]error{
		"billing": billing, "containment": containment,
		"billed": failure(d.Logs.Billed(t.Context(), api.BilledQuery{}, api.Person)),
		"logs":   failure(d.Logs.DebugLogs(t.Context(), api.LogQuery{}, api.Person)),
	} {
		if api.KindOf(err) != api.Misuse {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func endedDesk(t *testing.T, d Desk) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got := map[string]error{}
	if d.Tests != nil {
		_, got["start"] = d.Tests.StartTest(ctx, api.TestStart{Suite: "x", Version: api.Published, Email: d.Email})
		_, got["status"] = d.Tests.TestStatus(ctx, "x", "ctr-1")
	}
	if d.Reports != nil {
		_, got["billing"] = d.Reports.StartBilling(ctx, api.BillingQuery{Window: d.Window, By: api.ByDay})
		_, got["containment"] = d.Reports.ContainmentStatus(ctx, "ds-1")
	}
	if d.Logs != nil {
		got["logs"] = failure(d.Logs.DebugLogs(ctx, api.LogQuery{Identity: "x"}, api.Person))
		got["billed"] = failure(d.Logs.Billed(ctx, api.BilledQuery{Window: d.Window}, api.Person))
	}
	if d.Account != nil {
		got["bots"] = failure(d.Account.Bots(ctx, api.Person))
		got["roles"] = failure(d.Account.Roles(ctx, api.Person))
	}
	for what, err := range got {
		if api.KindOf(err) != api.Cancelled {
			t.Errorf("%s: %v", what, err)
		}
	}
}
