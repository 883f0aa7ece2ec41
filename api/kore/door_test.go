package kore

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"korescope/api"
	"korescope/api/apitest"
)

// everyAct is each call that changes something, by the endpoint that it asks.
func everyAct(ctx context.Context, c *Client) map[string]func() error {
	out := acts(ctx, c)
	said := func(f func() (api.Change, error)) func() error {
		return func() error { _, err := f(); return err }
	}
	out[api.UploadFile] = func() error {
		_, err := c.Upload(ctx, api.Upload{Name: "bot.json", Extension: "json", Size: 2, Open: func() (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader([]byte("{}"))), nil
		}})
		return err
	}
	out[api.Publish] = said(func() (api.Change, error) { return c.Publish(ctx, api.PublishStart{Comment: "what a person wrote"}) })
	out[api.ImportBot] = said(func() (api.Change, error) {
		return c.ImportBot(ctx, api.BotImport{Definition: "68f20a1c00000000000000b1", Config: "68f20a1c00000000000000b2"})
	})
	out[api.ImportFunctions] = said(func() (api.Change, error) {
		return c.ImportFunctions(ctx, []api.FunctionFile{{Name: "f.js", File: "68f20a1c00000000000000b1"}})
	})
	out[api.EraseUsers] = said(func() (api.Change, error) {
		return c.EraseUsers(ctx, api.Erasure{Users: []api.UserID{"ana@example.test"}})
	})
	out[api.DeleteConversations] = said(func() (api.Change, error) {
		return c.DeleteConversations(ctx, api.Deletion{User: "ana@example.test", Window: october()})
	})
	return out
}

// Whatever the table of endpoints calls a write is in the journal before it
// reaches the platform, and again with its answer; without the first line
// nothing is sent.
func TestEveryWriteIsInTheJournal(t *testing.T) {
	for _, e := range api.Endpoints() {
		if e.Effect != api.Write {
			continue
		}
		t.Run(e.Name, func(t *testing.T) {
			var j apitest.Journal
			s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) {
				if lines := j.Lines(); len(lines) != 1 || lines[0].Ended {
					t.Errorf("sent while the journal held %+v", lines)
				}
				answerJSON(w, 200, `{"status":"Success","_id":"x-1","testRunId":"x-1","dsId":"x-1","requestId":"x-1","jobId":"x-1","fileId":"x-1"}`)
			})
			c := s.client(t, asAdmin, func(o *Options) { o.Journal = &j })
			act, ok := everyAct(t.Context(), c)[e.Name]
			if !ok {
				t.Fatal("no call of this client asks it: add it to everyAct")
			}
			err := act()
			lines := j.Lines()
			if err != nil || s.count() != 1 || len(lines) != 1 {
				t.Fatalf("%v after %d requests, %+v", err, s.count(), lines)
			}
			l := lines[0]
			if l.Call != e.Name || l.Target == "" || !l.Ended || l.Err != nil || e.Name != api.Publish && e.Name != api.DeleteSuite && l.ID != "x-1" {
				t.Errorf("%+v", l)
			}
			if strings.Contains(l.Target, "ana@") || strings.Contains(l.Target, "person wrote") {
				t.Errorf("the target tells too much: %q", l.Target)
			}

			refused := apitest.Journal{Refuse: errors.New("the disk is full")}
			c = s.client(t, asAdmin, func(o *Options) { o.Journal = &refused })
			if err := everyAct(t.Context(), c)[e.Name](); !errors.Is(err, refused.Refuse) || s.count() != 1 {
				t.Errorf("without a line: %v after %d requests", err, s.count())
			}
		})
	}
}

// The way to the line knows no other: a write that brings no line, one of
// another call or one that was used is not sent.
func TestNoWriteWithoutALineOfItsOwn(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) { answerJSON(w, 200, `{}`) })
	c := s.client(t, asAdmin)
	used := &begun{call: api.Publish}
	used.spent.Store(true)
	for _, line := range []*begun{nil, {call: api.ImportBot}, used} {
		if _, err := c.put(t.Context(), question{endpoint: api.Publish, line: line}); api.KindOf(err) != api.Misuse || s.count() != 0 {
			t.Errorf("%v after %d requests", err, s.count())
		}
	}
	if _, err := New(Options{Host: s.URL, Writes: true, Credentials: c.o.Credentials}); api.KindOf(err) != api.Misuse {
		t.Errorf("a client that writes and keeps no journal: %v", err)
	}
}
