package jobs

import (
	"context"
	"sync"
)

// turns let one asker a key through at a time.
type turns struct {
	mu sync.Mutex
	of map[string]*turn
}

type turn struct {
	free chan struct{} // holds one token while nobody has the turn
	many int           // who has it or waits for it
}

// enter waits for the turn; waited reports that somebody else had it. leave
// must be called once when err is nil.
func (t *turns) enter(ctx context.Context, key string) (leave func(), waited bool, err error) {
	one := t.join(key)
	select {
	case <-one.free:
	default:
		waited = true
		select {
		case <-one.free:
		case <-ctx.Done():
			t.quit(key, one)
			return nil, true, ended(ctx)
		}
	}
	return func() {
		one.free <- struct{}{}
		t.quit(key, one)
	}, waited, nil
}

func (t *turns) join(key string) *turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.of == nil {
		t.of = map[string]*turn{}
	}
	one, ok := t.of[key]
	if !ok {
		one = &turn{free: make(chan struct{}, 1)}
		one.free <- struct{}{}
		t.of[key] = one
	}
	one.many++
	return one
}

func (t *turns) quit(key string, one *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if one.many--; one.many == 0 {
		delete(t.of, key)
	}
}
