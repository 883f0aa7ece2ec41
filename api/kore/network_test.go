package kore

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"korescope/api"
)

// Five codes, two verbs, three kinds of other origin: nothing ever arrives
// there, with or without a token.
func TestRedirectsAreNeverFollowed(t *testing.T) {
	var reached atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer other.Close()
	otherTLS := httptest.NewTLSServer(other.Config.Handler)
	defer otherTLS.Close()
	port := other.URL[strings.LastIndex(other.URL, ":"):]
	for _, code := range []int{301, 302, 303, 307, 308} {
		for _, verb := range []string{"POST", "GET"} {
			for _, target := range []string{"http://localhost" + port, other.URL, otherTLS.URL, "", "//127.0.0.1" + port, "http://user:pass@127.0.0.1" + port} {
				s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) {
					w.Header().Set("Location", target+"/elsewhere?token=secret")
					w.WriteHeader(code)
				})
				c := s.client(t)
				e := c.table[api.GetSessions]
				e.Method = verb
				c.table[api.GetSessions] = e
				_, err := c.call(t.Context(), api.GetSessions, nil, map[string]int{"skip": 0}, api.Person)
				var got *api.Error
				if !errors.As(err, &got) || got.Kind != api.Redirected || s.count() != 1 {
					t.Errorf("%d %s to %q: %v after %d requests", code, verb, target, err, s.count())
				}
				if strings.Contains(fmt.Sprint(err, got.Target), "secret") || strings.Contains(fmt.Sprint(err, got.Target), "elsewhere") || strings.Contains(got.Target, "pass") {
					t.Errorf("%q tells more than the host", err)
				}
				if u, _ := url.Parse(target); target != "" && got.Target != u.Host {
					t.Errorf("target %q of %q", got.Target, target)
				}
			}
		}
	}
	if reached.Load() != 0 {
		t.Errorf("%d requests reached another origin", reached.Load())
	}
}

type counting struct{ n int }

func (c *counting) RoundTrip(*http.Request) (*http.Response, error) {
	c.n++
	return nil, errors.New("not to be reached")
}

func TestTheGuardLetsOnlyTheConfiguredOriginThrough(t *testing.T) {
	at, err := parseHost("platform.example.test")
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]bool{
		"https://platform.example.test/api":          true,
		"https://PLATFORM.example.test:443/api":      true,
		"http://platform.example.test/api":           false,
		"https://platform.example.test:444/api":      false,
		"https://platform.example.test./api":         false,
		"https://x.platform.example.test/api":        false,
		"https://user@platform.example.test/api":     false,
		"https://platform.example.test@other.test/":  false,
		"https://other.test/platform.example.test":   false,
		"https://platform.example.test:443:443/":     false,
		"https://platform.example.test%2eother.test": false,
	} {
		next := &counting{}
		u, err := url.Parse(address)
		if err != nil {
			continue
		}
		_, _ = guard{origin: at, next: next}.RoundTrip(&http.Request{URL: u})
		if got := next.n == 1; got != want {
			t.Errorf("%s: let through %v, want %v", address, got, want)
		}
	}
	next := &counting{}
	u, _ := url.Parse("https://platform.example.test/")
	_, _ = guard{origin: at, next: next}.RoundTrip(&http.Request{URL: u, Host: "other.test"})
	if next.n != 0 {
		t.Error("a foreign Host header was let through")
	}
}

func FuzzGuard(f *testing.F) {
	for _, s := range []string{"https://platform.example.test/", "https://a@platform.example.test", "https://platform.example.test\\@x", "https://[::1%25platform.example.test]/"} {
		f.Add(s)
	}
	at, err := parseHost("platform.example.test")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		u, err := url.Parse(s)
		if err != nil {
			return
		}
		if (guard{origin: at}).allows(&http.Request{URL: u}) {
			if !strings.EqualFold(u.Hostname(), "platform.example.test") || !strings.EqualFold(u.Scheme, "https") || u.User != nil || u.Port() != "" && u.Port() != "443" {
				t.Errorf("%q passes", s)
			}
		}
	})
}

// A page that is cut anywhere is no page, whatever way it is cut.
func TestACutPageIsNeverAccepted(t *testing.T) {
	full := `{"total":2,"moreAvailable":false,"sessions":[{"sessionId":"68f1a3d04c7e2b9a5d10e3f7","start_time":"2025-10-17T02:02:56.118Z","tags":{"userTags":[]}},{"sessionId":"68f1a3d04c7e2b9a5d10e3f8","start_time":"2025-10-17T02:02:57.000Z","session_lang":["en"]}]}`
	var at atomic.Int64
	var way atomic.Value
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) {
		n := int(at.Load())
		switch way.Load() {
		case "length":
			w.Header().Set("Content-Length", strconv.Itoa(len(full)))
			_, _ = io.WriteString(w, full[:n])
		case "silent":
			w.Header().Set("Content-Length", strconv.Itoa(n))
			_, _ = io.WriteString(w, full[:n])
		case "gzip":
			var b bytes.Buffer
			z := gzip.NewWriter(&b)
			_, _ = io.WriteString(z, full)
			_ = z.Close()
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(b.Bytes()[:n*b.Len()/len(full)])
		}
	})
	c := s.client(t, func(o *Options) { o.Limits = api.Limits{PerMinute: 1 << 30, PerHour: 1 << 30} })
	cuts := 0
	for _, how := range []string{"length", "silent", "gzip"} {
		way.Store(how)
		for n := range len(full) {
			at.Store(int64(n))
			cuts++
			got := sessionsOf(c, october())
			if k := api.KindOf(got.err); len(got.items) != 0 || k != api.NotPlatform && k != api.Unreachable {
				t.Fatalf("%s, cut at %d: %d rows, %v", how, n, len(got.items), got.err)
			}
		}
	}
	way.Store("length")
	at.Store(int64(len(full)))
	if got := sessionsOf(c, october()); got.err != nil || len(got.items) != 2 {
		t.Fatalf("the whole page: %v", got.err)
	}
	t.Logf("%d cuts", cuts)
}

func TestABombIsStopped(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, `{"sessions":["`)
		blank := bytes.Repeat([]byte("x"), 1<<20)
		for range 64 {
			if _, err := z.Write(blank); err != nil {
				return
			}
		}
		_, _ = io.WriteString(z, `"]}`)
		_ = z.Close()
	})
	if got := sessionsOf(s.client(t), day(s)); api.KindOf(got.err) != api.TooLarge || s.count() != 3 {
		t.Errorf("%v after %d requests", got.err, s.count())
	}
}

func TestHugeHeadersAreRefused(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) {
		w.Header().Set("X-Padding", strings.Repeat("x", 200<<10))
		answerJSON(w, 200, emptySessions)
	})
	if got := sessionsOf(s.client(t), day(s)); api.KindOf(got.err) != api.TooLarge || s.count() != 1 {
		t.Errorf("%v after %d requests", got.err, s.count())
	}
}

// A body that stops arriving is given up long before the total time.
func TestAStalledBodyIsGivenUp(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request, _ asked) {
		_, _ = io.WriteString(w, `{"total":`)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	c := s.client(t)
	c.timeouts.idle = 20 * time.Millisecond
	got := sessionsOf(c, day(s))
	if api.KindOf(got.err) != api.Unreachable || !strings.Contains(got.err.Error(), "stopped arriving") || s.count() != 2 {
		t.Errorf("%v after %d requests", got.err, s.count())
	}
}

func TestATotalTimeEndsADrip(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request, _ asked) {
		for r.Context().Err() == nil {
			if _, err := io.WriteString(w, " "); err != nil {
				return
			}
			w.(http.Flusher).Flush()
		}
	})
	c := s.client(t)
	e := c.table[api.GetSessions]
	e.Timeout = 40 * time.Millisecond
	c.table[api.GetSessions] = e
	if got := sessionsOf(c, day(s)); api.KindOf(got.err) != api.Unreachable || s.count() != 2 {
		t.Errorf("%v after %d requests", got.err, s.count())
	}
}

// The transport repeats a GET by itself when a kept connection dies; both count.
func TestHiddenReplaysAreCounted(t *testing.T) {
	var served atomic.Int64
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &httptest.Server{Listener: l, Config: &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if served.Add(1) != 2 {
			answerJSON(w, 200, emptySessions)
			return
		}
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			_ = conn.Close()
		}
	})}}
	s.Start()
	defer s.Close()
	st := &stub{Server: s, clock: newClock()}
	c := st.client(t)
	e := c.table[api.GetSessions]
	e.Method = "GET"
	c.table[api.GetSessions] = e
	for range 2 {
		if _, err := c.call(t.Context(), api.GetSessions, nil, nil, api.Person); err != nil {
			t.Fatal(err)
		}
	}
	u, err := c.Usage(t.Context())
	if err != nil || served.Load() != 3 || u.Minute != 3 || u.Hour != 3 {
		t.Errorf("server saw %d, we counted %+v (%v)", served.Load(), u, err)
	}
}

func TestBadCertificatesAreNotTriedAgain(t *testing.T) {
	var tries atomic.Int64
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.Config.ErrorLog = nil
	s.Config.ConnState = func(_ net.Conn, st http.ConnState) {
		if st == http.StateNew {
			tries.Add(1)
		}
	}
	s.Config.ErrorLog = quiet()
	s.StartTLS()
	defer s.Close()
	st := &stub{Server: s, clock: newClock()}
	got := sessionsOf(st.client(t), api.Last(time.Hour, st.clock.Now()))
	if api.KindOf(got.err) != api.TLSProblem || tries.Load() != 1 {
		t.Errorf("%v after %d connections", got.err, tries.Load())
	}
	// The other way round: TLS spoken to a plain server.
	plain := serve(t, func(http.ResponseWriter, *http.Request, asked) {})
	c := plain.client(t, func(o *Options) { o.Host = strings.Replace(plain.URL, "http:", "https:", 1) })
	if got := sessionsOf(c, day(plain)); api.KindOf(got.err) != api.TLSProblem {
		t.Errorf("%v", got.err)
	}
}

func TestTheBreakerOpensAndProbes(t *testing.T) {
	down := &counting{}
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) { answerJSON(w, 200, emptySessions) })
	up := false
	c := s.client(t, func(o *Options) {
		o.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
			if up {
				return http.DefaultTransport.RoundTrip(r)
			}
			return down.RoundTrip(r)
		})
	})
	step := func(name string, wantDials int, wantErr bool) {
		t.Helper()
		before := down.n + s.count()
		got := sessionsOf(c, day(s))
		if dials := down.n + s.count() - before; dials != wantDials || (got.err != nil) != wantErr {
			t.Errorf("%s: %d attempts, want %d (%v)", name, dials, wantDials, got.err)
		}
		if got.err != nil && api.KindOf(got.err) != api.Unreachable {
			t.Errorf("%s: %v", name, got.err)
		}
	}
	step("first call: two attempts", 2, true)
	step("second call: two attempts", 2, true)
	step("the fifth failure opens", 1, true)
	step("open: nothing is sent", 0, true)
	_ = s.clock.Wait(t.Context(), 6*time.Second)
	step("one probe", 1, true)
	step("open for longer", 0, true)
	_ = s.clock.Wait(t.Context(), 6*time.Second)
	step("still", 0, true)
	_ = s.clock.Wait(t.Context(), 6*time.Second)
	up = true
	step("a probe that is answered closes it", 1, false)
	step("closed", 1, false)
	if u, _ := c.Usage(t.Context()); u.Hour != 2 {
		t.Errorf("what never left was counted: %+v", u)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestTheEndOfTheCallerEndsTheRequest(t *testing.T) {
	gone := make(chan struct{})
	s := serve(t, func(_ http.ResponseWriter, r *http.Request, _ asked) {
		<-r.Context().Done()
		close(gone)
	})
	c := s.client(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- gather(c.Sessions(ctx, api.SessionQuery{Window: day(s)}, api.Person)).err
	}()
	waitFor(t, "the request is there", func() bool { return s.count() == 1 })
	cancel()
	if err := <-done; api.KindOf(err) != api.Cancelled || !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	<-gone // the server sees the request end
	if s.count() != 1 {
		t.Errorf("%d requests", s.count())
	}
}
