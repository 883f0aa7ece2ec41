package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"korescope/api"
)

// Another process is taken to be at its job for as long as its record moves.
const (
	alive      = 30 * time.Second
	lookAgain  = 2 * time.Second
	politeness = 2 * time.Minute
)

// run is one asker's way through a job.
type run[R any] struct {
	e     *Engine
	s     Spec[R]
	yield func(Step[R], error) bool

	step  Step[R]
	until time.Time     // the deadline
	next  time.Duration // before the next poll
	base  time.Duration // what next grows from
	born  time.Time     // the start by the platform's clock, when this process saw it

	asked time.Time                       // when, for one who had to wait for the turn
	again struct{ expired, foreign bool } // started again for this reason
}

// begin finds a result or a job to follow. It reports whether there is
// anything to follow.
func (r *run[R]) begin(ctx context.Context) bool {
	rec, found, err := r.e.store.FindJob(ctx, r.s.Kind, r.s.Question)
	switch {
	case ctx.Err() != nil:
		return r.fail(ended(ctx))
	case err != nil:
		r.e.trouble(api.JobRecord{Kind: r.s.Kind, Question: r.s.Question}, err)
	case found && rec.State.Over() && r.serves(rec):
		r.pickUp(rec)
		return r.tell(0) && false
	case found && !rec.State.Over():
		switch {
		case r.s.Anew:
		case !r.resumable(rec):
			r.abandon(ctx, rec)
		case !r.s.StartOnce || !r.asked.IsZero() && !rec.Started.Before(r.asked):
			r.pickUp(rec)
			return r.tell(r.next)
		default:
			on, err := r.stillOn(ctx, rec)
			if err != nil {
				return r.fail(err)
			}
			if on {
				return r.tell(r.next)
			}
		}
	}
	if r.s.Lane != "" && !r.others(ctx) {
		return r.fail(ended(ctx))
	}
	return r.start(ctx)
}

// serves reports that a job which is over answers this asker too: because its
// result is fresh, or because it ended, well or not, while they waited for the
// turn. A result that cannot be read serves nobody.
func (r *run[R]) serves(rec api.JobRecord) bool {
	var result R
	if rec.State == api.JobSucceeded && json.Unmarshal(rec.Result, &result) != nil {
		return false
	}
	return !r.asked.IsZero() && !rec.Changed.Before(r.asked) || rec.State == api.JobSucceeded && r.s.Fresh != nil && r.s.Fresh(rec)
}

// resumable reports that an open job can still be followed to its end.
func (r *run[R]) resumable(rec api.JobRecord) bool {
	now := r.e.now()
	return rec.ID != "" && now.Before(rec.Started.Add(r.s.Deadline)) && (rec.Expires.IsZero() || now.Before(rec.Expires))
}

// stillOn asks the platform whether a job that is under way by its record is.
// What this machine remembers may be over for long, and the verdict of an old
// run must not be given for a new one. A job that is over is kept as that.
func (r *run[R]) stillOn(ctx context.Context, rec api.JobRecord) (bool, error) {
	r.pickUp(rec)
	r.next = 0
	for {
		if err := r.pause(ctx); err != nil {
			return false, err
		}
		what, err := r.poll(ctx)
		switch {
		case err != nil:
			return false, err
		case what != goesOn:
			return false, nil
		case r.step.Trouble == nil:
			return true, nil
		case !r.e.now().Before(r.until):
			return false, r.step.Trouble
		}
	}
}

// abandon closes a record that nobody followed to its end.
func (r *run[R]) abandon(ctx context.Context, rec api.JobRecord) {
	rec.State, rec.Failure = api.JobUnknown, "not followed to its end"
	if now := r.e.now(); !rec.Expires.IsZero() && !now.Before(rec.Expires) {
		rec.State = api.JobExpired
	}
	_ = r.e.save(ctx, rec) // told by save; it only spoils the history
}

// pickUp takes over a job as its record says.
func (r *run[R]) pickUp(rec api.JobRecord) {
	r.e.remember(rec.ID)
	r.step = Step[R]{Record: rec}
	if rec.Result != nil {
		r.step.Has = json.Unmarshal(rec.Result, &r.step.Result) == nil
	}
	r.until = rec.Started.Add(r.s.Deadline)
	r.base = r.firstPoll()
	// Asked a moment ago, by somebody who may still be at it: the usual pause.
	// Otherwise the answer may be waiting.
	if r.e.now().Sub(rec.Changed).Abs() < pollFirst {
		r.next = r.base
	}
}

// reopen takes over a job that may be over by its record, for another deadline.
func (r *run[R]) reopen(rec api.JobRecord) {
	if rec.State.Over() {
		rec.State, rec.Failure = api.JobRunning, ""
	}
	r.pickUp(rec)
	r.until = r.e.now().Add(r.s.Deadline)
}

// others waits while another process follows a job of the same kind, since
// both would be shown the same answer. False when ctx ended.
func (r *run[R]) others(ctx context.Context) bool {
	for patience := politeness; patience > 0 && r.busy(ctx); patience -= lookAgain {
		if r.e.wait(ctx, lookAgain) != nil {
			return false
		}
	}
	return ctx.Err() == nil
}

func (r *run[R]) busy(ctx context.Context) bool {
	open, err := r.e.store.OpenJobs(ctx, r.s.Kind)
	if err != nil {
		r.e.trouble(api.JobRecord{Kind: r.s.Kind, Question: r.s.Question}, err)
		return false
	}
	now := r.e.now()
	for _, o := range open {
		if o.Question != r.s.Question && !r.e.own(o.ID) && now.Sub(o.Changed).Abs() < alive {
			return true
		}
	}
	return false
}

// start sends the start and keeps what came of it. It reports whether there is
// a job to follow.
func (r *run[R]) start(ctx context.Context) bool {
	r.base = r.firstPoll()
	rec, err := r.s.Start(ctx)
	for try := 1; err != nil && !r.s.StartOnce && try < startTries && mayStartAgain(err) && ctx.Err() == nil; try++ {
		r.e.trouble(api.JobRecord{Kind: r.s.Kind, Question: r.s.Question}, err)
		if r.e.wait(ctx, r.grow()) != nil {
			return r.fail(ended(ctx))
		}
		rec, err = r.s.Start(ctx)
	}
	now := r.e.now()
	r.born = rec.Started
	if life := rec.Expires.Sub(rec.Started); !rec.Expires.IsZero() && !rec.Started.IsZero() {
		rec.Expires = now.Add(life)
	}
	rec.Kind, rec.Question, rec.Started, rec.Changed = r.s.Kind, r.s.Question, now, now
	r.step = Step[R]{Record: rec, Again: r.step.Again}
	switch {
	case err == nil:
	case r.s.StartOnce && api.KindOf(err) == api.OutcomeUnknown:
		r.step.Record.State, r.step.Record.Failure = api.JobUnknown, "sent, and the answer never came"
		r.step.Unsaved = r.e.save(ctx, r.step.Record)
		return r.fail(err)
	default:
		r.step.Record.State = api.JobFailed // nothing was started, so nothing is kept
		return r.fail(err)
	}
	if r.step.Record.State != api.JobFailed {
		r.step.Record.State = api.JobRunning // success of a start is no result
	}
	r.until = now.Add(r.s.Deadline)
	r.base = r.firstPoll()
	r.next = r.base
	r.e.remember(rec.ID)
	r.step.Unsaved = r.e.save(ctx, r.step.Record)
	if r.step.Record.State.Over() {
		return r.tell(0) && false
	}
	return r.tell(r.next)
}

// mayStartAgain names the failures after which a start without effect is worth
// another try.
func mayStartAgain(err error) bool {
	switch api.KindOf(err) {
	case api.OutcomeUnknown, api.Unavailable, api.Unreachable:
		return !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, context.Canceled)
	}
	return false
}

// tell hands out where the job stands; false when the asker left.
func (r *run[R]) tell(next time.Duration) bool {
	r.step.Next = next
	return r.yield(r.step, nil)
}

// fail hands out an error and ends the iteration.
func (r *run[R]) fail(err error) bool {
	r.step.Next = 0
	if r.step.Record.Kind == "" {
		r.step.Record.Kind, r.step.Record.Question = r.s.Kind, r.s.Question
	}
	r.yield(r.step, err)
	return false
}

func (r *run[R]) firstPoll() time.Duration {
	return pollFirst + time.Duration(r.e.rand()*float64(pollFirst))
}

// grow gives the next pause: half as long again, at most ten seconds, and a
// fifth shorter or longer so that askers do not march in step.
func (r *run[R]) grow() time.Duration {
	r.base = min(pollMost, time.Duration(float64(r.base)*pollGrowth))
	return min(pollMost, time.Duration(float64(r.base)*(0.8+0.4*r.e.rand())))
}
