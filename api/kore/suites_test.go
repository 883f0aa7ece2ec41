package kore

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"korescope/api"
)

// statusOf reads one status answer of a run.
func statusOf(t *testing.T, body string) api.TestRun {
	t.Helper()
	s := fixedBody(t, body)
	run, err := s.client(t).TestStatus(t.Context(), "Refunds smoke", "ctr-1")
	if err != nil {
		t.Fatal(err)
	}
	if run.ID != "ctr-1" || run.Suite != "Refunds smoke" || !json.Valid(run.Raw) {
		t.Errorf("%+v", run)
	}
	return run
}

func TestVerdictOfARun(t *testing.T) {
	steps := func(verdicts ...string) string {
		var out []string
		for _, v := range verdicts {
			out = append(out, `{"input":"x","status":"`+v+`"}`)
		}
		return `"executionResults":[` + strings.Join(out, ",") + `]`
	}
	for name, c := range map[string]struct {
		body    string
		verdict api.Verdict
		state   api.JobState
		failure string
	}{
		"started":      {`{"status":"IN_PROGRESS"}`, api.VerdictRunning, api.JobRunning, ""},
		"running":      {`{"status":"inprogress","result":{"status":"inprogress"}}`, api.VerdictRunning, api.JobRunning, ""},
		"queued":       {`{"status":"queued"}`, api.VerdictRunning, api.JobRunning, ""},
		"unknown word": {`{"status":"AWAITING_CAPACITY"}`, api.VerdictRunning, api.JobRunning, ""},
		"passed":       {`{"status":"passed"}`, api.VerdictPassed, api.JobSucceeded, ""},
		"failed":       {`{"status":"failed","result":{"stepDetails":{"passed":1,"failed":1,"total":2}}}`, api.VerdictFailed, api.JobSucceeded, ""},
		"Failure":      {`{"status":"Failure"}`, api.VerdictFailed, api.JobSucceeded, ""},
		"error":        {`{"status":"error","result":{"errorDetails":{"code":403,"message":"may not talk"}}}`, api.VerdictError, api.JobFailed, "may not talk"},
		"cancelled":    {`{"status":"cancelled"}`, api.VerdictError, api.JobFailed, ""},
		"could not begin": {
			`{"status":"failed","result":{"errorDetails":{"message":"may not talk"}}}`, api.VerdictError, api.JobFailed, "may not talk",
		},
		"failed with a remark": {
			`{"status":"failed","result":{"errorDetails":"slow","stepDetails":{"failed":1}}}`, api.VerdictFailed, api.JobSucceeded, "slow",
		},
		"word only inside":     {`{"result":{"status":"passed"}}`, api.VerdictPassed, api.JobSucceeded, ""},
		"the outer word rules": {`{"status":"inprogress","result":{"status":"passed"}}`, api.VerdictRunning, api.JobRunning, ""},
		"no word, all passed":  {`{"_id":"x","result":{"stepDetails":{"passed":2,"failed":0,"total":2}}}`, api.VerdictPassed, api.JobSucceeded, ""},
		"no word, one failed":  {`{"_id":"x","result":{"stepDetails":{"passed":1,"failed":1,"total":2}}}`, api.VerdictFailed, api.JobSucceeded, ""},
		"no word, half way":    {`{"_id":"x","result":{"stepDetails":{"passed":1,"failed":0,"total":2}}}`, api.VerdictRunning, api.JobRunning, ""},
		"completed":            {`{"status":"completed","result":{"stepDetails":{"passed":2,"failed":0,"total":2}}}`, api.VerdictPassed, api.JobSucceeded, ""},
		"completed, failing":   {`{"status":"completed","result":{` + steps("passed", "failed") + `}}`, api.VerdictFailed, api.JobSucceeded, ""},
		"completed, no counts": {`{"status":"completed"}`, api.VerdictError, api.JobFailed, ""},
	} {
		run := statusOf(t, c.body)
		if run.Verdict != c.verdict || run.State != c.state || run.Failure != c.failure {
			t.Errorf("%s: verdict %s, state %s, failure %q", name, run.Verdict, run.State, run.Failure)
		}
	}
}

func TestFinishedRun(t *testing.T) {
	run := statusOf(t, `{"_id":"ctr-1","status":"failed","totalTestStepsCount":4,"percentageCompleted":100,
		"result":{"nlpVersion":["v3"],"startTime":"2025-10-17T08:02:00.330Z","version":"configured","status":"failed",
		"stepDetails":{"passed":3,"failed":1,"total":4},"errorDetails":null,"duration":14364,
		"executionResults":[{"actualOutput":[{"text":"{\"type\":\"template\",\"payload\":{\"template_type\":\"quick_replies\",\"text\":\"Language?\",\"quick_replies\":[{\"title\":\"English\",\"payload\":\"en\"}]}}",
		  "assertions":{"flowLevel":{"enabled":true,"contains":[{"nodeId":"Confirmation","status":"passed"}],"status":"passed"},
		  "text":{"enabled":true,"contains":[{"text":"Which language?","status":"failed"}],"status":"failed"},"context":{"enabled":false,"contains":[]}}}],
		 "input":"help","outputs":[{"text":"Which language?","textMismatch":true,
		  "assertions":{"text":{"enabled":true,"contains":[{"text":"Which language?","status":"failed"}],"status":"failed"}}}],"status":"failed"},
		 {"input":"ok","status":"passed","outputs":[{"text":"Bye","textMismatch":true}],"actualOutput":[{"text":"Bye!"}]}]}}`)
	if run.Percent != api.Known(100) || run.Total != api.Known(4) || run.Passed != api.Known(3) || run.Failed != api.Known(1) ||
		run.Duration != api.Known(int64(14364)) || !run.Started.Equal(time.Date(2025, 10, 17, 8, 2, 0, 330e6, time.UTC)) || len(run.Steps) != 2 {
		t.Fatalf("%+v", run)
	}
	for i, want := range []api.TestStep{
		{Input: "help", Verdict: api.VerdictFailed, Expected: []string{"Which language?"}, Actual: []string{"Language?"}, Failed: []string{"text: Which language?"}},
		{Input: "ok", Verdict: api.VerdictPassed, Expected: []string{"Bye"}, Actual: []string{"Bye!"}, Failed: []string{}},
	} {
		got := run.Steps[i]
		got.Raw = nil
		if !reflect.DeepEqual(got, want) {
			t.Errorf("step %d: %+v", i, got)
		}
	}
	running := statusOf(t, `{"_id":"ctr-1","status":"inprogress","totalTestStepsCount":4,"result":{"startTime":"x"},"percentageCompleted":150}`)
	if running.Total != api.Known(4) || running.Percent != api.Known(100) || running.Passed.Known || running.Steps != nil {
		t.Errorf("%+v", running)
	}
}

func TestDecodeStep(t *testing.T) {
	for name, c := range map[string]struct {
		row  string
		want api.TestStep
	}{
		"empty":         {`{}`, api.TestStep{}},
		"not an object": {`7`, api.TestStep{}},
		"an event":      {`{"event":"Start_Flow","status":"passed"}`, api.TestStep{Input: "Start_Flow", Verdict: api.VerdictPassed}},
		"actual output in other forms": {
			`{"actualOutput":["plain",{"text":"object"},{"x":1},{"text":"plain"}]}`, api.TestStep{Actual: []string{"plain", "object"}},
		},
		"actual output a text":   {`{"actualOutput":"just text"}`, api.TestStep{Actual: []string{"just text"}}},
		"actual output one":      {`{"actualOutput":{"text":"one"}}`, api.TestStep{Actual: []string{"one"}}},
		"actual output a number": {`{"actualOutput":null}`, api.TestStep{}},
		"a link keeps its host": {
			`{"actualOutput":[{"text":"see https://files.example.test/x?token=1"}]}`, api.TestStep{Actual: []string{"see https://files.example.test/…"}},
		},
		"several texts wanted": {
			`{"outputs":[{"text":"A","assertions":{"text":{"enabled":true,"contains":[{"text":"A1"},"A2",{"text":"A1"}]}}},{"text":"B"}]}`,
			api.TestStep{Expected: []string{"A1", "A2", "B"}, Failed: []string{}},
		},
		"text not asserted": {
			`{"outputs":[{"text":"A","assertions":{"text":{"enabled":false,"contains":[{"text":"no"}],"status":"failed"}}}]}`,
			api.TestStep{Expected: []string{"A"}, Failed: []string{}},
		},
		"each assertion is named once": {
			`{"status":"failed","outputs":[{"text":"A","assertions":{"flowLevel":{"enabled":true,"status":"failed","contains":[{"nodeId":"N1","status":"failed"},{"nodeId":"N2","status":"passed"}]},
				"context":{"contains":[{"key":"entities.order","value":"17","status":"failed"}]}}}],
			  "actualOutput":[{"text":"B","assertions":{"flowLevel":{"enabled":true,"contains":[{"nodeId":"N1","status":"failed"}]}}}]}`,
			api.TestStep{Verdict: api.VerdictFailed, Expected: []string{"A"}, Actual: []string{"B"}, Failed: []string{"flow: N1", "context: entities.order = 17"}},
		},
		"failed without saying which": {
			`{"outputs":[{"assertions":{"text":{"status":"failed","contains":[{"text":"W"}]},"context":{"status":"failed"}}}]}`,
			api.TestStep{Expected: []string{"W"}, Failed: []string{"text: W", "context"}},
		},
		"a strange word":            {`{"status":"skipped"}`, api.TestStep{Verdict: api.VerdictError}},
		"mismatch is not a verdict": {`{"status":"passed","outputs":[{"text":"x","textMismatch":true}]}`, api.TestStep{Verdict: api.VerdictPassed, Expected: []string{"x"}, Failed: []string{}}},
		"empty is not absent":       {`{"outputs":[],"actualOutput":[]}`, api.TestStep{Expected: []string{}, Actual: []string{}, Failed: []string{}}},
	} {
		got := decodeStep(json.RawMessage(c.row))
		if string(got.Raw) != c.row {
			t.Errorf("%s keeps %s", name, got.Raw)
		}
		got.Raw = nil
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestStartOfARun(t *testing.T) {
	s := fixedBody(t, `{"status":"IN_PROGRESS","testRunId":"ctr-6f"}`)
	c := s.client(t, mayWrite)
	run, err := c.StartTest(t.Context(), api.TestStart{Suite: "smoke", Version: api.InDevelopment, Email: "owner@example.test"})
	want := api.TestRun{ID: "ctr-6f", Suite: "smoke", Version: api.InDevelopment, Verdict: api.VerdictRunning, State: api.JobRunning, Word: "IN_PROGRESS"}
	if err != nil || !reflect.DeepEqual(run, want) {
		t.Errorf("%+v, %v", run, err)
	}
	a := s.all()[0]
	if a.method != "POST" || a.path != "/api/public/stream/"+string(stubBot)+"/conversation/testsuite/smoke/run" ||
		!reflect.DeepEqual(a.body, map[string]any{"version": "inDevelopment", "userEmailId": "owner@example.test"}) || a.header.Get("bot-language") != "en" {
		t.Errorf("asked %+v", a)
	}
	if _, err := c.StartTest(t.Context(), api.TestStart{Suite: "smoke", Version: "newest"}); api.KindOf(err) != api.Misuse {
		t.Errorf("a version that is none: %v", err)
	}
}

func TestImportOfASuite(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, a asked) {
		if a.method == "POST" {
			answerJSON(w, 200, `{"status":"IN_PROGRESS","dsId":"ds-0e"}`)
			return
		}
		answerJSON(w, 200, `{"_id":"ds-0e","status":"SUCCESS","percentageComplete":100,"testSuiteId":"ctc-1","expireAt":"2025-10-17T08:15:00.820Z",
			"response":{"name":"smoke-orders","testSteps":[{},{}],"_id":"ctc-2"}}`)
	})
	c := s.client(t, mayWrite)
	got, err := c.StartImport(t.Context(), api.SuiteImport{FileID: "68f2", Name: "smoke-orders", Tags: []string{"x"}, Email: "owner@example.test"})
	if want := (api.SuiteImported{ID: "ds-0e", State: api.JobRunning, Word: "IN_PROGRESS", Suite: "smoke-orders"}); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	if b := s.all()[0].body; b["fileName"] != "68f2" || b["name"] != "smoke-orders" || b["userEmailId"] != "owner@example.test" || b["description"] != nil {
		t.Errorf("asked for %v", b)
	}
	got, err = c.ImportStatus(t.Context(), "ds-0e")
	want := api.SuiteImported{
		ID: "ds-0e", State: api.JobSucceeded, Word: "SUCCESS", Percent: api.Known(100), Suite: "smoke-orders", Steps: api.Known(2),
		Expires: time.Date(2025, 10, 17, 8, 15, 0, 820e6, time.UTC),
	}
	if err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	if a := s.all()[1]; a.path != "/api/public/stream/"+string(stubBot)+"/conversation/testsuite/import/ds-0e/status" || a.header.Get("bot-language") != "en" {
		t.Errorf("asked %+v", a)
	}
	if _, err := c.StartImport(t.Context(), api.SuiteImport{Name: "x"}); api.KindOf(err) != api.Misuse {
		t.Errorf("without a file: %v", err)
	}
}

func TestDeletionOfSuites(t *testing.T) {
	body := `{"status":"Success"}`
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) { answerJSON(w, 200, body) })
	c := s.client(t, mayWrite)
	if err := c.DeleteSuites(t.Context(), []string{"a", "b/c", "a"}); err != nil {
		t.Fatal(err)
	}
	if a := s.all()[0]; a.method != "DELETE" || !strings.HasSuffix(a.path, "/conversation/testsuite") ||
		!reflect.DeepEqual(a.body, map[string]any{"testSuiteNames": []any{"a", "b/c"}}) {
		t.Errorf("asked %+v", a)
	}
	body = `{"status":"Failed","message":"in use"}`
	if err := c.DeleteSuites(t.Context(), []string{"a"}); api.KindOf(err) != api.Refused || !strings.Contains(err.Error(), "in use") {
		t.Errorf("%v", err)
	}
	if err := c.DeleteSuites(t.Context(), []string{""}); api.KindOf(err) != api.Misuse || s.count() != 2 {
		t.Errorf("%v after %d requests", err, s.count())
	}
}
