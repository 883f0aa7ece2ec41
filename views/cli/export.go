package cli

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"korescope/api"
	"korescope/ui/text"
	"korescope/views"
)

func (p *program) exportCommand() *cobra.Command {
	var o exportOptions
	c := &cobra.Command{
		Use:   "export SESSION... | --pinned --to DIR",
		Short: "Write sessions down for a ticket: a case file, or one document",
		Long: `Write sessions into a new folder as a case file for a ticket: a time line to
read, sessions, messages and LLM calls as records, the requests that were made,
and a manifest with the size and the SHA-256 of every file. --pinned takes what is
pinned, with debug lines and metrics. korescope open FOLDER shows a case anywhere.
After : in the dashboard it takes the conversation in view, and a folder named after
it where none is named. The folder and its files are closed to others. Personal data is masked unless --no-mask says
otherwise; names of people in free text cannot be found and stay. The journal notes
what was exported, where to and whether masked.

--format md, json and otlp make one document in place of the case: Markdown with
facts, time line, why and the failing calls; the records of all in one JSON
object; traces for OpenTelemetry as OTLP JSON (a session is a trace, messages and
model calls are its spans, with the gen_ai names). Without --to it goes to
stdout, with --to into a new folder beside a manifest.`,
		Example: `  korescope export 68f1a3d04c7e2b9a5d10e3f7 --to case-4711
  korescope sessions -q 'type:dropOff' --jq '.[].sessionId' | xargs korescope export --to dropoffs
  korescope export --pinned --to case-4711 && korescope open case-4711
  korescope export 68f1a3d04c7e2b9a5d10e3f7 --format md
  korescope export 68f1a3d04c7e2b9a5d10e3f7 --format otlp | curl -H 'Content-Type: application/json' -d @- http://127.0.0.1:4318/v1/traces`,
		Args:              words(0, -1, "the ids of sessions (korescope sessions lists them) and --to DIR"),
		ValidArgsFunction: p.completeSessions,
		RunE: func(c *cobra.Command, args []string) error {
			return headless(c.Context(), func(ctx context.Context) error { return p.export(ctx, o.inside(ctx, args), sessionIDs(args)) })
		},
	}
	c.Flags().StringVar(&o.to, "to", "", "`folder` to make; one that exists must be empty")
	c.Flags().BoolVar(&o.pinned, "pinned", false, "what is pinned, in place of sessions that are named")
	c.Flags().StringVar(&o.format, "format", formatCase, "`format`: case, md, json or otlp")
	offers(c, "format", exportFormats()...)
	// It fails only for a flag that does not exist.
	_ = c.MarkFlagDirname("to")
	return p.leads(c, place{once: true, about: true, unless: []string{"pinned"}})
}

// exportOptions are the flags of `export`.
type exportOptions struct {
	to, format string
	pinned     bool
}

// inside names the folder of a case where the dashboard was told none.
func (o exportOptions) inside(ctx context.Context, ids []string) exportOptions {
	if ctx.Value(insideKey{}) == nil || o.to != "" || o.format != formatCase {
		return o
	}
	switch {
	case o.pinned:
		o.to = "case-pinned"
	case len(ids) > 0:
		o.to = "case-" + fileName(ids[0])
	}
	return o
}

// check finds what cannot be written, before anything is asked.
func (o exportOptions) check(ids []api.SessionID) error {
	switch {
	case o.pinned && len(ids) > 0:
		return views.Usage("--pinned takes what is pinned, so it takes no session ids")
	case len(ids) == 0 && !o.pinned:
		return views.Usage("korescope export needs the ids of sessions (korescope sessions lists them) and --to DIR, or --pinned")
	case !slices.Contains(exportFormats(), o.format):
		return views.Usage(text.Format("--format is case, md, json or otlp, not %q", o.format).String())
	case o.to != "":
		_, err := looksFree(o.to)
		return err
	case o.format == formatCase:
		return views.Usage("korescope export needs --to DIR, a folder that does not exist yet")
	}
	return nil
}

// export reads everything first and writes then, so that a reading that fails
// leaves no folder behind.
func (p *program) export(ctx context.Context, o exportOptions, ids []api.SessionID) error {
	if err := o.check(ids); err != nil {
		return err
	}
	set, err := p.settings(ctx, false)
	if err != nil {
		return err
	}
	asking, stop := p.limited(ctx)
	defer stop()
	c := &caseFile{p: p, ids: ids, format: o.format}
	p.heard = c.requests.note
	if c.d, err = p.open(asking, set); err != nil {
		return err
	}
	defer c.d.leave()
	if c.mask, err = p.caseMask(set.profile.MaskRules); err != nil {
		return err
	}
	defer p.talk.live(ctx)()
	if o.pinned {
		if err := c.readPinned(asking); err != nil {
			return err
		}
	} else {
		c.read(asking)
	}
	if c.e.nothing() || c.e.nowhere() || api.KindOf(c.e.err) == api.Cancelled {
		return p.verdict(c.e)
	}
	if err := c.exports(orWords(o.to, "stdout")); err != nil {
		return err
	}
	if o.to == "" {
		p.talk.wipeNow()
		if err := c.print(context.WithoutCancel(ctx)); err != nil {
			return err
		}
		return p.verdict(c.e)
	}
	if err := c.write(ctx, o.to); err != nil {
		return err
	}
	if err := noteCase(set.dirs.State, o.to); err != nil {
		p.talk.say(text.Format("an erasure will not know of this folder: %s", err))
	}
	masked := text.Lit("masked")
	if c.mask == nil {
		masked = text.Lit("NOT masked")
	}
	p.talk.say(text.Format("wrote %s: %s sessions, %s messages, %s LLM calls, %s", o.to,
		text.Count(len(c.sessions)), text.Count(c.said), text.Count(len(c.calls)), masked))
	return p.verdict(c.e)
}

// caseMask is the mask of a case file: there is one unless it was refused in so
// many words.
func (p *program) caseMask(rules []string) (*views.Masker, error) {
	if p.flags.noMask {
		p.talk.say(text.Lit("warning: --no-mask: what is written will hold personal data as the platform sent it"))
		return nil, nil
	}
	return views.NewMasker(rules)
}
