package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"korescope/api/sim"
)

// The platform lists no runs, so removing the cache leaves them; a verb of their
// own removes them.
func TestRunsOutliveTheCache(t *testing.T) {
	allowing(t, "", sim.Options{}, nil)
	kept := func(want int, suite ...string) {
		t.Helper()
		var rows []json.RawMessage
		out := succeed(t, append(append([]string{"tests", "history"}, suite...), "-o", "json")...)
		if err := json.Unmarshal([]byte(out), &rows); err != nil || len(rows) != want {
			t.Errorf("%d runs of %v are kept, not %d: %v", len(rows), suite, want, err)
		}
	}
	for _, suite := range []string{"Orders smoke", "Orders smoke", "Refunds smoke"} {
		if out, talk, code := quickly(t.Context(), hasty, "tests", "run", suite); code != 0 && code != 8 {
			t.Fatalf("%s left with %d: %s%s", suite, code, out, talk)
		}
	}
	kept(3)
	succeed(t, "cache", "clear")
	kept(3)
	if _, talk, code := run(t, "cache", "purge", "--all"); code != 0 || !strings.Contains(talk, "tests forget") {
		t.Errorf("purge left with %d: %s", code, talk)
	}
	kept(3)
	dir := filepath.Join(os.Getenv("XDG_STATE_HOME"), "korescope", "runs")
	files, err := os.ReadDir(dir)
	if info, _ := os.Stat(dir); err != nil || len(files) == 0 || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %d files", err, len(files))
	}
	for _, f := range files {
		if b, err := os.ReadFile(filepath.Join(dir, f.Name())); err != nil || strings.Contains(string(b), "Orders smoke") {
			t.Errorf("%s can be read without the secret, %v", f.Name(), err)
		}
	}
	for _, step := range []struct {
		suite string
		gone  int
		left  int
	}{{"Orders smoke", 2, 1}, {"Nothing", 0, 1}, {"", 1, 0}} {
		args := []string{"tests", "forget"}
		if step.suite != "" {
			args = append(args, step.suite)
		}
		if _, talk, code := run(t, args...); code != 0 || !strings.Contains(talk, "forgot "+strconv.Itoa(step.gone)+" ") {
			t.Errorf("%v left with %d: %s", args, code, talk)
		}
		kept(step.left)
	}
}

// What the sweep of old cache files cannot remove is said, and stops nothing.
func TestWhatCannotBeSweptIsSaid(t *testing.T) {
	stage(t, "", nil)
	stuck := filepath.Join(os.Getenv("XDG_CACHE_HOME"), "korescope", "gone-0badcafe.db")
	if err := os.MkdirAll(filepath.Join(stuck, "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	long := time.Now().AddDate(0, -2, 0)
	if err := os.Chtimes(stuck, long, long); err != nil {
		t.Fatal(err)
	}
	if out, talk, code := run(t, "sessions", "--limit", "1", "-o", "ndjson"); code != 0 || out == "" || !strings.Contains(talk, "old cache files could not be removed") {
		t.Errorf("left with %d: %s", code, talk)
	}
}
