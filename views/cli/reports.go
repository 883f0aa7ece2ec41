package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"korescope/api"
	"korescope/cache"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/output"
)

// billingOptions are the flags of `billing`.
type billingOptions struct {
	rowFlags
	by string
}

func (p *program) billingCommand() *cobra.Command {
	var o billingOptions
	c := &cobra.Command{
		Use:   "billing",
		Short: "Usage by month, day or hour",
		Long: `Usage by month, day or hour: requests, sessions, alerts, proactive messages and
conversations. Periods are UTC. The platform makes the report on demand, which
takes some seconds; a closed period is asked for once and then kept.`,
		Example: `  korescope billing --by day --since 14d
  korescope billing --by hour --since 24h -o csv`,
		Args: words(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return headless(c.Context(), func(ctx context.Context) error { return p.billing(ctx, o) })
		},
	}
	c.Flags().StringVar(&o.by, "by", "day", "`period`: month, day or hour")
	o.registerWindow(c)
	o.register(c, views.Names(views.BillingFields(api.ByDay)))
	periods := []string{string(api.ByMonth), string(api.ByDay), string(api.ByHour)}
	offers(c, "by", periods...)
	return p.leads(c, place{
		takes: spanFlags("by"), words: worded("by", periods...), usage: "[month|day|hour]",
		offer: offerThese(
			candidate(string(api.ByMonth), text.Lit("the last three months")), candidate(string(api.ByDay), text.Lit("the last two weeks")),
			candidate(string(api.ByHour), text.Lit("the last day"))),
		route: func(d *desk, _ []string) (ui.Route, error) {
			w, err := d.spanOf(o.rowFlags)
			q := api.BillingQuery{Window: w}
			if c.Flags().Changed("by") {
				q.By = api.Period(o.by)
			}
			if q.By != "" && !slices.Contains(periods, o.by) {
				return nil, noPeriod(o.by)
			}
			return views.BillingRoute{Query: q}, err
		},
	})
}

func (p *program) billing(ctx context.Context, o billingOptions) error {
	by := api.Period(o.by)
	if by != api.ByMonth && by != api.ByDay && by != api.ByHour {
		return noPeriod(o.by)
	}
	var whole func(api.BillingRow) bool
	fields := views.BillingFields(by)
	period := fields[0].Show
	fields[0].Show = func(r api.BillingRow, e views.Env) views.Cell {
		c := period(r, e)
		if !e.Plain && !whole(r) {
			c.Text = text.Join("", c.Text, text.Lit("~"))
		}
		return c
	}
	return report(ctx, p, o.rowFlags, fields, func(ctx context.Context, d *desk, w api.Window) ([]api.BillingRow, ending, error) {
		a, failed := last(answers(ctx, d.billing, api.BillingQuery{Window: w, By: by}))
		whole = func(r api.BillingRow) bool {
			return !r.Period.Before(w.From) && !r.Next(by).After(d.clock()) && !r.Next(by).After(w.To)
		}
		if rows := a.Value.Rows; len(rows) > 0 {
			p.partsOfPeriods(rows[0], rows[len(rows)-1], w, whole)
		}
		return a.Value.Rows, ended(a, len(a.Value.Rows), failed), nil
	})
}

// partsOfPeriods says which periods are counted in part: the window begins or ends
// inside them, or they are not over.
func (p *program) partsOfPeriods(first, last api.BillingRow, w api.Window, whole func(api.BillingRow) bool) {
	if first.Period.Before(w.From) {
		p.talk.say(text.Format("%s is counted from %s on: the window begins inside it", views.Stamp(first.Period), views.Stamp(w.From)))
	}
	if !whole(last) && !last.Period.Before(w.From) {
		p.talk.say(text.Format("%s is counted in part: it is not over, or the window ends inside it", views.Stamp(last.Period)))
	}
}

func noPeriod(word string) error {
	return views.Usage(text.Format("--by is month, day or hour, not %q", word).String())
}

// containmentOptions are the flags of `containment`.
type containmentOptions struct {
	rowFlags
	daily        bool
	tasks        []string
	kind, status string
}

// query is the question, without its window.
func (o containmentOptions) query() (api.ContainmentQuery, error) {
	q := api.ContainmentQuery{Daily: o.daily, Tasks: strings.Join(o.tasks, "\n"), Kind: strings.ToLower(o.kind), Status: strings.ToLower(o.status)}
	switch {
	case !slices.Contains([]string{"", api.KindInteractive, api.KindNonInteractive}, q.Kind):
		return q, views.Usage(text.Format("--conversation-type is %s or %s, not %q", api.KindInteractive, api.KindNonInteractive, o.kind).String())
	case !slices.Contains([]string{"", api.StatusActive, api.StatusClosed}, q.Status):
		return q, views.Usage(text.Format("--conversation-status is %s or %s, not %q", api.StatusActive, api.StatusClosed, o.status).String())
	case slices.ContainsFunc(o.tasks, func(name string) bool { return strings.ContainsAny(name, "\r\n") }):
		return q, views.Usage("--task-name is one line")
	}
	return q, nil
}

func (p *program) containmentCommand() *cobra.Command {
	var o containmentOptions
	c := &cobra.Command{
		Use:   "containment",
		Short: "How the sessions of each task ended",
		Long: `Runs, sessions and outcomes of each task: one row for success and one for
failure. A session can stand in both, so rows do not add up to sessions.
--task-name, --conversation-type and --conversation-status are asked of the
platform; of the tasks is looked at here as well.`,
		Example: `  korescope containment --since 24h
  korescope containment --task-name Refund --conversation-status closed
  korescope containment --daily --since 7d -o csv
  korescope containment --jq 'map(select(.dropOffPct > 30)) | map(.task)'`,
		Args: words(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return headless(c.Context(), func(ctx context.Context) error { return p.containment(ctx, o) })
		},
	}
	f := c.Flags()
	f.BoolVar(&o.daily, "daily", false, "a row for each day")
	f.StringArrayVar(&o.tasks, "task-name", nil, "only the task of this `name`; may be given several times")
	f.StringVar(&o.kind, "conversation-type", "", "only `conversations` that are interactive or non-interactive")
	f.StringVar(&o.status, "conversation-status", "", "only `conversations` that are active or closed")
	offers(c, "conversation-type", api.KindInteractive, api.KindNonInteractive)
	offers(c, "conversation-status", api.StatusActive, api.StatusClosed)
	o.registerWindow(c)
	o.register(c, views.Names(views.ContainmentFields()))
	return p.leads(c, place{
		takes: spanFlags("daily", "task-name", "conversation-type", "conversation-status"), words: length, offer: offerLengths, usage: "[24h]",
		route: func(d *desk, _ []string) (ui.Route, error) {
			q, err := o.query()
			if err != nil {
				return nil, err
			}
			q.Window, err = d.spanOf(o.rowFlags)
			return views.ContainmentRoute{Query: q}, err
		},
	})
}

func (p *program) containment(ctx context.Context, o containmentOptions) error {
	q, err := o.query()
	if err != nil {
		return err
	}
	return report(ctx, p, o.rowFlags, views.ContainmentFields(), func(ctx context.Context, d *desk, w api.Window) ([]api.ContainmentRow, ending, error) {
		q.Window = w
		a, failed := last(answers(ctx, d.containment, q))
		return a.Value.Rows, ended(a, len(a.Value.Rows), failed), nil
	})
}

func (p *program) botsCommand() *cobra.Command {
	var o rowFlags
	c := &cobra.Command{
		Use:   "bots",
		Short: "Bots of the account (admin credential)",
		Args:  words(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return headless(c.Context(), p.rehearsed(func(ctx context.Context) error {
				return report(ctx, p, o, views.BotFields(), func(ctx context.Context, d *desk, _ api.Window) ([]api.Bot, ending, error) {
					a, failed := last(answers(ctx, d.bots, cache.AllBots{}))
					return a.Value, ended(a, len(a.Value), failed), nil
				})
			}))
		},
	}
	p.registerDryRun(c)
	o.register(c, views.Names(views.BotFields()))
	return p.leads(c, opens(views.BotsRoute{}))
}

func (p *program) rolesCommand() *cobra.Command {
	var o rowFlags
	c := &cobra.Command{
		Use:   "roles",
		Short: "Users and their roles (admin credential)",
		Args:  words(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return headless(c.Context(), p.rehearsed(func(ctx context.Context) error {
				return report(ctx, p, o, views.RoleFields(), func(ctx context.Context, d *desk, _ api.Window) ([]api.RoleAssignment, ending, error) {
					a, failed := last(answers(ctx, d.roles, cache.AllRoles{}))
					return a.Value, ended(a, len(a.Value), failed), nil
				})
			}))
		},
	}
	p.registerDryRun(c)
	o.register(c, views.Names(views.RoleFields()))
	return p.leads(c, opens(views.RolesRoute{}))
}

// ended is how one reading ended.
func ended[V any](a api.Answer[V], rows int, failed error) ending {
	flat := api.Answer[[]struct{}]{
		At: a.At, Origin: a.Origin, Fresh: a.Fresh, Done: a.Done, Partial: a.Partial, Gaps: a.Gaps,
		Note: a.Note, Covered: a.Covered, Value: make([]struct{}, rows),
	}
	if failed == nil {
		// A whole answer without rows is an answer too.
		flat.Covered = api.Between(a.At, a.At.Add(1))
	}
	var e ending
	add(&e, flat, failed)
	return e
}

// report carries out a command that reads once and prints what came.
func report[T any](ctx context.Context, p *program, f rowFlags, fields []views.Field[T],
	read func(context.Context, *desk, api.Window) ([]T, ending, error),
) error {
	set, err := p.settings(ctx, false)
	if err != nil {
		return err
	}
	page, err := p.page(f, nil)
	if err != nil {
		return err
	}
	window, _, err := f.window(p.clock(), p.at.Zone)
	if err != nil {
		return err
	}
	asking, stop := p.limited(ctx)
	defer stop()
	d, err := p.open(asking, set)
	if err != nil {
		return err
	}
	defer d.leave()
	w, err := output.New(p.streams.Out, fields, page)
	if err != nil {
		return err
	}
	defer p.talk.live(ctx)()
	rows, e, err := read(asking, d, window)
	if err != nil {
		return err
	}
	if f.limit > 0 && len(rows) > f.limit {
		rows = rows[:f.limit]
	}
	if len(rows) > 0 {
		if err := w.Write(ctx, rows...); err != nil {
			return err
		}
	}
	return p.finish(ctx, e, w.Close)
}
