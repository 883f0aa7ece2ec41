package cli

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"korescope/api"
	"korescope/api/trace"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/output"
)

// timelineOptions are the flags of `timeline`.
type timelineOptions struct {
	rowFlags
	noDebug bool
}

func (p *program) timelineCommand() *cobra.Command {
	var o timelineOptions
	c := &cobra.Command{
		Use:   "timeline SESSION",
		Short: "Print messages, LLM calls and debug lines of a session on one time line",
		Long: `Print messages, calls to language models and debug lines of one session, oldest
first. joinedBy says how a call or a line is known to belong to the session: by
id, or by user and time, which is probable and not certain. Debug lines need a
right of their own and cost requests; --no-debug leaves them out.`,
		Example: `  korescope timeline 68f1a3d04c7e2b9a5d10e3f7
  korescope timeline 68f1a3d04c7e2b9a5d10e3f7 -o ndjson --jq 'select(.debug.level == "error")'`,
		Args:              words(1, 1, "the id of one session (korescope sessions lists them)"),
		ValidArgsFunction: p.completeSessions,
		RunE: func(c *cobra.Command, args []string) error {
			return headless(c.Context(), p.rehearsed(func(ctx context.Context) error { return p.timeline(ctx, o, sessionIDs(args)) }))
		},
	}
	c.Flags().BoolVar(&o.noDebug, "no-debug", false, "leave the debug lines out")
	o.registerWindow(c)
	p.registerDryRun(c)
	o.register(c, views.Names(views.TimelineFields()))
	return p.leads(c, place{about: true})
}

func (p *program) timeline(ctx context.Context, o timelineOptions, ids []api.SessionID) error {
	if len(ids) == 0 {
		return views.Usage("the session id is empty")
	}
	set, err := p.settings(ctx, false)
	if err != nil {
		return err
	}
	page, err := p.page(o.rowFlags, set.config.Columns["timeline"])
	if err != nil {
		return err
	}
	within, given, err := o.window(p.clock(), p.at.Zone)
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
	r := &threads{p: p, d: d}
	if given {
		r.within = within
	}
	out, err := r.sheet(o, page)
	if err != nil {
		return err
	}
	defer p.talk.live(ctx)()
	r.read(asking, ids[0], !o.noDebug)
	if r.e.nothing() || r.gone || api.KindOf(r.e.err) == api.Cancelled {
		return p.verdict(r.e)
	}
	p.talk.wipeNow()
	if err := out.give(ctx); err != nil {
		return err
	}
	return p.finish(ctx, r.e, out.close)
}

// threads are the three things that make a time line, read and joined.
type threads struct {
	p      *program
	d      *desk
	within api.Window // zero for all

	session  api.Session
	messages []api.Message
	calls    []api.LLMCall
	lines    []api.DebugLine
	e        ending
	gone     bool // there is no such session
}

// read reads all there is about a session. What one source refuses does not keep
// the others from being asked: it is said at the end.
func (r *threads) read(ctx context.Context, id api.SessionID, debug bool) {
	var known map[api.SessionID]api.Session
	known, r.e = r.d.lookUp(ctx, []api.SessionID{id})
	if r.gone = len(r.e.unknown) > 0; r.gone || r.e.err != nil {
		return
	}
	a, failed := last(answers(ctx, r.d.messages, api.MessageQuery{Sessions: api.ListIDs(id)}))
	add(&r.e, a, failed)
	r.messages = slices.DeleteFunc(slices.Clone(a.Value), func(m api.Message) bool { return !views.Transcribed(m) })
	r.session = known[id]
	if r.session.ID == "" {
		r.session = sketched(id, r.messages)
	}
	r.p.talk.progress(text.Format("%s messages read", text.Count(len(r.messages))))
	r.readCalls(ctx)
	if debug && api.KindOf(r.e.err) != api.Cancelled {
		r.readLog(ctx)
	}
	r.cut()
}

// sketched is a session of which only the messages are known.
func sketched(id api.SessionID, messages []api.Message) api.Session {
	s := api.Session{ID: id}
	for _, m := range messages {
		if m.Time.IsZero() {
			continue
		}
		if s.Start.IsZero() || m.Time.Before(s.Start) {
			s.Start = m.Time
		}
		if m.Time.After(s.End) {
			s.End = m.Time
		}
		s.Bot, s.User, s.Channel = m.Bot, m.User, m.Channel
	}
	return s
}

func (r *threads) readCalls(ctx context.Context) {
	a, failed := last(answers(ctx, r.d.traced, trace.CallQuery{Session: trace.OfSession(r.session)}))
	add(&r.e, a, failed)
	r.calls = a.Value
}

func (r *threads) readLog(ctx context.Context) {
	if a, failed := r.d.debugLines(ctx, r.session, r.messages); failed != nil || len(a.Value) > 0 {
		add(&r.e, a, failed)
		r.lines = a.Value
	}
}

// debugLines asks under one name after the other until something is kept.
func (d *desk) debugLines(ctx context.Context, s api.Session, said []api.Message) (a api.Answer[[]api.DebugLine], err error) {
	names := views.LogIdentities(s, said)
	for _, name := range names {
		a, err = last(answers(ctx, d.tracedLines, trace.LineQuery{
			Session: trace.OfSession(s), Names: trace.Names(views.LogNames(names)), Log: views.LogQueryOf(s, name, d.clock()),
		}))
		if err != nil || len(a.Value) > 0 {
			break
		}
	}
	return a, err
}

// cut leaves what lies in the window that was named.
func (r *threads) cut() {
	if r.within.Zero() {
		return
	}
	r.messages = slices.DeleteFunc(r.messages, func(m api.Message) bool { return !r.within.Holds(m.Time) })
	r.calls = slices.DeleteFunc(slices.Clone(r.calls), func(c api.LLMCall) bool { return !r.within.Holds(c.Start) })
	r.lines = slices.DeleteFunc(slices.Clone(r.lines), func(l api.DebugLine) bool { return !r.within.Holds(l.Time) })
}

// timeSheet is where a time line is printed: as records or as a transcript.
type timeSheet struct {
	give  func(context.Context) error
	close func(context.Context) error
}

func (r *threads) sheet(o timelineOptions, page output.Options) (timeSheet, error) {
	records := page.Format != output.Table || o.jq != ""
	if records || len(page.Fields) > 0 {
		w, err := output.New(r.p.streams.Out, views.TimelineFields(), page)
		if err != nil {
			return timeSheet{}, err
		}
		return timeSheet{close: w.Close, give: func(ctx context.Context) error {
			events := r.weave().Events()
			if o.limit > 0 && len(events) > o.limit {
				events = events[:o.limit]
			}
			if records && (len(page.Fields) == 0 || slices.Contains(page.Fields, views.KindLLM)) {
				if err := r.payloads(ctx, events); err != nil {
					return err
				}
			}
			return w.Write(ctx, events...)
		}}, nil
	}
	script := views.Script{Env: page.Env, Width: page.Width}
	script.Env.Plain = !page.Terminal
	return timeSheet{
		close: func(context.Context) error { return nil },
		give: func(ctx context.Context) error {
			t := r.weave()
			t.Why = r.d.whyOf(ctx, r.session)
			if o.limit > 0 && len(t.Rows) > o.limit {
				t.Rows = t.Rows[:o.limit]
			}
			return script.Write(r.p.streams.Out, t)
		},
	}, nil
}

func (r *threads) weave() views.Transcript {
	return views.WeaveLines(r.session, r.messages, r.calls, r.lines, views.AllLayers)
}

// payloads puts the request and the response into the calls: lists leave them
// out.
func (r *threads) payloads(ctx context.Context, events []views.Event) error {
	without := 0
	for _, v := range events {
		if v.Call == nil || v.Call.Request != nil || v.Call.Response != nil {
			continue
		}
		here, err := r.d.fillPayloads(ctx, v.Call)
		if err != nil {
			return err
		}
		if !here {
			without++
		}
	}
	if without > 0 {
		r.e.partial = true
		r.e.notes = append(r.e.notes, text.Format("%d payloads are not in the cache any more", without).String())
	}
	return nil
}
