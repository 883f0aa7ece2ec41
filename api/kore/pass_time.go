package kore

import (
	"context"
	"errors"
	"time"

	"korescope/api"
)

// Rule of this file: where skip brings nothing new, a list is paged by time
// (reference 31.1). The dates of the question end at the oldest row seen, or
// begin at the newest where the oldest come first. A page that goes neither way,
// or holds one instant only, is asked for again in two halves. A stretch too
// short to halve that fills a page all the same may have more rows than anybody
// can ask for: that is told.

// errStuck is a full page without a new row, of a list that can be read by time.
var errStuck = errors.New("skip brings nothing new")

// instant is how short a stretch is not halved any more: seconds when all rows
// of the page stand at one instant, as many platforms' clocks have no parts of
// them.
const (
	instant      = time.Second
	leastInstant = 2 * time.Millisecond
)

// inTime reads what the slice still has, newest first.
func (p *pass[T]) inTime(ctx context.Context, seen []T) (goOn bool, err error) {
	l := p.s.l
	p.skip, p.lap = 0, 0
	todo := []api.Window{p.w} // the last is next
	if len(seen) > 0 {
		todo = p.narrower(p.w, seen)
	}
	for n := p.pageMax(); len(todo) > 0; n-- {
		if n == 0 {
			return false, unreadable(l.endpoint, "the paging does not end")
		}
		w, want := todo[len(todo)-1], p.want()
		c, err := l.fetch(ctx, p.asked(w), 0, want)
		if err != nil && l.learns.shrink(want, err) {
			continue
		}
		if err != nil {
			return false, err
		}
		p.s.read = true
		fresh := p.note(c)
		todo = todo[:len(todo)-1]
		if c.size() >= want {
			todo = append(todo, p.narrower(w, c.rows)...)
		}
		if !p.give(c, fresh, len(todo) == 0) {
			return false, nil
		}
	}
	return true, nil
}

// asked is what the platform is asked for: bounds may or may not belong to what
// they bound. Only the slice's own beginning reaches back as far as slices do,
// or a short stretch would be full of rows from before it.
func (p *pass[T]) asked(w api.Window) api.Window {
	if w.From.Equal(p.w.From) && w.Length() > 2*sliceOverlap {
		return w.Widen(sliceOverlap, 0)
	}
	return w.Widen(2*time.Millisecond, 0)
}

// narrower is what is left of a stretch whose page is full, in the order in
// which it is read, last first.
func (p *pass[T]) narrower(w api.Window, rows []T) []api.Window {
	oldest, newest, falling, rising := p.runs(rows)
	switch down, up := oldest.Add(sliceOverlap), newest.Truncate(time.Second); {
	case falling && !rising && down.Before(w.To) && down.After(w.From):
		return []api.Window{api.Between(w.From, down)}
	case rising && !falling && up.After(w.From) && up.Before(w.To):
		return []api.Window{api.Between(up, w.To)}
	case w.Length() > instant, w.Length() > leastInstant && !oldest.Equal(newest):
		middle := w.From.Add(w.Length() / 2)
		if w.Length() > 2*instant {
			middle = middle.Truncate(time.Second) // some read no parts of a second
		}
		// Whether bounds count or not: what is asked for overlaps by a millisecond,
		// and a crowd at the middle does not fill the older half too.
		return []api.Window{api.Between(w.From, middle.Add(-time.Millisecond)), api.Between(middle, w.To)}
	}
	p.crowded = true
	p.s.gaps = append(p.s.gaps, api.Gap{Window: w, Why: &api.Error{
		Kind: api.Incomplete, Endpoint: p.s.l.endpoint, Err: errors.New("more rows at one moment than a page holds"),
	}})
	return nil
}

// runs are the times of a page and which way they go; both ways when all rows
// stand at one instant.
func (p *pass[T]) runs(rows []T) (oldest, newest time.Time, falling, rising bool) {
	falling, rising = true, true
	var before time.Time
	for _, r := range rows {
		at := p.s.l.start(r)
		if at.IsZero() {
			continue
		}
		if before.IsZero() {
			oldest, newest = at, at
		} else {
			falling, rising = falling && !at.After(before), rising && !at.Before(before)
		}
		if before = at; at.Before(oldest) {
			oldest = at
		}
		if at.After(newest) {
			newest = at
		}
	}
	return oldest, newest, falling, rising
}

// overlap is how many rows the next page repeats: those of the last instant, so
// that rows that are equal in everything are counted on one page; a quarter of a
// page at most.
func (p *pass[T]) overlap(rows []T) int {
	l := p.s.l
	n := min(l.seam, len(rows)-1)
	if l.byTime == nil || p.torn {
		return n
	}
	last := l.start(rows[len(rows)-1])
	for n < len(rows)/4 && l.start(rows[len(rows)-1-n]).Equal(last) {
		n++
	}
	return n
}
