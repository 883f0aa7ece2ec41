package apitest

import (
	"fmt"
	"testing"
	"time"

	"korescope/api"
)

func billing(t *testing.T, d Desk) {
	for by, want := range d.Billing {
		job, err := d.Reports.StartBilling(t.Context(), api.BillingQuery{Window: d.Window, By: by})
		if err != nil || job.ID == "" {
			t.Fatalf("by %s: %+v, %v", by, job, err)
		}
		got := until(t, d, func() (api.BillingReport, api.JobState, error) {
			r, err := d.Reports.BillingStatus(t.Context())
			if r.Job.ID != job.ID {
				t.Errorf("by %s: the status is of %s, started was %s", by, r.Job.ID, job.ID)
			}
			return r, r.Job.State, err
		})
		if got.Job.State != api.JobSucceeded {
			t.Errorf("by %s: %+v", by, got.Job)
		}
		key := func(r api.BillingRow) string { return r.Period.Format(time.RFC3339) }
		same(t, "periods by "+string(by), got.Rows, key, want, key)
		have := map[string]api.BillingRow{}
		for i, r := range got.Rows {
			have[key(r)] = r
			if i > 0 && r.Period.Before(got.Rows[i-1].Period) {
				t.Errorf("by %s: %v is not in its place", by, r.Period)
			}
		}
		for _, w := range want {
			g := have[key(w)]
			of := string(by) + " " + key(w)
			equal(t, "requests", of, g.Requests, w.Requests)
			equal(t, "sessions", of, g.Sessions, w.Sessions)
			equal(t, "alerts", of, g.Alerts, w.Alerts)
			equal(t, "proactive", of, g.Proactive, w.Proactive)
			equal(t, "conversations", of, g.Conversations, w.Conversations)
		}
	}
}

func containment(t *testing.T, d Desk) {
	for q, want := range d.Containment {
		job, err := d.Reports.StartContainment(t.Context(), q)
		if err != nil || job.ID == "" {
			t.Fatalf("%+v: %+v, %v", q, job, err)
		}
		got := until(t, d, func() (api.ContainmentReport, api.JobState, error) {
			r, err := d.Reports.ContainmentStatus(t.Context(), job.ID)
			return r, r.Job.State, err
		})
		key := func(r api.ContainmentRow) string {
			return fmt.Sprint(r.Period, " ", r.Task, " ", r.TaskType, " ", r.Status)
		}
		same(t, "rows", got.Rows, key, want, key)
		have := map[string]api.ContainmentRow{}
		for _, r := range got.Rows {
			have[key(r)] = r
			if p := r.SelfPct; p.Known && (p.Value < 0 || p.Value > 100) {
				t.Errorf("%s: %v percent", key(r), p.Value)
			}
		}
		for _, w := range want {
			g := have[key(w)]
			equal(t, "executions", key(w), g.Executions, w.Executions)
			equal(t, "sessions", key(w), g.Sessions, w.Sessions)
			equal(t, "self service", key(w), g.SelfService, w.SelfService)
			equal(t, "drop-off", key(w), g.DropOff, w.DropOff)
			equal(t, "agent", key(w), g.Agent, w.Agent)
		}
	}
}

func absentReport(t *testing.T, d Desk) {
	if len(d.Containment) == 0 {
		return
	}
	_, err := d.Reports.ContainmentStatus(t.Context(), "ds-00000000-0000-5000-8000-000000000000")
	if k := api.KindOf(err); k != api.NotFound && k != api.Refused {
		t.Errorf("%v", err)
	}
}

func billed(t *testing.T, d Desk) {
	if len(d.Billed) == 0 {
		return
	}
	got, last := gather(t, d.Logs.Billed(t.Context(), api.BilledQuery{Window: d.Window}, api.Person))
	key := func(b api.BilledSession) string { return b.ID }
	same(t, "billed sessions", got, key, d.Billed, key)
	if last.Done != d.Window {
		t.Errorf("read completely: %v, want %v", last.Done, d.Window)
	}
	have := map[string]api.BilledSession{}
	for _, g := range got {
		have[g.ID] = g
	}
	for _, w := range d.Billed {
		g := have[w.ID]
		equal(t, "session", w.ID, g.Session, w.Session)
		// Seconds are all that such a date holds.
		sameTime(t, "start", w.ID, g.Start, w.Start.Truncate(time.Second))
		sameTime(t, "end", w.ID, g.End, w.End.Truncate(time.Second))
	}
	some := firstBilled(t, d, 3)
	if want := min(3, len(d.Billed)); len(some) != want {
		t.Errorf("limit 3 gives %d rows", len(some))
	}
}

// firstBilled reads with a limit, after which more may follow.
func firstBilled(t *testing.T, d Desk, limit int) (items []api.BilledSession) {
	t.Helper()
	for p, err := range d.Logs.Billed(t.Context(), api.BilledQuery{Window: d.Window, Limit: limit}, api.Person) {
		if err != nil {
			t.Fatal(err)
		}
		items = append(items, p.Items...)
	}
	return items
}

func debugLines(t *testing.T, d Desk) {
	if len(d.Lines) == 0 {
		return
	}
	for _, detail := range []bool{false, true} {
		q := d.Log
		q.Detail = detail
		got, _ := gather(t, d.Logs.DebugLogs(t.Context(), q, api.Person))
		if len(got) != len(d.Lines) {
			t.Fatalf("%d lines, want %d", len(got), len(d.Lines))
		}
		ids := map[string]bool{}
		for i, g := range got {
			w := d.Lines[i]
			of := fmt.Sprintf("line %d", i)
			sameTime(t, "time", of, g.Time, w.Time)
			equal(t, "level", of, g.Level, w.Level)
			equal(t, "title", of, g.Title, w.Title)
			equal(t, "message", of, g.Message, w.Message)
			equal(t, "session", of, g.Session, w.Session)
			if ids[g.ID] || g.ID == "" || len(g.Raw) == 0 || g.Unreadable != "" {
				t.Errorf("%s: %+v", of, g)
			}
			ids[g.ID] = true
			if !detail && g.Detail != nil {
				t.Errorf("%s has a detail that nobody asked for", of)
			}
		}
	}
}

func account(t *testing.T, d Desk) {
	if d.Account == nil {
		return
	}
	bots, _ := gather(t, d.Account.Bots(t.Context(), api.Person))
	id := func(b api.Bot) string { return string(b.ID) }
	same(t, "bots", bots, id, d.Bots, id)
	for _, b := range bots {
		for _, w := range d.Bots {
			if w.ID == b.ID {
				equal(t, "name", id(w), b.Name, w.Name)
			}
		}
	}
	users, _ := gather(t, d.Account.Roles(t.Context(), api.Person))
	known := map[api.UserID]bool{}
	for _, u := range users {
		known[u.User] = true
		if u.Username == "" || len(u.BotRoles)+len(u.Admin) == 0 {
			t.Errorf("%+v", u)
		}
	}
	if len(users) != d.Users || len(known) != d.Users {
		t.Errorf("%d users, %d different, want %d", len(users), len(known), d.Users)
	}
}
