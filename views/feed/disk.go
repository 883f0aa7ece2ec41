package feed

import (
	"context"
	"iter"

	"korescope/api"
)

// Disk makes a reader of something that is only on this machine: asking anew
// reads the disk again, and nothing else is ever asked.
func Disk[K comparable, V any](read func(ctx context.Context, k K) (api.Answer[V], error)) Reader[K, V] {
	return disk[K, V]{read}
}

type disk[K comparable, V any] struct {
	read func(context.Context, K) (api.Answer[V], error)
}

func (d disk[K, V]) Cached(ctx context.Context, k K) (api.Answer[V], error) {
	a, err := d.read(ctx, k)
	a.Origin, a.Fresh, a.Done = api.FromDisk, true, true
	return a, err
}

func (d disk[K, V]) Refresh(ctx context.Context, k K, _ api.Lane) iter.Seq2[api.Answer[V], error] {
	return func(yield func(api.Answer[V], error) bool) { yield(d.Cached(ctx, k)) }
}
