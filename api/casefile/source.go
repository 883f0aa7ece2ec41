package casefile

import (
	"context"
	"iter"
	"slices"

	"korescope/api"
)

// Source answers from a case: one page with everything, newest first where the
// platform answers so. It has no limit of requests and never fails.
type Source struct{ c Case }

// NewSource makes a source. The case is not changed.
func NewSource(c Case) Source { return Source{c} }

// Sessions lists the sessions of the case.
func (s Source) Sessions(_ context.Context, q api.SessionQuery, _ api.Lane) iter.Seq2[api.Page[api.Session], error] {
	var unknown []api.SessionID
	for _, id := range q.IDs.All() {
		if !slices.ContainsFunc(s.c.Sessions, func(one api.Session) bool { return one.ID == id }) {
			unknown = append(unknown, id)
		}
	}
	ids := q.IDs.All()
	return page(s.c.Sessions, q.Window, func(one api.Session) bool {
		switch {
		case len(ids) > 0:
			return slices.Contains(ids, one.ID)
		case q.User != "" && one.User != q.User, q.Containment != "" && one.Containment != q.Containment:
			return false
		}
		return one.Start.IsZero() || q.Window.Zero() || q.Window.Holds(one.Start)
	}, unknown)
}

// Messages lists what was said in sessions of the case.
func (s Source) Messages(_ context.Context, q api.MessageQuery, _ api.Lane) iter.Seq2[api.Page[api.Message], error] {
	ids := q.Sessions.All()
	return page(s.c.Messages, q.Window, func(m api.Message) bool { return slices.Contains(ids, m.Session) }, nil)
}

// UserMessages lists what one user said in the case.
func (s Source) UserMessages(_ context.Context, q api.UserQuery, _ api.Lane) iter.Seq2[api.Page[api.Message], error] {
	return page(s.c.Messages, q.Window, func(m api.Message) bool { return m.User == q.User }, nil)
}

// CallMessages lists nothing: a case is not kept by the ids of phone calls.
func (s Source) CallMessages(_ context.Context, q api.CallQuery, _ api.Lane) iter.Seq2[api.Page[api.Message], error] {
	return page([]api.Message(nil), q.Window, nil, nil)
}

// LLMCalls lists the model calls of the case.
func (s Source) LLMCalls(_ context.Context, q api.LLMQuery, _ api.Lane) iter.Seq2[api.Page[api.LLMCall], error] {
	return page(s.c.Calls, q.Window, func(c api.LLMCall) bool { return c.Start.IsZero() || q.Window.Holds(c.Start) }, nil)
}

// DebugLogs lists the debug lines of the case, whatever name is asked for: they
// are those of its conversations.
func (s Source) DebugLogs(_ context.Context, q api.LogQuery, _ api.Lane) iter.Seq2[api.Page[api.DebugLine], error] {
	return page(s.c.Lines, q.Window, func(l api.DebugLine) bool { return q.Window.Zero() || l.Time.IsZero() || q.Window.Holds(l.Time) }, nil)
}

// Metrics lists the metrics of the case.
func (s Source) Metrics(_ context.Context, q api.MetricQuery, _ api.Lane) iter.Seq2[api.Page[api.Metric], error] {
	return page(s.c.Rows, q.Window, func(m api.Metric) bool { return m.Kind == q.Kind && (m.At.IsZero() || q.Window.Holds(m.At)) }, nil)
}

// Changes lists nothing: the change log is the bot's, not a conversation's.
func (s Source) Changes(_ context.Context, q api.ChangeQuery, _ api.Lane) iter.Seq2[api.Page[api.ChangeEntry], error] {
	return page([]api.ChangeEntry(nil), q.Window, nil, nil)
}

func page[T any](rows []T, all api.Window, keep func(T) bool, unknown []api.SessionID) iter.Seq2[api.Page[T], error] {
	p := api.Page[T]{Done: all, Down: all, Unknown: unknown}
	for _, r := range rows {
		if keep(r) {
			p.Items = append(p.Items, r)
		}
	}
	p.Total = api.Known(len(p.Items))
	return func(yield func(api.Page[T], error) bool) { yield(p, nil) }
}

// Billed lists nothing: what is billed is not part of a case.
func (s Source) Billed(_ context.Context, q api.BilledQuery, _ api.Lane) iter.Seq2[api.Page[api.BilledSession], error] {
	return page([]api.BilledSession(nil), q.Window, nil, nil)
}
