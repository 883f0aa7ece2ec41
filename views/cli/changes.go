package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"korescope/api"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/records"
)

func (p *program) changesCommand() *cobra.Command {
	var o rowFlags
	c := &cobra.Command{
		Use:   "changes",
		Short: "Change log of the bot",
		Long: `Change log of the bot, newest first (scope Logs History). The names of the
people who made the changes are masked; --no-mask shows them.`,
		Example: `  korescope changes --since 7d
  korescope changes --since 30d --jq 'map(select(.resourceType == "prompt"))'`,
		Args: words(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return headless(c.Context(), p.rehearsed(func(ctx context.Context) error {
				people, err := p.people()
				if err != nil {
					return err
				}
				return report(ctx, p, o, views.ChangeLogFields(people), func(ctx context.Context, d *desk, w api.Window) ([]api.ChangeEntry, ending, error) {
					if err := d.unmasks("changes"); err != nil {
						return nil, ending{}, err
					}
					a, failed := last(answers(ctx, d.changeLog, api.ChangeQuery{Window: w}))
					return a.Value, ended(a, len(a.Value), failed), nil
				})
			}))
		},
	}
	o.registerWindow(c)
	p.registerDryRun(c)
	o.register(c, views.Names(views.ChangeLogFields(nil)))
	return p.leads(c, place{takes: spanFlags(), words: length, offer: offerLengths, usage: "[7d]", route: func(d *desk, _ []string) (ui.Route, error) {
		w, err := d.spanOf(o)
		return views.ChangesRoute{Window: w}, err
	}})
}

// people hides who works on the bot, unless unmasking was asked for.
func (p *program) people() (*views.Masker, error) {
	if p.flags.noMask {
		return nil, nil
	}
	return views.NewMasker(nil)
}

// changesWindow is how far back the change log is shown: a change may show days
// after it was made.
const changesWindow = 7 * 24 * time.Hour

// afterChange is how much of what came after a change enter shows.
const afterChange = time.Hour

func (d *desk) changesDeps(r views.ChangesRoute) records.Deps[api.ChangeQuery, api.ChangeEntry, string] {
	if r.Window.Zero() {
		r.Window = api.Last(changesWindow, d.clock())
	}
	length := r.Window.Length()
	return records.Deps[api.ChangeQuery, api.ChangeEntry, string]{
		Title: text.Lit("changes"), What: text.Lit("changes"), Fields: views.ChangeLogFields(d.people),
		ID:    func(e api.ChangeEntry) string { return e.ID },
		Order: "time", Down: true, Reader: d.changeLog, Key: api.ChangeQuery{Window: r.Window},
		Again:  func(api.ChangeQuery) api.ChangeQuery { return api.ChangeQuery{Window: api.Last(length, d.clock())} },
		Window: r.Window,
		Words: records.Words{
			Reading: text.Lit("asking the platform for the change log ..."),
			Empty:   text.Lit("nothing was changed in this window"),
			Foot:    text.Lit("enter shows the sessions of the hour after"),
		},
		Open: func(e api.ChangeEntry) (ui.Route, text.Safe) {
			if e.At.IsZero() {
				return nil, text.Lit("the row says no time that could be read")
			}
			w := api.Between(e.At, e.At.Add(afterChange))
			if now := d.clock(); w.To.After(now) {
				w.To = now
			}
			return views.SessionsRoute{Query: api.SessionQuery{Window: w}, Title: "after the change"}, text.Safe{}
		},
		Detail: func(e api.ChangeEntry, env views.Env) text.Safe {
			if e.Unreadable != "" {
				return text.Format("unreadable row: %s", env.Text(e.Unreadable))
			}
			return text.Format("%s  %s", env.Text(e.Message), env.ID(e.ResourceID))
		},
		Copy: func(e api.ChangeEntry, env views.Env) string { return env.MaskedID(e.ID) }, Noun: text.Lit("change id"),
		Command: "korescope changes",
		Clock:   d.clock, Zone: d.zone, Explain: d.explain, Mask: d.mask,
	}
}
