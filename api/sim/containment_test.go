package sim

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"korescope/api"
)

func containmentBody(w api.Window, filters string) string {
	return fmt.Sprintf(`{"filters":{"dateFrom":%q,"dateTo":%q%s}}`, stamp(w.From.UnixMilli()), stamp(w.To.UnixMilli()-1), filters)
}

// contained asks for the report and gives its data by period.
func contained(t *testing.T, w *World, c *clock, body string) (row, int) {
	t.Helper()
	id := object(t, post(t, w, pathContainment, body))["_id"].(string)
	c.move(usualTakes)
	got := object(t, fetch(t, w, "retail", pathContainment+"/status/"+id))
	if got["status"] != "SUCCESS" || len(got) != 2 {
		t.Fatalf("%v", got)
	}
	return dig(t, got, "tasksExecutionReport", "data").(row), int(dig(t, got, "tasksExecutionReport", "total").(float64))
}

// TestContainmentAgrees: every row against the truth, and the sums against what
// getSessions shows of the same sessions.
func TestContainmentAgrees(t *testing.T) {
	for _, daily := range []bool{true, false} {
		w, c := newWorld(t, open(Options{Seed: 5}))
		window := settledWindow(80 * time.Hour)
		filters := `,"AggregationType":"Cumulative"`
		if daily {
			filters = `,"AggregationType":"Daily"`
		}
		truth := w.Truth().Containment(retailBot, api.ContainmentQuery{Window: window, Daily: daily})
		data, total := contained(t, w, c, containmentBody(window, filters))
		if want := map[bool]int{true: 5, false: 1}[daily]; len(data) != want || total != len(truth) {
			t.Errorf("daily %v: %d periods, total %d, truth %d", daily, len(data), total, len(truth))
		}
		executions, repeated, i, texts, numbers := 0, 0, 0, 0, 0
		for _, key := range slices.Sorted(maps.Keys(data)) {
			for _, r := range data[key].([]any) {
				r := r.(row)
				want := truth[i]
				i++
				got := ContainmentTruth{
					r["dateRange"].(string), r["taskName"].(string), r["taskType"].(string), r["Status"].(string), integer(r["totalExecution"]), integer(r["totalSession"]),
					integer(r["selfServiceSessions"]), integer(r["dropOffSessions"]), integer(r["agentTransferSessions"]),
				}
				if got != want || key != want.Period || got.Executions < got.Sessions || got.Sessions < got.SelfService+got.DropOff+got.Agent {
					t.Errorf("%+v, want %+v", got, want)
				}
				for part, name := range map[int]string{1: "selfService", 2: "dropOff", 3: "agentTransfer"} {
					n := []int{0, got.SelfService, got.DropOff, got.Agent}[part]
					switch pct := r[name+"SessionsInPercentage"].(type) {
					case float64:
						numbers++
						if n*100%got.Sessions != 0 || int(pct) != n*100/got.Sessions {
							t.Errorf("%v of %d in %d as a number", pct, n, got.Sessions)
						}
					case string:
						texts++
						if n*100%got.Sessions == 0 || pct != fmt.Sprintf("%.2f", float64(n)*100/float64(got.Sessions)) {
							t.Errorf("%v of %d in %d as a text", pct, n, got.Sessions)
						}
					default:
						t.Errorf("%s is %v", name, pct)
					}
				}
				executions += got.Executions
				repeated += number(got.Executions > got.Sessions)
			}
		}
		if texts == 0 || numbers == 0 || repeated == 0 {
			t.Errorf("%d texts, %d numbers, %d rows with a task that ran twice in a session", texts, numbers, repeated)
		}
		tasks := 0
		for _, s := range readSessions(t, w, pathSessions, fmt.Sprintf(`{"dateFrom":%q,"dateTo":%q,"limit":10000}`, stamp(window.From.UnixMilli()), stamp(window.To.UnixMilli()-1))).Rows {
			if s["isDeveloper"] == false {
				tasks += integer(s["noOfTasksExecuted"])
			}
		}
		if executions != tasks {
			t.Errorf("%d executions, the sessions count %d", executions, tasks)
		}
	}
}

func integer(v any) int { return int(v.(float64)) }

// TestRefundsFail: the report shows the incident.
func TestRefundsFail(t *testing.T) {
	w, _ := newWorld(t, open(Options{}))
	published := w.Anchor().Add(-40 * time.Minute)
	failing := func(window api.Window) (bad, all int) {
		for _, r := range w.Truth().Containment(retailBot, api.ContainmentQuery{Window: window}) {
			if r.Task == "Refund" {
				all += r.Executions
				if r.Status == "failtask" {
					bad += r.Executions
				}
			}
		}
		return bad, all
	}
	bad, all := failing(api.Window{From: published, To: w.Anchor()})
	if all < 12 || bad*10 < all*8 {
		t.Errorf("since the publish %d of %d refunds failed", bad, all)
	}
	if bad, all := failing(api.Window{From: published.Add(-3 * day), To: published}); all < 50 || bad*10 > all {
		t.Errorf("before it %d of %d", bad, all)
	}
	both := map[string]bool{}
	found := false
	for _, r := range w.Truth().Containment(retailBot, api.ContainmentQuery{Window: api.Window{From: published.Add(-14 * day), To: published}}) {
		if r.Task == "Cancel order" && r.Agent > 0 {
			found = found || both[r.Task]
			both[r.Task] = true
		}
	}
	if !found {
		t.Error("no task that succeeded and failed in the same sessions")
	}
}

func TestContainmentJob(t *testing.T) {
	w, c := newWorld(t, open(Options{}))
	started := object(t, post(t, w, pathContainment+"?skip=0&limit=10", `{"filters":{}}`))
	id := started["_id"].(string)
	path := pathContainment + "/status/" + id
	if started["status"] != "IN_PROGRESS" || started["expireAt"] != "2025-10-17T12:15:00.000Z" || started["jobType"] != "TASK_EXECUTION_CONTAINMENT_REPORT" || started["percentageComplete"] != 0.0 {
		t.Errorf("%v", started)
	}
	if rec := fetch(t, w, "banking", strings.Replace(path, string(retailBot), string(bankBot), 1)); rec.Code != 400 {
		t.Errorf("another bot's report: %d", rec.Code)
	}
	c.move(2 * time.Second)
	if got := object(t, fetch(t, w, "retail", path)); got["status"] != "IN_PROGRESS" || got["percentageComplete"] != 80.0 || got["tasksExecutionReport"] != nil {
		t.Errorf("running: %v", got)
	}
	c.move(15*time.Minute - 2*time.Second - time.Millisecond)
	if rec := fetch(t, w, "retail", path); rec.Code != 200 {
		t.Errorf("a moment before it expires: %d", rec.Code)
	}
	c.move(time.Millisecond)
	for _, gone := range []string{path, pathContainment + "/status/ds-none"} {
		if rec := fetch(t, w, "retail", gone); rec.Code != 400 || refusalText(t, rec) != "Invalid request id" {
			t.Errorf("%s: %d", gone, rec.Code)
		}
	}
	if rec := fetch(t, w, "admin", path); rec.Code != 401 {
		t.Errorf("an admin app: %d", rec.Code)
	}
}

func TestContainmentFilters(t *testing.T) {
	w, c := newWorld(t, open(Options{Seed: 5}))
	window := settledWindow(60 * time.Hour)
	data, _ := contained(t, w, c, containmentBody(window, `,"includeTaskName":["Refund","Loyalty"],"tags":[{"name":"tier"}]`))
	for _, rows := range data {
		for _, r := range rows.([]any) {
			if name := dig(t, r, "taskName"); name != "Refund" && name != "Loyalty" {
				t.Errorf("task %v", name)
			}
		}
	}
	if data, _ = contained(t, w, c, containmentBody(window, `,"ConversationType":"Non-Interactive"`)); len(data) != 1 {
		t.Errorf("%d periods", len(data))
	}
	for _, rows := range data {
		for _, r := range rows.([]any) {
			if kind := dig(t, r, "taskType"); kind != "alert" {
				t.Errorf("a notice is a %v", kind)
			}
		}
	}
	now := api.Window{From: noon().Add(-time.Hour), To: noon()}
	if data, _ := contained(t, w, c, containmentBody(now, `,"ConversationStatus":"Active"`)); len(data) == 0 {
		t.Error("nothing is active in the last hour")
	}
	if data, total := contained(t, w, c, containmentBody(window, `,"ConversationStatus":"Active"`)); len(data) != 0 || total != 0 {
		t.Errorf("active long ago: %v", data)
	}
	for body, status := range map[string]int{
		`{}`: 412, `{"filters":[]}`: 412, `{"filters":{"ConversationType":"interactive"}}`: 412, `{"filters":{"AggregationType":"Weekly"}}`: 412, `{"filters":{"tags":{}}}`: 412,
		`{"filters":{"dateFrom":"2025-07-19","dateTo":"2025-10-17"}}`: 200, `{"filters":{"dateFrom":"2025-07-18","dateTo":"2025-10-17"}}`: 400,
		`{"filters":{"dateFrom":"2025-09-17","dateTo":"2025-10-17","AggregationType":"Daily"}}`: 200,
		`{"filters":{"dateFrom":"2025-09-16","dateTo":"2025-10-17","AggregationType":"Daily"}}`: 400,
	} {
		if rec := post(t, w, pathContainment, body); rec.Code != status {
			t.Errorf("%s: %d %s", body, rec.Code, rec.Body)
		}
	}
}
