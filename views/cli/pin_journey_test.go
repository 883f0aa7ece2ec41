package cli

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"korescope/api"
	"korescope/api/sim"
	"korescope/api/trace"
	"korescope/api/verdict"
	"korescope/views"
)

// forgetful is a shop whose platform can forget: it then is another one, which
// never heard of the sessions of the first.
func forgetful(t *testing.T) (s *shop, forget func()) {
	t.Helper()
	var gone atomic.Bool
	var other http.Handler
	s = newShop(t, "", func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if gone.Load() {
				h = other
			}
			h.ServeHTTP(w, r)
		})
	})
	world, err := sim.New(sim.Options{Seed: 99, Now: s.clock})
	if err != nil {
		t.Fatal(err)
	}
	other = world.Handler()
	return s, func() { gone.Store(true) }
}

// What is pinned opens complete after cache and platform have forgotten it:
// messages, calls with payloads and debug lines, as they were.
func TestAPinOutlivesThePlatform(t *testing.T) {
	shop, forget := forgetful(t)
	s := shop.open(80, 24, visit{})
	d := s.desk
	id := left(t, d)
	s.press("1", "m").sees("note:").press("ticket 4711", "enter").sees("pinned:", "debug lines")
	was, missing, err := d.gather(t.Context(), id)
	if err != nil || len(missing) > 0 || len(was.Messages) == 0 || len(was.Calls) == 0 || len(was.Lines) == 0 || len(was.Rows) == 0 {
		t.Fatalf("%v, missing %v, %d messages %d calls %d lines %d metrics", err, missing, len(was.Messages), len(was.Calls), len(was.Lines), len(was.Rows))
	}
	if err := d.store.Clear(t.Context()); err != nil {
		t.Fatal(err)
	}
	forget()
	s.press(":", "case", "enter").sees("1 pinned", "ticket 4711")
	s.press("enter").rest()
	s.press("3").sees("WHY", "GetOrder")

	deps, of := d.conversationDeps(), was.Sessions[0]
	lines := views.LogIdentities(of, was.Messages)
	for what, n := range map[string][2]int{
		"messages": {len(was.Messages), rowsOf(t, deps.Messages, api.MessageQuery{Sessions: api.ListIDs(id), Window: of.Span(d.clock())})},
		"calls":    {len(was.Calls), rowsOf(t, deps.Calls, trace.CallQuery{Session: trace.OfSession(of)})},
		"lines": {len(was.Lines), rowsOf(t, deps.Lines, trace.LineQuery{
			Session: trace.OfSession(of), Names: trace.Names(views.LogNames(lines)), Log: views.LogQueryOf(of, lines[0], d.clock()),
		})},
	} {
		if n[0] != n[1] {
			t.Errorf("%d %s are left of %d:\n%s", n[1], what, n[0], s.text())
		}
	}
	for _, c := range was.Calls {
		if a, err := (pinnedPayloads{d}).Cached(t.Context(), c.ID); err != nil || len(a.Value.Request) == 0 {
			t.Errorf("the payloads of a call: %v", err)
		}
	}
	s.press("esc").sees("1 pinned").press("m").sees("unpinned").sees("nothing is pinned")
}

func rowsOf[K, T any](t *testing.T, r reader[K, []T], k K) int {
	t.Helper()
	a, err := last(answers(t.Context(), r, k))
	if err != nil {
		t.Error(err)
	}
	return len(a.Value)
}

// A case made of what is pinned opens where nothing else is: no home, no settings,
// no network. It shows what was there, and is refused once a file was changed.
func TestACaseOpensElsewhere(t *testing.T) {
	world := stage(t, "", nil)
	bot := world.Credentials()[0].BotID
	var id string
	for _, s := range world.Truth().Sessions(bot, api.Last(20*time.Hour, world.Anchor())) {
		if s.Calls > 0 {
			id = string(s.ID)
		}
	}
	if _, talk, code := run(t, "pin", id, "--note", "ticket 4711"); code != 0 {
		t.Fatalf("pin left with %d: %s", code, talk)
	}
	if out, _, code := run(t, "pin", "-o", "json", "--jq", ".[].note"); code != 0 || !strings.Contains(out, "ticket 4711") {
		t.Errorf("%d: %s", code, out)
	}
	dir := filepath.Join(t.TempDir(), "case")
	if _, talk, code := run(t, "export", "--pinned", "--to", dir); code != 0 {
		t.Fatalf("export left with %d: %s", code, talk)
	}
	var was struct{ messages, calls, lines int }
	for file, n := range map[string]*int{"messages.json": &was.messages, "llm.json": &was.calls, "debug.json": &was.lines} {
		var rows []json.RawMessage
		data, err := os.ReadFile(filepath.Join(dir, file))
		if err := errors.Join(err, json.Unmarshal(data, &rows)); err != nil || len(rows) == 0 {
			t.Fatalf("%s: %v", file, err)
		}
		*n = len(rows)
	}
	for _, name := range []string{"HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"} {
		t.Setenv(name, t.TempDir())
	}
	for _, name := range []string{"HOST", "BOT_ID", "CLIENT_ID", "CLIENT_SECRET"} {
		t.Setenv("KORESCOPE_"+name, "")
	}
	p := newProgram(Streams{})
	d, err := p.caseDesk(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.leave()
	r, err := p.first(d)
	if err != nil {
		t.Fatal(err)
	}
	of := r.(views.ConversationRoute).Session
	deps := d.conversationDeps()
	query := api.MessageQuery{Sessions: api.ListIDs(of.ID), Window: of.Span(d.clock())}
	said, err := last(answers(t.Context(), deps.Messages, query))
	if err != nil || len(said.Value) != was.messages || said.Partial {
		t.Errorf("%d messages of %d, %v, partial %v", len(said.Value), was.messages, err, said.Partial)
	}
	calls, err := last(answers(t.Context(), deps.Calls, trace.CallQuery{Session: trace.OfSession(of)}))
	if err != nil || len(calls.Value) != was.calls {
		t.Errorf("%d calls of %d, %v", len(calls.Value), was.calls, err)
	}
	for _, c := range calls.Value {
		if a, err := d.payloads.Cached(t.Context(), c.ID); err != nil || len(a.Value.Request) == 0 {
			t.Errorf("the payloads of a call: %v", err)
		}
	}
	names := views.LogIdentities(of, said.Value)
	lines, err := last(answers(t.Context(), deps.Lines, trace.LineQuery{
		Session: trace.OfSession(of), Names: trace.Names(views.LogNames(names)), Log: views.LogQueryOf(of, names[0], d.clock()),
	}))
	if err != nil || len(lines.Value) != was.lines {
		t.Errorf("%d lines of %d, %v", len(lines.Value), was.lines, err)
	}
	if why, err := d.why(t.Context(), of); err != nil || len(why.Links) == 0 || why.Links[0].Kind == verdict.Unread {
		t.Errorf("why: %+v, %v", why, err)
	}

	if err := os.WriteFile(filepath.Join(dir, "messages.json"), []byte("[]"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := newProgram(Streams{}).caseDesk(t.Context(), dir); err == nil || !strings.Contains(err.Error(), "messages.json") {
		t.Errorf("a changed file: %v", err)
	}
	if _, err := newProgram(Streams{}).caseDesk(t.Context(), t.TempDir()); views.ExitCode(err) != views.ExitUsage {
		t.Errorf("a folder that is no case: %v", err)
	}
}
