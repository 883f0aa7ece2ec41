package records_test

import (
	"testing"
	"time"

	"korescope/ui/text"
	"korescope/views/viewtest"
)

type state struct {
	name string
	set  func(t *testing.T) *stand
	do   func(s *stand)
}

func keys(k ...string) func(*stand) { return func(s *stand) { s.Keys(k...) } }

func nothing(*stand) {}

// states are every way a list of records can look.
func states() []state {
	return []state{
		{"loading", set, func(s *stand) { s.Clock.Move(4 * time.Second) }},
		{"loaded", loaded, nothing},
		{"failed", func(t *testing.T) *stand { s := set(t); s.reader.Fails(viewtest.Offline()); return s }, nothing},
		{"stale-failed", func(t *testing.T) *stand {
			s := set(t)
			s.reader.Has(billed(12), viewtest.Noon().Add(-95*time.Minute), false).Fails(viewtest.Offline())
			return s
		}, nothing},
		{"reading", func(t *testing.T) *stand {
			s := set(t)
			s.reader.Net = func(question) []viewtest.Step[[]row] {
				first := viewtest.Whole(billed(10), viewtest.Noon())
				first.Answer.Done = false
				return []viewtest.Step[[]row]{first, {Never: true}}
			}
			return s
		}, nothing},
		{"partial", func(t *testing.T) *stand {
			s := set(t)
			s.reader.Net = func(question) []viewtest.Step[[]row] {
				step := viewtest.Whole(billed(10), viewtest.Noon())
				step.Answer.Partial = true
				return []viewtest.Step[[]row]{step}
			}
			return s
		}, nothing},
		{"more", long, nothing},
		{"empty", func(t *testing.T) *stand { s := set(t); s.reader.Says(nil, viewtest.Noon()); return s }, nothing},
		{"closed", closed, nothing},
		{"stopped", func(t *testing.T) *stand { s := set(t); s.reader.Net = nil; return s }, keys("ctrl+c")},
		{"filtered", loaded, keys("/", "ivr", "enter")},
		{"filter-none", loaded, keys("/", "abacus", "enter")},
		{"prompt", loaded, keys("/", "ch")},
		{"prompt-bad", loaded, keys("/", "colour:blue")},
		{"bad-entered", loaded, keys("/", "colour:blue", "enter")},
		{"sorted", loaded, keys(">", ">", "O")},
		{"marked", loaded, keys("space", "j", "space")},
		{"columns", loaded, keys("ctrl+w")},
		{"bottom", loaded, keys("G")},
		{"copy", loaded, keys("y")},
		{"help", loaded, keys("?")},
		{"hostile", hostile, keys("ctrl+w")},
	}
}

func long(t *testing.T) *stand {
	t.Helper()
	s := set(t)
	s.reader.Net = func(q question) []viewtest.Step[[]row] {
		return []viewtest.Step[[]row]{viewtest.Whole(billed(min(q.Limit, 100)), viewtest.Noon())}
	}
	return s
}

func closed(t *testing.T) *stand {
	t.Helper()
	s := loaded(t)
	s.deps.Closed = text.Lit("The list of bots needs an Admin Console credential, and profile prod-eu signs in as an app of one bot, so nothing is asked.")
	return s
}

func hostile(t *testing.T) *stand {
	t.Helper()
	s := set(t)
	rows := billed(len(viewtest.Hostile()))
	for i, w := range viewtest.Hostile() {
		rows[i].Channel, rows[i].Type, rows[i].ID = w, w, w
	}
	s.reader.Says(rows, viewtest.Noon())
	return s
}

func TestGoldens(t *testing.T) {
	var all []viewtest.Picture
	for _, st := range states() {
		all = append(all, viewtest.Both(st.name, func(t *testing.T, w, h int) *viewtest.Stage {
			t.Helper()
			s := st.set(t).open(w, h)
			st.do(s)
			return s.Stage
		})...)
	}
	for _, size := range [][2]int{{40, 10}, {60, 16}, {200, 60}} {
		all = append(all, viewtest.Picture{Name: "loaded", W: size[0], H: size[1], Draw: func(t *testing.T, w, h int) *viewtest.Stage {
			return loaded(t).open(w, h).Stage
		}})
	}
	viewtest.Gallery(t, "records", all)
}

// Whatever is pressed in whatever state and size: no panic, no reader asked on
// the loop, no line past the edge.
func TestStorm(t *testing.T) {
	all := map[string]func(*testing.T) *viewtest.Stage{}
	for _, st := range states() {
		all[st.name] = func(t *testing.T) *viewtest.Stage {
			s := st.set(t).open(80, 24)
			st.do(s)
			s.Keys("esc", "esc")
			return s.Stage
		}
	}
	viewtest.Storms(t, all)
}
