package jobs

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"korescope/api"
)

// Store keeps job records, for all processes that share it.
type Store interface {
	// SaveJob keeps a record in place of the one with the same Kind and ID; a
	// record without ID in place of the one with the same Kind, Question and
	// Started.
	SaveJob(ctx context.Context, r api.JobRecord) error
	// FindJob gives the record of a question that was started last.
	FindJob(ctx context.Context, kind api.JobKind, question string) (api.JobRecord, bool, error)
	// JobByID gives the record of one job.
	JobByID(ctx context.Context, kind api.JobKind, id api.JobID) (api.JobRecord, bool, error)
	// OpenJobs lists the records whose state is not over.
	OpenJobs(ctx context.Context, kind api.JobKind) ([]api.JobRecord, error)
	// ListJobs lists records, started last first; limit 0 for all.
	ListJobs(ctx context.Context, kind api.JobKind, limit int) ([]api.JobRecord, error)
}

// memory keeps records for one process.
type memory struct {
	mu   sync.Mutex
	jobs []api.JobRecord // in the order of their first saving
}

// NewMemory makes a store that lives and dies with the process.
func NewMemory() Store { return &memory{} }

func (m *memory) SaveJob(_ context.Context, r api.JobRecord) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	r.Result = slices.Clone(r.Result)
	for i, have := range m.jobs {
		if sameJob(have, r) {
			m.jobs[i] = r
			return nil
		}
	}
	m.jobs = append(m.jobs, r)
	return nil
}

func sameJob(a, b api.JobRecord) bool {
	if a.Kind != b.Kind || a.ID != b.ID {
		return false
	}
	return a.ID != "" || a.Question == b.Question && a.Started.Equal(b.Started)
}

func (m *memory) FindJob(ctx context.Context, kind api.JobKind, question string) (api.JobRecord, bool, error) {
	return m.first(ctx, kind, func(r api.JobRecord) bool { return r.Question == question })
}

func (m *memory) JobByID(ctx context.Context, kind api.JobKind, id api.JobID) (api.JobRecord, bool, error) {
	return m.first(ctx, kind, func(r api.JobRecord) bool { return r.ID == id })
}

func (m *memory) first(ctx context.Context, kind api.JobKind, fits func(api.JobRecord) bool) (api.JobRecord, bool, error) {
	all, err := m.ListJobs(ctx, kind, 0)
	for _, r := range all {
		if fits(r) {
			return r, true, err
		}
	}
	return api.JobRecord{}, false, err
}

func (m *memory) OpenJobs(ctx context.Context, kind api.JobKind) ([]api.JobRecord, error) {
	all, err := m.ListJobs(ctx, kind, 0)
	return slices.DeleteFunc(all, func(r api.JobRecord) bool { return r.State.Over() }), err
}

func (m *memory) ListJobs(_ context.Context, kind api.JobKind, limit int) ([]api.JobRecord, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []api.JobRecord
	for _, r := range slices.Backward(m.jobs) {
		if r.Kind == kind {
			r.Result = slices.Clone(r.Result)
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, func(a, b api.JobRecord) int { return cmp.Compare(b.Started.UnixNano(), a.Started.UnixNano()) })
	if limit > 0 && len(out) > limit {
		out = out[:limit]
	}
	return out, nil
}
