package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"korescope/spell"
)

// profile is the draft of a profile, made when its name is first met; nil when
// the name cannot be one.
func (d *draft) profile(name string, line int) *Profile {
	if p := d.profiles[name]; p != nil {
		return p
	}
	path := []string{"profiles", name}
	if d.underUnknown(path) {
		return nil
	}
	bad := name == "" || len(name) > 64 || name[0] == '.' || name[0] == '-' ||
		strings.ContainsFunc(name, func(r rune) bool { return notBare(r) && r != '.' })
	if bad {
		d.mute(path)
		d.say(line, path, "cannot be the name of a profile", "letters, digits, dots, dashes and underscores; at most 64")
		return nil
	}
	p := &Profile{Name: name, Scope: BotScope}
	d.profiles[name] = p
	d.lines[dotted(path)] = line
	return p
}

// crossCheck compares settings with each other and with what is known outside.
func (d *draft) crossCheck() {
	if want := d.config.DefaultProfile; want != "" && d.profiles[want] == nil && !d.underUnknown([]string{"profiles", want}) {
		d.say(d.lines["default_profile"], []string{"default_profile"}, "there is no profile "+quote(want), d.knownProfiles(want))
	}
	if d.src.Keys != nil && len(d.config.Keys) > 0 {
		for _, p := range d.src.Keys(maps.Clone(d.config.Keys)) {
			d.say(d.keyLine(p), []string{"keys", p.Action}, p.What, p.Hint)
		}
	}
	d.hands()
	for _, list := range slices.Sorted(maps.Keys(d.config.Columns)) {
		d.columns(list)
	}
	for _, name := range slices.Sorted(maps.Keys(d.profiles)) {
		d.prefixes(d.profiles[name])
		d.admin(d.profiles[name])
		d.team(d.profiles[name])
	}
}

func (d *draft) knownProfiles(name string) string {
	known := slices.Sorted(maps.Keys(d.profiles))
	if n := spell.Nearest(name, known); n != "" {
		return meant(n)
	}
	if len(known) == 0 {
		return "no profile is written in the file"
	}
	return "known are " + strings.Join(known, ", ")
}

// keyLine finds the override to blame: the action named, or whoever uses the key.
func (d *draft) keyLine(p KeyProblem) int {
	if line := d.lines[dotted([]string{"keys", p.Action})]; line > 0 {
		return line
	}
	for _, action := range slices.Sorted(maps.Keys(d.config.Keys)) {
		if slices.Contains(d.config.Keys[action], p.Key) {
			return d.lines[dotted([]string{"keys", action})]
		}
	}
	return 0
}

func (d *draft) columns(list string) {
	if len(d.src.Columns) == 0 {
		return
	}
	path := []string{"columns", list}
	line := d.lines[dotted(path)]
	known, ok := d.src.Columns[list]
	if !ok {
		lists := slices.Sorted(maps.Keys(d.src.Columns))
		hint := "known are " + strings.Join(lists, ", ")
		if n := spell.Nearest(list, lists); n != "" {
			hint = meant(n)
		}
		d.say(line, path, "unknown list", hint)
		return
	}
	if len(d.config.Columns[list]) == 0 {
		d.say(line, path, "names no column", "known are "+strings.Join(known, ", "))
	}
	for _, c := range d.config.Columns[list] {
		if slices.Contains(known, c) {
			continue
		}
		hint := "known are " + strings.Join(known, ", ")
		if n := spell.Nearest(c, known); n != "" {
			hint = meant(n)
		}
		d.say(line, path, "unknown column "+quote(c), hint)
	}
}

// prefixes warns of ids that look like another kind of id. On some hosts they
// look different, so it stays a warning.
func (d *draft) prefixes(p *Profile) {
	for _, id := range []struct{ name, value, prefix string }{{"bot_id", p.BotID, "st-"}, {"client_id", p.ClientID, "cs-"}} {
		path := []string{"profiles", p.Name, id.name}
		if w := oddPrefix(id.value, id.prefix); w != "" {
			d.issues = append(d.issues, Issue{File: d.config.File, Line: d.lines[dotted(path)], Path: dotted(path), What: w, Warning: true})
		}
	}
}

func oddPrefix(id, prefix string) string {
	if id == "" || strings.HasPrefix(id, prefix) {
		return ""
	}
	return fmt.Sprintf("%s does not begin with %s as such ids do", quote(id), prefix)
}

// finish fills what profiles inherit and freezes the draft.
func (d *draft) finish() Config {
	for name, p := range d.profiles {
		whole := d.inherit(*p)
		whole.Secret.keeper = d.keep(whole.Secret)
		whole.Admin.Secret.keeper = d.keep(whole.Admin.Secret)
		d.config.Profiles[name] = whole
	}
	d.config.secrets = d.secretVariables()
	return d.config
}

func (d *draft) inherit(p Profile) Profile {
	if p.Timezone == nil {
		p.Timezone = d.config.Timezone
	}
	if p.Timezone == nil {
		p.Timezone = time.UTC
	}
	if p.RequestsPerMinute == 0 {
		p.RequestsPerMinute = d.config.Limits.RequestsPerMinute
	}
	if p.RequestsPerHour == 0 {
		p.RequestsPerHour = d.config.Limits.RequestsPerHour
	}
	if p.LockAfter == 0 {
		p.LockAfter = d.config.LockAfter
	}
	p.MaskRules = slices.Concat(d.config.MaskRules, p.MaskRules)
	return p
}

func (d *draft) secretVariables() []string {
	out := []string{envSecret}
	for _, p := range d.profiles {
		for _, r := range []Ref{p.Secret, p.Admin.Secret, p.Team.Secret} {
			if r.Source == FromEnv {
				out = append(out, r.Env)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
