package conversation_test

import (
	"context"
	"slices"
	"testing"

	"go.uber.org/goleak"

	"korescope/api"
	"korescope/api/trace"
	"korescope/api/verdict"
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
	judged   bool // there is a verdict
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

// judge is the verdict of what the stage says was read.
func (s *stand) judge(_ context.Context, of api.Session) (verdict.Verdict, error) {
	if !s.Guard.Inside() {
		s.t.Error("the verdict was read outside a command")
	}
	e := verdict.Evidence{Session: of, Read: verdict.Messages | verdict.Calls}
	if s.messages.Net != nil {
		for _, step := range s.messages.Net(api.MessageQuery{}) {
			e.Messages = step.Answer.Value
		}
	}
	if s.calls.Net != nil {
		for _, step := range s.calls.Net(api.LLMQuery{}) {
			e.Calls = slices.Clone(step.Answer.Value)
		}
	}
	slices.Reverse(e.Calls)
	return verdict.Of(e), nil
}

func (s *stand) open(w, h int) *stand {
	s.t.Helper()
	why := s.judge
	if !s.judged {
		why = nil
	}
	s.Open(conversation.New(conversation.Deps{
		Sessions: s.sessions, Messages: s.messages,
		Calls: trace.NewCalls(s.sessions, s.calls, s.Clock.Now), Lines: trace.NewLines(s.sessions, s.lines, s.Clock.Now),
		Why: why, Clock: s.Clock.Now, Zone: viewtest.Zone(), Explain: s.Explain, Mask: s.mask,
	}, s.route), s.options, w, h)
	return s
}
