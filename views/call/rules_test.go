package call_test

import (
	"encoding/json"
	"strings"
	"testing"

	"korescope/api"
	"korescope/keymap"
	"korescope/ui"
	"korescope/views/viewtest"
)

func (s *stand) copies() map[keymap.Action]string {
	s.t.Helper()
	c, ok := s.Screen.(ui.Copier)
	if !ok {
		s.t.Fatal("nothing to copy")
	}
	out := map[keymap.Action]string{}
	for _, c := range c.Copies() {
		out[c.Action] = c.Value
		if c.Read != nil {
			value, err := c.Read(s.t.Context())
			if err != nil {
				s.t.Fatal(err)
			}
			out[c.Action] = value
		}
	}
	return out
}

// The payloads came with the list: opening a call asks the disk for it and for
// the one before, and the platform for nothing.
func TestItAsksTheDiskOnly(t *testing.T) {
	s := with(viewtest.OpenAI)(t).open(80, 24)
	want := []api.CallID{viewtest.CallRoom(59), viewtest.CallRoom(23)}
	if len(s.payloads.Looked) != 2 || s.payloads.Looked[0] != want[0] || s.payloads.Looked[1] != want[1] || len(s.payloads.Asked) != 0 {
		t.Errorf("looked for %v, asked %v", s.payloads.Looked, s.payloads.Asked)
	}
}

func TestTabs(t *testing.T) {
	s := with(viewtest.OpenAI)(t).open(80, 24)
	for _, want := range []string{"[messages 5]", "[request 580 B]", "[response 283 B]", "[delta 6]", "[messages 5]"} {
		s.Has(want).Keys("tab")
	}
	for _, want := range []string{"[request 580 B]", "[messages 5]", "[delta 6]", "[response 283 B]"} {
		s.Has(want).Keys("shift+tab")
	}
}

func TestMessagesOfEveryShape(t *testing.T) {
	for _, c := range []struct {
		payload viewtest.Payload
		has     []string
		lacks   []string
	}{
		{viewtest.OpenAI, []string{"system    You help", "user      my parcel", "---- answer ----", "guardrail prompt injection  Detected  risk 0.91", "temperature 0.2"}, []string{"no answer", "tools"}},
		{viewtest.Anthropic, []string{"system    You help", "user      my parcel", "assistant Which order is it?"}, []string{"no answer"}},
		{viewtest.BareText, []string{"prompt    Say hello in Thai.", "assistant สวัสดีครับ"}, []string{"no answer"}},
		{viewtest.CutJSON, []string{"! cut at 4096 tokens", "the answer is cut or of a shape that is not known here"}, []string{"no answer came back"}},
		{viewtest.NoAnswer, []string{"! empty answer", "no answer came back"}, []string{"not known here"}},
		{viewtest.OddShape, []string{"a shape that is not known here", "mode rank", "answer ----"}, []string{"no answer came back"}},
		{viewtest.Nothing, []string{"sent no request payload"}, []string{"answer ----"}},
	} {
		t.Run(string(c.payload), func(t *testing.T) {
			s := with(c.payload)(t).open(100, 60)
			s.Keys("g").Has(c.has...).Lacks(c.lacks...)
		})
	}
}

func TestAnEmptyMessageSaysSo(t *testing.T) {
	s := set(t)
	c := s.route.Call
	c.Request, c.Response = json.RawMessage(`{"messages":[{"role":"user","content":""}]}`), json.RawMessage(`"x"`)
	s.put(c)
	s.open(80, 24).Has("user      (empty)")
}

func TestLongRolesKeepTheirDistance(t *testing.T) {
	s := set(t)
	c := s.route.Call
	c.Request = json.RawMessage(`{"messages":[{"role":"function_result","content":"words"}]}`)
	s.put(c)
	s.open(80, 24).Has("functio", "… words")
}

func TestPayloadsThatAreGone(t *testing.T) {
	s := set(t).open(80, 24)
	s.Has("no longer in the cache", "messages ?", "delta ?").Lacks("reading the payload", "Offline")
	s.Keys("tab").Has("there is no payload to show").Lacks("reading the payload")
	s = set(t)
	s.payloads.Disk = func(api.CallID) (api.Answer[api.LLMCall], error) {
		return api.Answer[api.LLMCall]{}, &api.Error{Kind: api.KindUnknown, Said: "disk"}
	}
	s.payloads.Fails(&api.Error{Kind: api.Unavailable})
	s.open(80, 24).Has("not available").Lacks("reading the payload")
}

func TestDelta(t *testing.T) {
	s := with(viewtest.OpenAI)(t).open(80, 24)
	s.Keys("shift+tab").Has("against the call of 14:34:23, 0:36 earlier", "temperature      0.7 -> 0.2",
		"- Always be brief.", "+ Never promise a date.", "+ 40718", "[] -> [\"order\"]").Lacks("max_tokens", "Answer as JSON")
	s = with(viewtest.OpenAI)(t)
	s.put(viewtest.WithPayload(viewtest.Call(viewtest.Told(), 23), viewtest.OpenAI))
	s.open(80, 24).Keys("shift+tab").Has("nothing differs in what was sent", "delta 0")
	s = with(viewtest.Nothing)(t)
	s.open(80, 24).Keys("shift+tab").Has("nothing to compare").Lacks("nothing differs")
	s = alone(t)
	s.open(80, 24).Keys("shift+tab").Has("first call of its conversation", "delta -")
}

func TestAlongTheList(t *testing.T) {
	s := with(viewtest.OpenAI)(t).open(80, 24)
	s.Has("llm 2/3").Keys("ctrl+n").Has("llm 3/3", "claude-sonnet", "Which order is it?").Lacks("40718")
	s.Keys("ctrl+n").Has("no further call in the list").Keys("ctrl+p", "ctrl+p").Has("llm 1/3", "my parcel").Keys("ctrl+p").Has("no further call")
}

// A payload of the call before must not be shown under the next one's name.
func TestTheNextCallStartsEmpty(t *testing.T) {
	s := with(viewtest.OpenAI)(t).open(80, 24)
	delete(s.disk, viewtest.CallRoom(91))
	s.Keys("ctrl+n").Has("no longer in the cache").Lacks("40718")
	s.Keys("tab").Lacks("gpt-4o\"")
}

func TestTheTreeOpens(t *testing.T) {
	s := with(viewtest.OpenAI)(t).open(80, 60)
	s.Keys("tab").Has("> 0  {2}").Lacks("collected")
	s.Keys("E").Has("collected", "parameters  {1}").Keys("E").Lacks("> 0  {2}").Keys("E").Has("collected")
	s.Keys("1").Lacks("{2}").Keys("2").Has("> 0  {2}").Keys("3").Has("role     \"system\"")
	s.Keys("1", "G", "l", "l", "j", "j", "h").Has("tools")
	s.Keys("tab", "tab", "tab", "tab").Has("[request")
}

func TestFindInTheTree(t *testing.T) {
	s := with(viewtest.OpenAI)(t).open(80, 24)
	s.Keys("tab", "1", "/", "parcel", "enter").Has("/parcel  1/1", "▸       content", ".messages[1].content")
	s.Keys("esc").Lacks("/parcel")
	s.Keys("n").Has("nothing found")
	s.Keys("shift+tab", "/", "order", "enter").Has("/order  1/").Keys("n").Has("/order  2/").Keys("N", "N").Has("/order  3/3")
}

func TestCopies(t *testing.T) {
	s := with(viewtest.OpenAI)(t).open(80, 24)
	if got := s.copies(); got[keymap.CopySession] != string(viewtest.Told().ID) || got[keymap.CopyID] == "" || !strings.Contains(got[keymap.CopyText], "You help customers of a shop.") {
		t.Errorf("messages copy %v", got)
	}
	s.Keys("tab", "j")
	if got := s.copies(); got[keymap.CopyPath] != ".temperature" || got[keymap.CopyKey] != "temperature" || got[keymap.CopyValue] != "0.2" {
		t.Errorf("the tree copies %v", got)
	}
}

func TestSecretsAreMasked(t *testing.T) {
	s := masked(t).open(80, 24)
	s.Lacks("sk-abcdefgh", "lindqvist").Keys("tab", "E").Lacks("sk-abcdefgh", "lindqvist").Keys("P").Lacks("sk-abcdefgh", "lindqvist")
	for what, v := range s.copies() {
		if strings.Contains(v, "lindqvist") || strings.Contains(v, "abcdefgh") {
			t.Errorf("%s copies %q", what, v)
		}
	}
}

func TestAJoinThatIsNotCertainSaysSo(t *testing.T) {
	probable(t).open(80, 24).Has("by user+time", "probable, not certain")
}

func TestNothingIsLost(t *testing.T) {
	s := with(viewtest.OpenAI)(t).open(80, 24)
	whole := s.copies()[keymap.CopyText]
	s.Storm(5)
	s.Size(80, 24)
	for range 3 {
		s.Do(keymap.NextCall)
	}
	s.Do(keymap.PrevCall)
	for range 4 {
		if strings.Contains(s.Text(), "[messages") {
			break
		}
		s.Do(keymap.NextPane)
	}
	for range 4 {
		s.Keys("esc")
	}
	s.Has("llm 2/3", "[messages 5]", "request 580 B", "response 283 B", "delta 6")
	if got := s.copies()[keymap.CopyText]; got != whole {
		t.Errorf("after the storm\n%s\nwas\n%s", got, whole)
	}
}
