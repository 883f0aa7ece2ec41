package jobs

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"korescope/api"
)

// shared is a platform whose status names no job: it shows whichever was
// started last.
type shared struct {
	platform
	other func(poll int) (api.JobRecord, bool) // the answer about another job
}

func newShared(polls int) *shared {
	s := &shared{}
	s.say = func(job, poll int) (api.JobRecord, string, bool, error) {
		if s.other != nil {
			if rec, ok := s.other(s.total); ok {
				return rec, "somebody else's", true, nil
			}
		}
		said, result, has, err := doneAfter(polls)(job, poll)
		said.ID = api.JobID(fmt.Sprintf("ds-%d", job))
		return said, result, has, err
	}
	return s
}

func TestAnotherCallersJobIsNoticed(t *testing.T) {
	foreign := api.JobRecord{ID: "ds-foreign", State: api.JobSucceeded, Word: "success"}
	for name, c := range map[string]struct {
		polls  map[int]bool // of all, those that show the other job
		starts int
		kind   api.Kind
		state  api.JobState
	}{
		"never":          {nil, 1, 0, api.JobSucceeded},
		"once":           {map[int]bool{1: true}, 2, 0, api.JobSucceeded},
		"late":           {map[int]bool{3: true}, 2, 0, api.JobSucceeded},
		"twice":          {map[int]bool{1: true, 2: true}, 2, api.Unavailable, api.JobRunning},
		"once and later": {map[int]bool{1: true, 4: true}, 2, api.Unavailable, api.JobRunning},
	} {
		r, p := newRig(), newShared(4)
		p.other = func(poll int) (api.JobRecord, bool) { return foreign, c.polls[poll] }
		o := ask(t.Context(), r.Engine, p.spec("q", alone))
		if api.KindOf(o.err) != c.kind || p.starts != c.starts || o.last().Record.State != c.state {
			t.Errorf("%s: %d starts, %s, %v", name, p.starts, o.last().Record.State, o.err)
		}
		if again := o.last().Again; errors.Is(again, api.ErrReplaced) != (c.starts == 2) {
			t.Errorf("%s: started again because of %v", name, again)
		}
		if c.kind != 0 && !errors.Is(o.err, api.ErrReplaced) {
			t.Errorf("%s: %v", name, o.err)
		}
		for _, s := range o.steps {
			if s.Result == "somebody else's" {
				t.Errorf("%s: another caller's result is told", name)
			}
		}
		if c.starts == 2 {
			if first, _, _ := r.store.JobByID(t.Context(), api.BillingJob, "ds-1"); first.State != api.JobUnknown || first.Failure == "" {
				t.Errorf("%s: the first is kept as %+v", name, first)
			}
		}
	}
}

// The platform may show the job before ours for a while.
func TestAnOlderJobIsWaitedOver(t *testing.T) {
	born := time.Date(2001, 1, 1, 0, 0, 0, 500e6, time.UTC) // the platform's clock is another one
	r, p := newRig(), newShared(1)
	p.begin = func(int) (api.JobRecord, error) { return api.JobRecord{ID: "ds-1", Started: born}, nil }
	p.other = func(poll int) (api.JobRecord, bool) {
		return api.JobRecord{ID: "ds-before", State: api.JobSucceeded, Changed: born.Add(-time.Minute)}, poll <= 3
	}
	o := ask(t.Context(), r.Engine, p.spec("q", alone))
	mustEnd(t, o, api.JobSucceeded)
	if p.starts != 1 || p.total != 4 || o.last().Result != "result of job 1" {
		t.Errorf("%d starts, %d polls, %+v", p.starts, p.total, o.last())
	}
	// Of the same second it is another's: whole seconds are all that is told.
	r, p = newRig(), newShared(1)
	p.begin = func(job int) (api.JobRecord, error) {
		return api.JobRecord{ID: api.JobID(fmt.Sprintf("ds-%d", job)), Started: born}, nil
	}
	p.other = func(poll int) (api.JobRecord, bool) {
		return api.JobRecord{ID: "ds-x", State: api.JobSucceeded, Changed: born.Truncate(time.Second)}, poll == 1
	}
	mustEnd(t, ask(t.Context(), r.Engine, p.spec("q", alone)), api.JobSucceeded)
	if p.starts != 2 {
		t.Errorf("%d starts", p.starts)
	}
}

// Different questions of one lane run one after the other, each to its own
// result.
func TestALaneIsUsedByOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, p := newRig(), newShared(3)
		gate := make(chan struct{}, 1)
		gate <- struct{}{}
		got := make(chan string, 5)
		for i := range 5 {
			go func() {
				for range gate { // all ask at once, as far as that can be
					gate <- struct{}{}
					break
				}
				o := ask(t.Context(), r.Engine, p.spec(fmt.Sprintf("q%d", i), alone))
				got <- fmt.Sprint(o.last().Record.Question, " ", o.last().Record.State, " ", o.err)
			}()
		}
		synctest.Wait()
		close(got)
		ends := map[string]bool{}
		for g := range got {
			ends[g] = true
		}
		if p.starts != 5 || len(ends) != 5 || !ends["q3 succeeded <nil>"] {
			t.Errorf("%d starts, %v", p.starts, ends)
		}
	})
}

// Another program at work on the same store is let finish; one that has left
// its record open is not waited for.
func TestOtherProgramsAreWaitedForWhileTheyMove(t *testing.T) {
	for name, c := range map[string]struct {
		changed time.Duration // ago
		ends    int           // after so many looks; 0 for never
		waits   time.Duration
	}{
		"gone":           {time.Minute, 0, 0},
		"at work":        {time.Second, 3, 6 * time.Second},
		"left meanwhile": {time.Second, 0, 30 * time.Second},
	} {
		r, p := newRig(), newShared(1)
		theirs := api.JobRecord{Kind: api.BillingJob, ID: "ds-theirs", Question: "other", State: api.JobRunning, Changed: r.clock.Now().Add(-c.changed)}
		theirs.Started = theirs.Changed
		_ = r.store.SaveJob(t.Context(), theirs)
		looks := 0
		r.clock.hook = func() {
			if looks++; looks == c.ends {
				theirs.State = api.JobSucceeded
				_ = r.store.SaveJob(context.Background(), theirs)
			}
		}
		mustEnd(t, ask(t.Context(), r.Engine, p.spec("q", alone)), api.JobSucceeded)
		waited := time.Duration(0)
		for _, d := range r.clock.slept {
			if d == lookAgain {
				waited += d
			}
		}
		if waited != c.waits {
			t.Errorf("%s: waited %v, want %v", name, waited, c.waits)
		}
	}
	// What this very program left behind holds up nobody.
	r, p := newRig(), newShared(9)
	for _, err := range Run(t.Context(), r.Engine, p.spec("left", alone)) {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
	mustEnd(t, ask(t.Context(), r.Engine, p.spec("q", alone)), api.JobSucceeded)
	for _, d := range r.clock.slept {
		if d == lookAgain {
			t.Error("waited for itself")
		}
	}
}

func TestWaitingForATurnCanBeLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, p := newRig(), newShared(1)
		gate := make(chan struct{})
		p.begin = func(int) (api.JobRecord, error) { <-gate; return api.JobRecord{ID: "ds-1"}, nil }
		go ask(t.Context(), r.Engine, p.spec("q", alone))
		synctest.Wait()
		ctx, cancel := context.WithCancel(t.Context())
		left := make(chan error, 1)
		go func() { left <- ask(ctx, r.Engine, p.spec("other", alone)).err }()
		synctest.Wait()
		cancel()
		if err := <-left; api.KindOf(err) != api.Cancelled {
			t.Error(err)
		}
		close(gate)
		synctest.Wait()
		if len(r.turns.of) != 0 {
			t.Errorf("%d turns are remembered", len(r.turns.of))
		}
	})
}
