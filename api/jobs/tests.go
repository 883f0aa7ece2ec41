package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"

	"korescope/api"
)

// Tests runs conversation test suites and follows them.
type Tests struct {
	Engine *Engine
	Runner api.TestRunner
	Bot    api.BotID
}

// testQuestion identifies a run: who asks for it makes no difference.
type testQuestion struct {
	Bot     api.BotID
	Suite   string
	Version api.Version
}

// Run starts a suite once and follows it to its verdict, or follows the run of
// the same suite and version that was started less than half an hour ago and is
// still on by the platform's word; such a run has a Started before this call. Each value is the whole run as far as it is known; the
// last one has a State that is over. A run whose start got no answer comes with
// an error of kind OutcomeUnknown and is not started again by itself.
func (t Tests) Run(ctx context.Context, s api.TestStart) iter.Seq2[api.TestRun, error] {
	q := testQuestion{t.Bot, s.Suite, s.Version}
	spec := t.spec(q)
	spec.Anew = s.Anew
	spec.Start = func(ctx context.Context) (api.JobRecord, error) {
		run, err := t.Runner.StartTest(ctx, s)
		return recordOf(run), err
	}
	return t.runs(Run(ctx, t.Engine, spec))
}

// Follow follows a run that was started before, here or elsewhere. One that is
// known to be over is given as it is kept, without asking.
func (t Tests) Follow(ctx context.Context, suite string, id api.JobID) iter.Seq2[api.TestRun, error] {
	rec, q := t.record(ctx, suite, id)
	if run := testRun(rec); rec.Result != nil && (rec.State == api.JobSucceeded || rec.State == api.JobFailed) {
		return func(yield func(api.TestRun, error) bool) { yield(run, nil) }
	}
	return t.runs(Resume(ctx, t.Engine, t.spec(q), rec))
}

// Status asks once how a run stands and keeps the answer.
func (t Tests) Status(ctx context.Context, suite string, id api.JobID) (api.TestRun, error) {
	rec, q := t.record(ctx, suite, id)
	step, err := Look(ctx, t.Engine, t.spec(q), rec)
	if err != nil && Forgotten(err) && rec.Changed.IsZero() {
		err = &api.Error{Kind: api.NotFound, Said: words(err)} // never seen here either
	}
	return runOf(step), err
}

// History lists the runs kept here, the last one first; limit 0 for all. The
// platform has no call for it.
func (t Tests) History(ctx context.Context, limit int) ([]api.TestRun, error) {
	records, err := t.Engine.store.ListJobs(ctx, api.TestJob, 0)
	if err != nil {
		return nil, fmt.Errorf("list the test runs: %w", err)
	}
	var out []api.TestRun
	for _, r := range records {
		if q := readTestQuestion(r); t.Bot != "" && q.Bot != "" && q.Bot != t.Bot {
			continue
		}
		if out = append(out, testRun(r)); limit > 0 && len(out) == limit {
			break
		}
	}
	return out, nil
}

func (t Tests) spec(q testQuestion) Spec[api.TestRun] {
	return Spec[api.TestRun]{
		Kind: api.TestJob, Question: canonical(q), Deadline: TestDeadline, StartOnce: true,
		Poll: func(ctx context.Context, r api.JobRecord) (api.JobRecord, api.TestRun, bool, error) {
			run, err := t.Runner.TestStatus(ctx, q.Suite, r.ID)
			return recordOf(run), run, true, err
		},
	}
}

// record finds what is kept of a run, or makes it up for one that was started
// elsewhere. A store that cannot be read is as good as an empty one.
func (t Tests) record(ctx context.Context, suite string, id api.JobID) (api.JobRecord, testQuestion) {
	rec, found, err := t.Engine.store.JobByID(ctx, api.TestJob, id)
	if err != nil {
		t.Engine.trouble(api.JobRecord{Kind: api.TestJob, ID: id}, err)
	}
	q := readTestQuestion(rec)
	if !found || q.Suite != suite {
		q = testQuestion{Bot: t.Bot, Suite: suite}
		now := t.Engine.now()
		rec = api.JobRecord{
			Kind: api.TestJob, ID: id, Question: canonical(q), State: api.JobRunning, Started: now,
		}
	}
	return rec, q
}

func (t Tests) runs(steps iter.Seq2[Step[api.TestRun], error]) iter.Seq2[api.TestRun, error] {
	return func(yield func(api.TestRun, error) bool) {
		for step, err := range steps {
			if !yield(runOf(step), err) {
				return
			}
		}
	}
}

func recordOf(run api.TestRun) api.JobRecord {
	return api.JobRecord{
		Kind: api.TestJob, ID: run.ID, State: run.State, Word: run.Word, Percent: run.Percent, Failure: run.Failure,
	}
}

// testRun is a kept record as a run.
func testRun(r api.JobRecord) api.TestRun {
	step := Step[api.TestRun]{Record: r}
	step.Has = r.Result != nil && json.Unmarshal(r.Result, &step.Result) == nil
	return runOf(step)
}

// runOf lets the record have the last word: it knows of expiry and of answers
// that never came. Such runs have the verdict error, whose State says which.
func runOf(s Step[api.TestRun]) api.TestRun {
	run, r := s.Result, s.Record
	q := readTestQuestion(r)
	run.ID, run.Suite, run.State, run.Word = r.ID, q.Suite, r.State, r.Word
	if q.Version != "" {
		run.Version = q.Version // the platform says "configured"
	}
	run.Started, run.Changed, run.Failure = r.Started, r.Changed, r.Failure
	if r.Percent.Known {
		run.Percent = r.Percent
	}
	switch r.State {
	case api.JobRunning:
		run.Verdict = api.VerdictRunning
	case api.JobFailed, api.JobExpired, api.JobUnknown:
		run.Verdict = api.VerdictError
	}
	return run
}

func readTestQuestion(r api.JobRecord) (q testQuestion) {
	_ = json.Unmarshal([]byte(r.Question), &q) // made here; empty for a record made elsewhere
	return q
}

// canonical writes a question as JSON, with its fields in a fixed order.
func canonical(q any) string {
	b, err := json.Marshal(q)
	if err != nil {
		panic(err) // questions are structs of strings and times
	}
	return string(b)
}
