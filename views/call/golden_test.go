package call_test

import (
	"encoding/json"
	"strings"
	"testing"

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

// states are every way one call can look.
func states() []state {
	var out []state
	for _, p := range []viewtest.Payload{
		viewtest.OpenAI, viewtest.Anthropic, viewtest.BareText, viewtest.CutJSON, viewtest.NoAnswer, viewtest.OddShape, viewtest.Nothing,
	} {
		tab := []string{}
		for _, name := range []string{"messages", "request", "response", "delta"} {
			out = append(out, state{string(p) + "-" + name, with(p), keys(tab...)})
			tab = append(tab, "tab")
		}
	}
	return append(out,
		state{"loading", func(t *testing.T) *stand { s := set(t); s.payloads.Net = nil; return s }, nothing},
		state{"not-cached", set, nothing},
		state{"not-cached-request", set, keys("tab")},
		state{"alone", alone, keys("shift+tab")},
		state{"earlier-gone", func(t *testing.T) *stand {
			s := with(viewtest.OpenAI)(t)
			delete(s.disk, viewtest.Call(viewtest.Told(), 23).ID)
			return s
		}, keys("shift+tab")},
		state{"messages-top", with(viewtest.OpenAI), keys("g")},
		state{"find-messages", with(viewtest.OpenAI), keys("/", "order", "enter")},
		state{"find-tree", with(viewtest.OpenAI), keys("tab", "/", "parcel", "enter")},
		state{"find-tree-none", with(viewtest.OpenAI), keys("tab", "/", "bicycle", "enter")},
		state{"find-prompt", with(viewtest.OpenAI), keys("tab", "/", "par")},
		state{"tree-all", with(viewtest.OpenAI), keys("tab", "E")},
		state{"tree-level-1", with(viewtest.OpenAI), keys("tab", "1")},
		state{"tree-text", with(viewtest.OpenAI), keys("tab", "P")},
		state{"tree-inside", with(viewtest.OpenAI), keys("tab", "tab", "E", "j", "j", "j", "j", "j", "j")},
		state{"next", with(viewtest.OpenAI), keys("ctrl+n")},
		state{"copy-tree", with(viewtest.OpenAI), keys("tab", "j", "y")},
		state{"help", with(viewtest.OpenAI), keys("tab", "?")},
		state{"probable", probable, nothing},
		state{"failed", failed, nothing},
		state{"hostile-messages", hostile, nothing},
		state{"hostile-request", hostile, keys("tab", "E")},
		state{"masked", masked, nothing},
		state{"long-line", long, keys("tab", "E")},
	)
}

func alone(t *testing.T) *stand {
	t.Helper()
	s := with(viewtest.OpenAI)(t)
	s.route.Siblings = s.route.Siblings[1:2]
	return s
}

func probable(t *testing.T) *stand {
	t.Helper()
	s := with(viewtest.OpenAI)(t)
	s.route.Call.Joined = api.ByUserTime
	return s
}

func failed(t *testing.T) *stand {
	t.Helper()
	s := set(t)
	c := viewtest.WithPayload(s.route.Call, viewtest.OpenAI)
	c.Status, c.StatusCode, c.Finish, c.Problem = "Failure", api.Known(429), "", "provider error 429"
	c.Response = []byte(`{"error":{"code":"429","message":"Requests have exceeded the call rate limit."}}`)
	c.ResponseTokens, c.Guardrails = api.Maybe[int]{}, nil
	s.put(c)
	return s
}

func hostile(t *testing.T) *stand {
	t.Helper()
	s := set(t)
	c := viewtest.HostileCalls()[1]
	var messages []string
	for _, word := range viewtest.Hostile() {
		raw, err := json.Marshal(map[string]string{"role": word, "content": word, word: word})
		if err != nil {
			t.Fatal(err)
		}
		messages = append(messages, string(raw))
	}
	c.Request = []byte(`{"model":"m","messages":[` + strings.Join(messages, ",") + `]}`)
	s.route = views.CallRoute{Call: c, Siblings: []api.LLMCall{c}}
	s.put(c)
	return s
}

func masked(t *testing.T) *stand {
	t.Helper()
	s := set(t)
	mask, err := views.NewMasker(nil)
	if err != nil {
		t.Fatal(err)
	}
	s.mask = mask
	c := s.route.Call
	c.Request = []byte(`{"model":"m","api_key":"sk-abcdefgh12345","messages":[{"role":"user","content":"mail p.lindqvist@example.test"}]}`)
	c.Response = []byte(`"done"`)
	s.put(c)
	return s
}

func long(t *testing.T) *stand {
	t.Helper()
	s := set(t)
	c := s.route.Call
	c.Request = []byte(`{"messages":[{"role":"user","content":"` + strings.Repeat("word 日本 ", 80) + `"}],"` + strings.Repeat("key", 40) + `":1}`)
	s.put(c)
	return s
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
			return with(viewtest.OpenAI)(t).open(w, h).Stage
		}})
	}
	return out
}

func TestGoldens(t *testing.T) { viewtest.Gallery(t, "call", pictures()) }
