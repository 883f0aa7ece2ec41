package conversation_test

import (
	"testing"
	"time"

	"korescope/api"
	"korescope/views"
	"korescope/views/viewtest"
)

type state struct {
	name string
	set  func(t *testing.T) *stand
	do   func(s *stand)
}

func keys(k ...string) func(*stand) { return func(s *stand) { s.Keys(k...) } }

func nothing(*stand) {}

// states are every way a conversation can look.
func states() []state {
	return append(append(readStates(), debugStates()...),
		state{"find", talk, keys("/", "order", "enter", "n")},
		state{"find-prompt", talk, keys("/", "refund")},
		state{"find-none", talk, keys("/", "bicycle", "enter")},
		state{"unfolded", talk, keys("j", "j", "enter")},
		state{"unfolded-long", talk, func(s *stand) {
			s.Keys("/", "warehouse", "enter", "esc", "enter")
		}},
		state{"raw", talk, keys("P")},
		state{"clock", talk, keys("T")},
		state{"utc", talk, keys("t", "T")},
		state{"cut-lines", talk, keys("w")},
		state{"messages-only", talk, keys("2")},
		state{"calls-only", talk, keys("1")},
		state{"problem", talk, keys("e")},
		state{"end", talk, keys("G")},
		state{"copy", talk, keys("j", "j", "j", "y")},
		state{"help", talk, keys("?")},
		state{"next", talk, func(s *stand) { s.messages.Says(viewtest.ManyMessages(3), viewtest.Noon()); s.Keys("ctrl+n") }},
		state{"many-bottom", many, keys("G")},
		state{"many-middle", many, keys("pgdown", "pgdown", "pgdown", "ctrl+d")},
		state{"hostile", hostile, nothing},
		state{"hostile-unfolded", hostile, keys("enter", "j", "enter", "G")},
		state{"hostile-raw", hostile, keys("P")},
		state{"masked", masked, nothing},
		state{"why", judged, nothing},
		state{"why-next", judged, keys("ctrl+p")},
		state{"why-no-fault", faultless, nothing},
		state{"why-long", longChain, nothing},
	)
}

func many(t *testing.T) *stand {
	t.Helper()
	s := set(t)
	s.messages.Says(viewtest.ManyMessages(200), viewtest.Noon())
	s.calls.Says(nil, viewtest.Noon())
	return s
}

func hostile(t *testing.T) *stand {
	t.Helper()
	s := set(t)
	s.messages.Says(viewtest.HostileMessages(), viewtest.Noon())
	s.calls.Says(viewtest.HostileCalls()[:4], viewtest.Noon())
	return s
}

func masked(t *testing.T) *stand {
	t.Helper()
	s := talk(t)
	mask, err := views.NewMasker(nil)
	if err != nil {
		t.Fatal(err)
	}
	s.mask = mask
	tell := viewtest.NewTeller(viewtest.Told())
	s.messages.Says([]api.Message{
		tell.Say(0, api.FromUser, api.KindText, "call me at +49 30 5550 1234 or p.lindqvist@example.test"),
		tell.Say(time.Second, api.FromBot, api.KindText, "Your card 4111 1111 1111 1111 was charged."),
	}, viewtest.Noon())
	return s
}

func readStates() []state {
	return []state{
		{"loading", set, func(s *stand) { s.Clock.Move(2 * time.Second) }},
		{"loaded", talk, nothing},
		{"calls-loading", func(t *testing.T) *stand { s := talk(t); s.calls.Net = nil; return s }, nothing},
		{"messages-failed", func(t *testing.T) *stand {
			s := talk(t)
			s.messages.Fails(viewtest.Offline())
			return s
		}, nothing},
		{"calls-failed", func(t *testing.T) *stand {
			s := talk(t)
			s.calls.Fails(&api.Error{Kind: api.ScopeMissing, Endpoint: "llm", Scope: "LLM and Generative AI Logs"})
			return s
		}, nothing},
		{"both-failed", func(t *testing.T) *stand {
			s := set(t)
			s.messages.Fails(viewtest.Offline())
			s.calls.Fails(viewtest.Offline())
			return s
		}, nothing},
		{"stale-failed", func(t *testing.T) *stand {
			s := talk(t)
			s.messages.Has(viewtest.Messages(), viewtest.Noon().Add(-50*time.Minute), false).Fails(viewtest.Offline())
			return s
		}, nothing},
		{"partial", func(t *testing.T) *stand {
			s := talk(t)
			s.messages.Net = func(api.MessageQuery) []viewtest.Step[[]api.Message] {
				step := viewtest.Whole(viewtest.Messages()[:5], viewtest.Noon())
				step.Answer.Partial = true
				return []viewtest.Step[[]api.Message]{step}
			}
			return s
		}, nothing},
		{"no-messages", func(t *testing.T) *stand {
			s := set(t)
			s.messages.Says(nil, viewtest.Noon())
			s.calls.Says(nil, viewtest.Noon())
			return s
		}, nothing},
		{"unknown-id", func(t *testing.T) *stand {
			s := set(t)
			s.route = views.ConversationRoute{Session: api.Session{ID: viewtest.SessionRoom(999)}}
			s.sessions.Says(nil, viewtest.Noon())
			return s
		}, nothing},
		{"by-id", func(t *testing.T) *stand {
			s := talk(t)
			s.route = views.ConversationRoute{Session: api.Session{ID: viewtest.Told().ID}}
			s.sessions.Says([]api.Session{viewtest.Told()}, viewtest.Noon())
			return s
		}, nothing},
		{"open", func(t *testing.T) *stand {
			s := talk(t)
			s.route.Session.Status, s.route.Session.Containment = api.StatusActive, api.SelfService
			return s
		}, keys("G")},
	}
}

// pictures are the states at both sizes, one of them at odd sizes.
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
	for _, size := range [][2]int{{40, 10}, {60, 16}, {200, 60}} {
		out = append(out, viewtest.Picture{Name: "loaded", W: size[0], H: size[1], Draw: func(t *testing.T, w, h int) *viewtest.Stage {
			return talk(t).open(w, h).Stage
		}})
	}
	return out
}

func TestGoldens(t *testing.T) { viewtest.Gallery(t, "conversation", pictures()) }
