package kore

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"korescope/api"
)

// ask is one question to the platform, before any attempt.
type ask struct {
	endpoint api.Endpoint
	path     string
	query    string // encoded; never part of an error
	body     []byte
	file     *form // sent in place of body
	lane     api.Lane
	repeats  int     // see question
	budget   *budget // the counter it is charged to

	// waits is the error to give a caller whose deadline passes while the
	// budget is what is being waited for.
	waits atomic.Pointer[api.Error]
}

func (a *ask) key() string {
	return a.endpoint.Method + " " + a.path + "?" + a.query + "\n" + string(a.body)
}

// flights lets identical reads that run at the same time share one request.
type flights struct {
	mu  sync.Mutex
	now map[string]*flight
}

type flight struct {
	ask     *ask
	cancel  context.CancelFunc
	done    chan struct{}
	answer  *answer
	err     error
	waiters int
}

// share joins a running identical request that is at least as urgent, or
// starts one. The request ends when the last one who waits for it leaves, not
// when the first does.
func (f *flights) share(ctx context.Context, a *ask, run func(context.Context, *ask) (*answer, error)) (*answer, error) {
	if err := ctx.Err(); err != nil {
		return nil, ended(err)
	}
	key := a.key()
	fl := f.board(ctx, key, a, run)
	select {
	case <-fl.done:
		return fl.answer, fl.err
	case <-ctx.Done():
	}
	f.leave(key, fl)
	if limited := fl.ask.waits.Load(); limited != nil && ctx.Err() == context.DeadlineExceeded {
		return nil, limited
	}
	return nil, ended(ctx.Err())
}

func (f *flights) board(ctx context.Context, key string, a *ask, run func(context.Context, *ask) (*answer, error)) *flight {
	f.mu.Lock()
	defer f.mu.Unlock()
	if fl, ok := f.now[key]; ok && fl.ask.lane <= a.lane {
		fl.waiters++
		return fl
	}
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	fl := &flight{ask: a, cancel: cancel, done: make(chan struct{}), waiters: 1}
	if f.now == nil {
		f.now = map[string]*flight{}
	}
	f.now[key] = fl
	go f.fly(own, key, fl, run)
	return fl
}

func (f *flights) fly(ctx context.Context, key string, fl *flight, run func(context.Context, *ask) (*answer, error)) {
	defer fl.cancel()
	defer close(fl.done)
	defer f.land(key, fl)
	defer func() {
		// A panic in this goroutine would take the program and the terminal
		// with it. Its value may hold content, so only its type is told.
		if p := recover(); p != nil {
			fl.err = &api.Error{Endpoint: fl.ask.endpoint.Name, Err: fmt.Errorf("internal error of type %T", p)}
		}
	}()
	fl.answer, fl.err = run(ctx, fl.ask)
}

func (f *flights) land(key string, fl *flight) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.now[key] == fl {
		delete(f.now, key)
	}
}

func (f *flights) leave(key string, fl *flight) {
	f.mu.Lock()
	defer f.mu.Unlock()
	fl.waiters--
	if fl.waiters > 0 {
		return
	}
	fl.cancel()
	if f.now[key] == fl {
		delete(f.now, key)
	}
}
