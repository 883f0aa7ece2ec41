package tests_test

import (
	"errors"
	"testing"
	"time"

	"korescope/api"
	"korescope/views"
	"korescope/views/tests"
	"korescope/views/viewtest"
)

type state struct {
	name string
	set  func(t *testing.T) *stand
	do   func(s *stand)
}

func keys(k ...string) func(*stand) { return func(s *stand) { s.Keys(k...) } }

func nothing(*stand) {}

func day(t *testing.T) *stand { t.Helper(); return set(t).keeps(history()...) }

// start is a day on which another run is started, which goes on as told.
func start(steps ...viewtest.Step[tests.Heard]) func(*testing.T) *stand {
	return func(t *testing.T) *stand {
		t.Helper()
		s := day(t).says(steps...)
		s.route.Start = views.StartTests(api.TestStart{Suite: "Refunds smoke", Version: api.InDevelopment, Email: "owner@example.test"})
		return s
	}
}

// keeping is a day with one more run.
func keeping(run api.TestRun) func(*testing.T) *stand {
	return func(t *testing.T) *stand {
		t.Helper()
		return set(t).keeps(append([]api.TestRun{run}, history()...)...)
	}
}

// two runs are on, each with its own percentage.
func two(t *testing.T) *stand {
	t.Helper()
	a, b := under(8, "Refunds smoke", 46*time.Second, 50), under(9, "Regression night", 70*time.Second, 18)
	s := set(t).keeps(append([]api.TestRun{a, b}, history()...)...)
	s.runs.Net = func(q tests.Ask) []viewtest.Step[tests.Heard] {
		run := a
		if q.ID == b.ID {
			run = b
		}
		return []viewtest.Step[tests.Heard]{heard(run, nil, nil), never()}
	}
	return s
}

// troubled is a run that cannot be asked for, for now or for good.
func troubled(t *testing.T, trouble, err error) *stand {
	t.Helper()
	s := keeping(under(8, "Refunds smoke", 46*time.Second, 50))(t)
	steps := []viewtest.Step[tests.Heard]{heard(under(8, "Refunds smoke", 46*time.Second, 50), trouble, err)}
	if err == nil {
		steps = append(steps, never())
	}
	return s.says(steps...)
}

func notStarted(err error) viewtest.Step[tests.Heard] {
	return heard(api.TestRun{Suite: "Refunds smoke", Version: api.InDevelopment, Verdict: api.VerdictError, State: api.JobFailed}, nil, err)
}

func lost() viewtest.Step[tests.Heard] {
	return heard(api.TestRun{
		Suite: "Refunds smoke", Version: api.InDevelopment, Verdict: api.VerdictError, State: api.JobUnknown,
		Started: viewtest.Noon(), Failure: "sent, and the answer never came",
	}, nil, &api.Error{Kind: api.OutcomeUnknown, Endpoint: api.RunSuite})
}

func compared(t *testing.T) *stand {
	t.Helper()
	s := day(t)
	s.good = func(string, time.Time) (api.TestRun, bool, error) { return history()[1], true, nil }
	return s
}

func noSteps(t *testing.T) *stand {
	t.Helper()
	r := over(7, "Refunds smoke", 5*time.Minute, badSteps())
	r.Steps = nil
	return keeping(r)(t)
}

func hostile(t *testing.T) *stand {
	t.Helper()
	var steps []api.TestStep
	for i, w := range viewtest.Hostile() {
		s := api.TestStep{Input: w, Verdict: []api.Verdict{api.VerdictFailed, "", api.VerdictError}[i%3], Expected: []string{w}, Actual: []string{"x " + w + " y"}, Failed: []string{"text: " + w}}
		steps = append(steps, s)
	}
	r := over(6, viewtest.Hostile()[0], time.Minute, steps)
	r.Version, r.Failure = api.Version(viewtest.Hostile()[1]), viewtest.Hostile()[2]
	return set(t).keeps(r)
}

// states are every way the list of test runs can look.
func states() []state {
	unknown := ended(7, api.JobUnknown, `no final status after 30m0s; the last word was "AWAITING_CAPACITY"`)
	return []state{
		{"none", set, nothing},
		{"none-denied", func(t *testing.T) *stand { s := set(t); s.denied = true; return s }, nothing},
		{"history", day, nothing},
		{"starting", start(never()), func(s *stand) { s.Clock.Move(3 * time.Second) }},
		{"started", start(heard(under(8, "Refunds smoke", time.Second, 0), nil, nil), never()), nothing},
		{"two", two, nothing},
		{"passed", start(heard(under(8, "Refunds smoke", 0, 0), nil, nil), heard(over(8, "Refunds smoke", 0, goodSteps()), nil, nil)), nothing},
		{"failed", start(heard(under(8, "Refunds smoke", 0, 0), nil, nil), heard(over(8, "Refunds smoke", 0, badSteps()), nil, nil)), nothing},
		{"refused", start(notStarted(&api.Error{Kind: api.NotAllowed, Endpoint: api.RunSuite})), nothing},
		{"no-suite", start(notStarted(&api.Error{Kind: api.NotFound, Endpoint: api.RunSuite, Said: "Test Suite not found"})), nothing},
		{"outcome-unknown", start(lost()), nothing},
		{"unknown-word", keeping(unknown), nothing},
		{"expired", keeping(ended(7, api.JobExpired, "Invalid request id")), nothing},
		{"error", keeping(ended(7, api.JobFailed, "The user owner@example.test may not talk to this version of the bot")), nothing},
		{"offline", func(t *testing.T) *stand {
			return troubled(t, viewtest.Offline(), nil)
		}, nothing},
		{"given-up", func(t *testing.T) *stand {
			return troubled(t, nil, &api.Error{Kind: api.Credentials})
		}, nothing},
		{"stopped", two, keys("ctrl+c")},
		{"cache-broken", func(t *testing.T) *stand {
			s := set(t)
			s.kept.Disk = func(tests.All) (api.Answer[tests.Kept], error) {
				return api.Answer[tests.Kept]{}, errors.New("the disk is full")
			}
			s.kept.Fails(errors.New("the disk is full"))
			return s
		}, nothing},
		{"next-failure", day, keys("e")},
		{"steps", day, keys("enter")},
		{"steps-next", day, keys("enter", "e", "e")},
		{"steps-inside", day, keys("tab", "j", "j")},
		{"compare", compared, keys("d")},
		{"compare-full", compared, keys("d", "enter")},
		{"compare-none", day, keys("d")},
		{"no-steps", noSteps, nothing},
		{"copy", day, keys("y")},
		{"help", day, keys("?")},
		{"hostile", hostile, nothing},
		{"hostile-steps", hostile, keys("enter", "G")},
	}
}

// pictures are the states at both sizes, some of them at
// odd sizes.
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
	for _, size := range [][2]int{{40, 10}, {60, 16}, {119, 30}, {200, 60}} {
		out = append(out, viewtest.Picture{Name: "two", W: size[0], H: size[1], Draw: func(t *testing.T, w, h int) *viewtest.Stage {
			return two(t).open(w, h).Stage
		}})
	}
	return out
}

func TestGoldens(t *testing.T) { viewtest.Gallery(t, "tests", pictures()) }
