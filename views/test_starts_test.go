package views

import (
	"strings"
	"testing"

	"korescope/api"
)

func TestStartsAreTakenOnce(t *testing.T) {
	s := StartTests(api.TestStart{Suite: "a"}, api.TestStart{Suite: "b"})
	if got := s.Take(); len(got) != 2 || got[1].Suite != "b" {
		t.Errorf("%+v", got)
	}
	if got := s.Take(); got != nil {
		t.Errorf("taken again: %+v", got)
	}
	if got := (*TestStarts)(nil).Take(); got != nil {
		t.Errorf("nothing gives %+v", got)
	}
}

func TestMaskedRun(t *testing.T) {
	const who = "ada@example.test"
	was := api.TestRun{
		ID: "ctr-1", Suite: "suite of " + who, Failure: "no role for " + who, Raw: []byte(who),
		Steps: []api.TestStep{{Input: who, Expected: []string{who}, Actual: []string{who, who}, Failed: []string{"text: " + who}, Raw: []byte(who)}},
	}
	b, err := Record(TestFields(), was, Env{Mask: masker(t)})
	if err != nil || strings.Contains(string(b), who) || !strings.Contains(string(b), "ctr-1") {
		t.Errorf("%s, %v", b, err)
	}
	if was.Steps[0].Actual[1] != who {
		t.Error("the run itself was changed")
	}
}
