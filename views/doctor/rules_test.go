package doctor_test

import (
	"strings"
	"testing"

	"korescope/keymap"
	"korescope/ui"
	"korescope/views"
	"korescope/views/doctor"
)

func TestARoundLooksAtEverythingOnce(t *testing.T) {
	s := set(t, well()).open(80, 24, views.DoctorRoute{})
	if s.looked != 15 || s.begun != 1 || s.all[0] {
		t.Errorf("%d checks in %d rounds, all %v", s.looked, s.begun, s.all)
	}
	s.Has("1 warn", "10 ok", "4 skipped", "r looks again")
	s.Keys("r")
	if s.looked != 30 || s.begun != 2 {
		t.Errorf("r: %d checks in %d rounds", s.looked, s.begun)
	}
}

func TestAllIsHandedOn(t *testing.T) {
	s := set(t, well()).open(80, 24, views.DoctorRoute{All: true})
	s.Keys("r")
	if len(s.all) != 2 || !s.all[0] || !s.all[1] {
		t.Errorf("asked for all: %v", s.all)
	}
}

// What the round before found stays until it is found anew.
func TestOldFindingsStay(t *testing.T) {
	s := set(t, refused(t), hanging(well())).open(140, 40, views.DoctorRoute{})
	s.Has("refused the credentials", "1 FAIL")
	s.Keys("r")
	s.Has("looking, 2 of 15", "The platform refused the credentials", "10m ahead").Lacks("1 FAIL")
	s.Keys("ctrl+c")
	s.Has("stopped after 2 of 15", "The platform refused the credentials")
}

// The cursor goes to what should be looked at first, unless somebody has moved
// it.
func TestTheCursorGoesToTheFirstProblem(t *testing.T) {
	set(t, well()).open(80, 24, views.DoctorRoute{}).Has("> warn    clock", "Set this machine's clock")
	s := set(t, refused(t)).open(80, 24, views.DoctorRoute{})
	s.Has("> FAIL    credential")
	s.Keys("j").Has("> skipped scope sessions")
	s = set(t, hanging(well()), well()).open(80, 24, views.DoctorRoute{})
	s.Keys("j", "j", "j").Has("> -       scope sessions")
	s.Keys("ctrl+c").Has("> -       scope sessions")
	s.Keys("!").Has("[problems only]", "clock").Lacks("scope sessions")
	s.Keys("esc").Has("scope sessions").Lacks("[problems only]")
}

// The end of a check that belongs to an earlier round starts nothing.
func TestALateEndIsNotTaken(t *testing.T) {
	s := set(t, well())
	m := doctor.New(doctor.Deps{Checks: s.checks, Clock: s.Clock.Now}, views.DoctorRoute{})
	first := m.Start(ui.Seat{Addr: 1, Ctx: t.Context()})
	second := m.Do(keymap.Refresh)
	late, now := s.Guard.Cmd(first)(), s.Guard.Cmd(second)()
	if m.Update(late) != nil || m.Copies()[0].Value != "" {
		t.Error("the late end was taken")
	}
	if m.Update(now) == nil || m.Copies()[0].Value == "" {
		t.Error("the end of this round was not taken")
	}
}

// A round that hangs is given up for the next one.
func TestAHangingRoundIsGivenUp(t *testing.T) {
	s := set(t, hanging(well()), well()).open(80, 24, views.DoctorRoute{})
	s.Keys("r")
	s.Has("10 ok")
	if s.looked != 3+15 {
		t.Errorf("%d checks", s.looked)
	}
}

func TestCopies(t *testing.T) {
	s := set(t, refused(t)).open(80, 24, views.DoctorRoute{All: true})
	copies := s.Screen.(ui.Copier).Copies()
	if len(copies) != 3 || copies[1].Value != "korescope doctor --all" ||
		!strings.Contains(copies[0].Value, "\ncredential      FAIL     The platform refused") ||
		!strings.HasPrefix(copies[2].Value, "The platform refused the credentials") {
		t.Errorf("%+v", copies)
	}
}
