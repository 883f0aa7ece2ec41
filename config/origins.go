package config

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Origin is one setting in force and who said so.
type Origin struct {
	Setting string // "host", "cache.retention", "keys.next-session"
	Value   string // as the file would have it; secrets as dots or as where they are
	From    string // "flag --host", "env KORESCOPE_HOST", "/path/config.toml:12", "default", "not set"
	Note    string // what is worth knowing about it; may be ""
}

// Origins lists every setting of the configuration and the profile that Load
// gave, in a fixed order, for `config show`.
func Origins(c Config) []Origin { return slices.Clone(c.origins) }

func (d *draft) origins(p Profile) []Origin {
	c := d.config
	list := origins{draft: d}
	list.add("config", orNone(c.File), d.fileFrom(), "")
	list.add("profile", p.Name, d.profileFrom(p), "")
	own := func(name, value string) { list.own(p, name, value, "") }
	own("host", orNone(p.Host))
	own("bot_id", orNone(p.BotID))
	own("client_id", orNone(p.ClientID))
	list.secret(p)
	own("scope", string(p.Scope))
	list.nested(p)
	list.own(p, "timezone", p.Timezone.String(), "timezone")
	list.own(p, "requests_per_minute", strconv.Itoa(p.RequestsPerMinute), "limits.requests_per_minute")
	list.own(p, "requests_per_hour", strconv.Itoa(p.RequestsPerHour), "limits.requests_per_hour")
	if file := cmp.Or(p.AllowanceFile, c.AllowanceFile); file != "" {
		list.own(p, "allowance_file", file, "allowance_file")
	}
	own("allow_writes", strconv.FormatBool(p.AllowWrites))
	own("allow_tests", strconv.FormatBool(p.AllowTests))
	own("test_suites", quoteList(p.TestSuites))
	own("test_email", orNone(p.TestEmail))
	own("mask", maskWord(p.Mask))
	list.own(p, "mask_rules", quoteList(p.MaskRules), "mask.rules")
	own("bot_name", orNone(p.BotName))
	own("look", orNone(p.Look))
	own("language", orNone(p.Language))
	own("ca_file", orNone(p.CAFile))
	own("client_cert", orNone(p.ClientCert))
	own("client_key", orNone(p.ClientKey))
	if p.CacheKey.Source != NoSource {
		own(string(FromKeyCommand), p.CacheKey.String())
	}
	if p.LockAfter > 0 {
		list.own(p, "lock_after", span(p.LockAfter), "lock_after")
	} else {
		own("lock_after", none)
	}
	list.plain("theme", orNone(c.Theme))
	list.plain("clipboard", orNone(c.Clipboard))
	list.plain("ascii", strconv.FormatBool(c.ASCII))
	list.plain("start", span(c.Start))
	list.plain("cache.retention", span(c.Cache.Retention))
	list.plain("cache.size", size(c.Cache.MaxBytes))
	list.plain("cache.off", strconv.FormatBool(c.Cache.Off))
	for _, name := range slices.Sorted(maps.Keys(c.Columns)) {
		list.plain(dotted([]string{"columns", name}), quoteList(c.Columns[name]))
	}
	for _, name := range slices.Sorted(maps.Keys(c.Keys)) {
		list.plain(dotted([]string{"keys", name}), quoteList(c.Keys[name]))
	}
	list.handOrigins(c)
	return list.out
}

type origins struct {
	draft *draft
	out   []Origin
}

func (o *origins) add(setting, value, from, note string) {
	if from == "" {
		from = "default"
		if value == "" || value == none {
			value, from = none, "not set"
		}
	}
	o.out = append(o.out, Origin{Setting: setting, Value: clean(value), From: from, Note: note})
}

// nested are the settings of the tables of a profile.
func (o *origins) nested(p Profile) {
	tables := map[string][][2]string{
		adminTable: {{"client_id", p.Admin.ClientID}, {string(p.Admin.Secret.Source), p.Admin.Secret.String()}},
		teamTable: {
			{"url", p.Team.URL}, {"share", quoteList(p.Team.Share)}, {"name", orNone(p.Team.Name)},
			{passwordWord(p.Team.Secret.Source), p.Team.Secret.String()},
		},
	}
	for _, table := range []string{adminTable, teamTable} {
		if tables[table][0][1] == "" {
			continue // there is no such table
		}
		for _, s := range tables[table] {
			if s[0] != "" {
				o.add(table+"."+s[0], s[1], o.draft.from[dotted([]string{"profiles", p.Name, table, s[0]})], "")
			}
		}
	}
}

func (o *origins) plain(setting, value string) { o.add(setting, value, o.draft.from[setting], "") }

// own is a setting of the profile; shared names the one it falls back to.
func (o *origins) own(p Profile, name, value, shared string) {
	from := o.draft.from[o.draft.key(p, name)]
	if from == "" && shared != "" {
		from = o.draft.from[shared]
	}
	note := ""
	if slices.Contains(p.Overrides, name) {
		note = "differs from the profile"
	}
	o.add(name, value, from, note)
}

func (o *origins) secret(p Profile) {
	if p.Secret.Source == NoSource {
		o.add(string(Inline), none, "", "")
		return
	}
	from, note := o.draft.from[o.draft.key(p, string(p.Secret.Source))], ""
	if over := o.draft.from[o.draft.key(p, string(Inline))]; over != "" && p.Secret.Env == envSecret {
		from = over
	}
	value := p.Secret.String()
	if p.Secret.Source == FromEnv {
		value, note = dots, "other programs of this user can read the environment; a command or file is safer"
	}
	o.add(string(p.Secret.Source), value, from, note)
}

func (d *draft) fileFrom() string {
	switch _, named := d.src.path(); {
	case d.config.File == "":
		return ""
	case named == "--config":
		return "flag --config"
	case named != "":
		return "env " + named
	}
	return "default"
}

func (d *draft) profileFrom(p Profile) string {
	switch {
	case d.src.Flags.Profile == p.Name:
		return "flag --profile"
	case d.src.Flags.Profile == "" && d.src.Env(envProfile) == p.Name:
		return "env " + envProfile
	case d.config.DefaultProfile == p.Name:
		return d.from["default_profile"]
	case d.profiles[p.Name] != nil:
		return "the only one in the file"
	}
	return "the environment alone"
}

const none = "-"

func orNone(s string) string {
	if s == "" {
		return none
	}
	return s
}

func maskWord(b *bool) string {
	if b == nil {
		return none
	}
	return strconv.FormatBool(*b)
}

func quoteList(list []string) string {
	if len(list) == 0 {
		return none
	}
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = strconv.Quote(s)
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// CacheName is the name, without folder and ending, of the cache file of a
// profile: its name and eight hex digits of host, bot and client id, so that a
// profile pointed somewhere else never opens the file of the old place.
func CacheName(p Profile) string {
	sum := sha256.Sum256([]byte(p.Host + "\x00" + p.BotID + "\x00" + p.ClientID))
	name := p.Name
	if name == "" {
		name = EnvProfile
	}
	return name + "-" + hex.EncodeToString(sum[:4])
}

// Location is the time zone of a profile, UTC when none is set.
func (p Profile) Location() *time.Location {
	if p.Timezone == nil {
		return time.UTC
	}
	return p.Timezone
}
