package cli

import (
	"bufio"
	"context"
	"fmt"
	"iter"
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
	given                    []string // NAME FILE
}

// source is the name of the suite, and the file to hand over where there is no
// id of one yet.
func (o *importOptions) source() (u api.Upload, upload bool, err error) {
	if len(o.given) > 0 && (o.name == "" || o.name == o.given[0]) {
		o.name = o.given[0]
	}
	switch {
	case len(o.given) == 2 && o.file != "":
		return u, false, views.Usage("tests import takes a file or --file-id, not both")
	case len(o.given) == 2:
		u, err = fileUpload(o.given[1])
		return u, true, err
	case o.file == "" || o.name == "":
		return u, false, views.Usage("tests import needs a name and a file, or --file-id and --name")
	}
	return u, false, nil
}

func (p *program) testsImportCommand() *cobra.Command {
	var o importOptions
	c := &cobra.Command{
		Use:   "import NAME FILE",
		Short: "Make a suite from a file (needs allow_writes)",
		Long: `Make a suite from a file of this machine, or from one that was uploaded before,
and wait until it is there. Sent once, and written to the journal before and
after. The exact name has to be typed, or given with --yes. The upload needs an
admin credential, the suite itself does not.`,
		Example: `  korescope tests import smoke smoke.json --yes smoke
  korescope tests import --file-id 68f20a1c00000000000000b1 --name smoke --yes smoke`,
		Args: words(0, 2, "a name and a file"),
		RunE: func(c *cobra.Command, args []string) error {
			o.given = args
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
	f.BoolVar(&p.flags.dryRun, "dry-run", false, "print what would be sent, send nothing")
	o.register(c, views.Names(importFields()))
	return p.leads(c, asksFirst((*desk).suiteImportRoute))
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
	return p.leads(c, follows(api.SuiteImportJob))
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
	return p.leads(c, asksFirst(suitesDeleteRoute))
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
	u, upload, err := o.source()
	switch {
	case err != nil:
		return err
	case email == "":
		return views.Usage(needsEmail + ", or give --email")
	}
	if p.flags.dryRun {
		return p.drySuite(ctx, set, o, u, upload, email)
	}
	source := o.file
	if upload {
		source = u.Name
	}
	what := text.Format("file %s becomes the test suite %q", source, o.name)
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
	rec, on, err := b.tests.ImportUnderWay(asking, o.name)
	switch {
	case err != nil:
		return fmt.Errorf("nothing was sent, because an import of %q that is under way could not be looked at: %w", o.name, err)
	case on:
		p.talk.say(text.Format("an import of %q is under way: follows %s, started %s; nothing is sent", o.name, string(rec.ID), p.when(rec.Started)))
		return p.followImport(ctx, b, b.tests.ResumeImport(asking, rec))
	case upload:
		if err := b.lacksAdmin(api.UploadFile); err != nil {
			return err
		}
		id, err := b.changes.Changer.Upload(asking, u)
		if err != nil {
			p.talk.say(text.Lit("no suite was made: its file could not be handed over"))
			return fmt.Errorf("no suite was made; upload of %s: %w", text.Clean(u.Name), err)
		}
		o.file = string(id)
	}
	return p.followImport(ctx, b, b.tests.Import(asking, api.SuiteImport{FileID: o.file, Name: o.name, Description: o.about, Tags: o.tags, Email: email}))
}

// followImport follows an import to its end, prints it and says how the command
// leaves: as of every change 7 where it was accepted, or may have been, and its
// end was not seen.
func (p *program) followImport(ctx context.Context, b bench, all iter.Seq2[api.SuiteImported, error]) error {
	end := p.talk.live(ctx)
	var is api.SuiteImported
	var err error
	told := false
	for is, err = range all {
		if is.ID != "" && !told {
			told = true
			p.talk.say(text.Format("job %s", string(is.ID)))
		}
		if is.Percent.Known {
			p.talk.pulse(text.Format("%s: %d%%", is.Suite, is.Percent.Value))
		}
	}
	end()
	if lapse := b.lapses.takeAny(); lapse != nil {
		p.talk.say(text.Format("the journal lacks the answer: %s", text.Clean(lapse.Error())))
	}
	if is.ID != "" || is.State == api.JobUnknown {
		if perr := p.printImport(ctx, b, is); perr != nil {
			return perr
		}
	}
	p.at.Now = p.clock()
	switch {
	case api.KindOf(err) == api.OutcomeUnknown:
		return p.endUnseen(text.Join(" ", views.Explain(err, p.at).Sentence, text.Lit("The suite may have been made or not.")), "journal")
	case err != nil && is.ID != "":
		return p.endUnseen(text.Format("The import was accepted, and its end was not seen: %s", p.whyUnseen(err)), "tests import-status "+string(is.ID))
	case err != nil:
		return err
	}
	return p.importEnd(is)
}

// drySuite prints what the import of a suite would send.
func (p *program) drySuite(ctx context.Context, set settled, o importOptions, u api.Upload, upload bool, email string) error {
	if err := p.allowed(set); err != nil {
		return err
	}
	b, err := p.dryBench(ctx, set, o.rowFlags)
	if err != nil {
		return err
	}
	defer b.leave()
	return p.dryly(b.desk, func() error {
		if upload {
			_, _ = b.changer().Upload(ctx, u) // refused by the dry network, and noted
			o.file = string(fileOf(u))
		}
		_, err := b.client.StartImport(ctx, api.SuiteImport{FileID: o.file, Name: o.name, Description: o.about, Tags: o.tags, Email: email})
		return err
	})
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
	is, err := b.tests.ImportStatus(asking, id)
	if err != nil {
		return err
	}
	if err := p.printImport(ctx, b, is); err != nil {
		return err
	}
	return p.importEnd(is)
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

func (p *program) importEnd(is api.SuiteImported) error {
	switch is.State {
	case api.JobFailed:
		return fmt.Errorf("the suite %q was not made: %s", is.Suite, orWords(is.Failure, string(is.State)))
	case api.JobExpired, api.JobUnknown:
		return p.endUnseen(text.Format("The import was accepted, and its end is not known: %s", orWords(is.Failure, string(is.State))),
			"tests import-status "+string(is.ID))
	}
	return nil
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
	err = d.tests.Runner.DeleteSuites(asking, names)
	if lapse := d.lapses.takeAny(); lapse != nil {
		p.talk.say(text.Format("the journal lacks the answer: %s", text.Clean(lapse.Error())))
	}
	if api.KindOf(err) == api.OutcomeUnknown {
		p.at.Now = p.clock()
		return p.endUnseen(text.Join(" ", views.Explain(err, p.at).Sentence, text.Lit("The suites may have been deleted or not.")), "journal")
	}
	if err != nil {
		return err
	}
	p.talk.say(text.Format("deleted: %s", strings.Join(names, ", ")))
	return nil
}
