package kore

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"korescope/api"
	"korescope/api/apitest"
)

func mayWrite(o *Options) { o.Writes, o.Journal = true, &apitest.Journal{} }

// acts are the calls that change something, on a client that may not.
func acts(ctx context.Context, c *Client) map[string]func() error {
	return map[string]func() error{
		api.RunSuite: func() error {
			_, err := c.StartTest(ctx, api.TestStart{Suite: "smoke", Version: api.Published, Email: "owner@example.test"})
			return err
		},
		api.ImportSuite: func() error {
			_, err := c.StartImport(ctx, api.SuiteImport{FileID: "68f20a1c00000000000000b1", Name: "smoke"})
			return err
		},
		api.DeleteSuite: func() error { return c.DeleteSuites(ctx, []string{"smoke"}) },
	}
}

func TestWritesAreRefusedBeforeAnythingIsSent(t *testing.T) {
	for _, c := range []struct {
		writes, tests bool
		allowed       string
	}{
		{false, false, ""},
		{false, true, api.RunSuite},
		{true, false, "all"},
	} {
		s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) {
			answerJSON(w, 200, `{"status":"IN_PROGRESS","testRunId":"ctr-1","dsId":"ds-1"}`)
		})
		client := s.client(t, func(o *Options) { o.Writes, o.Tests, o.Journal = c.writes, c.tests, &apitest.Journal{} })
		for name, act := range acts(t.Context(), client) {
			before := s.count()
			err := act()
			sent := s.count() - before
			if allowed := c.allowed == "all" || c.allowed == name; allowed && (err != nil || sent != 1) || !allowed && (api.KindOf(err) != api.NotAllowed || sent != 0) {
				t.Errorf("writes %v, tests %v: %s: %v after %d requests", c.writes, c.tests, name, err, sent)
			}
		}
	}
}

// Nobody is told that an act failed when it may have been done, nor that it may
// have been done when the platform refused it.
func TestOutcomeOfActs(t *testing.T) {
	status := func(code int, body string) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, code, body) }
	}
	for name, c := range map[string]struct {
		answer     func(http.ResponseWriter, *http.Request)
		write, job api.Kind
	}{
		"429":           {status(429, `{}`), api.Limited, api.Limited},
		"401":           {status(401, `{"errors":[{"msg":"Invalid SDK credentials","code":4002}]}`), api.Credentials, api.Credentials},
		"400":           {status(400, `{"errors":[{"msg":"Test Suite not found","code":400}]}`), api.NotFound, api.NotFound},
		"405":           {status(405, `{}`), api.WrongPath, api.WrongPath},
		"412":           {status(412, `{"errors":[{"msg":"Validation errors/ Invalid arguments","code":412}]}`), api.Refused, api.Refused},
		"error in 200":  {status(200, `{"errors":[{"msg":"Permission denied. Scope is incorrect!","code":4002}]}`), api.ScopeMissing, api.ScopeMissing},
		"511":           {status(511, "<html>"), api.NotPlatform, api.NotPlatform},
		"500":           {status(500, `{}`), api.OutcomeUnknown, api.Unavailable},
		"503 in 200":    {status(200, `{"errors":[{"msg":"down","code":503}]}`), api.OutcomeUnknown, api.OutcomeUnknown},
		"502":           {status(502, "<html>bad gateway"), api.OutcomeUnknown, api.Unavailable},
		"408":           {status(408, ""), api.OutcomeUnknown, api.Unavailable},
		"html":          {status(200, "<html>welcome"), api.OutcomeUnknown, api.OutcomeUnknown},
		"not JSON":      {status(200, `{"testRunId": oops}`), api.OutcomeUnknown, api.OutcomeUnknown},
		"without an id": {status(200, `{"status":"IN_PROGRESS"}`), api.OutcomeUnknown, api.Unreadable},
		"a list":        {status(200, `[]`), api.OutcomeUnknown, api.Unreadable},
		"failed at once": {
			status(200, `{"status":"FAILED","statusLogs":[{"message":"no such user"}]}`), api.Refused, api.Unreadable,
		},
		"redirect": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "https://other.example.test/")
			w.WriteHeader(http.StatusTemporaryRedirect)
		}, api.Redirected, api.Redirected},
		"cut": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "90")
			_, _ = io.WriteString(w, "{")
		}, api.OutcomeUnknown, api.OutcomeUnknown},
		"dropped": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, api.OutcomeUnknown, api.OutcomeUnknown},
	} {
		s := serve(t, func(w http.ResponseWriter, r *http.Request, _ asked) { c.answer(w, r) })
		client := s.client(t, mayWrite)
		_, err := client.StartTest(t.Context(), api.TestStart{Suite: "smoke", Version: api.Published})
		if api.KindOf(err) != c.write || s.count() != 1 {
			t.Errorf("write, %s: %v after %d requests", name, err, s.count())
		}
		if e := asError(err); e.Endpoint != api.RunSuite {
			t.Errorf("write, %s: the error is of %q", name, e.Endpoint)
		}
		s = serve(t, func(w http.ResponseWriter, r *http.Request, _ asked) { c.answer(w, r) })
		_, err = s.client(t).StartContainment(t.Context(), api.ContainmentQuery{Window: october()})
		if api.KindOf(err) != c.job || s.count() != 1 {
			t.Errorf("job, %s: %v after %d requests", name, err, s.count())
		}
	}
}

func TestAnActThatWasNotSentIsNotInDoubt(t *testing.T) {
	gone := httptest.NewServer(nil)
	gone.Close()
	s := serve(t, nil)
	c := s.client(t, mayWrite, func(o *Options) { o.Host = gone.URL })
	_, err := c.StartTest(t.Context(), api.TestStart{Suite: "smoke", Version: api.Published})
	if api.KindOf(err) != api.Unreachable {
		t.Errorf("nobody there: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = c.StartTest(ctx, api.TestStart{Suite: "smoke", Version: api.Published})
	if api.KindOf(err) != api.Cancelled {
		t.Errorf("left before it was sent: %v", err)
	}
}

// Leaving while the answer is on its way leaves a write in doubt; a report is
// only cancelled.
func TestLeavingAnActInFlight(t *testing.T) {
	for _, write := range []bool{true, false} {
		ctx, cancel := context.WithCancel(t.Context())
		s := serve(t, func(_ http.ResponseWriter, r *http.Request, _ asked) {
			cancel()
			<-r.Context().Done()
		})
		c := s.client(t, mayWrite)
		var err error
		want := api.Cancelled
		if write {
			want = api.OutcomeUnknown
			_, err = c.StartTest(ctx, api.TestStart{Suite: "smoke", Version: api.Published})
		} else {
			_, err = c.StartBilling(ctx, api.BillingQuery{Window: october()})
		}
		if api.KindOf(err) != want || s.count() != 1 {
			t.Errorf("write %v: %v after %d requests", write, err, s.count())
		}
		if !errors.Is(err, context.Canceled) {
			t.Errorf("write %v: %v does not tell why", write, err)
		}
		cancel()
	}
}

// A connection that dies between two requests costs no second run.
func TestAReusedConnectionThatDiesRepeatsNoAct(t *testing.T) {
	var mu sync.Mutex
	runs := 0
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, a asked) {
		if !strings.HasSuffix(a.path, "/run") {
			answerJSON(w, 200, `{"status":"inprogress"}`)
			return
		}
		mu.Lock()
		runs++
		mu.Unlock()
		hijacked, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			_ = hijacked.(*net.TCPConn).SetLinger(0)
			_ = hijacked.Close()
		}
	})
	c := s.client(t, mayWrite)
	for range 20 {
		if _, err := c.TestStatus(t.Context(), "smoke", "ctr-1"); err != nil {
			t.Fatal(err)
		}
		_, err := c.StartTest(t.Context(), api.TestStart{Suite: "smoke", Version: api.Published})
		if api.KindOf(err) != api.OutcomeUnknown {
			t.Fatal(err)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if runs != 20 {
		t.Errorf("%d runs of 20", runs)
	}
}

// keyed notes which counters are charged.
type keyed struct {
	api.Ledger
	mu   sync.Mutex
	keys []api.LimitKey
}

func (k *keyed) Take(ctx context.Context, key api.LimitKey, limits api.Limits, lane api.Lane, now time.Time) (api.Ticket, time.Duration, error) {
	k.mu.Lock()
	k.keys = append(k.keys, key)
	k.mu.Unlock()
	return k.Ledger.Take(ctx, key, limits, lane, now)
}

func TestEachCallIsChargedToItsCounter(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) {
		answerJSON(w, 200, `{"status":"inprogress","testRunId":"ctr-9","bots":[],"users":[],"total":0}`)
	})
	ctx := t.Context()
	for want, call := range map[api.LimitKey]func(*Client) error{
		"bot:" + api.LimitKey(stubBot): func(c *Client) error {
			_, err := c.StartTest(ctx, api.TestStart{Suite: "smoke", Version: api.Published})
			return err
		},
		"request:ctr-9": func(c *Client) error { _, err := c.TestStatus(ctx, "smoke", "ctr-9"); return err },
		"request:ds-9":  func(c *Client) error { _, err := c.ImportStatus(ctx, "ds-9"); return err },
		"account:" + stubClient: func(c *Client) error {
			return errors.Join(gather(c.Bots(ctx, api.Person)).err, gather(c.Roles(ctx, api.Person)).err)
		},
	} {
		k := &keyed{Ledger: NewMemoryLedger()}
		c := s.client(t, mayWrite, func(o *Options) { o.Ledger = k })
		if err := call(c); err != nil {
			t.Fatal(err)
		}
		for _, got := range k.keys {
			if got != want {
				t.Errorf("charged to %s, want %s", got, want)
			}
		}
	}
}

// A full bot counter holds up no status, which has a counter of its own.
func TestAFullCounterHoldsUpNoOther(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) { answerJSON(w, 200, `{"status":"inprogress"}`) })
	c := s.client(t, func(o *Options) { o.Limits = api.Limits{PerMinute: 1, PerHour: 100} })
	full := &place{lane: api.Person}
	c.budget.enter(full)
	defer c.budget.leave(full)
	if _, err := c.TestStatus(t.Context(), "smoke", "ctr-1"); err != nil {
		t.Fatal(err)
	}
}

func TestOlderPathsAreTriedOnceAndKept(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, a asked) {
		if strings.HasPrefix(a.path, "/api/public/bots/") {
			answerJSON(w, 405, `{"errors":[{"msg":"Method Not Allowed","code":405}]}`)
			return
		}
		answerJSON(w, 200, `{"_id":"ds-1","status":"IN_PROGRESS","sessions":[],"total":0}`)
	})
	c := s.client(t, func(o *Options) { o.Admin = true })
	for range 2 {
		if _, err := c.StartBilling(t.Context(), api.BillingQuery{Window: october()}); err != nil {
			t.Fatal(err)
		}
		if _, err := c.BillingStatus(t.Context()); err != nil {
			t.Fatal(err)
		}
		if g := gather(c.Billed(t.Context(), api.BilledQuery{Window: october()}, api.Person)); g.err != nil {
			t.Fatal(g.err)
		}
	}
	var got []string
	for _, a := range s.all() {
		got = append(got, strings.TrimPrefix(a.path, "/api/public/"))
	}
	want := "bots/billingsessionsummary billingsessionsummary bots/billingsessionsummary/status billingsessionsummary/status " +
		"bots/getBillingSessionsDetails getBillingSessionsDetails billingsessionsummary billingsessionsummary/status getBillingSessionsDetails"
	if strings.Join(got, " ") != want {
		t.Errorf("asked\n%s, want\n%s", strings.Join(got, " "), want)
	}
	if b := s.all()[1].body; b["groupByBot"] != "yes" || b["streamIds"] == nil {
		t.Errorf("an admin asked with %v", b)
	}
	// A bot's own path has no older form.
	s = serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) { answerJSON(w, 405, `{}`) })
	if _, err := s.client(t).BillingStatus(t.Context()); api.KindOf(err) != api.WrongPath || s.count() != 1 {
		t.Errorf("%v after %d requests", err, s.count())
	}
}

func TestSuiteNamesInPaths(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request, _ asked) {
		answerJSON(w, 200, `{"status":"inprogress","testRunId":"`+strings.ReplaceAll(r.URL.EscapedPath(), "/", " ")+`"}`)
	})
	c := s.client(t, mayWrite, func(o *Options) { o.Language = "de" })
	for name, want := range map[string]string{
		"Refunds smoke": "Refunds%20smoke", "50%": "50%25", "a?b#c": "a%3Fb%23c", "größe": "gr%C3%B6%C3%9Fe", "..x": "..x",
	} {
		run, err := c.StartTest(t.Context(), api.TestStart{Suite: name, Version: api.InDevelopment})
		if !strings.HasSuffix(string(run.ID), " "+want+" run") || err != nil {
			t.Errorf("%q became %q, %v", name, run.ID, err)
		}
	}
	before := s.count()
	for _, name := range []string{"", ".", "..", "a/b", "/"} {
		_, startErr := c.StartTest(t.Context(), api.TestStart{Suite: name, Version: api.Published})
		_, statusErr := c.TestStatus(t.Context(), name, "ctr-1")
		_, idErr := c.TestStatus(t.Context(), "smoke", api.JobID(name))
		_, importErr := c.StartImport(t.Context(), api.SuiteImport{Name: name, FileID: "f"})
		for _, err := range []error{startErr, statusErr, idErr, importErr} {
			if api.KindOf(err) != api.Misuse {
				t.Errorf("%q: %v", name, err)
			}
		}
	}
	if s.count() != before {
		t.Errorf("%d requests for impossible names", s.count()-before)
	}
	for _, a := range s.all() {
		if a.header.Get("bot-language") != "de" {
			t.Errorf("%s without its language", a.path)
		}
	}
}

// The list of bots is full of secrets: whatever becomes of it, no error tells
// any of it.
func TestABrokenListOfBotsTellsNothing(t *testing.T) {
	const list = `{"total":1,"bots":[{"_id":"st-1","jwtApps":[{"clientId":"cs-1","clientSecret":"EXAMPLE-NOT-A-REAL-SECRET="}]}]}`
	for name, answer := range map[string]func(http.ResponseWriter){
		"500":         func(w http.ResponseWriter) { answerJSON(w, 500, list) },
		"500 and cut": func(w http.ResponseWriter) { answerJSON(w, 500, list[:len(list)-5]) },
		"400 and cut": func(w http.ResponseWriter) { answerJSON(w, 400, list[:len(list)-5]) },
		"in HTML":     func(w http.ResponseWriter) { answerJSON(w, 400, "see "+list) },
		"cut":         func(w http.ResponseWriter) { answerJSON(w, 200, list[:len(list)-5]) },
		"other key":   func(w http.ResponseWriter) { answerJSON(w, 200, strings.ReplaceAll(list, "total", "x")[:10]+`":{}}`) },
		"not a list":  func(w http.ResponseWriter) { answerJSON(w, 200, `{"total":1,"bots":"EXAMPLE-NOT-A-REAL-SECRET="}`) },
		"whole":       func(w http.ResponseWriter) { answerJSON(w, 200, list) },
	} {
		s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) { answer(w) })
		c := s.client(t, func(o *Options) { o.Admin = true })
		g := gather(c.Bots(t.Context(), api.Person))
		if name == "whole" {
			if g.err != nil || len(g.items) != 1 || g.items[0].ID != "st-1" {
				t.Errorf("%+v", g)
			}
			continue
		}
		if out := sinks(g.err) + sinks(g.items); g.err == nil || strings.Contains(out, "NOT-A-REAL") {
			t.Errorf("%s: %v", name, g.err)
		}
	}
	said := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) {
		answerJSON(w, 401, `{"errors":[{"msg":"Permission denied. Scope is incorrect!","code":4002}]}`)
	})
	err := gather(said.client(t).Bots(t.Context(), api.Person)).err
	if e := asError(err); e.Kind != api.ScopeMissing || e.Said == "" || e.Scope != "Profile Management > Role Management" {
		t.Errorf("%+v", e)
	}
}
