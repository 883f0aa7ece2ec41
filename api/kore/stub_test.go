package kore

import (
	"context"
	"encoding/json"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"korescope/api"
)

const (
	stubSecret = "an-invented-secret-for-tests-only"
	stubBot    = api.BotID("st-1f0c2d9e-7a41-5b6c-9d3e-2b8f6a4c1e70")
	stubClient = "cs-0d6f2a4b-5c1e-5e7a-9f30-7a1b2c3d4e5f"
)

// clock is a clock that only sleeping moves.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	slept []time.Duration
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Wait(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.slept = append(c.slept, d)
	return nil
}

func (c *clock) total() (sum time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, d := range c.slept {
		sum += d
	}
	return sum
}

// stub is a platform that a test writes itself; it keeps what was asked.
type stub struct {
	*httptest.Server
	clock *clock

	mu    sync.Mutex
	asked []asked
}

type asked struct {
	method, path, query, auth string
	body                      map[string]any
	header                    http.Header
}

func serve(t *testing.T, h func(w http.ResponseWriter, r *http.Request, a asked)) *stub {
	t.Helper()
	s := &stub{clock: newClock()}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		a := asked{method: r.Method, path: r.URL.Path, query: r.URL.RawQuery, auth: r.Header.Get("auth"), header: r.Header.Clone()}
		_ = json.Unmarshal(raw, &a.body)
		s.mu.Lock()
		s.asked = append(s.asked, a)
		s.mu.Unlock()
		w.Header().Set("Date", s.clock.Now().UTC().Format(http.TimeFormat))
		h(w, r, a)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *stub) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.asked)
}

func (s *stub) all() []asked {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]asked(nil), s.asked...)
}

// options are those of a client of this stub; change, then open.
func (s *stub) options() Options {
	return Options{
		Host: s.URL,
		Credentials: Credentials{ClientID: stubClient, Bot: stubBot, Secret: func(context.Context) (string, error) {
			return stubSecret, nil
		}},
		Now: s.clock.Now, Wait: s.clock.Wait, Rand: func() float64 { return 0.5 }, PageSize: safePage,
	}
}

func (s *stub) client(t *testing.T, change ...func(*Options)) *Client {
	t.Helper()
	o := s.options()
	for _, c := range change {
		c(&o)
	}
	return open(t, o)
}

func open(t *testing.T, o Options) *Client {
	t.Helper()
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.http.CloseIdleConnections)
	return c
}

// gathered is a whole reading.
type gathered[T any] struct {
	items   []T
	gaps    []api.Gap
	unknown []api.SessionID
	notes   []string
	done    api.Window // of the last page
	more    bool
	pages   int
	err     error
}

func gather[T any](pages iter.Seq2[api.Page[T], error]) (g gathered[T]) {
	for p, err := range pages {
		if err != nil {
			g.err = err
			return g
		}
		g.pages++
		g.items = append(g.items, p.Items...)
		g.gaps = append(g.gaps, p.Gaps...)
		g.unknown = append(g.unknown, p.Unknown...)
		if p.Note != "" {
			g.notes = append(g.notes, p.Note)
		}
		g.done, g.more = p.Done, p.More
	}
	return g
}

func sessionsOf(c *Client, w api.Window) gathered[api.Session] {
	return gather(c.Sessions(context.Background(), api.SessionQuery{Window: w}, api.Person))
}

func day(s *stub) api.Window { return api.Last(24*time.Hour, s.clock.Now()) }

func answerJSON(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}
