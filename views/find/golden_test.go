package find_test

import (
	"errors"
	"testing"
	"time"

	"korescope/api"
	"korescope/views/find"
	"korescope/views/viewtest"
)

type state struct {
	name string
	set  func(t *testing.T) *stand
	do   func(s *stand)
}

func keys(k ...string) func(*stand) { return func(s *stand) { s.Keys(k...) } }

func nothing(*stand) {}

// states are every way the search can look.
func states() []state {
	return []state{
		{"found", some, nothing},
		{"more", many, nothing},
		{"more-read", many, keys("+", "G")},
		{"none", func(t *testing.T) *stand { return set(t).holds(searched()) }, nothing},
		{"nothing-here", func(t *testing.T) *stand { return set(t).holds(find.Found{Sessions: 40}) }, nothing},
		{"no-text", noText, nothing},
		{"no-text-left", noText, keys("esc")},
		{"prompt", some, keys("/", " today")},
		{"failed", failed, nothing},
		{"stale-failed", some, func(s *stand) { s.reader.Disk = broken; s.Keys("r") }},
		{"stopped", some, func(s *stand) { s.StopWhileSearching() }},
		{"old", some, func(s *stand) { s.Clock.Move(20 * time.Minute); s.Keys("j") }},
		{"none-in-lines", func(t *testing.T) *stand {
			f := searched()
			f.Lines = 51_333
			return set(t).holds(f)
		}, nothing},
		{"copy", some, keys("y")},
		{"help", some, keys("?")},
		{"hostile", hostile, nothing},
	}
}

func noText(t *testing.T) *stand {
	t.Helper()
	s := some(t)
	s.route.Text = ""
	return s
}

func broken(find.Query) (api.Answer[find.Found], error) {
	return api.Answer[find.Found]{}, errors.New("find in the cache: the file is locked")
}

func failed(t *testing.T) *stand {
	t.Helper()
	s := set(t)
	s.reader.Disk = broken
	return s
}

// StopWhileSearching begins a search whose answer is not taken in.
func (s *stand) StopWhileSearching() {
	s.t.Helper()
	if e, ok := s.Screen.(interface{ StopReading() bool }); ok {
		s.Entered("another")
		e.StopReading()
	}
	s.Check()
}

// hostile is text that would drive the terminal, with a match in its middle.
func hostile(t *testing.T) *stand {
	t.Helper()
	var all []find.Hit
	for i, w := range viewtest.Hostile() {
		all = append(all, hit(i, find.Message, w+"refund"+w))
	}
	all[1].ID = viewtest.Hostile()[0]
	s := set(t).holds(searched(all...))
	s.route.Text = viewtest.Hostile()[4]
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
		all = append(all, viewtest.Picture{Name: "found", W: size[0], H: size[1], Draw: func(t *testing.T, w, h int) *viewtest.Stage {
			return some(t).open(w, h).Stage
		}})
	}
	viewtest.Gallery(t, "find", all)
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
