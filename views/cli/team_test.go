package cli

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"korescope/api/sim"
	"korescope/views"
)

// moveHouse makes the next run one of another machine: its own cache, state and
// count, and a profile that shares with the team.
func moveHouse(t *testing.T, world *sim.World, team string, share string) {
	t.Helper()
	home := t.TempDir()
	app := world.Credentials()[0]
	host := os.Getenv("KORESCOPE_HOST")
	if host != "" {
		t.Setenv("TEAM_TEST_HOST", host)
	}
	config := filepath.Join(home, "config.toml")
	body := fmt.Sprintf(`[profiles.team]
host = %q
bot_id = %q
client_id = %q
client_secret_env = "TEAM_TEST_SECRET"
allowance_file = %q
[profiles.team.team]
url = "redis://%s"
share = [%s]
`, os.Getenv("TEAM_TEST_HOST"), app.BotID, app.ClientID, filepath.Join(home, "allowance"), team, share)
	if err := os.WriteFile(config, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	for k, v := range map[string]string{
		"XDG_CACHE_HOME": home + "/cache", "XDG_STATE_HOME": home + "/state", "KORESCOPE_CONFIG": config, "KORESCOPE_PROFILE": "team",
		"KORESCOPE_HOST": "", "KORESCOPE_BOT_ID": "", "KORESCOPE_CLIENT_ID": "", "KORESCOPE_CLIENT_SECRET": "", "TEAM_TEST_SECRET": app.Secret,
	} {
		t.Setenv(k, v)
	}
}

// patiently is succeed on a machine that has other things to do: the server does
// not count as away there.
func patiently(t *testing.T, args ...string) string {
	t.Helper()
	out, talk, code := patient(t, args...)
	if code != 0 {
		t.Fatalf("%q left with %d: %s", args, code, talk)
	}
	return out
}

func patient(t *testing.T, args ...string) (out, talk string, code int) {
	t.Helper()
	var o, e strings.Builder
	p := newProgram(Streams{In: strings.NewReader(""), Out: &o, Err: &e})
	p.teamPatience = 20 * time.Second
	code = p.run(t.Context(), args)
	return o.String(), e.String(), code
}

// Eight machines read a closed conversation with everything in it: the platform is
// asked once in all, and the ninth asks nothing. The server can read none of it,
// and what is purged or forgotten is gone.
func TestATeamReadsAConversationOnce(t *testing.T) {
	server := miniredis.RunT(t)
	asked := 0
	world := stage(t, "", func(inner http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked++
			inner.ServeHTTP(w, r)
		})
	})
	var of sim.SessionTruth
	bot := world.Credentials()[0].BotID
	for _, s := range world.Truth().Sessions(bot, window(world.Anchor().Add(-30*3600e9), world.Anchor().Add(-10*3600e9))) {
		if s.Messages > 5 && s.Calls > 0 && !s.End.IsZero() {
			of = s
			break
		}
	}
	if of.ID == "" {
		t.Fatal("no conversation to read")
	}
	var first string
	var alone int
	for i := range 9 {
		moveHouse(t, world, server.Addr(), `"allowance", "answers"`)
		before := asked
		out := patiently(t, "timeline", string(of.ID), "-o", "json")
		switch {
		case i == 0:
			first, alone = out, asked-before
		case out != first:
			t.Errorf("machine %d says something else than the first", i+1)
		case asked != before:
			t.Errorf("machine %d asked %d times; the first asked %d", i+1, asked-before, alone)
		}
	}
	if alone == 0 || !strings.Contains(first, `"kind"`) {
		t.Fatalf("the first asked %d times: %.200s", alone, first)
	}
	dump := server.Dump()
	for _, secret := range []string{string(of.ID), string(of.User), string(bot), "127.0.0.1", "messageId"} {
		if strings.Contains(dump, secret) {
			t.Errorf("%q is readable at the server", secret)
		}
	}
	report := patiently(t, "doctor", "--jq", `.[] | select(.name == "team") | .finding`)
	if !strings.Contains(report, "all sealed") || !strings.Contains(report, "at work") {
		t.Errorf("doctor says %q", report)
	}
	_, talk, code := patient(t, "cache", "purge", "--team")
	if code != views.ExitDone || !strings.Contains(talk, "removed") {
		t.Errorf("purge: %d, %s", code, talk)
	}
	for _, key := range server.Keys() {
		if strings.HasPrefix(key, "korescope:a:") {
			t.Errorf("%s outlives the purge", key)
		}
	}
}

// A team that is away costs nobody an answer and is said by doctor.
func TestATeamThatIsAwayHoldsNobodyUp(t *testing.T) {
	world := stage(t, "", nil)
	server := miniredis.RunT(t)
	address := server.Addr()
	server.Close()
	moveHouse(t, world, address, `"allowance", "answers"`)
	if out := succeed(t, "sessions", "--limit", "3", "-o", "ndjson"); strings.Count(out, "\n") != 3 {
		t.Errorf("%s", out)
	}
	if report := patiently(t, "doctor", "--jq", `.[] | select(.name == "team") | .finding`); !strings.Contains(report, "away") {
		t.Errorf("doctor says %q", report)
	}
	if _, talk, code := run(t, "cache", "purge", "--team"); code == views.ExitDone {
		t.Errorf("says it purged: %s", talk)
	}
}

// Where nothing is shared there is nothing to purge; where only the count is, no
// answer leaves.
func TestOnlyTheCountIsShared(t *testing.T) {
	world := stage(t, "", nil)
	server := miniredis.RunT(t)
	moveHouse(t, world, server.Addr(), `"allowance"`)
	id := strings.TrimSpace(succeed(t, "sessions", "-q", "status:closed", "--since", "2d", "--limit", "1", "--jq", ".[0].sessionId"))
	patiently(t, "messages", id)
	for _, key := range server.Keys() {
		if strings.HasPrefix(key, "korescope:a:") {
			t.Errorf("%s is shared", key)
		}
	}
	if len(server.Keys()) == 0 {
		t.Error("not even the count")
	}
	if _, _, code := run(t, "cache", "purge", "--team"); code != views.ExitUsage {
		t.Errorf("left with %d", code)
	}
}
