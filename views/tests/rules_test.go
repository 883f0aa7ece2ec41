package tests_test

import (
	"testing"
	"time"

	"korescope/api"
	"korescope/ui"
	"korescope/views"
	"korescope/views/tests"
	"korescope/views/viewtest"
)

// begun counts the questions that start a run.
func (s *stand) begun() int {
	n := 0
	for _, a := range s.runs.Asked {
		if a.Start.Suite != "" {
			n++
		}
	}
	return n
}

func TestNoKeyStartsARun(t *testing.T) {
	for _, st := range states() {
		t.Run(st.name, func(t *testing.T) {
			s := st.set(t).open(140, 40)
			before := s.begun()
			s.Do(viewtest.Actions()...)
			s.Do(viewtest.Actions()...)
			if s.begun() != before {
				t.Errorf("%d runs were started by keys", s.begun()-before)
			}
		})
	}
}

// A route outlives its screen: coming back to it starts nothing.
func TestARouteStartsItsRunsOnce(t *testing.T) {
	s := start(never())(t)
	s.open(80, 24)
	if s.begun() != 1 {
		t.Fatalf("%d runs were started", s.begun())
	}
	again := &stand{Stage: viewtest.NewStage(t), t: t, route: s.route, good: s.good}
	again.runs = viewtest.NewReader[tests.Ask, tests.Heard](t, again.Guard)
	again.kept = viewtest.NewReader[tests.All, tests.Kept](t, again.Guard)
	again.keeps().open(80, 24)
	if again.begun() != 0 {
		t.Error("the route started its run a second time")
	}
}

// An open list takes in what another route asks for, beside what it follows.
func TestTheListTakesMoreRunsIn(t *testing.T) {
	s := two(t)
	s.options.Parse = func(line string) (ui.Route, bool, error) {
		return views.TestsRoute{Start: views.StartTests(
			api.TestStart{Suite: line, Version: api.Published}, api.TestStart{Suite: "Refunds smoke", Version: api.Published},
		)}, true, nil
	}
	s.open(80, 24)
	follows := len(s.runs.Asked)
	s.runs.Net = nil
	s.Keys(":", "Orders smoke", "enter")
	if s.begun() != 2 || len(s.runs.Asked) != follows+2 || len(s.Opened) != 0 {
		t.Errorf("asked %+v, opened %v", s.runs.Asked, s.Opened)
	}
	s.Has("4 under way")
	if _, taken := s.model.Take(views.CallsRoute{}); taken {
		t.Error("another place was taken")
	}
}

// What is open on disk is followed, each run by questions of its own; what is
// over is not asked for.
func TestOpenRunsAreFollowedOn(t *testing.T) {
	s := two(t).open(80, 24)
	if len(s.runs.Asked) != 2 || s.begun() != 0 {
		t.Fatalf("asked %+v", s.runs.Asked)
	}
	for i, id := range []api.JobID{runID(8), runID(9)} {
		if a := s.runs.Asked[i]; a.ID != id || a.Once {
			t.Errorf("asked %+v", a)
		}
	}
}

// A start that turns out to be a run which is in the list already is one row and
// one question.
func TestARunStandsInTheListOnce(t *testing.T) {
	a := under(8, "Refunds smoke", 46*time.Second, 50)
	s := keeping(a)(t).says(heard(a, nil, nil), never())
	s.route.Start = views.StartTests(api.TestStart{Suite: a.Suite, Version: a.Version})
	s.open(80, 24).Has("1 under way", "5 kept")
	s.route = views.TestsRoute{Follow: &api.TestRun{Suite: a.Suite, ID: a.ID}}
	s.open(80, 24).Has("1 under way", "5 kept")
}

// The list may be on its last row, in any order, while a start turns out to be a
// run that is in it already and one row goes.
func TestTheCursorSurvivesARowThatGoes(t *testing.T) {
	for _, keys := range [][]string{{"G"}, {"g"}, {"G", "k"}, {"tab", "G"}, {"enter"}} {
		for _, size := range [][2]int{{80, 24}, {140, 40}} {
			a, b := under(8, "Refunds smoke", 46*time.Second, 50), under(9, "Voice menu", 20*time.Second, 70)
			s := set(t).keeps(a, b).says(heard(a, nil, nil), never())
			s.options.Parse = func(line string) (ui.Route, bool, error) {
				return views.TestsRoute{Start: views.StartTests(api.TestStart{Suite: line, Version: a.Version})}, true, nil
			}
			s.open(size[0], size[1])
			s.Keys(keys...)
			s.Keys(":", a.Suite, "enter")
			s.Keys(keys...)
			s.Keys("G", "r", "j", "k")
			s.Has("Refunds smoke", "follows "+string(a.ID)+", started 46s ago")
		}
	}
}

// The runs go on when nobody asks any more: only the questions end.
func TestStoppingEndsTheQuestions(t *testing.T) {
	s := two(t).open(80, 24).open(80, 24)
	s.Keys("ctrl+c")
	s.Has("stopped reading", "2 under way", "not followed")
	if s.Keys("ctrl+c"); s.begun() != 0 {
		t.Error("a run was started")
	}
}

func TestRefreshAsksWhatTheRunNeeds(t *testing.T) {
	for _, tt := range []struct {
		name string
		run  api.TestRun
		want []tests.Ask
		says string
	}{
		{"on", under(8, "S", time.Minute, 50), []tests.Ask{{Suite: "S", ID: runID(8)}}, ""},
		{"over", over(8, "S", time.Minute, goodSteps()), nil, "its result is kept here"},
		{"unknown", ended(8, api.JobUnknown, "no final status"), []tests.Ask{{Suite: "Refunds smoke", ID: runID(8), Once: true}}, ""},
		{"expired", ended(8, api.JobExpired, ""), []tests.Ask{{Suite: "Refunds smoke", ID: runID(8), Once: true}}, ""},
		{"error", ended(8, api.JobFailed, ""), []tests.Ask{{Suite: "Refunds smoke", ID: runID(8), Once: true}}, ""},
		{"no id", func() api.TestRun { r := ended(8, api.JobUnknown, ""); r.ID = ""; return r }(), nil, "its id is not known here"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := set(t).keeps(tt.run)
			s.open(80, 24)
			disk := len(s.kept.Looked)
			s.runs.Asked = nil
			s.Keys("r")
			if len(s.runs.Asked) != len(tt.want) || len(tt.want) > 0 && s.runs.Asked[0] != tt.want[0] {
				t.Errorf("asked %+v", s.runs.Asked)
			}
			if len(s.kept.Looked) != disk+1 {
				t.Error("the disk was not looked at")
			}
			s.Has(tt.says)
		})
	}
}

func TestTheTerminalShowsProgressOnlyWhileARunIsOn(t *testing.T) {
	if percent, on := two(t).open(80, 24).model.Progress(); !on || percent != 34 {
		t.Errorf("%d %v", percent, on)
	}
	if _, on := day(t).open(80, 24).model.Progress(); on {
		t.Error("nothing is on")
	}
	if _, on := start(never())(t).open(80, 24).model.Progress(); on {
		t.Error("nobody knows how far a start is")
	}
}

// The last good run is looked for once a run, before that run.
func TestComparingLooksForTheRunBefore(t *testing.T) {
	s := day(t)
	var asked []time.Time
	s.good = func(suite string, before time.Time) (api.TestRun, bool, error) {
		asked = append(asked, before)
		return history()[1], suite == "Refunds smoke", nil
	}
	s.open(80, 24).Keys("d")
	s.Has("2 newly fail", "1 not in it", "newly fails")
	s.Keys("e", "E", "enter", "esc", "r")
	if len(asked) != 1 || !asked[0].Equal(history()[0].Started) {
		t.Fatalf("looked before %v", asked)
	}
	s.Keys("j", "k")
	if len(asked) != 3 {
		t.Errorf("looked %d times", len(asked))
	}
	s.Keys("d")
	s.Has("last runs")
}

func TestStepsOutOneAtATime(t *testing.T) {
	s := day(t).open(80, 24)
	s.Keys("tab", "enter")
	s.Lacks("PROGRESS")
	s.Keys("esc")
	s.Has("PROGRESS")
	s.Keys("j", "j", "j", "j")
	s.Has("step 3 of 6")
	s.Keys("j")
	s.Has("step 4 of 6", "14:35:00")
	s.Keys("esc", "j")
	s.Has("could not be carried out")
}

func TestCopies(t *testing.T) {
	s := day(t).open(80, 24)
	want := map[string]string{
		"run id": string(runID(1)), "command line": "korescope tests status 'Refunds smoke' " + string(runID(1)),
		"what came": "Could you say that again?",
	}
	copies := s.model.Copies()
	if len(copies) != len(want) {
		t.Fatalf("%+v", copies)
	}
	for _, c := range copies {
		if want[c.Name.String()] != c.Value {
			t.Errorf("%s is %q", c.Name, c.Value)
		}
	}
}

func TestMaskHidesWhatWasSaid(t *testing.T) {
	mask, err := views.NewMasker(nil)
	if err != nil {
		t.Fatal(err)
	}
	steps := goodSteps()
	steps[0] = api.TestStep{
		Input: "write to ada@example.test", Verdict: api.VerdictFailed, Expected: []string{"sent to ada@example.test"},
		Actual: []string{"no ada@example.test"}, Failed: []string{"text: ada@example.test"},
	}
	s := set(t).keeps(over(1, "S", time.Minute, steps))
	s.mask = mask
	s.open(80, 24).Lacks("ada@").Has("a…@example.test")
}
