package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"korescope/api"
	"korescope/api/kore"
	"korescope/api/sim"
	"korescope/views"
)

// seededCuts is how many acts meet a fault; the long form is 5000.
//
//nolint:gochecknoglobals // a test flag has to be registered before main runs
var seededCuts = flag.Int("cuts", 180, "acts that meet a lost line, a failing gateway or no answer")

// cutter stands between client and platform and loses the line at a byte of the
// request or of the answer.
type cutter struct {
	listener net.Listener
	platform string

	mu     sync.Mutex
	up     int64  // bytes of the request that pass; -1 all
	down   int64  // bytes of the answer that pass; -1 all
	answer string // given by a gateway instead of the platform's answer
	before bool   // the gateway answers without asking the platform
	silent func() // the answer never comes, and the asker gives up
	open   int    // connections that are carried
	idle   *sync.Cond
}

func newCutter(t *testing.T, platform string) *cutter {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cutter{listener: l, platform: strings.TrimPrefix(platform, "http://")}
	c.idle = sync.NewCond(&c.mu)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			c.carrying(1)
			go c.carry(conn)
		}
	}()
	return c
}

func (c *cutter) carrying(more int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open += more
	c.idle.Broadcast()
}

// wait waits until nothing is carried any more.
func (c *cutter) wait() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.open > 0 {
		c.idle.Wait()
	}
}

func (c *cutter) set(up, down int64, answer string, before bool, silent func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.up, c.down, c.answer, c.before, c.silent = up, down, answer, before, silent
}

// carry passes one connection on, as far as it goes. It ends when the platform is
// done with what came through.
func (c *cutter) carry(client net.Conn) {
	defer c.carrying(-1)
	defer client.Close() //nolint:errcheck // it may be cut already
	c.mu.Lock()
	up, down, answer, before, silent := c.up, c.down, c.answer, c.before, c.silent
	c.mu.Unlock()
	if silent != nil {
		time.AfterFunc(20*time.Millisecond, silent)
	}
	if before {
		_, _ = io.ReadAtLeast(client, make([]byte, 1<<16), 1)
		_, _ = io.WriteString(client, answer)
		return
	}
	platform, err := net.Dial("tcp", c.platform)
	if err != nil {
		return
	}
	defer platform.Close() //nolint:errcheck // only read from
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		if up < 0 {
			_, _ = io.Copy(platform, client)
		} else {
			_, _ = io.CopyN(platform, client, up)
			reset(client)
		}
		_ = platform.(*net.TCPConn).CloseWrite()
	}()
	switch {
	case silent != nil:
		_, _ = io.Copy(io.Discard, platform)
	case answer != "":
		_, _ = io.Copy(io.Discard, platform)
		_, _ = io.WriteString(client, answer)
	case down >= 0:
		_, _ = io.CopyN(client, platform, down)
		reset(client)
		_, _ = io.Copy(io.Discard, platform)
	default:
		_, _ = io.Copy(client, platform)
	}
	if silent != nil {
		<-sent // until the client gives up
	}
}

// reset cuts a connection the hard way.
func reset(c net.Conn) {
	_ = c.(*net.TCPConn).SetLinger(0)
	_ = c.Close()
}

// witnessed looks into the journal while the platform is asked for something that
// changes it.
type witnessed struct {
	mu    sync.Mutex
	path  string
	want  int // lines that are begun when the platform is asked
	asked int // requests whose path is that of a write
	blind int // of them, those without a line of their own in the journal
}

func (w *witnessed) around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		w.asked++
		if begunLines(w.path) < w.want {
			w.blind++
		}
		w.mu.Unlock()
		next.ServeHTTP(rw, r)
	})
}

func (w *witnessed) counts() (asked, blind int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.asked, w.blind
}

// begunLines counts the lines from before a call.
func begunLines(path string) int {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	return bytes.Count(data, []byte(`"answer":null`))
}

// openLine reports that the last line of the journal waits for its answer.
func openLine(path string) bool {
	data, err := os.ReadFile(path)
	if err != nil {
		return false
	}
	data = bytes.TrimSuffix(data, []byte("\n"))
	var e entry
	return json.Unmarshal(data[bytes.LastIndexByte(data, '\n')+1:], &e) == nil && e.Answer == nil
}

// seededActs are calls that change something, each against its own client.
func seededActs(bot, admin *kore.Client) []func(context.Context) (string, error) {
	upload := api.Upload{Name: "bot.json", Extension: "json", Size: 2, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader("{}")), nil
	}}
	const file = "68f20a1c00000000000000b1"
	return []func(context.Context) (string, error){
		func(ctx context.Context) (string, error) {
			_, err := bot.StartTest(ctx, api.TestStart{Suite: "Refunds smoke", Version: api.Published, Email: "owner@example.test"})
			return api.RunSuite, err
		},
		func(ctx context.Context) (string, error) {
			_, err := bot.StartImport(ctx, api.SuiteImport{FileID: file, Name: "smoke", Email: "owner@example.test"})
			return api.ImportSuite, err
		},
		func(ctx context.Context) (string, error) {
			_, err := bot.DeleteConversations(ctx, api.Deletion{Conversations: []api.SessionID{"68f1a3d04c7e2b9a5d10e3f7"}})
			return api.DeleteConversations, err
		},
		func(ctx context.Context) (string, error) {
			_, err := admin.Upload(ctx, upload)
			return api.UploadFile, err
		},
		func(ctx context.Context) (string, error) {
			_, err := admin.Publish(ctx, api.PublishStart{Comment: "fix"})
			return api.Publish, err
		},
		func(ctx context.Context) (string, error) {
			_, err := admin.ImportBot(ctx, api.BotImport{Definition: file, Config: file})
			return api.ImportBot, err
		},
		func(ctx context.Context) (string, error) {
			_, err := admin.ImportFunctions(ctx, []api.FunctionFile{{Name: "f.js", File: file}})
			return api.ImportFunctions, err
		},
		func(ctx context.Context) (string, error) {
			_, err := admin.EraseUsers(ctx, api.Erasure{Users: []api.UserID{"u-1"}})
			return api.EraseUsers, err
		},
	}
}

// Whatever becomes of the line, an act is carried out at most once, stands in the
// journal before it is sent and again with its end, and an end that is not clear
// is said to be unclear: no failure is told of what was done.
func TestActsAreSentOnceWhateverBecomesOfTheLine(t *testing.T) {
	limits := api.Limits{PerMinute: 1 << 20, PerHour: 1 << 24}
	world, err := sim.New(sim.Options{Seed: 3, Now: time.Now, Limits: limits})
	if err != nil {
		t.Fatal(err)
	}
	w := &witnessed{}
	server := httptest.NewServer(w.around(world.Handler()))
	t.Cleanup(server.Close)
	line := newCutter(t, server.URL)
	r := rand.New(rand.NewPCG(20261127, 5))
	said := map[api.Kind]int{}
	var acts []func(context.Context) (string, error)
	for n := range *seededCuts {
		if n%50 == 0 { // a journal that stays short
			acts = linedActs(t, w, world, "http://"+line.listener.Addr().String(), limits)
		}
		ctx, cancel := context.WithCancel(t.Context())
		switch fault := r.IntN(10); {
		case fault < 4:
			line.set(r.Int64N(1600), -1, "", false, nil)
		case fault < 8:
			line.set(-1, r.Int64N(900), "", false, nil)
		case fault == 8:
			status := []string{"500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout"}[r.IntN(4)]
			line.set(-1, -1, "HTTP/1.1 "+status+"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", r.IntN(2) == 0, nil)
		default:
			line.set(-1, -1, "", false, cancel)
		}
		w.mu.Lock()
		w.want = n%50 + 1
		w.mu.Unlock()
		before := world.Truth()
		asked, _ := w.counts()
		call, err := acts[r.IntN(len(acts))](ctx)
		cancel()
		line.wait()
		done := countActs(world.Truth(), call) - countActs(before, call)
		now, blind := w.counts()
		kind := api.KindOf(err)
		said[kind]++
		switch {
		case done > 1, now-asked > 1:
			t.Fatalf("run %d: %s was sent %d times and done %d times", n, call, now-asked, done)
		case blind > 0:
			t.Fatalf("run %d: %s was sent without a line", n, call)
		case err == nil && done != 1:
			t.Fatalf("run %d: %s is said to be done and was done %d times", n, call, done)
		case err != nil && kind != api.OutcomeUnknown && done > 0:
			t.Fatalf("run %d: %s was done and is said to be %v", n, call, err)
		case openLine(w.path):
			t.Fatalf("run %d: %s has no end in the journal", n, call)
		}
		if err != nil && kind == api.OutcomeUnknown {
			words := views.Explain(err, views.Situation{}).Sentence.String()
			if !strings.Contains(words, "not known") && !strings.Contains(words, "never came") {
				t.Fatalf("run %d: %q", n, words)
			}
		}
	}
	t.Logf("%d acts over a line that fails: 0 sent twice, 0 without a line; ended as %v", *seededCuts, said)
	if said[api.OutcomeUnknown] == 0 || said[api.KindUnknown] == 0 {
		t.Errorf("the faults are of one sort: %v", said)
	}
}

// linedActs are the acts of two clients that share a new journal.
func linedActs(t *testing.T, w *witnessed, world *sim.World, host string, limits api.Limits) []func(context.Context) (string, error) {
	t.Helper()
	bot := world.Credentials()[0].BotID
	j := journal{dir: filepath.Join(t.TempDir(), "state"), profile: "p", host: host, bot: string(bot), clock: time.Now, hash: func(api.UserID) string { return "user-x" }}
	w.mu.Lock()
	w.path = filepath.Join(j.dir, journalName)
	w.mu.Unlock()
	client := func(nth int) *kore.Client {
		cred := world.Credentials()[nth]
		c, err := kore.New(kore.Options{
			Host: host, Limits: limits, Writes: true, Journal: j,
			Credentials: kore.Credentials{ClientID: cred.ClientID, Bot: bot, Admin: cred.Scope == "admin", Secret: func(context.Context) (string, error) {
				return cred.Secret, nil
			}},
		})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	return seededActs(client(0), client(2))
}

func countActs(tr sim.Truth, call string) (n int) {
	for _, a := range tr.Acts {
		if a.Op == call {
			n++
		}
	}
	return n
}

// killedActs are commands that change something, by the call that does it.
func killedActs(t *testing.T) map[string][]string {
	t.Helper()
	return map[string][]string{
		api.Publish:         {"publish", "--comment", "fix", "--yes", "RetailBot", "--no-wait"},
		api.ImportBot:       {"import", "--definition", fileWith(t, "bot.json", `{"name":"RetailBot"}`), "--config", fileWith(t, "config.json", "{}"), "--yes", "RetailBot", "--no-wait"},
		api.ImportFunctions: {"import-functions", fileWith(t, "f.js", "f()"), "--yes", "RetailBot"},
		api.EraseUsers:      {"erase", "u-1", "--yes", "1", "--no-wait"},
		api.ImportSuite:     {"tests", "import", "smoke", fileWith(t, "smoke.json", "[]"), "--yes", "smoke"},
		api.RunSuite:        {"tests", "run", "Refunds smoke", "--no-wait", "--new"},
	}
}

// A program that is killed in the middle of a change has made it at most once, has a
// line for everything it made, and changes nothing when it is started again.
func TestAKilledChangeIsNotRepeated(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	world := writing(t, "", "", nil)
	path := filepath.Join(os.Getenv("XDG_STATE_HOME"), "korescope", journalName)
	r := rand.New(rand.NewPCG(20261127, 9))
	acts := killedActs(t)
	calls := slices.Sorted(maps.Keys(acts))
	most, made := max(2*len(calls), *seededCuts/25), map[string]int{}
	for n := range most {
		call := calls[n%len(calls)]
		before, lines, all := done(world, call), begunLines(path), len(world.Truth().Acts)
		cmd := exec.CommandContext(t.Context(), self)
		cmd.Args = append([]string{"korescope"}, acts[call]...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		kill := time.AfterFunc(time.Duration(5+r.IntN(250))*time.Millisecond, func() { _ = cmd.Process.Kill() })
		err := cmd.Wait()
		kill.Stop()
		var left *exec.ExitError
		if err != nil && !errors.As(err, &left) || left != nil && left.ExitCode() == views.ExitUsage {
			t.Fatalf("%v: %v", acts[call], err)
		}
		now := done(world, call) - before
		made[call] += now
		if acted := len(world.Truth().Acts) - all; now > 1 || acted > begunLines(path)-lines {
			t.Fatalf("run %d: %s done %d times, %d acts in all, %d lines begun", n, call, now, acted, begunLines(path)-lines)
		}
	}
	settled := len(world.Truth().Acts)
	if _, broken, err := readJournal(path); err != nil || len(broken) > 0 {
		t.Errorf("the journal is broken at %v, %v", broken, err)
	}
	_, talk, code := quickly(t.Context(), hasty, "journal")
	open := begunLines(path) - (journalSize(path) - begunLines(path))
	if code != 0 || open > 0 != strings.Contains(talk, "without an answer") {
		t.Errorf("%d lines are open; left with %d: %s", open, code, talk)
	}
	quickly(t.Context(), hasty, "sessions", "--limit", "1")
	if n := len(world.Truth().Acts); n != settled {
		t.Errorf("%d acts more by starting again", n-settled)
	}
	t.Logf("%d killed, done %v, %d lines left open", most, made, open)
	for _, call := range calls {
		if most > 100*len(calls) && made[call] == 0 {
			t.Errorf("%s was never done: it is not tried", call)
		}
	}
}

func journalSize(path string) int {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	return bytes.Count(data, []byte("\n"))
}
