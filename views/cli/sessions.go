package cli

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"korescope/api"
	"korescope/api/kore"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/filter"
	"korescope/views/output"
)

// sessionsOptions are the flags of `sessions`.
type sessionsOptions struct {
	rowFlags
	query, containment, user, call string
	ids                            []string
}

func (p *program) sessionsCommand() *cobra.Command {
	var o sessionsOptions
	c := &cobra.Command{
		Use:   "sessions",
		Short: "List sessions, newest first",
		Long: `List sessions, newest first. A filter is words, "two words", field:value,
field:>n and -field:value; all must hold. Fields: type user channel lang status
kind dev msgs tasks dur task lat tag call why id. lat (lat:>3s) and why (what went
wrong: why:timed) are known of conversations that were read: korescope messages
reads them. task goes by the platform's metrics (scope Metrics), which are read
for it, and by what was read. A call id is that of an agent desk and is looked up
by the platform; sessions named with --id come whatever bot they are of.`,
		Example: `  korescope sessions --since 7d -q 'type:dropOff msgs:>8'
  korescope sessions -o csv --fields sessionId,startTime,containmentType
  korescope sessions --jq 'group_by(.channel) | map({(.[0].channel): length}) | add'`,
		Args: words(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			for _, name := range []string{"id", "user", "call", "containment"} {
				if f := c.Flags().Lookup(name); f.Changed && strings.Trim(f.Value.String(), " []") == "" {
					return views.Usage("--" + name + " is empty")
				}
			}
			return headless(c.Context(), p.rehearsed(func(ctx context.Context) error { return p.sessions(ctx, o) }))
		},
	}
	f := c.Flags()
	f.StringVarP(&o.query, "query", "q", "", "only sessions that match this `filter`")
	f.StringVar(&o.containment, "containment", "", "how they ended: dropOff, selfService or agent")
	f.StringVar(&o.user, "user", "", "sessions of this user `id`")
	f.StringVar(&o.call, "call", "", "sessions of this call `id` of an agent desk")
	f.StringSliceVar(&o.ids, "id", nil, "sessions of these `ids`")
	o.registerWindow(c)
	p.registerDryRun(c)
	o.register(c, views.Names(views.SessionFields()))
	offers(c, "containment", string(api.DropOff), string(api.SelfService), string(api.Agent))
	return p.leads(c, place{
		takes: spanFlags("query", "containment", "user", "call"), words: filtering, text: true, usage: "[24h] [FILTER]",
		route: func(d *desk, _ []string) (ui.Route, error) { return d.sessionsRoute(o) },
		offer: func(d *desk, rest string) []ui.Completion { return filter.Sessions(d.zone).Offer(rest, nil) },
	})
}

// sessionsRoute is the list of sessions, with what the flags say in its filter.
func (d *desk) sessionsRoute(o sessionsOptions) (ui.Route, error) {
	w, err := d.spanOf(o.rowFlags)
	if err != nil {
		return nil, err
	}
	if w.Zero() {
		w = api.Last(d.config.Start, d.clock())
	}
	if _, err := containmentOf(o.containment); err != nil {
		return nil, err
	}
	q := narrowed(o.query,
		filter.Term{Field: "type", Value: o.containment}, filter.Term{Field: "user", Op: filter.Exactly, Value: o.user}, filter.Term{Field: "call", Value: o.call})
	if _, _, err := filter.Sessions(d.zone).Compile(q); err != nil {
		return nil, err
	}
	return views.SessionsRoute{Query: api.SessionQuery{Window: w}, Filter: q}, nil
}

// sessionAsk is a question with what is applied to its answer here.
type sessionAsk struct {
	query api.SessionQuery
	keep  func(api.Session) bool // nil: all of it is applied by the platform
	why   bool                   // keep looks at the verdicts
	tasks bool                   // keep looks at the tasks that ran or spoke
	read  bool                   // keep looks at what only messages tell
	limit int
}

// ask reads the flags. What the platform can apply is asked of it; the filter as
// a whole is applied here as well.
func (o *sessionsOptions) ask(now time.Time, zone *time.Location) (sessionAsk, error) {
	w, _, err := o.window(now, zone)
	if err != nil {
		return sessionAsk{}, err
	}
	q, _, err := filter.Sessions(zone).Compile(o.query)
	if err != nil {
		return sessionAsk{}, err
	}
	split := filter.SplitSessions(q)
	q = split.Local(q)
	_, match, err := filter.Sessions(zone).Compile(q.String())
	if err != nil {
		return sessionAsk{}, err
	}
	typed, err := containmentOf(o.containment)
	if err != nil {
		return sessionAsk{}, err
	}
	a := sessionAsk{query: api.SessionQuery{Window: w, Containment: split.Containment, User: split.User, CallID: split.Call}, limit: o.limit, why: q.Uses("why"), tasks: q.Uses("task"), read: q.Uses("lat")}
	if typed != api.Undetermined {
		a.query.Containment = typed
	}
	if o.user != "" {
		a.query.User = api.UserID(o.user)
	}
	if o.call != "" {
		a.query.CallID = o.call
	}
	if len(q.Terms) > 0 || typed != api.Undetermined {
		a.keep = func(s api.Session) bool {
			return match(s) && (typed == api.Undetermined || s.Containment == typed)
		}
	}
	if ids := sessionIDs(o.ids); len(ids) > 0 {
		a.query = api.SessionQuery{IDs: api.ListIDs(ids...)}
	} else if a.keep == nil {
		a.query.Limit = o.limit
	}
	return a, nil
}

func containmentOf(word string) (api.Containment, error) {
	switch c := api.ParseContainment(word); c {
	case api.Undetermined, api.DropOff, api.SelfService, api.Agent:
		return c, nil
	}
	return "", views.Usage(text.Format("--containment is dropOff, selfService or agent, not %q", word).String())
}

// sessionIDs takes ids as they were typed; doubles and blanks go.
func sessionIDs(args []string) []api.SessionID {
	var out []api.SessionID
	for _, arg := range args {
		id := api.SessionID(strings.TrimSpace(arg))
		if id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

func (p *program) sessions(ctx context.Context, o sessionsOptions) error {
	set, err := p.settings(ctx, false)
	if err != nil {
		return err
	}
	page, err := p.page(o.rowFlags, set.config.Columns["sessions"])
	if err != nil {
		return err
	}
	ask, err := o.ask(p.clock(), p.at.Zone)
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
	w, err := output.New(p.streams.Out, views.SessionFields(), page)
	if err != nil {
		return err
	}
	defer p.talk.live(ctx)()
	roll := roll[api.Session]{
		print: above(p.talk, w), keep: ask.keep, limit: ask.limit,
		id: api.Session.Key, at: standing,
		loose: d.openBefore(asking, ask.query),
	}
	if ask.tasks {
		if err := p.readTasks(asking, d, ask.query.Window); err != nil {
			return err
		}
	}
	if ask.read {
		p.talk.say(text.Lit("lat: knows conversations whose messages were read and are on disk; nothing is asked for it"))
	}
	rows := answers(asking, d.sessions, ask.query)
	if ask.why {
		p.talk.say(text.Lit("why: looks at conversations that were read and are on disk; nothing is asked for it"))
		rows = d.withWhy(asking, rows)
	}
	a, failed, err := roll.read(ctx, rows, func(a api.Answer[[]api.Session]) {
		p.talk.progress(readSoFar(len(a.Value), a.Total, a.Covered.From, text.Lit("sessions"), p.at.Zone, pace{kore.SessionPage, d.limits()}))
	})
	if err != nil {
		return err
	}
	var e ending
	add(&e, a, failed)
	return p.finish(ctx, e, w.Close)
}

// readTasks reads which conversations ran which task, so that task: knows more
// than the conversations that were read: the metrics name them. It says what is
// known where they cannot be read.
func (p *program) readTasks(ctx context.Context, d *desk, w api.Window) error {
	for _, kind := range taskMetrics() {
		_, err := last(answers(ctx, d.metrics, api.MetricQuery{Kind: kind, Window: w}))
		switch {
		case api.KindOf(err) == api.Cancelled:
			return err
		case err != nil:
			p.at.Now = p.clock()
			p.talk.say(text.Format("task: knows only conversations whose messages or metrics were read and are on disk; the metrics of this window are not: %s", views.Explain(err, p.at).Sentence))
			return nil
		}
	}
	p.talk.say(text.Lit("task: goes by the platform's metrics, which may lag, and by the messages that were read"))
	return nil
}

// finish closes what was printed, unless nothing was, and gives the verdict.
func (p *program) finish(ctx context.Context, e ending, closing func(context.Context) error) error {
	p.talk.wipeNow()
	if e.nothing() || e.nowhere() {
		return p.verdict(e)
	}
	if err := closing(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	return p.verdict(e)
}

// openBefore lists the rows on disk that a reading will look at again.
func (d *desk) openBefore(ctx context.Context, q api.SessionQuery) map[string]bool {
	a, err := d.sessions.Cached(ctx, q)
	if err != nil {
		return nil
	}
	out := map[string]bool{}
	for _, s := range a.Value {
		if !s.Final() {
			out[s.Key()] = true
		}
	}
	return out
}

// standing is where a session stands in the list, also one without a start.
func standing(s api.Session) time.Time {
	if !s.Start.IsZero() {
		return s.Start
	}
	born, _ := s.ID.Born()
	return born
}
