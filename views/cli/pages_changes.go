package cli

import (
	"context"
	"fmt"
	"io"
	"iter"
	"maps"
	"os"
	"slices"
	"time"

	"korescope/api"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/change"
)

// What the pages that change something show before anything is sent.

func fact(name text.Safe, value text.Safe) change.Fact { return change.Fact{Name: name, Value: value} }

// lookBot is what every page about the bot begins with, and what confirms it; the
// newest changes of it come last on a page, where room is scarce. A change of that
// kind that is under way is followed instead.
func (d *desk) lookBot(ctx context.Context, call string, kind api.JobKind) (out change.Outlook, news []change.Fact, bot api.Bot, err error) {
	if err := d.lacksAdmin(call); err != nil {
		return out, nil, bot, err
	}
	if out.Running, err = d.running(ctx, kind); err != nil || out.Running != nil {
		return out, nil, bot, err
	}
	bot, err = d.thisBot(ctx)
	if k := api.KindOf(err); err != nil && k != api.ScopeMissing && k != api.NotFound {
		return out, nil, bot, err
	}
	out.Accept = names(bot)
	out.Wants = text.Format("Type the bot's name, %s, to go on.", text.Clean(out.Accept[0]))
	out.Facts = []change.Fact{
		fact(text.Lit("bot"), text.Format("%s  %s", out.Accept[0], orWords(bot.Status, "status not known"))),
		fact(text.Lit("id, on"), text.Format("%s  %s", string(bot.ID), d.profile.Host)),
	}
	is, failed := d.changer().PublishStatus(ctx)
	last := fact(text.Lit("last publish"), text.Format("%s  %s", views.ChangeBadge(is.State).Text, d.moment(is.Started)))
	if failed != nil {
		last, is.Started = change.Fact{Name: last.Name, Value: d.explain(failed).Sentence, Warn: true}, time.Time{}
	}
	out.Facts = append(out.Facts, last)
	changed := d.changedSince(ctx, is.Started)
	out.Facts = append(out.Facts, changed[0])
	return out, changed[1:], bot, nil
}

func (d *desk) moment(t time.Time) text.Safe {
	return views.Moment(t, views.Env{Now: d.clock(), Zone: d.zone})
}

// newestShown is how many entries of the change log stand on a page.
const newestShown = 4

// changedSince is the change log since the last publish, or of a week where that
// is not known: how much of what, and the newest entries.
func (d *desk) changedSince(ctx context.Context, since time.Time) []change.Fact {
	name := text.Lit("changed since")
	if since.IsZero() {
		name, since = text.Lit("changed in 7 days"), d.clock().AddDate(0, 0, -7)
	}
	a, err := last(answers(ctx, d.changeLog, api.ChangeQuery{Window: api.Between(since, d.clock())}))
	if err != nil && len(a.Value) == 0 {
		return []change.Fact{{Name: name, Value: text.Join(" ", text.Lit("not known:"), d.explain(err).Sentence), Warn: true}}
	}
	of := map[string]int{}
	for _, e := range a.Value {
		of[orWords(e.ResourceType, "other")]++
	}
	var kinds []text.Safe
	for _, k := range slices.Sorted(maps.Keys(of)) {
		kinds = append(kinds, text.Format("%s %d", k, of[k]))
	}
	total := text.Int(len(a.Value))
	if err != nil || a.Partial {
		total = text.Format(">=%d", len(a.Value))
	}
	out := []change.Fact{fact(name, text.Join("  ", total, text.Join(", ", kinds...)))}
	newest := slices.SortedFunc(slices.Values(a.Value), func(x, y api.ChangeEntry) int { return y.At.Compare(x.At) })
	for i, e := range newest[:min(len(newest), newestShown)] {
		name := text.Safe{}
		if i == 0 {
			name = text.Lit("newest changes")
		}
		said := e.Message
		if d.people != nil {
			said = d.people.Text(said)
		}
		out = append(out, fact(name, text.Format("%s  %s  %s", d.moment(e.At), orWords(e.ResourceType, "other"), said)))
	}
	return out
}

// running is the change of a kind that is not over, to be followed.
func (d *desk) running(ctx context.Context, kind api.JobKind) (iter.Seq2[api.Change, error], error) {
	open, err := d.changes.Open(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(open, func(r api.JobRecord) bool { return r.Kind == kind })
	if i < 0 {
		return nil, nil
	}
	return d.changes.Resume(ctx, open[i]), nil
}

func (d *desk) lookPublish(ctx context.Context, s api.PublishStart) (change.Outlook, error) {
	out, news, _, err := d.lookBot(ctx, api.Publish, api.PublishJob)
	if err != nil || out.Running != nil {
		return out, err
	}
	training := text.Lit("trained anew")
	if !s.Train {
		training = text.Lit("without training")
	}
	out.Facts = append(out.Facts, d.lastTest(ctx), d.openNow(ctx), fact(text.Lit("comment"), text.Format("%s  (%s)", s.Comment, training)))
	out.Facts = append(out.Facts, news...)
	return out, nil
}

// lastTest is the last verdict about the version in development that is kept here.
func (d *desk) lastTest(ctx context.Context) change.Fact {
	name := text.Lit("test inDevelopment")
	runs, err := d.tests.History(ctx, 0)
	for _, r := range runs {
		if r.Version == api.InDevelopment && r.State.Over() {
			f := fact(name, text.Format("%s  %s  %s", r.Suite, views.VerdictBadge(r.Verdict, r.State).Text,
				d.moment(r.Started)))
			f.Warn = r.Verdict != api.VerdictPassed
			return f
		}
	}
	if err != nil {
		return change.Fact{Name: name, Value: text.Lit("could not be read"), Warn: true}
	}
	return change.Fact{Name: name, Value: text.Lit("none is kept here"), Warn: true}
}

// openNow counts the conversations that are open among those read here.
func (d *desk) openNow(ctx context.Context) change.Fact {
	a, err := last(answers(ctx, d.sessions, api.SessionQuery{Window: api.Last(d.config.Start, d.clock())}))
	if err != nil {
		return change.Fact{Name: text.Lit("open conversations"), Value: text.Lit("? (they could not be read)"), Warn: true}
	}
	n := 0
	for _, s := range a.Value {
		if s.Status == "active" {
			n++
		}
	}
	now := text.Format("%d now", n)
	if a.Partial {
		now = text.Format(">=%d now", n)
	}
	return fact(text.Lit("open conversations"), now)
}

func (d *desk) lookImport(ctx context.Context, r views.ImportRoute) (out change.Outlook, f files, err error) {
	if f, err = (importBotOptions{definition: r.Definition, config: r.Config, functions: r.Functions}).files(); err != nil {
		return out, f, err
	}
	out, news, bot, err := d.lookBot(ctx, api.ImportBot, api.ImportJob)
	if err != nil || out.Running != nil {
		return out, f, err
	}
	says := fact(text.Lit("the file"), text.Format("%s %s", f.definition.Name, f.says.words()))
	out.Facts = append(out.Facts, says, fact(text.Lit("configuration"), text.Clean(f.config.Name)), fact(text.Lit("files of functions"), text.Int(len(f.functions))))
	if other, known := f.says.isOther(bot); other && known && !r.OtherBot {
		out.Accept = nil
		out.Facts = append(out.Facts, change.Fact{Name: text.Lit("refused"), Value: text.Lit("the file names another bot; --other-bot goes on all the same"), Warn: true})
		return out, f, nil
	}
	path, failed := d.saveDefinition(func(w io.Writer) error {
		_, _, err := d.changes.Export(ctx, w)
		return err
	})
	kept := fact(text.Lit("saved before it"), text.Format("%s%s", path, sizeOf(path)))
	if failed != nil {
		kept = change.Fact{Name: text.Lit("saved before it"), Value: text.Format("NO: %s", d.sentence(failed)), Warn: true}
	}
	out.Facts = append(append(out.Facts, kept), news...)
	return out, f, nil
}

func sizeOf(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("  %d bytes", info.Size())
}

func (d *desk) sendImport(ctx context.Context, f files) iter.Seq2[api.Change, error] {
	return func(yield func(api.Change, error) bool) {
		s, err := f.send(ctx, d.changes.Changer, func(api.Upload) {})
		if err != nil {
			yield(api.Change{}, fmt.Errorf("upload: %w", err))
			return
		}
		d.changes.Import(ctx, s)(yield)
	}
}

func (d *desk) lookFunctions(ctx context.Context, paths []string) (change.Outlook, error) {
	for _, path := range paths {
		if _, err := fileUpload(path); err != nil {
			return change.Outlook{}, err
		}
	}
	out, _, _, err := d.lookBot(ctx, api.ImportFunctions, "")
	out.Facts = append(out.Facts, fact(text.Lit("files of functions"), list(paths)))
	return out, err
}

func (d *desk) sendFiles(ctx context.Context, paths []string) iter.Seq2[api.Change, error] {
	return func(yield func(api.Change, error) bool) {
		var uploads []api.Upload
		for _, path := range paths {
			u, err := fileUpload(path)
			if err != nil {
				yield(api.Change{}, err)
				return
			}
			uploads = append(uploads, u)
		}
		yield(sendFunctions(ctx, d.changes.Changer, uploads))
	}
}
