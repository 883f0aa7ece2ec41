package kore

import (
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"sync"
	"testing"
	"time"

	"korescope/api"
)

// The refusal in any dress: every known wording, under every status, as JSON
// and as text.
func TestARefusalInAnyDressIsARefusal(t *testing.T) {
	texts := map[string]bool{ // and whether it is the hourly one
		"Rate limit for this API has been reached. Please try again after some time.":          false,
		"Rate limit for this API has been reached. Please try again later":                     false,
		"You've exceeded the per-minute rate limit. Please wait for sometime before retrying.": false,
		"You've exceeded the hourly rate limit. Please wait for sometime before retrying.":     true,
		"RATE LIMIT reached": false,
	}
	for _, status := range []int{200, 400, 401, 403, 412, 429, 500, 503} {
		for text, hour := range texts {
			for _, body := range []string{`{"errors":[{"msg":"` + text + `","code":429}]}`, `{"errors":[{"message":"` + text + `"}]}`, text} {
				s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) {
					w.WriteHeader(status)
					_, _ = io.WriteString(w, body)
				})
				c := s.client(t, func(o *Options) { o.Patience = time.Second })
				got := sessionsOf(c, day(s))
				var e *api.Error
				if !errors.As(got.err, &e) || e.Kind != api.Limited || e.Hour != hour || s.count() != 1 {
					t.Fatalf("%d %s: %v, hour %v, %d requests", status, body, got.err, e.Hour, s.count())
				}
				wait := e.Until.Sub(s.clock.Now())
				if !hour && (wait < time.Minute || wait > 66*time.Second) || hour && (wait < 59*time.Minute || wait > time.Hour+2*time.Second) {
					t.Errorf("%d %s: wait of %v", status, body, wait)
				}
				if u, _ := c.Usage(t.Context()); !u.ShutUntil.Equal(e.Until) {
					t.Errorf("the gate is shut until %v, the error says %v", u.ShutUntil, e.Until)
				}
			}
		}
	}
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) { w.WriteHeader(http.StatusTooManyRequests) })
	if got := sessionsOf(s.client(t, func(o *Options) { o.Patience = time.Second }), day(s)); api.KindOf(got.err) != api.Limited {
		t.Errorf("429 without a word: %v", got.err)
	}
}

// The words may stand in content without meaning anything.
func TestContentThatSpeaksOfRateLimitsIsContent(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) {
		answerJSON(w, 200, `{"total":1,"sessions":[{"sessionId":"68f1a3d04c7e2b9a5d10e3f7","channel":"rate limit","start_time":"2025-10-17T02:02:56.118Z"}]}`)
	})
	if got := sessionsOf(s.client(t), october()); got.err != nil || len(got.items) != 1 {
		t.Errorf("%v", got.err)
	}
}

func TestRefusalsAreWaitedForAndTold(t *testing.T) {
	refusals := 2
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) {
		if refusals--; refusals >= 0 {
			answerJSON(w, 429, `{"errors":[{"msg":"Rate limit for this API has been reached. Please try again later","code":429}]}`)
			return
		}
		answerJSON(w, 200, emptySessions)
	})
	var told []Waiting
	c := s.client(t, func(o *Options) { o.OnWait = func(w Waiting) { told = append(told, w) } })
	start := s.clock.Now()
	if got := sessionsOf(c, api.Last(time.Hour, start)); got.err != nil || s.count() != 3 {
		t.Fatalf("%v after %d requests", got.err, s.count())
	}
	if len(told) != 2 || !told[0].Refused || told[0].Why == "" || told[0].Until.Sub(start) < time.Minute || told[0].Lane != api.Person {
		t.Errorf("told %+v", told)
	}
	// 60 s, then 120 s, each with half of the jitter of 5 s.
	if waited := s.clock.Now().Sub(start); waited != 185*time.Second {
		t.Errorf("waited %v", waited)
	}
}

func TestRefusalsOfOneCallAreCapped(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) { w.WriteHeader(http.StatusTooManyRequests) })
	got := sessionsOf(s.client(t), day(s))
	if api.KindOf(got.err) != api.Limited || s.count() != 5 {
		t.Errorf("%v after %d requests", got.err, s.count())
	}
}

// While the gate is shut nobody sends, whoever was refused.
func TestNobodySendsThroughAShutGate(t *testing.T) {
	var s *stub
	var mu sync.Mutex
	var reopened time.Time
	s = serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) {
		mu.Lock()
		defer mu.Unlock()
		if reopened.IsZero() {
			reopened = s.clock.Now().Add(10 * time.Minute)
			w.Header().Set("Retry-After", "600")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		if s.clock.Now().Before(reopened) {
			t.Errorf("a request at %v, shut until %v", s.clock.Now(), reopened)
		}
		answerJSON(w, 200, emptySessions)
	})
	c := s.client(t)
	for i := range 5 {
		if got := sessionsOf(c, api.Last(time.Duration(i+1)*time.Hour, s.clock.Now())); got.err != nil {
			t.Fatal(got.err)
		}
	}
}

// alarm is a context whose deadline comes when it is closed.
type alarm struct {
	context.Context
	over chan struct{}
}

func (a alarm) Done() <-chan struct{} { return a.over }

func (a alarm) Err() error {
	select {
	case <-a.over:
		return context.DeadlineExceeded
	default:
		return a.Context.Err()
	}
}

func TestADeadlineInsideAWaitIsTheBudgets(t *testing.T) {
	ctx := alarm{t.Context(), make(chan struct{})}
	ring := sync.OnceFunc(func() { close(ctx.over) })
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) { w.WriteHeader(http.StatusTooManyRequests) })
	c := s.client(t, func(o *Options) {
		o.Wait = func(ctx context.Context, _ time.Duration) error { ring(); <-ctx.Done(); return ctx.Err() }
	})
	got := gather(c.Sessions(ctx, api.SessionQuery{Window: day(s)}, api.Person))
	var e *api.Error
	if !errors.As(got.err, &e) || e.Kind != api.Limited || e.Until.IsZero() {
		t.Errorf("%v", got.err)
	}
}

func TestRetryAfterForms(t *testing.T) {
	now := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		value, date string
		want        time.Duration
	}{
		{"", "", -1},
		{"30", "", 30 * time.Second},
		{" 30 ", "", 30 * time.Second},
		{"1.5", "", 1500 * time.Millisecond},
		{"0", "", 0},
		{"-5", "", 0},
		{"86400", "", time.Hour},
		{"99999999999999999999999", "", time.Hour},
		{"Inf", "", time.Hour},
		{"-Inf", "", 0},
		{"NaN", "", -1},
		{"soon", "", -1},
		{"Tue, 10 Mar 2026 12:02:00 GMT", "", 2 * time.Minute},
		{"Tue, 10 Mar 2026 11:00:00 GMT", "", 0},
		{"Tue, 10 Mar 2036 11:00:00 GMT", "", time.Hour},
		{"Tue, 10 Mar 2026 13:02:00 GMT", "Tue, 10 Mar 2026 13:00:00 GMT", 2 * time.Minute},
	} {
		h := http.Header{}
		h.Set("Retry-After", c.value)
		h.Set("Date", c.date)
		if got := retryAfter(h, now); got != c.want {
			t.Errorf("%q: %v, want %v", c.value, got, c.want)
		}
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"", "1", "-1", "1e309", "0x1p-2", "Tue, 10 Mar 2026 12:02:00 GMT", "Sun, 06-Nov-94 08:49:37 GMT", "\x00"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, value, date string) {
		h := http.Header{"Retry-After": {value}, "Date": {date}}
		if d := retryAfter(h, time.Unix(1_700_000_000, 0)); d != -1 && (d < 0 || d > time.Hour) {
			t.Errorf("%q: %v", value, d)
		}
	})
}

func TestOtherFailuresHonourRetryAfterToo(t *testing.T) {
	tries := 0
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) {
		if tries++; tries == 1 {
			w.Header().Set("Retry-After", "20")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		answerJSON(w, 200, emptySessions)
	})
	if got := sessionsOf(s.client(t), day(s)); got.err != nil || s.clock.total() != 20*time.Second {
		t.Errorf("%v, slept %v", got.err, s.clock.total())
	}
}

func TestBackoffIsAJitterBetweenItsBounds(t *testing.T) {
	for n, most := range map[int]time.Duration{1: 2 * time.Second, 2: 4 * time.Second, 3: 8 * time.Second, 4: 8 * time.Second} {
		for _, at := range []float64{0, 0.5, math.Nextafter(1, 0)} {
			c := &Client{o: Options{Rand: func() float64 { return at }}}
			if d := c.backoff(n, -1); d < 500*time.Millisecond || d > most || at == 0 && d != 500*time.Millisecond {
				t.Errorf("try %d at %v: %v", n, at, d)
			}
		}
	}
}

// Only reads are ever sent twice, whatever goes wrong.
func TestJobsAndWritesAreSentOnce(t *testing.T) {
	for _, effect := range []api.Effect{api.Job, api.Write} {
		for name, answer := range map[string]func(http.ResponseWriter, *http.Request){
			"500": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
			"503": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) },
			"429": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) },
			"401": func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Date", "Tue, 10 Mar 2020 12:00:00 GMT")
				w.WriteHeader(http.StatusUnauthorized)
			},
			"cut": func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "9")
				_, _ = io.WriteString(w, "{")
			},
			"dropped": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		} {
			s := serve(t, func(w http.ResponseWriter, r *http.Request, _ asked) { answer(w, r) })
			c := s.client(t, mayWrite)
			e := c.table[api.GetSessions]
			e.Effect = effect
			c.table[api.GetSessions] = e
			ask := question{endpoint: api.GetSessions, body: struct{}{}, lane: api.Person, line: &begun{call: api.GetSessions}}
			if _, err := c.put(t.Context(), ask); err == nil || s.count() != 1 {
				t.Errorf("%s, %s: %v after %d requests", effect, name, err, s.count())
			}
		}
	}
}
