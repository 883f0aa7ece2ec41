package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"korescope/config"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/doctor"
	"korescope/views/output"
)

// doctorOptions are the flags of `doctor`.
type doctorOptions struct {
	rowFlags
	all bool
}

func (p *program) doctorCommand() *cobra.Command {
	var o doctorOptions
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Look at connection, clock, rights, limits, terminal, cache and settings",
		Long: `Look at connection, clock, rights, limits, terminal, cache and settings, one
after the other, and say what to do about what is not well. The platform gets at
most four small requests; --all also asks for metrics, billing and debug logs.
The exit code is that of the first check that failed.`,
		Example: `  korescope doctor --profile prod-eu
  korescope doctor --jq '.[] | select(.state == "FAIL") | .advice'`,
		Args: words(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return headless(c.Context(), func(ctx context.Context) error { return p.doctor(ctx, o) })
		},
	}
	c.Flags().BoolVar(&o.all, "all", false, "also ask for metrics, billing and debug logs")
	o.register(c, views.Names(doctor.Fields()))
	return p.leads(c, place{
		takes: []string{"all"}, usage: "[all]", offer: offerThese(candidate("all", text.Lit("also what costs more than a small request"))),
		words: func(_ *desk, c *cobra.Command, said []typedWord) ([]typedWord, error) {
			if len(said) == 1 && said[0].word == "all" {
				return nil, c.Flags().Set("all", "true")
			}
			return said, nil
		},
		route: func(*desk, []string) (ui.Route, error) { return views.DoctorRoute{All: o.all}, nil },
	})
}

func (p *program) doctor(ctx context.Context, o doctorOptions) error {
	page, err := p.page(o.rowFlags, nil)
	if err != nil {
		return err
	}
	give, closing, err := p.findings(ctx, o.rowFlags, page)
	if err != nil {
		return err
	}
	asking, stop := p.limited(ctx)
	defer stop()
	checks, leave, err := p.examination(asking, o.all)
	if err != nil {
		return err
	}
	defer leave()
	for i, c := range checks {
		if c.Asks {
			// Its time is limited; that of what is looked at here is not.
			checks[i].Look = func(context.Context) doctor.Finding { return c.Look(asking) }
		}
	}
	failed, err := doctor.Run(ctx, checks, give)
	if err = errors.Join(err, closing()); err != nil {
		return err
	}
	return failed
}

// findings is where results go: as records, or as lines that show as they come.
func (p *program) findings(ctx context.Context, f rowFlags, page output.Options) (give func(doctor.Result) error, closing func() error, err error) {
	given := 0
	enough := func() bool { given++; return f.limit > 0 && given > f.limit }
	if page.Format != output.Table || f.jq != "" || len(f.fields) > 0 {
		w, err := output.New(p.streams.Out, doctor.Fields(), page)
		if err != nil {
			return nil, nil, err
		}
		return func(r doctor.Result) error {
			if enough() {
				return nil
			}
			return w.Write(ctx, r)
		}, func() error { return w.Close(ctx) }, nil
	}
	return func(r doctor.Result) error {
		if enough() {
			return nil
		}
		for _, line := range doctor.Plain(r, p.streams.width()) {
			if _, err := fmt.Fprintln(p.streams.Out, line); err != nil {
				return err
			}
		}
		return nil
	}, func() error { return nil }, nil
}

// examination is the checks of this run. Settings that are wrong are a finding
// too; then nobody is asked.
func (p *program) examination(ctx context.Context, all bool) ([]doctor.Check, func(), error) {
	if err := p.flags.check(); err != nil {
		return nil, nil, err
	}
	set, err := p.settings(ctx, false)
	var d *desk
	if err == nil {
		d, err = p.open(ctx, set)
	}
	var wrong *views.UsageError
	switch {
	case err == nil:
		return d.checks(all), d.leave, nil
	case !errors.As(err, &wrong):
		return nil, nil, err
	}
	src := p.sources()
	src.Partial = true
	if set.config.Profiles == nil {
		set.config, set.profile, _ = config.Load(ctx, src)
		set.dirs = config.Dirs(src)
	}
	x := &examiner{around: p.around(set), clock: p.clock, broken: err}
	return x.checks(all), func() {}, nil
}

// checks are those of the dashboard and of the command line.
func (d *desk) checks(all bool) []doctor.Check {
	x := &examiner{d: d, around: d.around, clock: d.clock}
	return x.checks(all)
}

func (x *examiner) checks(all bool) []doctor.Check {
	out := []doctor.Check{
		{Name: "host", Look: x.host, Asks: true}, {Name: "clock", Look: x.clocks}, {Name: "credential", Look: x.credential},
	}
	out = append(out, x.rights(all)...)
	out = append(out, x.works(all)...)
	out = append(out, doctor.Check{Name: "limits", Look: x.limits})
	if x.d != nil && x.d.profile.Team.URL != "" {
		out = append(out, doctor.Check{Name: "team", Look: x.team})
	}
	return slices.Concat(out, []doctor.Check{
		{Name: "terminal", Look: x.terminal}, {Name: "cache", Look: x.cache},
		{Name: "settings", Look: x.settings}, {Name: "version", Look: x.version},
	})
}
