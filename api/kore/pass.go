package kore

import (
	"context"
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
	lost   int // step-backs so far
	voids  int // empty pages that claimed more, since the last new row
	seen   map[string]struct{}
	oldest time.Time
	rising bool // the platform sends oldest first
	held   []T  // with a limit and rising order nothing can be given before the end
	total  api.Maybe[int]
}

// Full pages without a new row come from rows that were added meanwhile, or
// from a platform that does not turn the page. The same page again is taken
// for the latter sooner.
const (
	sameMax = 2
	idleMax = 20
	// lostMax is how often in one slice the seam may be looked for. Rows whose
	// content changes from page to page never match: looking on would spend the
	// shared budget for nothing, so they are taken as they come.
	lostMax = 24
)

// pageMax bounds a paging that never ends, far above any honest one.
func (p *pass[T]) pageMax() int { return 200 + 1_000_000/max(1, p.s.l.size-p.s.l.seam) }

func (p *pass[T]) all(ctx context.Context) (goOn bool, err error) {
	for range p.pageMax() {
		want := p.want()
		c, err := p.s.l.fetch(ctx, p.w.Widen(sliceOverlap, 0), p.skip, want)
		if err != nil {
			return false, err
		}
		p.s.read = true
		if c.total.Known {
			p.total = c.total
		}
		if p.void(c) {
			return false, unreadable(p.s.l.endpoint, "the platform says that more follows, and sends nothing")
		}
		if p.skip > 0 && p.lap > 0 && p.lost < lostMax && !p.joins(c.rows) {
			p.lost++
			p.skip = max(0, p.skip-p.back)
			p.back *= 2
			p.before = nil // after a step back the same page is to be expected
			continue
		}
		p.back = max(1, p.s.l.size/2)
		fresh := p.note(c.rows)
		last, err := p.ends(c, len(fresh), want)
		if err != nil {
			return false, err
		}
		if !p.give(fresh, last) {
			return false, nil
		}
		if last {
			return true, nil
		}
		p.lap = min(p.s.l.seam, len(c.rows)-1)
		p.skip += len(c.rows) - p.lap
	}
	return false, unreadable(p.s.l.endpoint, "the paging does not end")
}

// want is the size of the next page: no more than a small limit needs.
func (p *pass[T]) want() int {
	l := p.s.l
	if l.limit <= 0 || p.rising {
		return l.size
	}
	need := l.limit - p.s.given
	if p.skip > 0 {
		need += l.seam
	}
	return min(l.size, max(1, need))
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
func (p *pass[T]) note(rows []T) []T {
	l := p.s.l
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
		if at := l.start(r); !at.IsZero() && (p.oldest.IsZero() || at.Before(p.oldest)) {
			p.oldest = at
		}
	}
	return fresh
}

// ends reports the last page: the platform says so, or has nothing left.
func (p *pass[T]) ends(c chunk[T], fresh, want int) (bool, error) {
	more := c.more.Value
	if !c.more.Known {
		more = len(c.rows) >= want
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
	if p.idle++; same {
		p.same++
	}
	if p.idle >= idleMax || p.same >= sameMax {
		return false, unreadable(p.s.l.endpoint, "the platform sends the same rows for every page")
	}
	return false, nil
}

func (p *pass[T]) give(fresh []T, last bool) bool {
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
	page := api.Page[T]{More: !last || s.older, Total: p.total, Done: s.run}
	if last {
		s.run = api.Between(p.w.From, to)
		page.Done = s.run
	}
	return s.give(fresh, page, last, to)
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
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = p.s.l.id(r)
	}
	same = slices.Equal(ids, p.before)
	p.before = ids
	return same
}

// void reports the second empty page that claims more. One may be a slip, and
// stepping back finds out.
func (p *pass[T]) void(c chunk[T]) bool {
	if p.skip > 0 && len(c.rows) == 0 && c.more.Value {
		p.voids++
	}
	return p.voids > 1
}
