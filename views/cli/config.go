package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"korescope/config"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/output"
)

func (p *program) configCommand() *cobra.Command {
	var where, checked rowFlags
	path := &cobra.Command{
		Use: "path", Short: "Print where the config file is, or would be", Args: words(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error { return p.configPath(c.Context(), where) },
	}
	where.register(path, views.Names(settingsFields()[:1]))
	check := &cobra.Command{
		Use: "check", Short: "Name every mistake in the settings, with file and line", Args: words(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error { return p.configCheck(c.Context(), checked) },
	}
	checked.register(check, views.Names(settingsFields()))
	return group("config", "Write, find, show and check the settings", p.initCommand(), p.showCommand(), p.leads(path, place{}), p.leads(check, place{}))
}

// found is the record of `config path` and `config check`.
type found struct{ file, profile string }

func settingsFields() []views.Field[found] {
	word := func(name string, title text.Safe, of func(found) string) views.Field[found] {
		return views.OwnField(name, views.Layout{Title: title, Min: 10, At80: 1, At140: 1}, of)
	}
	return []views.Field[found]{
		word("path", text.Lit("PATH"), func(f found) string { return f.file }),
		word("profile", text.Lit("PROFILE"), func(f found) string { return f.profile }),
	}
}

func (p *program) configPath(ctx context.Context, f rowFlags) error {
	path := config.Path(p.sources())
	if path == "" {
		return views.Usage("there is no config folder: neither HOME nor XDG_CONFIG_HOME is set")
	}
	return printOne(ctx, p, f, settingsFields()[:1], found{file: path}, func() error {
		_, err := fmt.Fprintln(p.streams.Out, text.Clean(path))
		return err
	})
}

// configCheck reads everything as any command would, the secret too.
func (p *program) configCheck(ctx context.Context, f rowFlags) error {
	return headless(ctx, func(ctx context.Context) error {
		set, err := p.settings(ctx, false)
		if err != nil {
			return err
		}
		if _, err := set.profile.SecretValue(ctx); err != nil {
			return &views.UsageError{Text: "the client secret could not be read: " + err.Error(), Err: err}
		}
		is := found{set.config.File, set.profile.Name}
		return printOne(ctx, p, f, settingsFields(), is, func() error {
			where := orWords(is.file, "no file, the environment alone")
			_, err := fmt.Fprintf(p.streams.Out, "ok: %s, profile %s\n", text.Clean(where), text.Clean(is.profile))
			return err
		})
	})
}

func (p *program) showCommand() *cobra.Command {
	var o rowFlags
	c := &cobra.Command{
		Use:   "show",
		Short: "Print every setting in force and who said so; secrets as dots",
		Args:  words(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return headless(c.Context(), func(ctx context.Context) error { return p.configShow(ctx, o) })
		},
	}
	o.register(c, views.Names(originFields()))
	return p.leads(c, place{})
}

// configShow also works on settings with mistakes: they are said, and what could
// be understood is shown.
func (p *program) configShow(ctx context.Context, f rowFlags) error {
	page, err := p.page(f, nil)
	if err != nil {
		return err
	}
	w, err := output.New(p.streams.Out, originFields(), page)
	if err != nil {
		return err
	}
	c, issues := p.inForce(ctx)
	rows := config.Origins(c)
	if f.limit > 0 && len(rows) > f.limit {
		rows = rows[:f.limit]
	}
	if err := w.Write(ctx, rows...); err != nil {
		return err
	}
	if err := w.Close(ctx); err != nil {
		return err
	}
	if issues.Err() != nil {
		return &views.UsageError{Text: "the settings are wrong", Err: issues}
	}
	return nil
}

// inForce are the settings as they are read now, or those of the dashboard that
// the command runs in.
func (p *program) inForce(ctx context.Context) (config.Config, config.Issues) {
	if p.seat != nil {
		return p.seat.config, nil
	}
	src := p.sources()
	src.Partial = true
	c, _, issues := config.Load(ctx, src)
	return c, issues
}

func originFields() []views.Field[config.Origin] {
	word := func(name string, title text.Safe, at int, of func(config.Origin) string) views.Field[config.Origin] {
		return views.OwnField(name, views.Layout{Title: title, Min: 8, At80: at, At140: at}, of)
	}
	return []views.Field[config.Origin]{
		word("setting", text.Lit("SETTING"), 1, func(o config.Origin) string { return o.Setting }),
		word("value", text.Lit("VALUE"), 2, func(o config.Origin) string { return o.Value }),
		word("from", text.Lit("FROM"), 3, func(o config.Origin) string { return o.From }),
		word("note", text.Lit("NOTE"), 4, func(o config.Origin) string { return o.Note }),
	}
}
