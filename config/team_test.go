package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTeam(t *testing.T) {
	read := func(body string) (Profile, Issues) {
		path := filepath.Join(t.TempDir(), "config.toml")
		if err := os.WriteFile(path, []byte(aProfile+"[profiles.a.team]\n"+body), 0o600); err != nil {
			t.Fatal(err)
		}
		_, p, issues := Load(t.Context(), Sources{
			Flags: Flags{Config: path}, Environ: func() []string { return nil },
			Env: func(name string) string {
				return map[string]string{"TEAM_SECRET": "made-up-and-long", "S": "long-enough"}[name]
			},
			Team: func(url string) error {
				if !strings.HasPrefix(url, "rediss://") {
					return errors.New("begins with rediss://")
				}
				return nil
			},
		})
		return p, issues
	}
	p, issues := read("url = \"rediss://team.example.test\"\npassword_env = \"TEAM_SECRET\"\nshare = [\"allowance\", \"answers\"]\nname = \"on call\"\n")
	password, err := p.Team.Password(t.Context())
	if len(issues) > 0 || err != nil || password != "made-up-and-long" || !p.Team.Shares(ShareAnswers) || !p.Team.Shares(ShareAllowance) || p.Team.Name != "on call" {
		t.Errorf("%+v, %q, %v, %v", p.Team, password, err, issues)
	}
	p, issues = read("url = \"rediss://team.example.test\"\n")
	if password, err := p.Team.Password(t.Context()); len(issues) > 0 || err != nil || password != "" || p.Team.Shares(ShareAnswers) || !p.Team.Shares(ShareAllowance) {
		t.Errorf("the least: %+v, %v, %v", p.Team, err, issues)
	}
	for body, want := range map[string]string{
		"url = \"redis://team.example.test\"\n":                                          "begins with",
		"share = [\"answers\"]\n":                                                        "is missing",
		"url = \"rediss://h\"\nshare = [\"everything\"]\n":                               "knows",
		"url = \"rediss://h\"\npassword = \"made-up\"\n":                                 "unknown setting",
		"url = \"rediss://h\"\npassword_env = \"TEAM_SECRET\"\npassword_file = \"/x\"\n": "a second time",
		"url = \"rediss://h\"\nclient_id = \"cs-1\"\n":                                   "unknown setting",
		"url = \"rediss://h\"\npassword_command = \"pass show\"\n":                       "must be a list",
	} {
		if _, issues := read(body); issues.Err() == nil || !strings.Contains(issues.Err().Error(), want) {
			t.Errorf("%q: %v, want %q", body, issues, want)
		}
	}
}
