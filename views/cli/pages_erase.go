package cli

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"korescope/api"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/change"
)

func (d *desk) lookErase(ctx context.Context, e api.Erasure) (out change.Outlook, err error) {
	if err := d.lacksAdmin(api.EraseUsers); err != nil {
		return out, err
	}
	if running, err := d.running(ctx, api.EraseJob); err != nil || running != nil {
		return change.Outlook{Running: running}, err
	}
	where := fact(text.Lit("in"), text.Clean(d.profile.BotID))
	if e.AllBots {
		where = change.Fact{Name: text.Lit("in"), Value: text.Lit("EVERY bot of the account"), Warn: true}
	}
	out.Facts = []change.Fact{where}
	for _, u := range e.Users {
		shown, kept := string(u), text.Lit("what is kept here could not be read")
		if d.mask != nil {
			shown = d.mask.Identity(shown)
		}
		if k, err := d.store.KeptOf(ctx, u); err == nil {
			kept = text.Format("kept here: %d sessions, %d messages, %d LLM calls", k.Sessions, k.Messages, k.Calls)
		}
		out.Facts = append(out.Facts, fact(text.Lit("user"), text.Format("%s  %s", shown, kept)))
	}
	out.Facts = append(out.Facts, fact(text.Lit("not erased"),
		text.Lit("account owners and members, bot owners and co-developers: the platform refuses them")))
	out.Accept = []string{strconv.Itoa(len(e.Users))}
	out.Wants = text.Format("Type the number of users, %d, to erase them for good.", len(e.Users))
	return out, nil
}

// afterChange tells what is left to say of a change that is over.
func (d *desk) afterChange(_ context.Context, c api.Change) []change.Fact {
	var out []change.Fact
	if lapse := d.lapses.takeAny(); lapse != nil {
		out = append(out, change.Fact{Name: text.Lit("journal"), Value: text.Format("lacks the answer: %s", lapse.Error()), Warn: true})
	}
	r, ok := d.erased.take(c.ID)
	if !ok {
		return out
	}
	here := fact(text.Lit("removed here too"), text.Format("%d users, %d sessions", r.Users, r.Sessions))
	if r.Err != nil {
		here = change.Fact{Name: text.Lit("NOT all removed here"), Value: text.Join(" ", d.sentence(r.Err), text.Lit("It is tried again when the profile is opened next.")), Warn: true}
	}
	out = append(out, here)
	if r.Searched && r.Left == 0 {
		out = append(out, fact(text.Lit("cache searched"), text.Lit("nothing names them")))
	}
	if r.Left > 0 {
		out = append(out, change.Fact{Name: text.Lit("left in the cache"), Value: text.Format("one of their names, %d times; korescope cache purge removes all of it", r.Left), Warn: true})
	}
	for _, f := range r.Folders {
		out = append(out, change.Fact{Name: text.Lit("not touched"), Value: text.Format("the case folder %s holds an erased user", f), Warn: true})
	}
	return out
}

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
	ask := func() (api.Change, error) { return d.changer().PublishStatus(ctx) }
	switch {
	case r.Kind == api.ImportJob && r.ID != "":
		ask = func() (api.Change, error) { return d.changer().ImportBotStatus(ctx, r.ID) }
	case r.Kind == api.EraseJob && r.ID != "":
		ask = func() (api.Change, error) { return d.eraseStatus(ctx, r.ID) }
	case r.Kind != api.PublishJob:
		out.Facts = []change.Fact{fact(text.Lit("under way"), text.Lit("nothing that was started from here; with its id it is asked for: status ID"))}
		return out, nil
	}
	out.Running = func(yield func(api.Change, error) bool) { yield(ask()) }
	return out, nil
}

// lookSuite shows what becomes a suite.
func (d *desk) lookSuite(ctx context.Context, r views.SuiteImportRoute) (out change.Outlook, err error) {
	if err := d.lacksAdmin(api.UploadFile); err != nil {
		return out, err
	}
	u, err := fileUpload(r.File)
	if err != nil {
		return out, err
	}
	kept, err := d.past.Suites(ctx)
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
		for s, err := range d.tests.Import(ctx, api.SuiteImport{FileID: string(id), Name: r.Name, Email: d.profile.TestEmail}) {
			is.ID, is.State, is.Word, is.Percent, is.Failure = s.ID, s.State, s.Word, s.Percent, s.Failure
			if !yield(is, err) {
				return
			}
		}
	}
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
		err := d.client.DeleteSuites(ctx, names)
		if err == nil {
			is.State = api.JobSucceeded
		}
		yield(is, err)
	}
}
