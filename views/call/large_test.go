package call_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"korescope/api"
	"korescope/keymap"
	"korescope/ui"
	"korescope/views"
	"korescope/views/call"
	"korescope/views/viewtest"
)

// big is a call too large to be laid out at once.
func big(t *testing.T) *stand {
	t.Helper()
	s := set(t)
	type message struct {
		Role    string `json:"role"`
		Content string `json:"content"`
	}
	var all []message
	for i := range 400 {
		all = append(all, message{"user", fmt.Sprintf("message %d %s", i, strings.Repeat("of many words ", 40))})
	}
	all = append(all, message{"user", "the newest word"})
	raw, err := json.Marshal(map[string]any{"model": "gpt-4o", "messages": all})
	if err != nil {
		t.Fatal(err)
	}
	c := s.route.Call
	c.Request, c.Response = raw, []byte(`{"choices":[{"finish_reason":"stop","message":{"role":"assistant","content":"answered"}}]}`)
	s.put(c)
	return s
}

// A large payload stands at its newest message at first, and in the end it is
// there whole, as a small one is.
func TestALargePayload(t *testing.T) {
	s := big(t).open(80, 24)
	s.Has("the newest word", "answered", "messages 402")
	s.Keys("g").Has("message 0 of many words", "lines 1 to 18 of")
	s.Keys("/", "message 399", "enter").Has("/message 399", "1/1", "message 399 of many")
	s.Keys("/", "nowhere", "enter").Has(`"nowhere" is not in this tab`)
	s.Keys("esc").Lacks("/nowhere")
	if got := s.copies()[keymap.CopyText]; !strings.Contains(got, "message 0 of") || !strings.Contains(got, "the newest word") {
		t.Errorf("%d bytes of the tab are copied", len(got))
	}
	s.Keys("tab").Has("messages  ", "[401]")
	s.Keys("shift+tab", "G")
	s.Size(140, 40).Has("the newest word", "answered")
}

// The first picture does not wait for the whole, and nothing is said about
// numbers that are not known yet.
func TestTheNewestMessageComesFirst(t *testing.T) {
	st := big(t)
	c := st.disk[st.route.Call.ID]
	m := call.New(call.Deps{Payloads: st.payloads, Clock: viewtest.Noon, Zone: time.UTC, Explain: st.Explain},
		views.CallRoute{Call: api.LLMCall{ID: c.ID, Start: c.Start}})
	cmd := m.Start(ui.Seat{Addr: 1, Ctx: t.Context()})
	m.Fit(ui.Env{Width: 80, Height: 21, Now: viewtest.Noon(), Zone: time.UTC})
	var seen []string
	for cmd != nil {
		cmd = m.Update(st.Guard.Cmd(cmd)())
		seen = append(seen, drawn(m))
	}
	if len(seen) != 3 || strings.Contains(seen[0], "newest") || !strings.Contains(seen[0], "reading the payload") ||
		!strings.Contains(seen[1], "the newest word") || !strings.Contains(seen[1], "messages ?") ||
		!strings.Contains(seen[2], "the newest word") || !strings.Contains(seen[2], "messages 402") {
		t.Errorf("seen one after the other:\n%s", strings.Join(seen, "\n----\n"))
	}
}

func drawn(m *call.Model) string {
	var b strings.Builder
	for _, l := range m.Draw(ui.Env{Width: 80, Height: 21, Now: viewtest.Noon(), Zone: time.UTC}) {
		for _, s := range l.Spans {
			b.WriteString(s.Text.String())
		}
		b.WriteByte('\n')
	}
	return b.String()
}
