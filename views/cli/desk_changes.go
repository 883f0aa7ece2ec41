package cli

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"korescope/api"
	"korescope/api/jobs"
	"korescope/api/kore"
)

// works are the parts that change something, and that read what only an admin
// credential may.
type works struct {
	admin   *kore.Client // signs with the admin credential; nil when there is none
	changes jobs.Changes
	lapses  lapses
	erased  erasures
}

// lapses remember that the answer of an act could not be written to the
// journal, until somebody is told.
type lapses struct{ troubles }

func (l *lapses) note(err error) { l.troubles.note(api.JobRecord{ID: "journal"}, err) }

func (l *lapses) takeAny() error { return l.take("journal") }

// changer is the client for what changes something: the admin's, or the bot's
// own, which the platform then refuses by its scope.
func (d *desk) changer() *kore.Client {
	if d.admin != nil {
		return d.admin
	}
	return d.client
}

// openChanges makes the client of the admin credential and what works with it.
func (d *desk) openChanges(o deskOptions, options kore.Options) error {
	as, ok := o.profile.Changing()
	switch {
	case ok && o.profile.Admin.ClientID != "":
		options.Credentials = kore.Credentials{
			ClientID: as.ClientID, Bot: api.BotID(as.BotID), Admin: true, Secret: as.SecretReader(),
		}
		c, err := kore.New(options)
		if err != nil {
			return fmt.Errorf("set up the client of the admin credential: %w", err)
		}
		d.admin = c
	case ok:
		d.admin = d.client
	}
	return nil
}

func (d *desk) openWorks(o deskOptions) {
	d.changes = jobs.Changes{
		Engine: d.engine, Exporter: d.changer(), Bot: botID(o.profile), Hash: d.hash, Changer: finishing{d.changer()},
		Forget: d.forgetErased, Settle: d.settleErased,
	}
}

// standIns gives what stands for a user or a session where something outlives them:
// a word that only the holder of the profile's secret can make again.
func standIns(secret string) (func(kind, id string) string, error) {
	key, err := hkdf.Key(sha256.New, []byte(secret), nil, "korescope: users in the journal", sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("make the key for users in the journal: %w", err)
	}
	return func(kind, id string) string {
		m := hmac.New(sha256.New, key)
		_, _ = m.Write([]byte(id)) // documented never to fail
		return kind + "-" + hex.EncodeToString(m.Sum(nil)[:10])
	}, nil
}

// hash stands for a user.
func (d *desk) hash(u api.UserID) string { return d.stands("user", string(u)) }

// stands is what stands for a user or a session; only their kind at a desk without
// a secret.
func (d *desk) stands(kind, id string) string {
	if d.standIn == nil {
		return "a " + kind
	}
	return d.standIn(kind, id)
}

func (d *desk) journal() journal {
	return journal{
		dir: d.stateDir, profile: d.profile.Name, host: d.profile.Host, bot: d.profile.BotID, clock: d.clock, hash: d.hash,
		late: func(id api.JobID, err error) {
			d.lapses.note(err)
			d.troubles.note(api.JobRecord{ID: id}, err)
		},
	}
}

// finishing lets an act that is under way come to its answer although the asker
// left: one whose answer nobody waited for is in doubt without need.
type finishing struct{ api.Changer }

// graced is a context that outlives the asker's by a moment.
func graced(ctx context.Context) (context.Context, context.CancelFunc) {
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(startGrace, cancel) })
	return own, func() { stop(); cancel() }
}

func (f finishing) Publish(ctx context.Context, s api.PublishStart) (api.Change, error) {
	if err := ctx.Err(); err != nil {
		return api.Change{}, err
	}
	own, end := graced(ctx)
	defer end()
	return f.Changer.Publish(own, s)
}

func (f finishing) ImportBot(ctx context.Context, s api.BotImport) (api.Change, error) {
	if err := ctx.Err(); err != nil {
		return api.Change{}, err
	}
	own, end := graced(ctx)
	defer end()
	return f.Changer.ImportBot(own, s)
}

func (f finishing) ImportFunctions(ctx context.Context, files []api.FunctionFile) (api.Change, error) {
	if err := ctx.Err(); err != nil {
		return api.Change{}, err
	}
	own, end := graced(ctx)
	defer end()
	return f.Changer.ImportFunctions(own, files)
}

func (f finishing) EraseUsers(ctx context.Context, e api.Erasure) (api.Change, error) {
	if err := ctx.Err(); err != nil {
		return api.Change{}, err
	}
	own, end := graced(ctx)
	defer end()
	return f.Changer.EraseUsers(own, e)
}

// thisBot finds the bot of the profile in the account's list. Without the right
// to read the list, or without a credential for it, only the id is known.
func (d *desk) thisBot(ctx context.Context) (api.Bot, error) {
	known := api.Bot{ID: botID(d.profile)}
	for page, err := range d.changer().Bots(ctx, api.Person) {
		if err != nil {
			return known, err
		}
		if i := slices.IndexFunc(page.Items, func(b api.Bot) bool { return b.ID == known.ID }); i >= 0 {
			return page.Items[i], nil
		}
	}
	return known, &api.Error{Kind: api.NotFound, Endpoint: api.ListBots, Err: errors.New("the account's list does not hold the bot")}
}

// confirmed are the users that an erasure has erased: those whose own word is a
// success, by the name they were asked by and by the one the platform uses.
func confirmed(c api.Change, asked []api.UserID) []api.UserID {
	var out []api.UserID
	all := len(c.Parts) > 0
	for _, p := range c.Parts {
		if p.State == api.JobSucceeded {
			out = append(out, api.UserID(p.Name))
			continue
		}
		all = false
	}
	if all && c.State == api.JobSucceeded {
		for _, u := range asked {
			if !slices.Contains(out, u) {
				out = append(out, u)
			}
		}
	}
	return out
}
