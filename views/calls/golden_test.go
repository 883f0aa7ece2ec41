package calls_test

import (
	"testing"
	"time"

	"korescope/api"
	"korescope/views/viewtest"
)

type state struct {
	name string
	set  func(t *testing.T) *stand
	do   func(s *stand)
}

func keys(k ...string) func(*stand) { return func(s *stand) { s.Keys(k...) } }

func nothing(*stand) {}

// states are every way the list of model calls can look.
func states() []state {
	return []state{
		{"loading", set, func(s *stand) { s.Clock.Move(4 * time.Second) }},
		{"loaded", day, nothing},
		{"session", one, nothing},
		{"failed", func(t *testing.T) *stand { s := set(t); s.calls.Fails(viewtest.Offline()); return s }, nothing},
		{"stale-failed", func(t *testing.T) *stand {
			s := day(t)
			s.calls.Has(viewtest.WindowCalls(), viewtest.Noon().Add(-95*time.Minute), false).Fails(viewtest.Offline())
			return s
		}, nothing},
		{"reading", func(t *testing.T) *stand {
			s := day(t)
			s.calls.Net = func(api.LLMQuery) []viewtest.Step[[]api.LLMCall] {
				first := viewtest.Whole(viewtest.WindowCalls()[:10], viewtest.Noon())
				first.Answer.Done = false
				return []viewtest.Step[[]api.LLMCall]{first, {Never: true}}
			}
			return s
		}, nothing},
		{"partial", func(t *testing.T) *stand {
			s := day(t)
			s.calls.Net = func(api.LLMQuery) []viewtest.Step[[]api.LLMCall] {
				step := viewtest.Whole(viewtest.WindowCalls()[:10], viewtest.Noon())
				step.Answer.Partial = true
				return []viewtest.Step[[]api.LLMCall]{step}
			}
			return s
		}, nothing},
		{"limit", limit, nothing},
		{"filtered", day, keys("/", "model:gpt-4o", "enter")},
		{"filter-none", day, keys("/", "model:abacus", "enter")},
		{"prompt", day, keys("/", "model:")},
		{"prompt-bad", day, keys("/", "colour:blue")},
		{"bad-entered", day, keys("/", "colour:blue", "enter")},
		{"problems", day, keys("!", "j")},
		{"next-problem", day, keys("e", "e")},
		{"sorted", day, keys(">", ">", "O")},
		{"columns", day, keys("ctrl+w")},
		{"bottom", day, keys("G")},
		{"empty", func(t *testing.T) *stand { s := set(t); s.calls.Says(nil, viewtest.Noon()); return s }, nothing},
		{"session-none", func(t *testing.T) *stand {
			s := one(t)
			s.calls.Says(viewtest.WindowCalls()[20:25], viewtest.Noon())
			return s
		}, nothing},
		{"copy", day, keys("y")},
		{"help", day, keys("?")},
		{"hostile", func(t *testing.T) *stand {
			s := one(t)
			s.calls.Says(viewtest.HostileCalls(), viewtest.Noon())
			return s
		}, keys("ctrl+w")},
	}
}

// limit is a list that is as long as may be read at once.
func limit(t *testing.T) *stand {
	t.Helper()
	s := set(t)
	s.calls.Net = func(q api.LLMQuery) []viewtest.Step[[]api.LLMCall] {
		var rows []api.LLMCall
		for i := range min(q.Limit, 2000) {
			c := viewtest.Call(viewtest.Told(), -i)
			c.ID = viewtest.CallRoom(5000 + i)
			rows = append(rows, c)
		}
		step := viewtest.Whole(rows, viewtest.Noon())
		step.Answer.Partial, step.Answer.Note = true, "first 500 rows"
		return []viewtest.Step[[]api.LLMCall]{step}
	}
	return s
}

// pictures are the states at both sizes, one of them at odd sizes.
func pictures() []viewtest.Picture {
	var out []viewtest.Picture
	for _, st := range states() {
		out = append(out, viewtest.Both(st.name, func(t *testing.T, w, h int) *viewtest.Stage {
			t.Helper()
			s := st.set(t).open(w, h)
			st.do(s)
			return s.Stage
		})...)
	}
	for _, size := range [][2]int{{40, 10}, {60, 16}, {200, 60}} {
		out = append(out, viewtest.Picture{Name: "loaded", W: size[0], H: size[1], Draw: func(t *testing.T, w, h int) *viewtest.Stage {
			return day(t).open(w, h).Stage
		}})
	}
	return out
}

func TestGoldens(t *testing.T) { viewtest.Gallery(t, "calls", pictures()) }
