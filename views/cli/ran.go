package cli

import (
	"context"
	"iter"
	"slices"
	"strings"

	"korescope/api"
	"korescope/views/containment"
)

// ran reads which conversations ran a task: the platform's own metrics name them,
// by the tasks that failed and those that succeeded (reference 31.2).
type ran struct{ d *desk }

// taskMetrics are the kinds of metrics that name a task and a conversation.
func taskMetrics() []api.MetricKind { return []api.MetricKind{api.FailedTasks, api.SucceededTasks} }

// Cached answers from disk: fresh when both kinds are.
func (r ran) Cached(ctx context.Context, k containment.Task) (api.Answer[[]api.SessionID], error) {
	out := api.Answer[[]api.SessionID]{Fresh: true}
	for _, kind := range taskMetrics() {
		a, err := r.d.metrics.Cached(ctx, api.MetricQuery{Kind: kind, Window: k.Window})
		if err != nil {
			return api.Answer[[]api.SessionID]{}, err
		}
		out = withRuns(out, a, k.Name)
	}
	return out, nil
}

// Refresh asks the platform.
func (r ran) Refresh(ctx context.Context, k containment.Task, lane api.Lane) iter.Seq2[api.Answer[[]api.SessionID], error] {
	return func(yield func(api.Answer[[]api.SessionID], error) bool) {
		var out api.Answer[[]api.SessionID]
		for _, kind := range taskMetrics() {
			a, err := last(r.d.metrics.Refresh(ctx, api.MetricQuery{Kind: kind, Window: k.Window}, lane))
			out = withRuns(out, a, k.Name)
			if err != nil {
				yield(out, err)
				return
			}
		}
		out.Done = true
		yield(out, nil)
	}
}

// withRuns adds the conversations in which the task ran.
func withRuns(out api.Answer[[]api.SessionID], a api.Answer[[]api.Metric], task string) api.Answer[[]api.SessionID] {
	for _, m := range a.Value {
		if m.Session != "" && strings.EqualFold(m.Task, task) && !slices.Contains(out.Value, m.Session) {
			out.Value = append(out.Value, m.Session)
		}
	}
	out.Fresh, out.Partial = out.Fresh && a.Fresh, out.Partial || a.Partial
	out.Gaps = append(out.Gaps, a.Gaps...)
	out.At, out.Origin = a.At, a.Origin
	return out
}
