package config

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Team is where several machines that ask one bot share: [profiles.NAME.team].
// The zero value is none.
type Team struct {
	// URL is rediss://host:port/db; redis:// on loopback only. It holds no
	// password.
	URL    string
	Secret Ref // the password; its zero value is none
	// Share is what is shared: ShareAllowance, ShareAnswers.
	Share []string
	// Name is how the team sees this person; "" for nameless.
	Name string
}

// What a team may share.
const (
	ShareAllowance = "allowance"
	ShareAnswers   = "answers"
)

// Shares reports that something is shared.
func (t Team) Shares(what string) bool { return t.URL != "" && slices.Contains(t.Share, what) }

// Password reads the password, "" where none is configured.
func (t Team) Password(ctx context.Context) (string, error) {
	switch {
	case t.Secret.Source == NoSource:
		return "", nil
	case t.Secret.keeper == nil:
		return "", errors.New("the password of the team is not known")
	}
	s, err := t.Secret.keeper.value(ctx, false)
	if err != nil {
		return "", fmt.Errorf("the password of the team: %w", err)
	}
	return s.Reveal(), nil
}

// teamTable is the table of a profile that holds it.
const teamTable = "team"

// passwordWord is how a source of a secret is called in [profiles.NAME.team].
func passwordWord(s Source) string {
	return strings.Replace(string(s), "client_secret", "password", 1)
}

// teamFields are the settings of [profiles.NAME.team]: a password is given as a
// client secret is, but never in the file itself.
func (d *draft) teamFields(p *Profile) []field {
	out := []field{
		{"url", func(v value) error {
			if err := text(&p.Team.URL)(v); err != nil {
				return err
			}
			if d.src.Team == nil {
				return nil
			}
			return d.src.Team(p.Team.URL)
		}},
		{"share", func(v value) error {
			if err := words(&p.Team.Share)(v); err != nil {
				return err
			}
			for _, w := range p.Team.Share {
				if w != ShareAllowance && w != ShareAnswers {
					return fmt.Errorf("has %s, and knows %q and %q", quote(w), ShareAllowance, ShareAnswers)
				}
			}
			return nil
		}},
		{"name", text(&p.Team.Name)},
	}
	for _, f := range d.secretFields(&p.Team.Secret) {
		if f.name != string(Inline) {
			out = append(out, field{passwordWord(Source(f.name)), f.set})
		}
	}
	return out
}

// team fills in what is shared when nothing is said, and warns of a table that
// leads nowhere.
func (d *draft) team(p *Profile) {
	if p.Team.URL == "" {
		if p.Team.Secret.Source != NoSource || len(p.Team.Share) > 0 || p.Team.Name != "" {
			path := []string{"profiles", p.Name, teamTable, "url"}
			if !d.refused[dotted(path)] {
				d.say(d.lines[dotted(path[:2])], path, "is missing", "write url = \"rediss://host:6379/0\" below ["+dotted(path[:3])+"]")
			}
		}
		return
	}
	if len(p.Team.Share) == 0 {
		p.Team.Share = []string{ShareAllowance}
	}
}
