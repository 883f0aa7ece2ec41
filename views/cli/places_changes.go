package cli

import (
	"context"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"korescope/api"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/change"
)

// inShell says where a change of suites is made.
func inShell(command string) string {
	return "suites are not changed from here; in a shell: korescope " + command
}

// asksFirst is the place of a command that changes something: a page that shows
// what will change and wants it typed. It opens only where the profile allows it.
func asksFirst(route func(*desk, []string) (ui.Route, error), takes ...string) place {
	return place{once: true, only: true, self: true, takes: takes, route: func(d *desk, args []string) (ui.Route, error) {
		if !d.profile.AllowWrites {
			return nil, views.Usage(text.Format("the profile %s does not allow changes; set allow_writes = true in it", d.profile.Name).String())
		}
		return route(d, args)
	}}
}

func publishRoute(o publishOptions) (ui.Route, error) {
	if strings.TrimSpace(o.comment) == "" {
		return nil, views.Usage("write publish --comment 'what is new' [--no-train]")
	}
	return views.PublishRoute{Start: api.PublishStart{Comment: o.comment, Train: !o.noTrain}}, nil
}

func importRoute(o importBotOptions) (ui.Route, error) {
	if o.definition == "" || o.config == "" {
		return nil, views.Usage("write import --definition FILE --config FILE [--functions FILE]... [--other-bot]")
	}
	return views.ImportRoute{Definition: o.definition, Config: o.config, Functions: o.functions, OtherBot: o.otherBot}, nil
}

func eraseRoute(o eraseOptions, users []string) (ui.Route, error) {
	r := views.EraseRoute{Erasure: api.Erasure{AllBots: o.allBots}}
	for _, u := range users {
		if !slices.Contains(r.Erasure.Users, api.UserID(u)) {
			r.Erasure.Users = append(r.Erasure.Users, api.UserID(u))
		}
	}
	return r, nil
}

// changePage makes the page of a route that changes something; false for others.
func (d *desk) changePage(r ui.Route) (ui.Screen, bool) {
	deps := change.Deps{Clock: d.clock, Zone: d.zone, Explain: d.explain, Mask: d.mask}
	switch r := r.(type) {
	case views.PublishRoute:
		deps.Title = text.Lit("publish")
		deps.Look = func(ctx context.Context) (change.Outlook, error) { return d.lookPublish(ctx, r.Start) }
		deps.Send = d.held(func(ctx context.Context) iter.Seq2[api.Change, error] { return d.changes.Publish(ctx, r.Start) })
	case views.ImportRoute:
		var f files
		deps.Title = text.Lit("import")
		deps.Look = func(ctx context.Context) (out change.Outlook, err error) {
			out, f, err = d.lookImport(ctx, r)
			return out, err
		}
		deps.Send = d.held(func(ctx context.Context) iter.Seq2[api.Change, error] { return d.sendImport(ctx, f) })
	case views.FunctionsRoute:
		deps.Title = text.Lit("import-functions")
		deps.Look = func(ctx context.Context) (change.Outlook, error) { return d.lookFunctions(ctx, r.Files) }
		deps.Send = d.held(func(ctx context.Context) iter.Seq2[api.Change, error] { return d.sendFiles(ctx, r.Files) })
	case views.EraseRoute:
		deps.Title = text.Lit("erase")
		deps.Look = func(ctx context.Context) (change.Outlook, error) { return d.lookErase(ctx, r.Erasure) }
		deps.Send = d.held(func(ctx context.Context) iter.Seq2[api.Change, error] { return d.changes.Erase(ctx, r.Erasure) })
		deps.After = d.afterErase
	default:
		return nil, false
	}
	return change.New(deps), true
}

// held keeps the cache open until what was started is kept in it.
func (d *desk) held(send func(context.Context) iter.Seq2[api.Change, error]) func(context.Context) iter.Seq2[api.Change, error] {
	return func(ctx context.Context) iter.Seq2[api.Change, error] {
		return func(yield func(api.Change, error) bool) {
			d.starting.RLock()
			free := true
			defer func() {
				if free {
					d.starting.RUnlock()
				}
			}()
			for is, err := range send(ctx) {
				if free {
					free = false
					d.starting.RUnlock()
				}
				if !yield(is, err) {
					return
				}
			}
		}
	}
}

func fact(name text.Safe, value text.Safe) change.Fact { return change.Fact{Name: name, Value: value} }

// lookBot is what every page about the bot begins with, and what confirms it. A
// change of that kind that is under way is followed instead.
func (d *desk) lookBot(ctx context.Context, call string, kind api.JobKind) (out change.Outlook, bot api.Bot, err error) {
	if err := d.lacksAdmin(call); err != nil {
		return out, bot, err
	}
	if out.Running, err = d.running(ctx, kind); err != nil || out.Running != nil {
		return out, bot, err
	}
	bot, err = d.thisBot(ctx)
	if k := api.KindOf(err); err != nil && k != api.ScopeMissing && k != api.NotFound {
		return out, bot, err
	}
	out.Accept = names(bot)
	out.Wants = text.Format("Type the bot's name, %s, to go on.", text.Clean(out.Accept[0]))
	out.Facts = []change.Fact{
		fact(text.Lit("bot"), text.Format("%s  %s  %s", out.Accept[0], string(bot.ID), orWords(bot.Status, "status not known"))),
		fact(text.Lit("on"), text.Clean(d.profile.Host)),
	}
	is, failed := d.changer().PublishStatus(ctx)
	last := d.explain(failed).Sentence
	if failed == nil {
		last = text.Format("%s  %s", views.ChangeBadge(is.State).Text, views.Moment(is.Started, views.Env{Now: d.clock(), Zone: d.zone}))
	}
	out.Facts = append(out.Facts, fact(text.Lit("last publish"), last))
	return out, bot, nil
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
	out, _, err := d.lookBot(ctx, api.Publish, api.PublishJob)
	if err != nil || out.Running != nil {
		return out, err
	}
	training := text.Lit("trained anew")
	if !s.Train {
		training = text.Lit("without training")
	}
	out.Facts = append(out.Facts, fact(text.Lit("comment"), text.Format("%s  (%s)", s.Comment, training)), d.lastTest(ctx), d.openNow(ctx))
	return out, nil
}

// lastTest is the last verdict about the version in development that is kept here.
func (d *desk) lastTest(ctx context.Context) change.Fact {
	name := text.Lit("last test of inDevelopment")
	runs, err := d.tests.History(ctx, 0)
	for _, r := range runs {
		if r.Version == api.InDevelopment && r.State.Over() {
			f := fact(name, text.Format("%s  %s  %s", r.Suite, views.VerdictBadge(r.Verdict, r.State).Text,
				views.Moment(r.Started, views.Env{Now: d.clock(), Zone: d.zone})))
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
		return change.Fact{Name: text.Lit("conversations open now"), Value: text.Lit("? (they could not be read)"), Warn: true}
	}
	n := 0
	for _, s := range a.Value {
		if s.Status == "active" {
			n++
		}
	}
	return fact(text.Lit("conversations open now"), text.Int(n))
}

func (d *desk) lookImport(ctx context.Context, r views.ImportRoute) (out change.Outlook, f files, err error) {
	if f, err = (importBotOptions{definition: r.Definition, config: r.Config, functions: r.Functions}).files(); err != nil {
		return out, f, err
	}
	out, bot, err := d.lookBot(ctx, api.ImportBot, api.ImportJob)
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
	kept := fact(text.Lit("saved before it"), text.Clean(path))
	if failed != nil {
		kept = change.Fact{Name: text.Lit("saved before it"), Value: text.Format("NO: %s", d.sentence(failed)), Warn: true}
	}
	out.Facts = append(out.Facts, kept)
	return out, f, nil
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
	out, _, err := d.lookBot(ctx, api.ImportFunctions, "")
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

func (d *desk) afterErase(_ context.Context, c api.Change) []change.Fact {
	r, ok := d.erased.take(c.ID)
	if !ok {
		return nil
	}
	out := []change.Fact{fact(text.Lit("removed here too"), text.Format("%d users, %d sessions", r.Users, r.Sessions))}
	if r.Err != nil {
		out = []change.Fact{{Name: text.Lit("NOT all removed here"), Value: text.Join(" ", d.sentence(r.Err), text.Lit("It is tried again when the profile is opened next.")), Warn: true}}
	}
	if r.Left > 0 {
		out = append(out, change.Fact{Name: text.Lit("left in the cache"), Value: text.Format("one of their names, %d times; korescope cache purge removes all of it", r.Left), Warn: true})
	}
	for _, f := range r.Folders {
		out = append(out, change.Fact{Name: text.Lit("not touched"), Value: text.Format("the case folder %s holds an erased user", f), Warn: true})
	}
	return out
}
