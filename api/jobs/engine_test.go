package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"korescope/api"
)

func TestAJobFromStartToResult(t *testing.T) {
	r, p := newRig(), &platform{say: doneAfter(4)}
	o := ask(t.Context(), r.Engine, p.spec("q"))
	mustEnd(t, o, api.JobSucceeded)
	last := o.last()
	if !last.Has || last.Result != "result of job 1" || string(last.Record.Result) != `"result of job 1"` || p.starts != 1 || p.polls != 4 || len(o.steps) != 5 {
		t.Errorf("%+v after %d starts and %d polls", last, p.starts, p.polls)
	}
	if last.Record.Kind != api.ContainmentJob || last.Record.Question != "q" || last.Record.ID != "ds-1" || last.Record.Word != "SUCCESS" {
		t.Errorf("%+v", last.Record)
	}
}

// What is told has been kept before.
func TestEveryChangeIsKeptBeforeItIsTold(t *testing.T) {
	r, p := newRig(), &platform{say: doneAfter(6)}
	n := 0
	for step, err := range Run(t.Context(), r.Engine, p.spec("q")) {
		if err != nil || step.Unsaved != nil {
			t.Fatal(err, step.Unsaved)
		}
		if !reflect.DeepEqual(r.store.last(), step.Record) {
			t.Errorf("told %+v, kept %+v", step.Record, r.store.last())
		}
		n++
	}
	if n != len(r.store.saved) {
		t.Errorf("%d told, %d kept", n, len(r.store.saved))
	}
}

func TestPaceOfPolls(t *testing.T) {
	for _, c := range []struct {
		rand        float64
		first, most time.Duration
	}{{0, time.Second, 8 * time.Second}, {0.5, 1500 * time.Millisecond, 10 * time.Second}, {math.Nextafter(1, 0), 2*time.Second - 1, 10 * time.Second}} {
		clock := newClock()
		e := New(nil, clock.Now, clock.Wait, func() float64 { return c.rand })
		p := &platform{say: func(int, int) (api.JobRecord, string, bool, error) { return running(40) }}
		o := ask(t.Context(), e, p.spec("q"))
		mustEnd(t, o, api.JobUnknown)
		total := time.Duration(0)
		for i, d := range clock.slept {
			total += d
			if i == 0 && d != c.first || d > c.most || i > 0 && i < len(clock.slept)-1 && d < clock.slept[i-1] && c.rand == 0.5 {
				t.Errorf("pause %d is %v", i, d)
			}
		}
		if total != ReportDeadline {
			t.Errorf("followed for %v", total)
		}
		t.Logf("rand %.1f: %d polls of a stuck report, pauses %v", c.rand, p.polls, clock.slept[:6])
		if p.polls > 85 {
			t.Errorf("%d polls of a stuck report", p.polls)
		}
	}
}

// A failure that will not mend is told at once; the job may still be running.
func TestAFailureThatWillNotMendLeavesTheRecordOpen(t *testing.T) {
	for _, kind := range []api.Kind{api.Credentials, api.ScopeMissing, api.TLSProblem, api.Misuse} {
		r, p := newRig(), &platform{say: func(int, int) (api.JobRecord, string, bool, error) {
			return api.JobRecord{}, "", false, &api.Error{Kind: kind}
		}}
		o := ask(t.Context(), r.Engine, p.spec("q", once))
		if api.KindOf(o.err) != kind || p.total != 1 || r.store.last().State != api.JobRunning {
			t.Errorf("%v: %v after %d polls, kept as %s", kind, o.err, p.total, r.store.last().State)
		}
	}
}

func TestARefusalForTheRateIsWaitedFor(t *testing.T) {
	r := newRig()
	p := &platform{say: func(job, poll int) (api.JobRecord, string, bool, error) {
		if poll == 1 {
			return api.JobRecord{}, "", false, &api.Error{Kind: api.Limited, Until: r.clock.Now().Add(90 * time.Second)}
		}
		return doneAfter(0)(job, poll)
	}}
	o := ask(t.Context(), r.Engine, p.spec("q"))
	mustEnd(t, o, api.JobSucceeded)
	if r.clock.slept[1] != 90*time.Second || api.KindOf(o.steps[1].Trouble) != api.Limited || o.steps[1].Next != 90*time.Second {
		t.Errorf("slept %v, told %+v", r.clock.slept, o.steps[1])
	}
}

func TestTheFirstStart(t *testing.T) {
	for name, c := range map[string]struct {
		kind   api.Kind
		fails  int // starts that fail
		once   bool
		starts int
		ok     bool
	}{
		"lost, a report":          {api.OutcomeUnknown, 1, false, 2, true},
		"down, a report":          {api.Unavailable, 2, false, 3, true},
		"down for good, a report": {api.Unreachable, 9, false, 3, false},
		"refused, a report":       {api.Refused, 9, false, 1, false},
		"limited, a report":       {api.Limited, 9, false, 1, false},
		"lost, a test":            {api.OutcomeUnknown, 1, true, 1, false},
		"down, a test":            {api.Unavailable, 1, true, 1, false},
		"not reached, a test":     {api.Unreachable, 1, true, 1, false},
		"not allowed, a test":     {api.NotAllowed, 1, true, 1, false},
		"credentials, a report":   {api.Credentials, 1, false, 1, false},
	} {
		r, p := newRig(), &platform{say: doneAfter(1)}
		p.begin = func(job int) (api.JobRecord, error) {
			if job <= c.fails {
				return api.JobRecord{}, &api.Error{Kind: c.kind}
			}
			return api.JobRecord{ID: "ds-1"}, nil
		}
		s := p.spec("q")
		if c.once {
			once(&s)
		}
		o := ask(t.Context(), r.Engine, s)
		if p.starts != c.starts || (o.err == nil) != c.ok || o.err != nil && api.KindOf(o.err) != c.kind {
			t.Errorf("%s: %d starts, %v", name, p.starts, o.err)
		}
		all, _ := r.store.ListJobs(t.Context(), s.Kind, 0)
		switch {
		case c.once && c.kind == api.OutcomeUnknown:
			if len(all) != 1 || all[0].State != api.JobUnknown || all[0].ID != "" || !reflect.DeepEqual(o.last().Record, all[0]) {
				t.Errorf("%s: kept %+v", name, all)
			}
		case !c.ok && len(all) > 0:
			t.Errorf("%s: kept %+v of what was not started", name, all)
		}
	}
}

// A start that is answered with a failure is a failed job; success is no
// result yet.
func TestTheWordOfTheStart(t *testing.T) {
	r, p := newRig(), &platform{say: doneAfter(1)}
	p.begin = func(int) (api.JobRecord, error) {
		return api.JobRecord{ID: "ds-1", State: api.JobFailed, Failure: "no"}, nil
	}
	mustEnd(t, ask(t.Context(), r.Engine, p.spec("a")), api.JobFailed)
	if p.total != 0 {
		t.Errorf("%d polls", p.total)
	}
	p.begin = func(int) (api.JobRecord, error) { return api.JobRecord{ID: "ds-2", State: api.JobSucceeded}, nil }
	o := ask(t.Context(), r.Engine, p.spec("b"))
	mustEnd(t, o, api.JobSucceeded)
	if p.total != 1 || o.steps[0].Record.State != api.JobRunning {
		t.Errorf("%d polls, begun as %s", p.total, o.steps[0].Record.State)
	}
}

func TestLeavingAndComingBack(t *testing.T) {
	for _, way := range []string{"cancelled", "left the loop", "process ended"} {
		r, p := newRig(), &platform{say: doneAfter(6)}
		ctx, cancel := context.WithCancel(t.Context())
		var last error
		for step, err := range Run(ctx, r.Engine, p.spec("q", once)) {
			last = err
			if step.Record.Percent.Value == 3 && err == nil {
				if way == "cancelled" {
					cancel()
					continue
				}
				break
			}
		}
		cancel()
		if way == "cancelled" && api.KindOf(last) != api.Cancelled {
			t.Errorf("%s: %v", way, last)
		}
		if kept := r.store.last(); kept.State != api.JobRunning || kept.Percent != api.Known(3) {
			t.Errorf("%s: kept as %+v", way, kept)
		}
		after := r
		if way == "process ended" {
			after = r.again()
		}
		_ = r.clock.Wait(t.Context(), time.Minute)
		slept := len(r.clock.slept)
		o := ask(t.Context(), after.Engine, p.spec("q", once))
		mustEnd(t, o, api.JobSucceeded)
		if p.starts != 1 || o.last().Record.ID != "ds-1" || o.steps[0].Record.Percent != api.Known(4) {
			t.Errorf("%s: %d starts, %+v", way, p.starts, o.steps[0])
		}
		if r.clock.slept[slept] > 3*time.Second || p.total != 6 {
			t.Errorf("%s: the look after the first one is put off", way)
		}
	}
}

// The record of a start whose asker left meanwhile is kept.
func TestLeavingWhileTheStartIsAnswered(t *testing.T) {
	r, p := newRig(), &platform{say: doneAfter(2)}
	ctx, cancel := context.WithCancel(t.Context())
	p.begin = func(int) (api.JobRecord, error) { cancel(); return api.JobRecord{ID: "ctr-1"}, nil }
	o := ask(ctx, r.Engine, p.spec("q", once))
	if api.KindOf(o.err) != api.Cancelled || r.store.last().ID != "ctr-1" || r.store.last().State != api.JobRunning {
		t.Errorf("%v, kept %+v", o.err, r.store.last())
	}
	mustEnd(t, ask(t.Context(), r.Engine, p.spec("q", once)), api.JobSucceeded)
	if p.starts != 1 {
		t.Errorf("%d starts", p.starts)
	}
}

// The platform's clock may be years away; how long a result lives is what counts.
func TestExpiryIsByOurClock(t *testing.T) {
	born := time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)
	r, p := newRig(), &platform{say: doneAfter(2)}
	p.begin = func(int) (api.JobRecord, error) {
		return api.JobRecord{ID: "ds-1", Started: born, Expires: born.Add(15 * time.Minute)}, nil
	}
	now := r.clock.Now()
	o := ask(t.Context(), r.Engine, p.spec("q"))
	mustEnd(t, o, api.JobSucceeded)
	if rec := o.last().Record; !rec.Started.Equal(now) || !rec.Expires.Equal(now.Add(15*time.Minute)) {
		t.Errorf("started %v, expires %v", rec.Started, rec.Expires)
	}
}

// A job that nobody has followed for too long is closed; it is not taken for
// the answer of today's question.
func TestAnOldOpenRecordIsClosed(t *testing.T) {
	for name, c := range map[string]struct {
		old  func(now time.Time) api.JobRecord
		want api.JobState
	}{
		"past its deadline": {func(now time.Time) api.JobRecord { return api.JobRecord{ID: "old", Started: now.Add(-TestDeadline)} }, api.JobUnknown},
		"forgotten": {func(now time.Time) api.JobRecord {
			return api.JobRecord{ID: "old", Started: now.Add(-time.Minute), Expires: now}
		}, api.JobExpired},
		"without an id": {func(now time.Time) api.JobRecord { return api.JobRecord{Started: now.Add(-time.Minute)} }, api.JobUnknown},
	} {
		r, p := newRig(), &platform{say: doneAfter(1)}
		old := c.old(r.clock.Now())
		old.Kind, old.Question, old.State = api.TestJob, "q", api.JobRunning
		_ = r.store.SaveJob(t.Context(), old)
		o := ask(t.Context(), r.Engine, p.spec("q", once))
		mustEnd(t, o, api.JobSucceeded)
		kept, _, _ := r.store.JobByID(t.Context(), api.TestJob, old.ID)
		if p.starts != 1 || o.last().Record.ID != "ds-1" || kept.State != c.want || kept.Failure == "" {
			t.Errorf("%s: %d starts, the old one is %+v", name, p.starts, kept)
		}
	}
}

func TestFinishedResultsAreUsedAgainWhenFresh(t *testing.T) {
	r, p := newRig(), &platform{say: doneAfter(1)}
	fresh := func(s *Spec[string]) {
		s.Fresh = func(rec api.JobRecord) bool { return r.clock.Now().Sub(rec.Changed) < time.Minute }
	}
	mustEnd(t, ask(t.Context(), r.Engine, p.spec("q", fresh)), api.JobSucceeded)
	o := ask(t.Context(), r.again().Engine, p.spec("q", fresh))
	mustEnd(t, o, api.JobSucceeded)
	if p.starts != 1 || !o.last().Has || o.last().Result != "result of job 1" || len(o.steps) != 1 {
		t.Errorf("%d starts, %+v", p.starts, o.last())
	}
	mustEnd(t, ask(t.Context(), r.Engine, p.spec("another", fresh)), api.JobSucceeded)
	mustEnd(t, ask(t.Context(), r.Engine, p.spec("q")), api.JobSucceeded) // none is fresh
	_ = r.clock.Wait(t.Context(), time.Minute)
	mustEnd(t, ask(t.Context(), r.Engine, p.spec("q", fresh)), api.JobSucceeded)
	if p.starts != 4 {
		t.Errorf("%d starts", p.starts)
	}
	// A result that cannot be read is made again.
	rec := r.store.last()
	rec.Result = []byte(`{"not":"a string"}`)
	_ = r.store.SaveJob(t.Context(), rec)
	mustEnd(t, ask(t.Context(), r.Engine, p.spec("q", fresh)), api.JobSucceeded)
	if p.starts != 5 {
		t.Errorf("%d starts", p.starts)
	}
}

func TestAStoreThatFailsKeepsNobodyFromTheJob(t *testing.T) {
	r, p := newRig(), &platform{say: doneAfter(2)}
	r.store.fail = errDisk
	var heard []error
	r.Trouble = func(_ api.JobRecord, err error) { heard = append(heard, err) }
	o := ask(t.Context(), r.Engine, p.spec("q", once))
	mustEnd(t, o, api.JobSucceeded)
	for _, s := range o.steps {
		if !errors.Is(s.Unsaved, errDisk) {
			t.Errorf("unsaved: %v", s.Unsaved)
		}
	}
	if len(heard) < 3 || p.starts != 1 {
		t.Errorf("heard of %d, %d starts", len(heard), p.starts)
	}
}

// Many askers of one question at the same time: one job, whether it ends well
// or not, and also when the answer of its start is lost.
func TestManyAskersShareOneJob(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Spec[string])
		say    func(int, int) (api.JobRecord, string, bool, error)
		lost   bool
		want   api.JobState
	}{
		"test":       {once, doneAfter(5), false, api.JobSucceeded},
		"short test": {once, doneAfter(1), false, api.JobSucceeded},
		"failing test": {once, func(int, int) (api.JobRecord, string, bool, error) {
			return api.JobRecord{State: api.JobFailed}, "", false, nil
		}, false, api.JobFailed},
		"lost test": {once, doneAfter(1), true, api.JobUnknown},
		"report":    {func(*Spec[string]) {}, doneAfter(5), false, api.JobSucceeded},
		"billing":   {alone, doneAfter(5), false, api.JobSucceeded},
	} {
		synctest.Test(t, func(t *testing.T) {
			r, p := newRig(), &platform{say: c.say}
			gate := make(chan struct{})
			p.begin = func(int) (api.JobRecord, error) {
				<-gate
				if c.lost {
					return api.JobRecord{}, &api.Error{Kind: api.OutcomeUnknown}
				}
				return api.JobRecord{ID: "ds-1"}, nil
			}
			var mu sync.Mutex
			ends := map[api.JobState]int{}
			for range 8 {
				go func() {
					o := ask(t.Context(), r.Engine, p.spec("q", c.change))
					mu.Lock()
					defer mu.Unlock()
					ends[o.last().Record.State]++
				}()
			}
			synctest.Wait() // one is starting, the others wait
			close(gate)
			synctest.Wait()
			if p.starts != 1 || ends[c.want] != 8 {
				t.Errorf("%s: %d starts, %v", name, p.starts, ends)
			}
		})
	}
}

func TestRecordsSurviveAsJSON(t *testing.T) {
	r, p := newRig(), &platform{say: doneAfter(1)}
	mustEnd(t, ask(t.Context(), r.Engine, p.spec("q")), api.JobSucceeded)
	b, err := json.Marshal(r.store.last())
	var back api.JobRecord
	if err != nil || json.Unmarshal(b, &back) != nil || !reflect.DeepEqual(back, r.store.last()) {
		t.Errorf("%s", b)
	}
}
