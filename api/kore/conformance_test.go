package kore_test

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"korescope/api"
	"korescope/api/apitest"
	"korescope/api/kore"
	"korescope/api/sim"
)

func fixed() time.Time { return time.Date(2026, 3, 10, 15, 30, 0, 0, time.UTC) }

// against runs the real client against a simulated platform over loopback.
func against(t *testing.T, o sim.Options, change ...func(*kore.Options)) (*kore.Client, *sim.World, sim.Credential) {
	t.Helper()
	o.Now = fixed
	o.Limits = api.Limits{PerMinute: 1 << 20, PerHour: 1 << 20}
	w, err := sim.New(o)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(w.Handler())
	t.Cleanup(server.Close)
	cred := w.Credentials()[0]
	k := kore.Options{
		Host:   server.URL,
		Limits: o.Limits, Now: fixed,
		Wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
		Credentials: kore.Credentials{ClientID: cred.ClientID, Bot: cred.BotID, Secret: func(context.Context) (string, error) {
			return cred.Secret, nil
		}},
	}
	for _, c := range change {
		c(&k)
	}
	c, err := kore.New(k)
	if err != nil {
		t.Fatal(err)
	}
	return c, w, cred
}

// truth is what the simulated platform knows about a window.
func truth(c *kore.Client, w *sim.World, bot api.BotID, window api.Window, transcripts int, older bool) apitest.Subject {
	tr := w.Truth()
	s := apitest.Subject{
		Source: c, Window: window, Filters: true, Absent: "68f1a3d04c7e2b9a5d10e3f7",
		Messages: map[api.SessionID][]api.Message{},
	}
	for _, one := range tr.Sessions(bot, window) {
		s.Sessions = append(s.Sessions, api.Session{
			ID: one.ID, Bot: one.Bot, User: one.User, Channel: one.Channel, Start: one.Start, End: one.End, Containment: one.Containment,
		})
		if len(s.Messages) >= transcripts {
			continue
		}
		s.Messages[one.ID] = nil
		for _, m := range tr.Messages(one.ID) {
			if m.OnlyV1 && !older {
				continue
			}
			s.Messages[one.ID] = append(s.Messages[one.ID], api.Message{ID: m.ID, Session: m.Session, Time: m.Time, Direction: spoke(m.Type), Text: m.Text})
		}
	}
	for _, one := range tr.Calls(bot, window) {
		if one.Developer {
			continue // not asked for
		}
		call := api.LLMCall{User: one.User, Start: one.Start, End: one.End, Description: one.Description}
		if one.Named {
			call.Session, call.Joined = one.Session, api.ByID
		}
		if one.Status != 0 {
			call.StatusCode = api.Known(one.Status)
		}
		s.Calls = append(s.Calls, call)
	}
	return s
}

// spoke is the speaker where the type alone tells it.
func spoke(kind string) api.Direction {
	switch kind {
	case "incoming":
		return api.FromUser
	case "ctrlmsg":
		return api.Control
	}
	return ""
}

func TestConformanceAgainstTheSimulator(t *testing.T) {
	for name, strict := range map[string]sim.Strict{
		"usual":             {},
		"jti required":      {RequireJTI: true},
		"other order":       {OldestFirst: true},
		"trailing more":     {TrailingMore: true, TotalLie: -7},
		"total too small":   {TotalLie: -1000},
		"hits":              {LLMHits: true},
		"skip not read":     {SkipIgnored: true},
		"over maximum":      {RefuseOverMax: true},
		"skip counts units": {SkipSessions: true},
		"without V2":        {NotServed: []string{"/api/public/bot/{bot}/getMessagesV2"}},
	} {
		t.Run(name, func(t *testing.T) {
			apitest.Run(t, func(t *testing.T) apitest.Subject {
				c, w, cred := against(t, sim.Options{Seed: 7, Sessions: 600, Strict: strict})
				window := api.Last(30*time.Hour, fixed())
				return truth(c, w, cred.BotID, window, 45, strict.NotServed != nil)
			})
		})
	}
}
