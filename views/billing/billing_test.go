package billing_test

import (
	"testing"
	"time"

	"go.uber.org/goleak"

	"korescope/api"
	"korescope/views"
	"korescope/views/billing"
	"korescope/views/viewtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type stand struct {
	*viewtest.Stage
	t       *testing.T
	report  *viewtest.Reader[api.BillingQuery, api.BillingReport]
	route   views.BillingRoute
	options viewtest.Options
}

func set(t *testing.T) *stand {
	t.Helper()
	s := &stand{Stage: viewtest.NewStage(t), t: t}
	s.report = viewtest.NewReader[api.BillingQuery, api.BillingReport](t, s.Guard)
	return s
}

func (s *stand) open(w, h int) *stand {
	s.t.Helper()
	s.Open(billing.New(billing.Deps{Report: s.report, Clock: s.Clock.Now, Zone: viewtest.Zone(), Explain: s.Explain}, s.route), s.options, w, h)
	return s
}

// usage is two weeks of a shop, oldest first; the last day is still running and
// one unit of one day was not sent.
func usage(from time.Time, step time.Duration, n int) []api.BillingRow {
	out := make([]api.BillingRow, n)
	for i := range out {
		v := int64(160 + (i*37)%29)
		if i == n-1 {
			v = 60
		}
		if i == n-3 {
			v = 410
		}
		out[i] = api.BillingRow{
			Period: from.Add(time.Duration(i) * step), Bot: "ALL",
			Sessions: api.Known(v), Requests: api.Known(v * 4), Alerts: api.Known(int64(i % 2)),
			Proactive: api.Known(int64(0)), Conversations: api.Known(v - 3),
		}
	}
	out[2].Requests = api.Maybe[int64]{}
	return out
}

func days() []api.BillingRow {
	return usage(viewtest.Noon().UTC().Truncate(24*time.Hour).AddDate(0, 0, -13), 24*time.Hour, 14)
}

func fortnight(t *testing.T) *stand {
	t.Helper()
	s := set(t)
	s.report.Says(api.BillingReport{Rows: days()}, viewtest.Noon())
	return s
}

func hours(t *testing.T) *stand {
	t.Helper()
	s := set(t)
	rows := usage(viewtest.Noon().UTC().Truncate(time.Hour).Add(-23*time.Hour), time.Hour, 24)
	rows[4] = api.BillingRow{
		Period: rows[4].Period, Bot: "ALL", Filled: true, Requests: api.Known(int64(0)), Sessions: api.Known(int64(0)),
		Alerts: api.Known(int64(0)), Proactive: api.Known(int64(0)), Conversations: api.Known(int64(0)),
	}
	s.route.Query.By = api.ByHour
	s.report.Says(api.BillingReport{Rows: rows}, viewtest.Noon())
	return s
}

// running is a report that is being made while the last one stands.
func running(t *testing.T) *stand {
	t.Helper()
	s := fortnight(t)
	s.report.Has(api.BillingReport{Rows: days()}, viewtest.Noon().Add(-26*time.Minute), false)
	s.report.Net = func(api.BillingQuery) []viewtest.Step[api.BillingReport] {
		step := viewtest.Whole(api.BillingReport{Rows: days(), Job: api.JobRecord{Percent: api.Known(71)}}, viewtest.Noon().Add(-26*time.Minute))
		step.Answer.Done = false
		return []viewtest.Step[api.BillingReport]{step, {Never: true}}
	}
	return s
}

type state struct {
	name string
	set  func(t *testing.T) *stand
	do   []string
}

func states() []state {
	return []state{
		{"loading", set, nil},
		{"days", fortnight, nil},
		{"hours", hours, nil},
		{"requests", fortnight, []string{"tab"}},
		{"sorted", fortnight, []string{">", "O"}},
		{"running", running, nil},
		{"failed", func(t *testing.T) *stand { s := set(t); s.report.Fails(viewtest.Offline()); return s }, nil},
		{"stale-failed", func(t *testing.T) *stand {
			s := fortnight(t)
			s.report.Has(api.BillingReport{Rows: days()}, viewtest.Noon().Add(-3*time.Hour), false).Fails(viewtest.Offline())
			return s
		}, nil},
		{"scope", func(t *testing.T) *stand {
			s := set(t)
			s.report.Fails(&api.Error{Kind: api.ScopeMissing, Scope: "Billing Sessions", Status: 401, Said: "Permission denied. Scope is incorrect!"})
			return s
		}, nil},
		{"empty", func(t *testing.T) *stand { s := set(t); s.report.Says(api.BillingReport{}, viewtest.Noon()); return s }, nil},
		{"window", fortnight, []string{"f", "30"}},
		{"copy", fortnight, []string{"y"}},
	}
}

func TestGoldens(t *testing.T) {
	var out []viewtest.Picture
	for _, st := range states() {
		out = append(out, viewtest.Both(st.name, func(t *testing.T, w, h int) *viewtest.Stage {
			t.Helper()
			s := st.set(t).open(w, h)
			s.Keys(st.do...)
			return s.Stage
		})...)
	}
	viewtest.Gallery(t, "billing", out)
}

func TestStorm(t *testing.T) {
	all := map[string]func(t *testing.T) *viewtest.Stage{}
	for _, st := range states() {
		all[st.name] = func(t *testing.T) *viewtest.Stage { return st.set(t).open(80, 24).Stage }
	}
	viewtest.Storms(t, all)
}

// A period is compared with its likes: an hour with the same hour of the days
// before, a day with the same weekday of the weeks before, which are asked for
// beyond the window and not shown; a month with the months before. One that is
// not over, or that the window cuts, is compared with nothing.
func TestUsualIsOfTheLikesBefore(t *testing.T) {
	noon := viewtest.Noon().UTC()
	hour, today := noon.Truncate(time.Hour), noon.Truncate(24*time.Hour)
	row := func(at time.Time, v int64) api.BillingRow { return api.BillingRow{Period: at, Sessions: api.Known(v)} }
	for _, tt := range []struct {
		name   string
		by     api.Period
		length time.Duration // asked for
		rows   []api.BillingRow
		has    []string
		lacks  []string
	}{
		{"hours", api.ByHour, 8 * 24 * time.Hour, []api.BillingRow{
			row(hour.Add(-50*time.Hour), 10), row(hour.Add(-26*time.Hour), 30), row(hour.Add(-3*time.Hour), 900), row(hour.Add(-2*time.Hour), 40), row(hour, 5),
		}, []string{"+100%", "5~", "total 945", "same hour of 7 days before"}, []string{"total 985"}},
		{"days", api.ByDay, 6 * 7 * 24 * time.Hour, []api.BillingRow{
			row(today.AddDate(0, 0, -21), 100), row(today.AddDate(0, 0, -15), 300), row(today.AddDate(0, 0, -14), 200), row(today.AddDate(0, 0, -7), 300), row(today, 5),
		}, []string{"+100%", "5~", "total 505", "same weekday of 4 weeks before"}, []string{"total 905"}},
		{"months", api.ByMonth, 0, []api.BillingRow{
			row(today.AddDate(0, -3, 1-today.Day()), 100), row(today.AddDate(0, -2, 1-today.Day()), 200), row(today.AddDate(0, -1, 1-today.Day()), 300),
		}, []string{"+100%", "average of 3 months before"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := set(t)
			s.route.Query.By = tt.by
			var asked api.Window
			s.report.Net = func(q api.BillingQuery) []viewtest.Step[api.BillingReport] {
				asked = q.Window
				return []viewtest.Step[api.BillingReport]{viewtest.Whole(api.BillingReport{Rows: tt.rows}, viewtest.Noon())}
			}
			s.open(80, 24).Has(tt.has...)
			s.Lacks(tt.lacks...)
			if d := asked.Length() - tt.length; tt.length > 0 && (d < -time.Hour || d > 25*time.Hour) {
				t.Errorf("asked for %s", asked.Length())
			}
		})
	}
}

// A window that is long already is not made two reports for the sake of likes.
func TestLikesCostNoSecondReport(t *testing.T) {
	s := set(t)
	s.route.Query = api.BillingQuery{By: api.ByDay, Window: api.Last(80*24*time.Hour, viewtest.Noon())}
	s.report.Net = func(q api.BillingQuery) []viewtest.Step[api.BillingReport] {
		if q.Window.Length() > 89*24*time.Hour || q.Window.Length() < 87*24*time.Hour {
			t.Errorf("asked for %s", q.Window.Length())
		}
		return []viewtest.Step[api.BillingReport]{viewtest.Whole(api.BillingReport{Rows: days()}, viewtest.Noon())}
	}
	s.open(80, 24)
}

// That somebody else's report took the place of ours is said while it is made
// again.
func TestAReplacedReportIsSaid(t *testing.T) {
	s := fortnight(t)
	s.report.Net = func(api.BillingQuery) []viewtest.Step[api.BillingReport] {
		step := viewtest.Whole(api.BillingReport{Rows: days()}, viewtest.Noon())
		step.Answer.Done, step.Answer.Note = false, api.ErrReplaced.Error()
		return []viewtest.Step[api.BillingReport]{step, {Never: true}}
	}
	s.open(140, 40).Has("somebody else's report took the place of ours")
}

func TestOpeningGoesOneStepCloser(t *testing.T) {
	s := fortnight(t).open(80, 24)
	s.Keys("j", "enter")
	got, ok := s.Opened[len(s.Opened)-1].(views.BillingRoute)
	if !ok || got.Query.By != api.ByHour || got.Query.Window.Length() != 24*time.Hour {
		t.Errorf("opened %+v", s.Opened[len(s.Opened)-1])
	}
}
