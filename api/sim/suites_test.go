package sim

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"korescope/api"
)

// TestRunAdvances: three spellings of the status, the percentage under its name
// with a d, one step after the other.
func TestRunAdvances(t *testing.T) {
	w, c := newWorld(t, open(Options{TestStep: time.Second}))
	id := runOf(t, w, "Orders smoke", "inDevelopment")
	for _, test := range []struct {
		wait    time.Duration
		percent float64
		status  string
	}{
		{0, 0, "inprogress"}, {999 * time.Millisecond, 0, "inprogress"}, {time.Millisecond, 8, "inprogress"}, {2 * time.Second, 25, "inprogress"},
		{8*time.Second + 999*time.Millisecond, 91, "inprogress"}, {time.Millisecond, 100, "passed"}, {3 * time.Hour, 100, "passed"},
	} {
		c.move(test.wait)
		got := object(t, fetch(t, w, "retail", statusPath("Orders smoke", id)))
		if got["percentageCompleted"] != test.percent || got["status"] != test.status || dig(t, got, "result", "status") != test.status {
			t.Errorf("at %v: %v %v, want %v %s", c.now(), got["percentageCompleted"], got["status"], test.percent, test.status)
		}
		if got["_id"] != id || got["streamId"] != string(retailBot) || got["totalTestStepsCount"] != 12.0 || dig(t, got, "result", "version") != "configured" {
			t.Errorf("head of the run: %v", got)
		}
		if _, there := got["result"].(row)["executionResults"]; there != (test.status == "passed") {
			t.Errorf("at %v: results are there: %v", c.now(), there)
		}
	}
	for _, key := range []string{"percentageComplete", "percentage"} {
		if _, there := object(t, fetch(t, w, "retail", statusPath("Orders smoke", id)))[key]; there {
			t.Errorf("the key %s belongs to other jobs", key)
		}
	}
}

func TestVerdicts(t *testing.T) {
	for _, test := range []struct {
		suite, version string
		before         time.Duration // the clock goes back by this first
		status         string
		percent        float64
		passed, failed any
	}{
		{"Refunds smoke", "published", 0, "failed", 100, 26.0, 2.0},
		{"Refunds smoke", "published", time.Hour, "passed", 100, 28.0, 0.0},
		{"Orders smoke", "published", 0, "passed", 100, 12.0, 0.0},
		{"Regression night", "inDevelopment", 0, "failed", 100, 152.0, 8.0},
		{"Broken suite", "published", 0, "error", 33, nil, nil},
		{"Broken suite", "inDevelopment", 0, "failed", 33, nil, nil},
	} {
		w, c := newWorld(t, open(Options{}))
		c.move(-test.before)
		id := runOf(t, w, test.suite, test.version)
		c.move(239 * time.Second)
		if test.suite == "Regression night" {
			if got := object(t, fetch(t, w, "retail", statusPath(test.suite, id))); got["status"] != "inprogress" || got["percentageCompleted"] != 99.0 {
				t.Errorf("the night suite is %v at %v percent after 239 s", got["status"], got["percentageCompleted"])
			}
		}
		c.move(time.Second)
		got := object(t, fetch(t, w, "retail", statusPath(test.suite, id)))
		result := got["result"].(row)
		if got["status"] != test.status || got["percentageCompleted"] != test.percent {
			t.Errorf("%s %s: %v at %v", test.suite, test.version, got["status"], got["percentageCompleted"])
		}
		if test.passed == nil {
			_, details := result["stepDetails"]
			if _, steps := result["executionResults"]; steps || details || !has(fmt.Sprint(dig(t, result, "errorDetails", "message")), "may not talk") {
				t.Errorf("%s: %v", test.suite, result)
			}
			continue
		}
		want := row{"passed": test.passed, "failed": test.failed, "total": got["totalTestStepsCount"]}
		if !maps.Equal(result["stepDetails"].(row), want) || result["errorDetails"] != nil || len(result["executionResults"].([]any)) != int(want["total"].(float64)) {
			t.Errorf("%s: %v, want %v", test.suite, result["stepDetails"], want)
		}
		if v := dig(t, result, "version"); (v == "configured") != (test.version == "inDevelopment") {
			t.Errorf("%s is answered as %v", test.version, v)
		}
	}
}

// TestFailedSteps: what failed, and the odd things that a reader must not trust.
func TestFailedSteps(t *testing.T) {
	w, c := newWorld(t, open(Options{}))
	id := runOf(t, w, "Refunds smoke", "published")
	c.move(time.Minute)
	var text, context, mismatched, templates, atNodes, standard int
	for i, one := range dig(t, object(t, fetch(t, w, "retail", statusPath("Refunds smoke", id))), "result", "executionResults").([]any) {
		s := one.(row)
		expected, actual := dig(t, s, "outputs", 0).(row), dig(t, s, "actualOutput", 0).(row)
		bad := s["status"] == "failed"
		switch {
		case bad && dig(t, expected, "assertions", "text", "status") == "failed":
			text++
			if actual["text"] != "Could you say that again?" || expected["text"] != "Card or store credit?" {
				t.Errorf("step %d: %v against %v", i, expected["text"], actual["text"])
			}
		case bad && dig(t, expected, "assertions", "context", "contains", 0, "status") == "failed":
			context++
			if dig(t, expected, "assertions", "context", "contains", 0, "key") != "entities.order_id" {
				t.Errorf("step %d: %v", i, expected["assertions"])
			}
		case !bad && expected["textMismatch"] == true:
			mismatched++
		}
		if said, _ := actual["text"].(string); has(said, `"template_type":"quick_replies"`) {
			templates++
		}
		atNodes += number(actual["nodeId"] != nil && actual["transitions"] != nil && actual["category"] == nil)
		standard += number(actual["category"] != nil && actual["userPrompts"] != nil && actual["nodeId"] == nil)
		if _, first := s["event"]; first != (i == 0) || s["requestId"] != fmt.Sprintf("%s%d", id, i) || s["nlpVersion"] != "v3" {
			t.Errorf("step %d: event %v, requestId %v", i, first, s["requestId"])
		}
	}
	if text != 1 || context != 1 || mismatched < 6 || templates < 6 || atNodes < 5 || standard < 5 || atNodes+standard != 28 {
		t.Errorf("text %d, context %d, mismatched but passed %d, templates %d, at nodes %d, standard %d", text, context, mismatched, templates, atNodes, standard)
	}
}

func TestShortResults(t *testing.T) {
	w, c := newWorld(t, open(Options{Strict: Strict{ShortResults: true}}))
	id := runOf(t, w, "Refunds smoke", "published")
	c.move(time.Minute)
	got := slices.Sorted(maps.Keys(object(t, fetch(t, w, "retail", statusPath("Refunds smoke", id)))["result"].(row)))
	if want := []string{"duration", "startTime", "status", "stepDetails", "version"}; !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}

func TestSuiteRefusals(t *testing.T) {
	w, c := newWorld(t, open(Options{}))
	id := runOf(t, w, "Orders smoke", "published")
	const good = `{"version":"published","userEmailId":"a@example.test"}`
	for _, test := range []struct {
		name, method, path, body string
		status                   int
		msg                      string
	}{
		{"unknown suite", "POST", pathSuites + "/nothing/run", good, 400, "Test Suite not found"},
		{"the body is looked at first", "POST", pathSuites + "/nothing/run", `{}`, 412, "Validation"},
		{"no version", "POST", pathSuites + "/Orders%20smoke/run", `{"userEmailId":"a@example.test"}`, 412, "Validation"},
		{"wrong version", "POST", pathSuites + "/Orders%20smoke/run", `{"version":"configured","userEmailId":"a@example.test"}`, 412, "Validation"},
		{"no e-mail", "POST", pathSuites + "/Orders%20smoke/run", `{"version":"published"}`, 412, "Validation"},
		{"names are escaped", "POST", pathSuites + "/Orders+smoke/run", good, 400, "Test Suite not found"},
		{"a slash makes another path", "POST", pathSuites + "/Orders/smoke/run", good, 405, "Method"},
		{"an escaped one does not", "POST", pathSuites + "/Orders%2Fsmoke/run", good, 400, "Test Suite not found"},
		{"wrong verb", "GET", pathSuites + "/Orders%20smoke/run", "", 405, "Method"},
		{"unknown run", "GET", statusPath("Orders smoke", "ctr-none"), "", 400, "Invalid request id"},
		{"run of another suite", "GET", statusPath("Refunds smoke", id), "", 400, "Invalid request id"},
		{"run of no suite", "GET", statusPath("nothing", id), "", 400, "Test Suite not found"},
		{"unknown run of no suite", "GET", statusPath("nothing", "ctr-none"), "", 400, "Test Suite not found"},
		{"a run is no import", "GET", pathSuites + "/import/" + id + "/status", "", 400, "Invalid request id"},
		{"delete without names", "DELETE", pathSuites, `{}`, 412, "Validation"},
		{"delete unknown", "DELETE", pathSuites, `{"testSuiteNames":["Orders smoke","nothing"]}`, 400, "Test Suite not found"},
		{"import without a name", "POST", pathSuites + "/import", `{"fileName":"` + knownFile + `","userEmailId":"a@example.test"}`, 412, "Validation"},
		{"import of an unknown file", "POST", pathSuites + "/import", `{"fileName":"64c0ffee0123456789abcdef","name":"x","userEmailId":"a@example.test"}`, 400, "Invalid file id"},
	} {
		rec := ask(t, w, test.method, test.path, sign(t, named("retail"), nil), test.body)
		if got := refusalText(t, rec); rec.Code != test.status || !has(got, test.msg) {
			t.Errorf("%s: %d %q", test.name, rec.Code, got)
		}
	}
	c.move(time.Hour)
	if got := object(t, fetch(t, w, "retail", statusPath("Orders smoke", id))); got["status"] != "passed" {
		t.Errorf("after an hour the run is %v", got["status"])
	}
	if acts := w.Truth().Acts; len(acts) != 1 {
		t.Errorf("refused calls did something: %v", acts)
	}
}

// TestBotLanguage: the header is optional and any value is taken.
func TestBotLanguage(t *testing.T) {
	w, _ := newWorld(t, open(Options{}))
	for _, lang := range []string{"", "en", "xx"} {
		r := newRequest("POST", pathSuites+"/Orders%20smoke/run", sign(t, named("retail"), nil), `{"version":"published","userEmailId":"a@example.test"}`)
		if lang != "" {
			r.Header.Set("bot-language", lang)
		}
		if rec := serve(w, r); rec.Code != http.StatusOK {
			t.Errorf("%q: %d %s", lang, rec.Code, rec.Body)
		}
	}
}

// TestActs: the server's own count of what was started, duplicates and all.
func TestActs(t *testing.T) {
	w, c := newWorld(t, open(Options{}))
	first, second := runOf(t, w, "Orders smoke", "published"), runOf(t, w, "Orders smoke", "published")
	c.move(time.Second)
	runOf(t, w, "Refunds smoke", "published")
	ask(t, w, "POST", pathSuites+"/Refunds%20smoke/run", "", "{}")
	truth := w.Truth()
	if first == second || !maps.Equal(truth.RunRequests, map[string]int{"Orders smoke": 2, "Refunds smoke": 2}) {
		t.Errorf("%s, %s, %v", first, second, truth.RunRequests)
	}
	want := []Act{
		{noon(), api.RunSuite, retailBot, "Orders smoke", api.JobID(first)}, {noon(), api.RunSuite, retailBot, "Orders smoke", api.JobID(second)},
	}
	if len(truth.Acts) != 3 || !slices.Equal(truth.Acts[:2], want) || truth.Acts[2].Name != "Refunds smoke" || !truth.Acts[2].At.Equal(noon().Add(time.Second)) {
		t.Errorf("%+v", truth.Acts)
	}
}

func TestImport(t *testing.T) {
	w, c := newWorld(t, open(Options{}))
	const name = "Über/50 % & more"
	started := object(t, post(t, w, pathSuites+"/import", `{"fileName":"`+knownFile+`","name":"`+name+`","tags":["a"],"description":"d","userEmailId":"a@example.test"}`))
	id, _ := started["dsId"].(string)
	path := pathSuites + "/import/" + id + "/status"
	if started["status"] != "IN_PROGRESS" || !strings.HasPrefix(id, "ds-") || started["_id"] != nil {
		t.Fatalf("%v", started)
	}
	c.move(time.Second)
	got := object(t, fetch(t, w, "retail", path))
	if got["status"] != "IN_PROGRESS" || got["percentageComplete"] != 40.0 || got["response"] != nil || got["testSuiteId"] == nil || got["_id"] != id {
		t.Errorf("running: %v", got)
	}
	escaped := statusPath(name, "x")[:len(statusPath(name, "x"))-len("/x/status")]
	if rec := post(t, w, escaped+"/run", `{"version":"published","userEmailId":"a@example.test"}`); rec.Code != 400 {
		t.Errorf("the suite is there before its import has ended: %s", rec.Body)
	}
	c.move(2 * time.Second)
	got = object(t, fetch(t, w, "retail", path))
	if got["status"] != "SUCCESS" || got["percentageComplete"] != 100.0 || got["jobType"] != "CONVERSATION_TESTING_VALIDATE" || got["action"] != "RUN" ||
		got["expireAt"] != "2025-10-17T12:15:00.000Z" || dig(t, got, "response", "name") != name || dig(t, got, "response", "_id") == got["testSuiteId"] ||
		dig(t, got, "response", "testSteps", 0, "event") != "Start_Flow" || dig(t, got, "response", "tags", 0) != "a" {
		t.Errorf("finished: %v", got)
	}
	run := runOf(t, w, name, "published")
	c.move(time.Minute)
	if got := object(t, fetch(t, w, "retail", statusPath(name, run))); got["status"] != "passed" || got["totalTestStepsCount"] != 4.0 {
		t.Errorf("%v", got)
	}
	c.move(14 * time.Minute)
	if rec := fetch(t, w, "retail", path); rec.Code != 400 || refusalText(t, rec) != "Invalid request id" {
		t.Errorf("an hour later: %d %s", rec.Code, rec.Body)
	}
}

func TestDeleteSuites(t *testing.T) {
	for _, override := range []bool{false, true} {
		w, _ := newWorld(t, open(Options{}))
		method := "DELETE"
		if override {
			method = "POST"
		}
		r := newRequest(method, pathSuites, sign(t, named("retail"), nil), `{"testSuiteNames":["Orders smoke","Broken suite"]}`)
		if override {
			r.Header.Set("x-http-method-override", "delete")
		}
		if got := object(t, serve(w, r)); got["status"] != "Success" || len(got) != 1 {
			t.Errorf("override %v: %v", override, got)
		}
		for name, code := range map[string]int{"Orders smoke": 400, "Broken suite": 400, "Refunds smoke": 200} {
			if rec := post(t, w, statusPath(name, "")[:len(statusPath(name, ""))-len("//status")]+"/run", `{"version":"published","userEmailId":"a@example.test"}`); rec.Code != code {
				t.Errorf("override %v: %s answers %d", override, name, rec.Code)
			}
		}
		if acts := w.Truth().Acts; len(acts) != 3 || acts[0].Op != api.DeleteSuite || acts[1].Name != "Broken suite" {
			t.Errorf("%+v", acts)
		}
	}
	w, _ := newWorld(t, open(Options{}))
	if rec := post(t, w, pathSuites, `{"testSuiteNames":["Orders smoke"]}`); rec.Code != 405 {
		t.Errorf("POST without the header: %d", rec.Code)
	}
}
