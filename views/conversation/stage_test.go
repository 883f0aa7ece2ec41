package conversation_test

import (
	"testing"

	"go.uber.org/goleak"

	"korescope/api"
	"korescope/api/trace"
	"korescope/views"
	"korescope/views/conversation"
	"korescope/views/viewtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// stand is a conversation on a stage, with what its readers say.
type stand struct {
	*viewtest.Stage
	t        *testing.T
	sessions *viewtest.Reader[api.SessionQuery, []api.Session]
	messages *viewtest.Reader[api.MessageQuery, []api.Message]
	calls    *viewtest.Reader[api.LLMQuery, []api.LLMCall]
	lines    *viewtest.Reader[api.LogQuery, []api.DebugLine]
	mask     *views.Masker
	route    views.ConversationRoute
	options  viewtest.Options
}

func set(t *testing.T) *stand {
	t.Helper()
	s := &stand{Stage: viewtest.NewStage(t), t: t}
	s.sessions = viewtest.NewReader[api.SessionQuery, []api.Session](t, s.Guard)
	s.sessions.Says(siblings(), viewtest.Noon())
	s.messages = viewtest.NewReader[api.MessageQuery, []api.Message](t, s.Guard)
	s.calls = viewtest.NewReader[api.LLMQuery, []api.LLMCall](t, s.Guard)
	s.lines = viewtest.NewReader[api.LogQuery, []api.DebugLine](t, s.Guard)
	s.route = views.ConversationRoute{Session: viewtest.Told(), Siblings: siblings()}
	return s
}

func siblings() []api.Session {
	list := viewtest.Sessions()[:9]
	list[7] = viewtest.Told()
	return list
}

// talk is the conversation with everything in it.
func talk(t *testing.T) *stand {
	t.Helper()
	s := set(t)
	s.messages.Says(viewtest.Messages(), viewtest.Noon())
	s.calls.Says(viewtest.Calls(), viewtest.Noon())
	return s
}

func (s *stand) open(w, h int) *stand {
	s.t.Helper()
	s.Open(conversation.New(conversation.Deps{
		Sessions: s.sessions, Messages: s.messages,
		Calls: trace.NewCalls(s.sessions, s.calls, s.Clock.Now), Lines: trace.NewLines(s.sessions, s.lines, s.Clock.Now),
		Clock: s.Clock.Now, Zone: viewtest.Zone(), Explain: s.Explain, Mask: s.mask,
	}, s.route), s.options, w, h)
	return s
}
