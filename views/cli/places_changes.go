package cli

import (
	"context"
	"iter"
	"slices"
	"strings"

	"korescope/api"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/change"
)

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

// follows is the place of a status command: the page of what was started before.
func follows(kind api.JobKind) place {
	return place{bare: true, route: func(_ *desk, args []string) (ui.Route, error) {
		r := views.ChangeRoute{Kind: kind}
		if len(args) > 0 {
			r.ID = api.JobID(args[0])
		}
		return r, nil
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

func suitesDeleteRoute(_ *desk, names []string) (ui.Route, error) {
	return views.SuitesDeleteRoute{Names: names}, nil
}

func (d *desk) suiteImportRoute(args []string) (ui.Route, error) {
	switch {
	case len(args) != 2:
		return nil, views.Usage("write tests import NAME FILE")
	case d.profile.TestEmail == "":
		return nil, views.Usage(needsEmail)
	}
	return views.SuiteImportRoute{Name: args[0], File: args[1]}, nil
}

// changePage makes the page of a route that changes something; false for others.
func (d *desk) changePage(r ui.Route) (ui.Screen, bool) {
	deps := change.Deps{Clock: d.clock, Zone: d.zone, Explain: d.explain, Mask: d.mask, After: d.afterChange}
	if d.gated {
		deps.Writes = d.permit.until
	}
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
	case views.SuiteImportRoute:
		deps.Title = text.Lit("tests import")
		deps.Look = func(ctx context.Context) (change.Outlook, error) { return d.lookSuite(ctx, r) }
		deps.Send = d.held(func(ctx context.Context) iter.Seq2[api.Change, error] { return d.sendSuite(ctx, r) })
	case views.SuitesDeleteRoute:
		deps.Title = text.Lit("tests delete")
		deps.Look = func(context.Context) (change.Outlook, error) { return d.lookDelete(r), nil }
		deps.Send = d.held(func(ctx context.Context) iter.Seq2[api.Change, error] { return d.deleteSuites(ctx, r.Names) })
	case views.ChangeRoute:
		deps.Title = statusLine(r.Kind)
		deps.Look = func(ctx context.Context) (change.Outlook, error) { return d.lookStatus(ctx, r) }
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
