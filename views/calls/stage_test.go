package calls_test

import (
	"testing"

	"go.uber.org/goleak"

	"korescope/api"
	"korescope/api/trace"
	"korescope/views"
	"korescope/views/calls"
	"korescope/views/viewtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// stand is a list of model calls on a stage, with what its reader says.
type stand struct {
	*viewtest.Stage
	t     *testing.T
	calls *viewtest.Reader[api.LLMQuery, []api.LLMCall]
	// sessions are the others that calls may belong to.
	sessions *viewtest.Reader[api.SessionQuery, []api.Session]
	route    views.CallsRoute
	options  viewtest.Options
}

func set(t *testing.T) *stand {
	t.Helper()
	s := &stand{Stage: viewtest.NewStage(t), t: t}
	s.sessions = viewtest.NewReader[api.SessionQuery, []api.Session](t, s.Guard)
	s.sessions.Says(viewtest.Sessions()[:9], viewtest.Noon())
	s.calls = viewtest.NewReader[api.LLMQuery, []api.LLMCall](t, s.Guard)
	return s
}

// day is the list of a day.
func day(t *testing.T) *stand {
	t.Helper()
	s := set(t)
	s.calls.Says(viewtest.WindowCalls(), viewtest.Noon())
	return s
}

// one is the list of one session.
func one(t *testing.T) *stand {
	t.Helper()
	s := set(t)
	s.route.Session = viewtest.Told()
	s.calls.Says(viewtest.Calls(), viewtest.Noon())
	return s
}

func (s *stand) open(w, h int) *stand {
	s.t.Helper()
	m, err := calls.New(calls.Deps{Calls: trace.NewCalls(s.sessions, s.calls, s.Clock.Now), Limits: api.Limits{PerMinute: 60, PerHour: 1800}, Clock: s.Clock.Now, Zone: viewtest.Zone(), Explain: s.Explain}, s.route)
	if err != nil {
		s.t.Fatal(err)
	}
	s.Open(m, s.options, w, h)
	return s
}
