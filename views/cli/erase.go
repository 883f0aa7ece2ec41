package cli

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"korescope/api"
	"korescope/api/jobs"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
)

type eraseOptions struct {
	changeOptions
	allBots bool
}

func (p *program) eraseCommand() *cobra.Command {
	var o eraseOptions
	c := &cobra.Command{
		Use:   "erase USER...",
		Short: "Erase everything about users, for good (needs allow_writes)",
		Long: `Erase everything about users, for good: on the platform, and after it has said
so for a user, everything about them here too. Case folders are not touched;
those that hold a user are listed. First each user is shown with what is kept
here of them; the number of users has to be typed, or given with --yes.

The platform does not erase account owners and members, bot owners and
co-developers; they come out as failed. Sent once, and written to the journal
before and after, where users stand as hashes. Leaves with 0 when all are erased,
1 when one is not, 4 when the credential may not, 7 when the end was not seen.`,
		Example: `  korescope erase u-5d2e7c10-90ab-5f34-8c61-3e7d9b0a2f45
  korescope erase ana@example.test ben@example.test --all-bots --yes 2
  korescope erase status eud-5b1e90c3-7d2a-5f64-8b0c-1a3e5d7f9b2c`,
		Args: words(1, -1, "the id of a user"),
		RunE: func(c *cobra.Command, args []string) error {
			return headless(c.Context(), func(ctx context.Context) error { return p.erase(ctx, o, args) })
		},
	}
	c.Flags().BoolVar(&o.allBots, "all-bots", false, "in every bot of the account, not only in the profile's")
	o.registerChange(c, p, "the number of users")
	c.AddCommand(p.eraseStatusCommand())
	p.leads(c, asksFirst(func(_ *desk, users []string) (ui.Route, error) { return eraseRoute(o, users) }, "all-bots"))
	return p.writing(c)
}

func (p *program) eraseStatusCommand() *cobra.Command {
	var o rowFlags
	c := &cobra.Command{
		Use:   "status ID",
		Short: "What became of each user",
		Args:  words(1, 1, "the id of an erasure, eud-..."),
		RunE: func(c *cobra.Command, args []string) error {
			return headless(c.Context(), func(ctx context.Context) error { return p.eraseStatus(ctx, o, api.JobID(args[0])) })
		},
	}
	o.register(c, views.Names(views.ChangeFields()))
	return p.leads(c, follows(api.EraseJob))
}

func (p *program) erase(ctx context.Context, o eraseOptions, users []string) error {
	set, err := p.changeable(ctx)
	if err != nil {
		return err
	}
	e := api.Erasure{AllBots: o.allBots}
	for _, u := range users {
		u = strings.TrimSpace(u)
		if u == "" {
			return views.Usage("the id of a user cannot be empty")
		}
		if !slices.Contains(e.Users, api.UserID(u)) {
			e.Users = append(e.Users, api.UserID(u))
		}
	}
	return p.changing(ctx, set, o.rowFlags, api.EraseUsers, func(asking context.Context, b bench) error {
		_, err := b.changer().EraseUsers(asking, e)
		return err
	}, func(asking context.Context, b bench) error {
		p.sayUsers(asking, b.desk, e)
		count := strconv.Itoa(len(e.Users))
		if err := p.confirm(asking, text.Format("the number of users, %s,", text.Clean(count)), []string{count}, o.yes); err != nil {
			return err
		}
		is, err := p.pursue(asking, b.desk, b.changes.Erase(asking, e), o.noWait)
		p.sayErased(b.desk, is.ID)
		return p.endChange(ctx, b, is, err, statusOf("erase status", is.ID))
	})
}

// sayUsers shows each user with what is kept here of them.
func (p *program) sayUsers(ctx context.Context, d *desk, e api.Erasure) {
	where := text.Format("in bot %s", d.profile.BotID)
	if e.AllBots {
		where = text.Lit("in EVERY bot of the account")
	}
	p.talk.say(text.Format("%d users will be erased for good, %s, on %s", len(e.Users), where, d.profile.Host))
	for _, u := range e.Users {
		shown := string(u)
		if d.mask != nil {
			shown = d.mask.Identity(shown)
		}
		kept, err := d.store.KeptOf(ctx, u)
		if err != nil {
			p.talk.say(text.Format("  %s: what is kept here could not be read", shown))
			continue
		}
		p.talk.say(text.Format("  %s: kept here %d sessions, %d messages, %d LLM calls", shown, kept.Sessions, kept.Messages, kept.Calls))
	}
	p.talk.say(text.Lit("account owners and members, bot owners and co-developers are not erased by the platform"))
}

// sayErased tells what became of erased users here.
func (p *program) sayErased(d *desk, id api.JobID) {
	r, ok := d.erased.take(id)
	if !ok {
		return
	}
	if r.Err == nil {
		p.talk.say(text.Format("removed here too: %d users, %d sessions", r.Users, r.Sessions))
	} else {
		p.talk.say(text.Format("NOT all removed here; it is tried again when the profile is opened next: %s", d.sentence(r.Err)))
	}
	if r.Searched && r.Left == 0 {
		p.talk.say(text.Lit("the cache file was searched: nothing names them"))
	}
	if r.Left > 0 {
		p.talk.say(text.Format("the cache file still holds one of their names %d times; korescope cache purge removes all of it", r.Left))
	}
	for _, f := range r.Folders {
		p.talk.say(text.Format("not touched: the case folder %q holds an erased user", f))
	}
}

func (p *program) eraseStatus(ctx context.Context, o rowFlags, id api.JobID) error {
	return p.statusRow(ctx, o, "erase status "+string(id), func(ctx context.Context, d *desk) (api.Change, error) {
		is, err := d.eraseStatus(ctx, id)
		p.sayErased(d, id)
		return is, err
	})
}

// eraseStatus asks what became of each user, and removes here those who are
// erased.
func (d *desk) eraseStatus(ctx context.Context, id api.JobID) (api.Change, error) {
	open, err := d.changes.Open(ctx)
	if err != nil {
		return api.Change{}, err
	}
	at := slices.IndexFunc(open, func(r api.JobRecord) bool { return r.ID == id })
	var users []api.UserID
	if at >= 0 {
		users = jobs.Users(open[at])
	}
	is, err := d.changer().EraseStatus(ctx, id, users)
	switch {
	case err != nil || !is.State.Over():
	case at >= 0:
		r := open[at]
		r.State, r.Word, r.Failure, r.Changed = is.State, is.Word, is.Failure, d.clock()
		d.changes.Finish(ctx, r, is, users)
	default: // started elsewhere: here it is told by the platform alone
		_ = d.forgetErased(context.WithoutCancel(ctx), is, users) // told with the erasure
		d.settleErased(context.WithoutCancel(ctx), id)
	}
	return is, err
}
