package cli

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"korescope/api"
	"korescope/api/sim"
	"korescope/config"
	"korescope/ui/text"
	"korescope/views"
)

// allowing is a platform, and a profile that allows test runs.
func allowing(t *testing.T, faults string, o sim.Options, wrap func(http.Handler) http.Handler) *sim.World {
	t.Helper()
	o.Seed = 3
	if o.TestStep == 0 {
		o.TestStep = time.Millisecond
	}
	world := stageOf(t, faults, o, wrap)
	configured(t, "default_profile = \"t\"\n[profiles.t]\nallow_tests = true\ntest_email = \"owner@example.test\"\n")
	return world
}

// quickly is one run of the program that waits for jobs as told.
func quickly(ctx context.Context, wait func(context.Context, time.Duration) error, args ...string) (out, talk string, code int) {
	return with(ctx, func(p *program) { p.wait = wait }, args...)
}

// with runs a program that set has changed.
func with(ctx context.Context, set func(*program), args ...string) (out, talk string, code int) {
	var o, e strings.Builder
	p := newProgram(Streams{In: strings.NewReader(""), Out: &o, Err: &e})
	set(p)
	code = p.run(ctx, args)
	return o.String(), e.String(), code
}

func journalLines(t *testing.T) (out []entry) {
	t.Helper()
	path := filepath.Join(os.Getenv("XDG_STATE_HOME"), "korescope", journalName)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the journal is open to others: %v, %v", info, err)
	}
	for line := range strings.Lines(string(b)) {
		var e entry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		out = append(out, e)
	}
	return out
}

// One run is one request to run, whatever happens to it.
func TestARunIsAskedForOnce(t *testing.T) {
	for _, tt := range []struct {
		faults string
		code   int
		says   string
		answer string
	}{
		{"", 0, "", "done: ctr-"},
		{"commit-then-drop", 1, "the run may be on, or not", "outcome unknown"},
		{"reset@op=testsuite/run", 1, "the run may be on, or not", "outcome unknown"},
		{"status(503)@op=testsuite/run", 1, "the run may be on, or not", "outcome unknown (HTTP 503)"},
		{"scope-missing@op=testsuite/run", 4, "is missing", "scope missing (HTTP 401)"},
	} {
		t.Run(tt.faults, func(t *testing.T) {
			world := allowing(t, tt.faults, sim.Options{}, nil)
			out, talk, code := quickly(t.Context(), hasty, "tests", "run", "Orders smoke", "-o", "ndjson")
			if code != tt.code || !strings.Contains(talk, tt.says) {
				t.Errorf("left with %d: %s%s", code, out, talk)
			}
			if n := world.Truth().RunRequests["Orders smoke"]; n != 1 {
				t.Errorf("%d requests to run", n)
			}
			lines := journalLines(t)
			if len(lines) != 2 || lines[0].Answer != nil || lines[1].Answer == nil || lines[0].RequestID != lines[1].RequestID || lines[0].RequestID == "" {
				t.Fatalf("journal %+v", lines)
			}
			e := lines[1]
			if !strings.HasPrefix(*e.Answer, tt.answer) || e.Call != api.RunSuite || e.Target != "Orders smoke (published)" || e.Profile != "t" {
				t.Errorf("journal %+v, %s", e, *e.Answer)
			}
		})
	}
}

// A start whose answer is lost stays in the history as what it is.
func TestALostStartIsKept(t *testing.T) {
	allowing(t, "commit-then-drop@op=testsuite/run", sim.Options{}, nil)
	out, _, _ := quickly(t.Context(), hasty, "tests", "run", "Orders smoke", "-o", "ndjson")
	kept := succeed(t, "tests", "history", "-o", "ndjson")
	if out != kept || !strings.Contains(out, `"testRunId":null,"suite":"Orders smoke","status":"error"`) {
		t.Errorf("printed %s, kept %s", out, kept)
	}
}

// A program that is interrupted in the middle of a run and started again follows
// that run to its end.
func TestARunIsPickedUpAfterARestart(t *testing.T) {
	var ahead atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	world := allowing(t, "", sim.Options{Now: now, TestStep: time.Minute}, nil)
	for _, args := range [][]string{{"Orders smoke", "-o", "ndjson"}, {"Orders smoke", "--timeout", "1h", "-o", "ndjson"}} {
		ctx, stop := context.WithCancel(t.Context())
		out, talk, code := quickly(ctx, func(ctx context.Context, _ time.Duration) error {
			stop()
			return ctx.Err()
		}, append([]string{"tests", "run"}, args...)...)
		stop()
		if code != 130 || !strings.Contains(out, `"status":"running"`) || !strings.Contains(talk, "tests status --follow 'Orders smoke' ctr-") {
			t.Fatalf("left with %d: %s%s", code, out, talk)
		}
	}
	onwards := func(ctx context.Context, _ time.Duration) error {
		ahead.Add(int64(time.Minute))
		return ctx.Err()
	}
	ahead.Store(int64(2 * time.Minute))
	out, talk, code := quickly(t.Context(), onwards, "tests", "run", "Orders smoke", "--jq", ".[] | .status")
	if code != 0 || out != "passed\n" || !strings.Contains(talk, "follows ctr-") || !strings.Contains(talk, "started ") {
		t.Errorf("left with %d: %s%s", code, out, talk)
	}
	if n := world.Truth().RunRequests["Orders smoke"]; n != 1 {
		t.Errorf("%d requests to run", n)
	}
	if len(journalLines(t)) != 2 {
		t.Errorf("journal %+v", journalLines(t))
	}
}

// What was left alone until it was over is no answer to the next start: that
// starts a run of its own, and the old one is closed.
func TestARunThatIsOverIsNotPickedUp(t *testing.T) {
	var ahead atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	world := allowing(t, "", sim.Options{Now: now, TestStep: time.Minute}, nil)
	first := strings.TrimSpace(succeed(t, "tests", "run", "Orders smoke", "--no-wait", "--jq", ".[].testRunId"))
	ahead.Store(int64(13 * time.Minute))
	out, talk, code := quickly(t.Context(), hasty, "tests", "run", "Orders smoke", "--no-wait", "--jq", ".[].testRunId")
	second := strings.TrimSpace(out)
	if code != 0 || second == first || !strings.Contains(talk, "run "+second) || strings.Contains(talk, "follows") {
		t.Errorf("left with %d: %s%s after %s", code, out, talk, first)
	}
	out, talk, code = quickly(t.Context(), hasty, "tests", "run", "Orders smoke", "--no-wait", "--new", "--jq", ".[].testRunId")
	if third := strings.TrimSpace(out); code != 0 || third == second {
		t.Errorf("left with %d: %s%s after %s", code, out, talk, second)
	}
	if n := world.Truth().RunRequests["Orders smoke"]; n != 3 {
		t.Errorf("%d requests to run", n)
	}
	kept := succeed(t, "tests", "history", "--jq", ".[] | .testRunId + \" \" + .status")
	if !strings.Contains(kept, first+" passed") || !strings.Contains(kept, second+" running") {
		t.Errorf("kept %s", kept)
	}
}

// The end of --timeout is the end of waiting, not of the run.
func TestTimeoutLeavesTheRunOn(t *testing.T) {
	allowing(t, "", sim.Options{TestStep: time.Minute}, nil)
	limit := newLasting()
	out, talk, code := limit.run(t.Context(), func(ctx context.Context, _ time.Duration) error {
		limit.end()
		<-ctx.Done()
		return ctx.Err()
	}, "tests", "run", "Orders smoke", "--timeout", "1h", "-o", "ndjson")
	if code != 7 || !strings.Contains(out, `"status":"running"`) || !strings.Contains(talk, "is still on") {
		t.Errorf("left with %d: %s%s", code, out, talk)
	}
}

// Who leaves while the start is on its way loses neither the run nor its id.
func TestLeavingDuringAStartKeepsTheRun(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	world := allowing(t, "", sim.Options{}, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/run") {
				stop()
			}
			next.ServeHTTP(w, r)
		})
	})
	out, talk, code := quickly(ctx, hasty, "tests", "run", "Orders smoke", "-o", "ndjson")
	if code != 130 {
		t.Errorf("left with %d: %s%s", code, out, talk)
	}
	kept := succeed(t, "tests", "history", "--jq", ".[].testRunId")
	if acts := world.Truth().Acts; len(acts) != 1 || strings.TrimSpace(kept) != string(acts[0].ID) {
		t.Errorf("kept %q of %+v", kept, acts)
	}
}

// Without a journal nothing is sent.
func TestNoJournalNoAct(t *testing.T) {
	world := allowing(t, "", sim.Options{}, nil)
	if err := os.WriteFile(os.Getenv("XDG_STATE_HOME"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	out, talk, code := quickly(t.Context(), hasty, "tests", "run", "Orders smoke", "-o", "ndjson")
	if code != 2 || out != "" || !strings.Contains(talk, "nothing was sent, because the journal") {
		t.Errorf("left with %d: %s%s", code, out, talk)
	}
	if n := world.Truth().RunRequests; len(n) != 0 {
		t.Errorf("sent %v", n)
	}
}

func TestJournalOfManyWriters(t *testing.T) {
	dir := t.TempDir()
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			j := journal{dir: filepath.Join(dir, "state"), clock: time.Now}
			done, err := j.begin("testsuite/run", strings.Repeat("x", 5000))
			if err == nil {
				err = done("done")
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	b, err := os.ReadFile(filepath.Join(dir, "state", journalName))
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]int{}
	for line := range strings.Lines(string(b)) {
		var e entry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		ids[e.RequestID]++
	}
	if len(ids) != 20 {
		t.Errorf("%d acts", len(ids))
	}
}

func TestTestsLine(t *testing.T) {
	profile := config.Profile{TestEmail: "owner@example.test", TestSuites: []string{"Refunds smoke", "Regression night"}}
	d := &desk{profile: profile}
	d.learn(profile.TestSuites)
	run := func(v api.Version, names ...string) string {
		return "run " + string(v) + " " + strings.Join(names, "|")
	}
	for line, want := range map[string]string{
		"":                                   "list",
		"run smoke":                          run(api.Published, "smoke"),
		"run Refunds smoke":                  run(api.Published, "Refunds smoke"),
		"run  'Refunds smoke' , \"a\" ,b":    run(api.Published, "Refunds smoke", "a", "b"),
		"run smoke --version inDevelopment":  run(api.InDevelopment, "smoke"),
		"run --version=indevelopment a,b":    run(api.InDevelopment, "a", "b"),
		"run smoke --version published":      run(api.Published, "smoke"),
		"run smoke --version production":     "--version is published",
		"run 'Refunds smoke',\"a b\",c":      run(api.Published, "Refunds smoke", "a b", "c"),
		"run Refunds smoke Regression night": run(api.Published, "Refunds smoke", "Regression night"),
		"run a b":                            run(api.Published, "a", "b"),
		"run smoke --version":                "flag needs an argument: --version",
		"run smoke --versions inDevelopment": "did you mean --version?",
		"run smoke --no-wait":                "--no-wait has no place",
		"run":                                "needs the name of a suite",
		"run ,":                              "needs the name of a suite",
		"status smoke ctr-1":                 "follow smoke ctr-1",
		"status 'Refunds smoke' ctr-1":       "follow Refunds smoke ctr-1",
		"status Refunds smoke ctr-1":         "follow Refunds smoke ctr-1",
		"status smoke":                       "needs the name of a suite and the id of a run",
		"import x":                           "set allow_writes = true",
		"delete x":                           "set allow_writes = true",
		"smoke":                              `has no command "smoke"`,
	} {
		r, _, err := d.parse("tests " + line)
		var got string
		if err != nil {
			got = err.Error()
		} else if r := r.(views.TestsRoute); r.Follow != nil {
			got = "follow " + r.Follow.Suite + " " + string(r.Follow.ID)
		} else if starts := r.Start.Take(); len(starts) > 0 {
			var names []string
			for _, s := range starts {
				names = append(names, s.Suite)
				if s.Email != profile.TestEmail || s.Version != starts[0].Version {
					t.Errorf("%q: %+v", line, s)
				}
			}
			got = run(starts[0].Version, names...)
		} else {
			got = "list"
		}
		if !strings.HasPrefix(got, want) && (err == nil || !strings.Contains(got, want)) {
			t.Errorf("%q: %s, want %s", line, got, want)
		}
	}
	if _, _, err := (&desk{}).parse("tests run smoke"); err == nil || !strings.Contains(err.Error(), "test_email") {
		t.Errorf("without an address: %v", err)
	}
	for typed, want := range map[string][]string{
		"r":                     {"run "},
		"run R":                 {"run Refunds smoke", "run Regression night"},
		"run a,Ref":             {"run a,Refunds smoke"},
		"run smoke --v":         {"run smoke --version "},
		"run smoke --version ":  {"run smoke --version published", "run smoke --version inDevelopment"},
		"run smoke --version=i": {"run smoke --version=inDevelopment"},
		"status Reg":            {"status Regression night"},
		"nothing known":         nil,
	} {
		var got []string
		for _, c := range d.complete("tests " + typed) {
			got = append(got, strings.TrimPrefix(c.Line, "tests "))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q offers %q, want %q", typed, got, want)
		}
	}
}

// How a command leaves that ran several suites: what went wrong most.
func TestVerdictOfSeveralRuns(t *testing.T) {
	over := func(v api.Verdict, s api.JobState) outcome {
		return outcome{run: api.TestRun{ID: "ctr-1", Suite: "S", Verdict: v, State: s}}
	}
	passed, failed := over(api.VerdictPassed, api.JobSucceeded), over(api.VerdictFailed, api.JobSucceeded)
	broken, unknown := over(api.VerdictError, api.JobFailed), over(api.VerdictError, api.JobUnknown)
	on := over(api.VerdictRunning, api.JobRunning)
	late, stopped := on, on
	late.err = unfinished(on.run, &api.Error{Kind: api.Unreachable, Err: context.DeadlineExceeded})
	stopped.err = &api.Error{Kind: api.Cancelled, Err: context.Canceled}
	refused := outcome{run: api.TestRun{Suite: "S", State: api.JobFailed}, err: &api.Error{Kind: api.ScopeMissing}}
	for _, tt := range []struct {
		all  []outcome
		want int
	}{
		{[]outcome{passed, passed}, 0}, {[]outcome{passed, on}, 0}, {[]outcome{passed, failed}, 8}, {[]outcome{failed, broken}, 1},
		{[]outcome{unknown, passed}, 1}, {[]outcome{over(api.VerdictError, api.JobExpired)}, 1}, {[]outcome{late, passed}, 7},
		{[]outcome{late, failed}, 8}, {[]outcome{refused, passed}, 4}, {[]outcome{refused, stopped, failed}, 130}, {nil, 0},
	} {
		p := newProgram(Streams{Err: &strings.Builder{}})
		if got := views.ExitCode(p.verdictOf(tt.all)); got != tt.want {
			t.Errorf("%+v leaves with %d, want %d", tt.all, got, tt.want)
		}
	}
}

// What keeps the platform from answering is said once, not at every look.
func TestTroubleIsSaidOnce(t *testing.T) {
	var said strings.Builder
	p := newProgram(Streams{Err: &said})
	d := &desk{clock: time.Now}
	d.troubles.note(api.JobRecord{ID: "ctr-1"}, &api.Error{Kind: api.Unavailable})
	w := newPursuit(p, d, 2)
	run := api.TestRun{ID: "ctr-1", Suite: "S", State: api.JobRunning, Percent: api.Known(10)}
	first := d.troubles.take("ctr-1")
	for _, trouble := range []error{first, first, d.troubles.take("ctr-1")} {
		w.show(0, run, trouble)
	}
	if n := strings.Count(said.String(), "Asked again"); n != 1 || !strings.Contains(said.String(), "S: The platform is not available right now. Asked again.") {
		t.Errorf("%q", said.String())
	}
}

// In a log a line comes now and then, on a terminal it is written over.
func TestPulseIsRareInALog(t *testing.T) {
	at := time.Date(2031, 3, 12, 13, 0, 0, 0, time.UTC)
	var b strings.Builder
	log := &talk{w: &b, clock: func() time.Time { return at }}
	for i := range 25 {
		log.pulse(text.Format("smoke %d%%", i))
		at = at.Add(time.Second)
	}
	if got := b.String(); got != "korescope: smoke 0%\nkorescope: smoke 10%\nkorescope: smoke 20%\n" {
		t.Errorf("%q", got)
	}
}
