package cli

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"korescope/api"
	"korescope/api/kore"
	"korescope/api/trace"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/filter"
	"korescope/views/output"
)

// llmOptions are the flags of `llm`.
type llmOptions struct {
	rowFlags
	query                        string
	dev                          bool
	user, channel, feature, task string
}

// asked is what the platform is asked for besides the window.
func (o llmOptions) asked() (api.LLMQuery, error) {
	for flag, value := range map[string]string{"user": o.user, "channel": o.channel, "feature": o.feature, "task": o.task} {
		if value != strings.TrimSpace(value) {
			return api.LLMQuery{}, views.Usage("--" + flag + " begins or ends with a blank")
		}
	}
	return api.LLMQuery{Developer: o.dev, User: api.UserID(o.user), Channel: o.channel, Feature: o.feature, Task: o.task}, nil
}

func (p *program) llmCommand() *cobra.Command {
	var o llmOptions
	c := &cobra.Command{
		Use:   "llm [SESSION...]",
		Short: "List calls to language models with their payloads, newest first",
		Long: `List calls to language models, newest first: those of the sessions named, or
those of a time window. Records hold request and response as JSON; joinedBy says
how a call was linked to its session. Calls that developers made are listed with
--dev, and for sessions that were a developer's. --user, --channel, --feature and
--task are sent to the platform and applied to what comes as well. Filter fields:
model feature status code finish user channel prompt tokens ms err guardrail task
session dev.`,
		Example: `  korescope llm --since 6h -q 'err:true'
  korescope llm --dev --feature 'Agent Node' -q 'guardrail:detected'
  korescope llm 68f1a3d04c7e2b9a5d10e3f7 -o json
  korescope llm --since 7d -o ndjson --jq 'select(.timeTakenMs > 5000) | .model'`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: p.completeSessions,
		RunE: func(c *cobra.Command, args []string) error {
			return headless(c.Context(), p.rehearsed(func(ctx context.Context) error { return p.llm(ctx, o, sessionIDs(args)) }))
		},
	}
	c.Flags().StringVarP(&o.query, "query", "q", "", "only calls that match this `filter`")
	c.Flags().BoolVar(&o.dev, "dev", false, "calls of developers as well")
	c.Flags().StringVar(&o.user, "user", "", "only calls of this `user`: u-..., or the identity at the channel")
	c.Flags().StringVar(&o.channel, "channel", "", "only calls of this `channel`")
	c.Flags().StringVar(&o.feature, "feature", "", "only calls of this `feature`, such as Agent Node")
	c.Flags().StringVar(&o.task, "task", "", "only calls of this `task`: dg-..., or a part of its name")
	o.registerWindow(c)
	p.registerDryRun(c)
	o.register(c, views.Names(views.LLMFields()))
	return p.leads(c, place{
		takes: spanFlags("query"), words: ofSessions, text: true, usage: "[24h] [SESSION | FILTER]",
		route: func(d *desk, args []string) (ui.Route, error) { return d.callsRoute(o, args) },
		offer: func(d *desk, rest string) []ui.Completion { return filter.Calls(d.zone).Offer(rest, nil) },
	})
}

// callsRoute is the list of calls of a window or of one session; several sessions
// have no screen of their own.
func (d *desk) callsRoute(o llmOptions, ids []string) (ui.Route, error) {
	w, err := d.spanOf(o.rowFlags)
	if err != nil {
		return nil, err
	}
	if _, _, err := filter.Calls(d.zone).Compile(o.query); err != nil {
		return nil, err
	}
	switch len(ids) {
	case 0:
		return views.CallsRoute{Window: w, Filter: o.query}, nil
	case 1:
		if w.Zero() {
			return views.CallsRoute{Session: api.Session{ID: api.SessionID(ids[0])}, Filter: o.query}, nil
		}
	}
	return nil, nil
}

// callAsk is what `llm` was asked.
type callAsk struct {
	window api.Window
	given  bool // a window was named
	how    api.LLMQuery
	keep   func(api.LLMCall) bool
	limit  int
	page   output.Options
	bodies bool // payloads are printed
}

func (p *program) askCalls(o llmOptions, set settled) (callAsk, error) {
	page, err := p.page(o.rowFlags, set.config.Columns["llm"])
	if err != nil {
		return callAsk{}, err
	}
	a := callAsk{limit: o.limit, page: page}
	if a.window, a.given, err = o.window(p.clock(), p.at.Zone); err != nil {
		return callAsk{}, err
	}
	if a.how, err = o.asked(); err != nil {
		return callAsk{}, err
	}
	q, match, err := filter.Calls(p.at.Zone).Compile(o.query)
	if err != nil {
		return callAsk{}, err
	}
	if len(q.Terms) > 0 {
		a.keep = match
	}
	a.how.Developer = a.how.Developer || filter.AsksForDevelopers(q)
	a.bodies, err = wantsPayloads(page)
	return a, err
}

// wantsPayloads reports that a payload will be printed. Those are read one by
// one, so they are left alone where nobody sees them.
func wantsPayloads(o output.Options) (bool, error) {
	if o.Format == output.Table && o.JQ == "" && len(o.Fields) == 0 {
		return false, nil
	}
	fields, err := views.Pick(views.LLMFields(), o.Fields)
	return slices.ContainsFunc(fields, func(f views.Field[api.LLMCall]) bool {
		return slices.Contains([]string{"request", "response", "messages", "answer"}, f.Name)
	}), err
}

func (p *program) llm(ctx context.Context, o llmOptions, ids []api.SessionID) error {
	set, err := p.settings(ctx, false)
	if err != nil {
		return err
	}
	ask, err := p.askCalls(o, set)
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
	w, err := output.New(p.streams.Out, views.LLMFields(), ask.page)
	if err != nil {
		return err
	}
	defer p.talk.live(ctx)()
	r := &callRead{p: p, d: d, ask: ask, print: above(p.talk, w)}
	var e ending
	if len(ids) > 0 {
		e, err = r.ofSessions(ctx, asking, ids)
	} else {
		e, err = r.ofWindow(ctx, asking)
	}
	if err != nil {
		return err
	}
	if r.without > 0 {
		e.partial = true
		e.notes = append(e.notes, text.Format("%d payloads are not in the cache any more", r.without).String())
	}
	return p.finish(ctx, e, w.Close)
}

// callRead reads and prints model calls.
type callRead struct {
	p       *program
	d       *desk
	ask     callAsk
	print   func(context.Context, ...api.LLMCall) error
	without int // calls whose payloads could not be found
}

func (r *callRead) ofWindow(ctx, asking context.Context) (ending, error) {
	q := r.ask.how
	q.Window = r.ask.window
	if r.ask.keep == nil {
		q.Limit = r.ask.limit
	}
	roll := roll[api.LLMCall]{print: r.whole, keep: r.ask.keep, limit: r.ask.limit, id: api.LLMCall.Key, at: startOf}
	a, failed, err := roll.read(ctx, answers(asking, r.d.traced, trace.CallQuery{List: q}), func(a api.Answer[[]api.LLMCall]) {
		r.p.talk.progress(readSoFar(len(a.Value), a.Total, a.Covered.From, text.Lit("LLM calls"), r.p.at.Zone, pace{kore.CallPage, r.d.limits()}))
	})
	var e ending
	add(&e, a, failed)
	return e, err
}

// whole prints calls with their payloads, which lists leave out.
func (r *callRead) whole(ctx context.Context, calls ...api.LLMCall) error {
	if !r.ask.bodies {
		return r.print(ctx, calls...)
	}
	for _, c := range calls {
		here, err := r.d.fillPayloads(ctx, &c)
		if err != nil {
			return err
		}
		if !here {
			r.without++
		}
		if err := r.print(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// fillPayloads puts the request and the response into a call: lists leave them out.
// It reports false when they are not in the cache any more.
func (d *desk) fillPayloads(ctx context.Context, call *api.LLMCall) (here bool, err error) {
	a, err := d.payloads.Cached(ctx, call.ID)
	if err != nil && api.KindOf(err) != api.NotCached {
		return false, err
	}
	call.Request, call.Response = a.Value.Request, a.Value.Response
	return err == nil, nil
}

// ofSessions reads the calls that belong to the sessions.
func (r *callRead) ofSessions(ctx, asking context.Context, ids []api.SessionID) (ending, error) {
	known, e := r.d.lookUp(asking, ids)
	if e.err != nil || len(known) == 0 {
		if e.err == nil && len(e.unknown) == 0 {
			e.err = &api.Error{Kind: api.NotCached}
		}
		return e, nil
	}
	calls := r.together(asking, slices.Collect(maps.Values(known)), &e)
	if api.KindOf(e.err) == api.Cancelled {
		return e, nil
	}
	calls = slices.DeleteFunc(calls, func(c api.LLMCall) bool {
		return r.ask.keep != nil && !r.ask.keep(c) || r.ask.given && !r.ask.window.Holds(c.Start)
	})
	if r.ask.limit > 0 && len(calls) > r.ask.limit {
		calls = calls[:r.ask.limit]
	}
	return e, r.whole(ctx, calls...)
}

// together reads the calls that belong to the sessions, newest first.
func (r *callRead) together(asking context.Context, of []api.Session, e *ending) []api.LLMCall {
	var a api.Answer[[]api.LLMCall]
	var failed error
	for a, failed = range r.d.traced.Together(asking, of, r.ask.how, api.Person) {
		r.p.talk.progress(text.Format("%s LLM calls read", text.Count(len(a.Value))))
	}
	add(e, a, failed)
	calls := slices.Clone(a.Value)
	api.ArrangeCalls(calls)
	return slices.CompactFunc(calls, func(a, b api.LLMCall) bool { return a.Key() == b.Key() })
}

func startOf(c api.LLMCall) time.Time { return c.Start }
