package doctor_test

import (
	"testing"
	"time"

	"korescope/ui/text"
	"korescope/views"
	"korescope/views/doctor"
	"korescope/views/viewtest"
)

type state struct {
	name string
	set  func(t *testing.T) *stand
	do   func(s *stand)
}

func keys(k ...string) func(*stand) { return func(s *stand) { s.Keys(k...) } }

func nothing(*stand) {}

// states are every way the doctor can look.
func states() []state {
	return []state{
		{"well", func(t *testing.T) *stand { return set(t, well()) }, nothing},
		{"problems", func(t *testing.T) *stand { return set(t, well()) }, keys("!")},
		{"no-problem", func(t *testing.T) *stand { return set(t, well()[2:]) }, keys("!")},
		{"refused", func(t *testing.T) *stand { return set(t, refused(t)) }, nothing},
		{"looking", func(t *testing.T) *stand { return set(t, hanging(well())) }, func(s *stand) { s.Clock.Move(4 * time.Second) }},
		{"looking-again", func(t *testing.T) *stand { return set(t, refused(t), hanging(well())) }, keys("r")},
		{"stopped", func(t *testing.T) *stand { return set(t, hanging(well())) }, keys("ctrl+c")},
		{"bottom", func(t *testing.T) *stand { return set(t, well()) }, keys("G", "k", "k")},
		{"copy", func(t *testing.T) *stand { return set(t, well()) }, keys("y")},
		{"help", func(t *testing.T) *stand { return set(t, well()) }, keys("?")},
		{"hostile", func(t *testing.T) *stand { return set(t, hostile()) }, keys("j")},
	}
}

// hostile is a round in which every word wants to be obeyed.
func hostile() []doctor.Check {
	var round []doctor.Check
	for i, s := range viewtest.Hostile() {
		round = append(round, always("check "+text.Int(i).String(), doctor.Finding{
			State: doctor.Warn, Found: viewtest.Clean(s), Advice: viewtest.Clean(s),
		}))
	}
	return round
}

func pictures() []viewtest.Picture {
	var out []viewtest.Picture
	for _, st := range states() {
		out = append(out, viewtest.Both(st.name, func(t *testing.T, w, h int) *viewtest.Stage {
			t.Helper()
			s := st.set(t).open(w, h, views.DoctorRoute{})
			st.do(s)
			return s.Stage
		})...)
	}
	for _, size := range [][2]int{{40, 10}, {60, 16}, {200, 60}} {
		out = append(out, viewtest.Picture{Name: "refused", W: size[0], H: size[1], Draw: func(t *testing.T, w, h int) *viewtest.Stage {
			s := set(t, refused(t)).open(w, h, views.DoctorRoute{All: true})
			return s.Stage
		}})
	}
	return out
}

func TestGoldens(t *testing.T) { viewtest.Gallery(t, "doctor", pictures()) }

func TestStorm(t *testing.T) {
	of := map[string]func(t *testing.T) *viewtest.Stage{}
	for _, st := range states() {
		of[st.name] = func(t *testing.T) *viewtest.Stage {
			t.Helper()
			s := st.set(t).open(80, 24, views.DoctorRoute{})
			st.do(s)
			return s.Stage
		}
	}
	viewtest.Storms(t, of)
}
