package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"testing"
	"time"

	"korescope/api"
)

// runner is a platform with test suites: each run passes after three looks.
type runner struct {
	starts, polls, imports int
	lost                   bool
	end                    api.TestRun
	said                   error
}

func (f *runner) StartTest(_ context.Context, s api.TestStart) (api.TestRun, error) {
	f.starts++
	run := api.TestRun{Suite: s.Suite, Version: s.Version, Verdict: api.VerdictRunning, State: api.JobRunning}
	if f.lost {
		return run, &api.Error{Kind: api.OutcomeUnknown}
	}
	run.ID = api.JobID(fmt.Sprintf("ctr-%d", f.starts))
	return run, nil
}

func (f *runner) TestStatus(_ context.Context, suite string, id api.JobID) (api.TestRun, error) {
	f.polls++
	run := api.TestRun{ID: id, Suite: suite, Version: "configured", Verdict: api.VerdictRunning, State: api.JobRunning, Word: "inprogress", Percent: api.Known(30 * f.polls)}
	switch {
	case f.said != nil:
		return run, f.said
	case f.polls%3 == 0:
		run = f.end
		run.ID, run.Suite, run.Version = id, suite, "configured"
	}
	return run, nil
}

func (f *runner) StartImport(_ context.Context, s api.SuiteImport) (api.SuiteImported, error) {
	f.imports++
	if f.lost {
		return api.SuiteImported{Suite: s.Name}, &api.Error{Kind: api.OutcomeUnknown}
	}
	return api.SuiteImported{ID: "ds-1", Suite: s.Name, State: api.JobRunning}, nil
}

func (f *runner) ImportStatus(_ context.Context, id api.JobID) (api.SuiteImported, error) {
	if f.polls++; f.polls < 3 {
		return api.SuiteImported{ID: id, State: api.JobRunning, Word: "IN_PROGRESS", Percent: api.Known(85)}, nil
	}
	return api.SuiteImported{ID: id, State: api.JobSucceeded, Word: "SUCCESS", Suite: "smoke", Steps: api.Known(2)}, nil
}

func (f *runner) DeleteSuites(context.Context, []string) error { return nil }

func collect[T any](seq iter.Seq2[T, error]) (all []T, err error) {
	for v, e := range seq {
		all, err = append(all, v), e
	}
	return all, err
}

func failedRun() api.TestRun {
	return api.TestRun{
		Verdict: api.VerdictFailed, State: api.JobSucceeded, Word: "failed", Total: api.Known(2), Passed: api.Known(1), Failed: api.Known(1),
		Steps: []api.TestStep{{Input: "hi", Verdict: api.VerdictFailed, Failed: []string{"text: Hello"}, Raw: json.RawMessage(`{"a":1}`)}},
		Raw:   json.RawMessage(`{"status":"failed"}`),
	}
}

func TestASuiteFromStartToVerdict(t *testing.T) {
	r, f := newRig(), &runner{end: failedRun()}
	tests := Tests{Engine: r.Engine, Runner: f, Bot: "st-1"}
	start := api.TestStart{Suite: "Refunds smoke", Version: api.Published, Email: "owner@example.test"}
	all, err := collect(tests.Run(t.Context(), start))
	if err != nil || len(all) != 4 || f.starts != 1 {
		t.Fatalf("%d values, %d starts, %v", len(all), f.starts, err)
	}
	for i, run := range all {
		if run.ID != "ctr-1" || run.Suite != "Refunds smoke" || run.Version != api.Published || run.Started.IsZero() || run.Changed.IsZero() {
			t.Errorf("value %d: %+v", i, run)
		}
		if over := i == 3; run.State.Over() != over || (run.Verdict == api.VerdictRunning) == over {
			t.Errorf("value %d: %s, %s", i, run.State, run.Verdict)
		}
	}
	last := all[3]
	if last.Verdict != api.VerdictFailed || len(last.Steps) != 1 || last.Failed != api.Known(1) || last.Percent != api.Known(60) {
		t.Errorf("%+v", last)
	}
	// It is kept with its steps, without the e-mail, and not asked for again.
	polls := f.polls
	kept, err := collect(tests.Follow(t.Context(), "Refunds smoke", "ctr-1"))
	if err != nil || len(kept) != 1 || f.polls != polls || kept[0].Verdict != api.VerdictFailed || kept[0].Steps[0].Failed[0] != "text: Hello" {
		t.Errorf("%+v, %v after %d polls", kept, err, f.polls-polls)
	}
	for _, rec := range r.store.saved {
		if b, _ := json.Marshal(rec); len(rec.Question) == 0 || json.Valid(b) && contains(string(b)+rec.Question, "owner@") {
			t.Errorf("kept %s", b)
		}
	}
	// A second run is a new one.
	if _, err := collect(tests.Run(t.Context(), start)); err != nil || f.starts != 2 {
		t.Errorf("%d starts, %v", f.starts, err)
	}
	history, err := tests.History(t.Context(), 0)
	if err != nil || len(history) != 2 || history[0].ID != "ctr-2" || history[1].Failed != api.Known(1) {
		t.Errorf("%+v, %v", history, err)
	}
	other := Tests{Engine: r.Engine, Runner: f, Bot: "st-2"}
	if history, _ := other.History(t.Context(), 0); len(history) != 0 {
		t.Errorf("another bot's history: %+v", history)
	}
	if history, _ := tests.History(t.Context(), 1); len(history) != 1 || history[0].ID != "ctr-2" {
		t.Errorf("%+v", history)
	}
}

func contains(s, part string) bool {
	for i := range len(s) - len(part) + 1 {
		if s[i:i+len(part)] == part {
			return true
		}
	}
	return false
}

func TestARunWhoseStartGotNoAnswer(t *testing.T) {
	r, f := newRig(), &runner{lost: true}
	tests := Tests{Engine: r.Engine, Runner: f}
	all, err := collect(tests.Run(t.Context(), api.TestStart{Suite: "smoke", Version: api.Published}))
	if api.KindOf(err) != api.OutcomeUnknown || len(all) != 1 || f.starts != 1 || f.polls != 0 {
		t.Fatalf("%+v, %v", all, err)
	}
	if run := all[0]; run.ID != "" || run.State != api.JobUnknown || run.Verdict != api.VerdictError || run.Suite != "smoke" || run.Failure == "" {
		t.Errorf("%+v", run)
	}
	history, err := tests.History(t.Context(), 0)
	if err != nil || len(history) != 1 || history[0].State != api.JobUnknown {
		t.Errorf("%+v, %v", history, err)
	}
}

func TestRunsThatEndWithoutAVerdict(t *testing.T) {
	for state, said := range map[api.JobState]error{
		api.JobExpired: refused("Invalid request id"), api.JobUnknown: &api.Error{Kind: api.Unavailable},
	} {
		r, f := newRig(), &runner{said: said}
		all, err := collect(Tests{Engine: r.Engine, Runner: f}.Run(t.Context(), api.TestStart{Suite: "smoke", Version: api.Published}))
		last := all[len(all)-1]
		if err != nil || last.State != state || last.Verdict != api.VerdictError || last.Failure == "" || f.starts != 1 {
			t.Errorf("%s: %+v, %v", state, last, err)
		}
	}
}

func TestFollowingARunOfSomebodyElse(t *testing.T) {
	r, f := newRig(), &runner{end: failedRun()}
	tests := Tests{Engine: r.Engine, Runner: f, Bot: "st-1"}
	all, err := collect(tests.Follow(t.Context(), "smoke", "ctr-elsewhere"))
	if err != nil || len(all) != 3 || all[2].Verdict != api.VerdictFailed || f.starts != 0 || all[0].Suite != "smoke" {
		t.Fatalf("%+v, %v", all, err)
	}
	// A run given up on is looked at again.
	r, f = newRig(), &runner{end: failedRun()}
	tests.Engine, tests.Runner = r.Engine, f
	rec := api.JobRecord{
		Kind: api.TestJob, ID: "ctr-9", Question: canonical(testQuestion{"st-1", "smoke", api.Published}), State: api.JobUnknown, Failure: "no final status",
		Started: r.clock.Now().Add(-3 * time.Hour), Changed: r.clock.Now().Add(-2 * time.Hour),
	}
	_ = r.store.SaveJob(t.Context(), rec)
	run, err := tests.Status(t.Context(), "smoke", "ctr-9")
	if err != nil || run.State != api.JobRunning || run.Failure != "" || run.Percent != api.Known(30) || len(r.clock.slept) != 0 || f.polls != 1 {
		t.Errorf("%+v, %v", run, err)
	}
	all, err = collect(tests.Follow(t.Context(), "smoke", "ctr-9"))
	if err != nil || len(all) != 2 || all[1].Verdict != api.VerdictFailed || all[1].Version != api.Published || !all[1].Started.Equal(rec.Started) {
		t.Errorf("%+v, %v", all, err)
	}
	f.said = &api.Error{Kind: api.Unavailable}
	if _, err := tests.Status(t.Context(), "smoke", "ctr-new"); api.KindOf(err) != api.Unavailable {
		t.Errorf("%v", err)
	}
}

func TestImportFromStartToSuite(t *testing.T) {
	r, f := newRig(), &runner{}
	tests := Tests{Engine: r.Engine, Runner: f, Bot: "st-1"}
	all, err := collect(tests.Import(t.Context(), api.SuiteImport{FileID: "f", Name: "smoke"}))
	last := all[len(all)-1]
	if err != nil || f.imports != 1 || last.State != api.JobSucceeded || last.Steps != api.Known(2) || last.ID != "ds-1" || all[0].Suite != "smoke" {
		t.Errorf("%+v, %v", all, err)
	}
	r, f = newRig(), &runner{lost: true}
	tests.Engine, tests.Runner = r.Engine, f
	all, err = collect(tests.Import(t.Context(), api.SuiteImport{FileID: "f", Name: "smoke"}))
	if api.KindOf(err) != api.OutcomeUnknown || f.imports != 1 || all[0].State != api.JobUnknown || all[0].Suite != "smoke" {
		t.Errorf("%+v, %v", all, err)
	}
}

// remembered is a run that this machine takes for one under way.
func remembered(t *testing.T, r rig, ago time.Duration) api.JobRecord {
	t.Helper()
	at := r.clock.Now().Add(-ago)
	rec := api.JobRecord{
		Kind: api.TestJob, ID: "ctr-old", Question: canonical(testQuestion{"st-1", "smoke", api.Published}),
		State: api.JobRunning, Started: at, Changed: at,
	}
	if err := r.store.SaveJob(t.Context(), rec); err != nil {
		t.Fatal(err)
	}
	return rec
}

// scripted answers the looks at the old run; new runs are those of a runner.
type scripted struct {
	*runner
	old   []func() (api.TestRun, error)
	looks int
}

func (f *scripted) TestStatus(ctx context.Context, suite string, id api.JobID) (api.TestRun, error) {
	if id != "ctr-old" {
		return f.runner.TestStatus(ctx, suite, id)
	}
	say := f.old[min(f.looks, len(f.old)-1)]
	f.looks++
	run, err := say()
	run.ID, run.Suite = id, suite
	return run, err
}

// What is remembered as under way is asked about before it is taken for the
// answer to a new start.
func TestAnOldRunIsNotTheNewOne(t *testing.T) {
	ended := func(v api.Verdict) func() (api.TestRun, error) {
		return func() (api.TestRun, error) {
			return api.TestRun{Verdict: v, State: api.JobSucceeded, Word: string(v)}, nil
		}
	}
	on := func() (api.TestRun, error) {
		return api.TestRun{Verdict: api.VerdictRunning, State: api.JobRunning, Word: "inprogress"}, nil
	}
	broken := func() (api.TestRun, error) { return api.TestRun{Verdict: api.VerdictError, State: api.JobFailed}, nil }
	says := func(err error) func() (api.TestRun, error) {
		return func() (api.TestRun, error) { return api.TestRun{}, err }
	}
	type looks = []func() (api.TestRun, error)
	for _, tt := range []struct {
		name   string
		ago    time.Duration
		anew   bool
		old    looks
		starts int
		first  api.JobID // of the first value
		kept   api.JobState
		kind   api.Kind
	}{
		{"passed meanwhile", 150 * time.Second, false, looks{ended(api.VerdictPassed)}, 1, "ctr-1", api.JobSucceeded, 0},
		{"failed meanwhile", 29 * time.Minute, false, looks{ended(api.VerdictFailed)}, 1, "ctr-1", api.JobSucceeded, 0},
		{"ended a second ago", time.Second, false, looks{ended(api.VerdictPassed)}, 1, "ctr-1", api.JobSucceeded, 0},
		{"could not be carried out", time.Minute, false, looks{broken}, 1, "ctr-1", api.JobFailed, 0},
		{"forgotten", time.Minute, false, looks{says(refused("Invalid request id"))}, 1, "ctr-1", api.JobExpired, 0},
		{"refused", time.Minute, false, looks{says(refused("no"))}, 1, "ctr-1", api.JobFailed, 0},
		{"still on", 12 * time.Minute, false, looks{on, on, ended(api.VerdictPassed)}, 0, "ctr-old", api.JobSucceeded, 0},
		{"not reachable, then over", time.Minute, false, looks{says(&api.Error{Kind: api.Unavailable}), ended(api.VerdictPassed)}, 1, "ctr-1", api.JobSucceeded, 0},
		{"not reachable, then on", time.Minute, false, looks{says(&api.Error{Kind: api.Unreachable}), on, ended(api.VerdictFailed)}, 0, "ctr-old", api.JobSucceeded, 0},
		{"sign-in refused", time.Minute, false, looks{says(&api.Error{Kind: api.SignIn})}, 0, "ctr-old", api.JobRunning, api.SignIn},
		{"insisted on a new one", time.Minute, true, looks{on}, 1, "ctr-1", api.JobRunning, 0},
		{"older than is followed", 31 * time.Minute, false, looks{on}, 1, "ctr-1", api.JobUnknown, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig()
			f := &scripted{runner: &runner{end: failedRun()}, old: tt.old}
			rec := remembered(t, r, tt.ago)
			asked := r.clock.Now()
			tests := Tests{Engine: r.Engine, Runner: f, Bot: "st-1"}
			all, err := collect(tests.Run(t.Context(), api.TestStart{Suite: "smoke", Version: api.Published, Anew: tt.anew}))
			if tt.kind != 0 && api.KindOf(err) != tt.kind || tt.kind == 0 && err != nil || len(all) == 0 {
				t.Fatalf("%d values, %v", len(all), err)
			}
			if all[0].ID != tt.first || f.starts != tt.starts {
				t.Errorf("the first value is %s after %d starts", all[0].ID, f.starts)
			}
			if old := all[0].Started.Before(asked); old != (tt.first == rec.ID) {
				t.Errorf("started %s, asked %s", all[0].Started, asked)
			}
			kept, _, _ := r.store.JobByID(t.Context(), api.TestJob, rec.ID)
			if kept.State != tt.kept {
				t.Errorf("the old run is kept as %s", kept.State)
			}
		})
	}
}

// An import that was under way when the program ended is followed to its end, and
// what this machine remembers of one that is over keeps no other from beginning.
func TestAnImportIsPickedUpAfterARestart(t *testing.T) {
	r, f := newRig(), &runner{}
	tests := Tests{Engine: r.Engine, Runner: f, Bot: "st-1"}
	for is, err := range tests.Import(t.Context(), api.SuiteImport{FileID: "f", Name: "smoke"}) {
		if err != nil || is.ID != "" {
			break // the program ends here
		}
	}
	other := tests
	other.Bot = "st-2"
	if open, err := other.OpenImports(t.Context()); err != nil || len(open) != 0 {
		t.Errorf("another bot's: %v, %v", open, err)
	}
	if _, on, err := tests.ImportUnderWay(t.Context(), "nightly"); on || err != nil || f.polls != 0 {
		t.Errorf("another name: %v, %v, %d looks", on, err, f.polls)
	}
	rec, on, err := tests.ImportUnderWay(t.Context(), "smoke")
	if !on || err != nil || rec.ID != "ds-1" {
		t.Fatalf("%+v, %v, %v", rec, on, err)
	}
	all, err := collect(tests.ResumeImport(t.Context(), rec))
	if last := all[len(all)-1]; err != nil || f.imports != 1 || last.State != api.JobSucceeded || last.Suite != "smoke" {
		t.Errorf("%+v, %v", all, err)
	}
	if open, err := tests.OpenImports(t.Context()); err != nil || len(open) != 0 {
		t.Errorf("open after its end: %v, %v", open, err)
	}

	stale := rec
	stale.ID, stale.State = "ds-old", api.JobRunning
	if err := r.store.SaveJob(t.Context(), stale); err != nil {
		t.Fatal(err)
	}
	if _, on, err := tests.ImportUnderWay(t.Context(), "smoke"); on || err != nil {
		t.Errorf("one that is over is under way: %v, %v", on, err)
	}
	if is, err := tests.ImportStatus(t.Context(), "ds-old"); err != nil || is.State != api.JobSucceeded {
		t.Errorf("%+v, %v", is, err)
	}
}
