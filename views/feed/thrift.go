package feed

import (
	"context"
	"iter"

	tea "charm.land/bubbletea/v2"

	"korescope/api"
)

// Sparer is a reader that can stop after a few requests and say what it left,
// and go on from there with as few.
type Sparer[K comparable, V any] interface {
	Spare(ctx context.Context, k K, lane api.Lane) iter.Seq2[api.Answer[V], error]
	Further(ctx context.Context, k K, lane api.Lane) iter.Seq2[api.Answer[V], error]
}

// Sparing makes the feed ask for little: a long answer comes in parts, each when
// it is asked for. A reader that cannot is asked as ever.
func (f *Feed[K, V]) Sparing() *Feed[K, V] {
	f.sparing = true
	return f
}

// Rest is what the last answer leaves unread on purpose.
func (f *Feed[K, V]) Rest() api.Rest {
	if !f.has || f.loading {
		return api.Rest{}
	}
	return f.answer.Rest
}

// ReadOn goes on where the reading stopped: with few requests, or to the end,
// which leaves room for keys.
func (f *Feed[K, V]) ReadOn(all bool) tea.Cmd {
	reader, lane := f.reader, f.lane
	if spare, can := reader.(Sparer[K, V]); can && !all {
		return f.begin(f.key, false, by[K, V]{reader, spare.Further}, lane)
	}
	return f.begin(f.key, false, reader, max(lane, api.Follow))
}

// by is a reader with another Refresh.
type by[K comparable, V any] struct {
	Reader[K, V]
	refresh func(context.Context, K, api.Lane) iter.Seq2[api.Answer[V], error]
}

func (b by[K, V]) Refresh(ctx context.Context, k K, lane api.Lane) iter.Seq2[api.Answer[V], error] {
	return b.refresh(ctx, k, lane)
}
