package sim

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"korescope/api"
)

// watch polls a run of 12 steps of one second at the given moments and writes
// down what it says.
func watch(t *testing.T, faults string, at ...time.Duration) []string {
	t.Helper()
	o := faulty(t, faults)
	o.TestStep = time.Second
	w, c := newWorld(t, o)
	id := runOf(t, w, "Orders smoke", "published")
	var out []string
	gone := time.Duration(0)
	for _, moment := range at {
		c.move(moment - gone)
		gone = moment
		rec := fetch(t, w, "retail", statusPath("Orders smoke", id))
		if rec.Code != 200 {
			out = append(out, refusalText(t, rec))
			continue
		}
		got := object(t, rec)
		out = append(out, fmt.Sprint(got["status"], " ", got["percentageCompleted"]))
	}
	return out
}

func TestJobFaults(t *testing.T) {
	s := time.Second
	for _, test := range []struct {
		faults string
		at     []time.Duration
		want   []string
	}{
		{"", []time.Duration{3 * s, 6 * s, 12 * s}, []string{"inprogress 25", "inprogress 50", "passed 100"}},
		{"job-stuck", []time.Duration{3 * s, 6 * s, 3600 * s}, []string{"inprogress 25", "inprogress 40", "inprogress 40"}},
		{"job-fail", []time.Duration{6 * s, 12 * s}, []string{"inprogress 50", "error 100"}},
		{"job-lost", []time.Duration{s, 12 * s}, []string{"Invalid request id", "Invalid request id"}},
		{"job-flap", []time.Duration{3 * s, 6 * s, 9 * s, 10 * s, 12 * s}, []string{"inprogress 25", "inprogress 35", "inprogress 75", "inprogress 68", "passed 100"}},
		{"job-slow(12s)", []time.Duration{6 * s, 12 * s, 23 * s, 24 * s}, []string{"inprogress 25", "inprogress 50", "inprogress 91", "passed 100"}},
		{"job-result-expired", []time.Duration{6 * s, 12 * s}, []string{"inprogress 50", "Invalid request id"}},
		{"job-unknown-word(PARKED)", []time.Duration{6 * s, 600 * s}, []string{"PARKED 50", "PARKED 100"}},
		{"job-lost@op=testsuite/status;nth=2", []time.Duration{3 * s, 6 * s, 12 * s}, []string{"inprogress 25", "Invalid request id", "passed 100"}},
		{"job-stuck@op=testsuite/run;nth=2", []time.Duration{6 * s, 12 * s}, []string{"inprogress 50", "passed 100"}},
		{"job-fail,job-slow(12s)@op=testsuite/run", []time.Duration{12 * s, 24 * s}, []string{"inprogress 50", "error 100"}},
	} {
		if got := watch(t, test.faults, test.at...); !slices.Equal(got, test.want) {
			t.Errorf("%q: %q, want %q", test.faults, got, test.want)
		}
	}
}

// TestReportFaults: the same for the jobs that are not runs.
func TestReportFaults(t *testing.T) {
	window := settledWindow(20 * time.Hour)
	for faults, want := range map[string][2]string{
		"":                   {"success", "SUCCESS"},
		"job-fail":           {"failed", "FAILED"},
		"job-stuck":          {"IN_PROGRESS", "IN_PROGRESS"},
		"job-unknown-word":   {"AWAITING_CAPACITY", "AWAITING_CAPACITY"},
		"job-lost":           {"", ""},
		"job-result-expired": {"", ""},
	} {
		w, c := newWorld(t, faulty(t, faults))
		post(t, w, pathBilling, billingBody(window.From, window.To, "date_day", ""))
		id, _ := object(t, post(t, w, pathContainment, `{"filters":{}}`))["_id"].(string)
		c.move(time.Minute)
		for i, path := range []string{pathBilling + "/status?type=summary", pathContainment + "/status/" + id} {
			rec := fetch(t, w, "retail", path)
			if want[i] == "" {
				if rec.Code != 400 {
					t.Errorf("%s: %d", faults, rec.Code)
				}
				continue
			}
			got := object(t, rec)
			done := got["response"] != nil || got["tasksExecutionReport"] != nil
			if got["status"] != want[i] || done != (faults == "") || (faults == "job-fail") != (got["statusLogs"] != nil && len(got["statusLogs"].([]any)) > 0) {
				t.Errorf("%s: %v", faults, got)
			}
		}
	}
}

// TestOtherBillingJob: somebody else's report stands where ours should be; once
// with the start, and once between two polls.
func TestOtherBillingJob(t *testing.T) {
	window := settledWindow(20 * time.Hour)
	body := billingBody(window.From, window.To, "date_day_hour", "")
	for _, test := range []struct {
		faults string
		ours   string // x where a poll shows another job; the second half after a second start
	}{
		{"", "......"}, {"other-billing-job", "xxxxxx"}, {"other-billing-job@op=billingsessionsummary;nth=1", "xxx..."},
		{"other-billing-job@op=billingsessionsummary/status;nth=2", ".xx..."},
	} {
		w, c := newWorld(t, faulty(t, test.faults))
		got := ""
		for range 2 {
			id := object(t, post(t, w, pathBilling, body))["_id"]
			for range 3 {
				c.move(time.Second)
				answer := object(t, fetch(t, w, "retail", pathBilling+"/status?type=summary"))
				got += map[bool]string{true: ".", false: "x"}[answer["_id"] == id]
			}
		}
		if got != test.ours {
			t.Errorf("%q: %s, want %s", test.faults, got, test.ours)
		}
		if acts := w.Truth().Acts; len(acts) != 2 {
			t.Errorf("%q: the other caller's jobs are counted as ours: %d", test.faults, len(acts))
		}
	}
}

// TestCommitThenDrop: the act stands in the truth, the caller got nothing; what
// changes nothing is answered.
func TestCommitThenDrop(t *testing.T) {
	w, _ := newWorld(t, faulty(t, "commit-then-drop"))
	srv := httptest.NewServer(w.Handler())
	defer srv.Close()
	send := func(method, path, body string) (int, error) {
		r, err := http.NewRequest(method, srv.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("auth", sign(t, named("retail"), nil))
		resp, err := srv.Client().Do(r)
		if err != nil {
			return 0, err
		}
		_, err = io.Copy(io.Discard, resp.Body)
		return resp.StatusCode, errors.Join(err, resp.Body.Close())
	}
	const run = `{"version":"published","userEmailId":"a@example.test"}`
	if code, err := send("GET", pathDebug+"?identity=x", ""); err != nil || code != 200 {
		t.Errorf("a read: %d, %v", code, err)
	}
	if code, err := send("POST", pathSuites+"/nothing/run", run); err != nil || code != 400 {
		t.Errorf("a refused act: %d, %v", code, err)
	}
	for _, act := range [][3]string{
		{"POST", pathSuites + "/Orders%20smoke/run", run}, {"DELETE", pathSuites, `{"testSuiteNames":["Broken suite"]}`}, {"POST", pathContainment, `{"filters":{}}`},
	} {
		if code, err := send(act[0], act[1], act[2]); err == nil {
			t.Errorf("%s %s was answered with %d", act[0], act[1], code)
		}
	}
	truth := w.Truth()
	var ops []string
	for _, a := range truth.Acts {
		ops = append(ops, a.Op)
	}
	if !slices.Equal(ops, []string{api.RunSuite, api.DeleteSuite, api.StartContainment}) || truth.RunRequests["Orders smoke"] != 1 {
		t.Errorf("%v, %v", ops, truth.RunRequests)
	}
}

// TestSameJobsSameBytes: two worlds of one seed answer the same requests with
// the same bytes; another seed gives other ids.
func TestSameJobsSameBytes(t *testing.T) {
	tell := func(seed uint64) []byte {
		w, c := newWorld(t, open(Options{Seed: seed}))
		window := settledWindow(40 * time.Hour)
		var out bytes.Buffer
		id := runOf(t, w, "Refunds smoke", "published")
		note := func(rec *httptest.ResponseRecorder) { out.Write(rec.Body.Bytes()) }
		note(post(t, w, pathBilling, billingBody(window.From, window.To, "date_day_hour", "")))
		report := post(t, w, pathContainment, containmentBody(window, ""))
		note(report)
		c.move(time.Minute)
		note(fetch(t, w, "retail", statusPath("Refunds smoke", id)))
		note(fetch(t, w, "retail", pathBilling+"/status?type=summary"))
		note(fetch(t, w, "retail", pathContainment+"/status/"+object(t, report)["_id"].(string)))
		note(fetch(t, w, "admin", "/api/public/bots"))
		note(fetch(t, w, "admin", "/api/public/alluserroles"))
		note(fetch(t, w, "retail", pathTranslation+"?fromDate=2025-10-16T00:00:00.000Z"))
		return out.Bytes()
	}
	if a, b := tell(4), tell(4); !bytes.Equal(a, b) || len(a) < 20000 {
		t.Errorf("%d and %d bytes", len(a), len(b))
	}
	if bytes.Equal(tell(4), tell(5)) {
		t.Error("two seeds, one answer")
	}
}

// TestJobsAtOnce is for the race detector: everything that has state, together.
func TestJobsAtOnce(t *testing.T) {
	w, c := newWorld(t, open(Options{Sessions: 300}))
	window := settledWindow(40 * time.Hour)
	tokens := make(chan string, 200)
	for range cap(tokens) {
		tokens <- sign(t, named("retail"), nil)
	}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			name := fmt.Sprintf("copy-%d", i)
			for range 3 {
				for _, r := range [][3]string{
					{"POST", pathSuites + "/Orders%20smoke/run", `{"version":"published","userEmailId":"a"}`},
					{"POST", pathBilling, billingBody(window.From, window.To, "date_day", "")},
					{"GET", pathBilling + "/status?type=summary", ""},
					{"POST", pathSuites + "/import", `{"fileName":"` + knownFile + `","name":"` + name + `","userEmailId":"a"}`},
					{"DELETE", pathSuites, `{"testSuiteNames":["` + name + `"]}`},
					{"POST", pathContainment, `{"filters":{}}`},
				} {
					c.move(time.Second)
					rec := httptest.NewRecorder()
					w.Handler().ServeHTTP(rec, newRequest(r[0], r[1], <-tokens, r[2]))
					if rec.Code != 200 && rec.Code != 400 {
						t.Errorf("%s %s: %d %s", r[0], r[1], rec.Code, rec.Body)
					}
				}
			}
		})
	}
	wg.Wait()
	if truth := w.Truth(); truth.RunRequests["Orders smoke"] != 24 {
		t.Errorf("%d runs", truth.RunRequests["Orders smoke"])
	}
}

// TestHostileJobs: a client can still follow a job whose texts are hostile.
func TestHostileJobs(t *testing.T) {
	w, c := newWorld(t, faulty(t, "hostile-text"))
	id := runOf(t, w, "Orders smoke", "published")
	c.move(3 * time.Second)
	if got := object(t, fetch(t, w, "retail", statusPath("Orders smoke", id))); got["status"] != "inprogress" || got["_id"] != id {
		t.Errorf("%v", got)
	}
	c.move(time.Minute)
	got := object(t, fetch(t, w, "retail", statusPath("Orders smoke", id)))
	if got["status"] != "passed" || !has(dig(t, got, "result", "executionResults", 0, "input").(string), "canary-") {
		t.Errorf("%v", got)
	}
}
