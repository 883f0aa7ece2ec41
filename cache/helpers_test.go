package cache

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"korescope/api"
)

// noon is the time at which tests begin.
func noon() time.Time { return time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC) }

// full reports that long tests run in their long form.
func full() bool { return os.Getenv("KORESCOPE_FULL") != "" }

// tries tells the scoreboard how often something was tried.
func tries(t *testing.T, n int) { t.Helper(); t.Attr("tries", strconv.Itoa(n)) }

// clock is moved by tests.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: noon()} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func options(t testing.TB, c *clock) Options {
	t.Helper()
	return Options{
		Dir: t.TempDir(), Name: "test", Secret: "an invented secret", Now: c.Now,
		Statfs: func(string) (string, error) { return "", nil },
	}
}

func mustOpen(t testing.TB, o Options) *Store {
	t.Helper()
	s, notice, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if notice != "" {
		t.Fatalf("notice: %s", notice)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// world is a platform that counts what it is asked.
type world struct {
	mu       sync.Mutex
	sessions []api.Session
	messages []api.Message
	calls    []api.LLMCall
	page     int  // rows per page
	bareOnly bool // messages come when no dates are sent

	asked     []api.SessionQuery
	lanes     []api.Lane
	askedMsg  []api.MessageQuery
	askedLLM  []api.LLMQuery
	failAfter int // pages until failure; 0 never
	failure   error
	gap       api.Window // a part that cannot be read
}

func sessionAt(at time.Time, n int, open bool) api.Session {
	s := api.Session{
		ID:  api.SessionID(fmt.Sprintf("%08x%016x", at.Unix(), n)),
		Bot: "st-1", User: api.UserID(fmt.Sprintf("u-%d", n)), Channel: "rtm",
		Start: at, End: at.Add(2 * time.Minute), Languages: []string{"en"}, Kind: api.KindInteractive,
		Containment: api.SelfService, Status: api.StatusClosed, Developer: api.Known(false),
		Messages: api.Known(4), Tasks: api.Known(0),
		UserTags:    []api.Tag{{Name: "tier", Value: json.RawMessage(`"gold"`)}},
		SessionTags: []api.Tag{{Name: "retries", Value: json.RawMessage(`2`)}, {Name: "env", Value: json.RawMessage(`null`)}},
	}
	if open {
		s.Status = api.StatusActive
	}
	s.Raw = json.RawMessage(fmt.Sprintf(`{"sessionId":%q}`, s.ID))
	return s
}

func (w *world) Sessions(_ context.Context, q api.SessionQuery, lane api.Lane) iter.Seq2[api.Page[api.Session], error] {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = append(w.asked, q)
	w.lanes = append(w.lanes, lane)
	var rows []api.Session
	page := api.Page[api.Session]{}
	if q.IDs != "" {
		for _, id := range q.IDs.All() {
			i := slices.IndexFunc(w.sessions, func(s api.Session) bool { return s.ID == id })
			if i < 0 {
				page.Unknown = append(page.Unknown, id)
				continue
			}
			page.Items = append(page.Items, w.sessions[i])
		}
		return func(yield func(api.Page[api.Session], error) bool) { yield(page, nil) }
	}
	for _, s := range w.sessions {
		if q.Window.Holds(s.Start) && (q.Containment == "" || q.Containment == s.Containment) && (q.User == "" || q.User == s.User) {
			rows = append(rows, s)
		}
	}
	slices.SortFunc(rows, bySession)
	if q.Limit > 0 && len(rows) > q.Limit {
		rows = rows[:q.Limit]
	}
	return pages(w, rows, q.Window, func(s api.Session) time.Time { return s.Start })
}

// pages yields rows, newest first, with what is complete after each page.
func pages[T any](w *world, rows []T, win api.Window, at func(T) time.Time) iter.Seq2[api.Page[T], error] {
	size, fail, failure, gap := w.page, w.failAfter, w.failure, w.gap
	if size == 0 {
		size = 100
	}
	return func(yield func(api.Page[T], error) bool) {
		n := 0
		for chunk := range slices.Chunk(rows, size) {
			if n++; failure != nil && n > fail {
				yield(api.Page[T]{}, failure)
				return
			}
			p := api.Page[T]{Items: chunk, More: n*size < len(rows), Total: api.Known(len(rows))}
			p.Done = api.Between(at(chunk[len(chunk)-1]).Add(time.Millisecond), win.To)
			p.Down, p.Left = p.Done, api.Known((len(rows)-n*size+size-1)/size)
			if !p.More {
				p.Done = api.Window{}
			}
			if n == 1 && !gap.Zero() {
				p.Gaps = []api.Gap{{Window: gap, Why: &api.Error{Kind: api.Unavailable}}}
				p.Done = api.Window{}
			}
			if !yield(p, nil) {
				return
			}
		}
		if n == 0 {
			if failure != nil {
				yield(api.Page[T]{}, failure)
				return
			}
			yield(api.Page[T]{}, nil)
		}
	}
}

func (w *world) Messages(_ context.Context, q api.MessageQuery, _ api.Lane) iter.Seq2[api.Page[api.Message], error] {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.askedMsg = append(w.askedMsg, q)
	var rows []api.Message
	for _, m := range w.messages {
		if slices.Contains(q.Sessions.All(), m.Session) && (q.Bare || !w.bareOnly) {
			rows = append(rows, m)
		}
	}
	return pages(w, rows, q.Window, func(m api.Message) time.Time { return m.Time })
}

func (w *world) CallMessages(context.Context, api.CallQuery, api.Lane) iter.Seq2[api.Page[api.Message], error] {
	panic("not asked")
}

func (w *world) UserMessages(context.Context, api.UserQuery, api.Lane) iter.Seq2[api.Page[api.Message], error] {
	return func(func(api.Page[api.Message], error) bool) {}
}

func (w *world) LLMCalls(_ context.Context, q api.LLMQuery, _ api.Lane) iter.Seq2[api.Page[api.LLMCall], error] {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.askedLLM = append(w.askedLLM, q)
	var rows []api.LLMCall
	for _, l := range w.calls {
		if q.Window.Holds(l.Start) {
			rows = append(rows, l)
		}
	}
	slices.SortFunc(rows, api.NewerCall)
	if q.Limit > 0 && len(rows) > q.Limit {
		rows = rows[:q.Limit]
	}
	return pages(w, rows, q.Window, func(l api.LLMCall) time.Time { return l.Start })
}

// all runs a refresh to its end.
func all[V any](t testing.TB, seq iter.Seq2[api.Answer[V], error]) []outcome[V] {
	t.Helper()
	var out []outcome[V]
	for a, err := range seq {
		out = append(out, outcome[V]{a, err})
	}
	if len(out) == 0 {
		t.Fatal("no answer")
	}
	return out
}

// last is the final answer of a refresh that must succeed.
func last[V any](t testing.TB, seq iter.Seq2[api.Answer[V], error]) api.Answer[V] {
	t.Helper()
	out := all(t, seq)
	end := out[len(out)-1]
	if end.err != nil {
		t.Fatal(end.err)
	}
	if !end.answer.Done {
		t.Fatal("the last answer is not Done")
	}
	return end.answer
}

func messageAt(session api.SessionID, n int, at time.Time, from api.Direction, text string) api.Message {
	id := fmt.Sprintf("ms-%s-%d", session, n)
	return api.Message{
		ID: api.MessageID(id), Session: session, User: "u-1", Bot: "st-1", Direction: from,
		Time: at, Stamp: at.UnixMilli(), Channel: "rtm", Kind: api.KindText, Text: text,
		Options: []api.Option{{Title: "Yes", Value: "yes"}},
		Raw:     json.RawMessage(fmt.Sprintf(`{"_id":%q}`, id)),
	}
}

func callAt(n int, at time.Time, prompt, answer string) api.LLMCall {
	raw, _ := json.Marshal(map[string]any{ //nolint:errchkjson // strings only
		"Request Payload": map[string]any{"messages": []any{map[string]any{"role": "user", "content": prompt}}},
		"Response":        answer,
	})
	request, _ := json.Marshal(map[string]any{"messages": []any{map[string]any{"role": "user", "content": prompt}}}) //nolint:errchkjson // strings only
	response, _ := json.Marshal(answer)                                                                              //nolint:errchkjson // a string
	return api.LLMCall{
		ID: api.CallID(fmt.Sprintf("call-%d", n)), Session: "", User: "u-1", Bot: "st-1",
		Start: at, End: at.Add(time.Second), TimeTaken: api.Known[int64](1000), Status: "Success", StatusCode: api.Known(200),
		Feature: "Agent Node", Model: "GPT-4", Description: "Refund-Ask", RequestTokens: api.Known(10), ResponseTokens: api.Known(20),
		Guardrails: []api.Guardrail{{Name: "toxicity", Outcome: "Not Detected", Risk: api.Known(0.5)}},
		Request:    request, Response: response, Raw: raw,
	}
}

// countIn counts a text in all bytes of all files.
func countIn(t *testing.T, dir, text string) int {
	t.Helper()
	n := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		n += strings.Count(string(b), text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func checkModes(t *testing.T, dir string) int {
	t.Helper()
	n := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		want := fs.FileMode(0o600)
		if d.IsDir() {
			want = 0o700
		} else {
			n++
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	return n
}
