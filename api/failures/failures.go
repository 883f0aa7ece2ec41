// Package failures groups the rows of the platform's own metrics: which tasks
// fail and why, which nodes fail and how long they take, what was said that was
// not understood. It is arithmetic over what was read: no clock, no network. Rows
// of another kind than the one grouped are left out.
package failures

import (
	"cmp"
	"slices"
	"time"

	"korescope/api"
	"korescope/api/pulse"
	"korescope/api/verdict"
)

// Examples is how many conversations a record names: the newest.
const Examples = 3

// Group is what groups have in common.
type Group struct {
	Count       int
	First, Last time.Time // zero when no row has a time
	// Sessions are the conversations the rows name, newest first, each once.
	Sessions []api.SessionID
}

// Newest are the conversations a record names.
func (g Group) Newest() []api.SessionID { return g.Sessions[:min(len(g.Sessions), Examples)] }

func (g *Group) see(m api.Metric) {
	g.Count++
	g.First, g.Last = stretch(g.First, g.Last, m.At)
	if m.Session != "" && !slices.Contains(g.Sessions, m.Session) {
		g.Sessions = append(g.Sessions, m.Session)
	}
}

func stretch(first, last, at time.Time) (time.Time, time.Time) {
	if at.IsZero() {
		return first, last
	}
	if first.IsZero() || at.Before(first) {
		first = at
	}
	if at.After(last) {
		last = at
	}
	return first, last
}

// Task is one way in which a task failed.
type Task struct {
	Name, ID string
	Point    string // where in the task
	Reason   string // as sent, of the newest
	Share    float64
	Group
}

// Tasks groups failed tasks by task, place and reason, most often first. Reasons
// that differ in numbers and names only are one. Share is the percentage of all
// failed tasks, to a tenth.
func Tasks(rows []api.Metric) []Task {
	type key struct{ name, id, point, reason string }
	var g grouping[key, Task]
	n := 0
	for _, m := range newestFirst(rows, api.FailedTasks) {
		n++
		t := g.of(key{m.Task, m.TaskID, m.Point, verdict.Fold(m.Reason, m.Language)}, func() Task {
			return Task{Name: m.Task, ID: m.TaskID, Point: m.Point, Reason: m.Reason}
		})
		t.see(m)
	}
	for _, t := range g.rows {
		t.Share = percent(t.Count, n)
	}
	return g.sorted(func(a, b *Task) int { return often(a.Group, b.Group) })
}

// Node is one node of a task with all its runs.
type Node struct {
	Name, Type, Task string
	Runs             int
	Failed           Group // the runs that failed
	Codes            []Code
	// Median, P95 and Max are of all runs that say how long they took.
	Median, P95, Max api.Maybe[time.Duration]
	took             []float64
}

// FailedPct is the percentage of runs that failed, to a tenth.
func (n Node) FailedPct() float64 { return percent(n.Failed.Count, n.Runs) }

// Code is a status code of runs with how often it was met.
type Code struct {
	Code  string
	Count int
}

// Nodes groups runs by node, type and task: the most failures first, then the
// slowest.
func Nodes(rows []api.Metric) []Node {
	type key struct{ name, kind, task string }
	var g grouping[key, Node]
	for _, m := range newestFirst(rows, api.NodeRuns) {
		n := g.of(key{m.Node, m.NodeType, m.Task}, func() Node { return Node{Name: m.Node, Type: m.NodeType, Task: m.Task} })
		n.Runs++
		n.code(m.Code)
		if m.Took.Known {
			n.took = append(n.took, float64(m.Took.Value))
		}
		if m.Failed() {
			n.Failed.see(m)
		}
	}
	for _, n := range g.rows {
		n.times()
	}
	return g.sorted(func(a, b *Node) int {
		return cmp.Or(cmp.Compare(b.Failed.Count, a.Failed.Count), cmp.Compare(b.P95.Value, a.P95.Value), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Task, b.Task))
	})
}

func (n *Node) code(c string) {
	if c == "" {
		return
	}
	i := slices.IndexFunc(n.Codes, func(have Code) bool { return have.Code == c })
	if i < 0 {
		i = len(n.Codes)
		n.Codes = append(n.Codes, Code{Code: c})
	}
	n.Codes[i].Count++
}

func (n *Node) times() {
	slices.SortFunc(n.Codes, func(a, b Code) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Code, b.Code)) })
	if len(n.took) == 0 {
		return
	}
	at := func(q float64) api.Maybe[time.Duration] { return api.Known(time.Duration(pulse.Quantile(n.took, q))) }
	n.Median, n.P95, n.Max = at(0.5), at(0.95), at(1)
}

// Utterance is something that was said and not understood.
type Utterance struct {
	Text   string // as said, of the newest
	Intent string
	// Ambiguous is how many of the rows had several intents; not known when no
	// row says.
	Ambiguous api.Maybe[int]
	Group
}

// Utterances groups what was said by its words without numbers and names, and by
// intent: the most often first. kind is FailedIntents or Unhandled.
func Utterances(rows []api.Metric, kind api.MetricKind) []Utterance {
	type key struct{ words, intent string }
	var g grouping[key, Utterance]
	for _, m := range newestFirst(rows, kind) {
		u := g.of(key{verdict.Fold(m.Utterance, m.Language), m.Intent}, func() Utterance {
			return Utterance{Text: m.Utterance, Intent: m.Intent}
		})
		u.see(m)
		if m.Ambiguous.Known {
			u.Ambiguous.Known = true
			if m.Ambiguous.Value {
				u.Ambiguous.Value++
			}
		}
	}
	return g.sorted(func(a, b *Utterance) int { return often(a.Group, b.Group) })
}

// grouping keeps groups in the order in which they were met.
type grouping[K comparable, T any] struct {
	by   map[K]*T
	rows []*T
}

func (g *grouping[K, T]) of(k K, fresh func() T) *T {
	if t, ok := g.by[k]; ok {
		return t
	}
	if g.by == nil {
		g.by = map[K]*T{}
	}
	t := fresh()
	g.by[k] = &t
	g.rows = append(g.rows, &t)
	return &t
}

func (g *grouping[K, T]) sorted(by func(a, b *T) int) []T {
	slices.SortStableFunc(g.rows, by)
	out := make([]T, len(g.rows))
	for i, r := range g.rows {
		out[i] = *r
	}
	return out
}

func newestFirst(rows []api.Metric, kind api.MetricKind) []api.Metric {
	out := slices.DeleteFunc(slices.Clone(rows), func(m api.Metric) bool { return m.Kind != kind })
	slices.SortStableFunc(out, func(a, b api.Metric) int { return b.At.Compare(a.At) })
	return out
}

// often orders by how often, then by how lately.
func often(a, b Group) int { return cmp.Or(cmp.Compare(b.Count, a.Count), b.Last.Compare(a.Last)) }

// percent is a share in percent, to a tenth.
func percent(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(n*1000/of) / 10
}
