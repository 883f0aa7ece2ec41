package jobs

import (
	"context"
	"iter"
	"math/rand/v2"
	"sync"
	"time"

	"korescope/api"
)

// How often the platform is asked. Each poll costs a place in a budget.
const (
	pollFirst  = time.Second // to twice as much after a start
	pollGrowth = 1.5
	pollMost   = 10 * time.Second
	// grace is how long after a start the platform may not know its own job.
	grace = 10 * time.Second
	// startTries is how often a start without effect is sent until it is
	// answered.
	startTries = 3
)

// Deadlines of reference 26.
const (
	ReportDeadline = 10 * time.Minute
	TestDeadline   = 30 * time.Minute
)

// Engine runs jobs. One serves all askers of a process.
type Engine struct {
	// Trouble hears, when it is set, of what does not end a job: polls that
	// failed and will be repeated, and records that could not be kept, so that
	// a restart would not find them. It must not block.
	Trouble func(r api.JobRecord, err error)

	store Store
	now   func() time.Time
	wait  func(ctx context.Context, d time.Duration) error
	rand  func() float64
	turns turns

	mu   sync.Mutex
	mine map[api.JobID]struct{} // followed by this engine at some time
}

// New makes an engine. A nil store forgets with the process; a nil clock, wait
// or rand (in [0,1)) is the real one. wait sleeps for d or until ctx ends, and
// then returns ctx.Err.
func New(store Store, clock func() time.Time, wait func(ctx context.Context, d time.Duration) error, random func() float64) *Engine {
	e := &Engine{store: store, now: clock, wait: wait, rand: random, mine: map[api.JobID]struct{}{}}
	if e.store == nil {
		e.store = NewMemory()
	}
	if e.now == nil {
		e.now = time.Now
	}
	if e.wait == nil {
		e.wait = sleep
	}
	if e.rand == nil {
		e.rand = rand.Float64
	}
	return e
}

// Spec is one job: how it is started, how it is looked at, when it is given up.
type Spec[R any] struct {
	Kind     api.JobKind
	Question string // canonical; the same question is the same job
	// Start sends the start. Started and Expires of its record are by the
	// platform's clock.
	Start func(ctx context.Context) (api.JobRecord, error)
	// Poll looks at a job. Its record says what the platform says, with the id
	// the answer names; the bool, whether there is a result.
	Poll     func(ctx context.Context, r api.JobRecord) (api.JobRecord, R, bool, error)
	Deadline time.Duration // from the start
	// StartOnce: the start has an effect. It is sent once, whatever becomes of
	// it; a lost answer leaves a record of state unknown without an id.
	StartOnce bool
	// Anew starts a job even where another of the same question is under way.
	Anew bool
	// Fresh reports that a finished result may be used again; nil: none.
	Fresh func(api.JobRecord) bool
	// Lane is for jobs whose state cannot be asked for by id: of all with the
	// same lane one runs at a time, and answers about another job are noticed.
	Lane string
}

// Step is where a job stands. The last one has Next 0 and a Record that is
// over, or comes with an error; a job that failed, expired or became unknown is
// not an error here.
type Step[R any] struct {
	Record  api.JobRecord
	Result  R
	Has     bool          // Result is set; it may be provisional while the job runs
	Next    time.Duration // until the platform is asked again
	Trouble error         // the last poll failed in a way that may pass
	Unsaved error         // the record could not be kept
	Again   error         // why the job was started once more; nil when it was not
}

// Run answers a question: with a finished result that is fresh, by following
// the job that somebody has started, or by starting one. A job whose start has
// an effect is followed only when the platform says that it is still on. Errors are those of
// the start, of polls that will not mend, and the end of ctx; the record then
// stays open.
func Run[R any](ctx context.Context, e *Engine, s Spec[R]) iter.Seq2[Step[R], error] {
	return func(yield func(Step[R], error) bool) {
		r := &run[R]{e: e, s: s, yield: yield}
		key := string(s.Kind) + "\n" + s.Question
		if s.Lane != "" {
			key = s.Lane
		}
		asked := e.now()
		leave, waited, err := e.turns.enter(ctx, key)
		if err != nil {
			r.fail(err)
			return
		}
		var once sync.Once
		defer once.Do(leave)
		if waited {
			r.asked = asked
		}
		if goOn := r.begin(ctx); !goOn {
			return
		}
		if s.Lane == "" {
			// Whoever asks now finds the record.
			once.Do(leave)
		}
		r.follow(ctx)
	}
}

// Resume follows one job, whatever its record says, for another deadline.
func Resume[R any](ctx context.Context, e *Engine, s Spec[R], rec api.JobRecord) iter.Seq2[Step[R], error] {
	return func(yield func(Step[R], error) bool) {
		r := &run[R]{e: e, s: s, yield: yield}
		r.reopen(rec)
		r.follow(ctx)
	}
}

// Look polls one job once.
func Look[R any](ctx context.Context, e *Engine, s Spec[R], rec api.JobRecord) (Step[R], error) {
	r := &run[R]{e: e, s: s}
	r.reopen(rec)
	_, err := r.poll(ctx)
	if err == nil {
		err = r.step.Trouble
	}
	return r.step, err
}

func (e *Engine) remember(id api.JobID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if id != "" {
		e.mine[id] = struct{}{}
	}
}

func (e *Engine) own(id api.JobID) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	_, ok := e.mine[id]
	return ok
}

// save keeps a record, also for an asker who has left: what was started was
// started. A store that fails keeps nobody from the job.
func (e *Engine) save(ctx context.Context, r api.JobRecord) error {
	err := e.store.SaveJob(context.WithoutCancel(ctx), r)
	if err != nil {
		e.trouble(r, err)
	}
	return err
}

func (e *Engine) trouble(r api.JobRecord, err error) {
	if e.Trouble != nil {
		e.Trouble(r, err)
	}
}

func ended(ctx context.Context) error {
	return &api.Error{Kind: api.KindOf(ctx.Err()), Err: ctx.Err()}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
