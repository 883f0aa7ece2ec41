package kore

import (
	"context"
	"io"
	"log"
	"net/http"
	"runtime"
	"sync"
	"testing"
	"time"

	"korescope/api"
)

func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

// waitFor lets other goroutines run until cond holds.
func waitFor(t *testing.T, what string, cond func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !cond(); {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
		runtime.Gosched()
	}
}

func (f *flights) waiting() (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, fl := range f.now {
		n += fl.waiters
	}
	return n
}

func TestIdenticalReadsShareOneRequest(t *testing.T) {
	release := make(chan struct{})
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) {
		<-release
		answerJSON(w, 200, emptySessions)
	})
	c := s.client(t)
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			if got := sessionsOf(c, day(s)); got.err != nil {
				t.Error(got.err)
			}
		})
	}
	waitFor(t, "100 on board", func() bool { return c.flights.waiting() == 100 })
	close(release)
	wg.Wait()
	if s.count() != 1 {
		t.Errorf("%d requests for 100 identical reads", s.count())
	}
	if u, _ := c.Usage(t.Context()); u.Minute != 1 {
		t.Errorf("usage %+v", u)
	}
}

// The one who asked first may leave; the request goes on for the others and
// ends with the last of them.
func TestARequestEndsWithItsLastReader(t *testing.T) {
	gone := make(chan struct{})
	s := serve(t, func(_ http.ResponseWriter, r *http.Request, _ asked) {
		<-r.Context().Done()
		close(gone)
	})
	c := s.client(t)
	var cancels []context.CancelFunc
	errs := make(chan error, 3)
	for i := range 3 {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		cancels = append(cancels, cancel)
		go func() { errs <- gather(c.Sessions(ctx, api.SessionQuery{Window: day(s)}, api.Person)).err }()
		waitFor(t, "on board", func() bool { return c.flights.waiting() == i+1 })
	}
	waitFor(t, "the request is there", func() bool { return s.count() == 1 })
	for i, cancel := range cancels {
		cancel()
		if err := <-errs; api.KindOf(err) != api.Cancelled {
			t.Errorf("%v", err)
		}
		if i < 2 {
			if n := c.flights.waiting(); n != 2-i {
				t.Fatalf("%d still wait after reader %d of 3 left", n, i+1)
			}
			select {
			case <-gone:
				t.Fatalf("the request ended with reader %d of 3", i+1)
			default:
			}
		}
	}
	<-gone
	if c.flights.waiting() != 0 || s.count() != 1 {
		t.Errorf("%d waiting, %d requests", c.flights.waiting(), s.count())
	}
}

// Somebody who looks at an empty place does not board a request that waits in
// a less urgent lane.
func TestAPersonDoesNotWaitBehindReadAhead(t *testing.T) {
	release := make(chan struct{})
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) {
		<-release
		answerJSON(w, 200, emptySessions)
	})
	c := s.client(t)
	var wg sync.WaitGroup
	for i, lane := range []api.Lane{api.ReadAhead, api.ReadAhead, api.Person, api.Follow, api.ReadAhead} {
		wg.Go(func() {
			if got := gather(c.Sessions(t.Context(), api.SessionQuery{Window: day(s)}, lane)); got.err != nil {
				t.Error(got.err)
			}
		})
		want := map[int]int{0: 1, 1: 2, 2: 1, 3: 2, 4: 3}[i]
		waitFor(t, "on board", func() bool { return c.flights.waiting() == want })
	}
	waitFor(t, "both requests are there", func() bool { return s.count() == 2 })
	close(release)
	wg.Wait()
	if s.count() != 2 {
		t.Errorf("%d requests, want one in each of two lanes", s.count())
	}
}
