package config

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// A field is one setting of a section: its name and how its value is read. The
// error continues the name of the setting.
type field struct {
	name string
	set  func(value) error
}

// sections are the tables with a fixed list of settings; "" is the top.
func (d *draft) sections() map[string][]field {
	c := &d.config
	return map[string][]field{
		"": {
			{"default_profile", text(&c.DefaultProfile)},
			{"theme", d.theme},
			{"clipboard", switched(&c.Clipboard)},
			{"ascii", truth(&c.ASCII)},
			{"timezone", zone(&c.Timezone)},
			{"start", length(&c.Start)},
			{"lock_after", length(&c.LockAfter)},
			{"allowance_file", file(&c.AllowanceFile, d.base(), d.src.home())},
		},
		"limits": {
			{"requests_per_minute", whole(&c.Limits.RequestsPerMinute, 100_000)},
			{"requests_per_hour", whole(&c.Limits.RequestsPerHour, 10_000_000)},
		},
		"cache": {
			{"retention", length(&c.Cache.Retention)},
			{"size", volume(&c.Cache.MaxBytes)},
			{"off", truth(&c.Cache.Off)},
		},
		"mask": {
			{"rules", patterns(&c.MaskRules)},
		},
	}
}

// openSections are the tables whose keys are names from elsewhere.
func openSections() []string { return []string{"profiles", "columns", "keys", aliasTable} }

func (d *draft) theme(v value) error {
	if len(d.src.Themes) == 0 {
		return text(&d.config.Theme)(v)
	}
	return oneOf(&d.config.Theme, d.src.Themes...)(v)
}

// profileFields are the settings of [profiles.NAME].
func (d *draft) profileFields(p *Profile) []field {
	return slices.Concat([]field{
		{"host", hostOf(&p.Host)},
		{"bot_id", identity(&p.BotID)},
		{"client_id", identity(&p.ClientID)},
	}, d.secretFields(&p.Secret), []field{
		{string(FromKeyCommand), func(v value) error {
			argv, err := d.program(v)
			if err == nil {
				p.CacheKey = Ref{Source: FromKeyCommand, Command: argv}
			}
			return err
		}},
		{"scope", oneOf(&p.Scope, BotScope, AdminScope)},
		{"timezone", zone(&p.Timezone)},
		{"requests_per_minute", whole(&p.RequestsPerMinute, 100_000)},
		{"requests_per_hour", whole(&p.RequestsPerHour, 10_000_000)},
		{"allowance_file", file(&p.AllowanceFile, d.base(), d.src.home())},
		{"allow_writes", truth(&p.AllowWrites)},
		{"allow_tests", truth(&p.AllowTests)},
		{"test_suites", words(&p.TestSuites)},
		{"test_email", address(&p.TestEmail)},
		{"mask", func(v value) error {
			on := false
			if err := truth(&on)(v); err != nil {
				return err
			}
			p.Mask = &on
			return nil
		}},
		{"mask_rules", patterns(&p.MaskRules)},
		{"bot_name", text(&p.BotName)},
		{"look", oneOf(&p.Look, "usual", LookProduction)},
		{"language", matching(&p.Language, `^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$`, "en")},
		{"ca_file", file(&p.CAFile, d.base(), d.src.home())},
		{"client_cert", file(&p.ClientCert, d.base(), d.src.home())},
		{"client_key", file(&p.ClientKey, d.base(), d.src.home())},
		{"lock_after", length(&p.LockAfter)},
	})
}

// secretFields are the four forms of one secret.
func (d *draft) secretFields(to *Ref) []field {
	return []field{
		{string(FromCommand), func(v value) error {
			argv, err := d.program(v)
			if err != nil {
				return err
			}
			return only(to, SecretCommand(argv...))
		}},
		{string(FromFile), func(v value) error {
			r := Ref{Source: FromFile}
			if err := file(&r.File, d.base(), d.src.home())(v); err != nil {
				return err
			}
			return only(to, r)
		}},
		{string(FromEnv), func(v value) error {
			r := Ref{Source: FromEnv}
			if err := matching(&r.Env, `^[A-Za-z_][A-Za-z0-9_]*$`, "KORE_SECRET")(v); err != nil {
				return err
			}
			return only(to, r)
		}},
		{string(Inline), func(v value) error {
			if v.kind != unstable.String {
				return not("a text", v)
			}
			s, err := usable(strings.TrimSpace(v.text))
			if err != nil {
				return fmt.Errorf("cannot be used: %w", err)
			}
			return only(to, InlineSecret(s))
		}},
	}
}

// program reads a command: a list, whose program may be below the home folder.
func (d *draft) program(v value) ([]string, error) {
	if v.kind == unstable.String {
		return nil, errors.New("must be a list, program first, because no shell reads it (write [\"pass\", \"show\", \"kore/prod\"])")
	}
	var argv []string
	if err := words(&argv)(v); err != nil {
		return nil, err
	}
	if len(argv) > 0 && strings.HasPrefix(argv[0], "~/") && d.src.home() != "" {
		argv[0] = filepath.Join(d.src.home(), argv[0][2:])
	}
	return argv, checkCommand(argv)
}

// only keeps two sources of one secret from standing side by side, where
// nobody could say which one is used.
func only(to *Ref, r Ref) error {
	if to.Source != NoSource {
		return fmt.Errorf("gives the secret a second time, after %s (keep one)", to.Source)
	}
	*to = r
	return nil
}

func hostOf(to *string) func(value) error {
	return func(v value) error {
		s, err := v.word()
		if err != nil {
			return err
		}
		*to, err = ParseHost(s)
		return err
	}
}

// identity reads an id. What it looks like is not checked here: a wrong prefix
// is a warning, because only the platform knows its ids.
func identity(to *string) func(value) error {
	return func(v value) error {
		s, err := v.word()
		if err == nil && strings.ContainsAny(s, " \t/?#") {
			err = errors.New("is no id (it holds a blank or one of / ? #)")
		}
		if err == nil {
			*to = s
		}
		return err
	}
}

// otherWords are names people try, with the setting they mean.
func otherWords() map[string]string {
	return map[string]string{
		"url": "host", "base_url": "host", "server": "host", "bot": "bot_id", "stream_id": "bot_id", "streamid": "bot_id",
		"app_id": "client_id", "appid": "client_id", "secret": string(FromCommand), "secret_command": string(FromCommand), "secret_file": string(FromFile),
		"secret_env": string(FromEnv), "tz": "timezone", "time_zone": "timezone", "rpm": "requests_per_minute", "rph": "requests_per_hour",
		"read_only": "allow_writes", "readonly": "allow_writes", "writes": "allow_writes", "suites": "test_suites", "email": "test_email",
		"ca": "ca_file", "cacert": "ca_file", "cert": "client_cert", "certificate": "client_cert", "key": "client_key", "lock": "lock_after", "idle": "lock_after", "lang": "language", "max_size": "size", "max_bytes": "size", "ttl": "retention", "keep": "retention",
		"profile": "default_profile", "default": "default_profile", "window": "start", "since": "start", "skin": "theme", "colors": "theme", "colours": "theme",
		"patterns": "rules", "enabled": "off",
	}
}

func names(fields []field) []string {
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = f.name
	}
	return out
}
