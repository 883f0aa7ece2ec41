package cli

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"korescope/api"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/filter"
	"korescope/views/output"
)

// logsOptions are the flags of `logs`.
type logsOptions struct {
	rowFlags
	query, channel string
	detail         bool
}

func (p *program) logsCommand() *cobra.Command {
	var o logsOptions
	c := &cobra.Command{
		Use:   "logs IDENTITY",
		Short: "Print the debug log of a user or a call, oldest first",
		Long: `Print the engine's debug log of one identity, oldest first. An identity is the
user's id at the channel, the id of a phone call, ACCOUNT/smartassist/SESSION of
an agent desk, or ACCOUNT/+PHONE of text messages; korescope timeline finds it by
itself. Details may be very long and are left out unless asked for. The platform
keeps lines for seven days, less when there are many. Filter fields: level node
text channel session.`,
		Example: `  korescope logs pat@example.test --since 2h
  korescope logs 0b9f6c1e-call --channel korevg -q level:error
  korescope logs pat@example.test --detail -o ndjson`,
		Args: words(1, 1, "the identity of a user or a call (korescope timeline SESSION finds it)"),
		RunE: func(c *cobra.Command, args []string) error {
			return headless(c.Context(), p.rehearsed(func(ctx context.Context) error { return p.logs(ctx, o, strings.TrimSpace(args[0])) }))
		},
	}
	f := c.Flags()
	f.StringVarP(&o.query, "query", "q", "", "only lines that match this `filter`")
	f.StringVar(&o.channel, "channel", "", "the `channel` of the identity; rtm, or what the identity tells")
	f.BoolVar(&o.detail, "detail", false, "with the detail of each line")
	o.registerWindow(c)
	p.registerDryRun(c)
	o.register(c, views.Names(views.DebugFields()))
	offers(c, "channel", logChannels()...)
	return p.leads(c, place{
		takes: spanFlags("query", "channel"), words: identityWords, offer: offerLengths, usage: "[24h] IDENTITY [CHANNEL]",
		route: func(d *desk, args []string) (ui.Route, error) {
			w, err := d.spanOf(o.rowFlags)
			if _, _, wrong := filter.Lines(d.zone).Compile(o.query); err == nil {
				err = wrong
			}
			return views.LogsRoute{Query: api.LogQuery{Identity: args[0], Channel: o.channel, Window: w}, Filter: o.query}, err
		},
	})
}

// logChannels are the channels the log is documented to know.
func logChannels() []string {
	return []string{"rtm", "korevg", "ivrVoice", "audiocodes", "smartassist", "genesys", "genesysV2", "agentassist", "twiliosms", "genericsms", "webhook"}
}

// lineAsk is what `logs` was asked.
type lineAsk struct {
	query api.LogQuery
	keep  func(api.DebugLine) bool // nil for all
}

func (o *logsOptions) ask(identity string, now time.Time, zone *time.Location) (lineAsk, error) {
	if identity == "" {
		return lineAsk{}, views.Usage("the identity is empty")
	}
	w, _, err := o.window(now, zone)
	if err != nil {
		return lineAsk{}, err
	}
	q, match, err := filter.Lines(zone).Compile(o.query)
	if err != nil {
		return lineAsk{}, err
	}
	a := lineAsk{query: api.LogQuery{
		Identity: identity, Channel: views.LogChannel(identity, o.channel), Window: w,
		Detail: o.detail || slices.Contains(o.fields, "detail") || slices.Contains(o.fields, "voice"),
	}}
	if o.channel != "" {
		a.query.Channel = o.channel // as typed: whoever names it knows it
	}
	if len(q.Terms) > 0 {
		a.keep = match
	}
	return a, nil
}

func (p *program) logs(ctx context.Context, o logsOptions, identity string) error {
	set, err := p.settings(ctx, false)
	if err != nil {
		return err
	}
	page, err := p.page(o.rowFlags, set.config.Columns["logs"])
	if err != nil {
		return err
	}
	ask, err := o.ask(identity, p.clock(), p.at.Zone)
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
	w, err := output.New(p.streams.Out, views.DebugFields(), page)
	if err != nil {
		return err
	}
	defer p.talk.live(ctx)()
	a, failed := p.readLines(asking, d, ask.query)
	var e ending
	add(&e, a, failed)
	if api.KindOf(failed) != api.Cancelled {
		rows := a.Value
		if ask.keep != nil {
			rows = slices.DeleteFunc(slices.Clone(rows), func(l api.DebugLine) bool { return !ask.keep(l) })
		}
		if o.limit > 0 && len(rows) > o.limit {
			rows = rows[:o.limit]
		}
		if err := above(p.talk, w)(ctx, rows...); err != nil {
			return err
		}
	}
	if failed == nil && len(a.Value) == 0 {
		p.nothingKept(ask.query)
	}
	return p.finish(ctx, e, w.Close)
}

// readLines reads all lines; they come oldest first, so that none can be printed
// before the last page says that nothing older is missing.
func (p *program) readLines(ctx context.Context, d *desk, q api.LogQuery) (a api.Answer[[]api.DebugLine], failed error) {
	for a, failed = range answers(ctx, d.lines, q) {
		p.talk.progress(text.Format("%s debug lines read", text.Count(len(a.Value))))
		if failed != nil {
			break
		}
	}
	return a, failed
}

// nothingKept says what an empty log means: the platform answers the same about
// a name it has never heard of.
func (p *program) nothingKept(q api.LogQuery) {
	p.talk.say(text.Format("nothing is kept for %q on channel %s in this window; lines are forgotten after seven days", p.shown().Identity(q.Identity), p.shown().Text(q.Channel)))
	if _, session := api.SessionID(q.Identity).Born(); session {
		p.talk.hint(text.Format("This looks like a session id: korescope timeline %s finds the identity.", p.shown().ID(q.Identity)))
		return
	}
	p.talk.hint(text.Lit("Identities to try: the user's id at the channel, a call id with --channel korevg, ACCOUNT/smartassist/SESSION, ACCOUNT/+PHONE with --channel twiliosms."))
}

// identityWords take a length of time, and a channel behind the identity.
func identityWords(d *desk, c *cobra.Command, said []typedWord) ([]typedWord, error) {
	rest, err := length(d, c, said)
	if err == nil && len(rest) == 2 {
		return rest[:1], c.Flags().Set("channel", rest[1].word)
	}
	return rest, err
}
