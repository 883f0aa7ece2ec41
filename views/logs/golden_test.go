package logs_test

import (
	"testing"
	"time"

	"korescope/api"
	"korescope/views"
	"korescope/views/viewtest"
)

type state struct {
	name string
	set  func(t *testing.T) *stand
	do   func(s *stand)
}

func keys(k ...string) func(*stand) { return func(s *stand) { s.Keys(k...) } }

func nothing(*stand) {}

// states are every way a debug log can look.
func states() []state {
	return append(readStates(),
		state{"error", told, keys("e")},
		state{"folded", told, keys("z")},
		state{"folded-run", told, func(s *stand) { s.Keys("j", "j", "j", "j", "j", "j", "j", "j", "z") }},
		state{"histogram", told, keys("i")},
		state{"histogram-folded", told, keys("i", "z", "G")},
		state{"errors-only", told, keys("!")},
		state{"filter", told, keys("/", "level:error", "enter")},
		state{"filter-prompt", told, keys("/", "node:ref")},
		state{"filter-wrong", told, keys("/", "colour:red")},
		state{"filter-none", told, keys("/", "bicycle", "enter")},
		state{"window-prompt", typed, keys("f", "3d")},
		state{"detail", told, keys("e", "enter")},
		state{"detail-open", told, keys("e", "enter", "E")},
		state{"detail-find", told, keys("e", "enter", "/", "504", "enter")},
		state{"detail-next-error", told, keys("e", "enter", "e")},
		state{"detail-loading", told, func(s *stand) {
			s.Keys("e")
			s.lines.Net = nil
			s.Keys("enter")
		}},
		state{"detail-failed", told, func(s *stand) {
			s.Keys("e")
			s.lines.Fails(viewtest.Offline())
			s.Keys("enter")
		}},
		state{"bottom", told, keys("G")},
		state{"other-name", told, keys("tab")},
		state{"copy", told, keys("e", "y")},
		state{"copy-detail", told, keys("e", "enter", "y")},
		state{"help", told, keys("?")},
		state{"hostile", hostile, keys("i")},
		state{"hostile-detail", hostile, keys("j", "enter", "E")},
		state{"masked", masked, nothing},
		state{"masked-detail", masked, keys("e", "enter", "E")},
	)
}

func hostile(t *testing.T) *stand {
	t.Helper()
	s := told(t)
	s.answers(viewtest.HostileLines())
	return s
}

func masked(t *testing.T) *stand {
	t.Helper()
	s := told(t)
	mask, err := views.NewMasker(nil)
	if err != nil {
		t.Fatal(err)
	}
	s.mask = mask
	s.answers([]api.DebugLine{
		viewtest.Line(time.Second, "info", "Callback", "the number +46 70 5550 1234 is called back"),
		viewtest.Line(2*time.Second, "error", "Callback", "mail to p.lindqvist@example.test was refused"),
	})
	return s
}

func readStates() []state {
	return []state{
		{"reading-names", set, func(s *stand) { s.Clock.Move(2 * time.Second) }},
		{"loading", func(t *testing.T) *stand { s := told(t); s.lines.Net = nil; return s }, func(s *stand) { s.Clock.Move(3 * time.Second) }},
		{"loaded", told, nothing},
		{"typed", typed, nothing},
		{"cached", func(t *testing.T) *stand {
			s := told(t)
			s.lines.Has(viewtest.Lines(), viewtest.Noon().Add(-50*time.Minute), true)
			return s
		}, nothing},
		{"growing", func(t *testing.T) *stand {
			s := told(t)
			s.lines.Net = func(api.LogQuery) []viewtest.Step[[]api.DebugLine] {
				page := viewtest.Whole(viewtest.Lines()[:8], viewtest.Noon())
				page.Answer.Done, page.Answer.Partial = false, true
				return []viewtest.Step[[]api.DebugLine]{page, {Never: true}}
			}
			return s
		}, nothing},
		{"partial", func(t *testing.T) *stand {
			s := told(t)
			s.lines.Net = func(api.LogQuery) []viewtest.Step[[]api.DebugLine] {
				page := viewtest.Whole(viewtest.Lines()[:8], viewtest.Noon())
				page.Answer.Partial = true
				return []viewtest.Step[[]api.DebugLine]{page}
			}
			return s
		}, nothing},
		{"nothing-kept", func(t *testing.T) *stand {
			s := told(t)
			s.lines.Says(nil, viewtest.Noon())
			return s
		}, nothing},
		{"nothing-kept-typed", func(t *testing.T) *stand {
			s := typed(t)
			s.lines.Says(nil, viewtest.Noon())
			return s
		}, nothing},
		{"nobody-named", func(t *testing.T) *stand {
			s := told(t)
			s.messages.Says(nil, viewtest.Noon())
			s.route.Session.User = ""
			return s
		}, nothing},
		{"scope-missing", func(t *testing.T) *stand {
			s := told(t)
			s.lines.Fails(&api.Error{Kind: api.ScopeMissing, Endpoint: "debuglogs", Scope: "Debug Logs"})
			return s
		}, nothing},
		{"messages-failed", func(t *testing.T) *stand {
			s := told(t)
			s.messages.Fails(viewtest.Offline())
			return s
		}, nothing},
		{"stale-failed", func(t *testing.T) *stand {
			s := told(t)
			s.lines.Has(viewtest.Lines(), viewtest.Noon().Add(-50*time.Minute), false).Fails(viewtest.Offline())
			return s
		}, nothing},
	}
}

// pictures are the states at both sizes, and
// two at odd sizes.
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
		out = append(out,
			viewtest.Picture{Name: "loaded", W: size[0], H: size[1], Draw: func(t *testing.T, w, h int) *viewtest.Stage {
				return told(t).open(w, h).Stage
			}},
			viewtest.Picture{Name: "detail", W: size[0], H: size[1], Draw: func(t *testing.T, w, h int) *viewtest.Stage {
				return told(t).open(w, h).Keys("e", "enter")
			}})
	}
	return out
}

func TestGoldens(t *testing.T) { viewtest.Gallery(t, "logs", pictures()) }
