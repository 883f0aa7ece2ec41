package config

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// sources reads nothing but what the test gives.
func sources(t *testing.T, file string, flags Flags, env map[string]string) Sources {
	t.Helper()
	s := known()
	s.Flags = flags
	base := tempDir(t)
	all := map[string]string{"HOME": base, "XDG_CONFIG_HOME": filepath.Join(base, "config"), "XDG_CACHE_HOME": filepath.Join(base, "cache"), "XDG_STATE_HOME": filepath.Join(base, "state")}
	if file != "" {
		all[envConfig] = file
	}
	for k, v := range env {
		all[k] = v
	}
	s.Env = func(name string) string { return all[name] }
	s.Environ = func() []string {
		return []string{"PATH=" + os.Getenv("PATH"), envSecret + "=canary-child-canary", "OWN=x"}
	}
	return s
}

func four() map[string]string {
	return map[string]string{envHost: "env.example.test", envBot: "st-env", envClientID: "cs-env", envSecret: "canary-env-canary"}
}

func with(m map[string]string, pairs ...string) map[string]string {
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return m
}

func TestEnvironmentAloneIsEnough(t *testing.T) {
	c, p, issues := Load(t.Context(), sources(t, "", Flags{}, four()))
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	want := Profile{
		Name: EnvProfile, Host: "https://env.example.test", BotID: "st-env", ClientID: "cs-env", Scope: BotScope, Timezone: time.UTC,
		RequestsPerMinute: 60, RequestsPerHour: 1800, Secret: p.Secret,
	}
	if !reflect.DeepEqual(p, want) {
		t.Errorf("%+v\nwant %+v", p, want)
	}
	if s, err := p.SecretValue(t.Context()); err != nil || s.Reveal() != "canary-env-canary" {
		t.Errorf("secret: %v", err)
	}
	if c.Start != 24*time.Hour || c.Cache.Retention != 7*24*time.Hour || c.Cache.MaxBytes != 500e6 || c.Cache.Off || c.File != "" {
		t.Errorf("%+v", c)
	}
}

func TestFullFile(t *testing.T) {
	file := copyFixture(t, "good-full.toml", 0o600)
	c, p, issues := Load(t.Context(), sources(t, file, Flags{}, nil))
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	on := true
	want := Profile{
		Name: "prod-eu", Host: "https://platform.example.test", BotID: "st-11111111-2222-3333-4444-555555555555", ClientID: "cs-11111111-2222-3333-4444-555555555555",
		Scope: BotScope, Secret: p.Secret, Timezone: berlin, RequestsPerMinute: 120, RequestsPerHour: 3600, AllowTests: true,
		TestSuites: []string{"Refunds smoke", "Regression night"}, TestEmail: "owner@example.test", Mask: &on,
		MaskRules: []string{`customer no\. (\d+)`, `\bORD-\d+\b`}, Language: "en", BotName: "Retail", Look: LookProduction, CAFile: filepath.Join(filepath.Dir(file), "company.pem"),
		ClientCert: filepath.Join(filepath.Dir(file), "me.pem"), ClientKey: filepath.Join(filepath.Dir(file), "me.key"), CacheKey: p.CacheKey, LockAfter: 5 * time.Minute,
	}
	if !reflect.DeepEqual(p, want) {
		t.Errorf("%+v\nwant %+v", p, want)
	}
	if !reflect.DeepEqual(p.Secret.Command, []string{"pass", "show", "kore/prod-eu"}) {
		t.Errorf("command %q", p.Secret.Command)
	}
	if !reflect.DeepEqual(p.CacheKey.Command, []string{"pass", "show", "kore/cache-key"}) || c.LockAfter != 10*time.Minute {
		t.Errorf("second factor %q, lock %v", p.CacheKey.Command, c.LockAfter)
	}
	lab := c.Profiles["lab"]
	if lab.Scope != AdminScope || lab.RequestsPerMinute != 30 || lab.RequestsPerHour != 900 || lab.Timezone.String() != "Europe/Paris" ||
		lab.Secret.File != filepath.Join(filepath.Dir(file), "lab.secret") {
		t.Errorf("lab: %+v", lab)
	}
	if c.Start != 7*24*time.Hour || c.Cache.Retention != 48*time.Hour || c.Cache.MaxBytes != 1<<30 || c.Theme != "dark" ||
		!reflect.DeepEqual(c.Columns, map[string][]string{"sessions": {"start", "type", "user"}}) ||
		!reflect.DeepEqual(c.Keys, map[string][]string{"next-session": {"ctrl+n", "J"}, "refresh": {"f5"}}) {
		t.Errorf("%+v", c)
	}
	if !reflect.DeepEqual(c.Aliases, map[string]string{"drops": "sessions 24h type:dropOff"}) || !reflect.DeepEqual(c.Commands, []Command{
		{Name: "ticket", Keys: []string{"ctrl+t"}, Where: []string{"sessions", "conversation"}, Run: []string{"ticket", "--session", "$KORESCOPE_SESSION"}, Help: "open a ticket for this conversation"},
		{Name: "notes", Run: []string{"notes"}, Stay: true},
	}) {
		t.Errorf("own words %v, own commands %+v", c.Aliases, c.Commands)
	}
}

func TestPrecedence(t *testing.T) {
	const file = `default_profile = "a"
[profiles.a]
host = "a.example.test"
bot_id = "st-a"
client_id = "cs-a"
client_secret_env = "A_SECRET"
[profiles.b]
host = "b.example.test"
bot_id = "st-b"
client_id = "cs-b"
client_secret_env = "B_SECRET"
`
	secrets := map[string]string{"A_SECRET": "secret-of-a", "B_SECRET": "secret-of-b"}
	none := map[string]string{}
	cases := []struct {
		name                              string
		flags                             Flags
		env                               map[string]string
		profile, host, bot, client, holds string
		overrides                         string
	}{
		{"file", Flags{}, none, "a", "a", "st-a", "cs-a", "secret-of-a", ""},
		{"profile by environment", Flags{}, map[string]string{envProfile: "b"}, "b", "b", "st-b", "cs-b", "secret-of-b", ""},
		{"profile by flag", Flags{Profile: "b"}, map[string]string{envProfile: "a"}, "b", "b", "st-b", "cs-b", "secret-of-b", ""},
		{"host by environment", Flags{}, map[string]string{envHost: "env.example.test"}, "a", "env", "st-a", "cs-a", "secret-of-a", "host"},
		{"host by flag", Flags{Host: "flag.example.test"}, map[string]string{envHost: "env.example.test"}, "a", "flag", "st-a", "cs-a", "secret-of-a", "host"},
		{"bot by environment", Flags{}, map[string]string{envBot: "st-env"}, "a", "a", "st-env", "cs-a", "secret-of-a", "bot_id"},
		{"bot by flag", Flags{Bot: "st-flag"}, map[string]string{envBot: "st-env"}, "a", "a", "st-flag", "cs-a", "secret-of-a", "bot_id"},
		{"client by environment", Flags{}, map[string]string{envClientID: "cs-env"}, "a", "a", "st-a", "cs-env", "secret-of-a", "client_id"},
		{"secret by environment", Flags{}, map[string]string{envSecret: "secret-of-env"}, "a", "a", "st-a", "cs-a", "secret-of-env", "client_secret"},
		{"all by environment", Flags{}, with(four(), envProfile, "b"), "b", "env", "st-env", "cs-env", "canary-env-canary", "host bot_id client_id client_secret"},
		{"all by environment and flags", Flags{Host: "flag.example.test", Bot: "st-flag", Profile: "b"}, four(), "b", "flag", "st-flag", "cs-env", "canary-env-canary", "host bot_id client_id client_secret"},
		{"same host written differently", Flags{Host: "https://A.example.test/"}, none, "a", "a", "st-a", "cs-a", "secret-of-a", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			env := with(map[string]string{}, "A_SECRET", secrets["A_SECRET"], "B_SECRET", secrets["B_SECRET"])
			for k, v := range c.env {
				env[k] = v
			}
			_, p, issues := Load(t.Context(), sources(t, writeConfig(t, file, 0o600), c.flags, env))
			if len(issues) > 0 {
				t.Fatal(issues)
			}
			s, err := p.SecretValue(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			got := []string{p.Name, p.Host, p.BotID, p.ClientID, s.Reveal(), strings.Join(p.Overrides, " ")}
			want := []string{c.profile, "https://" + c.host + ".example.test", c.bot, c.client, c.holds, c.overrides}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%q\nwant %q", got, want)
			}
		})
	}
}

func TestFileIsFound(t *testing.T) {
	text := "theme = \"dark\"\n"
	one, two := writeConfig(t, text, 0o600), writeConfig(t, "theme = \"light\"\n", 0o600)
	usual := sources(t, "", Flags{}, four())
	if err := os.MkdirAll(Dirs(usual).Config, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(Path(usual), []byte("theme = \"mono\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	byFlag := sources(t, one, Flags{Config: two}, four())
	for _, c := range []struct {
		s    Sources
		want string
	}{{usual, "mono"}, {sources(t, one, Flags{}, four()), "dark"}, {byFlag, "light"}, {sources(t, "", Flags{}, four()), ""}} {
		if cfg, _, issues := Load(t.Context(), c.s); cfg.Theme != c.want || len(issues) > 0 {
			t.Errorf("theme %q, want %q: %v", cfg.Theme, c.want, issues)
		}
	}
	if want := filepath.Join(usual.Env("XDG_CONFIG_HOME"), "korescope", "config.toml"); Path(usual) != want {
		t.Errorf("path %s, want %s", Path(usual), want)
	}
}

func TestWhatIsMissingIsSaidOnce(t *testing.T) {
	several := "[profiles.a]\nhost = \"a.example.test\"\n[profiles.b]\nhost = \"b.example.test\"\n"
	cases := []struct {
		name  string
		file  string
		flags Flags
		env   map[string]string
		want  []string // one part for each issue
	}{
		{"nothing", "", Flags{}, nil, []string{"missing: host, bot_id, client_id, client_secret_command (run korescope config init, or set KORESCOPE_HOST, KORESCOPE_BOT_ID, KORESCOPE_CLIENT_ID, KORESCOPE_CLIENT_SECRET; korescope demo needs none of this)"}},
		{"half an environment", "", Flags{}, map[string]string{envHost: "x.example.test", envSecret: "long-enough"}, []string{"missing: bot_id, client_id (run korescope config init, or set KORESCOPE_BOT_ID, KORESCOPE_CLIENT_ID;"}},
		{"half a profile", "[profiles.a]\nhost = \"a.example.test\"\n", Flags{}, nil, []string{":1: missing: bot_id, client_id, client_secret_command (write it in [profiles.a], or set"}},
		{"refused is not missing", "[profiles.a]\nhost = \"http://a.example.test\"\nbotid = \"st-1\"\nclient_secret_file = 3\n", Flags{}, nil,
			[]string{":1: missing: client_id (", ":2: profiles.a.host:", `:3: profiles.a.botid: unknown setting (did you mean "bot_id"?)`, ":4: profiles.a.client_secret_file:"}},
		{"admin needs no bot", "[profiles.a]\nscope = \"admin\"\nhost = \"a.example.test\"\nclient_id = \"cs-1\"\nclient_secret_env = \"S\"\n", Flags{}, map[string]string{"S": "long-enough"}, nil},
		{"no choice", several, Flags{}, nil, []string{"it is not said which profile to use (--profile NAME, KORESCOPE_PROFILE or default_profile; known are a, b)"}},
		{"no choice needed", several, Flags{}, four(), nil},
		{"wrong flag", several, Flags{Profile: "c"}, nil, []string{`--profile: there is no profile "c"`}},
		{"wrong variable", several, Flags{}, map[string]string{envProfile: "c"}, []string{`KORESCOPE_PROFILE: there is no profile "c" (known are a, b)`}},
		{"wrong default", "default_profile = \"c\"\n" + several, Flags{}, nil, []string{`:1: default_profile: there is no profile "c"`}},
		{"flag beside wrong default", "default_profile = \"c\"\n" + several, Flags{Profile: "a"}, four(), []string{`:1: default_profile: there is no profile "c"`}},
		{"bad host in the environment", "", Flags{}, with(four(), envHost, "http://far.example.test"), []string{"KORESCOPE_HOST: is plain http"}},
		{"bad host by flag", "", Flags{Host: "a b"}, four(), []string{"--host: is no host"}},
		{"bad bot by flag", "", Flags{Bot: "st 1"}, four(), []string{"--bot: is no id"}},
		{"odd ids are warnings", "", Flags{Bot: "other"}, with(four(), envClientID, "mine"), []string{`warning: --bot: "other" does not begin with st-`, `warning: KORESCOPE_CLIENT_ID: "mine" does not begin with cs-`}},
		{"short secret in the environment", "", Flags{}, with(four(), envSecret, "abc"), []string{"KORESCOPE_CLIENT_SECRET: the client secret is too short"}},
		{"empty variable", "[profiles.a]\nhost = \"a.example.test\"\nbot_id = \"st-1\"\nclient_id = \"cs-1\"\nclient_secret_env = \"GONE\"\n", Flags{}, nil, []string{":5: GONE: the client secret is empty (set the variable)"}},
		{"no such file", "", Flags{Config: "/nonexistent/config.toml"}, four(), []string{"--config: there is no such file (korescope config init writes one)"}},
		{"everything at once", "theme = \"drak\"\n[profiles.a]\nhots = 1\n", Flags{Bot: "/"}, map[string]string{envProfile: "z"}, []string{"KORESCOPE_PROFILE:", "--bot:", ":1: theme", ":3: profiles.a.hots"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			file := ""
			if c.file != "" {
				file = writeConfig(t, c.file, 0o600)
			}
			_, _, issues := Load(t.Context(), sources(t, file, c.flags, c.env))
			if len(issues) != len(c.want) {
				t.Fatalf("%d issues, want %d:\n%s", len(issues), len(c.want), issues)
			}
			warnings := 0
			for i, issue := range issues {
				if !strings.Contains(issue.String(), c.want[i]) {
					t.Errorf("%s\nwant %s", issue, c.want[i])
				}
				if issue.Warning {
					warnings++
				}
			}
			if stop := issues.Err() != nil; stop != (warnings < len(issues)) {
				t.Errorf("stops: %v with %d warnings of %d", stop, warnings, len(issues))
			}
		})
	}
}

func TestPartialNeedsNoConnection(t *testing.T) {
	s := sources(t, "", Flags{}, nil)
	s.Partial = true
	_, p, issues := Load(t.Context(), s)
	if len(issues) > 0 || p.Timezone == nil || p.RequestsPerHour != 1800 {
		t.Errorf("%+v: %v", p, issues)
	}
}

func TestLoadStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, issues := Load(ctx, sources(t, "", Flags{}, four())); issues.Err() == nil {
		t.Error("an interrupted load is fine")
	}
}

func TestChildrenGetNoSecret(t *testing.T) {
	t.Setenv(envSecret, "canary-process-canary")
	path := helper(t, `echo "[$KORESCOPE_CLIENT_SECRET$OWN$PATH]"`)
	text := "[profiles.a]\nhost = \"a.example.test\"\nbot_id = \"st-1\"\nclient_id = \"cs-1\"\nclient_secret_command = [\"" + path + "\"]\n" +
		"[profiles.b]\nclient_secret_env = \"OWN\"\n"
	c, p, issues := Load(t.Context(), sources(t, writeConfig(t, text, 0o600), Flags{Profile: "a"}, nil))
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	if got, want := c.SecretVariables(), []string{envSecret, "OWN"}; !reflect.DeepEqual(got, want) {
		t.Errorf("variables %q, want %q", got, want)
	}
	got := without([]string{"A=1", envSecret + "=x", "OWN=2", "OWNER=3"}, c.SecretVariables())
	if !reflect.DeepEqual(got, []string{"A=1", "OWNER=3"}) {
		t.Errorf("children get %q", got)
	}
	s, err := p.SecretValue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if want := "[" + os.Getenv("PATH") + "]"; s.Reveal() != want {
		t.Errorf("the helper saw %q, want %q", s.Reveal(), want)
	}
}
