package cache

import (
	"context"
	"iter"
	"slices"
	"strings"
	"time"

	"korescope/api"
)

// listing is a list of rows that stand in a window, as far as it differs from
// other lists. It holds for one question at one time.
type listing[T any] struct {
	what      string // "debug lines"
	ask       question
	window    api.Window
	limit     int  // the newest so many are wanted
	passed    bool // the limit is told to the platform, which reads no further
	ascending bool
	warning   string // to be said beside every answer

	read  func(ctx context.Context, part api.Window, lane api.Lane) iter.Seq2[api.Page[T], error]
	list  func(c *conn) ([]T, error)
	put   func(c *conn, rows []T, part api.Window, now time.Time) error
	blend func(have, page []T) []T // page with what have knows better; nil for page itself
	key   func(T) identity
	at    func(T) time.Time
	order func(a, b T) int
	holds func(T) bool // belongs to the question
	lost  func(T) bool // nothing of the row can be used; nil: no such row
	// owner is the user whose data a row holds; nil: answers are not shared.
	owner func(T) api.UserID
	// owned reports that whose data the rows hold is known of each, so that an
	// erasure reaches them where they are shared; nil: it is.
	owned func([]T) bool

	// arrange puts a copy of rows into the order they are shown in, where that
	// is more than order can say; nil leaves them.
	arrange func(rows []T)
}

// downTo is where a filled limit ends; zero when there is none or it is not
// filled. The limit takes the newest rows.
func (l *listing[T]) downTo(rows []T) time.Time {
	switch {
	case l.limit <= 0 || len(rows) < l.limit:
		return time.Time{}
	case l.ascending:
		return l.at(rows[len(rows)-l.limit])
	}
	return l.at(rows[l.limit-1])
}

func (l *listing[T]) cut(rows []T) []T {
	switch {
	case l.limit <= 0 || len(rows) <= l.limit:
		return rows
	case l.ascending:
		return rows[len(rows)-l.limit : len(rows) : len(rows)]
	}
	return rows[:l.limit:l.limit]
}

// shown are the rows of an answer.
func (l *listing[T]) shown(rows []T) []T {
	if rows = l.cut(rows); l.arrange != nil {
		rows = slices.Clone(rows)
		l.arrange(rows)
	}
	return rows
}

// cached is the answer from disk; the error is of kind NotCached when nothing
// about the question is known.
func (l *listing[T]) cached(ctx context.Context, s *Store, now time.Time) (api.Answer[[]T], error) {
	var a api.Answer[[]T]
	err := s.read(ctx, "read "+l.what+" from the cache", func(c *conn) error {
		a = api.Answer[[]T]{Origin: api.FromDisk, Done: true}
		rows, err := l.list(c)
		if err != nil {
			return err
		}
		p := &progress{ask: l.ask, window: l.window}
		p.note(l.warning)
		if p.known, err = knownSpans(c, p.ask, now, s.o.Retention); err != nil {
			return err
		}
		fill(p, &a, l.downTo(rows), time.Time{}, now)
		if a.Covered.Zero() && len(rows) == 0 {
			return notCached()
		}
		a.Value = l.shown(rows)
		if l.lost != nil {
			countLost(&a, l.lost)
		}
		return nil
	})
	return a, err
}

// listRead is one refresh of a list: it asks for the parts of the window that
// are not settled and gives the growing answer after every page.
type listRead[T any] struct {
	progress
	s     *Store
	how   *listing[T]
	mode  Mode
	yield func(api.Answer[[]T], error) bool
	left  bool // the asker wants no more

	rows   []T
	filled bool // the platform gave as many rows as were wanted
}

func refreshList[T any](ctx context.Context, s *Store, l *listing[T], m Mode, lane api.Lane, yield func(api.Answer[[]T], error) bool) {
	w := &listRead[T]{progress: progress{ask: l.ask, window: l.window}, s: s, how: l, mode: m, yield: yield}
	w.note(l.warning)
	var err error
	if m != Fresh {
		err = w.load(ctx, m != Whole)
	}
	if err == nil {
		err = w.run(ctx, lane)
	}
	if !w.left {
		w.give(true, err)
	}
}

func (w *listRead[T]) run(ctx context.Context, lane api.Lane) error {
	parts := w.missing()
	for _, part := range parts {
		if last := w.how.downTo(w.rows); !need(w.window, last).From.Before(part.To) {
			break // the limit is filled with newer rows
		}
		if err := w.askPart(ctx, part, len(parts) == 1, lane); err != nil || w.left || w.filled {
			return err
		}
	}
	return nil
}

// load reads the rows that are known and, when spans is set, what is proved.
func (w *listRead[T]) load(ctx context.Context, spans bool) error {
	now := w.s.o.Now()
	err := w.s.read(ctx, "read "+w.how.what+" from the cache", func(c *conn) error {
		var err error
		if w.rows, err = w.how.list(c); err != nil || !spans {
			return err
		}
		w.known, err = knownSpans(c, w.ask, now, w.s.o.Retention)
		return err
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	w.unkept(err)
	return nil
}

func (w *listRead[T]) askPart(ctx context.Context, part api.Window, whole bool, lane api.Lane) error {
	gaps, more, n := len(w.gaps), false, 0
	for page, err := range w.how.throughCommons(ctx, w.s, w.mode, part, lane) {
		if err != nil {
			return err
		}
		more, n = page.More, n+len(page.Items)
		if whole {
			w.total = page.Total
		}
		w.filled = w.how.passed && w.how.limit > 0 && n >= w.how.limit
		w.take(ctx, page, part)
		w.goingDown(page.Down, part)
		if !w.give(false, nil) {
			return nil
		}
	}
	w.down = api.Window{}
	if !w.filled { // else it stopped early, and nobody knows where in time
		w.finish(ctx, w.s, "keep "+w.how.what, partsRead(part, w.gaps[gaps:], more, false, time.Time{}), w.gaps[gaps:]...)
	}
	return nil
}

// take writes a page, also when the asker just left, and merges it.
func (w *listRead[T]) take(ctx context.Context, page api.Page[T], part api.Window) {
	now := w.s.o.Now()
	read := inside(page.Done, part)
	w.unkept(w.s.write(context.WithoutCancel(ctx), "keep "+w.how.what, func(c *conn) error {
		if err := w.how.put(c, page.Items, part, now); err != nil {
			return err
		}
		return recordSpan(c, w.ask, read, now)
	}))
	if read.Length() > 0 {
		w.done(read, now)
	}
	w.note(page.Note)
	w.gaps = append(w.gaps, page.Gaps...)
	items := page.Items
	if w.how.blend != nil {
		items = w.how.blend(w.rows, items)
	}
	w.rows = mergeRows(w.rows, items, w.how.key, w.how.order, w.how.holds)
}

func (w *listRead[T]) give(done bool, failed error) bool {
	a := api.Answer[[]T]{Origin: api.FromNetwork}
	fill(&w.progress, &a, w.how.downTo(w.rows), time.Time{}, w.s.o.Now())
	a.Value = w.how.shown(w.rows)
	if w.filled {
		a.Gaps, a.Note = slices.Clone(w.gaps), strings.Join(w.said, "; ")
		a.Partial = len(a.Gaps) > 0
	}
	if a.Done = done; !done {
		a.Down = w.down
	}
	a.Partial = a.Partial || failed != nil
	a.Fresh = a.Fresh && failed == nil
	if done && w.how.lost != nil {
		countLost(&a, w.how.lost)
	}
	w.left = !w.yield(a, failed)
	return !w.left
}
