package cli

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"korescope/api"
	"korescope/api/sim"
	"korescope/views"
)

// paths notes which paths were asked for.
type paths struct {
	mu   sync.Mutex
	list []string
}

func (p *paths) over(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		p.list = append(p.list, r.URL.Path)
		p.mu.Unlock()
		next.ServeHTTP(w, r)
	})
}

// taken are the paths since it was called last.
func (p *paths) taken() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := p.list
	p.list = nil
	return out
}

// account makes the profile of an Admin Console app; bot may be "".
func account(t *testing.T, world *sim.World, bot api.BotID) {
	t.Helper()
	made := world.Credentials()[2]
	file := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(file, []byte("[profiles.all]\nscope = \"admin\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for k, v := range map[string]string{
		"KORESCOPE_CONFIG": file, "KORESCOPE_PROFILE": "all", "KORESCOPE_BOT_ID": string(bot),
		"KORESCOPE_CLIENT_ID": made.ClientID, "KORESCOPE_CLIENT_SECRET": made.Secret,
	} {
		t.Setenv(k, v)
	}
}

// withCalls is a session of a bot that has messages and a model call.
func withCalls(t *testing.T, world *sim.World, bot api.BotID, w api.Window) sim.SessionTruth {
	t.Helper()
	for _, s := range world.Truth().Sessions(bot, w) {
		if s.Messages > 3 && s.Calls > 0 {
			return s
		}
	}
	t.Fatal("no such session")
	return sim.SessionTruth{}
}

// A credential of an account asks about a conversation at the bot that it is of,
// whatever bot its own profile names: commands, and the readers of the screens.
func TestAnAccountAsksTheBotOfTheRow(t *testing.T) {
	seen := &paths{}
	// Without the path of one bot, sessions come by that of the account.
	world := stageOf(t, "", sim.Options{Seed: 3, Strict: sim.Strict{NotServed: []string{"/api/public/bot/{bot}/getSessions"}}}, seen.over)
	bots := []api.BotID{world.Credentials()[0].BotID, world.Credentials()[3].BotID}
	w := api.Between(world.Anchor().Add(-36*time.Hour), world.Anchor().Add(-12*time.Hour))
	for name, own := range map[string]api.BotID{"no bot": "", "another bot": bots[0]} {
		account(t, world, own)
		for _, bot := range bots {
			of := withCalls(t, world, bot, w)
			id := string(of.ID)
			seen.taken()
			for _, args := range [][]string{
				{"messages", id, "-o", "json"}, {"llm", id, "-o", "json"}, {"timeline", id, "--no-debug", "-o", "json"},
				{"export", id, "--to", filepath.Join(t.TempDir(), "case"), "--no-mask"},
			} {
				out, talk, code := run(t, append(args, "--fresh")...)
				if code != 0 || args[0] != "export" && rowsIn(t, out) == 0 {
					t.Errorf("%s, %s of %s: exit %d\n%s%.300s", name, args[0], bot, code, talk, out)
				}
				at := regexp.MustCompile(`/bot/([^/]+)/get(MessagesV2|LLMUsageLogs)$`)
				asked := 0
				for _, path := range seen.taken() {
					if m := at.FindStringSubmatch(path); m != nil {
						if asked++; m[1] != string(bot) {
							t.Errorf("%s, %s: asked at %s for a row of %s", name, args[0], path, bot)
						}
					}
				}
				if asked == 0 {
					t.Errorf("%s, %s: nothing was asked", name, args[0])
				}
			}
			// What is refused to such an app keeps nothing else from being kept.
			if _, talk, code := run(t, "pin", id); code != 7 || !strings.Contains(talk, "could not be read: debug lines, metrics") {
				t.Errorf("%s: pin left with %d: %s", name, code, talk)
			}
		}
	}
}

// Both bots at once, in one question, and by user.
func TestAnAccountReadsSeveralBots(t *testing.T) {
	world := stageOf(t, "", sim.Options{Seed: 3, Strict: sim.Strict{NotServed: []string{"/api/public/bot/{bot}/getSessions"}}}, nil)
	account(t, world, "")
	w := api.Between(world.Anchor().Add(-36*time.Hour), world.Anchor().Add(-12*time.Hour))
	one, two := withCalls(t, world, world.Credentials()[0].BotID, w), withCalls(t, world, world.Credentials()[3].BotID, w)
	rows := saidIn(t, succeed(t, "messages", string(one.ID), string(two.ID), "-o", "json"))
	for _, of := range []sim.SessionTruth{one, two} {
		if !slices.ContainsFunc(rows, func(s said) bool { return s.SessionID == string(of.ID) }) {
			t.Errorf("no message of %s", of.ID)
		}
	}
	span := []string{"--from", views.Stamp(w.From), "--to", views.Stamp(w.To), "-o", "json"}
	if rows := saidIn(t, succeed(t, append([]string{"messages", "--user", string(two.User)}, span...)...)); len(rows) == 0 {
		t.Error("nothing by user")
	}
	for _, bot := range []int{0, 3} {
		for _, s := range world.Truth().Sessions(world.Credentials()[bot].BotID, w) {
			if s.CallID == "" {
				continue
			}
			if rows := saidIn(t, succeed(t, append([]string{"messages", "--call", s.CallID}, span...)...)); len(rows) == 0 {
				t.Error("nothing by call")
			}
			break
		}
	}
	// A list of a profile's bot has no row of another that was asked for by id.
	account(t, world, one.Bot)
	succeed(t, "messages", string(two.ID), "-o", "json")
	for _, args := range [][]string{{"sessions"}, {"sessions", "--offline"}} {
		out, talk, _ := run(t, append(args, span...)...)
		if strings.Contains(out, string(two.ID)) || !strings.Contains(out, string(one.ID)) {
			t.Errorf("%v: %s", args, talk)
		}
	}
}

func rowsIn(t *testing.T, out string) int {
	t.Helper()
	var rows []json.RawMessage
	if err := json.Unmarshal([]byte(out), &rows); err != nil {
		t.Errorf("%v in %.200s", err, out)
	}
	return len(rows)
}
