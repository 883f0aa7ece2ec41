package cli

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"korescope/api"
	"korescope/api/follow"
	"korescope/api/kore"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/filter"
	"korescope/views/output"
)

const (
	// tailFirst is how many conversations stand there when following begins.
	tailFirst = 10
	// tailBefore is how far back those are looked for that are still open.
	tailBefore = time.Hour
)

// tailOptions are the flags of `tail`.
type tailOptions struct {
	rowFlags
	query, alert string
	pace         time.Duration
}

func (p *program) tailCommand() *cobra.Command {
	var o tailOptions
	c := &cobra.Command{
		Use:   "tail",
		Short: "Follow new and closing sessions inside the request limits",
		Long: `Follow sessions until interrupted, or until --limit or --timeout ends it: what is
new, what closes, and what changes its containment type. It begins with the last
ten, or with all since --since. event says new, closed or changed; was is the
containment type before: one that is open counts as selfService until it closes.

How often is asked follows from what the minute and the hour leave beside
everybody else who uses the bot; --pace is the wait between two reads that is asked for.
Reads overlap by 60 s and rows are told apart by their id, so that nothing is
missed or doubled. A read that fails is told and made up for by the next.

--alert 'dropOff>25%' says on stderr, with the bell on a terminal, when the share
of the conversations that ended in the last 30 minutes passes that (of at least
ten); 'agent>40' is about their number, < about less. It looks at those that match -q, whatever
type -q asks for. The command exits 1 when it fired and --limit or --timeout
ended it, 0 when it did not.`,
		Example: `  korescope tail -q 'channel:rtm -type:selfService'
  korescope tail --alert 'dropOff>25%' --timeout 1h > /dev/null || page-somebody`,
		Args: words(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return headless(c.Context(), func(ctx context.Context) error { return p.tail(ctx, o) })
		},
	}
	o.registerWindow(c)
	o.register(c, views.Names(views.EventFields()))
	f := c.Flags()
	// The record of a stream is a line of its own.
	format := f.Lookup("output")
	format.DefValue = string(output.NDJSON)
	o.format = string(output.NDJSON)
	f.StringVarP(&o.query, "query", "q", "", "only sessions that match this `filter`")
	f.StringVar(&o.alert, "alert", "", "say when this `limit` is passed: dropOff>25%")
	f.DurationVar(&o.pace, "pace", follow.Usual, "`wait` between two reads, where the limits leave room for it")
	return p.leads(c, place{words: filtering, text: true, usage: "[24h] [FILTER]"})
}

// tailing is one run of the command.
type tailing struct {
	p     *program
	o     tailOptions
	d     *desk
	w     *output.Writer[api.SessionEvent]
	match func(api.Session) bool
	based func(api.Session) bool // what the alert looks at
	watch *follow.Watch          // nil: nobody asked for it
	whole bool                   // all since the beginning is told, not the last few
	told  map[api.EventKind]int
	lost  int
	came  bool
}

// prepare checks what was typed, before anything is asked.
func (t *tailing) prepare(zone *time.Location) (from time.Time, err error) {
	now := t.p.clock()
	w, given, err := t.o.window(now, zone)
	switch {
	case err != nil:
		return from, err
	case t.o.to != "":
		return from, views.Usage("korescope tail goes on from now; --to has no meaning there")
	case t.o.pace < time.Second:
		return from, views.Usage("--pace is a length of time, 1s at least")
	}
	if err := t.p.online(); err != nil {
		return from, views.Usage("--offline asks nobody; there is nothing to follow")
	}
	if err := t.filters(zone); err != nil {
		return from, err
	}
	if t.o.alert != "" {
		a, err := follow.ParseAlert(t.o.alert)
		if err != nil {
			return from, &views.UsageError{Text: "--alert: " + err.Error(), Err: err}
		}
		t.watch = follow.NewWatch(a)
	}
	if t.whole = given; given {
		return w.From, nil
	}
	return now, nil
}

func (t *tailing) filters(zone *time.Location) (err error) {
	q, match, err := filter.Sessions(zone).Compile(t.o.query)
	if err != nil {
		return err
	}
	for _, term := range q.Terms {
		switch term.Field {
		case "call", "why", "task", "lat":
			// It would match nothing, which reads as if nothing happened.
			return views.Usage("korescope tail cannot follow " + term.Field + ":, which is not known of a conversation before its messages are read")
		}
	}
	t.match = match
	q.Terms = slices.DeleteFunc(slices.Clone(q.Terms), func(t filter.Term) bool { return t.Field == "type" })
	_, t.based, err = filter.Sessions(zone).Compile(q.String())
	return err
}

func (p *program) tail(ctx context.Context, o tailOptions) error {
	set, err := p.settings(ctx, false)
	if err != nil {
		return err
	}
	page, err := p.page(o.rowFlags, nil)
	if err != nil {
		return err
	}
	t := &tailing{p: p, o: o, told: map[api.EventKind]int{}}
	from, err := t.prepare(p.at.Zone)
	if err != nil {
		return err
	}
	if t.w, err = output.New(p.streams.Out, views.EventFields(), page); err != nil {
		return err
	}
	asking, stop := p.limited(ctx)
	defer stop()
	var f *follow.Follower
	p.waits = func(w kore.Waiting) {
		if u, err := t.d.client.Usage(asking); w.Refused && err == nil {
			f.Refused(u)
		}
	}
	if t.d, err = p.open(asking, set); err != nil {
		return err
	}
	defer t.d.leave()
	wait := p.wait
	if wait == nil {
		wait = sleep
	}
	f = follow.New(follow.Options{
		Source: t.d.client, Usage: t.d.client.Usage, Now: p.clock, Wait: wait, From: from, Before: tailBefore, Pace: o.pace,
	})
	defer p.talk.live(ctx)()
	for step, failed := range f.Run(asking) {
		if failed != nil {
			return errors.Join(failed, t.end(ctx))
		}
		full, err := t.step(ctx, step)
		if err != nil {
			return err
		}
		if full {
			break
		}
	}
	return t.leave(ctx)
}

// leave is how it ends when nothing failed.
func (t *tailing) leave(ctx context.Context) error {
	if err := t.end(ctx); err != nil {
		return err
	}
	switch {
	case ctx.Err() != nil:
		return &api.Error{Kind: api.Cancelled, Err: ctx.Err()}
	case !t.came:
		return &api.Error{Kind: api.Unavailable, Err: errors.New("nothing was read before --timeout was over")}
	case t.watch != nil && t.watch.Fired > 0:
		return views.ErrAlert
	}
	return nil
}

func (t *tailing) end(ctx context.Context) error {
	t.p.talk.wipeNow()
	if !t.came {
		return nil
	}
	return t.w.Close(context.WithoutCancel(ctx))
}

// step prints what one read found and says when the next one is. full: --limit
// is reached.
func (t *tailing) step(ctx context.Context, step follow.Step) (full bool, err error) {
	t.came = true
	events := step.Events
	if step.First && !t.whole {
		events = append(t.last(step), events...)
	}
	full, err = t.print(context.WithoutCancel(ctx), events)
	if err != nil {
		return full, err
	}
	if step.Lost > 0 && t.lost == 0 {
		t.p.talk.say(text.Lit("some rows name no session and cannot be followed"))
	}
	t.lost += step.Lost
	if step.Trouble != nil {
		t.p.talk.say(text.Join(" ", t.d.explain(step.Trouble).Sentence,
			text.Format("Asked again at %s; nothing is missed.", views.Stamp(step.Next))))
	}
	t.alarm(step.Seen)
	if t.p.talk.tty && !full {
		t.p.talk.progress(text.Format("%d new, %d closed, %d open; next read %s; %s", t.told[api.EventNew],
			t.told[api.EventClosed], step.Open, step.Next.In(t.p.at.Zone).Format(time.TimeOnly), text.Clean(step.Pace.String())))
	}
	return full, nil
}

// last is what stands there at the beginning: the newest that match, oldest of
// them first.
func (t *tailing) last(step follow.Step) []api.SessionEvent {
	var out []api.SessionEvent
	for _, s := range step.Seen {
		isNew := slices.ContainsFunc(step.Events, func(e api.SessionEvent) bool { return e.Session.ID == s.ID })
		if !isNew && t.match(s) {
			out = append(out, api.SessionEvent{Kind: api.EventNew, Session: s})
		}
	}
	return out[max(0, len(out)-tailFirst):]
}

func (t *tailing) print(ctx context.Context, events []api.SessionEvent) (full bool, err error) {
	var out []api.SessionEvent
	for _, e := range events {
		if !t.match(e.Session) {
			continue
		}
		if t.o.limit > 0 && t.w.Rows()+len(out) >= t.o.limit {
			break
		}
		out = append(out, e)
		t.told[e.Kind]++
	}
	if len(out) > 0 {
		t.p.talk.wipeNow()
		if err := t.w.Write(ctx, out...); err != nil {
			return false, err
		}
		if err := t.w.Settle(); err != nil {
			return false, err
		}
	}
	return t.o.limit > 0 && t.w.Rows() >= t.o.limit, nil
}

// alarm looks at the alert.
func (t *tailing) alarm(seen []api.Session) {
	if t.watch == nil {
		return
	}
	var of []api.Session
	for _, s := range seen {
		if t.based(s) {
			of = append(of, s)
		}
	}
	said := t.watch.See(t.p.clock(), of...)
	if said == "" {
		return
	}
	t.p.talk.say(text.Clean(said))
	if t.p.talk.tty {
		_, _ = io.WriteString(t.p.streams.Err, "\a") // nobody is left to hear
	}
}

// sleep waits for real.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
