package cli

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"korescope/api"
	"korescope/api/jobs"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/change"
)

// What is shown of changes that were started before, and of suites.

// lookStatus follows a change that was started before, here or elsewhere: the
// one that is under way or was named, of publishes the one that came last.
func (d *desk) lookStatus(ctx context.Context, r views.ChangeRoute) (out change.Outlook, err error) {
	open, err := d.changes.Open(ctx)
	if err != nil {
		return out, err
	}
	for _, one := range open {
		if one.Kind == r.Kind && (r.ID == "" || r.ID == one.ID) {
			out.Running = d.changes.Resume(ctx, one)
			return out, nil
		}
	}
	if r.Kind == api.SuiteImportJob {
		return d.lookSuiteStatus(ctx, r.ID)
	}
	ask := func() (api.Change, error) { return d.changer().PublishStatus(ctx) }
	switch {
	case r.Kind == api.ImportJob && r.ID != "":
		ask = func() (api.Change, error) { return d.changer().ImportBotStatus(ctx, r.ID) }
	case r.Kind == api.EraseJob && r.ID != "":
		ask = func() (api.Change, error) { return d.eraseStatus(ctx, r.ID) }
	case r.Kind != api.PublishJob:
		return nothingOpen(r.Kind), nil
	}
	out.Running = func(yield func(api.Change, error) bool) {
		is, err := ask()
		if jobs.Forgotten(err) {
			err = &api.Error{Kind: api.NotFound, Err: err}
		}
		yield(is, err)
	}
	return out, nil
}

// lookSuite shows what becomes a suite.
func (d *desk) lookSuite(ctx context.Context, r views.SuiteImportRoute) (out change.Outlook, err error) {
	if err := d.lacksAdmin(api.UploadFile); err != nil {
		return out, err
	}
	if rec, on, err := d.tests.ImportUnderWay(ctx, r.Name); err != nil || on {
		if on {
			out.Running = d.suiteSteps(d.tests.ResumeImport(ctx, rec))
		}
		return out, err
	}
	u, err := fileUpload(r.File)
	if err != nil {
		return out, err
	}
	kept, err := d.runs.Suites(ctx)
	if err != nil {
		return out, err
	}
	out.Facts = []change.Fact{
		fact(text.Lit("suite"), text.Clean(r.Name)),
		fact(text.Lit("the file"), text.Format("%s  %d bytes", u.Name, u.Size)),
		fact(text.Lit("owner"), text.Clean(d.profile.TestEmail)),
		fact(text.Lit("bot, on"), text.Format("%s  %s", d.profile.BotID, d.profile.Host)),
	}
	if slices.Contains(append(kept, d.profile.TestSuites...), r.Name) {
		out.Facts = append(out.Facts, change.Fact{Name: text.Lit("note"), Value: text.Lit("a suite of that name is known here already"), Warn: true})
	}
	out.Accept, out.Wants = []string{r.Name}, text.Format("Type the suite's name, %s, to go on.", r.Name)
	return out, nil
}

// sendSuite hands the file over and makes a suite of it.
func (d *desk) sendSuite(ctx context.Context, r views.SuiteImportRoute) iter.Seq2[api.Change, error] {
	return func(yield func(api.Change, error) bool) {
		is := api.Change{Call: api.ImportSuite, Target: r.Name, State: api.JobRunning}
		u, err := fileUpload(r.File)
		if err != nil {
			yield(is, err)
			return
		}
		id, err := d.changes.Changer.Upload(ctx, u)
		if err != nil {
			yield(is, fmt.Errorf("no suite was made; upload: %w", err))
			return
		}
		d.suiteSteps(d.tests.Import(ctx, api.SuiteImport{FileID: string(id), Name: r.Name, Email: d.profile.TestEmail}))(yield)
	}
}

// suiteSteps are the steps of an import of a suite as those of a change.
func (d *desk) suiteSteps(all iter.Seq2[api.SuiteImported, error]) iter.Seq2[api.Change, error] {
	return func(yield func(api.Change, error) bool) {
		for s, err := range all {
			is := api.Change{
				Call: api.ImportSuite, Target: s.Suite, ID: s.ID, State: s.State, Word: s.Word, Percent: s.Percent, Failure: s.Failure,
			}
			if !yield(is, err) {
				return
			}
		}
	}
}

// lookSuiteStatus follows the import of a suite that is under way, or asks for the
// one that is named.
func (d *desk) lookSuiteStatus(ctx context.Context, id api.JobID) (out change.Outlook, err error) {
	open, err := d.tests.OpenImports(ctx)
	if err != nil {
		return out, err
	}
	for _, one := range open {
		if id == "" || id == one.ID {
			out.Running = d.suiteSteps(d.tests.ResumeImport(ctx, one))
			return out, nil
		}
	}
	if id == "" {
		return nothingOpen(api.SuiteImportJob), nil
	}
	out.Running = d.suiteSteps(func(yield func(api.SuiteImported, error) bool) { yield(d.tests.ImportStatus(ctx, id)) })
	return out, nil
}

// statusLine is what is typed to follow a change of a kind.
func statusLine(kind api.JobKind) text.Safe {
	if kind == api.SuiteImportJob {
		return text.Lit("tests import-status")
	}
	return text.Format("%s status", string(kind))
}

// nothingOpen is the page of what is under way when nothing is.
func nothingOpen(kind api.JobKind) change.Outlook {
	return change.Outlook{Idle: true, Facts: []change.Fact{
		fact(text.Lit("under way"), text.Lit("nothing that was started from here")),
		fact(text.Lit("one that is over"), text.Format(":%s ID asks the platform; :journal has the ids", statusLine(kind))),
	}}
}

func (d *desk) lookDelete(r views.SuitesDeleteRoute) change.Outlook {
	all := strings.Join(r.Names, ", ")
	return change.Outlook{
		Facts: []change.Fact{
			fact(text.Lit("suites to delete"), text.Clean(all)),
			fact(text.Lit("bot, on"), text.Format("%s  %s", d.profile.BotID, d.profile.Host)),
		},
		Accept: []string{all}, Wants: text.Format("Type %s to delete for good.", all),
	}
}

func (d *desk) deleteSuites(ctx context.Context, names []string) iter.Seq2[api.Change, error] {
	return func(yield func(api.Change, error) bool) {
		is := api.Change{Call: api.DeleteSuite, Target: strings.Join(names, ", "), State: api.JobRunning}
		err := d.tests.Runner.DeleteSuites(ctx, names)
		if err == nil {
			is.State = api.JobSucceeded
		}
		yield(is, err)
	}
}
