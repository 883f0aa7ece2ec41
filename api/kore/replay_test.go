package kore_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"testing"
	"time"

	"korescope/api"
	"korescope/api/apitest"
	"korescope/api/kore"
)

const recordings = "../../testdata/api/"

// replay answers every call with the recorded payload of its name, whatever is
// asked: a platform that ignores each filter but sends true rows.
func replay(t *testing.T) http.Handler {
	t.Helper()
	files := map[string]string{
		api.GetSessions: "replay-sessions.json", api.GetMessagesV2: "replay-messages.json",
		api.MessagesLite: "messages-lite.json", api.GetLLMLogs: "replay-llm.json",
	}
	bodies := map[string][]byte{}
	for name, file := range files {
		b, err := os.ReadFile(filepath.Join(recordings, file))
		if err != nil {
			t.Fatal(err)
		}
		bodies[name] = b
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, ok := bodies[path.Base(r.URL.Path)]
		if !ok {
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(b)
	})
}

// expected is what a reader should make of the recorded payloads, written down
// by hand in the words of package api.
func expected(t *testing.T) apitest.Subject {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(recordings, "replay-expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var in struct {
		Sessions []api.Session
		Messages []api.Message
		Calls    []api.LLMCall
	}
	if err := json.Unmarshal(b, &in); err != nil {
		t.Fatal(err)
	}
	s := apitest.Subject{Sessions: in.Sessions, Calls: in.Calls, Messages: map[api.SessionID][]api.Message{}}
	s.Window = api.Between(time.Date(2026, 2, 3, 0, 0, 0, 0, time.UTC), time.Date(2026, 2, 4, 0, 0, 0, 0, time.UTC))
	s.Absent = "6981390000000000000000aa"
	for _, m := range in.Messages {
		s.Messages[m.Session] = append(s.Messages[m.Session], m)
	}
	return s
}

func TestConformanceAgainstRecordedPayloads(t *testing.T) {
	apitest.Run(t, func(t *testing.T) apitest.Subject {
		server := httptest.NewServer(replay(t))
		t.Cleanup(server.Close)
		c, err := kore.New(kore.Options{
			Host: server.URL,
			Credentials: kore.Credentials{
				ClientID: "cs-4d1f6a52-83b0-5c7e-9e24-b6a07d35f1c8", Bot: "st-9e2b7c14-6f30-5a81-b4d7-05c8e1a3f692",
				Secret: func(context.Context) (string, error) { return "an-invented-secret-for-tests-only", nil },
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		s := expected(t)
		s.Source = c
		return s
	})
}
