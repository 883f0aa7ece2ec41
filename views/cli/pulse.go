package cli

import (
	"context"

	"github.com/spf13/cobra"

	"korescope/api"
	"korescope/api/pulse"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/records"
)

func (p *program) pulseCommand() *cobra.Command {
	var o rowFlags
	c := &cobra.Command{
		Use:   "pulse",
		Short: "Now against usual, since when, what the failures share, what changed",
		Long: `Now against the same hours one and seven days before, worst first: how sessions
end and since when that is not as usual, what those that were left share, what
changed shortly before, nodes and LLM calls with problems. A change is told only
when chance does not make it. At most twenty requests, none for what is cached.
The scopes Metrics and Logs History add rows; without them the rows say so.`,
		Example: `  korescope pulse
  korescope pulse --since 6h --jq 'map(select(.section == "shared"))'`,
		Args: words(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return headless(c.Context(), p.rehearsed(func(ctx context.Context) error {
				return report(ctx, p, o, views.PulseFields(), func(ctx context.Context, d *desk, w api.Window) ([]pulse.Fact, ending, error) {
					a, failed := last(answers(ctx, pulser{d}, w))
					a.Partial = a.Partial && failed != nil // a limit that is reached is told by the rows' states
					return a.Value, ended(a, len(a.Value), failed), nil
				})
			}))
		},
	}
	o.registerWindow(c)
	p.registerDryRun(c)
	o.register(c, views.Names(views.PulseFields()))
	return p.leads(c, place{takes: spanFlags(), words: length, offer: offerLengths, usage: "[24h]", route: func(d *desk, _ []string) (ui.Route, error) {
		w, err := d.spanOf(o)
		return views.PulseRoute{Window: w}, err
	}})
}

func (d *desk) pulseDeps(r views.PulseRoute) records.Deps[api.Window, pulse.Fact, string] {
	if r.Window.Zero() {
		r.Window = api.Last(d.config.Start, d.clock())
	}
	length := r.Window.Length()
	return records.Deps[api.Window, pulse.Fact, string]{
		Title: text.Lit("pulse"), What: text.Lit("facts, worst first"), Fields: views.PulseFields(),
		ID:     func(f pulse.Fact) string { return f.Section + "\x1f" + f.Name + "\x1f" + f.First.String() },
		Reader: pulser{d}, Key: r.Window,
		Again:  func(api.Window) api.Window { return api.Last(length, d.clock()) },
		Window: r.Window,
		Words: records.Words{
			Reading: text.Lit("reading sessions of now, a day and a week before ..."),
			Empty:   text.Lit("nothing was read"),
			Foot:    text.Lit("usual: the same hours 1 and 7 days before; a change is told when it is not chance"),
		},
		Open: func(f pulse.Fact) (ui.Route, text.Safe) {
			if f.Section == "change" {
				return views.ChangesRoute{}, text.Safe{}
			}
			return conversations(f.Sessions, f.Name)
		},
		Detail: factDetail,
		Copy: func(f pulse.Fact, e views.Env) string {
			return copied(func(f pulse.Fact) ([]api.SessionID, string) { return f.Sessions, f.Name }, f, e)
		}, Noun: text.Lit("session id"),
		Command: "korescope pulse",
		Clock:   d.clock, Zone: d.zone, Explain: d.explain, Mask: d.mask,
	}
}

// factDetail is the whole name of a fact, its times and what it would need.
func factDetail(f pulse.Fact, e views.Env) text.Safe {
	out := []text.Safe{e.Text(f.Name)}
	if f.Needs != "" {
		out = append(out, text.Format("needs the scope %s", f.Needs))
	}
	if !f.Since.IsZero() {
		out = append(out, text.Format("since %s", views.Moment(f.Since, e)))
	}
	if !f.First.IsZero() {
		out = append(out, text.Format("first %s", views.Moment(f.First, e)))
	}
	if f.Of.Known {
		out = append(out, text.Format("of %d", f.Of.Value))
	}
	return text.Join("  ", out...)
}
