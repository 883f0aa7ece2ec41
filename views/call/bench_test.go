package call_test

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/keymap"
	"korescope/ui"
	"korescope/views"
	"korescope/views/call"
	"korescope/views/viewtest"
)

// lengthy is a call whose request is a conversation of about that many bytes; the
// newest message says that it is the last.
func lengthy(size int) api.LLMCall {
	type message struct {
		Role    string `json:"role"`
		Content string `json:"content"`
	}
	said := strings.Repeat("The order lookup did not answer; ask once more, \"politely\", and offer a person.\n", 50)
	var all []message
	for n := 0; n < size; n += len(said) {
		all = append(all, message{[]string{"user", "assistant"}[len(all)%2], fmt.Sprintf("%d %s", len(all), said)})
	}
	all = append(all, message{"user", "this is the last word"})
	request, err := json.Marshal(map[string]any{"model": "gpt-4o", "messages": all})
	if err != nil {
		panic(err)
	}
	return api.LLMCall{
		ID: "lengthy", Start: viewtest.Noon(), Model: "gpt-4o", Request: request,
		Response: []byte(`{"choices":[{"finish_reason":"stop","message":{"role":"assistant","content":"answered"}}]}`),
	}
}

type payloadOf struct{ api.LLMCall }

func (p payloadOf) Cached(context.Context, api.CallID) (api.Answer[api.LLMCall], error) {
	return api.Answer[api.LLMCall]{Value: p.LLMCall, At: viewtest.Noon(), Fresh: true, Done: true}, nil
}

func (p payloadOf) Refresh(context.Context, api.CallID, api.Lane) iter.Seq2[api.Answer[api.LLMCall], error] {
	return func(func(api.Answer[api.LLMCall], error) bool) {}
}

// opened is the screen of a call before anything is read, and what reads it.
func opened(b *testing.B, c api.LLMCall) (*call.Model, tea.Cmd) {
	b.Helper()
	m := call.New(call.Deps{
		Payloads: payloadOf{c}, Clock: viewtest.Noon, Zone: time.UTC,
	}, views.CallRoute{Call: api.LLMCall{ID: c.ID, Start: c.Start}})
	cmd := m.Start(ui.Seat{Addr: 1, Ctx: b.Context()})
	m.Fit(ui.Env{Width: 80, Height: 21, Now: viewtest.Noon(), Zone: time.UTC})
	return m, cmd
}

// pump runs commands one after the other until done says so or none is left.
func pump(m *call.Model, cmd tea.Cmd, done func() bool) {
	for queue := []tea.Cmd{cmd}; len(queue) > 0 && !done(); {
		next := queue[0]
		queue = queue[1:]
		if next == nil {
			continue
		}
		switch msg := next().(type) {
		case nil:
		case tea.BatchMsg:
			queue = append(queue, msg...)
		default:
			queue = append(queue, m.Update(msg))
		}
	}
}

func shows(m *call.Model, what string) bool {
	var b strings.Builder
	for _, l := range m.Draw(ui.Env{Width: 80, Height: 21, Now: viewtest.Noon(), Zone: time.UTC}) {
		for _, s := range l.Spans {
			b.WriteString(s.Text.String())
		}
	}
	return strings.Contains(b.String(), what)
}

func sizesOf(b *testing.B, f func(b *testing.B, c api.LLMCall)) {
	b.Helper()
	for _, mb := range []int{1, 10, 30, 100} {
		if mb > 10 && testing.Short() {
			continue
		}
		b.Run(fmt.Sprintf("%dMB", mb), func(b *testing.B) { f(b, lengthy(mb*1_000_000)) })
	}
}

// BenchmarkFirstLines is from the payload's bytes to its last message on the
// screen.
func BenchmarkFirstLines(b *testing.B) {
	sizesOf(b, func(b *testing.B, c api.LLMCall) {
		b.ReportAllocs()
		for b.Loop() {
			m, cmd := opened(b, c)
			pump(m, cmd, func() bool { return shows(m, "this is the last word") })
			if !shows(m, "this is the last word") {
				b.Fatal("not shown")
			}
		}
	})
}

// BenchmarkLoop is the longest that the loop of keys stands still while a payload
// is opened.
func BenchmarkLoop(b *testing.B) {
	sizesOf(b, func(b *testing.B, c api.LLMCall) {
		var worst time.Duration
		for b.Loop() {
			m, cmd := opened(b, c)
			for queue := []tea.Cmd{cmd}; len(queue) > 0; {
				msg := queue[0]()
				queue = queue[1:]
				if all, is := msg.(tea.BatchMsg); is {
					queue = append(queue, all...)
					continue
				}
				begun := time.Now()
				next := m.Update(msg)
				worst = max(worst, time.Since(begun))
				if next != nil {
					queue = append(queue, next)
				}
			}
		}
		b.ReportMetric(float64(worst.Microseconds())/1000, "ms-worst")
	})
}

// BenchmarkKey is a key in the messages of a call, with the picture after it.
func BenchmarkKey(b *testing.B) {
	sizesOf(b, func(b *testing.B, c api.LLMCall) {
		m, cmd := opened(b, c)
		pump(m, cmd, func() bool { return false })
		b.ReportAllocs()
		for b.Loop() {
			m.Do(keymap.MoveUp)
			m.Heading()
			shows(m, "")
		}
	})
}
