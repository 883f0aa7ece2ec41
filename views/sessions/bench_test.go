package sessions_test

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
	"korescope/views/feed"
	"korescope/views/sessions"
	"korescope/views/viewtest"
)

// many are n sessions, newest first, as a busy bot has them.
func many(n int) []api.Session {
	out := make([]api.Session, n)
	tags := []api.Tag{{Name: "intent", Value: json.RawMessage(`"return of a parcel"`)}, {Name: "tier", Value: json.RawMessage(`"silver"`)}}
	for i := range out {
		at := viewtest.Noon().Add(-time.Duration(i) * 500 * time.Millisecond)
		out[i] = api.Session{
			ID: api.SessionID(fmt.Sprintf("7324%04xb5d0e8f1a2c3%04x", i>>16, i&0xffff)), Bot: "st-1f6c",
			User: api.UserID(fmt.Sprintf("u-3c1d%04x-7a52-5b0e-9d44-86f0e2a1%04x", i>>16, i&0xffff)), Channel: []string{"rtm", "ivr", "whatsapp"}[i%3],
			Start: at, End: at.Add(time.Minute), Languages: []string{"en"}, Kind: api.KindInteractive, Status: api.StatusClosed,
			Containment: []api.Containment{api.SelfService, api.SelfService, api.Agent, api.DropOff}[i%4],
			Messages:    api.Known(i % 17), SessionTags: tags,
		}
	}
	return out
}

type listOf struct{ rows []api.Session }

func (l listOf) Cached(context.Context, api.SessionQuery) (api.Answer[[]api.Session], error) {
	return api.Answer[[]api.Session]{Value: l.rows, At: viewtest.Noon(), Fresh: true, Done: true}, nil
}

func (l listOf) Refresh(context.Context, api.SessionQuery, api.Lane) iter.Seq2[api.Answer[[]api.Session], error] {
	return func(func(api.Answer[[]api.Session], error) bool) {}
}

type noMessages struct{}

func (noMessages) Cached(context.Context, api.MessageQuery) (api.Answer[[]api.Message], error) {
	return api.Answer[[]api.Message]{Fresh: true, Done: true}, nil
}

func (noMessages) Refresh(context.Context, api.MessageQuery, api.Lane) iter.Seq2[api.Answer[[]api.Message], error] {
	return func(func(api.Answer[[]api.Message], error) bool) {}
}

// screen is the list over a reader, not started.
func screen(tb testing.TB, r feed.Reader[api.SessionQuery, []api.Session], filter string) *sessions.Model {
	tb.Helper()
	m, err := sessions.New(sessions.Deps{
		Sessions: r, Messages: noMessages{}, Clock: viewtest.Noon, Zone: time.UTC,
		Explain: func(err error) views.Problem { return views.Explain(err, views.Situation{}) },
	}, views.SessionsRoute{Query: api.SessionQuery{Window: api.Last(14*24*time.Hour, viewtest.Noon())}, Filter: filter})
	if err != nil {
		tb.Fatal(err)
	}
	m.Fit(ui.Env{Width: 80, Height: 20, Now: viewtest.Noon(), Zone: time.UTC})
	return m
}

func seat(tb testing.TB) ui.Seat {
	tb.Helper()
	return ui.Seat{Addr: 1, Ctx: tb.Context(), Tick: func(time.Duration, func(time.Time) tea.Msg) tea.Cmd { return nil }}
}

// listing is the screen with those rows.
func listing(tb testing.TB, rows []api.Session) *sessions.Model {
	tb.Helper()
	m := screen(tb, listOf{rows}, "")
	run(m, m.Start(seat(tb)), nil)
	return m
}

// run carries out commands one after the other until done says so.
func run(m *sessions.Model, cmd tea.Cmd, done func() bool) {
	for queue := []tea.Cmd{cmd}; len(queue) > 0; {
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
		if done != nil && done() {
			return
		}
	}
}

func picture(m *sessions.Model) string {
	var b strings.Builder
	for _, l := range m.Draw(ui.Env{Width: 80, Height: 20, Now: viewtest.Noon(), Zone: time.UTC}) {
		for _, s := range l.Spans {
			b.WriteString(s.Text.String())
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func lengths(b *testing.B, f func(b *testing.B, m *sessions.Model)) {
	b.Helper()
	for _, n := range []int{2000, 100_000, 1_000_000} {
		if n > 100_000 && testing.Short() {
			continue
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) { f(b, listing(b, many(n))) })
	}
}

// search is what a letter leaves to be done beside the loop.
func search(m any) tea.Cmd {
	if s, ok := m.(interface{ Search() tea.Cmd }); ok {
		return s.Search()
	}
	return nil
}

// BenchmarkLetter types a word that is nowhere, letter by letter: the time of a
// letter with the picture that echoes it, and with all of the rows.
func BenchmarkLetter(b *testing.B) {
	const word = "zqvwkx"
	lengths(b, func(b *testing.B, m *sessions.Model) {
		for what, rest := range map[string]bool{"echo": false, "rows": true} {
			b.Run(what, func(b *testing.B) {
				for i := 0; b.Loop(); i++ {
					m.Typed(ui.FindPrompt, word[:i%len(word)+1])
					picture(m)
					b.StopTimer()
					cmd := search(m)
					b.StartTimer()
					if rest {
						run(m, cmd, nil)
						picture(m)
						continue
					}
					b.StopTimer()
					run(m, cmd, nil)
					b.StartTimer()
				}
			})
		}
	})
}

func BenchmarkTab(b *testing.B) {
	lengths(b, func(b *testing.B, m *sessions.Model) {
		for i := 0; b.Loop(); i++ {
			m.Do([]keymap.Action{keymap.ShowDropOff, keymap.ShowAll}[i%2])
			picture(m)
		}
	})
}

// BenchmarkSlash opens the filter and leaves it.
func BenchmarkSlash(b *testing.B) {
	lengths(b, func(b *testing.B, m *sessions.Model) {
		for b.Loop() {
			m.Prompt(ui.FindPrompt)
			m.Typed(ui.FindPrompt, "")
			picture(m)
			m.Typed(ui.FindPrompt, "")
			m.Close()
			picture(m)
		}
	})
}
