package cli

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"korescope/api"
	"korescope/api/sim"
	"korescope/views"
)

func window(from, to time.Time) api.Window { return api.Between(from, to) }

// stage is a platform and an environment that points at it.
func stage(t *testing.T, faults string, wrap func(http.Handler) http.Handler) *sim.World {
	t.Helper()
	return stageOf(t, faults, sim.Options{Seed: 3}, wrap)
}

func stageOf(t *testing.T, faults string, o sim.Options, wrap func(http.Handler) http.Handler) *sim.World {
	t.Helper()
	list, err := sim.ParseFaults(faults)
	if err != nil {
		t.Fatal(err)
	}
	o.Faults = list
	world, err := sim.New(o)
	if err != nil {
		t.Fatal(err)
	}
	handler := world.Handler()
	if wrap != nil {
		handler = wrap(handler)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	dir := t.TempDir()
	app := world.Credentials()[0]
	for k, v := range map[string]string{
		"HOME": dir, "TMPDIR": dir, "XDG_CONFIG_HOME": dir + "/config", "XDG_CACHE_HOME": dir + "/cache", "XDG_STATE_HOME": dir + "/state",
		"KORESCOPE_HOST": server.URL, "KORESCOPE_BOT_ID": string(app.BotID), "KORESCOPE_CLIENT_ID": app.ClientID,
		"KORESCOPE_CLIENT_SECRET": app.Secret, "KORESCOPE_PROFILE": "", "KORESCOPE_CONFIG": "", "KORESCOPE_ALLOWANCE_FILE": dir + "/allowance",
	} {
		t.Setenv(k, v)
	}
	return world
}

// configured writes the config file of the stage.
func configured(t *testing.T, file string) {
	t.Helper()
	dir := filepath.Join(os.Getenv("XDG_CONFIG_HOME"), "korescope")
	if err := errors.Join(os.MkdirAll(dir, 0o700), os.WriteFile(filepath.Join(dir, "config.toml"), []byte(file), 0o600)); err != nil {
		t.Fatal(err)
	}
}

// roomy is a stage where nobody waits for the limits, for tests that ask much.
func roomy(t *testing.T, wrap func(http.Handler) http.Handler) *sim.World {
	t.Helper()
	world := stageOf(t, "", sim.Options{Seed: 3, Limits: api.Limits{PerMinute: 100_000, PerHour: 1_000_000}}, wrap)
	configured(t, "[limits]\nrequests_per_minute = 100000\nrequests_per_hour = 1000000\n")
	return world
}

// run is one run of the program without a terminal.
func run(t *testing.T, args ...string) (out, talk string, code int) {
	t.Helper()
	var o, e strings.Builder
	code = Run(t.Context(), args, Streams{In: strings.NewReader(""), Out: &o, Err: &e})
	return o.String(), e.String(), code
}

// lasting is the time of --timeout, which ends when the test says so.
type lasting struct {
	context.Context
	end  func()
	from context.Context
}

func newLasting() *lasting {
	over, end := context.WithCancel(context.Background())
	return &lasting{Context: over, end: end, from: context.Background()}
}

func (l *lasting) Err() error {
	if l.Context.Err() != nil {
		return context.DeadlineExceeded
	}
	return nil
}

// Value is that of the context it limits, so that those made from it end with its
// own error.
func (l *lasting) Value(key any) any { return l.from.Value(key) }

func (l *lasting) run(ctx context.Context, wait func(context.Context, time.Duration) error, args ...string) (out, talk string, code int) {
	return with(ctx, func(p *program) {
		p.wait = wait
		p.within = func(from context.Context, _ time.Duration) (context.Context, context.CancelFunc) {
			l.from = from
			return l, l.end
		}
	}, args...)
}

func succeed(t *testing.T, args ...string) string {
	t.Helper()
	out, talk, code := run(t, args...)
	if code != 0 {
		t.Fatalf("%q left with %d: %s", args, code, talk)
	}
	return out
}

// Thirteen days are two slices and many pages: every session comes once, newest
// first, and the platform never has to refuse.
func TestEverySessionOnceInOrder(t *testing.T) {
	for _, faults := range []string{"", "total-lies"} {
		t.Run(faults, func(t *testing.T) {
			// Where more is announced than comes, the rows are all there and the
			// command says that they may not be.
			world := stage(t, faults, nil)
			ends := map[string]int{"": views.ExitDone, "total-lies": views.ExitPartial}[faults]
			bot := world.Credentials()[0].BotID
			w := api.Between(world.Anchor().Add(-13*24*time.Hour), world.Anchor().Add(-time.Hour))
			var want []string
			for _, s := range world.Truth().Sessions(bot, w) {
				want = append(want, views.Stamp(s.Start)+" "+string(s.ID))
			}
			slices.SortFunc(want, func(a, b string) int { return strings.Compare(b[:24], a[:24]) })
			for _, cached := range []bool{false, true} {
				var got []string
				out, talk, code := run(t, "sessions", "--from", views.Stamp(w.From), "--to", views.Stamp(w.To), "-o", "ndjson")
				if code != ends {
					t.Fatalf("left with %d: %s", code, talk)
				}
				for line := range strings.Lines(out) {
					var r struct{ SessionID, StartTime string }
					if err := json.Unmarshal([]byte(line), &r); err != nil {
						t.Fatal(err)
					}
					got = append(got, r.StartTime+" "+r.SessionID)
				}
				// Sessions without a readable start stand elsewhere; all must be there.
				if len(got) != len(want) || len(want) < 2000 {
					t.Errorf("cached %v: %d sessions, want %d", cached, len(got), len(want))
				}
				if !slices.IsSortedFunc(got, func(a, b string) int { return strings.Compare(b[:24], a[:24]) }) {
					t.Errorf("cached %v: not newest first", cached)
				}
				slices.Sort(got)
				sorted := slices.Sorted(slices.Values(want))
				if !slices.Equal(got, sorted) {
					t.Errorf("cached %v: other sessions than the platform has", cached)
				}
			}
			truth := world.Truth()
			if truth.Refused != 0 {
				t.Errorf("%d requests were refused", truth.Refused)
			}
			t.Logf("%d sessions, %v requests", len(want), truth.Requests)
		})
	}
}

// The formats are ways to print the same records.
func TestFormatsAgree(t *testing.T) {
	world := stage(t, "", nil)
	day := world.Anchor().Add(-24 * time.Hour)
	span := []string{"--from", views.Stamp(day.Add(-6 * time.Hour)), "--to", views.Stamp(day)}
	ids := strings.Fields(succeed(t, append([]string{"sessions", "--limit", "4", "--jq", ".[].sessionId"}, span...)...))
	if len(ids) != 4 {
		t.Fatal(ids)
	}
	succeed(t, append([]string{"messages"}, ids...)...) // for find, whose turn may come first
	for name, args := range map[string][]string{
		"sessions": append([]string{"sessions"}, span...), "messages": append([]string{"messages"}, ids...),
		"llm": append([]string{"llm"}, span...), "llm of sessions": append([]string{"llm"}, ids...),
		"apis": {"apis"}, "find": {"find", "t*", "--limit", "1000"},
	} {
		t.Run(name, func(t *testing.T) {
			get := func(more ...string) string { return succeed(t, append(slices.Clone(args), more...)...) }
			var array []map[string]any
			if err := json.Unmarshal([]byte(get("-o", "json")), &array); err != nil {
				t.Fatal(err)
			}
			if len(array) < 4 {
				t.Fatalf("only %d records", len(array))
			}
			keys := head(t, get("-o", "csv"))
			var lines []map[string]any
			for line := range strings.Lines(get("-o", "ndjson", "--fields", strings.Join(keys, ","))) {
				var one map[string]any
				if err := json.Unmarshal([]byte(line), &one); err != nil {
					t.Fatal(err)
				}
				if len(one) != len(keys) {
					t.Fatalf("%d keys, %d columns", len(one), len(keys))
				}
				lines = append(lines, one)
			}
			if !reflect.DeepEqual(array, lines) {
				t.Error("json and ndjson differ")
			}
			var piped []map[string]any
			if err := json.Unmarshal([]byte(get("-o", "json", "--jq", ".")), &piped); err != nil || !reflect.DeepEqual(array, piped) {
				t.Error("json and jq differ", err)
			}
			compareCells(t, keys, get("-o", "csv"), array)
		})
	}
}

func head(t *testing.T, sheet string) []string {
	t.Helper()
	row, err := csv.NewReader(strings.NewReader(sheet)).Read()
	if err != nil {
		t.Fatal(err)
	}
	return row
}

// compareCells compares what a cell can hold as it is: words, numbers, nothing.
func compareCells(t *testing.T, keys []string, sheet string, array []map[string]any) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(sheet)).ReadAll()
	if err != nil || len(rows) != len(array)+1 {
		t.Fatalf("%d rows for %d records, %v", len(rows), len(array), err)
	}
	for i, record := range array {
		for k, key := range keys {
			cell := strings.TrimPrefix(rows[i+1][k], "'")
			if key == "request" || key == "response" { // JSON in a cell
				b, err := json.Marshal(record[key])
				var held any
				if v := record[key]; v == nil && cell == "" || err == nil && json.Unmarshal([]byte(cell), &held) == nil && reflect.DeepEqual(held, v) {
					continue
				}
				t.Fatalf("%s: %q for %s", key, cell, b)
			}
			switch v := record[key].(type) {
			case nil:
				if cell != "" {
					t.Fatalf("%s: %q for null", key, cell)
				}
			case string:
				if cell != strings.ReplaceAll(strings.TrimPrefix(v, "'"), "\r\n", "\n") {
					t.Fatalf("%s: %q for %q", key, cell, v)
				}
			case float64, bool:
				if b, err := json.Marshal(v); err != nil || cell != string(b) {
					t.Fatalf("%s: %q for %s", key, cell, b)
				}
			default:
				if list, is := v.([]any); cell == "" && (!is || len(list) > 0) {
					t.Fatalf("%s: nothing for %v", key, v)
				}
			}
		}
	}
}

// Calls belong to the session they were made for, whether their rows say so or
// not, and to no other.
func TestCallsAreJoinedAsTheyWereMade(t *testing.T) {
	world := stage(t, "", nil)
	bot := world.Credentials()[0].BotID
	day := world.Anchor().Add(-24 * time.Hour)
	all := world.Truth().Sessions(bot, api.Between(day.Add(-8*time.Hour), day))
	var ids []string
	want := 0
	for _, s := range all {
		if s.Calls > 0 && len(ids) < 30 {
			ids, want = append(ids, string(s.ID)), want+s.Calls
		}
	}
	out := succeed(t, append([]string{"llm", "-o", "ndjson", "--fields", "sessionId,joinedBy,request"}, ids...)...)
	by := map[string]int{}
	for line := range strings.Lines(out) {
		var r struct {
			SessionID, JoinedBy string
			Request             json.RawMessage
		}
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		by[r.JoinedBy]++
		if !slices.Contains(ids, r.SessionID) {
			t.Errorf("a call of %s", r.SessionID)
		}
	}
	if by["id"]+by["user+time"] != want || by["id"] == 0 || by[""] != 0 {
		t.Errorf("%v, want %d calls", by, want)
	}
}

// subprocess runs the test binary as korescope.
func subprocess(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), self)
	c.Args = append([]string{"korescope"}, args...)
	return c
}

func TestClosedPipeEndsQuietly(t *testing.T) {
	stage(t, "", nil)
	for _, format := range []string{"table", "json", "ndjson", "csv"} {
		read, write, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := read.Close(); err != nil {
			t.Fatal(err)
		}
		c := subprocess(t, "sessions", "--since", "7d", "-o", format)
		var talk strings.Builder
		c.Stdout, c.Stderr = write, &talk
		err = c.Run()
		if cerr := write.Close(); cerr != nil {
			t.Fatal(cerr)
		}
		said := strings.ReplaceAll(talk.String(), "korescope: cached, ", "")
		if err != nil || strings.Contains(said, "korescope:") {
			t.Errorf("%s: %v, %q", format, err, talk.String())
		}
	}
}

func TestInterruptLeavesWith130(t *testing.T) {
	came := make(chan struct{}, 1)
	stage(t, "", func(http.Handler) http.Handler {
		return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			// Only once the question is read does the server notice that the asker left.
			if _, err := io.Copy(io.Discard, r.Body); err != nil {
				return
			}
			select {
			case came <- struct{}{}:
			default:
			}
			<-r.Context().Done()
		})
	})
	c := subprocess(t, "sessions", "-o", "json")
	var out, talk strings.Builder
	c.Stdout, c.Stderr = &out, &talk
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	<-came
	if err := c.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	_ = c.Wait() // its code is looked at below
	if code := c.ProcessState.ExitCode(); code != 130 || out.Len() > 0 || !strings.Contains(talk.String(), "Stopped.") {
		t.Errorf("left with %d, %q, %q", code, out.String(), talk.String())
	}
}

func TestServePrintsFourVariablesUntilInterrupted(t *testing.T) {
	stage(t, "", nil)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	lines := &stopAfter{lines: 4, stop: stop}
	var talk strings.Builder
	code := Run(ctx, []string{"demo", "--serve", "127.0.0.1:0"}, Streams{In: strings.NewReader(""), Out: lines, Err: &talk})
	got := strings.Split(strings.TrimSuffix(lines.String(), "\n"), "\n")
	if code != 0 || len(got) != 4 || talk.Len() > 0 {
		t.Fatalf("%d, %q, %q", code, got, talk.String())
	}
	for i, name := range []string{"KORESCOPE_HOST=http://127.0.0.1:", "KORESCOPE_BOT_ID=st-", "KORESCOPE_CLIENT_ID=cs-", "KORESCOPE_CLIENT_SECRET="} {
		if !strings.HasPrefix(got[i], name) || strings.ContainsAny(got[i], " \t'\"$") {
			t.Errorf("%q does not begin with %s", got[i], name)
		}
	}
}

// stopAfter is an output that ends the program once it has enough lines.
type stopAfter struct {
	strings.Builder
	lines int
	stop  func()
}

func (s *stopAfter) Write(b []byte) (int, error) {
	n, err := s.Builder.Write(b)
	if strings.Count(s.String(), "\n") >= s.lines {
		s.stop()
	}
	return n, err
}

// The first rows are out before the second page is asked for.
func TestRowsComeBeforeTheEnd(t *testing.T) {
	for name, c := range map[string]struct {
		endpoint string
		sessions int
		args     []string
	}{
		"sessions": {api.GetSessions, 40_000, []string{"sessions", "-o", "ndjson"}},
		"as csv":   {api.GetSessions, 40_000, []string{"sessions", "-q", "-type:agent", "-o", "csv"}},
		"calls":    {api.GetLLMLogs, 0, []string{"llm", "-o", "ndjson", "--fields", "callId"}},
		"messages": {api.GetMessagesV2, 0, []string{"messages", "-o", "ndjson"}},
	} {
		t.Run(name, func(t *testing.T) {
			printed := make(chan struct{})
			out := &stopAfter{lines: 10, stop: sync.OnceFunc(func() { close(printed) })}
			asked, ctx := 0, t.Context()
			world := stageOf(t, "", sim.Options{Seed: 3, Sessions: c.sessions}, func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if strings.HasSuffix(r.URL.Path, "/"+c.endpoint) {
						if asked++; asked == 2 {
							select {
							case <-printed:
							case <-ctx.Done(): // the test is over, and failed
							}
						}
					}
					next.ServeHTTP(w, r)
				})
			})
			if name == "messages" {
				w := api.Between(world.Anchor().Add(-24*time.Hour), world.Anchor().Add(-time.Hour))
				for _, s := range world.Truth().Sessions(world.Credentials()[0].BotID, w)[:2*transcriptsAtOnce] {
					c.args = append(c.args, string(s.ID))
				}
			}
			var talk strings.Builder
			if code := Run(ctx, c.args, Streams{In: strings.NewReader(""), Out: out, Err: &talk}); code != 0 || asked < 2 {
				t.Errorf("exit %d after %d requests: %s", code, asked, talk.String())
			}
			rows := strings.Split(strings.TrimSpace(out.String()), "\n")
			slices.Sort(rows)
			if n := len(rows); n < 60 || len(slices.Compact(rows)) != n {
				t.Errorf("%d rows, %d different", n, len(slices.Compact(rows)))
			}
		})
	}
}

func TestHelpNamesEveryFlagOfEveryCommand(t *testing.T) {
	root := (&program{}).root()
	out := succeed(t, "--help")
	for _, name := range []string{"profile", "host", "bot", "config", "offline", "fresh", "no-cache", "no-input", "timeout", "mask", "no-mask"} {
		if root.PersistentFlags().Lookup(name) == nil || !strings.Contains(out, "--"+name) {
			t.Errorf("--%s", name)
		}
	}
}

// A host whose certificate a company signed itself is believed once the profile
// names the authority, and not before.
func TestAuthorityOfTheProfile(t *testing.T) {
	world := stage(t, "", nil)
	server := httptest.NewUnstartedServer(world.Handler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // of the handshake that must fail
	server.StartTLS()
	t.Cleanup(server.Close)
	t.Setenv("KORESCOPE_HOST", server.URL)
	dir := t.TempDir()
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	files := map[string]string{
		"ca.pem": string(cert), "empty.pem": "nothing",
		"with.toml": "[profiles.one]\nca_file = \"ca.pem\"\n", "wrong.toml": "[profiles.one]\nca_file = \"empty.pem\"\n",
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for file, want := range map[string]int{"": views.ExitHost, "with.toml": views.ExitDone, "wrong.toml": views.ExitUsage} {
		args := []string{"sessions", "--since", "1h"}
		if file != "" {
			args = append(args, "--config", filepath.Join(dir, file))
		}
		if _, talk, code := run(t, args...); code != want {
			t.Errorf("%q: %d, not %d: %s", file, code, want, talk)
		}
	}
}
