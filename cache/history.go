package cache

import (
	"cmp"
	"context"
	"encoding/json"
	"time"

	sqlite3 "github.com/ncruces/go-sqlite3"

	"korescope/api"
)

// TestHistory reads the test runs that are kept here. The platform lists
// neither suites nor past runs.
type TestHistory struct{ s *Store }

// Tests makes a reader of test runs.
func Tests(s *Store) *TestHistory { return &TestHistory{s} }

// Runs gives the newest runs of all suites, newest first; all of them when
// limit is 0. Runs that are still on, and starts that were never answered, are
// among them.
func (h *TestHistory) Runs(ctx context.Context, limit int) ([]api.TestRun, error) {
	jobs, err := h.s.Jobs().ListJobs(ctx, api.TestJob, limit)
	if err != nil {
		return nil, err
	}
	runs := make([]api.TestRun, len(jobs))
	for i, j := range jobs {
		runs[i] = runOf(j)
	}
	return runs, nil
}

// LastGood gives the newest run of a suite that passed and was started before
// an instant; the zero time asks for the newest of all.
func (h *TestHistory) LastGood(ctx context.Context, suite string, before time.Time) (api.TestRun, bool, error) {
	to := int64(1<<63 - 1)
	if !before.IsZero() {
		to = before.UnixMilli()
	}
	var found []api.JobRecord
	err := h.s.read(ctx, "read test runs from the cache", func(c *conn) (err error) {
		found, err = jobsWhere(c, `kind = ? AND fetched >= ? AND suite = ? AND suite <> '' AND verdict = ? AND started < ?
			ORDER BY started DESC, n DESC LIMIT 1`,
			string(api.TestJob), h.s.jobsSince(api.TestJob, h.s.o.Now()), suite, string(api.VerdictPassed), to)
		return err
	})
	if err != nil || len(found) == 0 {
		return api.TestRun{}, false, err
	}
	return runOf(found[0]), true, nil
}

// Suites gives the names of suites that were run or imported from here, by
// name.
func (h *TestHistory) Suites(ctx context.Context) ([]string, error) {
	now := h.s.o.Now()
	var names []string
	err := h.s.read(ctx, "read suites from the cache", func(c *conn) error {
		names = nil
		return c.rows(`SELECT DISTINCT suite FROM job WHERE suite <> ''
			AND (kind = ? AND fetched >= ? OR kind = ? AND state = ? AND fetched >= ?) ORDER BY suite`,
			[]any{
				string(api.TestJob), h.s.jobsSince(api.TestJob, now),
				string(api.SuiteImportJob), string(api.JobSucceeded), h.s.jobsSince(api.SuiteImportJob, now),
			}, func(st *sqlite3.Stmt) error {
				names = append(names, st.ColumnText(0))
				return nil
			})
	})
	return names, err
}

// runOf makes a run of a record. The result has what the platform said about
// steps; the record knows better how the run stands, because it also tells of
// expiry and of answers that never came. Such runs have the verdict error, and
// State says which it was.
func runOf(j api.JobRecord) api.TestRun {
	var r api.TestRun
	if len(j.Result) > 0 && json.Unmarshal(j.Result, &r) != nil {
		r = api.TestRun{} // of a shape that this version does not know
	}
	var asked struct {
		Suite   string
		Version api.Version
	}
	_ = json.Unmarshal([]byte(j.Question), &asked) // a question of another shape names none
	r.Suite = cmp.Or(asked.Suite, r.Suite)
	r.Version = cmp.Or(asked.Version, r.Version) // the platform has a word of its own for it
	r.ID, r.State, r.Word, r.Failure = j.ID, j.State, j.Word, j.Failure
	r.Started, r.Changed = j.Started, j.Changed
	if j.Percent.Known {
		r.Percent = j.Percent
	}
	switch j.State {
	case "", api.JobRunning:
		r.Verdict = api.VerdictRunning
	case api.JobFailed, api.JobExpired, api.JobUnknown:
		r.Verdict = api.VerdictError
	}
	return r
}
