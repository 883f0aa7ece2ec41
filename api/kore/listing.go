package kore

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync/atomic"
	"time"

	"korescope/api"
)

// Rule of this file: a listing is read newest slice first and page by page,
// each page overlapping the one before. A page that holds no row already seen
// in its slice may have skipped some, because rows were removed in front of
// it: then the reader steps back until the seam is found. Thus no row that
// exists all the while is missed, and none is given twice.

// chunk is one page as the platform sent it.
type chunk[T any] struct {
	rows  []T
	more  api.Maybe[bool] // not known: a full page means more
	total api.Maybe[int]

	invalid []api.SessionID // asked for by id and not known to the platform
	lost    int             // rows left out, because nothing of them can be used
}

// size is how many rows the platform sent.
func (c chunk[T]) size() int { return len(c.rows) + c.lost }

// listing is one long question, in terms of rows of type T.
type listing[T any] struct {
	endpoint string
	window   api.Window
	longest  time.Duration // of one slice
	size     int           // rows a request
	learns   *pageSize     // how size changes; nil: never
	seam     int           // rows of overlap between pages
	limit    int           // rows wanted, 0 for all
	fetch    func(ctx context.Context, w api.Window, skip, limit int) (chunk[T], error)
	id       func(T) string
	start    func(T) time.Time
	keep     func(T) bool
	order    func(a, b T) int
	lost     func(T) bool // nothing of the row can be used; nil: no such row
	byTime   *atomic.Bool // skip is known to bring nothing new; nil: the list cannot be read by time
}

// further gives the lane of each request of a list: the first page is what a
// person waits for, the rest leaves room for keys.
func further(lane api.Lane) func() api.Lane {
	return func() api.Lane {
		now := lane
		lane = max(lane, api.Follow)
		return now
	}
}

// sliceOverlap makes up for bounds that nobody says are inclusive or not.
const sliceOverlap = time.Second

func (l *listing[T]) pages(ctx context.Context) iter.Seq2[api.Page[T], error] {
	return func(yield func(api.Page[T], error) bool) {
		if l.window.From.IsZero() || l.window.To.IsZero() || l.window.Length() <= 0 {
			yield(api.Page[T]{}, misuse("a window with a beginning and a later end is needed"))
			return
		}
		if l.learns == nil {
			l.learns = newPageSize(l.size, l.size)
		}
		l.seam = min(l.seam, l.learns.rows()/2)
		parts := l.window.Slices(l.longest, sliceOverlap)
		s := &sweep[T]{l: l, yield: yield, known: map[string]struct{}{}}
		for i, w := range parts {
			s.older, s.alone = len(parts)-1-i, len(parts) == 1
			if !s.slice(ctx, w) {
				return
			}
		}
		s.finish()
	}
}

// sweep is the state of one reading.
type sweep[T any] struct {
	l     *listing[T]
	yield func(api.Page[T], error) bool
	known map[string]struct{} // everything given out
	older int                 // slices that follow
	alone bool                // there is one slice: its total is that of the list
	given int
	run   api.Window // read completely and without a hole, up to the present slice
	gaps  []api.Gap  // not told yet
	read  bool       // at least one request was answered
	first error
}

// slice reads one slice and reports whether to go on with the next.
func (s *sweep[T]) slice(ctx context.Context, w api.Window) bool {
	p := &pass[T]{s: s, w: w, back: max(1, s.l.learns.rows()/2), seen: map[string]struct{}{}}
	goOn, err := p.all(ctx)
	switch {
	case err == nil:
		return goOn
	case !spares(err):
		s.yield(api.Page[T]{Gaps: s.untold()}, err)
		return false
	}
	if s.first == nil {
		s.first = err
	}
	gap := api.Gap{Window: p.rest(), Why: err}
	if api.KindOf(err) == api.Incomplete {
		gap.Window = p.w // nobody knows where the missing rows stand
	}
	s.gaps = append(s.gaps, gap)
	s.run = api.Window{}
	return true
}

// spares reports a failure that concerns one part of a long reading only.
func spares(err error) bool {
	switch api.KindOf(err) {
	case api.Unavailable, api.Unreachable, api.NotPlatform, api.TooLarge, api.Unreadable, api.Incomplete:
		return !errors.Is(err, context.DeadlineExceeded)
	}
	return false
}

func (s *sweep[T]) finish() {
	switch {
	case !s.read && s.first != nil && api.KindOf(s.first) != api.Incomplete:
		s.yield(api.Page[T]{}, s.first)
	case len(s.gaps) > 0:
		s.yield(api.Page[T]{Gaps: s.untold()}, nil)
	}
}

func (s *sweep[T]) untold() []api.Gap {
	g := s.gaps
	s.gaps = nil
	return g
}

// give hands out what is new among rows, newest first and not past the limit.
func (s *sweep[T]) give(rows []T, page api.Page[T], last bool, to time.Time) (goOn bool) {
	for _, r := range rows {
		id := s.l.id(r)
		if _, double := s.known[id]; double || !s.l.holds(r) {
			continue
		}
		s.known[id] = struct{}{}
		page.Items = append(page.Items, r)
	}
	slices.SortStableFunc(page.Items, s.l.order)
	page.Gaps = s.untold()
	full := s.l.limit > 0 && s.given+len(page.Items) >= s.l.limit
	if full {
		cut := s.given + len(page.Items) - s.l.limit
		page.Items = page.Items[:len(page.Items)-cut]
		page.More = page.More || cut > 0
		if !last || cut > 0 {
			page.Done = s.l.down(page.Items, to)
		}
	}
	s.given += len(page.Items)
	return s.yield(page, nil) && !full
}

func (l *listing[T]) holds(r T) bool {
	at := l.start(r)
	return (at.IsZero() || l.window.Holds(at)) && l.keep(r)
}

// down is the span read by a reading that stopped at its limit: to the oldest
// row given, whose equals in time may be missing.
func (l *listing[T]) down(items []T, to time.Time) api.Window {
	var oldest time.Time
	for _, r := range items {
		if at := l.start(r); !at.IsZero() && (oldest.IsZero() || at.Before(oldest)) {
			oldest = at
		}
	}
	if oldest.IsZero() || !oldest.Add(time.Millisecond).Before(to) {
		return api.Window{}
	}
	return api.Between(oldest.Add(time.Millisecond), to)
}
