package cache

import (
	"context"
	"time"

	"korescope/api"
)

// Jobs keeps records of jobs, so that a restart, or another process of the
// profile, picks a job up instead of starting a second one.
type Jobs struct{ s *Store }

// Jobs gives the records of jobs that live in the cache.
func (s *Store) Jobs() *Jobs { return &Jobs{s} }

// SaveJob keeps a record. Several processes may follow one job: the record with
// the later Changed wins. A job without an id, whose start was never answered,
// is known by its Kind, Question and Started.
func (k *Jobs) SaveJob(ctx context.Context, j api.JobRecord) error {
	return k.s.write(ctx, "keep a job", func(c *conn) error {
		return putJob(c, j, k.s.o.Now(), k.s.o.TestRuns)
	})
}

// FindJob gives the newest job with a question.
func (k *Jobs) FindJob(ctx context.Context, kind api.JobKind, question string) (api.JobRecord, bool, error) {
	return k.one(ctx, kind, "question = ?", question)
}

// JobByID gives one job. Jobs without an id are not found this way.
func (k *Jobs) JobByID(ctx context.Context, kind api.JobKind, id api.JobID) (api.JobRecord, bool, error) {
	if id == "" {
		return api.JobRecord{}, false, nil
	}
	return k.one(ctx, kind, "id = ?", string(id))
}

// OpenJobs gives the jobs that were not over when last heard of, oldest first.
func (k *Jobs) OpenJobs(ctx context.Context, kind api.JobKind) ([]api.JobRecord, error) {
	return k.list(ctx, kind, "state IN ('', ?) ORDER BY started, n", string(api.JobRunning))
}

// ListJobs gives the newest jobs, newest first; all of them when limit is 0.
func (k *Jobs) ListJobs(ctx context.Context, kind api.JobKind, limit int) ([]api.JobRecord, error) {
	if limit <= 0 {
		limit = -1
	}
	return k.list(ctx, kind, "1 ORDER BY started DESC, n DESC LIMIT ?", limit)
}

// ForgetRuns removes the jobs of a kind that are over: those about one suite, or
// all when suite is "". It says how many there were.
func (s *Store) ForgetRuns(ctx context.Context, kind api.JobKind, suite string) (n int, err error) {
	const over = "kind = ?1 AND state NOT IN ('', ?2) AND (?3 = '' OR suite = ?3)"
	args := []any{string(kind), string(api.JobRunning), suite}
	err = s.write(ctx, "forget test runs", func(c *conn) error {
		had, err := c.number("SELECT count(*) FROM job WHERE "+over, args...)
		if err != nil {
			return err
		}
		n = int(had)
		return c.exec("DELETE FROM job WHERE "+over, args...)
	})
	return n, err
}

func (k *Jobs) one(ctx context.Context, kind api.JobKind, where string, arg any) (api.JobRecord, bool, error) {
	found, err := k.list(ctx, kind, where+" ORDER BY started DESC, n DESC LIMIT 1", arg)
	if err != nil || len(found) == 0 {
		return api.JobRecord{}, false, err
	}
	return found[0], true, nil
}

// list gives jobs that are not expired.
func (k *Jobs) list(ctx context.Context, kind api.JobKind, rest string, arg any) (out []api.JobRecord, err error) {
	err = k.s.read(ctx, "read jobs from the cache", func(c *conn) error {
		out, err = jobsWhere(c, "kind = ? AND fetched >= ? AND "+rest,
			string(kind), k.s.jobsSince(kind, k.s.o.Now()), arg)
		return err
	})
	return out, err
}

// jobsSince is when a job must have been written at the earliest to count.
func (s *Store) jobsSince(kind api.JobKind, now time.Time) int64 {
	return now.Add(-s.o.jobKeep(kind)).UnixMilli()
}
