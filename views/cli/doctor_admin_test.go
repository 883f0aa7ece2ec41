package cli

import (
	"fmt"
	"strings"
	"testing"
)

// An admin app is asked about what it can have, and told what no admin app has.
func TestTheDoctorKnowsWhatAnAdminAppCanHave(t *testing.T) {
	for _, bot := range []bool{true, false} {
		world := stage(t, "", nil)
		admin := world.Credentials()[2]
		file := fmt.Sprintf("default_profile = \"a\"\n[profiles.a]\nscope = \"admin\"\nclient_id = %q\nclient_secret = %q\n", admin.ClientID, admin.Secret)
		t.Setenv("KORESCOPE_CLIENT_ID", "")
		t.Setenv("KORESCOPE_CLIENT_SECRET", "")
		if !bot {
			t.Setenv("KORESCOPE_BOT_ID", "")
		}
		configured(t, file)
		out, talk, _ := run(t, "doctor", "--all", "-o", "ndjson")
		for name, want := range map[string]string{
			"scope bots": "granted", "scope roles": "granted", "scope sessions": "granted",
			"scope metrics": "no Admin Console app", "scope logs": "no Admin Console app",
		} {
			found := false
			for line := range strings.Lines(out) {
				found = found || strings.Contains(line, `"`+name+`"`) && strings.Contains(line, want)
			}
			if !found {
				t.Errorf("bot %v: %s is not %q:\n%s%s", bot, name, want, out, talk)
			}
		}
		if !bot && !strings.Contains(out, "names no bot") {
			t.Errorf("nothing is said of the bot:\n%s", out)
		}
	}
}

// The doctor says what each credential may change, and changes nothing to find
// out; by itself it asks one question more.
func TestTheDoctorSaysWhatEachCredentialMayChange(t *testing.T) {
	for _, tt := range []struct {
		faults string
		all    bool
		want   map[string]string
	}{
		{"", false, map[string]string{
			"writes": "suites with the bot's credential", "admin credential": "is accepted", "admin publish": "itself is not probed", "admin erase": "--all",
		}},
		{"", true, map[string]string{
			"admin publish": "granted", "admin import": "granted", "admin export": "granted", "admin erase": "granted", "admin bots": "granted", "admin roles": "granted",
		}},
		{"scope-missing@op=publish/status", true, map[string]string{"admin publish": "Bot Publish > Publish Status", "admin erase": "granted"}},
	} {
		world := writing(t, tt.faults, "", nil)
		args := []string{"doctor", "-o", "ndjson"}
		if tt.all {
			args = append(args, "--all")
		}
		out, talk, _ := run(t, args...)
		for name, want := range tt.want {
			found := false
			for line := range strings.Lines(out) {
				found = found || strings.Contains(line, `"`+name+`"`) && strings.Contains(line, want)
			}
			if !found {
				t.Errorf("%q, all %v: %s is not %q:\n%s%s", tt.faults, tt.all, name, want, out, talk)
			}
		}
		n := 0
		for _, k := range world.Truth().Requests {
			n += k
		}
		if acts := world.Truth().Acts; len(acts) > 0 || !tt.all && n > mostProbes {
			t.Errorf("%d requests, %+v", n, acts)
		}
	}
}
