package cache

import (
	"context"
	"iter"
	"reflect"
	"testing"
	"time"

	"korescope/api"
)

// press makes reports, in steps.
type press struct {
	steps   []api.BillingReport
	failure error // after the steps
	asked   []api.BillingQuery
}

func (p *press) run(_ context.Context, q api.BillingQuery) iter.Seq2[api.BillingReport, error] {
	p.asked = append(p.asked, q)
	steps, failure := p.steps, p.failure
	return func(yield func(api.BillingReport, error) bool) {
		for _, s := range steps {
			if !yield(s, nil) {
				return
			}
		}
		if failure != nil {
			var v api.BillingReport
			if len(steps) > 0 {
				v = steps[len(steps)-1]
				v.Job.State = api.JobFailed
			}
			yield(v, failure)
		}
	}
}

func billingStep(state api.JobState, percent int, requests ...int64) api.BillingReport {
	r := api.BillingReport{Job: api.JobRecord{
		Kind: api.BillingJob, ID: "ds-1", State: state, Percent: api.Known(percent), Started: at(-1), Changed: at(0),
	}}
	for i, n := range requests {
		r.Rows = append(r.Rows, api.BillingRow{Period: at(24 * 60 * (i - 9)), Bot: "ALL", Requests: api.Known(n)})
	}
	return r
}

func TestReportOfAPastPeriodIsMadeOnce(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	p := &press{steps: []api.BillingReport{
		billingStep(api.JobRunning, 0), billingStep(api.JobRunning, 40), billingStep(api.JobSucceeded, 100, 40, 31),
	}}
	r := Billing(s, p.run, Normal)
	day := 24 * 60
	q := api.BillingQuery{Window: api.Between(at(-9*day), at(-2*day)), By: api.ByDay}
	if _, err := r.Cached(t.Context(), q); api.KindOf(err) != api.NotCached {
		t.Fatalf("empty: %v", err)
	}
	out := all(t, r.Refresh(t.Context(), q, api.Person))
	if len(out) != 4 {
		t.Fatalf("%d answers", len(out))
	}
	for i, want := range []int{0, 40, 100, 100} {
		a := out[i].answer
		if got := a.Value.Job.Percent; !got.Known || got.Value != want || a.Done != (i == 3) || a.Partial != (i < 3) || a.Fresh != (i == 3) {
			t.Errorf("answer %d: %+v", i, a)
		}
	}
	end := out[3].answer
	if !reflect.DeepEqual(end.Value, p.steps[2]) || end.Origin != api.FromNetwork || end.Covered != q.Window || end.Note != "" {
		t.Errorf("end: %+v", end)
	}
	c.move(20 * 24 * time.Hour) // longer than rows stay
	if err := s.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	a, err := r.Cached(t.Context(), q)
	if err != nil || !reflect.DeepEqual(a.Value, p.steps[2]) || !a.Fresh || a.Partial || a.Origin != api.FromDisk || !a.At.Equal(noon()) {
		t.Errorf("cached: %+v, %v", a, err)
	}
	if a := last(t, r.Refresh(t.Context(), q, api.Person)); len(p.asked) != 1 || !reflect.DeepEqual(a.Value, p.steps[2]) {
		t.Errorf("%d reports made, %+v", len(p.asked), a)
	}
	if last(t, Billing(s, p.run, Fresh).Refresh(t.Context(), q, api.Person)); len(p.asked) != 2 {
		t.Errorf("%d reports made", len(p.asked))
	}
	if a := last(t, Billing(s, nil, Offline).Refresh(t.Context(), q, api.Person)); len(a.Value.Rows) != 2 {
		t.Errorf("offline: %+v", a)
	}
	c.move(31 * 24 * time.Hour)
	if _, err := r.Cached(t.Context(), q); api.KindOf(err) != api.NotCached {
		t.Errorf("a month later: %v", err)
	}
	if err := s.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := count(t, s, "SELECT count(*) FROM report"); n != 0 {
		t.Errorf("%d reports left", n)
	}
}

func TestReportOfTheRunningPeriod(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	p := &press{steps: []api.BillingReport{billingStep(api.JobSucceeded, 100, 40)}}
	r := Billing(s, p.run, Normal)
	day := 24 * 60
	q := api.BillingQuery{Window: api.Between(at(-9*day), at(5*day)), By: api.ByDay}
	last(t, r.Refresh(t.Context(), q, api.Person))
	c.move(5*time.Minute - time.Second)
	if a, err := r.Cached(t.Context(), q); err != nil || !a.Fresh || a.Partial {
		t.Errorf("5 minutes: %+v, %v", a, err)
	}
	c.move(time.Second)
	if a, err := r.Cached(t.Context(), q); err != nil || a.Fresh || !a.Partial || !a.Covered.To.Equal(noon()) {
		t.Errorf("later: %+v, %v", a, err)
	}
	if last(t, r.Refresh(t.Context(), q, api.Person)); len(p.asked) != 2 {
		t.Errorf("%d reports made", len(p.asked))
	}
}

func TestTheLastReportStaysMeanwhile(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	p := &press{steps: []api.BillingReport{billingStep(api.JobSucceeded, 100, 40)}}
	r := Billing(s, p.run, Normal)
	week := func() api.BillingQuery {
		return api.BillingQuery{Window: api.Last(7*24*time.Hour, c.Now()), By: api.ByHour}
	}
	first := week()
	last(t, r.Refresh(t.Context(), first, api.Person))
	c.move(time.Hour)
	// The window moves with the clock.
	a, err := r.Cached(t.Context(), week())
	if err != nil || len(a.Value.Rows) != 1 || !a.Partial || a.Fresh || a.Covered != first.Window ||
		a.Note != "report of 2026-03-03T12:00:00Z to 2026-03-10T12:00:00Z" {
		t.Errorf("an hour later: %+v, %v", a, err)
	}
	second := billingStep(api.JobRunning, 71)
	second.Job.ID = "ds-2"
	p.steps, p.failure = []api.BillingReport{second}, &api.Error{Kind: api.Refused}
	out := all(t, r.Refresh(t.Context(), week(), api.Person))
	if len(out) != 2 {
		t.Fatalf("%d answers", len(out))
	}
	for i, state := range []api.JobState{api.JobRunning, api.JobFailed} {
		a := out[i].answer
		if len(a.Value.Rows) != 1 || a.Value.Job.ID != "ds-2" || a.Value.Job.Percent.Value != 71 || a.Value.Job.State != state ||
			!a.At.Equal(noon()) || a.Origin != api.FromDisk || !a.Partial || a.Done != (i == 1) {
			t.Errorf("answer %d: %+v", i, a)
		}
	}
	if api.KindOf(out[1].err) != api.Refused {
		t.Error(out[1].err)
	}
	// Also when the reader may not answer from disk: better than an empty screen.
	if out := all(t, Billing(s, p.run, Fresh).Refresh(t.Context(), week(), api.Person)); len(out[1].answer.Value.Rows) != 1 {
		t.Errorf("mode fresh: %+v", out)
	}
	// The rows of a report that is half there do not take their place.
	half := billingStep(api.JobRunning, 80, 1, 2, 3)
	p.steps = []api.BillingReport{half}
	if out := all(t, r.Refresh(t.Context(), week(), api.Person)); len(out[0].answer.Value.Rows) != 1 || len(out[1].answer.Value.Rows) != 1 {
		t.Errorf("half a report: %+v", out)
	}
	if a, err := r.Cached(t.Context(), first); err != nil || len(a.Value.Rows) != 1 || a.Value.Job.ID != "ds-1" {
		t.Errorf("kept: %+v, %v", a, err)
	}
}

func TestWithoutALastReport(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	q := api.BillingQuery{Window: api.Between(at(-90), at(-30)), By: api.ByHour}
	for _, p := range []*press{
		{failure: &api.Error{Kind: api.Unavailable}},
		{steps: []api.BillingReport{billingStep(api.JobRunning, 10)}, failure: &api.Error{Kind: api.Unavailable}},
		{steps: []api.BillingReport{billingStep(api.JobFailed, 10)}},
		{steps: []api.BillingReport{billingStep(api.JobRunning, 10)}},
		{},
	} {
		r := Billing(s, p.run, Normal)
		out := all(t, r.Refresh(t.Context(), q, api.Person))
		end := out[len(out)-1]
		if api.KindOf(end.err) != api.Unavailable || !end.answer.Done || !end.answer.Partial || end.answer.Fresh || len(end.answer.Value.Rows) != 0 {
			t.Errorf("%+v: %+v", p, end)
		}
		if _, err := r.Cached(t.Context(), q); api.KindOf(err) != api.NotCached {
			t.Errorf("%+v: kept, %v", p, err)
		}
	}
	empty := &press{steps: []api.BillingReport{billingStep(api.JobSucceeded, 100)}}
	if a := last(t, Billing(s, empty.run, Normal).Refresh(t.Context(), q, api.Person)); a.Partial {
		t.Errorf("nothing happened: %+v", a)
	}
	if _, err := Billing(s, nil, Offline).Cached(t.Context(), q); err != nil {
		t.Errorf("nothing happened, from disk: %v", err)
	}
}

func TestReportsOfOtherQuestionsDoNotAnswer(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	p := &press{steps: []api.BillingReport{billingStep(api.JobSucceeded, 100, 40)}}
	q := api.BillingQuery{Window: api.Between(at(-90), at(-30)), By: api.ByHour}
	last(t, Billing(s, p.run, Normal).Refresh(t.Context(), q, api.Person))
	for _, c := range []struct {
		name string
		q    api.BillingQuery
		want bool
	}{
		{"by another period", api.BillingQuery{Window: q.Window, By: api.ByDay}, false},
		{"the same length, later", api.BillingQuery{Window: api.Between(at(-80), at(-20)), By: api.ByHour}, true},
		{"the same length, elsewhere", api.BillingQuery{Window: api.Between(at(-30), at(30)), By: api.ByHour}, false},
		{"the same length, earlier", api.BillingQuery{Window: api.Between(at(-100), at(-40)), By: api.ByHour}, false},
		{"the same start, longer", api.BillingQuery{Window: api.Between(at(-90), at(0)), By: api.ByHour}, true},
		{"the same start, shorter", api.BillingQuery{Window: api.Between(at(-90), at(-60)), By: api.ByHour}, false},
		{"another length and start", api.BillingQuery{Window: api.Between(at(-85), at(0)), By: api.ByHour}, false},
	} {
		a, err := Billing(s, nil, Offline).Cached(t.Context(), c.q)
		if c.want && (err != nil || !a.Partial) || !c.want && api.KindOf(err) != api.NotCached {
			t.Errorf("%s: %+v, %v", c.name, a, err)
		}
	}
}

func TestContainmentReports(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	report := api.ContainmentReport{
		Rows: []api.ContainmentRow{{
			Period: "2026-03-09", Task: "Track order", TaskType: "dialog", Status: "failtask", Executions: api.Known(7),
			SelfPct: api.Known(33.33), DropPct: api.Known(0.0),
		}},
		Job: api.JobRecord{Kind: api.ContainmentJob, ID: "ds-5", State: api.JobSucceeded, Started: at(-1), Changed: at(0), Expires: at(14)},
	}
	run := func(context.Context, api.ContainmentQuery) iter.Seq2[api.ContainmentReport, error] {
		return func(yield func(api.ContainmentReport, error) bool) {
			with := report
			with.Job.Result = []byte("the same once more")
			yield(with, nil)
		}
	}
	q := api.ContainmentQuery{Window: api.Between(at(-3*24*60), at(-2*24*60)), Daily: true}
	last(t, Containment(s, run, Normal).Refresh(t.Context(), q, api.Person))
	a, err := Containment(s, nil, Offline).Cached(t.Context(), q)
	if err != nil || !reflect.DeepEqual(a.Value, report) || !a.Fresh {
		t.Errorf("%+v, %v", a, err)
	}
	q.Daily = false
	if _, err := Containment(s, nil, Offline).Cached(t.Context(), q); api.KindOf(err) != api.NotCached {
		t.Errorf("not by day: %v", err)
	}
	if _, err := Billing(s, nil, Offline).Cached(t.Context(), api.BillingQuery{Window: q.Window, By: "daily"}); api.KindOf(err) != api.NotCached {
		t.Errorf("another kind: %v", err)
	}
}

func TestTwoAskersShareOneReport(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	p := &press{steps: []api.BillingReport{billingStep(api.JobRunning, 0), billingStep(api.JobSucceeded, 100, 40)}}
	r := Billing(s, p.run, Normal)
	q := api.BillingQuery{Window: api.Between(at(-90), at(-30)), By: api.ByHour}
	second := make(chan outcome[api.BillingReport], 1)
	joined := make(chan struct{})
	for a, err := range r.Refresh(t.Context(), q, api.Person) {
		if err != nil {
			t.Fatal(err)
		}
		if a.Value.Job.State == api.JobRunning {
			go func() {
				var end outcome[api.BillingReport]
				for a, err := range r.Refresh(t.Context(), q, api.Person) {
					if end.answer.Value.Job.State == "" {
						close(joined)
					}
					end = outcome[api.BillingReport]{a, err}
				}
				second <- end
			}()
			<-joined
		}
	}
	end := <-second
	if end.err != nil || !end.answer.Done || len(end.answer.Value.Rows) != 1 || len(p.asked) != 1 {
		t.Errorf("%+v, %d reports made", end, len(p.asked))
	}
}
