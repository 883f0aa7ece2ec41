package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"korescope/api"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
)

type publishOptions struct {
	changeOptions
	comment string
	noTrain bool
}

func (p *program) publishCommand() *cobra.Command {
	var o publishOptions
	c := &cobra.Command{
		Use:   "publish",
		Short: "Publish the bot and follow that to its end (needs allow_writes)",
		Long: `Publish the bot and follow that to its end. First the bot, its last publish and
the comment are shown; its exact name has to be typed, or given with --yes.

Sent once, whatever becomes of the connection, and written to the journal before
and after. Leaves with 0 when it is published, 1 when that failed, 4 when the
credential may not, and 7 when it was accepted, or may have been, and its end was
not seen: publish status tells more.`,
		Example: `  korescope publish --comment 'back to the previous lookup'
  korescope publish --comment 'fix 12' --no-train --yes RetailBot -o json
  korescope publish status`,
		Args: words(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return headless(c.Context(), func(ctx context.Context) error { return p.publish(ctx, o) })
		},
	}
	f := c.Flags()
	f.StringVar(&o.comment, "comment", "", "`text` that stands beside the published version")
	f.BoolVar(&o.noTrain, "no-train", false, "do not train the bot anew")
	o.registerChange(c, p, "the bot's name or id")
	c.AddCommand(p.publishStatusCommand())
	p.leads(c, asksFirst(func(*desk, []string) (ui.Route, error) { return publishRoute(o) }, "comment", "no-train"))
	return p.writing(c)
}

func (p *program) publishStatusCommand() *cobra.Command {
	var o rowFlags
	c := &cobra.Command{
		Use:   "status",
		Short: "How the last publish stands, whoever started it",
		Long: `How the publish that runs or came last stands, whoever started it. The platform
gives publishes no id to ask by.`,
		Args: words(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return headless(c.Context(), func(ctx context.Context) error {
				return p.statusRow(ctx, o, "publish status", func(ctx context.Context, d *desk) (api.Change, error) {
					return d.changer().PublishStatus(ctx)
				})
			})
		},
	}
	o.register(c, views.Names(views.ChangeFields()))
	return p.leads(c, follows(api.PublishJob))
}

func (p *program) publish(ctx context.Context, o publishOptions) error {
	set, err := p.changeable(ctx)
	if err != nil {
		return err
	}
	if strings.TrimSpace(o.comment) == "" {
		return views.Usage("publish needs --comment, which stands beside the published version")
	}
	start := api.PublishStart{Comment: o.comment, Train: !o.noTrain}
	return p.changing(ctx, set, o.rowFlags, api.Publish, func(asking context.Context, b bench) error {
		_, err := b.changer().Publish(asking, start)
		return err
	}, func(asking context.Context, b bench) error {
		bot, err := p.describe(asking, b.desk)
		if err != nil {
			return err
		}
		p.sayLast(asking, b.desk)
		training := text.Lit("it is trained anew")
		if o.noTrain {
			training = text.Lit("without training")
		}
		p.talk.say(text.Format("will be published with the comment %q, %s", o.comment, training))
		if err := p.confirm(asking, text.Format("the bot's name, %q,", names(bot)[0]), names(bot), o.yes); err != nil {
			return err
		}
		is, err := p.pursue(asking, b.desk, b.changes.Publish(asking, start), o.noWait)
		return p.endChange(ctx, b, is, err, "publish status")
	})
}
