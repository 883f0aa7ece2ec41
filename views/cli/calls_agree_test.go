package cli

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"korescope/api"
	"korescope/api/sim"
	"korescope/api/trace"
)

// rewritten lets change see every row of the LLM calls before it is sent.
func rewritten(change func(row map[string]any)) func(http.Handler) http.Handler {
	return func(inner http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasSuffix(r.URL.Path, "/"+api.GetLLMLogs) {
				inner.ServeHTTP(w, r)
				return
			}
			rec, plain := httptest.NewRecorder(), r.Clone(r.Context())
			plain.Header.Del("Accept-Encoding")
			inner.ServeHTTP(rec, plain)
			body := rec.Body.Bytes()
			var rows []map[string]any
			if rec.Code == http.StatusOK && json.Unmarshal(body, &rows) == nil {
				for _, row := range rows {
					change(row)
				}
				body, _ = json.Marshal(rows) // what was decoded can be encoded
			}
			maps.Copy(w.Header(), rec.Header())
			w.Header().Del("Content-Length")
			w.WriteHeader(rec.Code)
			_, _ = w.Write(body) // a client that left sees nothing
		})
	}
}

// callIDs are the ids of calls, sorted.
func callIDs(of []api.LLMCall) []string {
	var ids []string
	for _, c := range of {
		ids = append(ids, string(c.ID))
	}
	slices.Sort(ids)
	return ids
}

// readers ask as the two screens do: the conversation, and the list of the calls
// of a session.
func readers(t *testing.T, noCache bool, of sim.SessionTruth) map[string][]string {
	t.Helper()
	p := newProgram(Streams{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard})
	p.flags.noCache = noCache
	set, err := p.settings(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	d, err := p.open(t.Context(), set)
	if err != nil {
		t.Fatal(err)
	}
	defer d.leave()
	known, e := d.lookUp(t.Context(), []api.SessionID{of.ID})
	if e.err != nil {
		t.Fatal(e.err)
	}
	s := known[of.ID]
	out := map[string][]string{}
	for name, q := range map[string]trace.CallQuery{
		"conversation": {Session: trace.OfSession(s)},
		"calls screen": {Session: trace.OfSession(s), List: api.LLMQuery{Developer: s.Developer.Value}},
	} {
		a, err := last(answers(t.Context(), d.traced, q))
		if err != nil {
			t.Fatal(name, err)
		}
		out[name] = callIDs(a.Value)
	}
	return out
}

// commands are the calls of a session as the commands print them.
func commands(t *testing.T, flags []string, id api.SessionID) map[string][]string {
	t.Helper()
	type record struct{ CallID api.CallID }
	ids := func(data []byte) []string {
		var rows []record
		if err := json.Unmarshal(data, &rows); err != nil {
			t.Fatal(err)
		}
		var calls []api.LLMCall
		for _, r := range rows {
			calls = append(calls, api.LLMCall{ID: r.CallID})
		}
		return callIDs(calls)
	}
	out := map[string][]string{}
	out["llm"] = ids([]byte(succeed(t, append([]string{"llm", string(id), "-o", "json"}, flags...)...)))
	out["timeline"] = ids([]byte(succeed(t, append([]string{"timeline", string(id), "--no-debug", "--jq", "map(select(.llm) | .llm)"}, flags...)...)))
	dir := filepath.Join(t.TempDir(), "case")
	succeed(t, append([]string{"export", string(id), "--no-mask", "--to", dir}, flags...)...)
	all, _ := caseFiles(t, dir)
	out["export"] = ids(all[callsFile])
	return out
}

// Two conversations of one user at once: whoever is asked which LLM calls are of
// one of them says the same, and no call is of both.
func TestEverybodyNamesTheSameCalls(t *testing.T) {
	var pair []sim.SessionTruth
	named := func(which func(n int) bool) func(map[string]any) {
		return func(row map[string]any) {
			for _, s := range pair {
				start, _ := row["start Date"].(string)
				if row["User ID"] == string(s.User) && row["Channel Name"] == s.Channel && row["Session ID"] == nil && which(int(start[18]-'0')) {
					row["Session ID"] = string(s.ID)
				}
			}
		}
	}
	for name, change := range map[string]func(map[string]any){
		"no row names its session": func(map[string]any) {},
		"some rows do":             named(func(n int) bool { return n%2 == 0 }),
		"nor its channel":          func(row map[string]any) { delete(row, "Channel Name") },
	} {
		t.Run(name, func(t *testing.T) {
			world := stage(t, "", rewritten(change))
			if pair = ofScene(world, "two at once"); len(pair) != 2 || pair[0].User != pair[1].User || !pair[0].Start.Before(pair[1].End) {
				t.Fatalf("no two sessions at once: %+v", pair)
			}
			said := map[string]api.SessionID{}
			for _, s := range pair {
				for _, flags := range [][]string{{"--no-cache"}, nil} {
					got := commands(t, flags, s.ID)
					maps.Copy(got, readers(t, flags != nil, s))
					t.Logf("%s %v: %d calls", s.Channel, flags, len(got["llm"]))
					for who, ids := range got {
						if !slices.Equal(ids, got["llm"]) {
							t.Errorf("%s %v: %s names %d calls, llm %d", s.Channel, flags, who, len(ids), len(got["llm"]))
						}
						for _, id := range ids {
							if other, met := said[id]; met && other != s.ID {
								t.Errorf("%s says that call %s is of both", who, id)
							}
							said[id] = s.ID
						}
					}
				}
			}
			made := pair[0].Calls + pair[1].Calls
			if blind := name == "nor its channel"; len(said) == 0 || blind == (len(said) == made) {
				t.Errorf("%d of %d calls were named", len(said), made)
			}
		})
	}
}
