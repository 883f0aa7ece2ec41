package cache

import (
	"encoding/json"
	"testing"
	"time"

	"korescope/api"
	"korescope/api/payload"
)

// A file in which an older reader left its word: lists say at once what the
// newest reader makes of the payloads, and the file does after a while.
func TestOldReadingsAreReadAnew(t *testing.T) {
	c := newClock()
	o := options(t, c)
	newest, err := migrations()
	if err != nil {
		t.Fatal(err)
	}
	old := o
	old.steps = newest[:3]
	s := mustOpen(t, old)
	s.idle.Wait() // it knows columns that are not there yet
	at := c.Now().Add(-time.Hour)
	rows := []struct {
		id, request, response   string
		finish, problem         string // as the old reader had them
		wantFinish, wantProblem string
		wantIn                  api.Maybe[int]
		from                    api.TokensFrom
		hasTokens               bool
	}{
		{id: "gemini", request: `{"contents":[]}`, response: `{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":9}}`, wantFinish: "SAFETY", wantProblem: "refused by content filter", wantIn: api.Known(9), from: api.TokensOfProvider},
		{id: "audio", request: `{}`, response: `{"choices":[{"message":{"content":null,"audio":{"data":"AAAA"}},"finish_reason":"stop"}]}`, finish: "stop", problem: "empty answer", wantFinish: "stop"},
		{id: "none", problem: "no response", wantProblem: "no answer"},
		{id: "counted", request: `{}`, response: `{"choices":[{"message":{"content":"b"},"finish_reason":"stop"}],"usage":{"prompt_tokens":614}}`, finish: "stop", wantFinish: "stop", hasTokens: true, wantIn: api.Known(5), from: api.TokensOfPlatform},
	}
	if err := s.write(t.Context(), "rows of the older schema", func(c *conn) error {
		for i, r := range rows {
			rid := int64(1000 + 2*i)
			var in any
			if r.hasTokens {
				in = 5
			}
			if err := c.exec(`INSERT INTO call (rid, id, session, joined, bot, user, at, start, status, feature, prompt, integration, model, channel, task, description,
				request_tokens, finish, problem, unreadable, fetched) VALUES (?,?,'','','','',?,?,'Success','','','','','','','',?,?,?,'',?)`,
				rid, r.id, at.UnixMilli(), at.UnixMilli(), in, r.finish, r.problem, at.UnixMilli()); err != nil {
				return err
			}
			var request, response any
			if r.request != "" {
				request, response = []byte(r.request), []byte(r.response)
			}
			if err := c.exec("INSERT INTO call_raw (rid, request, response) VALUES (?,?,?)", rid, request, response); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = mustOpen(t, o)
	check := func(when string) {
		t.Helper()
		list, err := LLM(s, nil, Offline).Cached(t.Context(), api.LLMQuery{Window: api.Last(24*time.Hour, c.Now())})
		if err != nil || len(list.Value) != len(rows) {
			t.Fatalf("%s: %d rows, %v", when, len(list.Value), err)
		}
		have := map[api.CallID]api.LLMCall{}
		for _, l := range list.Value {
			have[l.ID] = l
		}
		for _, r := range rows {
			l := have[api.CallID(r.id)]
			if l.Finish != r.wantFinish || l.Problem != r.wantProblem || l.RequestTokens != r.wantIn || l.TokensFrom != r.from || l.Response != nil {
				t.Errorf("%s, %s: finish %q, problem %q, tokens %v of %q", when, r.id, l.Finish, l.Problem, l.RequestTokens, l.TokensFrom)
			}
			whole, err := Calls(s).Cached(t.Context(), api.CallID(r.id))
			if err != nil || whole.Value.Problem != r.wantProblem || string(whole.Value.Response) != r.response {
				t.Errorf("%s, %s alone: %q, %s, %v", when, r.id, whole.Value.Problem, whole.Value.Response, err)
			}
		}
	}
	check("at once")
	s.idle.Wait()
	check("after a while")
	var due int64
	if err := s.read(t.Context(), "look", func(c *conn) (err error) {
		due, err = c.number("SELECT count(*) FROM call WHERE reading < ?", payload.Version)
		return err
	}); err != nil || due != 0 {
		t.Errorf("%d rows are still to be read, %v", due, err)
	}
}

// What counts the tokens survives the file, and secrets are found by nothing.
func TestReadingsAreKept(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	at := c.Now().Add(-time.Hour)
	l := payload.Apply(api.LLMCall{
		ID: "c1", Start: at, Request: json.RawMessage(`{"auth":{"token":"hushhush"},"messages":[{"role":"user","content":"needleword"}]}`),
		Response: json.RawMessage(`[{"choices":[{"delta":{"content":"straw"}}]},{"choices":[{"delta":{"content":"berry cake"}}],"usage":{"prompt_tokens":3}}]`),
	})
	if err := s.write(t.Context(), "a call", func(c *conn) error {
		return putCalls(c, []api.LLMCall{l}, api.Last(2*time.Hour, at.Add(time.Hour)), false, at)
	}); err != nil {
		t.Fatal(err)
	}
	got, err := Calls(s).Cached(t.Context(), "c1")
	if err != nil || got.Value.TokensFrom != api.TokensOfProvider || got.Value.RequestTokens != api.Known(3) {
		t.Errorf("%+v, %v", got.Value, err)
	}
	for word, want := range map[string]int{"needleword": 1, "strawberry": 1, "hushhush": 0} {
		hits, err := s.Find(t.Context(), FindQuery{Text: word, Limit: 10})
		if err != nil || len(hits) != want {
			t.Errorf("%s: %d hits, %v", word, len(hits), err)
		}
	}
}
