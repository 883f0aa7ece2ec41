package kore

import (
	"context"
	"errors"
	"time"

	"korescope/api"
)

const (
	maxRepeats  = 3 // after the first attempt
	maxRefusals = 5 // refusals by the platform that one call waits for
)

// run carries a question through budget, signature and network until there is
// an answer or no reason left to try again.
func (c *Client) run(ctx context.Context, a *ask) (*answer, error) {
	if a.endpoint.Effect != api.Read && c.o.ClockFirst && !c.signer.sure() {
		c.proveClock(ctx)
	}
	t := &trial{c: c, a: a}
	for {
		ans, f := t.attempt(ctx)
		if f == nil {
			return ans, nil
		}
		if again := t.decide(ctx, f); !again {
			f.err.Endpoint = a.endpoint.Name
			return nil, f.err
		}
	}
}

// proveClock asks for as little as there is, so that the time of the tokens that
// follow is right. That it is refused is no matter: a refusal tells the time too.
func (c *Client) proveClock(ctx context.Context) {
	w := api.Last(time.Minute, c.o.Now())
	body := sessionAsk{DateFrom: stamp(w.From), DateTo: stamp(w.To), Limit: 1}
	_, _ = c.sessionPage(ctx, nil, body, api.Person)
}

// repeatsFor is how often a failure is tried again. A host that cannot be
// reached at all is tried once more only: somebody is waiting, and the last
// answer on disk is shown with its age meanwhile.
func (a *ask) repeatsFor(f *failure) int {
	switch {
	case f.unreached:
		return 1
	case a.repeats > 0:
		return a.repeats
	}
	return maxRepeats
}

// trial is the memory of one call across its attempts.
type trial struct {
	c        *Client
	a        *ask
	repeats  int
	refusals int
	resigned bool // with the platform's clock
	renewed  bool // with the secret asked for again
	used     signed
	last     *api.Error
}

func (t *trial) attempt(ctx context.Context) (*answer, *failure) {
	place, err := t.a.budget.take(ctx, t.a)
	if err != nil {
		return nil, final(err)
	}
	t.used, err = t.c.signer.sign(ctx)
	if err != nil {
		t.a.budget.settle(ctx, place, 0)
		return nil, final(err)
	}
	if until, ok := t.c.breaker.allow(t.c.o.Now()); !ok {
		t.a.budget.settle(ctx, place, 0)
		return nil, final(t.open(until))
	}
	ans, f := t.c.send(ctx, t.a, t.used.token, place)
	switch {
	case f == nil || f.err.Status != 0:
		t.c.breaker.reached()
	case f.unreached:
		t.c.breaker.missed(t.c.o.Now())
	default:
		t.c.breaker.undecided()
	}
	if f != nil {
		t.last = f.err
	}
	return ans, f
}

// open is the error of a call that the breaker held back.
func (t *trial) open(until time.Time) error {
	if t.last != nil {
		return t.last
	}
	return &api.Error{Kind: api.Unreachable, Until: until, Err: errors.New("not reached several times in a row; trying again later")}
}

// decide reports whether to try once more, after whatever wait that needs.
func (t *trial) decide(ctx context.Context, f *failure) bool {
	read := t.a.endpoint.Effect == api.Read
	switch {
	case f.maybe:
		return false // whoever asks again would do it twice
	case ctx.Err() != nil:
		f.err = asError(ended(ctx.Err()))
		return false
	case f.refused:
		return t.refusal(ctx, f) && read
	case f.signIn:
		return t.cure(ctx, f) && read
	case f.repeat && read && t.repeats < t.a.repeatsFor(f) && !t.tooSlow(f):
		t.repeats++
		d := t.c.backoff(t.repeats, f.after)
		if err := t.c.o.Wait(ctx, d); err != nil {
			f.err = asError(ended(err))
			return false
		}
		return true
	}
	return false
}

// tooSlow reports a failure by slowness that was tried again already: whoever
// lets a body drip would else hold one question for minutes.
func (t *trial) tooSlow(f *failure) bool {
	slow := errors.Is(f.err, errLate) || errors.Is(f.err, errStalled)
	return slow && t.repeats > 0
}

// backoff is a full jitter between half a second and 2, 4, then 8 seconds, or
// what the platform asked for where that is longer.
func (c *Client) backoff(n int, asked time.Duration) time.Duration {
	const least, most = 500 * time.Millisecond, 8 * time.Second
	upper := min(most, time.Second<<n)
	d := least + time.Duration(c.o.Rand()*float64(upper-least))
	return max(d, min(asked, time.Minute))
}

// refusal shuts the gate for everybody and tells whether this call may wait.
func (t *trial) refusal(ctx context.Context, f *failure) bool {
	t.refusals++
	now := t.c.o.Now()
	d := t.c.refusedFor(ctx, t.a.budget, f, t.refusals, now)
	f.err.Until = now.Add(d)
	t.a.budget.shut(ctx, f.err.Until, f.err.Said)
	if t.refusals >= maxRefusals {
		return false
	}
	return t.c.o.Patience == 0 || d <= t.c.o.Patience
}

// cure looks for a reason for a refused sign-in that one more token can mend:
// clocks that differ, or a secret that was changed.
func (t *trial) cure(ctx context.Context, f *failure) bool {
	s := t.c.signer
	if !f.server.IsZero() {
		if d := f.server.Sub(t.c.o.Now()); d.Abs() > skewMatters {
			f.err.Skew = d
		}
		if !t.resigned && f.server.Sub(t.used.at).Abs() > skewMatters {
			t.resigned = true
			s.learn(f.server)
			return true
		}
	}
	if t.renewed || f.err.Kind == api.ScopeMissing {
		return false
	}
	t.renewed = true
	newer, err := s.keeper.renew(ctx, t.used.secret)
	// The refusal tells more than why the secret could not be read again.
	return err == nil && newer
}
