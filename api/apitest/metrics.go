package apitest

import (
	"testing"
	"time"

	"korescope/api"
)

// Metrics is the platform's metrics and change log with the truth about a
// window.
type Metrics struct {
	Source api.MetricSource
	Window api.Window
	// Rows are the times of all rows of a kind, newest first.
	Rows map[api.MetricKind][]api.Metric // At, Session and Node are compared
	// Changes are the times of the entries of the change log, newest first.
	Changes []time.Time
}

// RunMetrics runs the suite; open is called once for each case.
func RunMetrics(t *testing.T, open func(t *testing.T) Metrics) {
	for _, c := range []struct {
		name string
		test func(*testing.T, Metrics)
	}{
		{"rows of each kind", metricRows},
		{"the newest rows", newestMetrics},
		{"the change log", changeLog},
		{"part of the change log", partOfTheLog},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

func metricRows(t *testing.T, d Metrics) {
	for kind, want := range d.Rows {
		got, _ := gather(t, d.Source.Metrics(t.Context(), api.MetricQuery{Kind: kind, Window: d.Window}, api.Person))
		if len(got) != len(want) {
			t.Errorf("%s: %d rows, want %d", kind, len(got), len(want))
			continue
		}
		ids := map[string]bool{}
		for i, g := range got {
			sameTime(t, "time", string(kind), g.At, want[i].At)
			equal(t, "kind", string(kind), g.Kind, kind)
			if ids[g.ID] || g.ID == "" || len(g.Raw) == 0 || g.Unreadable != "" {
				t.Errorf("%s %d: %+v", kind, i, g)
			}
			ids[g.ID] = true
			if kind == api.NodeRuns && (g.Node == "" || !g.Took.Known || g.Session != "") {
				t.Errorf("a run of a node is %+v", g)
			}
			if kind != api.NodeRuns && (g.Session == "" || g.Joined != api.ByID) {
				t.Errorf("a row of %s names no session: %+v", kind, g)
			}
		}
	}
}

func newestMetrics(t *testing.T, d Metrics) {
	want := d.Rows[api.NodeRuns]
	n := min(7, len(want))
	var got []api.Metric
	for page, err := range d.Source.Metrics(t.Context(), api.MetricQuery{Kind: api.NodeRuns, Window: d.Window, Limit: n}, api.Person) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, page.Items...)
	}
	if len(got) != n {
		t.Fatalf("%d rows, want %d", len(got), n)
	}
	for i, g := range got {
		sameTime(t, "time", "a newest row", g.At, want[i].At)
	}
}

func changeLog(t *testing.T, d Metrics) {
	got, _ := gather(t, d.Source.Changes(t.Context(), api.ChangeQuery{Window: d.Window}, api.Person))
	if len(got) != len(d.Changes) {
		t.Fatalf("%d entries, want %d", len(got), len(d.Changes))
	}
	for i, g := range got {
		sameTime(t, "time", "an entry", g.At, d.Changes[i])
		if g.ID == "" || g.Message == "" || g.ResourceType == "" || g.User == "" || g.Email == "" || len(g.Raw) == 0 {
			t.Errorf("entry %d: %+v", i, g)
		}
	}
}

func partOfTheLog(t *testing.T, d Metrics) {
	if len(d.Changes) < 3 {
		return
	}
	w := api.Between(d.Changes[2], d.Changes[0])
	got, _ := gather(t, d.Source.Changes(t.Context(), api.ChangeQuery{Window: w}, api.Person))
	if len(got) != 2 {
		t.Errorf("%d entries in %s, want 2", len(got), w)
	}
}
