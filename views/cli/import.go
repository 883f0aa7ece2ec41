package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"korescope/api"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
)

type importBotOptions struct {
	changeOptions
	definition, config string
	functions          []string
	otherBot           bool
	needExport         bool
}

func (p *program) importCommand() *cobra.Command {
	var o importBotOptions
	c := &cobra.Command{
		Use:   "import",
		Short: "Replace the bot's definition by files and follow that to its end (needs allow_writes)",
		Long: `Replace the definition of the profile's bot by files and follow that to its end.
First the bot as it is and what the file names are shown, and the definition as
it is now is exported and kept in the state folder; the bot's exact name has to
be typed, or given with --yes. A file that names another bot is refused unless
--other-bot is given.

The files are read while they are sent. Each call is sent once, whatever becomes
of the connection, and written to the journal before and after. Leaves with 0
when it is imported, 1 when that failed, 4 when the credential may not, and 7
when it was accepted, or may have been, and its end was not seen.`,
		Example: `  korescope import --definition botDefinition.json --config config.json
  korescope import --definition d.json --config c.json --functions f.js --yes RetailBot
  korescope import status bir-00b40000-7aa2-5c1e-b0d3-79e1f3a5b7c9`,
		Args: words(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return headless(c.Context(), func(ctx context.Context) error { return p.importBot(ctx, o) })
		},
	}
	f := c.Flags()
	f.StringVar(&o.definition, "definition", "", "`file` with the definition")
	f.StringVar(&o.config, "config", "", "`file` with the configuration (settings then come from KORESCOPE_CONFIG)")
	f.StringArrayVar(&o.functions, "functions", nil, "`file` with functions; may be given several times")
	f.BoolVar(&o.otherBot, "other-bot", false, "go on although the file names another bot")
	f.BoolVar(&o.needExport, "need-export", false, "send nothing unless the present definition could be exported and kept")
	o.registerChange(c, p, "the bot's name or id")
	c.AddCommand(p.importStatusCommand())
	p.leads(c, asksFirst(func(*desk, []string) (ui.Route, error) { return importRoute(o) }, "definition", "config", "functions", "other-bot"))
	return p.writing(c)
}

func (p *program) importStatusCommand() *cobra.Command {
	var o rowFlags
	c := &cobra.Command{
		Use:   "status ID",
		Short: "How an import stands",
		Args:  words(1, 1, "the id of an import, bir-..."),
		RunE: func(c *cobra.Command, args []string) error {
			return headless(c.Context(), func(ctx context.Context) error {
				return p.statusRow(ctx, o, "import status "+args[0], func(ctx context.Context, d *desk) (api.Change, error) {
					return d.changer().ImportBotStatus(ctx, api.JobID(args[0]))
				})
			})
		},
	}
	o.register(c, views.Names(views.ChangeFields()))
	return p.leads(c, follows(api.ImportJob))
}

// files are the uploads of an import, in the order in which they are sent.
type files struct {
	definition, config api.Upload
	functions          []api.Upload
	says               definition
}

func (o importBotOptions) files() (f files, err error) {
	if o.definition == "" || o.config == "" {
		return f, views.Usage("import needs --definition and --config, a file each")
	}
	if f.definition, err = fileUpload(o.definition); err != nil {
		return f, err
	}
	if f.config, err = fileUpload(o.config); err != nil {
		return f, err
	}
	if f.says, err = wholeJSON(o.definition); err != nil {
		return f, err
	}
	if _, err = wholeJSON(o.config); err != nil {
		return f, err
	}
	for _, path := range o.functions {
		u, err := fileUpload(path)
		if err != nil {
			return f, err
		}
		f.functions = append(f.functions, u)
	}
	return f, nil
}

// send hands the files over. Until the import itself is sent the bot is as it was.
func (f files) send(ctx context.Context, c api.Changer, sent func(api.Upload)) (api.BotImport, error) {
	var out api.BotImport
	var err error
	one := func(u api.Upload) api.FileID {
		if err != nil {
			return ""
		}
		id, failed := c.Upload(ctx, u)
		if failed != nil {
			err = fmt.Errorf("the bot is not changed; upload of %s: %w", text.Clean(u.Name), failed)
			return ""
		}
		sent(u)
		return id
	}
	out.Definition, out.Config = one(f.definition), one(f.config)
	for _, u := range f.functions {
		out.Functions = append(out.Functions, one(u))
	}
	return out, err
}

func (p *program) importBot(ctx context.Context, o importBotOptions) error {
	set, err := p.changeable(ctx)
	if err != nil {
		return err
	}
	f, err := o.files()
	if err != nil {
		return err
	}
	return p.changing(ctx, set, o.rowFlags, api.ImportBot, func(asking context.Context, b bench) error {
		return f.dry(asking, b.changer())
	}, func(asking context.Context, b bench) error {
		bot, err := p.describe(asking, b.desk)
		if err != nil {
			return err
		}
		p.sayLast(asking, b.desk)
		p.talk.say(text.Format("the file %s %s", f.definition.Name, f.says.words()))
		if other, known := f.says.isOther(bot); other && known && !o.otherBot {
			return views.Usage(text.Format("nothing was sent: the definition %s, and the profile's bot is %s; --other-bot goes on all the same",
				f.says.words(), list(names(bot))).String())
		}
		if err := p.keepDefinition(asking, b.desk, o.needExport); err != nil {
			return err
		}
		p.talk.say(text.Format("%s and %s replace the definition of %q, with %d files of functions",
			f.definition.Name, f.config.Name, names(bot)[0], len(f.functions)))
		if err := p.confirm(asking, text.Format("the bot's name, %q,", names(bot)[0]), names(bot), o.yes); err != nil {
			return err
		}
		s, err := f.send(asking, b.changes.Changer, func(u api.Upload) { p.talk.say(text.Format("uploaded %s", u.Name)) })
		if err != nil {
			p.talk.say(text.Lit("the bot is not changed: a file could not be handed over"))
			return err
		}
		is, err := p.pursue(asking, b.desk, b.changes.Import(asking, s), o.noWait)
		return p.endChange(ctx, b, is, err, statusOf("import status", is.ID))
	})
}

// keepDefinition exports the bot as it is now. Where that cannot be had the
// person hears of it before typing the name; with need it is the end.
func (p *program) keepDefinition(ctx context.Context, d *desk, need bool) error {
	defer p.talk.live(ctx)()
	p.talk.pulse(text.Lit("exporting the definition as it is now"))
	path, err := d.saveDefinition(func(w io.Writer) error {
		_, _, err := d.changes.Export(ctx, w)
		return err
	})
	switch {
	case err == nil:
		p.talk.say(text.Format("the definition as it is now is kept in %s", path))
		return nil
	case ctx.Err() != nil:
		p.talk.say(text.Lit("nothing was sent"))
		return err
	case need:
		p.talk.say(text.Lit("nothing was sent, because the present definition could not be kept"))
		return fmt.Errorf("nothing was sent, because the present definition could not be kept: %w", err)
	}
	p.talk.say(text.Format("WARNING: the definition as it is now could NOT be kept: %s", d.sentence(err)))
	return nil
}

// dry asks for what an import would, over a network that refuses it.
func (f files) dry(ctx context.Context, c api.Changer) error {
	s := api.BotImport{Definition: fileOf(f.definition), Config: fileOf(f.config)}
	uploads := []api.Upload{f.definition, f.config}
	for _, u := range f.functions {
		uploads, s.Functions = append(uploads, u), append(s.Functions, fileOf(u))
	}
	for _, u := range uploads {
		_, _ = c.Upload(ctx, u) // refused by the dry network, and noted
	}
	_, err := c.ImportBot(ctx, s)
	return err
}

// fileOf stands for the id that the platform would give a file.
func fileOf(u api.Upload) api.FileID { return api.FileID("<id of " + u.Name + ">") }

func (p *program) importFunctionsCommand() *cobra.Command {
	var o changeOptions
	c := &cobra.Command{
		Use:   "import-functions FILE...",
		Short: "Replace files of the bot's functions (needs allow_writes)",
		Long: `Replace files of the bot's functions by files of this machine. The platform
answers when it is done. The bot's exact name has to be typed, or given with
--yes. Sent once, and written to the journal before and after.`,
		Example: `  korescope import-functions lookup.js format.js --yes RetailBot`,
		Args:    words(1, -1, "a file"),
		RunE: func(c *cobra.Command, args []string) error {
			return headless(c.Context(), func(ctx context.Context) error { return p.importFunctions(ctx, o, args) })
		},
	}
	o.registerChange(c, p, "the bot's name or id")
	p.leads(c, asksFirst(func(_ *desk, files []string) (ui.Route, error) { return views.FunctionsRoute{Files: files}, nil }))
	return p.writing(c)
}

func (p *program) importFunctions(ctx context.Context, o changeOptions, paths []string) error {
	set, err := p.changeable(ctx)
	if err != nil {
		return err
	}
	var uploads []api.Upload
	for _, path := range paths {
		u, err := fileUpload(path)
		if err != nil {
			return err
		}
		uploads = append(uploads, u)
	}
	return p.changing(ctx, set, o.rowFlags, api.ImportFunctions, func(asking context.Context, b bench) error {
		var all []api.FunctionFile
		for _, u := range uploads {
			_, _ = b.changer().Upload(asking, u) // refused by the dry network, and noted
			all = append(all, api.FunctionFile{Name: u.Name, File: fileOf(u)})
		}
		_, err := b.changer().ImportFunctions(asking, all)
		return err
	}, func(asking context.Context, b bench) error {
		bot, err := p.describe(asking, b.desk)
		if err != nil {
			return err
		}
		for _, u := range uploads {
			p.talk.say(text.Format("functions: %s, %d bytes", u.Name, u.Size))
		}
		if err := p.confirm(asking, text.Format("the bot's name, %q,", names(bot)[0]), names(bot), o.yes); err != nil {
			return err
		}
		is, err := sendFunctions(asking, b.changes.Changer, uploads)
		if err != nil && is.Call == "" {
			p.talk.say(text.Lit("the bot is not changed: a file could not be handed over"))
		}
		return p.endChange(ctx, b, is, err, "journal")
	})
}

// sendFunctions hands files over and replaces the functions by them.
func sendFunctions(ctx context.Context, c api.Changer, uploads []api.Upload) (api.Change, error) {
	var all []api.FunctionFile
	for _, u := range uploads {
		id, err := c.Upload(ctx, u)
		if err != nil {
			return api.Change{}, fmt.Errorf("the bot is not changed; upload of %s: %w", text.Clean(u.Name), err)
		}
		all = append(all, api.FunctionFile{Name: u.Name, File: id})
	}
	return c.ImportFunctions(ctx, all)
}
