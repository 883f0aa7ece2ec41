package config

import (
	"slices"
	"strings"
)

// Admin is the Admin Console credential beside that of a bot: what changes
// something and what lists the account is asked with it. The zero value is none.
type Admin struct {
	ClientID string
	Secret   Ref
}

// adminTable is the table of a profile that holds it.
const adminTable = "admin"

// Changing is the profile as it signs what needs an admin credential: with the
// one in [profiles.NAME.admin], or with its own when that is one. ok is false
// when there is neither.
func (p Profile) Changing() (as Profile, ok bool) {
	if p.Admin.ClientID == "" {
		return p, p.Scope == AdminScope
	}
	p.ClientID, p.Secret, p.Scope = p.Admin.ClientID, p.Admin.Secret, AdminScope
	return p, true
}

// adminFields are the settings of [profiles.NAME.admin]: those of a profile that
// make up a credential.
func (d *draft) adminFields(p *Profile) []field {
	return append([]field{{"client_id", identity(&p.Admin.ClientID)}}, d.secretFields(&p.Admin.Secret)...)
}

// admin warns of a credential that is only half there.
func (d *draft) admin(p *Profile) {
	path := []string{"profiles", p.Name, adminTable}
	has, secret := p.Admin.ClientID != "", p.Admin.Secret.Source != NoSource
	for name := range d.refused {
		if strings.HasPrefix(name, dotted(path)+".") {
			return // its own issue says so
		}
	}
	switch {
	case has == secret:
	case has:
		d.say(d.lines[dotted(append(path, "client_id"))], path, "lacks the secret of its credential", "write client_secret_command, or another form of it, below ["+dotted(path)+"]")
	default:
		d.say(d.lines[dotted(append(path, string(p.Admin.Secret.Source)))], path, "lacks the client_id of its credential", "write client_id below ["+dotted(path)+"]")
	}
	id := append(slices.Clone(path), "client_id")
	if w := oddPrefix(p.Admin.ClientID, "cs-"); w != "" {
		d.issues = append(d.issues, Issue{File: d.config.File, Line: d.lines[dotted(id)], Path: dotted(id), What: w, Warning: true})
	}
}
