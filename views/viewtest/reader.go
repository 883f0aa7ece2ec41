package viewtest

import (
	"context"
	"iter"
	"sync/atomic"
	"testing"
	"time"

	"korescope/api"
)

// Step is one step of a scripted answer.
type Step[V any] struct {
	Answer api.Answer[V]
	Err    error
	Never  bool // the answer does not come: whoever asked goes on waiting
}

// Reader answers questions from a script. It counts what it is asked and fails
// the test when it is asked outside a command.
type Reader[K comparable, V any] struct {
	t     testing.TB
	guard *Guard
	// Disk is what the cache says; without it the cache has nothing.
	Disk func(K) (api.Answer[V], error)
	// Net is what the platform says; without it the platform never answers.
	Net func(K) []Step[V]

	Looked []K        // questions to the disk
	Asked  []K        // questions to the platform
	Lanes  []api.Lane // of the questions to the platform
	ended  atomic.Int32
}

// NewReader makes a reader whose disk is empty and whose platform is silent.
func NewReader[K comparable, V any](t testing.TB, g *Guard) *Reader[K, V] {
	return &Reader[K, V]{t: t, guard: g}
}

// Cached is the disk's side.
func (r *Reader[K, V]) Cached(_ context.Context, k K) (api.Answer[V], error) {
	r.inside("the disk")
	r.Looked = append(r.Looked, k)
	if r.Disk == nil {
		return api.Answer[V]{}, NotCached()
	}
	return r.Disk(k)
}

// Refresh is the platform's side.
func (r *Reader[K, V]) Refresh(_ context.Context, k K, lane api.Lane) iter.Seq2[api.Answer[V], error] {
	r.inside("the platform")
	r.Asked = append(r.Asked, k)
	r.Lanes = append(r.Lanes, lane)
	steps := []Step[V]{{Never: true}}
	if r.Net != nil {
		steps = r.Net(k)
	}
	return func(yield func(api.Answer[V], error) bool) {
		defer func() { r.ended.Add(1) }()
		for _, s := range steps {
			if s.Never {
				panic(never{})
			}
			if !yield(s.Answer, s.Err) {
				return
			}
		}
	}
}

func (r *Reader[K, V]) inside(whom string) {
	r.t.Helper()
	if !r.guard.Inside() {
		r.t.Errorf("%s was asked outside a command", whom)
	}
}

// Ended counts the iterations that ended: all pages read, or stopped.
func (r *Reader[K, V]) Ended() int { return int(r.ended.Load()) }

// Reads counts the questions to disk and platform.
func (r *Reader[K, V]) Reads() int { return len(r.Looked) + len(r.Asked) }

// Says scripts one whole answer of the platform, given at that time.
func (r *Reader[K, V]) Says(v V, at time.Time) *Reader[K, V] {
	r.Net = func(K) []Step[V] { return []Step[V]{Whole(v, at)} }
	return r
}

// Fails scripts a failure of the platform.
func (r *Reader[K, V]) Fails(err error) *Reader[K, V] {
	r.Net = func(K) []Step[V] { return []Step[V]{{Err: err}} }
	return r
}

// Has scripts what the disk holds, written at that time.
func (r *Reader[K, V]) Has(v V, at time.Time, fresh bool) *Reader[K, V] {
	r.Disk = func(K) (api.Answer[V], error) {
		return api.Answer[V]{Value: v, At: at, Origin: api.FromDisk, Fresh: fresh, Done: true}, nil
	}
	return r
}

// Whole is an answer of the platform that nothing is missing from.
func Whole[V any](v V, at time.Time) Step[V] {
	return Step[V]{Answer: api.Answer[V]{Value: v, At: at, Origin: api.FromNetwork, Done: true}}
}

// NotCached is what a disk says that has nothing.
func NotCached() error { return &api.Error{Kind: api.NotCached} }

// Offline is what a machine without a network says.
func Offline() error { return &api.Error{Kind: api.Unreachable, Endpoint: "sessions"} }
