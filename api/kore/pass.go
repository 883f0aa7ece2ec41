package kore

import (
	"context"
	"errors"
	"slices"
	"time"

	"korescope/api"
)

// pass reads the pages of one slice.
type pass[T any] struct {
	s      *sweep[T]
	w      api.Window
	skip   int
	lap    int // rows of the next page that should be known already
	back   int // how far to step back when the seam is not found
	idle   int // full pages in a row that brought nothing new
	same   int // those of them that equal the page before
	before []string
	lost   int // step-backs in a row
	voids  int // empty pages that claimed more, since the last new row
	seen   map[string]struct{}
	oldest time.Time
	rising bool // the platform sends oldest first
	uneven bool // a row came that is newer than one before it
	held   []T  // with a limit and rising order nothing can be given before the end
	total  api.Maybe[int]

	announced api.Maybe[int] // the least that any page with rows said there are
	tail      []string       // the last rows of the page before
	moved     bool           // rows came or went while the pages were read
	torn      bool           // the seam was given up
	blank     int            // rows of which nothing can be used
	crowded   bool           // a moment has more rows than a page holds
}

// Full pages without a new row come from rows that were added meanwhile, or
// from a platform that does not turn the page. The same page again is taken
// for the latter sooner.
const (
	sameMax = 2
	idleMax = 20
	// lostMax is how often one seam may be looked for. Rows whose content changes
	// from page to page never match: looking on would spend the shared budget for
	// nothing, so they are taken as they come.
	// The slice counts as not read then.
	lostMax = 24
)

// pageMax bounds a paging that never ends, far above any honest one.
func (p *pass[T]) pageMax() int { return 200 + 1_000_000/max(1, p.s.l.learns.least-p.s.l.seam) }

func (p *pass[T]) all(ctx context.Context) (goOn bool, err error) {
	if p.s.l.byTime != nil && p.s.l.byTime.Load() {
		return p.inTime(ctx, nil)
	}
	for range p.pageMax() {
		want := p.want()
		c, err := p.s.l.fetch(ctx, p.w.Widen(sliceOverlap, 0), p.skip, want)
		if err != nil && p.s.l.learns.shrink(want, err) {
			continue
		}
		if err != nil {
			return false, err
		}
		p.s.read = true
		p.s.l.learns.came(want, len(c.rows), c.more.Value)
		if c.total.Known {
			p.total = c.total
		}
		if p.void(c) {
			return false, unreadable(p.s.l.endpoint, "the platform says that more follows, and sends nothing")
		}
		if p.parted(c) {
			continue
		}
		fresh := p.note(c)
		last, err := p.ends(c, len(fresh), want)
		if errors.Is(err, errStuck) {
			p.s.l.byTime.Store(true)
			return p.inTime(ctx, c.rows)
		}
		if err != nil {
			return false, err
		}
		if !p.give(c, fresh, last) {
			return false, nil
		}
		if last {
			return true, p.short(c)
		}
		p.lap = p.overlap(c.rows)
		p.tail = p.ids(c.rows[len(c.rows)-p.lap:])
		p.skip += len(c.rows) - p.lap
	}
	return false, unreadable(p.s.l.endpoint, "the paging does not end")
}

// parted reports a page that does not join what is known, and steps back to
// look for the seam. Rows whose content changes from page to page never match:
// at some time they are taken as they come, and the slice is not read.
func (p *pass[T]) parted(c chunk[T]) bool {
	if p.skip == 0 || p.lap == 0 || p.torn || p.joins(c.rows) {
		p.moved = p.moved || p.skip > 0 && len(c.rows) >= p.lap && !slices.Equal(p.tail, p.ids(c.rows[:p.lap]))
		p.back = max(1, p.s.l.learns.rows()/2)
		if p.skip > 0 { // at the very beginning nothing was found
			p.lost = 0
		}
		return false
	}
	if p.lost++; p.lost > lostMax {
		p.torn = true
		return false
	}
	p.moved = true
	p.skip = max(0, p.skip-p.back)
	p.back *= 2
	p.before = nil // after a step back the same page is to be expected
	return true
}

// short compares what came with what was announced; the error is of kind
// Incomplete.
func (p *pass[T]) short(last chunk[T]) error {
	count := api.Count{Came: len(p.seen), Torn: p.torn, More: last.more.Value && len(p.seen) == 0}
	switch {
	case last.total.Known && (p.moved || len(last.rows) > 0):
		// Totals and rows of a list that moves are of different moments, but for
		// those of one page: the last one tells whether the end was reached then.
		count.Came, count.Announced = p.skip+len(last.rows), last.total
	case !p.moved || count.Came < p.announced.Value/2:
		count.Announced = p.announced
	}
	if p.blank == len(p.seen) {
		count.Lost = p.blank // of a page of which nothing can be used nothing is known
	}
	return count.Short(p.s.l.endpoint)
}

// want is the size of the next page: no more than a small limit needs.
func (p *pass[T]) want() int {
	l := p.s.l
	size := l.learns.rows()
	if l.limit <= 0 || p.rising {
		return size
	}
	need := l.limit - p.s.given
	if p.skip > 0 {
		need += max(l.seam, p.lap)
	}
	return min(size, max(1, need))
}

// joins reports a row that this slice has shown before.
func (p *pass[T]) joins(rows []T) bool {
	for _, r := range rows {
		if _, ok := p.seen[p.s.l.id(r)]; ok {
			return true
		}
	}
	return false
}

// note remembers the rows of a page and gives those that are new to the slice.
func (p *pass[T]) note(c chunk[T]) []T {
	l, rows := p.s.l, c.rows
	if p.skip == 0 && len(p.seen) == 0 && len(rows) > 1 {
		first, last := l.start(rows[0]), l.start(rows[len(rows)-1])
		p.rising = !first.IsZero() && first.Before(last)
	}
	var fresh []T
	for _, r := range rows {
		id := l.id(r)
		if _, ok := p.seen[id]; ok {
			continue
		}
		p.seen[id] = struct{}{}
		fresh = append(fresh, r)
		if l.lost != nil && l.lost(r) {
			p.blank++
		}
		switch at := l.start(r); {
		case at.IsZero():
		case p.oldest.IsZero() || at.Before(p.oldest):
			p.oldest = at
		case at.After(p.oldest):
			p.uneven = true
		}
	}
	p.announce(c)
	return fresh
}

// announce takes in the total of a page. Totals grow and shrink with the list
// while it is read, and some are too small from the start, so the least one
// that is not already passed counts; one on a page without rows, when no other
// is known.
func (p *pass[T]) announce(c chunk[T]) {
	n := c.total.Value
	switch {
	case !c.total.Known || n < len(p.seen):
	case !p.announced.Known, len(c.rows) > 0 && n < p.announced.Value:
		p.announced = c.total
	}
}

// ends reports the last page: the platform says so, or has nothing left.
func (p *pass[T]) ends(c chunk[T], fresh, want int) (bool, error) {
	more := c.more.Value
	if !c.more.Known {
		more = len(c.rows) >= want || c.total.Known && len(p.seen) < c.total.Value
	}
	if !more || len(c.rows) == 0 {
		return true, nil
	}
	same := p.turned(c.rows)
	if fresh > 0 {
		p.idle, p.same, p.voids = 0, 0, 0
		return false, nil
	}
	if len(c.rows) < want {
		return true, nil // nothing behind what is known, whatever is claimed
	}
	if p.s.l.byTime != nil {
		return false, errStuck
	}
	if p.idle++; same {
		p.same++
	}
	if p.idle >= idleMax || p.same >= sameMax {
		return false, unreadable(p.s.l.endpoint, "the platform sends the same rows for every page")
	}
	return false, nil
}

func (p *pass[T]) give(c chunk[T], fresh []T, last bool) bool {
	s := p.s
	if p.rising && s.l.limit > 0 {
		if p.held = append(p.held, fresh...); !last {
			return true
		}
		fresh = p.held
	}
	to := p.w.To
	if !s.run.Zero() {
		to = s.run.To
	}
	page := api.Page[T]{More: !last || s.older > 0, Done: s.run, Left: p.left(len(c.rows), last), Down: p.down(to)}
	if s.alone {
		page.Total = p.total
	}
	switch {
	case last && p.crowded:
		s.run = api.Window{}
		page.Done = s.run
	case last && p.short(c) == nil:
		s.run = api.Between(p.w.From, to)
		page.Done = s.run
	}
	return s.give(fresh, page, last, to)
}

// left is about how many requests follow a page of so many rows. Slices that
// nobody has looked at are taken to be like this one.
func (p *pass[T]) left(rows int, last bool) api.Maybe[int] {
	l := p.s.l
	step, all := max(1, l.learns.rows()-l.seam), max(p.total.Value, len(p.seen))
	here := 0
	switch {
	case last:
	case !p.total.Known:
		return api.Maybe[int]{}
	default:
		step = max(1, rows-l.seam)
		here = max(1, (p.total.Value-len(p.seen)+step-1)/step)
	}
	return api.Known(here + p.s.older*max(1, (all+step-1)/step))
}

// down is what is read completely when nothing more is asked for: as far back as
// the oldest row, where all came newest first.
func (p *pass[T]) down(to time.Time) api.Window {
	if p.uneven || p.rising || p.torn || p.oldest.IsZero() || !p.oldest.Add(time.Millisecond).Before(to) {
		return api.Window{}
	}
	return api.Between(p.oldest.Add(time.Millisecond), to)
}

// rest is what of the slice was not read, as far as the order tells.
func (p *pass[T]) rest() api.Window {
	if p.oldest.IsZero() || p.rising || !p.oldest.Before(p.w.To) {
		return p.w
	}
	return api.Between(p.w.From, p.oldest.Add(time.Millisecond))
}

// turned reports a page that equals the one before it, and remembers it.
func (p *pass[T]) turned(rows []T) (same bool) {
	ids := p.ids(rows)
	same = slices.Equal(ids, p.before)
	p.before = ids
	return same
}

func (p *pass[T]) ids(rows []T) []string {
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = p.s.l.id(r)
	}
	return ids
}

// void reports the second empty page that claims more. One may be a slip, and
// stepping back finds out.
func (p *pass[T]) void(c chunk[T]) bool {
	if p.skip > 0 && len(c.rows) == 0 && c.more.Value {
		p.voids++
	}
	return p.voids > 1
}
