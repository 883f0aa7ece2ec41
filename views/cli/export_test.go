package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"korescope/api"
	"korescope/cache"
	"korescope/config"
	"korescope/views"
)

// caseFiles reads a case file whole: it checks modes, names and hashes on the way.
func caseFiles(t *testing.T, dir string) (map[string][]byte, manifest) {
	t.Helper()
	if info, err := os.Lstat(dir); err != nil || info.Mode() != fs.ModeDir|0o700 {
		t.Fatalf("the folder: %v, %v", info, err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || info.Mode() != 0o600 {
			t.Errorf("%s: %v, %v", e.Name(), info.Mode(), err)
		}
		if all[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	var m manifest
	if err := json.Unmarshal(all[manifestFile], &m); err != nil {
		t.Fatal(err)
	}
	if want := []string{timelineFile, sessionsFile, messagesFile, callsFile, requestsFile}; len(all) != len(want)+1 || len(m.Files) != len(want) {
		t.Fatalf("%d files, %d in the manifest", len(all), len(m.Files))
	}
	for _, f := range m.Files {
		sum := sha256.Sum256(all[f.Name])
		if hex.EncodeToString(sum[:]) != f.SHA256 || int64(len(all[f.Name])) != f.Size || f.Size == 0 {
			t.Errorf("%s: the manifest says %d bytes, %s", f.Name, f.Size, f.SHA256)
		}
	}
	return all, m
}

// dead fails the test when a file holds anything that a terminal obeys.
func dead(t *testing.T, all map[string][]byte) {
	t.Helper()
	for name, data := range all {
		if !utf8.Valid(data) {
			t.Errorf("%s is no UTF-8", name)
		}
		for _, r := range string(data) {
			if r < 0x20 && r != '\n' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200b {
				t.Fatalf("%s holds %U", name, r)
			}
		}
	}
}

func sessionIDsOf(t *testing.T, n int) []string {
	t.Helper()
	ids := strings.Fields(succeed(t, "sessions", "--since", "2d", "-q", "type:dropOff", "--jq", ".[].sessionId"))
	if len(ids) < n {
		t.Fatalf("only %d sessions", len(ids))
	}
	return ids[:n]
}

// A case file holds what the commands print, and says how it came about.
func TestACaseFileHoldsWhatTheCommandsPrint(t *testing.T) {
	world := stage(t, "", nil)
	ids := sessionIDsOf(t, 3)
	before := world.Truth().Requests
	for _, how := range []string{"--mask", "--no-mask"} {
		dir := filepath.Join(t.TempDir(), "case")
		out, talk, code := run(t, append([]string{"export", "--to", dir, how}, ids...)...)
		if code != 0 || out != "" || !strings.Contains(talk, "wrote "+dir) || strings.Contains(talk, "warning") != (how == "--no-mask") {
			t.Fatalf("%d, %q, %q", code, out, talk)
		}
		all, m := caseFiles(t, dir)
		dead(t, all)
		for file, args := range map[string][]string{
			messagesFile: append([]string{"messages"}, ids...), callsFile: append([]string{"llm"}, ids...),
			sessionsFile: {"sessions", "--id", strings.Join(ids, ",")},
		} {
			var got, want []map[string]any
			if err := errors.Join(json.Unmarshal(all[file], &got), json.Unmarshal([]byte(succeed(t, append(args, "-o", "json", how)...)), &want)); err != nil {
				t.Fatal(err)
			}
			if len(got) == 0 || !reflect.DeepEqual(got, want) {
				t.Errorf("%s %s: %d records, the command prints %d", how, file, len(got), len(want))
			}
		}
		if !m.Complete || m.Masked != (how == "--mask") || (m.Masking != nil) != m.Masked || len(m.Sessions) != 3 || m.Counts.Messages == 0 || m.Counts.Calls == 0 {
			t.Errorf("%s: %+v", how, m)
		}
		for _, id := range ids {
			if !strings.Contains(string(all[timelineFile]), "## "+id) {
				t.Errorf("no time line of %s", id)
			}
		}
		if how == "--mask" { // the second time everything is cached
			made := 0
			for name, n := range world.Truth().Requests {
				made += n - before[name]
			}
			if m.Counts.Requests != made || made == 0 {
				t.Errorf("%d requests in the manifest, the platform saw %d", m.Counts.Requests, made)
			}
		}
	}
}

// personal are things that point at a person or open a door; none may be left.
func personal() []string {
	return []string{
		"canary.person@example.test", "+49 151 23456789", "4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00",
		"sk-canary0123456789abcdef", "Bearer canary.token.0123456789", "https://a.example.test/x?token=canaryquery", "49\u200b15\u200b19\u200b87\u200b65",
	}
}

// remains are pieces of them that a mask must not leave.
func remains() []string {
	return []string{
		"canary.person", "151 2345", "1111 1111", "0044 0532", "canary0123", "canary.token", "canaryquery", "4915198765", "5512345678901",
	}
}

// filled puts words into every string of a value, and JSON that holds them at
// every depth into every payload. Ids and what is listed stay.
func filled(v reflect.Value, words string, stay ...string) {
	inner, _ := json.Marshal(map[string]any{"deep": []string{words}})
	payload, _ := json.Marshal(map[string]any{
		words: words, "phone": 5512345678901, "apiKey": "canary0123456789", "text": string(inner), "list": []any{map[string]string{"a": words}},
	})
	for i := range v.NumField() {
		f, name := v.Field(i), v.Type().Field(i).Name
		switch {
		case slices.Contains(stay, name):
		case f.Type() == reflect.TypeFor[json.RawMessage]():
			f.SetBytes(payload)
		case f.Kind() == reflect.String:
			f.SetString(words)
		case f.Type() == reflect.TypeFor[[]string]():
			f.Set(reflect.ValueOf([]string{words}))
		case f.Type() == reflect.TypeFor[[]api.Tag]():
			f.Set(reflect.ValueOf([]api.Tag{{Name: words, Value: payload}, {Name: "customerPhone", Value: json.RawMessage("5512345678901")}}))
		case f.Type() == reflect.TypeFor[[]api.Option]():
			f.Set(reflect.ValueOf([]api.Option{{Title: words, Value: words}}))
		}
	}
}

// Whatever a conversation holds, wherever it stands: masked, nothing personal is
// left, and in no case anything that a terminal obeys.
func TestNothingPersonalIsLeftAndNothingIsAlive(t *testing.T) {
	const id = "68f1a3d04c7e2b9a5d10e3f7"
	at := time.Date(2031, 3, 12, 13, 47, 0, 0, time.UTC)
	for _, masked := range []bool{true, false} {
		words := strings.Join(append(personal(), "\x1b[2J\x1b]52;c;ZXZpbA==\x07\u009b31m\u202etxt\u202c <script> # *x*\n- item\r"), " ")
		s := api.Session{Start: at, End: at.Add(time.Minute)}
		filled(reflect.ValueOf(&s).Elem(), words, "ID", "Bot")
		s.ID, s.Bot = id, "st-1"
		m := api.Message{Time: at.Add(time.Second)}
		filled(reflect.ValueOf(&m).Elem(), words, "ID", "Session", "Bot", "Direction", "TraceID", "Unreadable")
		m.ID, m.Session, m.Direction = "ms-1", id, api.FromUser
		broken := m
		broken.ID, broken.Unreadable = "ms-2", words
		c := api.LLMCall{Start: at.Add(2 * time.Second)}
		filled(reflect.ValueOf(&c).Elem(), words, "ID", "Session", "Bot", "Joined", "Unreadable", "TokensFrom")
		c.ID, c.Session, c.Joined = "68f1a3d04c7e2b9a5d10e3f8", id, api.ByID

		file := caseOf(t, masked)
		file.sessions, file.messages, file.said = []api.Session{s}, map[api.SessionID][]api.Message{id: {m, broken}}, 2
		file.calls = []api.LLMCall{c}
		file.e.notes, file.e.partial = []string{words}, true
		file.e.unknown = []api.SessionID{"\x1b[2J"}
		file.e.err = &api.Error{Kind: api.Refused, Said: words}
		file.requests.note(api.Observed{Endpoint: api.GetSessions, At: at, Status: 200})
		dir := filepath.Join(t.TempDir(), "case")
		if err := file.write(t.Context(), dir); err != nil {
			t.Fatal(err)
		}
		all, _ := caseFiles(t, dir)
		dead(t, all)
		for name, data := range all {
			for _, r := range remains() {
				switch found := strings.Contains(plainText(data), r); {
				case masked && found:
					at := strings.Index(plainText(data), r)
					t.Errorf("%s holds %q: %s", name, r, plainText(data)[max(at-300, 0):min(at+100, len(plainText(data)))])
				case !masked && !found && name == callsFile:
					t.Errorf("unmasked, %s does not hold %q: the test looks for the wrong thing", name, r)
				}
			}
		}
	}
}

// plainText is a file without the escapes of Markdown and JSON, so that nothing
// hides behind them.
func plainText(data []byte) string {
	return strings.NewReplacer(`\u200b`, "", `\`, "", "<U+200B>", "").Replace(string(data))
}

// caseOf is an export with a cache in memory and nobody to ask.
func caseOf(t *testing.T, masked bool) *caseFile {
	t.Helper()
	store, _, err := cache.Open(t.Context(), cache.Options{Memory: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	p := newProgram(Streams{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard})
	c := &caseFile{p: p, d: &desk{
		store: store, payloads: cache.Calls(store), clock: time.Now, zone: time.UTC,
		profile: config.Profile{Name: "one", Host: "https://bots.example.test", BotID: "st-1", Timezone: time.UTC},
	}}
	if masked {
		m, err := views.NewMasker(nil)
		if err != nil {
			t.Fatal(err)
		}
		c.mask = m
	}
	return c
}

// The simulator makes every string of every answer hostile.
func TestACaseFileOfAHostilePlatform(t *testing.T) {
	world := stage(t, "hostile-text", nil)
	bot := world.Credentials()[0].BotID
	day := world.Anchor().Add(-24 * time.Hour)
	var ids []string
	for _, s := range world.Truth().Sessions(bot, api.Between(day.Add(-8*time.Hour), day)) {
		if s.Calls > 0 && len(ids) < 5 {
			ids = append(ids, string(s.ID))
		}
	}
	dir := filepath.Join(t.TempDir(), "case")
	_, talk, code := run(t, append([]string{"export", "--no-mask", "--to", dir}, ids...)...)
	if code != 0 && code != views.ExitPartial {
		t.Fatalf("%d, %s", code, talk)
	}
	all, m := caseFiles(t, dir)
	dead(t, all)
	if n := strings.Count(string(all[callsFile]), "canary-"); n < 5 || m.Counts.Messages == 0 {
		t.Errorf("%d hostile strings in %s, %+v", n, callsFile, m.Counts)
	}
}
