package failures_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"korescope/api"
	"korescope/api/failures"
)

func at(minutes int) time.Time {
	return time.Date(2031, 3, 4, 12, 0, 0, 0, time.UTC).Add(time.Duration(minutes) * time.Minute)
}

func task(minute int, session api.SessionID, name, reason string) api.Metric {
	return api.Metric{Kind: api.FailedTasks, At: at(minute), Session: session, Task: name, TaskID: "dg-" + name, Point: "GetOrder", Reason: reason, Language: "en"}
}

func TestTasks(t *testing.T) {
	rows := []api.Metric{
		task(3, "s1", "Refund", "timed out after 30012 ms"), task(9, "s2", "Refund", "timed out after 29 ms"),
		task(5, "s1", "Refund", "timed out after 7 ms"), task(1, "s3", "Order", "left"), {Kind: api.NodeRuns, Node: "of another kind"},
		{Kind: api.FailedTasks, Session: "s4", Task: "Order", TaskID: "dg-Order", Point: "GetOrder", Reason: "left"}, // without a time
	}
	got := failures.Tasks(rows)
	if len(got) != 2 {
		t.Fatalf("%+v", got)
	}
	refund, order := got[0], got[1]
	if refund.Count != 3 || refund.Reason != "timed out after 29 ms" || refund.Share != 60 || !refund.First.Equal(at(3)) || !refund.Last.Equal(at(9)) ||
		!reflect.DeepEqual(refund.Sessions, []api.SessionID{"s2", "s1"}) {
		t.Errorf("%+v", refund)
	}
	if order.Count != 2 || order.Share != 40 || !order.First.Equal(at(1)) || len(order.Newest()) != 2 {
		t.Errorf("%+v", order)
	}
	if failures.Tasks(nil) == nil {
		t.Error("no failure is an empty list, not an unknown one")
	}
}

func run(minute int, node, status, code string, ms int) api.Metric {
	m := api.Metric{Kind: api.NodeRuns, At: at(minute), Node: node, NodeType: "service", Task: "Refund", Status: status, Code: code}
	if ms >= 0 {
		m.Took = api.Known(time.Duration(ms) * time.Millisecond)
	}
	return m
}

func TestNodes(t *testing.T) {
	var rows []api.Metric
	for i := range 20 {
		rows = append(rows, run(i, "GetOrder", "success", "200", 100+i))
	}
	rows = append(rows, run(30, "GetOrder", "failure", "504", 30000), run(25, "GetOrder", "success", "ETIMEDOUT", -1),
		run(27, "GetOrder", "success", "503", -1), run(1, "Slow", "success", "", 9000), run(1, "Quick", "success", "", 9), run(1, "Mute", "", "", -1))
	got := failures.Nodes(rows)
	var names []string
	for _, n := range got {
		names = append(names, n.Name)
	}
	if fmt.Sprint(names) != "[GetOrder Slow Quick Mute]" {
		t.Fatalf("order %v", names)
	}
	n := got[0]
	if n.Runs != 23 || n.Failed.Count != 2 || n.FailedPct() != 8.6 || !n.Failed.First.Equal(at(27)) || !n.Failed.Last.Equal(at(30)) {
		t.Errorf("%+v", n)
	}
	if want := []failures.Code{{"200", 20}, {"503", 1}, {"504", 1}, {"ETIMEDOUT", 1}}; !reflect.DeepEqual(n.Codes, want) {
		t.Errorf("codes %v", n.Codes)
	}
	if n.Median != api.Known(110*time.Millisecond) || n.Max != api.Known(30*time.Second) {
		t.Errorf("times %+v %+v %+v", n.Median, n.P95, n.Max)
	}
	if got[3].Median.Known || got[3].Codes != nil {
		t.Errorf("what nobody said: %+v", got[3])
	}
}

func said(minute int, words string, ambiguous api.Maybe[bool]) api.Metric {
	return api.Metric{Kind: api.Unhandled, At: at(minute), Session: api.SessionID(words), Utterance: words, Language: "en", Ambiguous: ambiguous}
}

func TestUtterances(t *testing.T) {
	rows := []api.Metric{
		said(1, "where is order 4711", api.Known(false)), said(2, "Where  is order 815", api.Known(true)), said(3, "hello", api.Maybe[bool]{}),
		{Kind: api.FailedIntents, Utterance: "of another kind"},
	}
	got := failures.Utterances(rows, api.Unhandled)
	if len(got) != 2 || got[0].Count != 2 || got[0].Text != "Where  is order 815" || got[0].Ambiguous != api.Known(1) || got[1].Ambiguous.Known {
		t.Errorf("%+v", got)
	}
	if got := failures.Utterances(rows, api.FailedIntents); len(got) != 1 {
		t.Errorf("%+v", got)
	}
}
