package kore_test

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"korescope/api"
	"korescope/api/apitest"
	"korescope/api/kore"
	"korescope/api/sim"
)

// desk is a client of the nth credential and a platform, on one clock.
func desk(t *testing.T, o sim.Options, nth int, change ...func(*kore.Options)) (*kore.Client, *sim.World, *hands) {
	t.Helper()
	clock := &hands{now: fixed()}
	o.Now = clock.Now
	if o.Limits == (api.Limits{}) {
		o.Limits = api.Limits{PerMinute: 1 << 20, PerHour: 1 << 20}
	}
	w, err := sim.New(o)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(w.Handler())
	t.Cleanup(server.Close)
	cred := w.Credentials()[nth]
	k := kore.Options{
		Host: server.URL, Now: clock.Now, Wait: clock.Wait, Limits: o.Limits, Writes: true, Journal: &apitest.Journal{},
		Credentials: kore.Credentials{ClientID: cred.ClientID, Bot: cred.BotID, Admin: cred.Scope == "admin", Secret: func(context.Context) (string, error) {
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
	return c, w, clock
}

func whole(n int) api.Maybe[int64] { return api.Known(int64(n)) }

// told is what the platform knows, as a reader should see it.
func told(c *kore.Client, w *sim.World, clock *hands) apitest.Desk {
	tr, bot := w.Truth(), w.Credentials()[0].BotID
	window := api.Between(fixed().Add(-40*time.Hour).Truncate(time.Hour), fixed().Truncate(time.Hour))
	d := apitest.Desk{
		Tests: c, Reports: c, Logs: c, Window: window, Email: "owner@example.test", Absent: "No such suite",
		Pass:        func(by time.Duration) { _ = clock.Wait(context.Background(), by) },
		Starts:      func(suite string) int { return w.Truth().RunRequests[suite] },
		Billing:     map[api.Period][]api.BillingRow{},
		Containment: map[api.ContainmentQuery][]api.ContainmentRow{},
		Suites: []api.TestRun{
			{Suite: "Refunds smoke", Version: api.Published, Verdict: api.VerdictFailed, Total: api.Known(28), Passed: api.Known(26), Failed: api.Known(2)},
			{Suite: "Orders smoke", Version: api.InDevelopment, Verdict: api.VerdictPassed, Total: api.Known(12), Passed: api.Known(12)},
			{Suite: "Broken suite", Version: api.Published, Verdict: api.VerdictError},
			{Suite: "Broken suite", Version: api.InDevelopment, Verdict: api.VerdictError},
		},
	}
	for _, by := range []api.Period{api.ByHour, api.ByDay, api.ByMonth} {
		for _, r := range tr.Billing(api.Between(window.From, window.To.Add(-time.Millisecond)), by, bot) {
			if by == api.ByHour && r.Requests+r.Sessions+r.Alerts+r.Proactive+r.Conversations == 0 {
				continue
			}
			d.Billing[by] = append(d.Billing[by], api.BillingRow{
				Period: r.Period, Requests: whole(r.Requests), Sessions: whole(r.Sessions), Alerts: whole(r.Alerts),
				Proactive: whole(r.Proactive), Conversations: whole(r.Conversations),
			})
		}
	}
	for _, q := range []api.ContainmentQuery{
		{}, {Daily: true}, {Tasks: "Refund"}, {Tasks: "Refund\nOrder status", Daily: true}, {Tasks: "No such task"},
		{Kind: api.KindInteractive}, {Kind: api.KindNonInteractive}, {Status: api.StatusClosed}, {Status: api.StatusActive, Kind: api.KindInteractive},
	} {
		q.Window = window
		d.Containment[q] = nil
		for _, r := range tr.Containment(bot, q) {
			d.Containment[q] = append(d.Containment[q], api.ContainmentRow{
				Period: r.Period, Task: r.Task, TaskType: r.TaskType, Status: r.Status, Executions: api.Known(r.Executions), Sessions: api.Known(r.Sessions),
				SelfService: api.Known(r.SelfService), DropOff: api.Known(r.DropOff), Agent: api.Known(r.Agent),
			})
		}
	}
	for _, b := range tr.Billed(window, bot) {
		d.Billed = append(d.Billed, api.BilledSession{ID: b.ID, Session: b.Session, Start: b.Start, End: b.End})
	}
	longest(&d, tr, bot)
	return d
}

// longest takes the longest log of the last days.
func longest(d *apitest.Desk, tr sim.Truth, bot api.BotID) {
	for _, s := range tr.Sessions(bot, api.Last(5*24*time.Hour, fixed())) {
		channel, identity, lines := tr.Log(s.ID)
		if channel != "smartassist" || len(lines) <= len(d.Lines) {
			continue
		}
		d.Log, d.Lines = api.LogQuery{Identity: identity, Channel: channel}, nil
		for _, l := range lines {
			d.Lines = append(d.Lines, api.DebugLine{Time: l.Time, Level: l.Level, Title: l.Title, Message: l.Message, Session: s.ID})
		}
	}
}

func TestDeskConformance(t *testing.T) {
	for name, strict := range map[string]sim.Strict{
		"usual": {},
		"other": {OffsetPages: true, ShortResults: true, BillingDay: true, GroupByApp: true, TrailingMore: true, TotalLie: -3},
	} {
		t.Run(name, func(t *testing.T) {
			apitest.RunDesk(t, func(t *testing.T) apitest.Desk {
				c, w, clock := desk(t, sim.Options{Seed: 5, Strict: strict}, 0)
				d := told(c, w, clock)
				if len(d.Lines) != 73 || len(d.Billed) < 20 || len(d.Containment[api.ContainmentQuery{Window: d.Window, Daily: true}]) < 4 {
					t.Fatalf("the truth is thin: %d lines, %d billed, %d rows", len(d.Lines), len(d.Billed), len(d.Containment))
				}
				return d
			})
		})
	}
}

func TestAccountConformance(t *testing.T) {
	for _, pages := range []bool{false, true} {
		apitest.RunDesk(t, func(t *testing.T) apitest.Desk {
			c, w, _ := desk(t, sim.Options{Strict: sim.Strict{OffsetPages: pages}}, 2)
			return apitest.Desk{
				Account: c, Users: 12,
				Bots: []api.Bot{{ID: w.Credentials()[0].BotID, Name: "RetailBot"}, {ID: w.Credentials()[3].BotID, Name: "BankingBot"}},
			}
		})
	}
}

// Nothing that a bot's row holds but its few fields comes out.
func TestNoSecretOfABotComesOut(t *testing.T) {
	c, _, _ := desk(t, sim.Options{}, 2)
	for p, err := range c.Bots(t.Context(), api.Person) {
		if err != nil {
			t.Fatal(err)
		}
		out, err := json.Marshal(p)
		if err != nil || len(p.Items) != 2 || strings.Contains(string(out), sim.SecretMarker[:10]) || strings.Contains(string(out), "cs-") {
			t.Errorf("%s, %v", out, err)
		}
	}
}

// An admin reads reports under whichever path the platform serves.
func TestReportsOfAnAdmin(t *testing.T) {
	for _, hidden := range [][]string{nil, {"/api/public/bots/billingsessionsummary", "/api/public/bots/billingsessionsummary/status", "/api/public/bots/getBillingSessionsDetails"}} {
		_, any, _ := desk(t, sim.Options{}, 0)
		c, w, clock := desk(t, sim.Options{Strict: sim.Strict{NotServed: hidden}}, 2, func(o *kore.Options) {
			o.Bot = any.Credentials()[0].BotID
		})
		full := told(c, w, clock)
		d := apitest.Desk{Reports: c, Logs: c, Pass: full.Pass, Window: full.Window, Billing: full.Billing, Billed: full.Billed}
		apitest.RunDesk(t, func(*testing.T) apitest.Desk { return d })
		if n := w.Truth().Statuses[405]; (n > 0) != (hidden != nil) || n > 3 {
			t.Errorf("%d answers of 405", n)
		}
	}
}

// Whatever happens to the answers, each start is sent once, and what is said of
// it is true: started, refused or not known.
func TestEveryStartIsSentOnce(t *testing.T) {
	list, err := sim.ParseFaults("keepalive-drop@op=testsuite/run;every=9,commit-then-drop@op=testsuite/run;every=5,reset@op=testsuite/run;every=7," +
		"status(503,html)@op=testsuite/run;every=4,cut-at(20)@op=testsuite/run;every=11,status(429,json)@op=testsuite/run;every=13")
	if err != nil {
		t.Fatal(err)
	}
	c, w, _ := desk(t, sim.Options{Seed: 1, Faults: list}, 0, func(o *kore.Options) { o.Limits = api.Limits{PerMinute: 1 << 20, PerHour: 1 << 20} })
	const n = 300
	told := map[api.Kind]int{}
	for i := range n {
		before := len(w.Truth().Acts)
		run, err := c.StartTest(t.Context(), api.TestStart{Suite: "Orders smoke", Version: api.Published, Email: "owner@example.test"})
		acts := w.Truth().Acts[before:]
		told[api.KindOf(err)]++
		switch api.KindOf(err) {
		case api.KindUnknown:
			if err != nil || len(acts) != 1 || acts[0].ID != run.ID {
				t.Fatalf("start %d: %s, %v, done %+v", i, run.ID, err, acts)
			}
		case api.OutcomeUnknown:
			if len(acts) > 1 {
				t.Fatalf("start %d was done %d times", i, len(acts))
			}
		default:
			if len(acts) != 0 {
				t.Fatalf("start %d is said to be refused (%v), and was done", i, err)
			}
		}
	}
	if got := w.Truth().RunRequests["Orders smoke"]; got != n {
		t.Errorf("%d requests for %d starts", got, n)
	}
	if told[api.OutcomeUnknown] < 50 || told[api.KindUnknown] < 50 {
		t.Errorf("told %v", told)
	}
	t.Logf("of %d starts: %v", n, told)
}
