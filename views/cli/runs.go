package cli

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"time"

	"korescope/api"
	"korescope/cache"
	"korescope/ui/text"
)

// runBook is where test runs and imports of suites are kept: a file of its own in
// the state folder, because the platform lists none of them, so that nothing brings
// them back once the cache is removed. It is opened when it is first needed.
type runBook struct {
	options cache.Options
	older   *cache.Store // where they were kept before

	mu    sync.Mutex
	store *cache.Store
}

// runsName is the folder of the book in the state folder.
const runsName = "runs"

// newRunBook takes the settings of the cache but for its place.
func newRunBook(of cache.Options, older *cache.Store, stateDir string) *runBook {
	of.Dir, of.Memory, of.Commons = filepath.Join(stateDir, runsName), of.Memory || stateDir == "", nil
	return &runBook{options: of, older: older}
}

// open gives the file. Trouble with the disk is no error: the book is then in
// memory, for as long as this run lasts.
func (b *runBook) open(ctx context.Context) (*cache.Store, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.store != nil {
		return b.store, nil
	}
	store, _, err := cache.Open(ctx, b.options)
	if err != nil {
		return nil, err
	}
	if err := moveRuns(ctx, b.older, store); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	b.store = store
	return store, nil
}

// moveRuns takes over what an earlier version kept in the cache.
func moveRuns(ctx context.Context, from, to *cache.Store) error {
	for _, kind := range []api.JobKind{api.TestJob, api.SuiteImportJob} {
		old, err := from.Jobs().ListJobs(ctx, kind, 0)
		if err != nil {
			return err
		}
		for i := len(old) - 1; i >= 0; i-- {
			if err := to.Jobs().SaveJob(ctx, old[i]); err != nil {
				return err
			}
		}
		if len(old) == 0 {
			continue
		}
		if _, err := from.ForgetRuns(ctx, kind, ""); err != nil {
			return err
		}
	}
	return nil
}

func (b *runBook) close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.store == nil {
		return nil
	}
	return b.store.Close()
}

// LastGood gives the newest run of a suite that passed and was started before an
// instant; the zero time asks for the newest of all.
func (b *runBook) LastGood(ctx context.Context, suite string, before time.Time) (api.TestRun, bool, error) {
	s, err := b.open(ctx)
	if err != nil {
		return api.TestRun{}, false, err
	}
	return cache.Tests(s).LastGood(ctx, suite, before)
}

// Suites gives the names of suites that were run or imported from here.
func (b *runBook) Suites(ctx context.Context) ([]string, error) {
	s, err := b.open(ctx)
	if err != nil {
		return nil, err
	}
	return cache.Tests(s).Suites(ctx)
}

// forget removes the runs of a suite that are over, of all suites when it is "".
func (b *runBook) forget(ctx context.Context, suite string) (int, error) {
	s, err := b.open(ctx)
	if err != nil {
		return 0, err
	}
	return s.ForgetRuns(ctx, api.TestJob, suite)
}

// forgetRuns removes what runs say about erased users.
func (d *desk) forgetRuns(ctx context.Context, e erased, _ *erasure) error {
	s, err := d.runs.open(ctx)
	if err != nil {
		return err
	}
	_, err = s.Forget(ctx, e.users)
	return err
}

// keptJobs are the records of all jobs: those of suites in the book of runs, the
// others in the cache.
type keptJobs struct {
	rest *cache.Jobs
	runs *runBook
}

func (k keptJobs) of(ctx context.Context, kind api.JobKind) (*cache.Jobs, error) {
	if kind != api.TestJob && kind != api.SuiteImportJob {
		return k.rest, nil
	}
	s, err := k.runs.open(ctx)
	if err != nil {
		return nil, err
	}
	return s.Jobs(), nil
}

// SaveJob keeps a record.
func (k keptJobs) SaveJob(ctx context.Context, r api.JobRecord) error {
	in, err := k.of(ctx, r.Kind)
	if err != nil {
		return err
	}
	return in.SaveJob(ctx, r)
}

// FindJob gives the newest job with a question.
func (k keptJobs) FindJob(ctx context.Context, kind api.JobKind, question string) (api.JobRecord, bool, error) {
	in, err := k.of(ctx, kind)
	if err != nil {
		return api.JobRecord{}, false, err
	}
	return in.FindJob(ctx, kind, question)
}

// JobByID gives one job.
func (k keptJobs) JobByID(ctx context.Context, kind api.JobKind, id api.JobID) (api.JobRecord, bool, error) {
	in, err := k.of(ctx, kind)
	if err != nil {
		return api.JobRecord{}, false, err
	}
	return in.JobByID(ctx, kind, id)
}

// OpenJobs gives the jobs that were not over when last heard of.
func (k keptJobs) OpenJobs(ctx context.Context, kind api.JobKind) ([]api.JobRecord, error) {
	in, err := k.of(ctx, kind)
	if err != nil {
		return nil, err
	}
	return in.OpenJobs(ctx, kind)
}

// ListJobs gives the newest jobs, newest first; all of them when limit is 0.
func (k keptJobs) ListJobs(ctx context.Context, kind api.JobKind, limit int) ([]api.JobRecord, error) {
	in, err := k.of(ctx, kind)
	if err != nil {
		return nil, err
	}
	return in.ListJobs(ctx, kind, limit)
}

// testsForget removes runs from the book.
func (p *program) testsForget(ctx context.Context, suite string) error {
	_, d, err := p.settled(ctx)
	if err != nil {
		return err
	}
	defer d.leave()
	n, err := d.runs.forget(ctx, suite)
	if err != nil {
		return err
	}
	p.talk.say(text.Format("forgot %s test runs; those that are still on stay", text.Count(n)))
	return nil
}
