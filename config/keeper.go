package config

import (
	"context"
	"sync"
)

// A keeper reads a secret at most once at a time. The read belongs to all who
// wait for it: it goes on when one of them leaves and ends with the last.
type keeper struct {
	read func(context.Context) (Secret, error)

	mu     sync.Mutex
	kept   *Secret
	flight *flight
}

type flight struct {
	done    chan struct{}
	stop    context.CancelFunc
	waiting int
	secret  Secret
	err     error
}

func (k *keeper) value(ctx context.Context, again bool) (Secret, error) {
	k.mu.Lock()
	if k.kept != nil && !again {
		defer k.mu.Unlock()
		return *k.kept, nil
	}
	f := k.flight
	if f == nil {
		f = k.take(ctx)
	}
	f.waiting++
	k.mu.Unlock()

	select {
	case <-f.done:
		return f.secret, f.err
	case <-ctx.Done():
		k.leave(f)
		return Secret{}, context.Cause(ctx)
	}
}

// take starts a read; the caller holds the lock.
func (k *keeper) take(ctx context.Context) *flight {
	own, stop := context.WithCancel(context.WithoutCancel(ctx))
	f := &flight{done: make(chan struct{}), stop: stop}
	k.flight = f
	go func() {
		defer stop()
		s, err := k.read(own)
		k.mu.Lock()
		defer k.mu.Unlock()
		f.secret, f.err = s, err
		if err == nil {
			k.kept = &s
		}
		if k.flight == f {
			k.flight = nil
		}
		close(f.done)
	}()
	return f
}

func (k *keeper) leave(f *flight) {
	k.mu.Lock()
	defer k.mu.Unlock()
	f.waiting--
	if f.waiting == 0 {
		f.stop()
		if k.flight == f {
			k.flight = nil // whoever asks next must not share a read that was stopped
		}
	}
}
