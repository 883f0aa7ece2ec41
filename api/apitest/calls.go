package apitest

import (
	"slices"
	"testing"

	"korescope/api"
)

// callKey names a model call by what the platform says about it: it has no id.
func callKey(c api.LLMCall) string {
	return c.Start.UTC().Format("2006-01-02T15:04:05.000") + " " + string(c.User) + " " + c.Description
}

func allCalls(t *testing.T, s Subject) {
	got, last := gather(t, s.Source.LLMCalls(t.Context(), api.LLMQuery{Window: s.Window}, api.Person))
	same(t, "model calls", got, callKey, s.Calls, callKey)
	if last.Done != s.Window {
		t.Errorf("read completely: %v, want %v", last.Done, s.Window)
	}
	ids := map[api.CallID]string{}
	have := map[string]api.LLMCall{}
	for _, g := range got {
		if other, taken := ids[g.ID]; taken || g.ID == "" {
			t.Errorf("%q and %q share the id %q", other, callKey(g), g.ID)
		}
		ids[g.ID] = callKey(g)
		have[callKey(g)] = g
	}
	for _, w := range s.Calls {
		g, ok := have[callKey(w)]
		if !ok {
			continue
		}
		of := callKey(w)
		equal(t, "session", of, g.Session, w.Session)
		equal(t, "joined", of, g.Joined, w.Joined)
		equal(t, "status code", of, g.StatusCode, w.StatusCode)
		equal(t, "finish", of, g.Finish, w.Finish)
		equal(t, "problem", of, g.Problem, w.Problem)
		equal(t, "model", of, g.Model, w.Model)
		equal(t, "feature", of, g.Feature, w.Feature)
		equal(t, "request tokens", of, g.RequestTokens, w.RequestTokens)
		sameTime(t, "end", of, g.End, w.End)
	}
}

func newestCalls(t *testing.T, s Subject) {
	sorted := slices.Clone(s.Calls)
	slices.SortFunc(sorted, func(a, b api.LLMCall) int { return b.Start.Compare(a.Start) })
	for _, limit := range []int{1, 4, len(sorted) + 1} {
		var got []api.LLMCall
		for p, err := range s.Source.LLMCalls(t.Context(), api.LLMQuery{Window: s.Window, Limit: limit}, api.Person) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, p.Items...)
		}
		want := min(limit, len(sorted))
		if len(got) != want {
			t.Fatalf("limit %d gives %d rows, want %d", limit, len(got), want)
		}
		for _, g := range got {
			if g.Start.Before(sorted[want-1].Start) {
				t.Errorf("limit %d gives one of %v, older than %v", limit, g.Start, sorted[want-1].Start)
			}
		}
	}
}
