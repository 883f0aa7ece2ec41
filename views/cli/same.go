package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"korescope/api"
	"korescope/api/pulse"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/records"
)

func (p *program) sameCommand() *cobra.Command {
	var o rowFlags
	c := &cobra.Command{
		Use:   "same SESSION|CALLID",
		Short: "Other conversations that failed in the same way",
		Long: `Other conversations of the window that failed as one of them, or one LLM call,
did: by what went wrong (services, nodes with their codes, cut or refused answers,
guardrails, failed tasks), and where no fault was seen by the last bot turn without
numbers and names. matched says what the two share, what went wrong first. What is
on disk is looked at first; what the rest costs is said before it is asked for.`,
		Example: `  korescope same 68f1a3d04c7e2b9a5d10e3f7 --since 24h
  korescope same 68f1a3d04c7e2b9a5d10e3f7 --offline --jq 'map(.sessionId)'`,
		Args:              words(1, 1, "the id of one session or of one LLM call"),
		ValidArgsFunction: p.completeSessions,
		RunE: func(c *cobra.Command, args []string) error {
			return headless(c.Context(), p.rehearsed(func(ctx context.Context) error {
				return report(ctx, p, o, views.SameFields(), func(ctx context.Context, d *desk, w api.Window) ([]pulse.Alike, ending, error) {
					a, failed := p.same(ctx, d, strings.TrimSpace(args[0]), w)
					a.Note = p.shown().Text(a.Note).String()
					return a.Value, ended(a, len(a.Value), failed), nil
				})
			}))
		},
	}
	o.registerWindow(c)
	p.registerDryRun(c)
	o.register(c, views.Names(views.SameFields()))
	return p.leads(c, place{
		about: true, takes: spanFlags(), words: length, offer: offerLengths, usage: "[24h] SESSION|CALLID",
		route: func(d *desk, args []string) (ui.Route, error) {
			w, err := d.spanOf(o)
			if w.Zero() {
				w = api.Last(d.config.Start, d.clock())
			}
			return views.SameRoute{Session: api.SessionID(args[0]), Window: w}, err
		},
	})
}

// same reads the conversation, says what the comparison costs and makes it.
func (p *program) same(ctx context.Context, d *desk, id string, w api.Window) (api.Answer[[]pulse.Alike], error) {
	q := sameQuery{Session: api.SessionID(id), Window: w}
	near, err := last(answers(ctx, samer{d}, q))
	if err != nil || !near.Rest.More {
		return near, err
	}
	if n := near.Rest.Requests; n.Value > 0 {
		p.talk.say(text.Format("%d on disk; asking for the rest: about %s", len(near.Value), views.Price(n, d.limits())))
	}
	q.Wide = true
	return last(answers(ctx, samer{d}, q))
}

func (d *desk) sameDeps(r views.SameRoute) records.Deps[sameQuery, pulse.Alike, string] {
	if r.Window.Zero() {
		at, _ := r.Session.Born()
		r.Window = sameWindow(api.Last(d.config.Start, d.clock()), at)
	}
	return records.Deps[sameQuery, pulse.Alike, string]{
		Title: text.Lit("same"), What: text.Lit("failed in the same way"), Fields: views.SameFields(),
		ID:     func(a pulse.Alike) string { return a.Session.Key() },
		Reader: samer{d}, Key: sameQuery{Session: r.Session, Call: r.Call, Window: r.Window},
		Further: func(q sameQuery, _ int) (sameQuery, bool) {
			more := !q.Wide && !d.offline
			q.Wide = true
			return q, more
		},
		Limits: d.limits(), Window: r.Window,
		Head: func(a api.Answer[[]pulse.Alike], e views.Env) text.Safe { return e.Text(a.Note) },
		Words: records.Words{
			Reading: text.Lit("reading the conversation that the others are compared with ..."),
			Empty:   text.Lit("no other conversation of this window failed in the same way, as far as they were read"),
			Foot:    text.Lit("what the two have in common, what went wrong first"),
		},
		Among: func(a pulse.Alike, around []pulse.Alike) (ui.Route, text.Safe) {
			to := views.ConversationRoute{Session: a.Session}
			for _, one := range around {
				to.Siblings = append(to.Siblings, one.Session)
			}
			return to, text.Safe{}
		},
		Detail: func(a pulse.Alike, e views.Env) text.Safe {
			parts := make([]text.Safe, len(a.Matched))
			for i, f := range a.Matched {
				parts[i] = e.Text(f.String())
			}
			if a.Note != "" {
				parts = append([]text.Safe{text.Clean(string(a.Note))}, parts...)
			}
			return text.Join("  ", parts...)
		},
		Copy: func(a pulse.Alike, e views.Env) string { return e.MaskedID(string(a.Session.ID)) }, Noun: text.Lit("session id"),
		Command: strings.TrimSpace("korescope same " + string(r.Session) + string(r.Call)),
		Clock:   d.clock, Zone: d.zone, Explain: d.explain, Mask: d.mask,
	}
}
