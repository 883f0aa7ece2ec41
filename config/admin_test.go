package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func adminFile(t *testing.T, body string) (Config, Profile, Issues) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	return Load(t.Context(), Sources{
		Flags: Flags{Config: path}, Environ: func() []string { return nil },
		Env: func(name string) string { return map[string]string{"ADMIN_SECRET": "made-up-admin"}[name] },
	})
}

const aProfile = `[profiles.a]
host = "platform.example.test"
bot_id = "st-1"
client_id = "cs-1"
client_secret = "made-up-bot"
`

func TestTheAdminCredential(t *testing.T) {
	c, p, issues := adminFile(t, aProfile+"[profiles.a.admin]\nclient_id = \"cs-2\"\nclient_secret_env = \"ADMIN_SECRET\"\n")
	if err := issues.Err(); err != nil {
		t.Fatal(err)
	}
	as, ok := p.Changing()
	secret, err := as.SecretValue(t.Context())
	if !ok || err != nil || as.ClientID != "cs-2" || secret.Reveal() != "made-up-admin" || as.Scope != AdminScope || as.BotID != "st-1" {
		t.Errorf("%+v, %v, %v", as, ok, err)
	}
	own, err := p.SecretValue(t.Context())
	if err != nil || own.Reveal() != "made-up-bot" || p.Scope != BotScope {
		t.Errorf("%+v, %v", p, err)
	}
	if vars := c.SecretVariables(); !strings.Contains(strings.Join(vars, " "), "ADMIN_SECRET") {
		t.Errorf("%q", vars)
	}
	if _, ok := (Profile{Scope: BotScope}).Changing(); ok {
		t.Error("a bot's credential changes nothing")
	}
	if as, ok := (Profile{Scope: AdminScope, ClientID: "cs-3"}).Changing(); !ok || as.ClientID != "cs-3" {
		t.Error("an admin's profile changes with its own")
	}
}

func TestBadAdminCredentials(t *testing.T) {
	for body, want := range map[string]string{
		"[profiles.a.admin]\nclient_id = \"cs-2\"\n":                                                                             "lacks the secret",
		"[profiles.a.admin]\nclient_secret = \"made-up-and-long\"\n":                                                             "lacks the client_id",
		"[profiles.a.admin]\nhost = \"x.example.test\"\n":                                                                        "unknown setting",
		"[profiles.a.admin]\nclient_id = \"cs-2\"\nclient_secret = \"made-up-and-long\"\nclient_secret_env = \"ADMIN_SECRET\"\n": "a second time",
		"[profiles.a.admins]\nclient_id = \"cs-2\"\n":                                                                            "unknown table",
		"[profiles.a.admin.more]\nclient_id = \"cs-2\"\n":                                                                        "unknown table",
		"admin = \"cs-2\"\n": "",
	} {
		_, _, issues := adminFile(t, aProfile+body)
		err := issues.Err()
		if err == nil || !strings.Contains(issues.Error(), want) || strings.Contains(issues.Error(), "made-up") {
			t.Errorf("%q: %v", body, issues)
		}
	}
}
