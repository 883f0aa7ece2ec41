package cache

import (
	"testing"

	"korescope/api"
)

func TestTwoAskersShareOneReading(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	w := &world{page: 5}
	for i := range 20 {
		w.sessions = append(w.sessions, sessionAt(at(-60-10*i), i, false))
	}
	r := Sessions(s, w, Normal)
	q := api.SessionQuery{Window: api.Between(at(-900), at(-30))}
	second := make(chan outcome[[]api.Session], 1)
	started := false
	for a, err := range r.Refresh(t.Context(), q, api.Person) {
		if err != nil {
			t.Fatal(err)
		}
		if !started {
			started = true
			joined := make(chan struct{})
			go func() {
				var end outcome[[]api.Session]
				first := true
				for a, err := range r.Refresh(t.Context(), q, api.Person) {
					if end = (outcome[[]api.Session]{a, err}); first {
						first = false
						close(joined)
					}
				}
				second <- end
			}()
			<-joined
		}
		_ = a
	}
	end := <-second
	if end.err != nil || !end.answer.Done || len(end.answer.Value) != 20 {
		t.Errorf("second: %v, done %v, %d rows", end.err, end.answer.Done, len(end.answer.Value))
	}
	if len(w.asked) != 1 {
		t.Errorf("%d requests for one question", len(w.asked))
	}
}

func TestLeavingHandsTheReadingOn(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	w := &world{page: 5}
	for i := range 20 {
		w.sessions = append(w.sessions, sessionAt(at(-60-10*i), i, false))
	}
	r := Sessions(s, w, Normal)
	q := api.SessionQuery{Window: api.Between(at(-900), at(-30))}
	second := make(chan outcome[[]api.Session], 1)
	for _, err := range r.Refresh(t.Context(), q, api.Person) {
		if err != nil {
			t.Fatal(err)
		}
		joined := make(chan struct{})
		go func() {
			var end outcome[[]api.Session]
			first := true
			for a, err := range r.Refresh(t.Context(), q, api.Person) {
				if end = (outcome[[]api.Session]{a, err}); first {
					first = false
					close(joined)
				}
			}
			second <- end
		}()
		<-joined
		break
	}
	end := <-second
	if end.err != nil || !end.answer.Done || len(end.answer.Value) != 20 {
		t.Errorf("second: %v, done %v, %d rows", end.err, end.answer.Done, len(end.answer.Value))
	}
}
