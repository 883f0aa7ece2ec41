package jobs

import (
	"context"
	"testing"
	"time"

	"korescope/api"
)

func TestMemoryStore(t *testing.T) {
	ctx, m := t.Context(), NewMemory()
	at := func(min int) time.Time { return time.Date(2026, 3, 10, 12, min, 0, 0, time.UTC) }
	for _, r := range []api.JobRecord{
		{Kind: api.TestJob, ID: "ctr-1", Question: "q", State: api.JobRunning, Started: at(1)},
		{Kind: api.TestJob, ID: "ctr-3", Question: "q", State: api.JobRunning, Started: at(3)},
		{Kind: api.TestJob, ID: "ctr-2", Question: "q", State: api.JobRunning, Started: at(2)},
		{Kind: api.BillingJob, ID: "ctr-1", Question: "q", State: api.JobRunning, Started: at(9)},
		{Kind: api.TestJob, Question: "lost", State: api.JobUnknown, Started: at(4)},
		{Kind: api.TestJob, Question: "lost", State: api.JobUnknown, Started: at(5)},
		{Kind: api.TestJob, Question: "lost", State: api.JobUnknown, Started: at(5), Failure: "later"},
		{Kind: api.TestJob, ID: "ctr-3", Question: "q", State: api.JobSucceeded, Started: at(3), Result: []byte("1")},
	} {
		if err := m.SaveJob(ctx, r); err != nil {
			t.Fatal(err)
		}
	}
	if r, ok, _ := m.FindJob(ctx, api.TestJob, "q"); !ok || r.ID != "ctr-3" || r.State != api.JobSucceeded {
		t.Errorf("newest of the question: %+v", r)
	}
	if r, ok, _ := m.JobByID(ctx, api.BillingJob, "ctr-1"); !ok || !r.Started.Equal(at(9)) {
		t.Errorf("by id: %+v", r)
	}
	if _, ok, _ := m.JobByID(ctx, api.BillingJob, "none"); ok {
		t.Error("found what is not there")
	}
	if open, _ := m.OpenJobs(ctx, api.TestJob); len(open) != 2 || open[0].ID != "ctr-2" {
		t.Errorf("open: %+v", open)
	}
	all, _ := m.ListJobs(ctx, api.TestJob, 0)
	if len(all) != 5 || all[0].Failure != "later" || all[4].ID != "ctr-1" {
		t.Errorf("all: %+v", all)
	}
	if some, _ := m.ListJobs(ctx, api.TestJob, 2); len(some) != 2 {
		t.Errorf("some: %+v", some)
	}
}

// Everything that is not handed in has a default that works.
func TestDefaults(t *testing.T) {
	p := &platform{say: doneAfter(1)}
	e := New(nil, nil, func(ctx context.Context, _ time.Duration) error { return ctx.Err() }, nil)
	mustEnd(t, ask(t.Context(), e, p.spec("q")), api.JobSucceeded)
}
