package apitest

import (
	"context"
	"sync"

	"korescope/api"
)

// Journal is one in memory. It is safe for concurrent use.
type Journal struct {
	Refuse error // what Begin fails with; nil: it does not

	mu    sync.Mutex
	lines []Line
}

// Line is an act as it was written down.
type Line struct {
	api.Act

	Ended bool
	ID    api.JobID
	Err   error
}

// Begin writes an act down.
func (j *Journal) Begin(_ context.Context, a api.Act) (func(api.JobID, error), error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.Refuse != nil {
		return nil, j.Refuse
	}
	j.lines = append(j.lines, Line{Act: a})
	at := len(j.lines) - 1
	return func(id api.JobID, err error) {
		j.mu.Lock()
		defer j.mu.Unlock()
		j.lines[at].Ended, j.lines[at].ID, j.lines[at].Err = true, id, err
	}, nil
}

// Lines are the acts so far.
func (j *Journal) Lines() []Line {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append([]Line(nil), j.lines...)
}
