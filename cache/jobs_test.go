package cache

import (
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"korescope/api"
)

func saveJob(t *testing.T, s *Store, j api.JobRecord) {
	t.Helper()
	if err := s.Jobs().SaveJob(t.Context(), j); err != nil {
		t.Fatal(err)
	}
}

func fullJob() api.JobRecord {
	return api.JobRecord{
		Kind: api.BillingJob, ID: "ds-1", Question: `{"By":"day"}`, State: api.JobRunning, Word: "IN_PROGRESS",
		Percent: api.Known(0), Started: at(-3), Changed: at(-2), Expires: at(12), Result: []byte(`{"Rows":[]}`), Failure: "none",
	}
}

func TestJobsComeBackAsTheyWere(t *testing.T) {
	s := mustOpen(t, options(t, newClock()))
	full := fullJob()
	bare := api.JobRecord{Kind: api.BillingJob, Question: "q", State: api.JobUnknown, Started: at(-9)}
	saveJob(t, s, full)
	saveJob(t, s, bare)
	jobs, err := s.Jobs().ListJobs(t.Context(), api.BillingJob, 0)
	if err != nil || !reflect.DeepEqual(jobs, []api.JobRecord{full, bare}) {
		t.Errorf("%+v, %v", jobs, err)
	}
	if jobs, err := s.Jobs().ListJobs(t.Context(), api.BillingJob, 1); err != nil || len(jobs) != 1 || jobs[0].ID != "ds-1" {
		t.Errorf("the newest: %+v, %v", jobs, err)
	}
	if jobs, err := s.Jobs().ListJobs(t.Context(), api.TestJob, 0); err != nil || len(jobs) != 0 {
		t.Errorf("another kind: %+v, %v", jobs, err)
	}
	j, ok, err := s.Jobs().JobByID(t.Context(), api.BillingJob, "ds-1")
	if err != nil || !ok || !reflect.DeepEqual(j, full) {
		t.Errorf("by id: %+v, %v, %v", j, ok, err)
	}
	for _, c := range []struct {
		kind api.JobKind
		id   api.JobID
	}{{api.BillingJob, ""}, {api.BillingJob, "ds-2"}, {api.ContainmentJob, "ds-1"}} {
		if j, ok, err := s.Jobs().JobByID(t.Context(), c.kind, c.id); ok || err != nil {
			t.Errorf("%v: %+v, %v", c, j, err)
		}
	}
}

func TestTheNewestJobOfAQuestion(t *testing.T) {
	s := mustOpen(t, options(t, newClock()))
	for i, started := range []int{-30, -10, -20} {
		saveJob(t, s, api.JobRecord{Kind: api.ContainmentJob, ID: api.JobID(fmt.Sprint("ds-", i)), Question: "q", Started: at(started), Changed: at(started)})
	}
	saveJob(t, s, api.JobRecord{Kind: api.ContainmentJob, ID: "ds-9", Question: "other", Started: at(-1), Changed: at(-1)})
	j, ok, err := s.Jobs().FindJob(t.Context(), api.ContainmentJob, "q")
	if err != nil || !ok || j.ID != "ds-1" {
		t.Errorf("%+v, %v, %v", j, ok, err)
	}
	if _, ok, err := s.Jobs().FindJob(t.Context(), api.BillingJob, "q"); ok || err != nil {
		t.Errorf("another kind: %v, %v", ok, err)
	}
}

func TestOpenJobsAreFoundAfterARestart(t *testing.T) {
	c := newClock()
	o := options(t, c)
	s := mustOpen(t, o)
	for i, state := range []api.JobState{api.JobRunning, api.JobSucceeded, api.JobFailed, api.JobExpired, api.JobUnknown, "", api.JobRunning} {
		saveJob(t, s, api.JobRecord{
			Kind: api.TestJob, ID: api.JobID(fmt.Sprint("ctr-", i)), Question: "q", State: state, Started: at(-i), Changed: at(0),
		})
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = mustOpen(t, o)
	open, err := s.Jobs().OpenJobs(t.Context(), api.TestJob)
	if err != nil || len(open) != 3 || open[0].ID != "ctr-6" || open[1].ID != "ctr-5" || open[2].ID != "ctr-0" {
		t.Errorf("%+v, %v", open, err)
	}
}

func TestLostStartsStayApart(t *testing.T) {
	s := mustOpen(t, options(t, newClock()))
	lost := api.JobRecord{Kind: api.TestJob, Question: "q", State: api.JobUnknown, Started: at(-5), Changed: at(-5)}
	again := lost
	again.Started, again.Changed = at(-3), at(-3)
	saveJob(t, s, lost)
	saveJob(t, s, again)
	lost.Failure, lost.Changed = "looked into", at(-1)
	saveJob(t, s, lost)
	saveJob(t, s, api.JobRecord{Kind: api.TestJob, ID: "ctr-1", Question: "q", State: api.JobRunning, Started: at(-3), Changed: at(-3)})
	jobs, err := s.Jobs().ListJobs(t.Context(), api.TestJob, 0)
	if err != nil || len(jobs) != 3 || jobs[0].ID != "ctr-1" || jobs[1].Failure != "" || jobs[2].Failure != "looked into" {
		t.Errorf("%+v, %v", jobs, err)
	}
}

func TestSeveralSaveOneJob(t *testing.T) {
	c := newClock()
	o := options(t, c)
	stores := []*Store{mustOpen(t, o), mustOpen(t, o), mustOpen(t, o)}
	const steps = 40
	var wg sync.WaitGroup
	for n, s := range stores {
		wg.Go(func() {
			for i := range steps {
				// Everybody sees other steps, in another order.
				step := (i*7 + n*13) % steps
				j := api.JobRecord{
					Kind: api.TestJob, ID: "ctr-1", Question: "q", State: api.JobRunning,
					Started: at(-60), Changed: at(-60 + step), Percent: api.Known(step),
				}
				if step == steps-1 {
					j.State, j.Result = api.JobSucceeded, []byte(`{"Suite":"smoke"}`)
				}
				if err := s.Jobs().SaveJob(t.Context(), j); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for n, s := range stores {
		jobs, err := s.Jobs().ListJobs(t.Context(), api.TestJob, 0)
		if err != nil || len(jobs) != 1 || jobs[0].State != api.JobSucceeded || jobs[0].Percent.Value != steps-1 || jobs[0].Result == nil {
			t.Errorf("store %d: %+v, %v", n, jobs, err)
		}
	}
}

func TestJobsHaveRetentionsOfTheirOwn(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	s.idle.Wait()
	fillWithCanaries(t, s, 1)
	for i, kind := range []api.JobKind{api.TestJob, api.SuiteImportJob, api.BillingJob} {
		saveJob(t, s, api.JobRecord{Kind: kind, ID: api.JobID(fmt.Sprint("j-", i)), State: api.JobSucceeded, Started: at(0), Changed: at(0)})
	}
	day := 24 * time.Hour
	for _, c2 := range []struct {
		move           time.Duration
		rows           int // sessions
		tests, reports int
	}{
		{6 * day, 1, 1, 2},
		{2 * day, 0, 1, 2}, // 8 days
		{21 * day, 0, 1, 2},
		{2 * day, 0, 1, 0}, // 31 days
		{58 * day, 0, 1, 0},
		{2 * day, 0, 0, 0}, // 91 days
	} {
		c.move(c2.move)
		check := func(when string) {
			t.Helper()
			tests, err := s.Jobs().ListJobs(t.Context(), api.TestJob, 0)
			if err != nil || len(tests) != c2.tests {
				t.Errorf("%s, %s: %d tests, %v", c.Now(), when, len(tests), err)
			}
			n := 0
			for _, kind := range []api.JobKind{api.SuiteImportJob, api.BillingJob} {
				jobs, err := s.Jobs().ListJobs(t.Context(), kind, 0)
				if err != nil {
					t.Fatal(err)
				}
				n += len(jobs)
			}
			if n != c2.reports {
				t.Errorf("%s, %s: %d other jobs", c.Now(), when, n)
			}
		}
		check("not shown even before they are removed")
		if err := s.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		check("tidied")
		info, err := s.Info(t.Context())
		if err != nil || info.Sessions != c2.rows || info.Jobs != c2.tests+c2.reports {
			t.Errorf("%s: %+v, %v", c.Now(), info, err)
		}
	}
}

func TestJobsFromTheFutureLiveOnce(t *testing.T) {
	c := newClock()
	o := options(t, c)
	o.TestRetention = 10 * 24 * time.Hour
	s := mustOpen(t, o)
	s.idle.Wait()
	saveJob(t, s, api.JobRecord{Kind: api.TestJob, ID: "ctr-1", State: api.JobSucceeded, Started: at(0), Changed: at(0)})
	c.move(-300 * 24 * time.Hour) // the clock was wrong
	for _, want := range []int{1, 1, 0} {
		if err := s.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		if info, err := s.Info(t.Context()); err != nil || info.Jobs != want {
			t.Errorf("%s: %d jobs, %v", c.Now(), info.Jobs, err)
		}
		c.move(6 * 24 * time.Hour)
	}
}

func TestOnlyTheNewestRunsOfASuiteStay(t *testing.T) {
	c := newClock()
	o := options(t, c)
	o.TestRuns = 3
	s := mustOpen(t, o)
	s.idle.Wait()
	save := func(suite string, minute int, state api.JobState) {
		saveJob(t, s, api.JobRecord{
			Kind: api.TestJob, ID: api.JobID(fmt.Sprint("ctr-", suite, minute)), Question: fmt.Sprintf(`{"Suite":%q}`, suite),
			State: state, Started: at(minute), Changed: at(minute),
		})
	}
	save("smoke", -100, api.JobRunning) // somebody still follows it
	for i := range 6 {
		save("smoke", -50+i, api.JobSucceeded)
		save("night", -90+i, api.JobFailed)
	}
	count := func(want int) {
		t.Helper()
		jobs, err := s.Jobs().ListJobs(t.Context(), api.TestJob, 0)
		if err != nil || len(jobs) != want {
			t.Fatalf("%d runs, want %d, %v", len(jobs), want, err)
		}
		if jobs[0].ID != "ctr-smoke-45" {
			t.Errorf("newest %s", jobs[0].ID)
		}
	}
	count(7)
	s.o.TestRuns = 1
	if err := s.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	count(3)
}

func TestJobsGiveWayWhenNothingElseIsLeft(t *testing.T) {
	c := newClock()
	o := options(t, c)
	o.MaxBytes = 900 << 10
	o.TestRuns = 10000
	s := mustOpen(t, o)
	s.idle.Wait()
	for i := range 100 {
		state := api.JobSucceeded
		if i == 0 {
			state = api.JobRunning
		}
		saveJob(t, s, api.JobRecord{
			Kind: api.TestJob, ID: api.JobID(fmt.Sprint("ctr-", i)), State: state, Started: at(i - 200), Changed: at(i - 200),
			Result: make([]byte, 20000),
		})
	}
	if err := s.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	jobs, err := s.Jobs().ListJobs(t.Context(), api.TestJob, 0)
	if err != nil || len(jobs) < 10 || len(jobs) > 45 {
		t.Fatalf("%d runs left, %v", len(jobs), err)
	}
	if jobs[0].ID != "ctr-99" || jobs[len(jobs)-1].ID != "ctr-0" {
		t.Errorf("newest %s, oldest %s", jobs[0].ID, jobs[len(jobs)-1].ID)
	}
}
