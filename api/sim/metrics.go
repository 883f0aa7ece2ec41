package sim

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"korescope/api"
)

// getAnalytics (reference 31.2): the platform's own metrics, told from the same
// stories as messages, model calls and debug lines.

const (
	usualMetrics = 100
	mostMetrics  = 1000
	metricsDelay = 90 * 1000 // [SIM] metrics lag behind sessions
)

// metric is one row before it is written, the kinds that it is given out for.
type metric struct {
	s    *session
	kind api.MetricKind
	at   int64
	row  obj
}

func listMetrics(c *call) (any, *refusal) {
	kind := api.MetricKind(c.in.text("type"))
	order, by := "desc", "timestamp"
	if sort, ok := c.in.body["sort"].(map[string]any); ok {
		order, _ = sort["order"].(string)
		by, _ = sort["by"].(string)
	}
	skip, limit := c.paging(usualMetrics, mostMetrics)
	filters, ok := c.in.body["filters"].(map[string]any)
	if !ok || c.in.body["limit"] == nil || c.in.body["skip"] == nil || !slices.Contains(api.MetricKinds(), kind) {
		return nil, invalidArguments()
	}
	c.in.body, c.in.inQuery = filters, false
	channels, dev := c.in.texts("channel", false), c.in.flag("isDeveloper")
	window, no := c.required("from", "to", longestLogs, "90")
	if c.in.bad || by != "timestamp" || order != "asc" && order != "desc" {
		no = invalidArguments()
	}
	if no != nil {
		return nil, no
	}
	if channels == nil {
		channels = []string{"rtm"}
	}
	found := c.metrics(kind, window, channels, dev)
	if order == "asc" {
		slices.Reverse(found)
	}
	p := c.cut(len(found), skip, limit)
	rows := make([]any, 0, p.hi-p.lo)
	for _, m := range found[p.lo:p.hi] {
		rows = append(rows, m.row)
	}
	return ob("moreAvailable", p.more, "result", rows, "totalCount", max(0, p.total+c.w.strict.TotalLie)), nil
}

// metrics lists the rows of a kind, newest first.
func (c *call) metrics(kind api.MetricKind, w span, channels []string, dev bool) []metric {
	var out []metric
	last := min(w.to, c.ms()-metricsDelay)
	for s := range c.sessions(span{w.from - longestStory.Milliseconds() - latestClose.Milliseconds(), w.to}, false) {
		if !slices.Contains(channels, s.channel) || s.over() < w.from || !c.there(s) {
			continue
		}
		st := s.told()
		if st.developers() != dev {
			continue
		}
		for _, m := range st.metrics() {
			if m.kind == kind && m.at >= w.from && m.at <= last {
				out = append(out, m)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b metric) int { return cmp.Compare(b.at, a.at) })
	return out
}

func (st *story) metrics() []metric {
	b := &metricBook{st: st}
	b.nodes()
	b.tasks()
	b.utterances()
	return b.rows
}

// metricBook collects the metrics of one session.
type metricBook struct {
	st   *story
	rows []metric
}

func (b *metricBook) add(kind api.MetricKind, at int64, row obj) {
	s := b.st.s
	row = row.with("userId", s.user.id, "channelUId", s.channelUID(), "channel", s.channel, "language", s.lang, "timestamp", stamp(at))
	b.rows = append(b.rows, metric{s: s, kind: kind, at: at, row: row})
}

// nodes writes how long service and model nodes ran: they name no session.
func (b *metricBook) nodes() {
	task, _ := taskOf(b.st.s)
	for i := range b.st.calls {
		b.services(i)
		c := &b.st.calls[i]
		name, node, _ := strings.Cut(c.node.description, "-")
		status := "success"
		if c.failure != "" || c.status >= 400 {
			status = "failure"
		}
		b.node(node, "generativeai", name, c.node.task, status, c.status, c.at, int64(c.took))
	}
	if len(b.st.calls) > 0 {
		return
	}
	log := &logBook{st: b.st}
	for i := range b.st.messages {
		if m := &b.st.messages[i]; !m.in && !m.agent && log.slowLookup(i) {
			b.node("GetOrder", "service", task, knownTask(task), "failure", 504, b.st.messages[i-1].at+120, lookupTakes)
		}
	}
}

// services are the lookups that became known to the model with call i.
func (b *metricBook) services(i int) {
	before, c := 0, &b.st.calls[i]
	if i > 0 {
		before = len(b.st.calls[i-1].history)
	}
	if before > len(c.history) {
		return
	}
	task, _, _ := strings.Cut(c.node.description, "-")
	n := 0
	for _, t := range c.history[before:] {
		if t.role != "tool" {
			continue
		}
		n++
		if strings.Contains(t.content, "ETIMEDOUT") {
			b.node(t.tool, "service", task, c.node.task, "failure", 504, c.at-15-lookupTakes, lookupTakes)
			continue
		}
		b.node(t.tool, "service", task, c.node.task, "success", 200, c.at-200-int64(n)*20, 180+int64(n)*20)
	}
}

// node: units vary, as the pages warn.
func (b *metricBook) node(node, kind, task, id, status string, code int, at, took int64) {
	var written any = strconv.FormatInt(took, 10) + " milliseconds"
	switch {
	case took >= 60000:
		written = strconv.FormatFloat(float64(took)/60000, 'f', 3, 64) + " minutes"
	case took >= 5000 && took%1000 == 0:
		written = strconv.FormatInt(took/1000, 10) + " seconds"
	}
	var asCode any = strconv.Itoa(code)
	if kind != "service" {
		asCode = code
	}
	b.add(api.NodeRuns, at+took, ob("nodeName", node, "type", kind, "taskName", task, "taskId", id, "status", status, "statusCode", asCode,
		"responseTime", written, "apiExecutionTime", strconv.FormatInt(max(took-8, 1), 10)+" milliseconds"))
}

// tasks writes the runs of tasks; they name the session and its last words.
func (b *metricBook) tasks() {
	st := b.st
	last := -1
	for i := range st.messages {
		if st.messages[i].in {
			last = i
		}
	}
	if last < 0 {
		return
	}
	m := said{st.s, st, &st.messages[last], last}
	for i, e := range st.executions() {
		at := st.end + int64(i)
		row := ob("sessionId", st.s.id, "messageId", m.id(), "utterance", m.m.spoken, "intent", e.task, "taskName", e.task, "taskId", knownTask(e.task))
		if e.ok {
			b.add(api.SucceededTasks, at, row)
			continue
		}
		reason, point := "The user left the task", "Entity"
		if st.s.broken && (e.task == "Refund" || e.task == "Order status") {
			reason, point = "Service node GetOrder failed: request timed out", "GetOrder"
		}
		b.add(api.FailedTasks, at, row.with("failureReason", reason, "failurepoint", point))
	}
}

// utterances writes what was understood and what was not: the first words of a
// conversation are an intent, and in one of nineteen a later turn is not found.
func (b *metricBook) utterances() {
	st := b.st
	task, kind := taskOf(st.s)
	first := true
	for i := range st.messages {
		m := &st.messages[i]
		if !m.in || m.kind != "" || m.spoken == "" || m.spoken == "MAX_NO_INPUT" {
			continue
		}
		one := said{st.s, st, m, i}
		row := ob("sessionId", st.s.id, "messageId", one.id(), "utterance", m.spoken)
		analysis := ob("result", string(api.SucceededIntents), "ranking", strings.Repeat("0", 600))
		switch {
		case first && kind == "dialog" && task != "Small talk":
			b.add(api.SucceededIntents, m.at, row.with("intent", task, "taskName", task, "taskId", knownTask(task), "isAmbiguous", false, "NLAnalysis", analysis))
		case !first && blend(st.s.key, 0xf41, uint64(i))%19 == 0:
			ambiguous := blend(st.s.key, 0xf42, uint64(i))%3 == 0
			of := api.Unhandled
			if ambiguous {
				of = api.FailedIntents
			}
			b.add(of, m.at, row.with("intent", task, "isAmbiguous", ambiguous, "NLAnalysis", analysis.with("result", string(of))))
		}
		first = false
	}
}

// knownTask is the id of a task as the rows of model calls have it.
func knownTask(task string) string {
	for _, n := range []*node{refundNode(), rephraseNode(), adviceNode(), answerNode(), giftNode(), pointsNode(), bankNode()} {
		if name, _, _ := strings.Cut(n.description, "-"); name == task {
			return n.task
		}
	}
	return taskID(task)
}

// MetricTruth is one row of the metrics.
type MetricTruth struct {
	At      time.Time
	Session api.SessionID
	Node    string
}

// Metrics lists the rows of a kind in a window of all channels, newest first,
// customers' only.
func (t Truth) Metrics(kind api.MetricKind, w api.Window, bot api.BotID) []MetricTruth {
	c := &call{w: t.w, now: t.w.clock(), bot: t.w.bot(bot)}
	var channels []string
	for s := range c.bot.sessions(spanOf(w), false) {
		channels = append(channels, s.channel)
	}
	var out []MetricTruth
	for _, m := range c.metrics(kind, spanOf(w), channels, false) {
		row := MetricTruth{At: at(m.at)}
		for _, f := range m.row {
			switch f.key {
			case "nodeName":
				row.Node, _ = f.val.(string)
			case "sessionId":
				row.Session = api.SessionID(f.val.(string))
			}
		}
		out = append(out, row)
	}
	return out
}
