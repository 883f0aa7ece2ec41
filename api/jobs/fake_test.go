package jobs

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"korescope/api"
)

// clock is a clock that only waiting moves.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	slept []time.Duration
	hook  func() // after every wait
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Wait(ctx context.Context, d time.Duration) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	c.mu.Lock()
	c.now = c.now.Add(d)
	c.slept = append(c.slept, d)
	hook := c.hook
	c.mu.Unlock()
	if hook != nil {
		hook()
	}
	return ctx.Err()
}

func half() float64 { return 0.5 }

// watched is a store that notes every record, and fails when told to.
type watched struct {
	Store
	mu    sync.Mutex
	saved []api.JobRecord
	fail  error
}

func watch() *watched { return &watched{Store: NewMemory()} }

func (w *watched) SaveJob(ctx context.Context, r api.JobRecord) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fail != nil || ctx.Err() != nil {
		return errors.Join(w.fail, ctx.Err()) // as a database would
	}
	w.saved = append(w.saved, r)
	return w.Store.SaveJob(ctx, r)
}

func (w *watched) FindJob(ctx context.Context, k api.JobKind, q string) (api.JobRecord, bool, error) {
	if w.fail != nil {
		return api.JobRecord{}, false, w.fail
	}
	return w.Store.FindJob(ctx, k, q)
}

func (w *watched) last() api.JobRecord {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.saved) == 0 {
		return api.JobRecord{}
	}
	return w.saved[len(w.saved)-1]
}

// platform is a source that a test scripts: what the nth poll of the nth job
// says.
type platform struct {
	mu     sync.Mutex
	starts int
	polls  int // of the present job
	total  int // of all jobs
	say    func(job, poll int) (api.JobRecord, string, bool, error)
	begin  func(job int) (api.JobRecord, error)
}

func (p *platform) spec(question string, change ...func(*Spec[string])) Spec[string] {
	s := Spec[string]{
		Kind: api.ContainmentJob, Question: question, Deadline: ReportDeadline,
		Start: func(context.Context) (api.JobRecord, error) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.starts++
			p.polls = 0
			if p.begin != nil {
				return p.begin(p.starts)
			}
			return api.JobRecord{ID: api.JobID(fmt.Sprintf("ds-%d", p.starts)), State: api.JobRunning, Word: "IN_PROGRESS"}, nil
		},
		Poll: func(_ context.Context, r api.JobRecord) (api.JobRecord, string, bool, error) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.polls++
			p.total++
			said, result, has, err := p.say(p.starts, p.polls)
			if said.ID == "" {
				said.ID = r.ID
			}
			return said, result, has, err
		},
	}
	for _, c := range change {
		c(&s)
	}
	return s
}

func once(s *Spec[string])  { s.StartOnce, s.Kind, s.Deadline = true, api.TestJob, TestDeadline }
func alone(s *Spec[string]) { s.Lane, s.Kind = "billing:st-1", api.BillingJob }

// doneAfter says running until the nth poll.
func doneAfter(n int) func(job, poll int) (api.JobRecord, string, bool, error) {
	return func(job, poll int) (api.JobRecord, string, bool, error) {
		if poll < n {
			return running(poll)
		}
		return api.JobRecord{State: api.JobSucceeded, Word: "SUCCESS"}, fmt.Sprintf("result of job %d", job), true, nil
	}
}

func running(percent int) (api.JobRecord, string, bool, error) {
	return api.JobRecord{State: api.JobRunning, Word: "IN_PROGRESS", Percent: api.Known(percent)}, "", false, nil
}

func refused(said string) error {
	return &api.Error{Kind: api.Refused, Status: 400, Said: said}
}

// told is everything one asker was told.
type told struct {
	steps []Step[string]
	err   error
}

func (o told) last() Step[string] {
	if len(o.steps) == 0 {
		return Step[string]{}
	}
	return o.steps[len(o.steps)-1]
}

func ask(ctx context.Context, e *Engine, s Spec[string]) (o told) {
	for step, err := range Run(ctx, e, s) {
		o.steps = append(o.steps, step)
		o.err = err
	}
	return o
}

// rig is an engine with everything a test looks at.
type rig struct {
	*Engine
	clock *clock
	store *watched
}

func newRig() rig {
	c, s := newClock(), watch()
	return rig{New(s, c.Now, c.Wait, half), c, s}
}

// again is another engine on the same store and clock: a restart, or another
// process.
func (r rig) again() rig {
	return rig{New(r.store, r.clock.Now, r.clock.Wait, half), r.clock, r.store}
}

var errDisk = errors.New("disk full")

func mustEnd(t *testing.T, o told, state api.JobState) {
	t.Helper()
	if o.err != nil || o.last().Record.State != state || o.last().Next != 0 {
		t.Errorf("ended as %+v, %v; want %s", o.last(), o.err, state)
	}
}
