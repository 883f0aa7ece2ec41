package cache

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
	"time"

	"korescope/api"
)

// keepRun saves a run as whoever follows it does.
func keepRun(t *testing.T, s *Store, r api.TestRun) {
	t.Helper()
	question, _ := json.Marshal(map[string]any{"Bot": "st-1", "Suite": r.Suite, "Version": r.Version}) //nolint:errchkjson // strings only
	j := api.JobRecord{
		Kind: api.TestJob, ID: r.ID, Question: string(question), State: r.State, Word: r.Word,
		Percent: r.Percent, Started: r.Started, Changed: r.Changed, Failure: r.Failure,
	}
	if r.Verdict != "" {
		r.Version = "configured" // the platform's word
		result, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		j.Result = result
	}
	saveJob(t, s, j)
}

func runAt(n, minute int, suite string, verdict api.Verdict) api.TestRun {
	r := api.TestRun{
		ID: api.JobID(fmt.Sprint("ctr-", n)), Suite: suite, Version: api.Published, Verdict: verdict, State: api.JobSucceeded, Word: "done",
		Percent: api.Known(100), Total: api.Known(2), Passed: api.Known(1), Failed: api.Known(1),
		Started: at(minute), Changed: at(minute + 1), Duration: api.Known[int64](14364),
		Steps: []api.TestStep{{
			Input: "help", Verdict: api.VerdictFailed, Expected: []string{"Which language?"}, Actual: []string{"Language?"},
			Failed: []string{"text: Which language?"}, Raw: json.RawMessage(`{"input":"help"}`),
		}},
		Raw: json.RawMessage(`{"_id":"ctr"}`),
	}
	if verdict == api.VerdictRunning {
		r.State, r.Percent = api.JobRunning, api.Known(50)
	}
	return r
}

func TestRunsAreRemembered(t *testing.T) {
	s := mustOpen(t, options(t, newClock()))
	first := runAt(1, -90, "smoke", api.VerdictFailed)
	second := runAt(2, -60, "night", api.VerdictPassed)
	running := runAt(3, -2, "smoke", api.VerdictRunning)
	lost := api.TestRun{Suite: "smoke", Version: api.InDevelopment, State: api.JobUnknown, Started: at(-5), Changed: at(-5), Failure: "no answer"}
	for _, r := range []api.TestRun{second, running, lost, first} {
		keepRun(t, s, r)
	}
	lost.Verdict = api.VerdictError
	runs, err := Tests(s).Runs(t.Context(), 0)
	if err != nil || len(runs) != 4 {
		t.Fatalf("%d runs, %v", len(runs), err)
	}
	for i, want := range []api.TestRun{running, lost, second, first} {
		if !reflect.DeepEqual(runs[i], want) {
			t.Errorf("run %d:\n%+v\nwant\n%+v", i, runs[i], want)
		}
	}
	if runs, err := Tests(s).Runs(t.Context(), 2); err != nil || len(runs) != 2 || runs[1].ID != "" {
		t.Errorf("two: %+v, %v", runs, err)
	}
}

func TestARecordKnowsMoreThanItsResult(t *testing.T) {
	s := mustOpen(t, options(t, newClock()))
	r := runAt(1, -90, "smoke", api.VerdictRunning)
	keepRun(t, s, r)
	saveJob(t, s, api.JobRecord{
		Kind: api.TestJob, ID: r.ID, Question: `{"Suite":"smoke"}`, State: api.JobExpired, Started: r.Started, Changed: at(-30), Failure: "gone",
	})
	saveJob(t, s, api.JobRecord{Kind: api.TestJob, ID: "ctr-2", Question: "[]", State: api.JobSucceeded, Started: at(-99), Result: []byte(`{"Suite":7}`)})
	runs, err := Tests(s).Runs(t.Context(), 0)
	if err != nil || len(runs) != 2 {
		t.Fatalf("%d runs, %v", len(runs), err)
	}
	if got := runs[0]; got.Verdict != api.VerdictError || got.State != api.JobExpired || got.Failure != "gone" || len(got.Steps) != 1 ||
		!got.Changed.Equal(at(-30)) || got.Percent.Value != 50 {
		t.Errorf("expired: %+v", got)
	}
	if got := runs[1]; got.ID != "ctr-2" || got.Suite != "" || got.Verdict != "" {
		t.Errorf("of another shape: %+v", got)
	}
}

func TestLastGood(t *testing.T) {
	s := mustOpen(t, options(t, newClock()))
	for n, r := range []struct {
		minute  int
		suite   string
		verdict api.Verdict
	}{
		{-90, "smoke", api.VerdictPassed}, {-80, "smoke", api.VerdictPassed}, {-70, "smoke", api.VerdictFailed},
		{-60, "night", api.VerdictPassed}, {-50, "smoke", api.VerdictRunning}, {-40, "fresh", api.VerdictFailed},
	} {
		keepRun(t, s, runAt(n, r.minute, r.suite, r.verdict))
	}
	for _, c := range []struct {
		suite  string
		before time.Time
		want   api.JobID
	}{
		{"smoke", time.Time{}, "ctr-1"},
		{"smoke", at(-70), "ctr-1"},
		{"smoke", at(-80), "ctr-0"},
		{"smoke", at(-90), ""},
		{"night", at(0), "ctr-3"},
		{"fresh", time.Time{}, ""},
		{"", time.Time{}, ""},
		{"Smoke", time.Time{}, ""},
	} {
		r, ok, err := Tests(s).LastGood(t.Context(), c.suite, c.before)
		if err != nil || ok != (c.want != "") || r.ID != c.want || ok && len(r.Steps) != 1 {
			t.Errorf("%s before %s: %s, %v, %v", c.suite, c.before, r.ID, ok, err)
		}
	}
}

func TestSuitesSeen(t *testing.T) {
	s := mustOpen(t, options(t, newClock()))
	if names, err := Tests(s).Suites(t.Context()); err != nil || len(names) != 0 {
		t.Errorf("%q, %v", names, err)
	}
	keepRun(t, s, runAt(1, -90, "smoke", api.VerdictPassed))
	keepRun(t, s, runAt(2, -80, "smoke", api.VerdictFailed))
	keepRun(t, s, runAt(3, -70, "night run", api.VerdictFailed))
	for i, state := range []api.JobState{api.JobSucceeded, api.JobFailed} {
		saveJob(t, s, api.JobRecord{
			Kind: api.SuiteImportJob, ID: api.JobID(fmt.Sprint("ds-", i)), State: state, Started: at(-5),
			Question: fmt.Sprintf(`{"Bot":"st-1","Name":"imported %s","File":"f"}`, state),
		})
	}
	names, err := Tests(s).Suites(t.Context())
	if err != nil || !reflect.DeepEqual(names, []string{"imported succeeded", "night run", "smoke"}) {
		t.Errorf("%q, %v", names, err)
	}
}
