package cache

import (
	"reflect"
	"testing"
	"time"

	"korescope/api"
)

func TestMergeJob(t *testing.T) {
	job := func(state api.JobState, minute int, result string) api.JobRecord {
		j := api.JobRecord{Kind: api.BillingJob, ID: "ds-1", Question: "q", State: state, Changed: at(minute)}
		if result != "" {
			j.Result = []byte(result)
		}
		return j
	}
	for _, c := range []struct {
		name            string
		have, add, want api.JobRecord
	}{
		{"the later one", job(api.JobRunning, -5, ""), job(api.JobSucceeded, -4, "r"), job(api.JobSucceeded, -4, "r")},
		{"the later one, though it comes first", job(api.JobSucceeded, -4, "r"), job(api.JobRunning, -5, ""), job(api.JobSucceeded, -4, "r")},
		{"at the same time: what is over", job(api.JobFailed, -4, ""), job(api.JobRunning, -4, ""), job(api.JobFailed, -4, "")},
		{"at the same time: given up", job(api.JobRunning, -4, ""), job(api.JobUnknown, -4, ""), job(api.JobUnknown, -4, "")},
		{"at the same time: the one that comes later", job(api.JobSucceeded, -4, "old"), job(api.JobSucceeded, -4, "new"), job(api.JobSucceeded, -4, "new")},
		{"forgotten since, but the result is here", job(api.JobSucceeded, -9, "r"), job(api.JobExpired, -4, ""), job(api.JobExpired, -4, "r")},
		{"the result comes late", job(api.JobExpired, -4, ""), job(api.JobSucceeded, -9, "r"), job(api.JobExpired, -4, "r")},
		{"times apart by less than a millisecond are the same",
			api.JobRecord{State: api.JobFailed, Changed: at(-4)}, api.JobRecord{State: api.JobRunning, Changed: at(-4).Add(time.Microsecond)},
			api.JobRecord{State: api.JobFailed, Changed: at(-4)}},
		{"what one of them knows",
			api.JobRecord{Question: "q", Started: at(-9), Expires: at(6), Changed: at(-8)}, api.JobRecord{Changed: at(-7)},
			api.JobRecord{Question: "q", Started: at(-9), Expires: at(6), Changed: at(-7)}},
	} {
		if got := mergeJob(c.have, c.add); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s:\n%+v\nwant\n%+v", c.name, got, c.want)
		}
	}
}

func TestReportStanding(t *testing.T) {
	day := 24 * 60
	past := api.Between(at(-9*day), at(-2*day))
	month := api.Between(at(-9*day), at(20*day)) // not over
	until := func(minute int) api.Window { return api.Between(at(-9*day), at(minute)) }
	for _, c := range []struct {
		name           string
		asked, kept    api.Window
		fetched        time.Time
		fresh, partial bool
	}{
		{"read a day after its end: for ever", past, past, at(-day), true, false},
		{"read an hour after its end: not any more", past, past, at(-2*day + 60), false, false},
		{"still running, read just now", month, month, at(-4), true, false},
		{"still running, read 5 minutes ago", month, month, at(-5), false, true},
		{"read in the future: the clock was set back", until(0), until(0), at(3), false, false},
		{"ends a little earlier", until(0), until(-3), at(-3), true, false},
		{"ends 5 minutes earlier", until(0), until(-5), at(-4), false, true},
		{"ends a little earlier, but was read long ago", until(-60), until(-62), at(-55), false, false},
		{"settled, but for another window", until(-day), until(-2*day - 1), at(-day), false, true},
	} {
		if fresh, partial := reportStanding(c.asked, c.kept, c.fetched, at(0)); fresh != c.fresh || partial != c.partial {
			t.Errorf("%s: fresh %v, partial %v", c.name, fresh, partial)
		}
	}
}

func TestLinesAndBillsSettle(t *testing.T) {
	for _, c := range []struct {
		q    question
		want time.Duration
	}{
		{question{line: lineQuestion{identity: "u"}}, 2 * time.Minute},
		{question{line: lineQuestion{detail: true}}, 2 * time.Minute},
		{question{billed: true}, 24 * time.Hour},
	} {
		if got := c.q.late(); got != c.want {
			t.Errorf("%+v: %v", c.q, got)
		}
	}
}

func TestJobKeep(t *testing.T) {
	o, err := Options{}.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	for kind, want := range map[api.JobKind]int{api.TestJob: 90, api.SuiteImportJob: 30, api.BillingJob: 30, api.ContainmentJob: 30} {
		if got := o.jobKeep(kind); got != time.Duration(want)*24*time.Hour {
			t.Errorf("%s: %v", kind, got)
		}
	}
	if o.TestRuns != 200 {
		t.Errorf("%d runs", o.TestRuns)
	}
}
