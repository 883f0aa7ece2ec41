package kore

import (
	"context"
	"iter"
	"sync/atomic"

	"korescope/api"
)

// Rule of this file: the pages disagree about whether an offset counts rows or
// pages (reference 2.3), so it is found out with the first list that is longer
// than one page, and kept. Rows are given once, whatever it means.

// What an offset counts.
const (
	unitUnknown int32 = iota
	unitRows
	unitPages
)

// turnMax bounds a list whose pages do not end.
const turnMax = 400

const noteStuck = "the platform sends no further pages; rows may be missing"

// turning is one list with an offset.
type turning[T any] struct {
	endpoint string
	window   api.Window    // zero for a list without one
	size     int           // rows a request
	limit    int           // rows wanted, 0 for all
	unit     *atomic.Int32 // what is known about the platform
	fetch    func(ctx context.Context, offset int) (chunk[T], error)
	id       func(T) string
	keep     func(T) bool
}

func (t *turning[T]) pages(ctx context.Context) iter.Seq2[api.Page[T], error] {
	return func(yield func(api.Page[T], error) bool) {
		r := &turn[T]{turning: t, yield: yield, known: map[string]struct{}{}}
		if err := r.all(ctx); err != nil {
			yield(api.Page[T]{}, err)
		}
	}
}

// turn is the state of one reading.
type turn[T any] struct {
	*turning[T]
	yield func(api.Page[T], error) bool
	known map[string]struct{}
	given int
	total api.Maybe[int]
	lost  int
}

func (r *turn[T]) all(ctx context.Context) error {
	c, err := r.fetch(ctx, 0)
	if err != nil || !r.give(c, false) {
		return err
	}
	read := c.size()
	if c, err = r.second(ctx, c); err != nil {
		return err
	}
	for page := 2; r.give(c, page == turnMax); page++ {
		read += c.size()
		offset := page
		if r.unit.Load() == unitRows {
			offset = read
		}
		if c, err = r.fetch(ctx, offset); err != nil {
			return err
		}
	}
	return nil
}

// second reads what follows the first page. An offset of one tells what it
// counts: one row further is nearly the first page again, one page further is
// new or empty.
func (r *turn[T]) second(ctx context.Context, first chunk[T]) (chunk[T], error) {
	n := first.size()
	switch r.unit.Load() {
	case unitRows:
		return r.fetch(ctx, n)
	case unitPages:
		return r.fetch(ctx, 1)
	}
	byRow, err := r.fetch(ctx, n)
	if err != nil {
		return byRow, err
	}
	byPage, err := r.fetch(ctx, 1)
	if err != nil {
		return byPage, err
	}
	old := 0
	for _, row := range byPage.rows {
		if _, ok := r.known[r.id(row)]; ok {
			old++
		}
	}
	if 2*old > len(byPage.rows) || len(byPage.rows) == 0 && len(byRow.rows) > 0 {
		r.unit.Store(unitRows)
		return byRow, nil
	}
	r.unit.Store(unitPages)
	return byPage, nil
}

// give hands out the new rows of a page and reports whether to read on.
func (r *turn[T]) give(c chunk[T], last bool) bool {
	more := c.size() >= r.size
	if c.more.Known {
		more = c.more.Value && c.size() > 0
	}
	if c.total.Known {
		r.total = c.total
	}
	r.lost += c.lost
	page := api.Page[T]{Total: r.total}
	fresh := 0
	for _, row := range c.rows {
		id := r.id(row)
		if _, double := r.known[id]; double {
			continue
		}
		r.known[id] = struct{}{}
		fresh++
		if r.keep(row) {
			page.Items = append(page.Items, row)
		}
	}
	if more && (fresh == 0 || last) {
		more, page.Note = false, noteStuck
	}
	page.More = more
	if full := r.given + len(page.Items) - r.limit; r.limit > 0 && full >= 0 {
		page.Items = page.Items[:len(page.Items)-full]
		page.More = more || full > 0
		more = false
	}
	r.given += len(page.Items)
	if !page.More {
		page.Gaps = r.short(c)
	}
	return r.yield(page, nil) && more
}

// short compares what came with what was announced, once no more comes.
func (r *turn[T]) short(last chunk[T]) []api.Gap {
	count := api.Count{
		Came: len(r.known) + r.lost, Announced: r.total, Lost: r.lost,
		More: last.more.Value && last.size() == 0,
	}
	if err := count.Short(r.endpoint); err != nil {
		return []api.Gap{{Window: r.window, Why: err}}
	}
	return nil
}
