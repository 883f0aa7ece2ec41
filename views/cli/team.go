package cli

import (
	"context"
	"fmt"
	"os"
	"os/user"
	"strings"

	"korescope/cache"
	"korescope/cache/team"
	"korescope/config"
	"korescope/ui/text"
	"korescope/views"
)

// openTeam begins to connect to what a profile shares with other machines, and
// does not wait for it. Without [profiles.NAME.team], in the demo and offline
// there is no team.
func (d *desk) openTeam(ctx context.Context, o deskOptions, secret string) error {
	shared := o.profile.Team
	if shared.URL == "" || o.title != "" || d.offline || o.dry != nil {
		return nil
	}
	trust, err := authorities(o.profile.CAFile)
	if err != nil {
		return err
	}
	link, err := team.Open(ctx, team.Options{
		URL: shared.URL, Password: shared.Password, Roots: trust, Clock: o.clock, Patience: o.teamPatience,
		Machine: machineName(), Person: personName(),
	})
	if err != nil {
		return fmt.Errorf("the team of the profile: %w", err)
	}
	d.team = link
	if shared.Shares(config.ShareAnswers) {
		space := strings.ToLower(o.profile.Host) + " " + o.profile.BotID
		if d.shared, err = team.NewMemory(link, secret, space, o.config.Cache.Retention); err != nil {
			return fmt.Errorf("the memory of the team: %w", err)
		}
	}
	return nil
}

// commons is what the cache shares answers through; nil for nothing, and no nil
// inside an interface.
func (d *desk) commons(o deskOptions) cache.Commons {
	if d.shared == nil || o.cacheOff || o.config.Cache.Off {
		return nil
	}
	return d.shared
}

// teamPurge removes what the team keeps with the key of the profile.
func (p *program) teamPurge(ctx context.Context) error {
	set, err := p.settings(ctx, false)
	if err != nil {
		return err
	}
	if !set.profile.Team.Shares(config.ShareAnswers) {
		return views.Usage(text.Format("the profile %s shares no answers with a team", set.profile.Name).String())
	}
	d, err := p.open(ctx, set)
	if err != nil {
		return err
	}
	defer d.leave()
	if d.shared == nil {
		return views.Usage("--offline asks nobody, and the team has to be asked")
	}
	n, err := d.shared.Purge(ctx)
	if err != nil {
		return fmt.Errorf("remove what the team keeps: %w", err)
	}
	p.talk.say(text.Format("removed %s entries from the memory of the team", text.Count(n)))
	return nil
}

// forgetShared removes what the team keeps of erased users. A team that is away
// is asked again when the profile is opened next.
func (d *desk) forgetShared(ctx context.Context, e erased, _ *erasure) error {
	if d.shared == nil {
		return nil
	}
	for _, name := range e.names {
		if err := d.shared.Forget(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

func (d *desk) closeTeam() error {
	if d.team == nil {
		return nil
	}
	return d.team.Close()
}

// machineName tells machines apart; it is only ever hashed.
func machineName() string {
	name, err := os.Hostname()
	if err != nil {
		return "a machine without a name"
	}
	return name
}

func personName() string {
	u, err := user.Current()
	if err != nil {
		return fmt.Sprint(os.Getuid())
	}
	return u.Uid
}
