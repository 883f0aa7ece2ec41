package cli

import (
	"context"
	"errors"
	"io/fs"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"korescope/api/sim"
)

// TestMain lets the test binary be the program: scripts run it by its name.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"korescope": func() {
			Harden()
			p := newProgram(Standard())
			p.wait = hasty
			os.Exit(p.run(context.Background(), os.Args[1:]))
		},
	})
}

// hasty is the pause between two looks at a job, in scripts.
func hasty(ctx context.Context, _ time.Duration) error {
	timer := time.NewTimer(5 * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("..", "..", "testdata", "cli"),
		Setup: func(e *testscript.Env) error {
			now := time.Now().UTC()
			stamp := func(d time.Duration) string { return now.Add(-d).Format(time.RFC3339) }
			for _, v := range [][2]string{
				{"HOME", e.WorkDir}, {"XDG_CONFIG_HOME", e.WorkDir + "/config"}, {"XDG_CACHE_HOME", e.WorkDir + "/cache"},
				{"XDG_STATE_HOME", e.WorkDir + "/state"}, {"TERM", "xterm"},
				{"KORESCOPE_ALLOWANCE_FILE", e.WorkDir + "/allowance"},
				{"DAYS2", stamp(48 * time.Hour)}, {"DAY", stamp(24 * time.Hour)}, {"HOUR", stamp(time.Hour)},
			} {
				e.Setenv(v[0], v[1])
			}
			e.Values[serverKey{}] = &current{}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"platform": platform, "exits": exitsWith, "clean": clean, "canary": canary, "newest": newest, "gone": gone,
			"remember": remember,
		},
		RequireUniqueNames: true,
	})
}

// platform starts the simulator with the faults given.
func platform(ts *testscript.TestScript, _ bool, args []string) {
	list := ""
	if len(args) > 0 {
		list = args[0]
	}
	faults, err := sim.ParseFaults(list)
	ts.Check(err)
	world, err := sim.New(sim.Options{Seed: 3, Faults: faults, TestStep: time.Millisecond, JobTime: time.Millisecond})
	ts.Check(err)
	server := httptest.NewServer(world.Handler())
	ts.Defer(server.Close)
	ts.Value(serverKey{}).(*current).close = server.Close
	app := world.Credentials()[0]
	if len(args) > 1 {
		for _, c := range world.Credentials() {
			if c.Name == args[1] {
				app = c
			}
		}
	}
	ts.Setenv("KORESCOPE_HOST", server.URL)
	ts.Setenv("KORESCOPE_BOT_ID", string(app.BotID))
	ts.Setenv("KORESCOPE_CLIENT_ID", app.ClientID)
	ts.Setenv("KORESCOPE_CLIENT_SECRET", app.Secret)
	day := time.Now().Add(-24 * time.Hour)
	for i, s := range world.Truth().Sessions(app.BotID, window(day.Add(-24*time.Hour), day)) {
		if i < 3 {
			ts.Setenv("SESSION"+strconv.Itoa(i+1), string(s.ID))
		}
	}
}

// current is the platform of a script.
type current struct{ close func() }

type serverKey struct{}

// remember keeps what the last program printed in a variable.
func remember(ts *testscript.TestScript, _ bool, args []string) {
	ts.Setenv(args[0], strings.TrimSpace(ts.ReadFile("stdout")))
}

// gone takes the platform away.
func gone(ts *testscript.TestScript, _ bool, _ []string) { ts.Value(serverKey{}).(*current).close() }

// exitsWith runs a program and compares its exit code.
func exitsWith(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	code := 0
	var left *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &left) {
		code = left.ExitCode()
	} else {
		ts.Check(err)
	}
	if code != want {
		ts.Fatalf("left with %d, not %d", code, want)
	}
}

// clean checks that the last program printed nothing that a terminal obeys.
func clean(ts *testscript.TestScript, _ bool, _ []string) {
	for _, stream := range []string{"stdout", "stderr"} {
		for _, r := range ts.ReadFile(stream) {
			if r < 0x20 && r != '\n' && r != '\t' && r != '\r' || r >= 0x7f && r < 0xa0 {
				ts.Fatalf("%s holds %U", stream, r)
			}
		}
	}
}

// canary checks that the secret is in no output and in no file.
func canary(ts *testscript.TestScript, _ bool, _ []string) {
	secret := ts.Getenv("KORESCOPE_CLIENT_SECRET")
	for _, stream := range []string{"stdout", "stderr"} {
		if strings.Contains(ts.ReadFile(stream), secret) {
			ts.Fatalf("%s holds the secret", stream)
		}
	}
	files := 0
	ts.Check(filepath.WalkDir(ts.Getenv("WORK"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		data, err := os.ReadFile(path)
		if strings.Contains(string(data), secret) {
			ts.Fatalf("%s holds the secret", path)
		}
		return err
	}))
	if files == 0 {
		ts.Fatalf("there are no files to look into")
	}
}

// newest checks that the last program printed times of startTime, newest first.
func newest(ts *testscript.TestScript, _ bool, _ []string) {
	lines := strings.Fields(ts.ReadFile("stdout"))
	if len(lines) < 2 {
		ts.Fatalf("only %d lines", len(lines))
	}
	for i := 1; i < len(lines); i++ {
		if lines[i] > lines[i-1] {
			ts.Fatalf("%s stands after %s", lines[i], lines[i-1])
		}
	}
}
