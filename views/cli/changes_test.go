package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"korescope/api"
	"korescope/api/sim"
)

// writing is a platform, and a profile that allows changes and has an admin
// credential beside the bot's.
func writing(t *testing.T, faults, profile string, wrap func(http.Handler) http.Handler) *sim.World {
	t.Helper()
	world := stageOf(t, faults, sim.Options{Seed: 3, JobTime: 20 * time.Millisecond, Limits: api.Limits{PerMinute: 5000, PerHour: 50000}}, wrap)
	admin := world.Credentials()[2]
	file := fmt.Sprintf("default_profile = \"t\"\n[profiles.t]\nallow_writes = true\ntest_email = \"owner@example.test\"\nrequests_per_minute = 5000\nrequests_per_hour = 50000\n%s\n"+
		"[profiles.t.admin]\nclient_id = %q\nclient_secret = %q\n", profile, admin.ClientID, admin.Secret)
	configured(t, file)
	return world
}

func fileWith(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func done(world *sim.World, call string) (n int) {
	for _, a := range world.Truth().Acts {
		if a.Op == call {
			n++
		}
	}
	return n
}

func TestPublishEnds(t *testing.T) {
	for _, tt := range []struct {
		faults, says string
		yes          []string
		code, acts   int
	}{
		{"", "last publish: done", []string{"--yes", "RetailBot"}, 0, 1},
		{"", "", []string{"--yes", "st-2c6f1e84-9b07-5d3a-8e51-70c4a9d2f613"}, 0, 1},
		{"", `give --yes "RetailBot"`, nil, 2, 0},
		{"", `give --yes "RetailBot"`, []string{"--yes", "retailbot"}, 2, 0},
		{"", "--yes is empty", []string{"--yes", ""}, 2, 0},
		{"job-fail@op=publish", "publish failed", []string{"--yes", "RetailBot"}, 1, 1},
		{"no-channel", "At least one channel must be enabled", []string{"--yes", "RetailBot"}, 1, 0},
		{"scope-missing@op=publish", "is missing", []string{"--yes", "RetailBot"}, 4, 0},
		{"commit-then-drop@op=publish", "korescope publish status", []string{"--yes", "RetailBot"}, 7, 1},
		{"status(503)@op=publish", "korescope publish status", []string{"--yes", "RetailBot"}, 7, 0},
		{"", "is under way", []string{"--yes", "RetailBot", "--no-wait"}, 7, 1},
	} {
		t.Run(tt.faults+strings.Join(tt.yes, " "), func(t *testing.T) {
			world := writing(t, tt.faults, "", nil)
			out, talk, code := quickly(t.Context(), hasty, append([]string{"publish", "--comment", "fix 12", "-o", "ndjson"}, tt.yes...)...)
			if code != tt.code || !strings.Contains(talk, tt.says) || done(world, api.Publish) != tt.acts {
				t.Fatalf("left with %d after %d acts: %s%s", code, done(world, api.Publish), out, talk)
			}
			if strings.Contains(strings.ToLower(talk), "ask again") || strings.Contains(talk, "shorter time window") {
				t.Errorf("advice that fits no change: %s", talk)
			}
			if n := world.Truth().Requests[api.Publish]; n > 1 {
				t.Errorf("%d requests", n)
			}
			if code == 0 {
				var rec map[string]any
				if err := json.Unmarshal([]byte(out), &rec); err != nil || rec["call"] != "publish" || rec["status"] != "succeeded" || rec["parts"] == nil || rec["requestedBy"] == nil || rec["jobId"] == nil {
					t.Errorf("%s, %v", out, err)
				}
			}
		})
	}
}

// Without permission there is no such command in help and completion, and it
// says why; nothing is sent or written down.
func TestChangesAreAbsentUntilAllowed(t *testing.T) {
	world := writing(t, "", "", nil)
	allowed := succeed(t, "--help")
	path := filepath.Join(os.Getenv("XDG_CONFIG_HOME"), "korescope", "config.toml")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(b), "allow_writes = true", "allow_writes = false", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	hidden := succeed(t, "--help")
	completed := succeed(t, "__complete", "")
	d := fileWith(t, "d.json", `{}`)
	for _, args := range [][]string{
		{"publish", "--comment", "x", "--yes", "RetailBot"},
		{"import", "--definition", d, "--config", d, "--yes", "RetailBot"},
		{"import-functions", d, "--yes", "RetailBot"},
		{"erase", "u-1", "--yes", "1"},
		{"tests", "import", "smoke", d, "--yes", "smoke"},
		{"publish", "--comment", "x", "--dry-run"},
	} {
		if _, talk, code := run(t, args...); code != 2 || !strings.Contains(talk, "allow_writes = true") {
			t.Errorf("%q left with %d: %s", args, code, talk)
		}
		for _, text := range []string{hidden, completed} {
			if strings.Contains(text, "\n  "+args[0]+" ") && args[0] != "tests" {
				t.Errorf("%s is listed", args[0])
			}
		}
		if !strings.Contains(allowed, "\n  "+args[0]+" ") {
			t.Errorf("%s is not listed in\n%s", args[0], allowed)
		}
	}
	if n := len(world.Truth().Acts); n != 0 {
		t.Errorf("%d acts", n)
	}
	if _, err := os.Stat(filepath.Join(os.Getenv("XDG_STATE_HOME"), "korescope", journalName)); err == nil {
		t.Error("something was written to the journal")
	}
}

func TestImportOfABot(t *testing.T) {
	const own = `{"_id":"st-2c6f1e84-9b07-5d3a-8e51-70c4a9d2f613","name":"RetailBot","dialogs":[{"name":"Other"}]}`
	for _, tt := range []struct {
		name, definition, faults, says string
		more                           []string
		code, acts                     int
	}{
		{"its own", own, "", "is kept in", []string{"--yes", "RetailBot"}, 0, 1},
		{"with functions", own, "", "uploaded f.js", []string{"--yes", "RetailBot", "--functions", "f.js"}, 0, 1},
		{"another by id", `{"_id":"st-other","name":"RetailBot"}`, "", "--other-bot", []string{"--yes", "RetailBot"}, 2, 0},
		{"another by name", `{"name":"BankingBot"}`, "", "--other-bot", []string{"--yes", "RetailBot"}, 2, 0},
		{"another by locale", `{"localeData":{"en":{"name":"BankingBot"}}}`, "", "--other-bot", []string{"--yes", "RetailBot"}, 2, 0},
		{"another on purpose", `{"name":"BankingBot"}`, "", "names BankingBot", []string{"--yes", "RetailBot", "--other-bot"}, 0, 1},
		{"names none", `{"dialogs":[{"name":"BankingBot"}]}`, "", "names no bot", []string{"--yes", "RetailBot"}, 0, 1},
		{"not JSON", `{"name":`, "", "not JSON", []string{"--yes", "RetailBot"}, 2, 0},
		{"not confirmed", own, "", "--yes", nil, 2, 0},
		{"fails", own, "job-fail@op=import", "import failed: Bot Definition", []string{"--yes", "RetailBot"}, 1, 1},
		{"cut", own, "commit-then-drop@op=import", "may have been carried out", []string{"--yes", "RetailBot"}, 7, 1},
		{"upload cut", own, "commit-then-drop@op=uploadfile", "the bot is not changed", []string{"--yes", "RetailBot"}, 1, 0},
		{"no export", own, "status(500)@op=export", "could NOT be kept", []string{"--yes", "RetailBot"}, 0, 1},
		{"export needed", own, "status(500)@op=export", "nothing was sent", []string{"--yes", "RetailBot", "--need-export"}, 6, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			world := writing(t, tt.faults, "", nil)
			args := []string{"import", "--definition", fileWith(t, "bot.json", tt.definition), "--config", fileWith(t, "config.json", "{}"), "-o", "ndjson"}
			for _, a := range tt.more {
				if a == "f.js" {
					a = fileWith(t, "f.js", "f()")
				}
				args = append(args, a)
			}
			out, talk, code := quickly(t.Context(), hasty, args...)
			if code != tt.code || !strings.Contains(talk, tt.says) || done(world, api.ImportBot) != tt.acts {
				t.Fatalf("left with %d after %d acts: %s%s", code, done(world, api.ImportBot), out, talk)
			}
			kept, _ := filepath.Glob(filepath.Join(os.Getenv("XDG_STATE_HOME"), "korescope", "definitions", "*"))
			if tt.code == 0 && tt.faults == "" && len(kept) != 1 {
				t.Errorf("kept %q", kept)
			}
			for _, path := range kept {
				if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 || info.Size() == 0 {
					t.Errorf("%v, %v", info, err)
				}
			}
		})
	}
}

func TestImportOfFunctions(t *testing.T) {
	world := writing(t, "", "", nil)
	a, b := fileWith(t, "a.js", "f()"), fileWith(t, "b.js", "g()")
	out, talk, code := quickly(t.Context(), hasty, "import-functions", a, b, "--yes", "RetailBot", "-o", "ndjson")
	if code != 0 || done(world, api.ImportFunctions) != 1 || !strings.Contains(out, `"a.js"`) {
		t.Errorf("left with %d: %s%s", code, out, talk)
	}
}

func TestASuiteFromAFile(t *testing.T) {
	world := writing(t, "", "", nil)
	out, talk, code := quickly(t.Context(), hasty, "tests", "import", "smoke", fileWith(t, "smoke.json", "[]"), "--yes", "smoke", "-o", "ndjson")
	if code != 0 || done(world, api.ImportSuite) != 1 || done(world, api.UploadFile) != 1 || !strings.Contains(out, `"smoke"`) {
		t.Errorf("left with %d: %s%s", code, out, talk)
	}
}

// What becomes of a suite, where nobody saw it, is said as not known, and never
// that it should be asked for again.
func TestUnclearEndsOfSuites(t *testing.T) {
	for faults, args := range map[string][]string{
		"commit-then-drop@op=testsuite/import": {"tests", "import", "smoke", fileWith(t, "smoke.json", "[]"), "--yes", "smoke"},
		"status(503)@op=testsuite/delete":      {"tests", "delete", "smoke", "--yes", "smoke"},
		"job-lost@op=testsuite/import/status":  {"tests", "import", "smoke", fileWith(t, "smoke.json", "[]"), "--yes", "smoke"},
	} {
		writing(t, faults, "", nil)
		_, talk, code := quickly(t.Context(), hasty, args...)
		if code != 7 || !strings.Contains(talk, "It is not sent again by itself.") || strings.Contains(strings.ToLower(talk), "ask again") {
			t.Errorf("%s left with %d: %s", faults, code, talk)
		}
	}
}

// A job that the platform does not know is not found, whoever asks for it.
func TestJobsThatNobodyKnows(t *testing.T) {
	writing(t, "", "", nil)
	for _, args := range [][]string{{"import", "status", "bir-1"}, {"erase", "status", "eud-1"}, {"tests", "import-status", "ds-1"}} {
		if _, talk, code := run(t, args...); code != 3 || strings.Contains(talk, "shorter") {
			t.Errorf("%q left with %d: %s", args, code, talk)
		}
	}
}

func TestDryRunsOfChanges(t *testing.T) {
	world := writing(t, "", "", nil)
	d := fileWith(t, "bot.json", `{"name":"RetailBot","secret":"EXAMPLE-NOT-A-REAL-SECRET="}`)
	for want, args := range map[string][]string{
		`/publish {"versionComment":"x","initiateTraining":true}`:                                {"publish", "--comment", "x"},
		`/uploadfile file=bot.json (58 bytes) fileContext=bulkImport fileExtension=json`:         {"import", "--definition", d, "--config", d},
		`/import/botfunctions [{"fileName":"bot.json","fileId":`:                                 {"import-functions", d},
		`DELETE /api/public/bot/eraseUsersData {"userIds":["u-1"],"RemoveDataFromAllBots":true}`: {"erase", "u-1", "--all-bots"},
		`/conversation/testsuite/import {"fileName":`:                                            {"tests", "import", "smoke", d},
	} {
		out, talk, code := run(t, append(args, "--dry-run")...)
		if code != 0 || !strings.Contains(out, want) || !strings.Contains(talk, "auth: ••••") || strings.Contains(out, "NOT-A-REAL") {
			t.Errorf("%q left with %d:\n%s%s", args, code, out, talk)
		}
	}
	tr := world.Truth()
	if len(tr.Acts) != 0 || len(tr.Requests) != 0 {
		t.Errorf("%+v, %v", tr.Acts, tr.Requests)
	}
}

func TestNoAdminCredential(t *testing.T) {
	world := writing(t, "", "", nil)
	path := filepath.Join(os.Getenv("XDG_CONFIG_HOME"), "korescope", "config.toml")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, _, _ := strings.Cut(string(b), "[profiles.t.admin]")
	if err := os.WriteFile(path, []byte(before), 0o600); err != nil {
		t.Fatal(err)
	}
	_, talk, code := run(t, "publish", "--comment", "x", "--yes", "RetailBot")
	if code != 4 || !strings.Contains(talk, "Bot Publish > Publish") || len(world.Truth().Acts) != 0 {
		t.Errorf("left with %d: %s", code, talk)
	}
}

func TestErasingUsers(t *testing.T) {
	world := writing(t, "", "", nil)
	app := world.Credentials()[0]
	user := world.Truth().Sessions(app.BotID, api.Last(24*time.Hour, time.Now()))[0].User
	succeed(t, "sessions", "--limit", "0")
	case1 := filepath.Join(t.TempDir(), "case")
	session := world.Truth().Sessions(app.BotID, api.Last(24*time.Hour, time.Now()))[0].ID
	succeed(t, "messages", string(session))
	succeed(t, "llm", string(session))
	succeed(t, "export", string(session), "--no-mask", "--to", case1)
	out, talk, code := quickly(t.Context(), hasty, "erase", string(user), "--yes", "1", "-o", "ndjson")
	if code != 0 || done(world, api.EraseUsers) != 1 || !strings.Contains(talk, "removed here too: 1 users") || !strings.Contains(talk, case1) {
		t.Fatalf("left with %d: %s%s", code, out, talk)
	}
	for _, e := range journalLines(t) {
		if strings.Contains(fmt.Sprint(e), string(user)) {
			t.Errorf("the journal names the user: %+v", e)
		}
	}
	if out := succeed(t, "sessions", "--offline", "--user", string(user), "-o", "ndjson"); strings.Contains(out, string(session)) {
		t.Errorf("still here: %s", out)
	}
	if out, talk, code := run(t, "erase", "a", "b", "a", "--yes", "3"); code != 2 || !strings.Contains(talk, `--yes "2"`) {
		t.Errorf("a user named twice is one: %d, %s%s", code, out, talk)
	}
}
