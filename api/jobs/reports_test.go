package jobs

import (
	"context"
	"fmt"
	"reflect"
	"testing"
	"time"

	"korescope/api"
)

// bureau makes reports of whatever window it is asked for: one row at the start
// and, as a bound that belongs to both sides would, one at the end.
type bureau struct {
	windows []api.Window
	latest  api.BillingQuery
	cumul   api.ContainmentQuery
	fail    int // the start that ends in failure
}

func (b *bureau) StartBilling(_ context.Context, q api.BillingQuery) (api.JobRecord, error) {
	b.windows, b.latest = append(b.windows, q.Window), q
	return api.JobRecord{ID: b.id(), State: api.JobRunning, Word: "IN_PROGRESS"}, nil
}

func (b *bureau) id() api.JobID { return api.JobID(fmt.Sprintf("ds-%d", len(b.windows))) }

func (b *bureau) over() api.JobRecord {
	if b.fail == len(b.windows) {
		return api.JobRecord{ID: b.id(), State: api.JobFailed, Word: "failed", Failure: "out of memory"}
	}
	return api.JobRecord{ID: b.id(), State: api.JobSucceeded, Word: "success"}
}

func (b *bureau) BillingStatus(context.Context) (api.BillingReport, error) {
	r := api.BillingReport{Job: b.over()}
	if r.Job.State == api.JobFailed {
		return r, nil
	}
	r.Rows = []api.BillingRow{}
	for _, at := range []time.Time{b.latest.Window.From.Truncate(time.Hour), b.latest.Window.To} {
		r.Rows = append(r.Rows, api.BillingRow{Period: at, Bot: "ALL", Requests: api.Known(int64(1))})
	}
	return r, nil
}

func (b *bureau) StartContainment(_ context.Context, q api.ContainmentQuery) (api.JobRecord, error) {
	b.windows, b.cumul = append(b.windows, q.Window), q
	return api.JobRecord{ID: b.id(), State: api.JobRunning}, nil
}

func (b *bureau) ContainmentStatus(_ context.Context, id api.JobID) (api.ContainmentReport, error) {
	r := api.ContainmentReport{Job: b.over()}
	if r.Job.State == api.JobFailed {
		return r, nil
	}
	for _, at := range []time.Time{b.cumul.Window.From, b.cumul.Window.To} {
		period := "all"
		if b.cumul.Daily {
			period = at.Format(time.DateOnly)
		}
		r.Rows = append(r.Rows, api.ContainmentRow{Period: period, Task: string(id)})
	}
	return r, nil
}

func date(year int, month time.Month, day, hour int) time.Time {
	return time.Date(year, month, day, hour, 0, 0, 0, time.UTC)
}

func TestLongWindowsAreCut(t *testing.T) {
	for name, c := range map[string]struct {
		w       api.Window
		longest time.Duration
		months  bool
		want    []string // beginnings
	}{
		"a day":           {api.Between(date(2025, 10, 1, 7), date(2025, 10, 2, 7)), longestReport, false, []string{"2025-10-01T07"}},
		"just fits":       {api.Between(date(2025, 1, 1, 0), date(2025, 1, 1, 0).Add(longestReport)), longestReport, false, []string{"2025-01-01T00"}},
		"a year":          {api.Between(date(2025, 1, 1, 5), date(2026, 1, 1, 5)), longestReport, false, []string{"2025-01-01T05", "2025-03-31T00", "2025-06-28T00", "2025-09-25T00", "2025-12-23T00"}},
		"a year's months": {api.Between(date(2025, 1, 15, 5), date(2026, 1, 15, 5)), longestReport, true, []string{"2025-01-15T05", "2025-04-01T00", "2025-06-01T00", "2025-08-01T00", "2025-10-01T00", "2025-12-01T00"}},
		"five weeks":      {api.Between(date(2025, 10, 1, 7), date(2025, 11, 5, 7)), longestByDay, false, []string{"2025-10-01T07", "2025-10-30T00"}},
		"no length":       {api.Between(date(2025, 10, 1, 7), date(2025, 10, 1, 7)), longestReport, false, nil},
		"inverted":        {api.Window{From: date(2025, 10, 2, 7), To: date(2025, 10, 1, 7)}, longestReport, false, nil},
		"none":            {api.Window{}, longestReport, false, nil},
	} {
		var got []string
		parts := cutAtDays(c.w, c.longest, c.months)
		for i, p := range parts {
			got = append(got, p.From.Format("2006-01-02T15"))
			if p.Length() > c.longest || i > 0 && p.From != parts[i-1].To || i == len(parts)-1 && p.To != c.w.To {
				t.Errorf("%s: part %d is %v", name, i, p)
			}
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestBillingInParts(t *testing.T) {
	r, b := newRig(), &bureau{}
	reports := Reports{Engine: r.Engine, Source: b, Bot: "st-1"}
	w := api.Between(date(2025, 1, 1, 0), date(2025, 7, 1, 0))
	all, err := collect(reports.Billing(t.Context(), api.BillingQuery{Window: w, By: api.ByDay}))
	if err != nil || len(b.windows) != 3 {
		t.Fatalf("%d parts, %v", len(b.windows), err)
	}
	last := all[len(all)-1]
	var got []string
	for _, row := range last.Rows {
		got = append(got, row.Period.Format(time.DateOnly))
	}
	if !reflect.DeepEqual(got, []string{"2025-01-01", "2025-03-31", "2025-06-28", "2025-07-01"}) || last.Rows[1].Requests != api.Known(int64(1)) {
		t.Errorf("rows %v", got)
	}
	for i, v := range all {
		if v.Job.Result != nil || v.Job.State.Over() != (i == len(all)-1) {
			t.Errorf("value %d has the job %+v", i, v.Job)
		}
		if i > 0 && len(v.Rows) < len(all[i-1].Rows) {
			t.Errorf("value %d has fewer rows than the one before", i)
		}
	}
	// A moment later nothing is asked again, unless that is wanted.
	again, err := collect(reports.Billing(t.Context(), api.BillingQuery{Window: w, By: api.ByDay}))
	if err != nil || len(b.windows) != 3 || !reflect.DeepEqual(again[len(again)-1].Rows, last.Rows) {
		t.Errorf("%d starts, %v", len(b.windows), err)
	}
	reports.Again = true
	if _, err := collect(reports.Billing(t.Context(), api.BillingQuery{Window: w, By: api.ByDay})); err != nil || len(b.windows) != 6 {
		t.Errorf("%d starts, %v", len(b.windows), err)
	}
	// Other periods and another bot are other reports.
	reports.Again = false
	if _, err := collect(reports.Billing(t.Context(), api.BillingQuery{Window: w, By: api.ByMonth})); err != nil || len(b.windows) != 9 {
		t.Errorf("%d starts, %v", len(b.windows), err)
	}
	reports.Bot = "st-2"
	if _, err := collect(reports.Billing(t.Context(), api.BillingQuery{Window: w, By: api.ByMonth})); err != nil || len(b.windows) != 12 {
		t.Errorf("%d starts, %v", len(b.windows), err)
	}
}

func TestAPartThatFailsEndsTheReport(t *testing.T) {
	r, b := newRig(), &bureau{fail: 2}
	w := api.Between(date(2025, 1, 1, 0), date(2025, 7, 1, 0))
	all, err := collect(Reports{Engine: r.Engine, Source: b}.Billing(t.Context(), api.BillingQuery{Window: w}))
	last := all[len(all)-1]
	if api.KindOf(err) != api.Refused || len(b.windows) != 2 || len(last.Rows) != 1 || last.Job.State != api.JobFailed || !contains(err.Error(), "out of memory") {
		t.Errorf("%d starts, %+v, %v", len(b.windows), last, err)
	}
	if _, err := collect((Reports{Engine: r.Engine, Source: b}).Billing(t.Context(), api.BillingQuery{})); api.KindOf(err) != api.Misuse {
		t.Errorf("%v", err)
	}
	for state, kind := range map[api.JobState]api.Kind{
		api.JobFailed: api.Refused, api.JobExpired: api.NotFound, api.JobUnknown: api.Unavailable, api.JobSucceeded: 0, api.JobRunning: 0,
	} {
		if err := failed("x", api.JobRecord{State: state, Word: "w"}); api.KindOf(err) != kind || (err == nil) != (kind == 0) {
			t.Errorf("%s: %v", state, err)
		}
	}
}

func TestHoursAreFilledWhenEverythingIsThere(t *testing.T) {
	r, b := newRig(), &bureau{}
	now := r.clock.Now()
	w := api.Between(now.Add(-5*time.Hour-30*time.Minute), now.Add(2*time.Hour)) // 06:30 to 14:00; it is 12:00
	all, err := collect(Reports{Engine: r.Engine, Source: b}.Billing(t.Context(), api.BillingQuery{Window: w, By: api.ByHour}))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range all[:len(all)-1] {
		if len(v.Rows) > 0 {
			t.Errorf("filled before the end: %+v", v.Rows)
		}
	}
	var got []string
	for _, row := range all[len(all)-1].Rows {
		got = append(got, fmt.Sprint(row.Period.Hour(), row.Filled, row.Requests.Value, row.Sessions.Known))
	}
	want := []string{"6 false 1 false", "7 true 0 true", "8 true 0 true", "9 true 0 true", "10 true 0 true", "11 true 0 true", "12 true 0 true", "14 false 1 false"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%q", got)
	}
	// An empty answer is an answer: nothing happened at all.
	rows := fillHours([]api.BillingRow{}, api.Between(date(2025, 10, 1, 0), date(2025, 10, 2, 0)), now)
	if len(rows) != 24 || rows[0].Bot != "ALL" || !rows[23].Filled || rows[23].Alerts != api.Known(int64(0)) {
		t.Errorf("%d rows", len(rows))
	}
	two := fillHours([]api.BillingRow{{Period: date(2025, 10, 1, 0), Bot: "a"}, {Period: date(2025, 10, 1, 1), Bot: "b"}}, api.Between(date(2025, 10, 1, 0), date(2025, 10, 1, 2)), now)
	if len(two) != 4 || two[0].Bot != "a" || two[0].Filled || !two[1].Filled {
		t.Errorf("%+v", two)
	}
}

func TestBillingOfTwoPartsIsAddedUp(t *testing.T) {
	at := date(2025, 10, 1, 0)
	a := []api.BillingRow{{Period: at, Bot: "x", Requests: api.Known(int64(2)), Sessions: api.Known(int64(1))}}
	b := []api.BillingRow{{Period: at, Bot: "x", Requests: api.Known(int64(3))}, {Period: at, Bot: "w"}}
	got := addBilling(a, b)
	if len(got) != 2 || got[0].Bot != "w" || got[1].Requests != api.Known(int64(5)) || got[1].Sessions.Known || a[0].Requests.Value != 2 {
		t.Errorf("%+v, the first part is %+v", got, a)
	}
}

func TestContainmentInParts(t *testing.T) {
	r, b := newRig(), &bureau{}
	reports := Reports{Engine: r.Engine, Source: b}
	w := api.Between(date(2025, 9, 1, 6), date(2025, 10, 10, 6))
	all, err := collect(reports.Containment(t.Context(), api.ContainmentQuery{Window: w, Daily: true}))
	var got []string
	for _, row := range all[len(all)-1].Rows {
		got = append(got, row.Period)
	}
	if err != nil || len(b.windows) != 2 || !reflect.DeepEqual(got, []string{"2025-09-01", "2025-09-30", "2025-10-10"}) {
		t.Errorf("%v of %d parts, %v", got, len(b.windows), err)
	}
	all, err = collect(reports.Containment(t.Context(), api.ContainmentQuery{Window: w}))
	if last := all[len(all)-1]; err != nil || len(last.Rows) != 2 || last.Rows[0].Period != "all" || last.Job.State != api.JobSucceeded {
		t.Errorf("%+v, %v", last, err)
	}
	b.windows = nil
	long := api.Between(date(2025, 1, 1, 0), date(2025, 6, 1, 0))
	all, err = collect(reports.Containment(t.Context(), api.ContainmentQuery{Window: long}))
	got = nil
	for _, row := range all[len(all)-1].Rows {
		got = append(got, row.Period)
	}
	if err != nil || len(b.windows) != 2 || !reflect.DeepEqual(got, []string{"2025-01-01 to 2025-03-30", "2025-01-01 to 2025-03-30", "2025-03-31 to 2025-05-31", "2025-03-31 to 2025-05-31"}) {
		t.Errorf("%q, %v", got, err)
	}
}

func TestWhichReportsAreFresh(t *testing.T) {
	r := newRig()
	now := r.clock.Now()
	p := Reports{Engine: r.Engine}
	for name, c := range map[string]struct {
		to, made time.Time
		want     bool
	}{
		"a moment ago":          {now, now.Add(-4 * time.Minute), true},
		"a while ago":           {now, now.Add(-6 * time.Minute), false},
		"settled, last week":    {now.Add(-20 * day), now.Add(-7 * day), true},
		"not settled when made": {now.Add(-7 * day).Add(-time.Hour), now.Add(-7 * day), false},
		"settled, too long ago": {now.Add(-90 * day), now.Add(-31 * day), false},
		"from the future":       {now, now.Add(time.Hour), false},
	} {
		fresh := p.fresh(api.Between(c.to.Add(-day), c.to))
		if got := fresh(api.JobRecord{Started: c.made, Changed: c.made}); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// A report that came short is started once more with the announced number as
// its limit; where it stays short the number of rows says so.
func TestAShortContainmentReportIsAskedForOnceMore(t *testing.T) {
	for name, c := range map[string]struct {
		second, rows, starts int
		whole                bool
	}{"whole the second time": {500, 500, 2, true}, "short again": {8, 8, 2, false}, "fewer the second time": {3, 8, 2, false}} {
		source := &cutReport{total: 500, first: 8, second: c.second}
		clock := newClock()
		p := Reports{Engine: New(nil, clock.Now, clock.Wait, func() float64 { return 0.5 }), Source: source, Bot: "st-1"}
		var last api.ContainmentReport
		for r, err := range p.Containment(t.Context(), api.ContainmentQuery{Window: api.Last(24*time.Hour, clock.Now())}) {
			if err != nil {
				t.Fatal(name, err)
			}
			last = r
		}
		if len(last.Rows) != c.rows || last.Count.Whole() != c.whole || source.starts != c.starts || source.limit != 500 || last.Job.State != api.JobSucceeded {
			t.Errorf("%s: %d rows, %+v after %d starts with limit %d", name, len(last.Rows), last.Count, source.starts, source.limit)
		}
	}
}

// cutReport is a platform that gives a part of its rows.
type cutReport struct {
	api.ReportSource
	total, first, second, starts, limit int
}

func (s *cutReport) StartContainment(_ context.Context, q api.ContainmentQuery) (api.JobRecord, error) {
	s.starts++
	s.limit = q.Limit
	return api.JobRecord{ID: api.JobID(fmt.Sprintf("ds-%d", s.starts))}, nil
}

func (s *cutReport) ContainmentStatus(_ context.Context, id api.JobID) (api.ContainmentReport, error) {
	n := s.first
	if id != "ds-1" {
		n = s.second
	}
	return api.ContainmentReport{
		Rows: make([]api.ContainmentRow, n), Count: api.Count{Came: n, Announced: api.Known(s.total)},
		Job: api.JobRecord{ID: id, Word: "SUCCESS", State: api.JobSucceeded},
	}, nil
}
