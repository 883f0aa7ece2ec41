package cli

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"korescope/api"
	"korescope/api/kore"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/filter"
	"korescope/views/output"
)

// llmOptions are the flags of `llm`.
type llmOptions struct {
	rowFlags
	query string
}

func (p *program) llmCommand() *cobra.Command {
	var o llmOptions
	c := &cobra.Command{
		Use:   "llm [SESSION...]",
		Short: "List calls to language models with their payloads, newest first",
		Long: `List calls to language models, newest first: those of the sessions named, or
those of a time window. Records hold request and response as JSON; joinedBy says
how a call was linked to its session. Filter fields: model feature status code
finish user channel prompt tokens ms err task session.`,
		Example: `  korescope llm --since 6h -q 'err:true'
  korescope llm 68f1a3d04c7e2b9a5d10e3f7 -o json
  korescope llm --since 7d -o ndjson --jq 'select(.timeTakenMs > 5000) | .model'`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: p.completeSessions,
		RunE: func(c *cobra.Command, args []string) error {
			return headless(c.Context(), p.rehearsed(func(ctx context.Context) error { return p.llm(ctx, o, sessionIDs(args)) }))
		},
	}
	c.Flags().StringVarP(&o.query, "query", "q", "", "only calls that match this `filter`")
	o.registerWindow(c)
	p.registerDryRun(c)
	o.register(c, views.Names(views.LLMFields()))
	return c
}

// callAsk is what `llm` was asked.
type callAsk struct {
	window api.Window
	given  bool // a window was named
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
	q, match, err := filter.Calls(p.at.Zone).Compile(o.query)
	if err != nil {
		return callAsk{}, err
	}
	if len(q.Terms) > 0 {
		a.keep = match
	}
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
	q := api.LLMQuery{Window: r.ask.window}
	if r.ask.keep == nil {
		q.Limit = r.ask.limit
	}
	roll := roll[api.LLMCall]{print: r.whole, keep: r.ask.keep, limit: r.ask.limit, id: callKey, at: startOf}
	a, failed, err := roll.read(ctx, r.joinedHere(asking, answers(asking, r.d.calls, q)), func(a api.Answer[[]api.LLMCall]) {
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
		a, err := r.d.payloads.Cached(ctx, c.ID)
		switch {
		case api.KindOf(err) == api.NotCached:
			r.without++
		case err != nil:
			return err
		}
		c.Request, c.Response = a.Value.Request, a.Value.Response
		if err := r.print(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// ofSessions reads the calls of the spans of the sessions and keeps those that
// belong to them.
func (r *callRead) ofSessions(ctx, asking context.Context, ids []api.SessionID) (ending, error) {
	known, e := r.d.lookUp(asking, ids)
	if e.err != nil || len(known) == 0 {
		if e.err == nil && len(e.unknown) == 0 {
			e.err = &api.Error{Kind: api.NotCached}
		}
		return e, nil
	}
	sessions, calls := r.around(asking, known, &e)
	if api.KindOf(e.err) == api.Cancelled {
		return e, nil
	}
	return e, r.whole(ctx, r.joined(sessions, known, calls)...)
}

// around reads the calls of the times of sessions, and the other sessions that
// these calls may belong to.
func (r *callRead) around(asking context.Context, known map[api.SessionID]api.Session, e *ending) ([]api.Session, []api.LLMCall) {
	sessions := make([]api.Session, 0, len(known))
	for _, s := range known {
		sessions = append(sessions, s)
	}
	slices.SortFunc(sessions, func(a, b api.Session) int { return cmp.Or(b.Start.Compare(a.Start), cmp.Compare(a.ID, b.ID)) })
	var calls []api.LLMCall
	var failed error
	for _, span := range callSpans(sessions, r.p.clock()) {
		var a api.Answer[[]api.LLMCall]
		a, failed = last(answers(asking, r.d.calls, api.LLMQuery{Window: span}))
		add(e, a, failed)
		if calls = append(calls, a.Value...); failed != nil {
			break
		}
		r.p.talk.progress(text.Format("%s LLM calls read", text.Count(len(calls))))
	}
	if failed == nil {
		others, err := r.siblings(asking, sessions, calls)
		sessions = append(sessions, others...)
		if e.err == nil {
			e.err = err
		}
	}
	return sessions, calls
}

// joined gives the calls that belong to the sessions asked for, newest first.
func (r *callRead) joined(all []api.Session, asked map[api.SessionID]api.Session, calls []api.LLMCall) []api.LLMCall {
	var out []api.LLMCall
	for _, s := range asked {
		for _, c := range api.JoinCalls(s, all, calls) {
			if (r.ask.keep == nil || r.ask.keep(c)) && (!r.ask.given || r.ask.window.Holds(c.Start)) {
				out = append(out, c)
			}
		}
	}
	slices.SortFunc(out, func(a, b api.LLMCall) int { return cmp.Or(b.Start.Compare(a.Start), cmp.Compare(a.ID, b.ID)) })
	out = slices.CompactFunc(out, func(a, b api.LLMCall) bool { return a.ID == b.ID })
	if r.ask.limit > 0 && len(out) > r.ask.limit {
		out = out[:r.ask.limit]
	}
	return out
}

// reach is how long before its calls another session of a user may have begun.
const reach = 24 * time.Hour

// siblings reads the other sessions of users whose calls name no session: only
// who knows all of them can say to which a call belongs.
func (r *callRead) siblings(ctx context.Context, sessions []api.Session, calls []api.LLMCall) ([]api.Session, error) {
	spans := map[api.UserID]api.Window{}
	for _, c := range calls {
		own := slices.ContainsFunc(sessions, func(s api.Session) bool { return s.User == c.User && s.User != "" })
		if c.Session != "" || !own || c.Start.IsZero() {
			continue
		}
		w, ok := spans[c.User]
		if !ok {
			w = api.Between(c.Start, c.Start)
		}
		if c.Start.Before(w.From) {
			w.From = c.Start
		}
		if c.Start.After(w.To) {
			w.To = c.Start
		}
		spans[c.User] = w
	}
	var out []api.Session
	for user, w := range spans {
		q := api.SessionQuery{User: user, Window: w.Widen(reach, api.JoinMargin)}
		if now := r.p.clock(); q.Window.To.After(now) {
			q.Window.To = api.Between(now, now).To
		}
		a, err := last(answers(ctx, r.d.sessions, q))
		out = append(out, a.Value...)
		if err != nil && api.KindOf(err) != api.NotCached {
			return out, err
		}
	}
	return out, nil
}

// callSpans are the times in which calls of the sessions, given newest first,
// can lie, newest first; those that touch are one.
func callSpans(sessions []api.Session, now time.Time) []api.Window {
	var out []api.Window
	for _, s := range sessions {
		w := spanOf(s, now).Widen(api.JoinLead, api.JoinMargin)
		if w.To.After(now) {
			w.To = api.Between(now, now).To
		}
		if s.Start.IsZero() || w.Length() <= 0 {
			continue
		}
		if n := len(out); n > 0 && !w.To.Before(out[n-1].From) {
			if w.From.Before(out[n-1].From) {
				out[n-1].From = w.From
			}
			if w.To.After(out[n-1].To) {
				out[n-1].To = w.To
			}
			continue
		}
		out = append(out, w)
	}
	return out
}

func callKey(c api.LLMCall) string {
	if c.ID != "" {
		return string(c.ID)
	}
	return c.Unreadable + c.Start.String() + string(c.User)
}

func startOf(c api.LLMCall) time.Time { return c.Start }
