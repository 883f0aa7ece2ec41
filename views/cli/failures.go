package cli

import (
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"korescope/api"
	"korescope/api/failures"
	"korescope/cache"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
	screen "korescope/views/failures"
	"korescope/views/records"
)

// grouped reads metrics and groups them.
type grouped[T any] struct {
	rows  *cache.MetricReader
	group func([]api.Metric) []T
}

// Cached is the group of what is on disk.
func (g grouped[T]) Cached(ctx context.Context, q api.MetricQuery) (api.Answer[[]T], error) {
	a, err := g.rows.Cached(ctx, q)
	return g.of(a), err
}

// Refresh is the group of what the platform says, growing.
func (g grouped[T]) Refresh(ctx context.Context, q api.MetricQuery, lane api.Lane) iter.Seq2[api.Answer[[]T], error] {
	return func(yield func(api.Answer[[]T], error) bool) {
		for a, err := range g.rows.Refresh(ctx, q, lane) {
			if !yield(g.of(a), err) {
				return
			}
		}
	}
}

func (g grouped[T]) of(a api.Answer[[]api.Metric]) api.Answer[[]T] {
	return api.Answer[[]T]{
		Value: g.group(a.Value), At: a.At, Origin: a.Origin, Fresh: a.Fresh, Done: a.Done, Partial: a.Partial, Gaps: a.Gaps,
		Note: a.Note, Covered: a.Covered,
	}
}

func ofKind(kind api.MetricKind) func([]api.Metric) []failures.Utterance {
	return func(rows []api.Metric) []failures.Utterance { return failures.Utterances(rows, kind) }
}

// failureTabs are the four groups, as commands and as tabs.
func failureTabs() []string { return []string{"tasks", "nodes", "intents", "utterances"} }

func (p *program) failuresCommand() *cobra.Command {
	return p.leads(group("failures", "What the platform's own metrics count as failed, grouped",
		failing(p, failureKind[failures.Task]{
			word: "tasks", short: "Tasks that failed, by node and reason", kind: api.FailedTasks, fields: views.FailedTaskFields(), group: failures.Tasks,
		}),
		failing(p, failureKind[failures.Node]{
			word: "nodes", short: "Nodes with their failures, codes and times", kind: api.NodeRuns, fields: views.NodeFields(), group: failures.Nodes,
		}),
		failing(p, failureKind[failures.Utterance]{
			word: "intents", short: "What was said and led to no intent, or to several", kind: api.FailedIntents,
			fields: views.UtteranceFields(), group: ofKind(api.FailedIntents),
		}),
		failing(p, failureKind[failures.Utterance]{
			word: "utterances", short: "What was said and not handled", kind: api.Unhandled, fields: views.UtteranceFields(), group: ofKind(api.Unhandled),
		}),
	), place{sub: failureTabs()[0], usage: "[" + strings.Join(failureTabs(), "|") + "] [24h]"})
}

// failureKind is how one of the four commands differs from the others.
type failureKind[T any] struct {
	word, short string
	kind        api.MetricKind
	fields      []views.Field[T]
	group       func([]api.Metric) []T
}

func failing[T any](p *program, k failureKind[T]) *cobra.Command {
	var o rowFlags
	c := &cobra.Command{
		Use:   k.word,
		Short: k.short,
		Long: k.short + `. Rows come from the platform's own metrics (scope Metrics), which may
lag behind the sessions; texts that differ in numbers and names only are one row.`,
		Example: "  korescope failures " + k.word + " --since 24h\n  korescope failures " + k.word + " -o ndjson",
		Args:    words(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return headless(c.Context(), p.rehearsed(func(ctx context.Context) error {
				return report(ctx, p, o, k.fields, func(ctx context.Context, d *desk, w api.Window) ([]T, ending, error) {
					a, failed := last(answers(ctx, grouped[T]{d.metrics, k.group}, api.MetricQuery{Kind: k.kind, Window: w}))
					return a.Value, ended(a, len(a.Value), failed), nil
				})
			}))
		},
	}
	o.registerWindow(c)
	p.registerDryRun(c)
	o.register(c, views.Names(k.fields))
	return p.leads(c, place{takes: spanFlags(), words: length, offer: offerLengths, usage: "[24h]", route: func(d *desk, _ []string) (ui.Route, error) {
		w, err := d.spanOf(o)
		return views.FailuresRoute{Window: w, Tab: k.word}, err
	}})
}

// failures makes the screen of the four lists.
func (d *desk) failures(r views.FailuresRoute) ui.Screen {
	if r.Window.Zero() {
		r.Window = api.Last(d.config.Start, d.clock())
	}
	tabs := []screen.Tab{
		{Name: text.Lit("tasks"), Pane: failureList(d, r, failureTab[failures.Task]{
			feed: 1, what: text.Lit("failed tasks"), kind: api.FailedTasks, fields: views.FailedTaskFields(), group: failures.Tasks, order: "count",
			id: func(t failures.Task) string { return strings.Join([]string{t.Name, t.ID, t.Point, t.Reason}, "\x1f") },
			of: func(t failures.Task) ([]api.SessionID, string) { return t.Sessions, t.Name },
			detail: func(t failures.Task, e views.Env) text.Safe {
				return text.Format("%s  first %s  last %s", e.Text(t.Reason), views.Moment(t.First, e), views.Moment(t.Last, e))
			},
		})},
		{Name: text.Lit("nodes"), Pane: failureList(d, r, failureTab[failures.Node]{
			feed: 2, what: text.Lit("nodes"), kind: api.NodeRuns, fields: views.NodeFields(), group: failures.Nodes, order: "failed",
			id: func(n failures.Node) string { return strings.Join([]string{n.Name, n.Type, n.Task}, "\x1f") },
			of: func(n failures.Node) ([]api.SessionID, string) { return n.Failed.Sessions, n.Name },
			detail: func(n failures.Node, e views.Env) text.Safe {
				return text.Format("%s  first failure %s  last %s", e.Text(n.Type), views.Moment(n.Failed.First, e), views.Moment(n.Failed.Last, e))
			},
		})},
		{Name: text.Lit("intents"), Pane: failureList(d, r, utteranceTab(3, text.Lit("utterances without one intent"), api.FailedIntents))},
		{Name: text.Lit("utterances"), Pane: failureList(d, r, utteranceTab(4, text.Lit("unhandled utterances"), api.Unhandled))},
	}
	return screen.New(tabs, max(0, slices.Index(failureTabs(), r.Tab)))
}

func utteranceTab(feed int, what text.Safe, kind api.MetricKind) failureTab[failures.Utterance] {
	return failureTab[failures.Utterance]{
		feed: feed, what: what, kind: kind, fields: views.UtteranceFields(), group: ofKind(kind), order: "count",
		id: func(u failures.Utterance) string { return u.Text + "\x1f" + u.Intent },
		of: func(u failures.Utterance) ([]api.SessionID, string) { return u.Sessions, u.Intent },
		detail: func(u failures.Utterance, e views.Env) text.Safe {
			return text.Format("%s  first %s  last %s", e.Text(u.Text), views.Moment(u.First, e), views.Moment(u.Last, e))
		},
	}
}

// failureTab is how one of the four lists differs from the others.
type failureTab[T any] struct {
	feed   int
	what   text.Safe
	kind   api.MetricKind
	fields []views.Field[T]
	group  func([]api.Metric) []T
	order  string
	id     func(T) string
	of     func(T) (sessions []api.SessionID, title string)
	detail func(T, views.Env) text.Safe
}

func failureList[T any](d *desk, r views.FailuresRoute, k failureTab[T]) screen.Pane {
	length := r.Window.Length()
	return records.New(records.Deps[api.MetricQuery, T, string]{
		Title: text.Lit("failures"), What: k.what, Fields: k.fields, ID: k.id, Order: k.order, Down: true,
		Reader: grouped[T]{d.metrics, k.group}, Feed: k.feed,
		Key: api.MetricQuery{Kind: k.kind, Window: r.Window},
		Again: func(q api.MetricQuery) api.MetricQuery {
			q.Window = api.Last(length, d.clock())
			return q
		},
		Window: r.Window,
		Words: records.Words{
			Reading: text.Lit("asking the platform for its metrics ..."),
			Empty:   text.Lit("the platform's metrics have no such row in this window"),
			Foot:    text.Lit("from the platform's metrics, which may lag; tab shows the next list"),
		},
		Open: func(row T) (ui.Route, text.Safe) {
			ids, title := k.of(row)
			return conversations(ids, title)
		},
		Detail: k.detail,
		Copy:   func(row T, e views.Env) string { return copied(k.of, row, e) }, Noun: text.Lit("session id"),
		Command: "korescope failures " + failureTabs()[k.feed-1],
		Clock:   d.clock, Zone: d.zone, Explain: d.explain, Mask: d.mask,
	})
}

// copied are the conversations of a row, one a line.
func copied[T any](of func(T) ([]api.SessionID, string), row T, e views.Env) string {
	ids, _ := of(row)
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = e.MaskedID(string(id))
	}
	return strings.Join(out, "\n")
}

// conversations leads to the one conversation, or to the list of them.
func conversations(ids []api.SessionID, title string) (ui.Route, text.Safe) {
	switch len(ids) {
	case 0:
		return nil, text.Lit("this row names no conversation; rows of nodes are linked to sessions that were read")
	case 1:
		return views.ConversationRoute{Session: api.Session{ID: ids[0]}}, text.Safe{}
	}
	return views.SessionsRoute{Query: api.SessionQuery{IDs: api.ListIDs(ids...)}, Title: title}, text.Safe{}
}
