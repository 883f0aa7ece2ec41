package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"korescope/api"
	"korescope/api/sim"
	"korescope/cache"
	"korescope/ui"
)

// filesBelow is every file under the folders of the program, by path, the cache
// as its pages are once they are decrypted.
func filesBelow(t *testing.T, secret string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for _, env := range []string{"XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"} {
		dir := filepath.Join(os.Getenv(env), "korescope")
		err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			if err != nil || !e.Type().IsRegular() {
				return err
			}
			if out[path], err = os.ReadFile(path); err != nil {
				return err
			}
			name, ok := strings.CutSuffix(e.Name(), ".db")
			if !ok {
				return nil
			}
			s, _, err := cache.Open(t.Context(), cache.Options{Dir: filepath.Dir(path), Name: name, Secret: secret, Now: time.Now})
			if err != nil {
				return err
			}
			defer func() { _ = s.Close() }()
			out[path+" decrypted"], err = s.Pages(t.Context())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// holding are the files that hold one of the texts, with the text.
func holding(files map[string][]byte, texts []string) (out []string) {
	for path, data := range files {
		for _, s := range texts {
			if bytes.Contains(data, []byte(s)) {
				out = append(out, fmt.Sprintf("%s: %q", path, s))
			}
		}
	}
	slices.Sort(out)
	return out
}

// An erased user is nowhere in what this program keeps: neither their ids, nor
// those of their sessions, nor what they said, in any page or file.
func TestAnErasedUserIsNowhereHere(t *testing.T) {
	world := writing(t, "", "", nil)
	app := world.Credentials()[0]
	all := world.Truth().Sessions(app.BotID, api.Last(24*time.Hour, time.Now()))
	at := slices.IndexFunc(all, func(s sim.SessionTruth) bool { return s.Messages > 3 && s.Calls > 0 })
	user, other := all[at].User, api.UserID("")
	texts := []string{string(user)}
	for _, s := range all {
		if s.User != user {
			other = s.User
			continue
		}
		texts = append(texts, string(s.ID))
		for line := range strings.Lines(succeed(t, "messages", string(s.ID), "-o", "ndjson", "--fields", "text")) {
			var m struct{ Text string }
			// Shorter ones are part of others, and of what this program says itself.
			if err := json.Unmarshal([]byte(line), &m); err == nil && len(m.Text) > 25 {
				texts = append(texts, m.Text)
			}
		}
		succeed(t, "llm", string(s.ID))
		succeed(t, "timeline", string(s.ID))
	}
	succeed(t, "sessions", "--limit", "0")
	folder := filepath.Join(t.TempDir(), "case")
	succeed(t, "export", texts[1], "--to", folder)
	state := filepath.Join(os.Getenv("XDG_STATE_HOME"), "korescope")
	typed := past{dir: state}
	for _, line := range []string{"session " + texts[1], "logs 24h " + string(user), "find refund"} {
		if err := typed.keep(ui.CommandPrompt, line); err != nil {
			t.Fatal(err)
		}
	}
	if err := (saved{dir: state, profile: "t"}).keep("mine", "session "+texts[1]); err != nil {
		t.Fatal(err)
	}
	if _, err := (clipboard{dir: state}).toFile(texts[len(texts)-1]); err != nil {
		t.Fatal(err)
	}
	before := holding(filesBelow(t, app.Secret), texts)
	if len(before) < len(texts)+4 {
		t.Fatalf("the test finds too little before: %d texts in\n%s", len(texts), strings.Join(before, "\n"))
	}
	stale := filepath.Join(os.Getenv("XDG_CACHE_HOME"), "korescope")
	kept, _ := filepath.Glob(filepath.Join(stale, "*.db"))
	old := kept[0][:len(kept[0])-len("00000000.db")] + "0badcafe.db"
	if err := os.WriteFile(old, []byte("made with another secret"), 0o600); err != nil {
		t.Fatal(err)
	}

	_, talk, code := quickly(t.Context(), hasty, "erase", string(user), "--yes", "1", "-o", "ndjson")
	if code != 0 || !strings.Contains(talk, "removed here too: 1 users") || !strings.Contains(talk, "was searched: nothing names them") {
		t.Fatalf("left with %d: %s", code, talk)
	}
	if !strings.Contains(talk, fmt.Sprintf("%q holds an erased user", folder)) {
		t.Errorf("the case folder is not listed: %s", talk)
	}
	after := filesBelow(t, app.Secret)
	if left := holding(after, texts); len(left) > 0 {
		t.Errorf("left behind:\n%s", strings.Join(left, "\n"))
	}
	if len(holding(after, []string{string(other)})) == 0 {
		t.Error("others are gone too")
	}
	if left := typed.read(); len(left[ui.CommandPrompt]) != 1 {
		t.Errorf("typed lines: %q", left)
	}
	if _, err := os.Stat(old); err == nil {
		t.Error("a cache that nobody can read is still there")
	}
	if _, err := os.Stat(filepath.Join(folder, "manifest.json")); err != nil {
		t.Errorf("the case folder was touched: %v", err)
	}
	lines := journalLines(t)
	if last := fmt.Sprint(lines[len(lines)-1]); !strings.Contains(last, "user-") {
		t.Errorf("the journal names no hash: %s", last)
	}
}
