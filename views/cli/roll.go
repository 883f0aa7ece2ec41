package cli

import (
	"context"
	"iter"
	"time"

	"korescope/api"
	"korescope/views/output"
)

// roll prints the rows of a growing answer, newest first, each exactly once, and
// as soon as no row is expected above it any more: it lies in the part that is read
// without a hole, or above the oldest row of a part whose rows come newest first,
// and it is none of those that the reading looks at again before it ends.
type roll[T any] struct {
	print func(context.Context, ...T) error
	id    func(T) string
	at    func(T) time.Time
	keep  func(T) bool // nil for all
	limit int          // 0 for all

	loose map[string]bool // rows known from before that may be read again
	given map[string]bool
	next  int // rows in front of it are printed or left out
	out   int
}

// read prints the whole answer. It returns the last step of it; the error of the
// reading is kept apart from that of printing.
func (r *roll[T]) read(ctx context.Context, all iter.Seq2[api.Answer[[]T], error], told func(api.Answer[[]T])) (a api.Answer[[]T], failed, err error) {
	r.given = map[string]bool{}
	for a, failed = range all {
		told(a)
		if failed != nil || a.Done {
			break
		}
		if err = r.settled(ctx, a); err != nil {
			return a, failed, err
		}
		if r.full() {
			// What was asked for is here: the rest is not missing.
			a.Partial, a.Gaps, a.Note = false, nil, ""
			return a, nil, nil
		}
	}
	if api.KindOf(failed) == api.Cancelled {
		return a, failed, nil
	}
	return a, failed, r.give(ctx, a.Value)
}

// above prints rows where the line of progress stood.
func above[T any](t *talk, w *output.Writer[T]) func(context.Context, ...T) error {
	return func(ctx context.Context, rows ...T) error {
		if len(rows) == 0 {
			return nil
		}
		t.wipeNow()
		return w.Write(ctx, rows...)
	}
}

func (r *roll[T]) full() bool { return r.limit > 0 && r.out >= r.limit }

// settled prints rows from the front that stay as they are.
func (r *roll[T]) settled(ctx context.Context, a api.Answer[[]T]) error {
	from := r.next
	for r.next < len(a.Value) && !r.loose[r.id(a.Value[r.next])] && passed(a, r.at(a.Value[r.next])) {
		r.next++
	}
	return r.give(ctx, a.Value[from:r.next])
}

// passed reports that no row of that time or a later one is expected.
func passed[T any](a api.Answer[[]T], at time.Time) bool {
	switch {
	case a.Down.Holds(at):
		return true
	case !a.Covered.Holds(at):
		return false
	}
	return a.Down.Zero() || !a.Covered.To.Before(a.Down.From)
}

func (r *roll[T]) give(ctx context.Context, rows []T) error {
	batch := make([]T, 0, min(len(rows), 256))
	for _, row := range rows {
		if r.full() {
			break
		}
		if r.given[r.id(row)] {
			continue
		}
		r.given[r.id(row)] = true
		if r.keep != nil && !r.keep(row) {
			continue
		}
		r.out++
		if batch = append(batch, row); len(batch) == cap(batch) {
			if err := r.print(ctx, batch...); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	return r.print(ctx, batch...)
}
