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
	"strings"
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

func (d *desk) openWorks(o deskOptions, secret string) error {
	key, err := hkdf.Key(sha256.New, []byte(secret), nil, "korescope: users in the journal", sha256.Size)
	if err != nil {
		return fmt.Errorf("make the key for users in the journal: %w", err)
	}
	hash := func(u api.UserID) string {
		m := hmac.New(sha256.New, key)
		_, _ = m.Write([]byte(u)) // documented never to fail
		return "user-" + hex.EncodeToString(m.Sum(nil)[:10])
	}
	d.changes = jobs.Changes{
		Engine: d.engine, Exporter: d.changer(), Bot: botID(o.profile), Hash: hash,
		Changer: finishing{&journalledChanges{
			Changer: d.changer(), hash: hash, bot: o.profile.BotID,
			acts: journalled{
				journal: d.journalOf(o), writes: o.profile.AllowWrites,
				late: func(_ api.JobID, err error) { d.lapses.note(err) },
			},
		}},
	}
	return nil
}

func (d *desk) journalOf(o deskOptions) journal {
	return journal{dir: o.stateDir, profile: o.profile.Name, host: o.profile.Host, bot: o.profile.BotID, clock: o.clock}
}

// journalledChanges writes every change to the journal, before it is sent and
// after. Users are written as hashes: the journal outlives what it erases.
type journalledChanges struct {
	api.Changer
	acts journalled
	hash func(api.UserID) string
	bot  string
}

func (j *journalledChanges) act(call, target string, do func() (api.JobID, error)) error {
	return j.acts.act(j.acts.writes, call, target, do)
}

// Upload hands a file over.
func (j *journalledChanges) Upload(ctx context.Context, u api.Upload) (id api.FileID, err error) {
	err = j.act(api.UploadFile, fmt.Sprintf("%s, %d bytes", u.Name, u.Size), func() (api.JobID, error) {
		id, err = j.Changer.Upload(ctx, u)
		return api.JobID(id), err
	})
	return id, err
}

// Publish publishes the bot.
func (j *journalledChanges) Publish(ctx context.Context, s api.PublishStart) (c api.Change, err error) {
	err = j.act(api.Publish, j.bot, func() (api.JobID, error) {
		c, err = j.Changer.Publish(ctx, s)
		return c.ID, err
	})
	return c, err
}

// ImportBot replaces the definition.
func (j *journalledChanges) ImportBot(ctx context.Context, s api.BotImport) (c api.Change, err error) {
	target := fmt.Sprintf("%s from files %s and %s", j.bot, s.Definition, s.Config)
	err = j.act(api.ImportBot, target, func() (api.JobID, error) {
		c, err = j.Changer.ImportBot(ctx, s)
		return c.ID, err
	})
	return c, err
}

// ImportFunctions replaces files of functions.
func (j *journalledChanges) ImportFunctions(ctx context.Context, files []api.FunctionFile) (c api.Change, err error) {
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = string(f.File)
	}
	err = j.act(api.ImportFunctions, j.bot+" from files "+strings.Join(names, ", "), func() (api.JobID, error) {
		c, err = j.Changer.ImportFunctions(ctx, files)
		return c.ID, err
	})
	return c, err
}

// EraseUsers erases users.
func (j *journalledChanges) EraseUsers(ctx context.Context, e api.Erasure) (c api.Change, err error) {
	names := make([]string, len(e.Users))
	for i, u := range e.Users {
		names[i] = j.hash(u)
	}
	where := " in " + j.bot
	if e.AllBots {
		where = " in all bots"
	}
	err = j.act(api.EraseUsers, fmt.Sprintf("%d users%s: %s", len(names), where, strings.Join(names, ", ")), func() (api.JobID, error) {
		c, err = j.Changer.EraseUsers(ctx, e)
		return c.ID, err
	})
	return c, err
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

// forgetErased removes users here once the platform has erased them.
func (d *desk) forgetErased(ctx context.Context, c api.Change, asked []api.UserID) (users, sessions int, err error) {
	gone := confirmed(c, asked)
	if len(gone) == 0 {
		return 0, 0, nil
	}
	sessions, err = d.store.Forget(context.WithoutCancel(ctx), gone)
	if err != nil {
		return 0, 0, fmt.Errorf("remove the erased users from the cache: %w", err)
	}
	return len(gone), sessions, nil
}

// resumeErasures removes the users of erasures that ended while nobody was
// there to remove them.
func (d *desk) resumeErasures(ctx context.Context) {
	left, err := d.changes.Unscrubbed(ctx)
	if err != nil {
		return // told by whoever reads the cache next
	}
	for _, r := range left {
		if _, _, err := d.forgetErased(ctx, jobs.ChangeNow(r), jobs.Users(r)); err == nil {
			d.changes.Scrub(ctx, r)
		}
	}
}
