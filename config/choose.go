package config

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// choose picks the profile and lays environment and flags over it.
func (d *draft) choose() Profile {
	picked, found := d.pick()
	p := d.inherit(picked)
	d.overlay(&p, "host", envHost, "--host", d.src.Flags.Host, &p.Host, ParseHost)
	d.overlay(&p, "bot_id", envBot, "--bot", d.src.Flags.Bot, &p.BotID, readID("st-"))
	d.overlay(&p, "client_id", envClientID, "", "", &p.ClientID, readID("cs-"))
	d.overlay(&p, "allowance_file", envAllowance, "", "", &p.AllowanceFile, filepath.Abs)
	d.allowTests(&p)
	d.authority(p)
	d.certificate(p)
	if d.src.Env(envSecret) != "" {
		if p.Secret.Source != NoSource {
			p.Overrides = append(p.Overrides, string(Inline))
		}
		p.Secret = SecretEnv(envSecret)
		d.from[d.key(p, "client_secret")] = "env " + envSecret
	}
	if found && !d.garbled && !d.src.Partial {
		d.missing(p)
	}
	p.Secret.keeper = d.keep(p.Secret)
	p.Admin.Secret.keeper = d.keep(p.Admin.Secret)
	p.CacheKey.keeper = d.keep(p.CacheKey)
	p.Team.Secret.keeper = d.keep(p.Team.Secret)
	return p
}

// pick is the profile named by flag, environment or file, or the only one there
// is. Without any, the environment is a profile of its own.
func (d *draft) pick() (p Profile, found bool) {
	name, by := d.src.Flags.Profile, "--profile"
	if name == "" {
		name, by = d.src.Env(envProfile), envProfile
	}
	if name == "" {
		name, by = d.config.DefaultProfile, ""
	}
	known := slices.Sorted(maps.Keys(d.profiles))
	if name == "" && len(known) == 1 {
		name = known[0]
	}
	if p := d.profiles[name]; p != nil {
		return *p, true
	}
	found = name == ""
	switch {
	case name != "" && by != "": // a wrong default_profile has its own issue
		d.issues = append(d.issues, Issue{Path: by, What: "there is no profile " + quote(name), Hint: d.knownProfiles(name)})
	case name == "" && len(known) > 1 && !d.src.Partial && !d.complete():
		found = false
		d.issues = append(d.issues, Issue{
			File: d.config.File, What: "it is not said which profile to use",
			Hint: "--profile NAME, KORESCOPE_PROFILE or default_profile; known are " + strings.Join(known, ", "),
		})
	}
	return Profile{Name: EnvProfile, Scope: BotScope}, found
}

// allowTests takes the word of the environment on test runs.
func (d *draft) allowTests(p *Profile) {
	text := strings.TrimSpace(d.src.Env(envAllowTests))
	if text == "" {
		return
	}
	on, err := strconv.ParseBool(text)
	if err != nil {
		d.issues = append(d.issues, Issue{Path: envAllowTests, What: "is true or false, not " + quote(text)})
		return
	}
	p.AllowTests = on
	d.from[d.key(*p, "allow_tests")] = "env " + envAllowTests
}

// authority looks whether the file of certificates is there: every request
// needs it.
func (d *draft) authority(p Profile) {
	if p.CAFile == "" || d.src.Partial {
		return
	}
	info, err := os.Stat(p.CAFile)
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("is not a regular file")
	}
	if err == nil {
		return
	}
	path := []string{"profiles", p.Name, "ca_file"}
	what := clean(p.CAFile) + " " + reason(err)
	if errors.Is(err, fs.ErrNotExist) {
		what = "there is no file " + clean(p.CAFile)
	}
	d.say(d.lines[dotted(path)], path, what, "")
}

// complete reports that flags and environment give all that a connection needs.
func (d *draft) complete() bool {
	env := d.src.Env
	return (d.src.Flags.Host != "" || env(envHost) != "") && (d.src.Flags.Bot != "" || env(envBot) != "") &&
		env(envClientID) != "" && env(envSecret) != ""
}

func (d *draft) overlay(p *Profile, name, variable, flag, given string, to *string, read func(string) (string, error)) {
	was := *to
	for _, s := range []struct{ path, from, text string }{{variable, "env " + variable, d.src.Env(variable)}, {flag, "flag " + flag, given}} {
		if s.text == "" {
			continue
		}
		v, err := read(s.text)
		if err != nil {
			var odd *oddError
			if !errors.As(err, &odd) {
				d.refused[d.key(*p, name)] = true
				d.issues = append(d.issues, Issue{Path: s.path, What: err.Error()})
				continue
			}
			d.issues = append(d.issues, Issue{Path: s.path, What: err.Error(), Warning: true})
		}
		*to = v
		d.from[d.key(*p, name)] = s.from
	}
	if was != "" && was != *to {
		p.Overrides = append(p.Overrides, name)
	}
}

// An oddError is about an id that is used all the same.
type oddError struct{ text string }

func (e *oddError) Error() string { return e.text }

func readID(prefix string) func(string) (string, error) {
	return func(s string) (string, error) {
		s = strings.TrimSpace(s)
		if s == "" || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f || strings.ContainsRune("/?#", r) }) {
			return "", errors.New("is no id")
		}
		if odd := oddPrefix(s, prefix); odd != "" {
			return s, &oddError{odd}
		}
		return s, nil
	}
}

func (d *draft) key(p Profile, name string) string {
	return dotted([]string{"profiles", p.Name, name})
}

// missing says once what a connection lacks and all the ways to give it.
func (d *draft) missing(p Profile) {
	var lack, variables []string
	for _, s := range []struct {
		name, show, variable string
		given                bool
	}{
		{"host", "host", envHost, p.Host != ""},
		{"bot_id", "bot_id", envBot, p.BotID != "" || p.Scope == AdminScope},
		{"client_id", "client_id", envClientID, p.ClientID != ""},
		{string(Inline), string(FromCommand), envSecret, p.Secret.Source != NoSource},
	} {
		if !s.given && !d.refusedAny(p, s.name) {
			lack, variables = append(lack, s.show), append(variables, s.variable)
		}
	}
	d.emptyVariable(p)
	if len(lack) == 0 {
		return
	}
	where := "run korescope config init, or "
	if d.profiles[p.Name] != nil {
		where = "write it in [" + dotted([]string{"profiles", p.Name}) + "], or "
	}
	d.issues = append(d.issues, Issue{
		File: d.config.File, Line: d.lines[dotted([]string{"profiles", p.Name})],
		What: "missing: " + strings.Join(lack, ", "),
		Hint: where + "set " + strings.Join(variables, ", ") + "; korescope demo needs none of this",
	})
}

// refusedAny reports that the setting was given, but badly: its own issue says so.
func (d *draft) refusedAny(p Profile, name string) bool {
	start := d.key(p, name)
	for key := range d.refused {
		if key == start || name == string(Inline) && strings.HasPrefix(key, start) {
			return true
		}
	}
	return false
}

func (d *draft) emptyVariable(p Profile) {
	if p.Secret.Source != FromEnv {
		return
	}
	if _, err := usable(strings.TrimSpace(d.src.Env(p.Secret.Env))); err != nil {
		path := []string{"profiles", p.Name, string(FromEnv)}
		i := Issue{Path: p.Secret.Env, What: err.Error(), Hint: "set the variable"}
		if line := d.lines[dotted(path)]; line > 0 && p.Secret.Env != envSecret {
			i.File, i.Line = d.config.File, line
		}
		d.issues = append(d.issues, i)
	}
}

// keep makes the reader of a secret. Variables are read now: the program takes
// them out of its environment once it has started.
func (d *draft) keep(r Ref) *keeper {
	switch r.Source {
	case FromCommand, FromKeyCommand:
		c := command{what: r.Source, argv: r.Command, env: without(d.src.Environ(), d.secretVariables()), limit: commandLimit}
		return &keeper{read: c.run}
	case FromFile:
		return &keeper{read: func(context.Context) (Secret, error) { return newGuard().secret(r.File) }}
	case FromEnv:
		s, err := usable(strings.TrimSpace(d.src.Env(r.Env)))
		if err != nil {
			err = fmt.Errorf("%s: %w", r.Env, err)
		}
		return &keeper{read: func(context.Context) (Secret, error) { return s, err }}
	case Inline:
		return &keeper{read: func(context.Context) (Secret, error) { return r.inline, nil }}
	}
	return nil
}

// without is an environment that lacks the named variables.
func without(environ, variables []string) []string {
	return slices.DeleteFunc(slices.Clone(environ), func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		return slices.Contains(variables, name)
	})
}

// secret reads the first line of a file that is closed to others.
func (g guard) secret(path string) (Secret, error) {
	f, err := g.open(path, closedBits)
	if err != nil {
		return Secret{}, fmt.Errorf("%s %s: %w", FromFile, clean(path), err)
	}
	defer f.Close() //nolint:errcheck // nothing was written
	data, err := io.ReadAll(io.LimitReader(f, commandOutput+1))
	if err == nil && len(data) > commandOutput {
		err = errors.New("is larger than a file with a secret can be (64 KiB)")
	}
	if err != nil {
		return Secret{}, fmt.Errorf("%s %s: %s", FromFile, clean(path), reason(err))
	}
	s, err := usable(firstLine(string(data)))
	if err != nil {
		return Secret{}, fmt.Errorf("%s %s: %w", FromFile, clean(path), err)
	}
	return s, nil
}
