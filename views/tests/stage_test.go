package tests_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"go.uber.org/goleak"

	"korescope/api"
	"korescope/views"
	"korescope/views/tests"
	"korescope/views/viewtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// stand is a list of test runs on a stage, with what its readers say.
type stand struct {
	*viewtest.Stage
	t       *testing.T
	runs    *viewtest.Reader[tests.Ask, tests.Heard]
	kept    *viewtest.Reader[tests.All, tests.Kept]
	good    func(suite string, before time.Time) (api.TestRun, bool, error)
	looked  int // for good runs
	denied  bool
	mask    *views.Masker
	route   views.TestsRoute
	options viewtest.Options
	model   *tests.Model
}

func set(t *testing.T) *stand {
	t.Helper()
	s := &stand{Stage: viewtest.NewStage(t), t: t}
	s.runs = viewtest.NewReader[tests.Ask, tests.Heard](t, s.Guard)
	s.kept = viewtest.NewReader[tests.All, tests.Kept](t, s.Guard)
	s.good = func(string, time.Time) (api.TestRun, bool, error) { return api.TestRun{}, false, nil }
	s.keeps()
	return s
}

// keeps scripts what is on disk.
func (s *stand) keeps(runs ...api.TestRun) *stand {
	s.kept.Has(tests.Kept{Runs: runs, Suites: []string{"Refunds smoke", "Regression night"}}, viewtest.Noon(), true)
	return s
}

// says scripts how runs go on; without steps nobody answers.
func (s *stand) says(steps ...viewtest.Step[tests.Heard]) *stand {
	s.runs.Net = func(tests.Ask) []viewtest.Step[tests.Heard] { return steps }
	return s
}

func (s *stand) open(w, h int) *stand {
	s.t.Helper()
	s.model = tests.New(tests.Deps{
		Runs: s.runs, Kept: s.kept, Allowed: !s.denied,
		Good: func(_ context.Context, suite string, before time.Time) (api.TestRun, bool, error) {
			if !s.Guard.Inside() {
				s.t.Error("the last good run was read outside a command")
			}
			s.looked++
			return s.good(suite, before)
		},
		Clock: s.Clock.Now, Zone: viewtest.Zone(), Explain: s.Explain, Mask: s.mask,
	}, s.route)
	s.Open(s.model, s.options, w, h)
	return s
}

func never() viewtest.Step[tests.Heard] { return viewtest.Step[tests.Heard]{Never: true} }

// heard is one step of a run.
func heard(run api.TestRun, trouble, err error) viewtest.Step[tests.Heard] {
	step := viewtest.Whole(tests.Heard{Run: run, Trouble: trouble}, viewtest.Noon())
	step.Answer.Done, step.Err = run.State.Over(), err
	return step
}

func runID(n int) api.JobID {
	return api.JobID(fmt.Sprintf("ctr-6f1d3b5a-80c2-5e47-9a9b-d1e3f5a7c9%02d", n))
}

// under is a run that was started some time ago and is on.
func under(n int, suite string, ago time.Duration, percent int) api.TestRun {
	return api.TestRun{
		ID: runID(n), Suite: suite, Version: api.InDevelopment, Verdict: api.VerdictRunning, State: api.JobRunning,
		Word: "inprogress", Percent: api.Known(percent), Total: api.Known(28),
		Started: viewtest.Noon().Add(-ago), Changed: viewtest.Noon(),
	}
}

// over is a run that has its verdict.
func over(n int, suite string, ago time.Duration, steps []api.TestStep) api.TestRun {
	r := under(n, suite, ago, 100)
	r.State, r.Verdict, r.Word, r.Version = api.JobSucceeded, api.VerdictPassed, "passed", api.Published
	bad := 0
	for _, s := range steps {
		if s.Verdict == api.VerdictFailed {
			bad++
			r.Verdict, r.Word = api.VerdictFailed, "failed"
		}
	}
	r.Steps, r.Total = steps, api.Known(len(steps))
	r.Passed, r.Failed, r.Duration = api.Known(len(steps)-bad), api.Known(bad), api.Known(int64(42_000))
	r.Changed = r.Started.Add(43 * time.Second)
	return r
}

// ended is a run that ended without a verdict.
func ended(n int, state api.JobState, failure string) api.TestRun {
	r := under(n, "Refunds smoke", 40*time.Minute, 33)
	r.State, r.Verdict, r.Failure = state, api.VerdictError, failure
	return r
}

func goodSteps() []api.TestStep {
	out := []api.TestStep{}
	for _, p := range [][2]string{
		{"Start_Flow", "Hi! Ask me anything."},
		{"I want a refund", "Which order is it? The number starts with RB."},
		{"RB-4200042", "Card or store credit?"},
		{"Card", "Done. The refund is started, its number is RF-4200042."},
		{"where is my refund", "Your refund is on its way and arrives in 3 to 5 working days."},
		{"thanks", "You are welcome!"},
	} {
		out = append(out, api.TestStep{Input: p[0], Verdict: api.VerdictPassed, Expected: []string{p[1]}, Actual: []string{p[1]}})
	}
	return out
}

// badSteps are the same steps after something broke.
func badSteps() []api.TestStep {
	out := goodSteps()
	hit := func(i int, said string, not ...string) {
		out[i].Verdict, out[i].Actual, out[i].Failed = api.VerdictFailed, []string{said}, not
	}
	hit(2, "Could you say that again?", "text: Card or store credit?")
	hit(4, "Your refund is not on its way and never arrives in 3 to 5 working days.", "text: Your refund is on its way and arrives in 3 to 5 working days.", "context: entities.order_id")
	out[5] = api.TestStep{Input: "talk to a person", Verdict: api.VerdictFailed, Expected: []string{"One moment."}, Failed: []string{"text: One moment."}}
	return out
}

// history is what is kept of a day.
func history() []api.TestRun {
	return []api.TestRun{
		over(1, "Refunds smoke", 12*time.Minute, badSteps()),
		over(2, "Refunds smoke", 3*time.Hour, goodSteps()),
		over(3, "Regression night", 9*time.Hour, goodSteps()[:4]),
		over(4, "Refunds smoke", 27*time.Hour, goodSteps()),
		ended(5, api.JobFailed, "The user owner@example.test may not talk to this version of the bot"),
	}
}
