package kore_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"testing"
	"time"

	"korescope/api"
	"korescope/api/apitest"
	"korescope/api/kore"
	"korescope/api/sim"
)

// workshop is a client for an admin credential, one for the bot's, and the
// platform behind both.
func workshop(t *testing.T, o sim.Options) (apitest.Workshop, *sim.World) {
	t.Helper()
	clock := &hands{now: fixed()}
	o.Now, o.Limits = clock.Now, api.Limits{PerMinute: 1 << 20, PerHour: 1 << 20}
	world, err := sim.New(o)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(world.Handler())
	t.Cleanup(server.Close)
	bot := world.Credentials()[0].BotID
	client := func(nth int) *kore.Client {
		cred := world.Credentials()[nth]
		c, err := kore.New(kore.Options{
			Host: server.URL, Now: clock.Now, Wait: clock.Wait, Limits: o.Limits, Writes: true, Journal: &apitest.Journal{},
			Credentials: kore.Credentials{ClientID: cred.ClientID, Bot: bot, Admin: cred.Scope == "admin", Secret: func(context.Context) (string, error) {
				return cred.Secret, nil
			}},
		})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	admin := client(2)
	var staff api.UserID
	for page, err := range admin.Roles(t.Context(), api.Person) {
		if err != nil {
			t.Fatal(err)
		}
		staff = page.Items[0].User
	}
	return apitest.Workshop{
		Changer: admin, Exporter: admin, Deletion: client(0),
		Pass: func(by time.Duration) { _ = clock.Wait(context.Background(), by) },
		Done: func(call string) int {
			n := 0
			for _, a := range world.Truth().Acts {
				if a.Op == call {
					n++
				}
			}
			return n
		},
		User: world.Truth().Sessions(bot, api.Last(24*time.Hour, fixed()))[0].User, Protected: staff,
	}, world
}

func TestWorkshopConformance(t *testing.T) {
	for name, strict := range map[string]sim.Strict{
		"usual":                   {},
		"publish status at 1.1":   {NotServed: []string{"/api/public/bot/{bot}/publish/status"}},
		"publish status at first": {NotServed: []string{"/api/1.1/public/bot/{bot}/publish/status/"}},
	} {
		t.Run(name, func(t *testing.T) {
			apitest.RunWorkshop(t, func(t *testing.T) apitest.Workshop {
				w, _ := workshop(t, sim.Options{Seed: 5, Strict: strict})
				return w
			})
		})
	}
}

func TestPublishWithoutAChannel(t *testing.T) {
	w, _ := workshop(t, sim.Options{Strict: sim.Strict{NoChannel: true}})
	_, err := w.Changer.Publish(t.Context(), api.PublishStart{Comment: "fix"})
	var e *api.Error
	if !errors.As(err, &e) || e.Kind != api.Refused || e.Said != "At least one channel must be enabled" || w.Done(api.Publish) != 0 {
		t.Errorf("%v", err)
	}
}

// An erased user's conversations are gone; the answer about a user who cannot
// be erased says so.
func TestErasedUsersAreGone(t *testing.T) {
	w, world := workshop(t, sim.Options{Seed: 3})
	bot := world.Credentials()[0].BotID
	ctx := t.Context()
	begun, err := w.Changer.EraseUsers(ctx, api.Erasure{Users: []api.UserID{w.User}, AllBots: true})
	if err != nil {
		t.Fatal(err)
	}
	w.Pass(time.Minute)
	if is, err := w.Changer.EraseStatus(ctx, begun.ID, nil); err != nil || is.State != api.JobSucceeded {
		t.Fatalf("%+v, %v", is, err)
	}
	for _, s := range world.Truth().Sessions(bot, api.Last(14*24*time.Hour, fixed())) {
		if s.User == w.User {
			t.Fatal("a session is still there")
		}
	}
}
