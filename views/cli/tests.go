package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"korescope/api"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/output"
)

func (p *program) testsCommand() *cobra.Command {
	return p.leads(group("tests", "Run conversation test suites and follow them",
		p.testsRunCommand(), p.testsStatusCommand(), p.testsHistoryCommand(), p.testsForgetCommand(),
		p.testsImportCommand(), p.testsImportStatusCommand(), p.testsDeleteCommand()), place{sub: "history", usage: "[run NAME,... | status SUITE RUN]"})
}

// testsOptions are the flags of `tests run`, `tests status` and `tests history`.
type testsOptions struct {
	rowFlags
	version, email string
	noWait, follow bool
	anew           bool
}

func (p *program) testsRunCommand() *cobra.Command {
	var o testsOptions
	c := &cobra.Command{
		Use:   "run NAME...",
		Short: "Run suites and follow them to their verdict",
		Long: `Run suites and follow them to their verdict, several at once. Each is started
once; a run of the same suite and version that is still on by the platform's
word is followed instead, and that is said; --new starts another. The profile has to allow it: allow_tests or allow_writes.

Leaves with 0 when all passed and with 8 when tests failed, with 1 when a run
could not be carried out or its outcome is not known, and with 7 when --timeout
ended the waiting; the runs then go on, and tests status finds them.`,
		Example: `  korescope tests run 'Refunds smoke'
  korescope tests run smoke nightly --version inDevelopment -o ndjson
  korescope tests run nightly --no-wait --jq '.[].testRunId'`,
		Args: words(1, -1, "the name of a suite"),
		RunE: func(c *cobra.Command, args []string) error {
			return headless(c.Context(), func(ctx context.Context) error { return p.testsRun(ctx, o, args) })
		},
		ValidArgsFunction: p.completeSuites,
	}
	f := c.Flags()
	f.StringVar(&o.version, "version", string(api.Published), "`what` is tested: published or inDevelopment")
	f.StringVar(&o.email, "email", "", "`address` in whose name it runs; test_email of the profile when nothing is said")
	f.BoolVar(&o.anew, "new", false, "start a run also where one of the same suite is still on")
	f.BoolVar(&o.noWait, "no-wait", false, "print the ids of the runs and leave")
	o.register(c, views.Names(views.TestFields()))
	offers(c, "version", string(api.Published), string(api.InDevelopment))
	return p.leads(c, place{
		once: true, only: true, takes: []string{"version", "email", "new"}, words: (*desk).suiteWords, offer: (*desk).offerSuites,
		route: func(d *desk, names []string) (ui.Route, error) { return d.testsRun(o, names) },
	})
}

func (p *program) testsStatusCommand() *cobra.Command {
	var o testsOptions
	c := &cobra.Command{
		Use:   "status SUITE RUN",
		Short: "How a run stands",
		Long: `How a run stands, whoever started it. Leaves with 8 when its tests failed and
with 1 when it could not be carried out or its outcome is not known.`,
		Args: words(2, 2, "the name of a suite and the id of a run"),
		RunE: func(c *cobra.Command, args []string) error {
			return headless(c.Context(), func(ctx context.Context) error { return p.testsStatus(ctx, o, args[0], api.JobID(args[1])) })
		},
		ValidArgsFunction: p.completeSuites,
	}
	c.Flags().BoolVar(&o.follow, "follow", false, "wait for the verdict")
	o.register(c, views.Names(views.TestFields()))
	return p.leads(c, place{
		takes: []string{"follow"}, words: suiteAndRun, offer: (*desk).offerSuites,
		route: func(_ *desk, args []string) (ui.Route, error) {
			return views.TestsRoute{Follow: &api.TestRun{Suite: args[0], ID: api.JobID(args[1])}}, nil
		},
	})
}

func (p *program) testsHistoryCommand() *cobra.Command {
	var o testsOptions
	c := &cobra.Command{
		Use:   "history [SUITE]",
		Short: "The runs kept here, newest first",
		Long:  "The runs kept here, newest first. The platform has no call that lists them, so\nthey stay when the cache is cleared or removed; korescope tests forget lets them go.",
		Args:  words(0, 1, "the name of one suite"),
		RunE: func(c *cobra.Command, args []string) error {
			return headless(c.Context(), func(ctx context.Context) error { return p.testsHistory(ctx, o, strings.Join(args, "")) })
		},
		ValidArgsFunction: p.completeSuites,
	}
	o.register(c, views.Names(views.TestFields()))
	return p.leads(c, place{route: func(_ *desk, args []string) (ui.Route, error) {
		if len(args) > 0 {
			return nil, nil
		}
		return views.TestsRoute{}, nil
	}})
}

func (p *program) completeSuites(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if c.Name() != "run" && len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	set, err := p.settings(c.Context(), true)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return set.profile.TestSuites, cobra.ShellCompDirectiveNoFileComp
}

// bench is what a command about tests works with.
type bench struct {
	*desk
	page output.Options
}

// bench opens the desk of a command about tests.
func (p *program) bench(ctx context.Context, set settled, f rowFlags) (bench, error) {
	page, err := p.page(f, nil)
	if err != nil {
		return bench{}, err
	}
	d, err := p.open(ctx, set)
	return bench{d, page}, err
}

func (p *program) online() error {
	if p.flags.offline {
		return views.Usage("--offline asks nobody; tests history prints what is kept here")
	}
	return nil
}

// printRuns prints one record a run.
func (p *program) printRuns(ctx context.Context, b bench, runs []api.TestRun) error {
	w, err := output.New(p.streams.Out, views.TestFields(), b.page)
	if err != nil {
		return err
	}
	p.talk.wipeNow()
	ctx = context.WithoutCancel(ctx)
	if err := w.Write(ctx, runs...); err != nil {
		return err
	}
	return w.Close(ctx)
}

func (p *program) testsStatus(ctx context.Context, o testsOptions, suite string, id api.JobID) error {
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
	defer p.talk.live(ctx)()
	// Also before it is followed: a run that nobody knows has nothing to wait for.
	run, err := b.tests.Status(asking, suite, id)
	if o.follow && err == nil && !run.State.Over() {
		w := newPursuit(p, b.desk, 1)
		run, err = w.follow(asking, 0, testAsk(suite, id))
		err = unfinished(run, err)
	}
	if err != nil && (run.ID == "" || !o.follow || api.KindOf(err) == api.NotFound) {
		return err
	}
	if perr := p.printRuns(ctx, b, []api.TestRun{run}); perr != nil {
		return perr
	}
	return p.verdictOf([]outcome{{run, err}})
}

func (p *program) testsForgetCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "forget [SUITE]",
		Short: "Remove the runs kept here, of one suite or of all",
		Args:  words(0, 1, "the name of one suite"),
		RunE: func(c *cobra.Command, args []string) error {
			return headless(c.Context(), func(ctx context.Context) error { return p.testsForget(ctx, strings.Join(args, "")) })
		},
		ValidArgsFunction: p.completeSuites,
	}
	return p.leads(c, place{once: true})
}

func (p *program) testsHistory(ctx context.Context, o testsOptions, suite string) error {
	set, err := p.settings(ctx, false)
	if err != nil {
		return err
	}
	b, err := p.bench(ctx, set, o.rowFlags)
	if err != nil {
		return err
	}
	defer b.leave()
	all, err := b.tests.History(ctx, 0)
	if err != nil {
		return err
	}
	runs := []api.TestRun{}
	for _, r := range all {
		if (suite == "" || r.Suite == suite) && (o.limit == 0 || len(runs) < o.limit) {
			runs = append(runs, r)
		}
	}
	if len(runs) == 0 && suite != "" {
		p.talk.say(text.Format("no run of %q is kept here", suite))
	}
	return p.printRuns(ctx, b, runs)
}
