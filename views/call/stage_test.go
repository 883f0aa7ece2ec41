package call_test

import (
	"testing"

	"go.uber.org/goleak"

	"korescope/api"
	"korescope/views"
	"korescope/views/call"
	"korescope/views/viewtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// stand is one model call on a stage, with what the disk has of it.
type stand struct {
	*viewtest.Stage
	t        *testing.T
	payloads *viewtest.Reader[api.CallID, api.LLMCall]
	disk     map[api.CallID]api.LLMCall
	mask     *views.Masker
	route    views.CallRoute
	options  viewtest.Options
}

// set is a call that the disk knows nothing of.
func set(t *testing.T) *stand {
	t.Helper()
	s := &stand{Stage: viewtest.NewStage(t), t: t, disk: map[api.CallID]api.LLMCall{}}
	s.payloads = viewtest.NewReader[api.CallID, api.LLMCall](t, s.Guard)
	s.payloads.Disk = func(id api.CallID) (api.Answer[api.LLMCall], error) {
		c, ok := s.disk[id]
		if !ok {
			return api.Answer[api.LLMCall]{}, viewtest.NotCached()
		}
		return api.Answer[api.LLMCall]{Value: c, At: viewtest.Noon(), Origin: api.FromDisk, Fresh: true, Done: true}, nil
	}
	// The cache has nobody to ask behind it.
	s.payloads.Fails(viewtest.NotCached())
	now := viewtest.Call(viewtest.Told(), 59)
	s.route = views.CallRoute{Call: now, Siblings: []api.LLMCall{viewtest.Call(viewtest.Told(), 23), now, viewtest.Call(viewtest.Told(), 91)}}
	return s
}

// with is the call with payloads of that kind, after an earlier one.
func with(p viewtest.Payload) func(*testing.T) *stand {
	return func(t *testing.T) *stand {
		t.Helper()
		s := set(t)
		s.put(viewtest.WithPayload(s.route.Call, p))
		s.put(viewtest.Earlier(viewtest.Told(), 23))
		s.put(viewtest.WithPayload(viewtest.Call(viewtest.Told(), 91), viewtest.Anthropic))
		return s
	}
}

func (s *stand) put(c api.LLMCall) {
	s.disk[c.ID] = c
	for i := range s.route.Siblings {
		if s.route.Siblings[i].ID == c.ID {
			bare := c
			bare.Request, bare.Response = nil, nil
			s.route.Siblings[i] = bare
			if s.route.Call.ID == c.ID {
				s.route.Call = bare
			}
		}
	}
}

func (s *stand) open(w, h int) *stand {
	s.t.Helper()
	s.Open(call.New(call.Deps{
		Payloads: s.payloads, Clock: s.Clock.Now, Zone: viewtest.Zone(), Explain: s.Explain, Mask: s.mask,
	}, s.route), s.options, w, h)
	return s
}
