package sim

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"
)

// served asks a real server on loopback and reads the whole answer.
func served(ctx context.Context, t *testing.T, fault string) (status int, body string, err error) {
	t.Helper()
	w, _ := newWorld(t, faulty(t, fault))
	srv := httptest.NewServer(w.Handler())
	defer srv.Close()
	return sent(ctx, t, srv, srv.Client())
}

func sent(ctx context.Context, t *testing.T, srv *httptest.Server, client *http.Client) (int, string, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, srv.URL+pathSessions, strings.NewReader(`{"limit":5}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("auth", sign(t, named("retail"), nil))
	res, err := client.Do(r)
	if err != nil {
		return 0, "", err
	}
	b, err := io.ReadAll(res.Body)
	if cerr := res.Body.Close(); err == nil {
		err = cerr
	}
	return res.StatusCode, string(b), err
}

func TestTransportFaults(t *testing.T) {
	_, whole, err := served(t.Context(), t, "slow(0s)")
	if err != nil || !strings.HasSuffix(whole, "]}") {
		t.Fatalf("%v %s", err, whole)
	}
	for _, test := range []struct {
		fault string
		body  int // bytes that arrive, -1 for all
		err   error
	}{
		{"slow(30ms)", -1, nil},
		{"drip(400,1ms)", -1, nil},
		{"cut-at(50)", 50, io.ErrUnexpectedEOF},
		{"cut-at(0)", 0, io.ErrUnexpectedEOF},
		{"cut-at(1000000)", -1, nil},
		{"reset", 0, syscall.ECONNRESET},
		{"keepalive-drop", -1, nil},
	} {
		start := time.Now()
		_, body, err := served(t.Context(), t, test.fault)
		if test.body < 0 {
			test.body = len(whole)
		}
		if !errors.Is(err, test.err) || len(body) != test.body {
			t.Errorf("%s: %d bytes, %v", test.fault, len(body), err)
		}
		if test.fault == "slow(30ms)" && time.Since(start) < 30*time.Millisecond {
			t.Error("slow is not slow")
		}
	}
	// A reset may overtake the bytes sent before it, so only the failure is sure.
	if _, body, err := served(t.Context(), t, "reset-mid(70)"); err == nil || len(body) > 70 {
		t.Errorf("reset-mid: %d bytes, %v", len(body), err)
	}
}

// TestStall: the announced rest never comes; only leaving ends the wait.
func TestStall(t *testing.T) {
	w, _ := newWorld(t, faulty(t, "stall(20)"))
	srv := httptest.NewServer(w.Handler())
	defer srv.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, srv.URL+pathSessions, strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("auth", sign(t, named("retail"), nil))
	res, err := srv.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := res.Body.Close(); err != nil {
			t.Error(err)
		}
	}()
	if n, err := io.ReadFull(res.Body, make([]byte, 20)); err != nil || res.ContentLength <= 20 {
		t.Fatalf("%d of %d bytes, %v", n, res.ContentLength, err)
	}
	cancel()
	if n, err := res.Body.Read(make([]byte, 1)); n != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("after the stall: %d bytes, %v", n, err)
	}
}

func TestKeepaliveDrop(t *testing.T) {
	w, _ := newWorld(t, faulty(t, "keepalive-drop"))
	srv := httptest.NewServer(w.Handler())
	defer srv.Close()
	client := srv.Client()
	if _, _, err := sent(t.Context(), t, srv, client); err != nil {
		t.Fatal(err)
	}
	if _, _, err := sent(t.Context(), t, srv, client); !errors.Is(err, io.EOF) {
		t.Errorf("on the reused connection: %v", err)
	}
	if got := w.Truth().Requests["getSessions"]; got != 2 {
		t.Errorf("%d requests arrived", got)
	}
}

// TestElsewhere: the other origin notices a token that follows a redirect.
func TestElsewhere(t *testing.T) {
	honest, _ := newWorld(t, open(Options{}))
	other := httptest.NewServer(honest.Elsewhere())
	defer other.Close()
	w, _ := newWorld(t, faulty(t, "redirect(307,"+other.URL+"/x)"))
	srv := httptest.NewServer(w.Handler())
	defer srv.Close()
	if status, _, err := sent(t.Context(), t, srv, srv.Client()); err != nil || status != http.StatusTeapot {
		t.Fatalf("HTTP %d, %v", status, err)
	}
	if got := honest.Truth(); got.Elsewhere != 1 || got.Strangers != 1 {
		t.Errorf("%d tokens seen elsewhere in %d requests", got.Elsewhere, got.Strangers)
	}
}

func TestLargeAnswersArePacked(t *testing.T) {
	w, _ := newWorld(t, open(Options{}))
	srv := httptest.NewServer(w.Handler())
	defer srv.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL+pathSessions, strings.NewReader(`{"limit":100}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("auth", sign(t, named("retail"), nil))
	r.Header.Set("Accept-Encoding", "gzip")
	res, err := srv.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	packed, err := io.ReadAll(res.Body)
	err = errors.Join(err, res.Body.Close())
	if err != nil || res.Header.Get("Content-Encoding") != "gzip" || len(packed) > 30_000 {
		t.Errorf("%v, encoding %q, %d bytes", err, res.Header.Get("Content-Encoding"), len(packed))
	}
}
