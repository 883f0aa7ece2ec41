package sessions_test

import (
	"context"
	"testing"

	"go.uber.org/goleak"

	"korescope/api"
	"korescope/views"
	"korescope/views/sessions"
	"korescope/views/viewtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// stand is a list of sessions on a stage, with what its readers say.
type stand struct {
	*viewtest.Stage
	t        *testing.T
	sessions *viewtest.Reader[api.SessionQuery, []api.Session]
	messages *viewtest.Reader[api.MessageQuery, []api.Message]
	tails    map[api.SessionID]api.Tail
	looked   [][]api.Session // what the disk was asked for
	mask     *views.Masker
	route    views.SessionsRoute
	options  viewtest.Options
}

func set(t *testing.T) *stand {
	t.Helper()
	s := &stand{Stage: viewtest.NewStage(t), t: t, tails: map[api.SessionID]api.Tail{}}
	s.sessions = viewtest.NewReader[api.SessionQuery, []api.Session](t, s.Guard)
	s.messages = viewtest.NewReader[api.MessageQuery, []api.Message](t, s.Guard)
	return s
}

func (s *stand) open(w, h int) *stand {
	s.t.Helper()
	m, err := sessions.New(sessions.Deps{
		Sessions: s.sessions, Messages: s.messages, Tails: s.readTails,
		Clock: s.Clock.Now, Zone: viewtest.Zone(), Explain: s.Explain, Mask: s.mask,
	}, s.route)
	if err != nil {
		s.t.Fatal(err)
	}
	s.Open(m, s.options, w, h)
	return s
}

func (s *stand) readTails(_ context.Context, of []api.Session) (map[api.SessionID]api.Tail, error) {
	if !s.Guard.Inside() {
		s.t.Error("the ends were read outside a command")
	}
	out := map[api.SessionID]api.Tail{}
	s.looked = append(s.looked, of)
	for _, r := range of {
		if t, ok := s.tails[r.ID]; ok {
			out[r.ID] = t
		}
	}
	return out, nil
}

// day is the list of a day, with the ends that have been read.
func day(t *testing.T) *stand {
	t.Helper()
	s := set(t)
	s.tails = viewtest.Tails(viewtest.Sessions())
	s.sessions.Says(viewtest.Sessions(), viewtest.Noon())
	s.messages.Says(viewtest.Messages(), viewtest.Noon())
	return s
}

// rested lets the cursor stand long enough for the preview.
func (s *stand) rested() *stand {
	s.t.Helper()
	s.Rest()
	return s
}
