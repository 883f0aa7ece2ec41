package kore

import (
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"testing"
	"time"

	"korescope/api"
)

// What a sample shows is what goes over the wire first.
func TestASampleIsTheFirstRequest(t *testing.T) {
	t.Parallel()
	long := api.Between(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC))
	for _, tt := range []struct {
		name string
		of   any
		ask  func(c *Client)
	}{
		{"sessions", api.SessionQuery{Window: long, Containment: api.DropOff, User: "u-1"}, func(c *Client) {
			gather(c.Sessions(t.Context(), api.SessionQuery{Window: long, Containment: api.DropOff, User: "u-1"}, api.Person))
		}},
		{"messages", api.MessageQuery{Sessions: api.ListIDs("6b0937aa6b0937aa6b0937aa")}, func(c *Client) {
			gather(c.Messages(t.Context(), api.MessageQuery{Sessions: api.ListIDs("6b0937aa6b0937aa6b0937aa")}, api.Person))
		}},
		{"calls", api.LLMQuery{Window: long}, func(c *Client) {
			gather(c.LLMCalls(t.Context(), api.LLMQuery{Window: long}, api.Person))
		}},
		{"debug lines", api.LogQuery{Identity: "u 1/&", Channel: "ivr"}, func(c *Client) {
			gather(c.DebugLogs(t.Context(), api.LogQuery{Identity: "u 1/&", Channel: "ivr"}, api.Person))
		}},
	} {
		s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) {
			answerJSON(w, http.StatusBadRequest, `{"errors":[{"msg":"no"}]}`)
		})
		c := s.client(t)
		sample, err := c.Sample(tt.of)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if s.count() != 0 {
			t.Errorf("%s: a sample was sent", tt.name)
		}
		tt.ask(c)
		if s.count() == 0 {
			t.Errorf("%s: nothing was asked", tt.name)
			continue
		}
		got := s.all()[0]
		at, err := url.Parse(sample.URL)
		if err != nil || at.Path != got.path || at.RawQuery != got.query || sample.Method != got.method {
			t.Errorf("%s: %s %s, on the wire %s %s?%s", tt.name, sample.Method, sample.URL, got.method, got.path, got.query)
		}
		var body map[string]any
		if len(sample.Body) > 0 {
			if err := json.Unmarshal(sample.Body, &body); err != nil {
				t.Errorf("%s: %v", tt.name, err)
			}
		}
		if !reflect.DeepEqual(body, got.body) {
			t.Errorf("%s: body %v, on the wire %v", tt.name, body, got.body)
		}
	}
}

func TestNoSampleOfWhatCannotBeAsked(t *testing.T) {
	t.Parallel()
	c := serve(t, func(http.ResponseWriter, *http.Request, asked) {}).client(t)
	for _, of := range []any{nil, "sessions", api.SessionQuery{}, api.LLMQuery{}, api.LogQuery{}, api.MessageQuery{}, api.SessionQuery{IDs: api.ListIDs("a")}} {
		if s, err := c.Sample(of); api.KindOf(err) != api.Misuse {
			t.Errorf("%#v: %v, %v", of, s, err)
		}
	}
}
