package cache

import (
	"context"
	"iter"
	"sync"

	"korescope/api"
)

// Opening reads the list that a program opens with. A list of 100,000 takes a
// third of a second to be read from disk, and a screen shows twenty of them: the
// disk's first answer is the newest rows alone, which says that more follow, and
// Refresh gives all of them before it asks anybody. The disk is read once for
// all of it. Everything else is as the reader itself does it.
type Opening struct {
	*SessionReader
	first   int
	flights flights[api.SessionQuery, []api.Session]

	mu    sync.Mutex
	begun map[api.SessionQuery]*beginning
	owed  map[api.SessionQuery]bool // of which only the first rows were given
}

type beginning struct {
	done chan struct{}
	a    api.Answer[[]api.Session]
	err  error
}

// NewOpening makes the reader; first is how many rows come at first.
func NewOpening(r *SessionReader, first int) *Opening {
	return &Opening{SessionReader: r, first: first, begun: map[api.SessionQuery]*beginning{}, owed: map[api.SessionQuery]bool{}}
}

// Begin reads the first rows of a question that will be asked, beside whatever
// comes before that.
func (o *Opening) Begin(ctx context.Context, q api.SessionQuery) {
	b := &beginning{done: make(chan struct{})}
	o.mu.Lock()
	o.begun[q] = b
	o.mu.Unlock()
	go func() {
		defer close(b.done)
		b.a, b.err = o.newest(ctx, q)
	}()
}

// Cached is the newest rows, not Done when there may be more of them.
func (o *Opening) Cached(ctx context.Context, q api.SessionQuery) (api.Answer[[]api.Session], error) {
	o.mu.Lock()
	b := o.begun[q]
	delete(o.begun, q)
	o.mu.Unlock()
	a, err := o.beganOr(ctx, b, q)
	if err == nil && !a.Done {
		o.mu.Lock()
		o.owed[q] = true
		o.mu.Unlock()
	}
	return a, err
}

func (o *Opening) beganOr(ctx context.Context, b *beginning, q api.SessionQuery) (api.Answer[[]api.Session], error) {
	if b == nil {
		return o.newest(ctx, q)
	}
	select {
	case <-b.done:
		return b.a, b.err
	case <-ctx.Done():
		return api.Answer[[]api.Session]{}, ctx.Err()
	}
}

// newest reads the first rows of a window, all of any other question.
func (o *Opening) newest(ctx context.Context, q api.SessionQuery) (api.Answer[[]api.Session], error) {
	if q.Limit > 0 || q.IDs != "" || q.User != "" || q.CallID != "" {
		return o.SessionReader.Cached(ctx, q)
	}
	q.Limit = o.first
	a, err := o.SessionReader.Cached(ctx, q)
	if err == nil && len(a.Value) >= o.first {
		a.Fresh, a.Done = false, false // the rest was not looked at
	}
	return a, err
}

// Refresh gives what the disk holds, where only the first of it was given, and
// goes on as the reader does, unless that is fresh.
func (o *Opening) Refresh(ctx context.Context, q api.SessionQuery, lane api.Lane) iter.Seq2[api.Answer[[]api.Session], error] {
	if !o.settle(q) {
		return o.SessionReader.Refresh(ctx, q, lane)
	}
	return o.ask(ctx, q, lane, &o.flights, o.mode, thrift{opening: true})
}

// Spare is Refresh for a few requests.
func (o *Opening) Spare(ctx context.Context, q api.SessionQuery, lane api.Lane) iter.Seq2[api.Answer[[]api.Session], error] {
	if !o.settle(q) {
		return o.SessionReader.Spare(ctx, q, lane)
	}
	return o.ask(ctx, q, lane, &o.flights, o.mode, thrift{most: SpareRequests, opening: true})
}

// settle reports a question of which the rest is owed, which is then given.
func (o *Opening) settle(q api.SessionQuery) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	owed := o.owed[q]
	delete(o.owed, q)
	return owed
}

// giveLoaded hands on what was read from disk before anybody is asked. It is the
// last answer when it is fresh.
func (w *sessionRead) giveLoaded() {
	now := w.r.s.o.Now()
	a := api.Answer[[]api.Session]{Origin: api.FromDisk, Done: true}
	fill(&w.progress, &a, filledDownTo(w.rows, w.q.Limit), w.oldestOpen(), now)
	if a.Covered.Zero() && len(w.rows) == 0 {
		return
	}
	a.Value = w.rows
	countLost(&a, api.Session.Lost)
	w.left = !w.yield(a, nil) || a.Fresh
}
