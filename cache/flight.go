package cache

import (
	"context"
	"iter"
	"sync"

	"korescope/api"
)

// flights lets two askers of one question share one reading. The first asks
// the network, at its own pace; the others are given its newest answer. When
// the first leaves early, its reading stops, since the requests would be spent
// on nobody, and one of the others goes on.
type flights[K comparable, V any] struct {
	mu   sync.Mutex
	live map[K]*flight[V]
}

type flight[V any] struct {
	mu      sync.Mutex
	changed chan struct{} // closed and replaced with every answer
	last    outcome[V]
	count   int
	over    bool
}

type outcome[V any] struct {
	answer api.Answer[V]
	err    error
}

// share gives what read gives, or what another reading of the key gives.
func (f *flights[K, V]) share(ctx context.Context, key K, read iter.Seq2[api.Answer[V], error]) iter.Seq2[api.Answer[V], error] {
	return func(yield func(api.Answer[V], error) bool) {
		for {
			fl, first := f.join(key)
			if first {
				f.lead(key, fl, read, yield)
				return
			}
			if !fl.follow(ctx, yield) {
				return
			}
		}
	}
}

func (f *flights[K, V]) join(key K) (fl *flight[V], first bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if fl, ok := f.live[key]; ok {
		return fl, false
	}
	if f.live == nil {
		f.live = map[K]*flight[V]{}
	}
	fl = &flight[V]{changed: make(chan struct{})}
	f.live[key] = fl
	return fl, true
}

func (f *flights[K, V]) lead(key K, fl *flight[V], read iter.Seq2[api.Answer[V], error], yield func(api.Answer[V], error) bool) {
	defer func() {
		f.mu.Lock()
		delete(f.live, key)
		f.mu.Unlock()
		fl.tell(nil)
	}()
	for a, err := range read {
		fl.tell(&outcome[V]{a, err})
		if !yield(a, err) {
			return
		}
	}
}

// tell wakes the followers; nil says that nothing more comes.
func (fl *flight[V]) tell(o *outcome[V]) {
	fl.mu.Lock()
	defer fl.mu.Unlock()
	if o != nil {
		fl.last = *o
		fl.count++
	} else {
		fl.over = true
	}
	close(fl.changed)
	fl.changed = make(chan struct{})
}

// follow passes on the newest answers. It reports true when the leader left
// without an end, so that somebody else has to ask.
func (fl *flight[V]) follow(ctx context.Context, yield func(api.Answer[V], error) bool) (orphaned bool) {
	seen := 0
	for {
		fl.mu.Lock()
		changed, count, last, over := fl.changed, fl.count, fl.last, fl.over
		fl.mu.Unlock()
		if count > seen {
			seen = count
			if api.KindOf(last.err) == api.Cancelled && ctx.Err() == nil {
				return true
			}
			if !yield(last.answer, last.err) || last.answer.Done {
				return false
			}
			continue
		}
		if over {
			return true
		}
		select {
		case <-changed:
		case <-ctx.Done():
			yield(last.answer, ctx.Err())
			return false
		}
	}
}
