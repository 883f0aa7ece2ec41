package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"korescope/api"
)

// outcome is what a poll means for the job.
type outcome uint8

const (
	goesOn  outcome = iota
	over            // the record says how
	expired         // the platform does not know the job any more
	foreign         // the answer is about another caller's job
)

// follow polls until the job is over, given up or started again.
func (r *run[R]) follow(ctx context.Context) {
	for {
		if err := r.pause(ctx); err != nil {
			r.fail(err)
			return
		}
		what, err := r.poll(ctx)
		if err != nil {
			r.fail(err)
			return
		}
		switch {
		case what == over:
			r.tell(0)
			return
		case what == expired && !r.s.StartOnce && !r.again.expired:
			r.again.expired = true
			if !r.start(ctx) {
				return
			}
		case what == expired:
			r.tell(0)
			return
		case what == foreign && !r.again.foreign:
			r.again.foreign = true
			r.step.Again = api.ErrReplaced
			if !r.start(ctx) {
				return
			}
		case what == foreign:
			r.fail(&api.Error{
				Kind: api.Unavailable, Err: fmt.Errorf("twice: %w", api.ErrReplaced),
			})
			return
		case !r.e.now().Before(r.until):
			r.giveUp(ctx)
			return
		case !r.tell(r.next):
			return
		}
	}
}

// pause waits for the next poll, the last of which is at the deadline.
func (r *run[R]) pause(ctx context.Context) error {
	d := min(r.next, r.until.Sub(r.e.now()))
	if d > 0 && r.e.wait(ctx, d) != nil || ctx.Err() != nil {
		return ended(ctx)
	}
	return nil
}

// poll looks at the job once and keeps what came. An error ends the following
// and leaves the record open.
func (r *run[R]) poll(ctx context.Context) (outcome, error) {
	said, result, has, err := r.s.Poll(ctx, r.step.Record)
	now := r.e.now()
	r.next = r.grow()
	r.step.Trouble, r.step.Unsaved = nil, nil
	rec := &r.step.Record
	switch {
	case ctx.Err() != nil:
		return goesOn, ended(ctx)
	case err == nil && r.s.Lane != "" && said.ID != "" && said.ID != rec.ID:
		return r.other(ctx, said), nil
	case err == nil:
		r.note(said, result, has, now)
	case Forgotten(err) && now.Sub(rec.Started) >= grace:
		rec.State, rec.Changed, rec.Failure = api.JobExpired, now, words(err)
	case Forgotten(err), passes(err):
		r.step.Trouble = err
		r.next = max(r.next, restOf(err, now))
		r.e.trouble(*rec, err)
		return goesOn, nil
	case api.KindOf(err) == api.Refused:
		rec.State, rec.Changed, rec.Failure = api.JobFailed, now, words(err)
	default:
		return goesOn, err
	}
	if !rec.State.Over() && !rec.Expires.IsZero() && !now.Before(rec.Expires) {
		rec.State, rec.Failure = api.JobExpired, "not finished before the platform forgets it"
	}
	r.step.Unsaved = r.e.save(ctx, *rec)
	switch {
	case rec.State == api.JobExpired:
		return expired, nil
	case rec.State.Over():
		return over, nil
	}
	return goesOn, nil
}

// note writes what the platform said into the record. A final word without a
// result is a failure, a result without a word a success.
func (r *run[R]) note(said api.JobRecord, result R, has bool, now time.Time) {
	rec := &r.step.Record
	rec.Word, rec.State, rec.Failure, rec.Changed = said.Word, said.State, said.Failure, now
	if said.Percent.Known {
		rec.Percent = said.Percent
	}
	if life := said.Expires.Sub(said.Started); rec.Expires.IsZero() && !said.Expires.IsZero() && !said.Started.IsZero() {
		rec.Expires = rec.Started.Add(life)
	}
	switch {
	case rec.State == "" && has && said.Word == "":
		rec.State = api.JobSucceeded
	case rec.State == "":
		rec.State = api.JobRunning
	case rec.State == api.JobSucceeded && !has:
		rec.State, rec.Failure = api.JobFailed, "finished without a result"
	}
	if !has {
		return
	}
	r.step.Result, r.step.Has = result, true
	kept, err := json.Marshal(result)
	if err != nil {
		r.e.trouble(*rec, fmt.Errorf("keep the result of a job: %w", err))
		return
	}
	rec.Result = kept
}

// other decides about an answer that names another job: an older one that the
// platform still shows, or one that has taken our place.
func (r *run[R]) other(ctx context.Context, said api.JobRecord) outcome {
	at := said.Changed
	if at.IsZero() {
		at = said.Started
	}
	if !r.born.IsZero() && !at.IsZero() && at.Before(r.born.Truncate(time.Second)) {
		r.step.Trouble = errors.New("the platform still shows an older report")
		return goesOn
	}
	rec := r.step.Record
	rec.State, rec.Failure = api.JobUnknown, "another caller's report took its place"
	_ = r.e.save(ctx, rec) // told by save; it only spoils the history
	return foreign
}

// giveUp ends a job whose end nobody told in time.
func (r *run[R]) giveUp(ctx context.Context) {
	rec := &r.step.Record
	rec.State = api.JobUnknown
	rec.Failure = fmt.Sprintf("no final status after %s", r.s.Deadline)
	if rec.Word != "" {
		rec.Failure += fmt.Sprintf("; the last word was %q", rec.Word)
	}
	r.step.Unsaved = r.e.save(ctx, *rec)
	r.tell(0)
}

// Forgotten reports that the platform does not know the job: it never did, or no
// longer does.
func Forgotten(err error) bool {
	var e *api.Error
	if !errors.As(err, &e) {
		return false
	}
	text := strings.ToLower(e.Said)
	return e.Kind == api.NotFound || e.Kind == api.Refused &&
		(strings.Contains(text, "invalid request id") || strings.Contains(text, "expired"))
}

// passes names the failures of a poll that do not end a job.
func passes(err error) bool {
	switch api.KindOf(err) {
	case api.Unavailable, api.Unreachable, api.Limited, api.NotPlatform:
		return true
	}
	return false
}

// restOf is how long the platform wants to be left alone.
func restOf(err error, now time.Time) time.Duration {
	var e *api.Error
	if errors.As(err, &e) && e.Kind == api.Limited {
		return e.Until.Sub(now)
	}
	return 0
}

func words(err error) string {
	var e *api.Error
	if errors.As(err, &e) && e.Said != "" {
		return e.Said
	}
	return api.KindOf(err).String()
}
