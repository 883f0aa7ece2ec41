package kore

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"korescope/api"
)

func sample(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "testdata", "api", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// from makes a platform that gives one recorded answer whatever it is asked.
func from(t *testing.T, name string) *stub {
	t.Helper()
	body := sample(t, name)
	return serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) { answerJSON(w, 200, body) })
}

func october() api.Window {
	return api.Between(time.Date(2025, 10, 17, 0, 0, 0, 0, time.UTC), time.Date(2025, 10, 18, 0, 0, 0, 0, time.UTC))
}

func TestSampleOfSessions(t *testing.T) {
	s := from(t, "sessions.json")
	got := sessionsOf(s.client(t), october())
	if got.err != nil || len(got.items) != 1 {
		t.Fatalf("%d rows, %v", len(got.items), got.err)
	}
	one := got.items[0]
	if one.ID != "68f1a3d04c7e2b9a5d10e3f7" || one.Containment != api.Agent || one.Messages != api.Known(11) ||
		one.Tasks != api.Known(2) || one.Developer != api.Known(false) || !one.Final() || one.Unreadable != "" {
		t.Errorf("row read as %+v", one)
	}
	if d := one.Duration(); d != api.Known(2*time.Minute+16*time.Second+786*time.Millisecond) {
		t.Errorf("duration %+v", d)
	}
	if len(one.SessionTags) != 3 || string(one.SessionTags[1].Value) != "2" || string(one.SessionTags[2].Value) != "null" {
		t.Errorf("session tags %+v", one.SessionTags)
	}
	a := s.all()[0]
	if a.method != "POST" || a.path != "/api/public/bot/"+string(stubBot)+"/getSessions" {
		t.Errorf("asked %s %s", a.method, a.path)
	}
	if a.body["dateTo"] != "2025-10-18T00:00:00.000Z" {
		t.Errorf("asked for %v", a.body)
	}
}

func TestSampleOfMessages(t *testing.T) {
	s := from(t, "messages-v2.json")
	q := api.MessageQuery{Sessions: api.ListIDs("68f1a3d04c7e2b9a5d10e3f7")}
	got := gather(s.client(t).Messages(context.Background(), q, api.Person))
	if got.err != nil || len(got.items) != 2 {
		t.Fatalf("%d rows, %v", len(got.items), got.err)
	}
	first, second := got.items[0], got.items[1]
	if first.Direction != api.FromUser || first.Text != "where did my parcel go" || first.ChannelID != "pat@example.test" || first.TraceID == "" {
		t.Errorf("first %+v", first)
	}
	if second.Direction != api.FromBot || second.Kind != api.KindText || second.Channel != "rtm" || second.Stamp != 1760666585652 {
		t.Errorf("second %+v", second)
	}
	if b := s.all()[0].body; b["includeSecureForm"] != nil || b["limit"] != float64(10000) {
		t.Errorf("asked for %v", b)
	}
}

func TestSampleOfModelCalls(t *testing.T) {
	s := from(t, "llm.json")
	got := gather(s.client(t).LLMCalls(context.Background(), api.LLMQuery{Window: october()}, api.Person))
	if got.err != nil || len(got.items) != 1 {
		t.Fatalf("%d rows, %v", len(got.items), got.err)
	}
	c := got.items[0]
	if c.Feature != "GenAI Node" || c.Model != "GPT-4" || c.Finish != "stop" || c.Problem != "" || c.ID == "" ||
		c.RequestTokens != api.Known(120) || c.ResponseTokens != api.Known(31) || c.StatusCode != api.Known(200) ||
		c.TimeTaken != api.Known(int64(580)) || c.Task == "" || c.Prompt != "Default" || len(c.Request) == 0 || len(c.Response) == 0 {
		t.Errorf("row read as %+v", c)
	}
	if b := s.all()[0].body; b["limit"] != "50" || b["skip"] != "0" {
		t.Errorf("asked for %v", b)
	}
}
