package cli

import (
	"context"
	"slices"
	"time"

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
	noDebug, noMetrics bool
}

func (p *program) timelineCommand() *cobra.Command {
	var o timelineOptions
	c := &cobra.Command{
		Use:   "timeline SESSION",
		Short: "Print messages, LLM calls, debug lines, node runs and changes of a session on one time line",
		Long: `Print messages, calls to language models, debug lines, runs of nodes, failed tasks
and changes of the bot on the time line of one session, oldest first. joinedBy says
how one is known to belong to the session: by id, or by user and time, which is
probable and not certain. Debug lines (--no-debug), nodes and changes (--no-metrics)
need rights of their own and cost requests; what the credential may not read is
said and left out. Changes are those of the hour before and of the session itself.`,
		Example: `  korescope timeline 68f1a3d04c7e2b9a5d10e3f7
  korescope timeline 68f1a3d04c7e2b9a5d10e3f7 -o ndjson --jq 'select(.debug.level == "error")'`,
		Args:              words(1, 1, "the id of one session (korescope sessions lists them)"),
		ValidArgsFunction: p.completeSessions,
		RunE: func(c *cobra.Command, args []string) error {
			return headless(c.Context(), p.rehearsed(func(ctx context.Context) error { return p.timeline(ctx, o, sessionIDs(args)) }))
		},
	}
	c.Flags().BoolVar(&o.noDebug, "no-debug", false, "leave the debug lines out")
	c.Flags().BoolVar(&o.noMetrics, "no-metrics", false, "leave runs of nodes and changes of the bot out")
	o.registerWindow(c)
	p.registerDryRun(c)
	o.register(c, views.Names(views.TimelineFields(nil)))
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
	if err := d.unmasks("timeline"); err != nil {
		return err
	}
	defer p.talk.live(ctx)()
	r.read(asking, ids[0], o)
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
	nodes    []api.Metric
	changes  []api.ChangeEntry
	e        ending
	gone     bool // there is no such session
}

// read reads all there is about a session. What one source refuses does not keep
// the others from being asked: it is said at the end.
func (r *threads) read(ctx context.Context, id api.SessionID, o timelineOptions) {
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
	if !o.noDebug && api.KindOf(r.e.err) != api.Cancelled {
		r.readLog(ctx)
	}
	if !o.noMetrics && api.KindOf(r.e.err) != api.Cancelled {
		r.readNodes(ctx)
		r.readChanges(ctx)
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

// readNodes reads runs of nodes and failed tasks of the session.
func (r *threads) readNodes(ctx context.Context) {
	s := r.session
	for _, kind := range []api.MetricKind{api.NodeRuns, api.FailedTasks} {
		a, failed := last(answers(ctx, r.d.metrics, api.MetricQuery{Bot: s.Bot, Kind: kind, Window: s.Reach(r.d.clock())}))
		if r.beside("runs of nodes", failed) {
			return
		}
		add(&r.e, a, failed)
		for _, m := range a.Value {
			if m.Session == s.ID {
				r.nodes = append(r.nodes, m)
			}
		}
	}
}

// changedBefore is how far before a session a change of the bot may matter to it.
const changedBefore = time.Hour

// readChanges reads what was changed in the bot in the time of the session.
func (r *threads) readChanges(ctx context.Context) {
	if own := botID(r.d.profile); own == "" || r.session.Bot != "" && r.session.Bot != own {
		r.p.talk.say(text.Lit("changes of the bot are left out: the log that can be read is of the profile's bot, and this session is not"))
		return
	}
	w := r.session.Reach(r.d.clock())
	w.From = w.From.Add(-changedBefore)
	a, failed := last(answers(ctx, r.d.changeLog, api.ChangeQuery{Window: w}))
	if r.beside("changes of the bot", failed) {
		return
	}
	add(&r.e, a, failed)
	for _, c := range a.Value {
		if w.Holds(c.At) {
			r.changes = append(r.changes, c)
		}
	}
}

// beside reports something that the credential may not read: it is said, and the
// time line is whole without it, as it always was for this credential.
func (r *threads) beside(what string, err error) bool {
	if k := api.KindOf(err); err == nil || k != api.ScopeMissing && k != api.NotCached {
		return false
	}
	r.p.talk.say(text.Format("%s are left out: %s", what, r.d.sentence(err)))
	return true
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
	r.nodes = slices.DeleteFunc(r.nodes, func(m api.Metric) bool { return !r.within.Holds(m.At) })
	r.changes = slices.DeleteFunc(r.changes, func(c api.ChangeEntry) bool { return !r.within.Holds(c.At) })
}

// timeSheet is where a time line is printed: as records or as a transcript.
type timeSheet struct {
	give  func(context.Context) error
	close func(context.Context) error
}

func (r *threads) sheet(o timelineOptions, page output.Options) (timeSheet, error) {
	records := page.Format != output.Table || o.jq != ""
	if records || len(page.Fields) > 0 {
		w, err := output.New(r.p.streams.Out, views.TimelineFields(r.d.people), page)
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
	return views.WeaveAll(r.session, views.Threads{
		Messages: r.messages, Calls: r.calls, Lines: r.lines, Nodes: r.nodes, Changes: r.changes,
	}, views.AllLayers)
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
