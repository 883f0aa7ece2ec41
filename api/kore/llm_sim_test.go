package kore_test

import (
	"testing"
	"time"

	"korescope/api"
	"korescope/api/sim"
)

// allRows reads every LLM call of a window; ids must differ.
func allRows(t *testing.T, src api.LLMSource, q api.LLMQuery) []api.LLMCall {
	t.Helper()
	var out []api.LLMCall
	have := map[api.CallID]bool{}
	for p, err := range src.LLMCalls(t.Context(), q, api.Person) {
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range p.Items {
			if have[c.ID] {
				t.Errorf("twice: %s of %s", c.Feature, c.Start)
			}
			have[c.ID] = true
		}
		out = append(out, p.Items...)
	}
	return out
}

// A platform that does not read skip gives its first page whatever is asked.
func TestEveryCallComesWhereSkipIsNotRead(t *testing.T) {
	c, w, cred := against(t, sim.Options{Seed: 7, Sessions: 1500, Strict: sim.Strict{SkipIgnored: true}})
	window := api.Last(4*24*time.Hour, fixed())
	want := map[bool]int{}
	for _, one := range w.Truth().Calls(cred.BotID, window) {
		want[true]++
		if !one.Developer {
			want[false]++
		}
	}
	for dev, n := range want {
		if got := allRows(t, c, api.LLMQuery{Window: window, Developer: dev}); len(got) != n {
			t.Errorf("developers %v: %d rows, want %d", dev, len(got), n)
		}
	}
	if want[false] < 150 || want[true] == want[false] {
		t.Errorf("too few to tell: %v", want)
	}
}

// Rows of guardrails share instant, user, task and node with the call they
// guard: none is taken for another one, whichever way the list is paged.
func TestEveryRowOfAGuardedCallComes(t *testing.T) {
	for name, strict := range map[string]sim.Strict{"by skip": {GuardRows: true}, "by time": {GuardRows: true, SkipIgnored: true}} {
		c, w, cred := against(t, sim.Options{Seed: 7, Sessions: 600, Strict: strict})
		window := api.Last(3*24*time.Hour, fixed())
		calls, rails := 0, 0
		for _, one := range w.Truth().Calls(cred.BotID, window) {
			if one.Developer {
				continue
			}
			if calls++; one.Guarded {
				rails += 2
			}
		}
		got := map[bool]int{}
		for _, l := range allRows(t, c, api.LLMQuery{Window: window}) {
			got[l.GuardrailRow()]++
		}
		if got[false] != calls || got[true] != rails || rails == 0 {
			t.Errorf("%s: %d calls and %d rows of guardrails, want %d and %d", name, got[false], got[true], calls, rails)
		}
	}
}
