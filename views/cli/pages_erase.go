package cli

import (
	"context"
	"strconv"

	"korescope/api"
	"korescope/ui/text"
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
