package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/adrg/xdg"
)

func TestOrigins(t *testing.T) {
	file := copyFixture(t, "good-full.toml", 0o600)
	c, _, issues := Load(t.Context(), sources(t, file, Flags{Host: "flag.example.test"}, map[string]string{envBot: "st-env"}))
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	var got []string
	for _, o := range Origins(c) {
		line := o.Setting + " = " + o.Value + " <" + strings.ReplaceAll(o.From, file, "FILE") + ">"
		if o.Note != "" {
			line += " " + o.Note
		}
		got = append(got, strings.ReplaceAll(line, filepath.Dir(file), "DIR"))
	}
	want := `config = DIR/config.toml <env KORESCOPE_CONFIG>
profile = prod-eu <FILE:1>
host = https://flag.example.test <flag --host> differs from the profile
bot_id = st-env <env KORESCOPE_BOT_ID> differs from the profile
client_id = cs-11111111-2222-3333-4444-555555555555 <FILE:12>
client_secret_command = command pass … <FILE:13>
scope = bot <FILE:14>
timezone = Europe/Berlin <FILE:15>
requests_per_minute = 120 <FILE:16>
requests_per_hour = 3600 <FILE:17>
allow_writes = false <FILE:18>
allow_tests = true <FILE:19>
test_suites = ["Refunds smoke", "Regression night"] <FILE:20>
test_email = owner@example.test <FILE:24>
mask = true <FILE:25>
mask_rules = ["customer no\\. (\\d+)", "\\bORD-\\d+\\b"] <FILE:26>
bot_name = Retail <FILE:27>
look = production <FILE:28>
language = en <FILE:29>
ca_file = DIR/company.pem <FILE:30>
client_cert = DIR/me.pem <FILE:32>
client_key = DIR/me.key <FILE:33>
cache_key_command = command pass … <FILE:31>
lock_after = 5m <FILE:34>
theme = dark <FILE:2>
clipboard = off <FILE:3>
ascii = true <FILE:4>
start = 7d <FILE:6>
cache.retention = 2d <FILE:47>
cache.size = 1GiB <FILE:48>
cache.off = false <FILE:49>
columns.sessions = ["start", "type", "user"] <FILE:55>
keys.next-session = ["ctrl+n", "J"] <FILE:58>
keys.refresh = ["f5"] <FILE:59>
aliases.drops = "sessions 24h type:dropOff" <FILE:62>
commands.1.name = ticket <FILE:65>
commands.1.key = ["ctrl+t"] <FILE:66>
commands.1.run = ["ticket", "--session", "$KORESCOPE_SESSION"] <FILE:68>
commands.2.name = notes <FILE:72>
commands.2.key = - <not set>
commands.2.run = ["notes"] <FILE:73>`
	if strings.Join(got, "\n") != want {
		t.Errorf("%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
}

func TestOriginsOfTheEnvironment(t *testing.T) {
	c, _, _ := Load(t.Context(), sources(t, "", Flags{}, four()))
	from := map[string]Origin{}
	for _, o := range Origins(c) {
		from[o.Setting] = o
		if strings.Contains(o.Value+o.Note, "canary") {
			t.Errorf("the secret shows: %+v", o)
		}
	}
	for setting, want := range map[string]Origin{
		"config":            {Value: "-", From: "not set"},
		"profile":           {Value: "env", From: "the environment alone"},
		"host":              {Value: "https://env.example.test", From: "env KORESCOPE_HOST"},
		"client_secret_env": {Value: dots, From: "env KORESCOPE_CLIENT_SECRET"},
		"timezone":          {Value: "UTC", From: "default"},
		"cache.size":        {Value: "500MB", From: "default"},
		"test_email":        {Value: "-", From: "not set"},
	} {
		if got := from[setting]; got.Value != want.Value || got.From != want.From {
			t.Errorf("%s: %+v, want %+v", setting, got, want)
		}
	}
	if from["client_secret_env"].Note == "" {
		t.Error("nothing is said about a secret in the environment")
	}
}

// The template with its comments taken away is a good file that names every
// setting there is.
func TestTemplateNamesEverySetting(t *testing.T) {
	if got := Check(writeConfig(t, Template(), 0o600), Sources{}); len(got) > 0 {
		t.Error(got)
	}
	setting := regexp.MustCompile(`(?m)^# ((?:or: )?[a-z_-]+ = .*|\[.*\])$`)
	bare := setting.ReplaceAllString(Template(), "$1")
	s := known()
	s.Columns["sessions"] = []string{"startTime", "containmentType", "userId", "durationMs"}
	active := regexp.MustCompile(`(?m)^or: .*$`).ReplaceAllString(bare, "")
	path := writeConfig(t, active, 0o600)
	if got := Check(path, s); len(got) > 0 {
		t.Errorf("%s\n%s", got, active)
	}
	d := newDraft(s.filled())
	d.config.File = path
	for section, fields := range d.sections() {
		for _, f := range fields {
			if !regexp.MustCompile(`(?m)^# ` + f.name + ` = `).MatchString(Template()) {
				t.Errorf("[%s] %s is not in the template", section, f.name)
			}
		}
	}
	for _, f := range d.profileFields(&Profile{}) {
		if !regexp.MustCompile(`(?m)^# (or: )?` + f.name + ` = `).MatchString(Template()) {
			t.Errorf("profile setting %s is not in the template", f.name)
		}
	}
	d.read([]byte(active))
	if c := d.finish(); c.Start != DefaultStart || c.Cache.Retention != DefaultRetention || c.Cache.MaxBytes != DefaultMaxBytes ||
		c.Limits != defaults().Limits || c.Timezone.String() != "UTC" {
		t.Errorf("the template shows other defaults: %+v", c)
	}
}

func TestWrite(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for name, ref := range map[string]Ref{
		"command": SecretCommand("pass", "show", `odd "name" \ é`),
		"file":    SecretFile("/run/secrets/kore"),
		"env":     SecretEnv("KORE_SECRET"),
		"inline":  InlineSecret(Hide(`inline"secret\`)),
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(tempDir(t), "new", "korescope", "config.toml")
			want := Profile{Name: "prod.eu-1", Host: "https://platform.example.test:8443", BotID: "st-1", ClientID: "cs-1", Scope: AdminScope, Secret: ref, Timezone: berlin, AllowTests: true}
			if err := Write(path, want); err != nil {
				t.Fatal(err)
			}
			_, p, issues := Load(t.Context(), sources(t, path, Flags{}, map[string]string{"KORE_SECRET": "from-variable"}))
			if len(issues) > 0 {
				t.Fatal(issues)
			}
			if p.Name != want.Name || p.Host != want.Host || p.BotID != want.BotID || p.ClientID != want.ClientID || p.Scope != want.Scope ||
				p.Timezone.String() != "Europe/Berlin" || !p.AllowTests || p.AllowWrites {
				t.Errorf("%+v", p)
			}
			if p.Secret.Source != ref.Source || strings.Join(p.Secret.Command, "\n") != strings.Join(ref.Command, "\n") ||
				p.Secret.File != ref.File || p.Secret.Env != ref.Env || p.Secret.inline.Reveal() != ref.inline.Reveal() {
				t.Errorf("secret %s", p.Secret)
			}
			for of, mode := range map[string]fs.FileMode{path: 0o600, filepath.Dir(path): 0o700, filepath.Dir(filepath.Dir(path)): 0o700} {
				fi, err := os.Stat(of)
				if err != nil || fi.Mode().Perm() != mode {
					t.Errorf("%s: %v, %v", of, fi.Mode(), err)
				}
			}
			if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}

func TestWriteTouchesNoFileThatExists(t *testing.T) {
	path := writeConfig(t, "# mine\n", 0o600)
	p := Profile{Name: "a", Host: "https://a.example.test", BotID: "st-1", ClientID: "cs-1", Secret: SecretEnv("S")}
	if err := Write(path, p); !errors.Is(err, fs.ErrExist) {
		t.Errorf("%v", err)
	}
	data, err := os.ReadFile(path)
	if err != nil || string(data) != "# mine\n" {
		t.Errorf("%q, %v", data, err)
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if err := createAlone(path, "x"); !errors.Is(err, fs.ErrExist) {
		t.Errorf("without links: %v", err)
	}
	alone := filepath.Join(tempDir(t), "c.toml")
	if err := createAlone(alone, "x"); err != nil {
		t.Error(err)
	}
}

func TestWriteRefusesWhatWouldNotBeRead(t *testing.T) {
	for _, p := range []Profile{
		{Name: "no good", Host: "a.example.test"},
		{Name: "a", Host: "http://a.example.test"},
		{Name: "a", Host: "a.example.test", Secret: SecretCommand("./x")},
		{Name: "a", Host: "a.example.test", Secret: InlineSecret(Hide("short"))},
		{Name: "a", Host: "a.example.test", BotID: "st\n1"},
	} {
		path := filepath.Join(tempDir(t), "config.toml")
		var issues Issues
		if err := Write(path, p); !errors.As(err, &issues) {
			t.Errorf("%+v: %v", p, err)
		}
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%+v: a file was made", p)
		}
	}
}

func TestDirs(t *testing.T) {
	env := func(pairs ...string) Sources {
		m := with(map[string]string{}, pairs...)
		return Sources{Env: func(n string) string { return m[n] }}
	}
	got := Dirs(env("XDG_CONFIG_HOME", "/c", "XDG_CACHE_HOME", "/x", "XDG_STATE_HOME", "/s"))
	if want := (Folders{"/c/korescope", "/x/korescope", "/s/korescope"}); got != want {
		t.Errorf("%+v", got)
	}
	usual := Dirs(env())
	if want := (Folders{filepath.Join(xdg.ConfigHome, "korescope"), filepath.Join(xdg.CacheHome, "korescope"), filepath.Join(xdg.StateHome, "korescope")}); usual != want {
		t.Errorf("%+v, want %+v", usual, want)
	}
	if got := Dirs(env("XDG_CACHE_HOME", "relative")); got != usual {
		t.Errorf("a relative folder counts: %+v", got)
	}
}

func TestCacheName(t *testing.T) {
	base := Profile{Name: "prod", Host: "https://a.example.test", BotID: "st-1", ClientID: "cs-1"}
	if got := CacheName(base); !regexp.MustCompile(`^prod-[0-9a-f]{8}$`).MatchString(got) {
		t.Errorf("%q", got)
	}
	seen := map[string]bool{CacheName(base): true}
	for _, change := range []func(*Profile){
		func(p *Profile) { p.Name = "other" }, func(p *Profile) { p.Host = "https://b.example.test" }, func(p *Profile) { p.BotID = "st-2" },
		func(p *Profile) { p.ClientID = "cs-2" }, func(p *Profile) { p.BotID, p.ClientID = "st-1c", "s-1" }, func(p *Profile) { p.Name = "" },
	} {
		p := base
		change(&p)
		if name := CacheName(p); seen[name] {
			t.Errorf("%+v shares %s", p, name)
		} else {
			seen[name] = true
		}
	}
	same := base
	same.Timezone, same.AllowWrites, same.RequestsPerHour = time.UTC, true, 7
	if CacheName(same) != CacheName(base) {
		t.Error("what is not identity changes the file")
	}
}

func TestIssue(t *testing.T) {
	for want, i := range map[string]Issue{
		"/c.toml:3: profiles.a.host: is empty (write one)": {File: "/c.toml", Line: 3, Path: "profiles.a.host", What: "is empty", Hint: "write one"},
		"/c.toml: cannot be read":                          {File: "/c.toml", What: "cannot be read"},
		"warning: KORESCOPE_BOT_ID: odd":                   {Path: "KORESCOPE_BOT_ID", What: "odd", Warning: true},
		`"/a\x1b[2J.toml": bad`:                            {File: "/a\x1b[2J.toml", What: "bad"},
	} {
		if got := i.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if (Issues{}).Err() != nil || (Issues{{Warning: true}}).Err() != nil || (Issues{{Warning: true}, {}}).Err() == nil {
		t.Error("the wrong issues stop the program")
	}
}

func FuzzRead(f *testing.F) {
	files, err := filepath.Glob(filepath.Join(fixtures, "*.toml"))
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("[profiles.a]\nclient_secret = \"canary-fuzz-canary\"\n\"\\u001b\" = 1\n'''"))
	f.Add([]byte("a = [[[{b=[{c=1}]}]]]\r\n[a.a]\r\r\n\"\".theme = 'x'\n[\"\"]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d := newDraft(known().filled())
		d.config.File = "/config.toml"
		d.read(data)
		d.choose()
		d.finish()
		d.origins(Profile{Name: "a", Timezone: time.UTC})
		lines := 1 + strings.Count(string(data), "\n")
		for _, i := range d.issues {
			if i.What == "" || i.Line < 0 || i.Line > lines {
				t.Errorf("issue %+v in %d lines", i, lines)
			}
			for _, r := range i.String() {
				if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e {
					t.Errorf("issue %q holds %U", i.String(), r)
				}
			}
		}
	})
}
