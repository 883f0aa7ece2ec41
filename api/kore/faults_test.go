package kore_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"korescope/api"
	"korescope/api/kore"
	"korescope/api/sim"
)

// hands is a clock that sleeping moves, shared by client and platform.
type hands struct {
	mu  sync.Mutex
	now time.Time
}

func (h *hands) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *hands) Wait(ctx context.Context, d time.Duration) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
	return ctx.Err()
}

// faulty is a client and a platform that misbehaves, on one clock.
func faulty(t *testing.T, faults string, change ...func(*kore.Options)) (*kore.Client, *sim.World, sim.Credential) {
	t.Helper()
	list, err := sim.ParseFaults(faults)
	if err != nil {
		t.Fatal(err)
	}
	clock := &hands{now: fixed()}
	w, err := sim.New(sim.Options{Seed: 3, Sessions: 900, Now: clock.Now, Faults: list})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(w.Handler())
	t.Cleanup(server.Close)
	cred := w.Credentials()[0]
	o := kore.Options{
		Host: server.URL, Now: clock.Now, Wait: clock.Wait,
		Credentials: kore.Credentials{ClientID: cred.ClientID, Bot: cred.BotID, Secret: func(context.Context) (string, error) {
			return cred.Secret, nil
		}},
	}
	for _, c := range change {
		c(&o)
	}
	c, err := kore.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c, w, cred
}

func readAll(t *testing.T, c *kore.Client, w api.Window) (ids map[api.SessionID]int, gaps int, err error) {
	t.Helper()
	ids = map[api.SessionID]int{}
	for p, err := range c.Sessions(t.Context(), api.SessionQuery{Window: w}, api.Person) {
		if err != nil {
			return ids, gaps, err
		}
		gaps += len(p.Gaps)
		for _, s := range p.Items {
			ids[s.ID]++
		}
	}
	return ids, gaps, nil
}

// What passes by itself is not seen by the reader: nothing missing, nothing
// twice, no gap.
func TestPassingFaultsAreSurvived(t *testing.T) {
	window := api.Last(12*24*time.Hour, fixed())
	for _, faults := range []string{
		"", "status(500,json)@nth=2", "status(502,html)@nth=3", "status(503,text)@every=3", "status(504,empty)@nth=1",
		"reset@nth=2", "reset-mid(400)@nth=3", "cut-at(700)@every=4", "truncate@nth=2", "gzip-corrupt@nth=3", "gzip-cut@nth=3",
		"keepalive-drop@nth=4", "clock-skew(3h)", "clock-skew(-20h)", "jti-required", "type-drift", "deep(100)", "dup-keys", "huge-string(100000)",
		"foreign-traffic(30)", "limit(7,100)", "limit-status(403)", "limit-text(old),limit(6,2000)",
		"retry-after(date),limit(6,2000)", "status(503,json)@p=0.2",
	} {
		t.Run(faults, func(t *testing.T) {
			c, w, cred := faulty(t, faults)
			want := w.Truth().Sessions(cred.BotID, window)
			got, gaps, err := readAll(t, c, window)
			if err != nil || gaps > 0 {
				t.Fatalf("%d rows, %d gaps, %v", len(got), gaps, err)
			}
			missing, doubled := 0, 0
			for _, s := range want {
				switch n := got[s.ID]; {
				case n == 0:
					missing++
				case n > 1:
					doubled++
				}
			}
			if missing+doubled > 0 || len(got) != len(want) {
				t.Errorf("of %d sessions %d missing, %d doubled, %d given", len(want), missing, doubled, len(got))
			}
			if tr := w.Truth(); tr.JTIReused+tr.JTIAbsent > 0 {
				t.Errorf("%d tokens reused, %d without an id", tr.JTIReused, tr.JTIAbsent)
			}
		})
	}
}

func TestLastingFaultsAreNamed(t *testing.T) {
	window := api.Last(2*24*time.Hour, fixed())
	for faults, want := range map[string]api.Kind{
		"status(503,html)": api.Unavailable, "captive-portal(200)": api.NotPlatform, "captive-portal(302)": api.Redirected, "captive-portal(511)": api.NotPlatform,
		"encrypted": api.Encrypted, "truncate": api.NotPlatform, "gzip-bomb(64)": api.TooLarge, "reset": api.Unreachable,
		"refuse-auth": api.Credentials, "scope-missing(getSessions)": api.ScopeMissing, "redirect(307,http://127.0.0.2:1/x)": api.Redirected,
	} {
		c, w, _ := faulty(t, faults)
		_, gaps, err := readAll(t, c, window)
		if api.KindOf(err) != want || gaps > 0 {
			t.Errorf("%s: %v, %d gaps", faults, err, gaps)
		}
		if n := w.Truth().Requests[api.GetSessions]; n > 6 {
			t.Errorf("%s: %d requests", faults, n)
		}
	}
}

// Rows are added and removed between the pages; what stays is read once.
func TestMovedRowsOfTheSimulator(t *testing.T) {
	c, w, cred := faulty(t, "moved-rows", func(o *kore.Options) { o.PageSize = 20 })
	window := api.Last(6*24*time.Hour, fixed())
	// The first request starts the moving: some sessions are held back from then on.
	if _, _, err := readAll(t, c, api.Last(time.Minute, fixed())); err != nil {
		t.Fatal(err)
	}
	before := w.Truth().Sessions(cred.BotID, window)
	got, gaps, err := readAll(t, c, window)
	if err != nil || gaps > 0 {
		t.Fatalf("%d gaps, %v", gaps, err)
	}
	after := map[api.SessionID]bool{}
	for _, s := range w.Truth().Sessions(cred.BotID, window) {
		after[s.ID] = true
	}
	stayed := 0
	for _, s := range before {
		if !after[s.ID] {
			continue
		}
		stayed++
		if got[s.ID] != 1 {
			t.Errorf("%s, there all the while, is given %d times", s.ID, got[s.ID])
		}
	}
	if stayed == 0 || stayed == len(before) {
		t.Errorf("%d of %d stayed: nothing moved", stayed, len(before))
	}
}

// A paging that lies about itself ends soon and leaves a gap, never a claim.
func TestPagingThatLiesEndsInAGap(t *testing.T) {
	window := api.Last(3*24*time.Hour, fixed())
	for fault, most := range map[string]int{"paging-empty-middle": 1, "paging-repeat": 1, "paging-forever": 0} {
		hundred := func(o *kore.Options) { o.PageSize = 100 }
		honest, w, _ := faulty(t, "", hundred)
		if _, _, err := readAll(t, honest, window); err != nil {
			t.Fatal(err)
		}
		c, lying, _ := faulty(t, fault, hundred)
		got, gaps, err := readAll(t, c, window)
		extra := lying.Truth().Requests[api.GetSessions] - w.Truth().Requests[api.GetSessions]
		if err != nil || gaps != most || len(got) < 90 || extra > 2 {
			t.Errorf("%s: %d rows, %d gaps, %d extra requests, %v", fault, len(got), gaps, extra, err)
		}
		for id, n := range got {
			if n > 1 {
				t.Errorf("%s: %s is given %d times", fault, id, n)
			}
		}
	}
}

// The platform's own counting never sends us away, as long as we are alone.
func TestOurOwnPaceIsNeverRefused(t *testing.T) {
	for _, limits := range []string{"60,1800", "10,60", "5,2000"} {
		c, w, cred := faulty(t, "limit("+limits+")", func(o *kore.Options) {
			o.PageSize = 8
			if _, err := fmt.Sscanf(limits, "%d,%d", &o.Limits.PerMinute, &o.Limits.PerHour); err != nil {
				t.Fatal(err)
			}
		})
		window := api.Last(12*24*time.Hour, fixed())
		got, gaps, err := readAll(t, c, window)
		if err != nil || gaps > 0 || len(got) != len(w.Truth().Sessions(cred.BotID, window)) {
			t.Fatalf("%s: %d rows, %d gaps, %v", limits, len(got), gaps, err)
		}
		tr := w.Truth()
		if tr.Refused != 0 {
			t.Errorf("%s: refused %d times in %d requests", limits, tr.Refused, tr.Requests[api.GetSessions])
		}
	}
}

func TestRedirectsReachNobody(t *testing.T) {
	spare, err := sim.New(sim.Options{Now: fixed})
	if err != nil {
		t.Fatal(err)
	}
	other := httptest.NewServer(spare.Elsewhere())
	defer other.Close()
	for _, code := range []int{301, 302, 303, 307, 308} {
		c, _, _ := faulty(t, fmt.Sprintf("redirect(%d,%s/x?y=z)", code, other.URL))
		_, _, err := readAll(t, c, api.Last(time.Hour, fixed()))
		var e *api.Error
		if !errors.As(err, &e) || e.Kind != api.Redirected || "http://"+e.Target != other.URL {
			t.Errorf("%d: %v", code, err)
		}
	}
	if tr := spare.Truth(); tr.Strangers != 0 || tr.Elsewhere != 0 {
		t.Errorf("%d requests reached the other origin, %d with a token", tr.Strangers, tr.Elsewhere)
	}
}

func TestTokensAreNeverReused(t *testing.T) {
	c, w, _ := faulty(t, "jti-required", func(o *kore.Options) { o.Limits = api.Limits{PerMinute: 1 << 20, PerHour: 1 << 20} })
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for n := range 40 {
				window := api.Last(time.Duration(i*40+n+1)*time.Minute, fixed())
				for _, err := range c.Sessions(t.Context(), api.SessionQuery{Window: window, Limit: 1}, api.Person) {
					if err != nil && api.KindOf(err) != api.Limited {
						t.Error(err)
						return
					}
				}
			}
		})
	}
	wg.Wait()
	if tr := w.Truth(); tr.JTIReused != 0 || tr.JTIAbsent != 0 || tr.TokensUsed < 320 {
		t.Errorf("%d tokens, %d reused, %d without an id", tr.TokensUsed, tr.JTIReused, tr.JTIAbsent)
	}
}
