package cli

import (
	"context"
	"slices"
	"sync"

	"korescope/api"
	"korescope/ui/canvas"
	"korescope/ui/chart"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/tests"
)

// outcome is how one run ended for the command: what is known of it, and what
// kept more from being known.
type outcome struct {
	run api.TestRun
	err error
}

func testAsk(suite string, id api.JobID) tests.Ask { return tests.Ask{Suite: suite, ID: id} }

// testsRun starts suites, each once, and follows them side by side.
func (p *program) testsRun(ctx context.Context, o testsOptions, names []string) error {
	set, err := p.settings(ctx, false)
	if err != nil {
		return err
	}
	starts, err := p.starts(set, o, names)
	if err != nil {
		return err
	}
	asking, stop := p.limited(ctx)
	defer stop()
	b, err := p.bench(asking, set, o.rowFlags)
	if err != nil {
		return err
	}
	defer b.leave()
	if o.noWait && len(b.page.Fields) == 0 && b.page.Format == "table" {
		b.page.Fields = []string{"testRunId", "suite", "status"}
	}
	end := p.talk.live(ctx)
	w := newPursuit(p, b.desk, len(starts))
	w.once = o.noWait
	all := w.all(asking, starts)
	end()
	var runs []api.TestRun
	for _, one := range all {
		if one.run.ID != "" || one.run.State == api.JobUnknown {
			runs = append(runs, one.run)
		}
	}
	if len(runs) > 0 {
		if err := p.printRuns(ctx, b, runs); err != nil {
			return err
		}
	}
	if o.noWait {
		all = slices.DeleteFunc(all, func(one outcome) bool { return one.err == nil })
	}
	return p.verdictOf(all)
}

// starts is what is asked for, checked before anything is opened.
func (p *program) starts(set settled, o testsOptions, names []string) ([]api.TestStart, error) {
	version, err := testVersion(o.version)
	if err != nil {
		return nil, err
	}
	email := o.email
	if email == "" {
		email = set.profile.TestEmail
	}
	switch {
	case !set.profile.AllowTests && !set.profile.AllowWrites:
		return nil, views.Usage(text.Format("the profile %s does not allow test runs; set allow_tests = true (or allow_writes = true) in it", set.profile.Name).String())
	case email == "":
		return nil, views.Usage(needsEmail + ", or give --email")
	}
	if err := p.online(); err != nil {
		return nil, err
	}
	var out []api.TestStart
	for _, name := range names {
		s := api.TestStart{Suite: name, Version: version, Email: email, Anew: o.anew}
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out, nil
}

// pursuit follows runs and says how far they are.
type pursuit struct {
	p    *program
	d    *desk
	once bool // leave a run as soon as it is started

	mu   sync.Mutex
	at   []api.TestRun
	told []string // the last trouble of each run
}

func newPursuit(p *program, d *desk, n int) *pursuit {
	return &pursuit{p: p, d: d, at: make([]api.TestRun, n), told: make([]string, n)}
}

// all starts every suite and comes back when all have their verdict.
func (w *pursuit) all(ctx context.Context, starts []api.TestStart) []outcome {
	out := make([]outcome, len(starts))
	var wait sync.WaitGroup
	for i, s := range starts {
		wait.Go(func() {
			run, err := w.follow(ctx, i, tests.Ask{Start: s})
			if !w.once {
				err = unfinished(run, err)
			}
			out[i] = outcome{run, err}
		})
	}
	wait.Wait()
	return out
}

// follow follows one run; the run is as far as it was known last.
func (w *pursuit) follow(ctx context.Context, i int, a tests.Ask) (run api.TestRun, err error) {
	known, asked := a.ID, w.p.clock()
	for answer, failed := range (runReader{w.d}).Refresh(ctx, a, api.Person) {
		run, err = answer.Value.Run, failed
		if run.Suite == "" {
			run.Suite = a.Suite + a.Start.Suite
		}
		if known == "" && run.ID != "" {
			known = run.ID
			if run.Started.Before(asked) {
				w.p.talk.say(text.Format("%s: follows %s, started %s ago; --new starts another", run.Suite, run.ID, views.Age(asked.Sub(run.Started))))
			} else {
				w.p.talk.say(text.Format("%s: run %s", run.Suite, run.ID))
			}
		}
		w.show(i, run, answer.Value.Trouble)
		if w.once && err == nil {
			break
		}
	}
	return run, err
}

// show says where all runs stand, and once what keeps one from being asked.
func (w *pursuit) show(i int, run api.TestRun, trouble error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at[i] = run
	if trouble != nil {
		words := w.d.explain(trouble).Sentence
		if words.String() != w.told[i] {
			w.told[i] = words.String()
			w.p.talk.say(text.Format("%s: %s Asked again.", run.Suite, words))
		}
	}
	var parts []text.Safe
	for _, r := range w.at {
		if r.ID == "" {
			continue
		}
		parts = append(parts, text.Join(" ", text.Clean(r.Suite), w.bar(r)))
	}
	if !w.once && len(parts) > 0 {
		w.p.talk.pulse(text.Join("  ", parts...))
	}
}

// bar is a run in few cells: its bar on a terminal, its percentage in a log.
func (w *pursuit) bar(r api.TestRun) text.Safe {
	if r.State.Over() {
		return views.VerdictBadge(r.Verdict, r.State).Text
	}
	if !w.p.talk.tty {
		if !r.Percent.Known {
			return text.Lit("?%")
		}
		return text.Format("%d%%", r.Percent.Value)
	}
	out := spans(chart.Progress(r.Percent.Value, r.Percent.Known, 20))
	if d, ok := tests.Left(r, w.p.clock()); ok {
		out = text.Format("%s %s left est", out, views.Age(d))
	}
	return out
}

func spans(all []canvas.Span) text.Safe {
	parts := make([]text.Safe, 0, len(all))
	for _, s := range all {
		parts = append(parts, s.Text)
	}
	return text.Join("", parts...)
}

// pulse says how far something is that is waited for: in the line that is
// written over on a terminal, elsewhere in a line now and then.
func (t *talk) pulse(read text.Safe) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.read = read
	t.draw()
}
