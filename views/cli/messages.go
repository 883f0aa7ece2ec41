package cli

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"korescope/api"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/output"
)

// transcriptsAtOnce is how many conversations are read together.
const transcriptsAtOnce = 20

func (p *program) messagesCommand() *cobra.Command {
	var o messagesOptions
	c := &cobra.Command{
		Use:   "messages SESSION... | --user U | --call ID",
		Short: "Print what was said, oldest first, session after session",
		Long: `Print what was said, oldest first, in the order of the sessions given. As a
table it is a transcript to read; with -o json, ndjson or csv it is records.
--user prints what one user said and was told in the window, --call what was
said in one call of a voice channel; --limit then keeps the latest messages.
The platform sends such rows without tags and latencies, and those of a call
without ids.`,
		Example: `  korescope messages 68f1a3d04c7e2b9a5d10e3f7
  korescope messages --user u-5d2e7c10-90ab-5f34-8c61-3e7d9b0a2f45 --since 7d
  korescope sessions -q type:dropOff --jq '.[].sessionId' | xargs korescope messages
  korescope messages 68f1a3d04c7e2b9a5d10e3f7 -o ndjson --fields time,direction,text`,
		Args:              words(0, -1, "the ids of sessions (korescope sessions lists them)"),
		ValidArgsFunction: p.completeSessions,
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.subject(args); err != nil {
				return err
			}
			return headless(c.Context(), p.rehearsed(func(ctx context.Context) error { return p.messages(ctx, o.trimmed(), sessionIDs(args)) }))
		},
	}
	c.Flags().StringVar(&o.user, "user", "", "what this user `id` said and was told")
	c.Flags().StringVar(&o.call, "call", "", "what was said in the call of this `id`")
	o.registerWindow(c)
	p.registerDryRun(c)
	o.register(c, views.Names(views.MessageFields()))
	return p.leads(c, place{about: true, unless: []string{"user", "call"}, route: func(_ *desk, args []string) (ui.Route, error) {
		if len(args) != 1 {
			return nil, nil
		}
		return views.ConversationRoute{Session: api.Session{ID: api.SessionID(args[0])}}, nil
	}})
}

// sheet is where messages are printed: as records or as a transcript.
type sheet struct {
	give  func(ctx context.Context, s api.Session, messages []api.Message) error
	close func(context.Context) error
}

func (p *program) messageSheet(d *desk, f rowFlags, page output.Options) (sheet, error) {
	if page.Format != output.Table || f.jq != "" || len(page.Fields) > 0 {
		w, err := output.New(p.streams.Out, views.MessageFields(), page)
		if err != nil {
			return sheet{}, err
		}
		return sheet{
			give:  func(ctx context.Context, _ api.Session, ms []api.Message) error { return w.Write(ctx, ms...) },
			close: w.Close,
		}, nil
	}
	script := views.Script{Env: page.Env, Width: page.Width}
	script.Env.Plain = !page.Terminal
	return sheet{
		give: func(ctx context.Context, s api.Session, ms []api.Message) error {
			t := views.Weave(s, ms, nil, views.LayerMessages)
			t.Why = d.whyOf(ctx, s)
			return script.Write(p.streams.Out, t)
		},
		close: func(context.Context) error { return nil },
	}, nil
}

func (p *program) messages(ctx context.Context, o messagesOptions, ids []api.SessionID) error {
	set, err := p.settings(ctx, false)
	if err != nil {
		return err
	}
	page, err := p.page(o.rowFlags, set.config.Columns["messages"])
	if err != nil {
		return err
	}
	within, given, err := o.window(p.clock(), p.at.Zone)
	if err != nil {
		return err
	}
	if !given && len(ids) > 0 {
		within = api.Window{}
	}
	asking, stop := p.limited(ctx)
	defer stop()
	d, err := p.open(asking, set)
	if err != nil {
		return err
	}
	defer d.leave()
	out, err := p.messageSheet(d, o.rowFlags, page)
	if err != nil {
		return err
	}
	defer p.talk.live(ctx)()
	r := transcripts{p: p, d: d, out: out, within: within, left: o.limit, total: len(ids)}
	var e ending
	if len(ids) > 0 {
		e, err = r.read(ctx, asking, ids)
	} else {
		e, err = r.elsewhere(ctx, asking, o)
	}
	if err != nil {
		return err
	}
	return p.finish(ctx, e, out.close)
}

// transcripts reads and prints conversations in the order they were named.
type transcripts struct {
	p      *program
	d      *desk
	out    sheet
	within api.Window // zero for all
	left   int        // messages still to print, 0 for all
	total  int
	done   int
}

func (r *transcripts) read(ctx, asking context.Context, ids []api.SessionID) (ending, error) {
	known, e := r.d.lookUp(asking, ids)
	if e.err != nil {
		return e, nil
	}
	ids = slices.DeleteFunc(slices.Clone(ids), func(id api.SessionID) bool { return slices.Contains(e.unknown, id) })
	for part := range slices.Chunk(ids, transcriptsAtOnce) {
		q := api.MessageQuery{Sessions: api.ListIDs(part...)}
		a, failed := last(answers(asking, r.d.messages, q))
		add(&e, a, failed)
		if api.KindOf(failed) == api.Cancelled {
			return e, nil
		}
		full, err := r.print(ctx, part, known, a.Value, failed == nil)
		if err != nil {
			return e, err
		}
		if r.done += len(part); full || failed != nil {
			break
		}
		r.p.talk.progress(text.Format("%d of %d sessions read", r.done, r.total))
	}
	return e, nil
}

// print gives out a part of the sessions; full says that no more is wanted. Of a
// reading that failed, sessions without a message are left out: they may have
// some.
func (r *transcripts) print(ctx context.Context, ids []api.SessionID, known map[api.SessionID]api.Session, rows []api.Message, whole bool) (full bool, err error) {
	of := map[api.SessionID][]api.Message{}
	for _, m := range rows {
		if views.Transcribed(m) && (r.within.Zero() || r.within.Holds(m.Time)) {
			of[m.Session] = append(of[m.Session], m)
		}
	}
	r.p.talk.wipeNow()
	for _, id := range ids {
		s, listed := known[id]
		if !listed {
			s = api.Session{ID: id}
		}
		said := of[id]
		if len(said) == 0 && (!listed || !whole) {
			continue
		}
		if r.left > 0 && len(said) >= r.left {
			return true, r.out.give(ctx, s, said[:r.left])
		}
		if r.left > 0 {
			r.left -= len(said)
		}
		if err := r.out.give(ctx, s, said); err != nil {
			return false, err
		}
	}
	return false, nil
}

// lookUp reads the sessions themselves: their times say where to look for
// messages, and which of them do not exist. A credential that may not list
// sessions, and a cache that does not hold them, are no reason to stop.
func (d *desk) lookUp(ctx context.Context, ids []api.SessionID) (map[api.SessionID]api.Session, ending) {
	a, err := last(answers(ctx, d.sessions, api.SessionQuery{IDs: api.ListIDs(ids...)}))
	known := make(map[api.SessionID]api.Session, len(a.Value))
	for _, s := range a.Value {
		known[s.ID] = s
	}
	e := ending{unknown: inOrder(ids, a.Unknown), found: len(a.Value) > 0}
	switch api.KindOf(err) {
	case api.ScopeMissing, api.NotCached:
		return known, e
	}
	e.err = err
	return known, e
}

// inOrder gives the ids that are in some, in the order they were named.
func inOrder(ids, some []api.SessionID) []api.SessionID {
	var out []api.SessionID
	for _, id := range ids {
		if slices.Contains(some, id) {
			out = append(out, id)
		}
	}
	return out
}
