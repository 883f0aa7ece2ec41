package cli

import (
	"bufio"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"korescope/api"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/output"
)

// importOptions are the flags of `tests import` and `tests import-status`.
type importOptions struct {
	rowFlags
	file, name, about, email string
	tags, yes                []string
}

func (p *program) testsImportCommand() *cobra.Command {
	var o importOptions
	c := &cobra.Command{
		Use:   "import",
		Short: "Make a suite from an uploaded file (needs allow_writes)",
		Long: `Make a suite from a file that was uploaded before, and wait until it is there.
Sent once, and written to the journal before and after. The exact name has to be
typed, or given with --yes.`,
		Example: `  korescope tests import --file-id 68f20a1c00000000000000b1 --name smoke --yes smoke`,
		Args:    words(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return headless(c.Context(), func(ctx context.Context) error { return p.testsImport(ctx, o) })
		},
	}
	f := c.Flags()
	f.StringVar(&o.file, "file-id", "", "`id` of the uploaded file")
	f.StringVar(&o.name, "name", "", "`name` of the suite")
	f.StringVar(&o.about, "description", "", "`text` beside the name")
	f.StringSliceVar(&o.tags, "tag", nil, "`tags` of the suite")
	f.StringVar(&o.email, "email", "", "`address` of the owner; test_email of the profile when nothing is said")
	f.StringArrayVar(&o.yes, "yes", nil, "the `name` once more, instead of typing it")
	o.register(c, views.Names(importFields()))
	return c
}

func (p *program) testsImportStatusCommand() *cobra.Command {
	var o importOptions
	c := &cobra.Command{
		Use:   "import-status DS",
		Short: "How an import stands",
		Args:  words(1, 1, "the id of an import, ds-..."),
		RunE: func(c *cobra.Command, args []string) error {
			return headless(c.Context(), func(ctx context.Context) error { return p.testsImportStatus(ctx, o, api.JobID(args[0])) })
		},
	}
	o.register(c, views.Names(importFields()))
	return c
}

func (p *program) testsDeleteCommand() *cobra.Command {
	var yes []string
	c := &cobra.Command{
		Use:   "delete NAME...",
		Short: "Delete suites (needs allow_writes)",
		Long: `Delete suites by name. Sent once, and written to the journal before and after.
Each exact name has to be typed, or given with --yes.`,
		Example: `  korescope tests delete smoke --yes smoke`,
		Args:    words(1, -1, "the name of a suite"),
		RunE: func(c *cobra.Command, args []string) error {
			return headless(c.Context(), func(ctx context.Context) error { return p.testsDelete(ctx, args, yes) })
		},
		ValidArgsFunction: p.completeSuites,
	}
	c.Flags().StringArrayVar(&yes, "yes", nil, "the `name` once more, instead of typing it")
	return c
}

// importFields is the record of an import.
func importFields() []views.Field[api.SuiteImported] {
	type imported = api.SuiteImported
	place := func(title text.Safe, at, least int) views.Layout {
		return views.Layout{Title: title, Min: least, At80: at, At140: at}
	}
	return []views.Field[imported]{
		views.WholeIDField("importId", place(text.Lit("IMPORT"), 1, 10), func(s imported) api.JobID { return s.ID }),
		views.WordField("suite", place(text.Lit("SUITE"), 2, 10), func(s imported) string { return s.Suite }),
		views.OwnField("status", place(text.Lit("STATUS"), 3, 9), func(s imported) api.JobState { return s.State }),
		views.CountField("percent", place(text.Lit("%"), 4, 4), func(s imported) api.Maybe[int] { return s.Percent }),
		views.CountField("steps", place(text.Lit("STEPS"), 5, 5), func(s imported) api.Maybe[int] { return s.Steps }),
		views.WordField("failure", place(text.Lit("FAILURE"), 6, 10), func(s imported) string { return s.Failure }),
	}
}

// change is what every command that changes suites checks before it is sent.
func (p *program) change(ctx context.Context, set settled, what text.Safe, names, yes []string) error {
	switch {
	case !set.profile.AllowWrites:
		return views.Usage(text.Format("the profile %s does not allow changes; set allow_writes = true in it", set.profile.Name).String())
	case p.flags.offline:
		return views.Usage("--offline asks nobody, and this has to be sent")
	}
	p.talk.say(text.Format("%s on %s, bot %s", what, set.profile.Host, set.profile.BotID))
	if len(yes) == 0 && p.streams.InTTY != nil && p.streams.ErrTTY != nil && !p.flags.noInput {
		in := bufio.NewReader(p.streams.In)
		for _, name := range names {
			answer, err := p.askFor(ctx, in, text.Format("Type %q to go on", name))
			if err != nil {
				return err
			}
			yes = append(yes, answer)
		}
	}
	for _, name := range names {
		if !slices.Contains(yes, name) {
			return views.Usage(text.Format("nothing was sent; to go on, give --yes %q", name).String())
		}
	}
	return nil
}

func (p *program) testsImport(ctx context.Context, o importOptions) error {
	set, err := p.settings(ctx, false)
	if err != nil {
		return err
	}
	email := o.email
	if email == "" {
		email = set.profile.TestEmail
	}
	switch {
	case o.file == "" || o.name == "":
		return views.Usage("tests import needs --file-id and --name")
	case email == "":
		return views.Usage(needsEmail + ", or give --email")
	}
	what := text.Format("file %s becomes the test suite %q", o.file, o.name)
	if err := p.change(ctx, set, what, []string{o.name}, o.yes); err != nil {
		return err
	}
	asking, stop := p.limited(ctx)
	defer stop()
	b, err := p.bench(asking, set, o.rowFlags)
	if err != nil {
		return err
	}
	defer b.leave()
	end := p.talk.live(ctx)
	var is api.SuiteImported
	for is, err = range b.tests.Import(asking, api.SuiteImport{FileID: o.file, Name: o.name, Description: o.about, Tags: o.tags, Email: email}) {
		if is.Percent.Known {
			p.talk.pulse(text.Format("%s: %d%%", is.Suite, is.Percent.Value))
		}
	}
	end()
	if err != nil && is.ID == "" {
		return err
	}
	if perr := p.printImport(ctx, b, is); perr != nil {
		return perr
	}
	return errorOr(err, importEnd(is))
}

func (p *program) testsImportStatus(ctx context.Context, o importOptions, id api.JobID) error {
	set, err := p.settings(ctx, false)
	if err != nil {
		return err
	}
	if err := p.online(); err != nil {
		return err
	}
	asking, stop := p.limited(ctx)
	defer stop()
	b, err := p.bench(asking, set, o.rowFlags)
	if err != nil {
		return err
	}
	defer b.leave()
	is, err := b.client.ImportStatus(asking, id)
	if err != nil {
		return err
	}
	if err := p.printImport(ctx, b, is); err != nil {
		return err
	}
	return importEnd(is)
}

func (p *program) printImport(ctx context.Context, b bench, is api.SuiteImported) error {
	w, err := output.New(p.streams.Out, importFields(), b.page)
	if err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	if err := w.Write(ctx, is); err != nil {
		return err
	}
	return w.Close(ctx)
}

func importEnd(is api.SuiteImported) error {
	if is.State == api.JobSucceeded || !is.State.Over() {
		return nil
	}
	return fmt.Errorf("the suite %q was not made: %s", is.Suite, orWords(is.Failure, string(is.State)))
}

func errorOr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

func (p *program) testsDelete(ctx context.Context, names, yes []string) error {
	set, err := p.settings(ctx, false)
	if err != nil {
		return err
	}
	what := text.Format("the test suites %s will be deleted", strings.Join(names, ", "))
	if err := p.change(ctx, set, what, names, yes); err != nil {
		return err
	}
	asking, stop := p.limited(ctx)
	defer stop()
	d, err := p.open(asking, set)
	if err != nil {
		return err
	}
	defer d.leave()
	if err := d.tests.Runner.DeleteSuites(asking, names); err != nil {
		return err
	}
	p.talk.say(text.Format("deleted: %s", strings.Join(names, ", ")))
	return nil
}
