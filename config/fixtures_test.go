package config

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// fixtures is where the good and the broken files are.
const fixtures = "../testdata/config"

// update writes the lists of expected issues again, to be read before they are kept.
var update = flag.Bool("update", false, "write the expected issues again")

// tempDir is a temporary folder closed to others under any umask.
func tempDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, d := range []string{dir, filepath.Dir(dir)} {
		if err := os.Chmod(d, 0o700); err != nil { //nolint:gosec // a folder
			t.Fatal(err)
		}
	}
	return dir
}

// copyFixture puts a file where its mode is ours: a checkout may have any.
func copyFixture(t *testing.T, name string, mode os.FileMode) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(fixtures, name))
	if err != nil {
		t.Fatal(err)
	}
	path := writeConfig(t, string(data), mode)
	// The certificates that the full file names.
	if err := os.WriteFile(filepath.Join(filepath.Dir(path), "company.pem"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	writePair(t, filepath.Dir(path), time.Now().Add(-time.Hour), time.Now().Add(24*time.Hour))
	return path
}

// writeConfig puts a text into a config file of its own.
func writeConfig(t *testing.T, text string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(tempDir(t), "config.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

// known is a vocabulary for the tests, with a judge of keys that knows two
// actions and no dash in a key.
func known() Sources {
	return Sources{
		Env:     func(string) string { return "" },
		Environ: func() []string { return nil },
		Themes:  []string{"auto", "dark", "light", "contrast", "mono"},
		Columns: map[string][]string{"sessions": {"start", "type", "user"}, "calls": {"time", "model"}},
		Keys: func(over map[string][]string) []KeyProblem {
			var out []KeyProblem
			for action, keys := range over {
				if action != "next-session" && action != "refresh" {
					out = append(out, KeyProblem{Action: action, What: "unknown action", Hint: "next-session"})
				}
				for _, k := range keys {
					if strings.Contains(k, "-") {
						out = append(out, KeyProblem{Action: action, Key: k, What: "unknown key " + k})
					}
				}
			}
			return out
		},
	}
}

func TestGoodFilesHaveNoIssue(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(fixtures, "good-*.toml"))
	if err != nil || len(files) < 3 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		for _, i := range Check(copyFixture(t, filepath.Base(f), 0o600), known()) {
			t.Errorf("%s: %s", f, i)
		}
	}
}

func TestBrokenFilesNameEveryMistake(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(fixtures, "bad-*.toml"))
	if err != nil || len(files) < 6 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			path := copyFixture(t, filepath.Base(f), 0o644)
			got := strings.ReplaceAll(Check(path, known()).Error(), path, "config.toml") + "\n"
			golden := strings.TrimSuffix(f, ".toml") + ".issues"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("issues:\n%s\nwant:\n%s", got, want)
			}
			for _, secret := range []string{"canary", "hunter2", "nothing to see"} {
				if strings.Contains(got, secret) {
					t.Errorf("a secret is repeated: %s", secret)
				}
			}
		})
	}
}
