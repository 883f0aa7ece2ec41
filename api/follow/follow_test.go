package follow_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"korescope/api"
	"korescope/api/follow"
	"korescope/api/kore"
)

func TestRoom(t *testing.T) {
	usual := api.Limits{PerMinute: 60, PerHour: 1800}
	for name, tt := range map[string]struct {
		minute, hour, ownMinute, ownHour, unseen int
		every                                    time.Duration
		says                                     string
	}{
		"nobody else":                 {0, 0, 0, 0, 0, 10 * time.Second, "pace 10 s"},
		"only ourselves":              {12, 700, 12, 700, 0, 10 * time.Second, "pace 10 s"},
		"forty others just now":       {40, 40, 0, 0, 0, 2 * time.Minute, "others use 40"},
		"nineteen for an hour":        {19, 1140, 0, 0, 0, 13 * time.Second, "the hour leaves 9"},
		"the hour is gone":            {0, 1700, 0, 0, 0, 2 * time.Minute, "the hour leaves 0"},
		"the minute is gone":          {60, 60, 0, 0, 0, 2 * time.Minute, "others use 60"},
		"others that nobody can see":  {12, 100, 12, 100, 20, 14 * time.Second, "others use 20"},
		"more counted than there was": {2, 2, 12, 100, 0, 10 * time.Second, "pace 10 s"},
	} {
		u := api.Usage{Minute: tt.minute, Hour: tt.hour, Limits: usual}
		p := follow.Room(u, tt.ownMinute, tt.ownHour, tt.unseen, 10*time.Second)
		if p.Every != tt.every || !strings.Contains(p.String(), tt.says) || p.PerMinute > follow.Most {
			t.Errorf("%s: %s (%+v), want every %s", name, p, p, tt.every)
		}
	}
}

func TestAlerts(t *testing.T) {
	now := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	ended := func(how api.Containment, n int, ago time.Duration) []api.Session {
		var out []api.Session
		for i := range n {
			out = append(out, api.Session{
				ID: api.SessionID(fmt.Sprint(how, ago, i)), Containment: how, Status: api.StatusClosed, End: now.Add(-ago),
			})
		}
		return out
	}
	for name, tt := range map[string]struct {
		alert      string
		drop, self int
		ago        time.Duration
		fires      bool
	}{
		"over":              {"dropOff>25%", 4, 8, time.Minute, true},
		"just at it":        {"dropOff > 25 %", 3, 9, time.Minute, false},
		"too few":           {"dropOff>25%", 5, 0, time.Minute, false},
		"too long ago":      {"dropOff>25%", 9, 9, time.Hour, false},
		"a number":          {"DROPOFF>2", 3, 0, time.Minute, true},
		"below":             {"selfService<50%", 8, 4, time.Minute, true},
		"below, of nothing": {"selfService<50%", 0, 0, time.Minute, false},
	} {
		a, err := follow.ParseAlert(tt.alert)
		if err != nil {
			t.Fatal(err)
		}
		w := follow.NewWatch(a)
		all := append(ended(api.DropOff, tt.drop, tt.ago), ended(api.SelfService, tt.self, tt.ago)...)
		if said := w.See(now, all...); (said != "") != tt.fires {
			t.Errorf("%s: %q", name, said)
		}
		if said := w.See(now, all...); said != "" || w.Fired > 1 {
			t.Errorf("%s fires again: %q", name, said)
		}
	}
	for _, wrong := range []string{"", "dropOff", "dropOff>", "dropOff>x", "dropoff=3", "error>5", "dropOff>101%", "dropOff>25%%"} {
		if a, err := follow.ParseAlert(wrong); err == nil {
			t.Errorf("%q is taken for %s", wrong, a)
		}
	}
}

// A first read that fails ends it, whatever the failure; a later one does not
// when it may go away.
func TestTheFirstReadHasToWork(t *testing.T) {
	r := newReplay(t, "status(503,html)", api.Limits{})
	c := r.client(t, kore.Options{Wait: r.clock.Wait})
	f := follow.New(follow.Options{Source: c, Usage: c.Usage, Now: r.clock.Now, Wait: r.clock.Wait, From: r.clock.Now()})
	steps, failed := 0, error(nil)
	for _, err := range f.Run(t.Context()) {
		steps, failed = steps+1, err
	}
	if steps != 1 || api.KindOf(failed) != api.Unavailable {
		t.Errorf("%d steps: %v", steps, failed)
	}
}
