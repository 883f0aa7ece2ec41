package cache

import (
	"context"
	"slices"
	"strings"
	"time"

	"korescope/api"
)

// sessionRead is one run of SessionReader.Refresh.
type sessionRead struct {
	progress
	r     *SessionReader
	mode  Mode
	q     api.SessionQuery
	began time.Time
	yield func(api.Answer[[]api.Session], error) bool
	left  bool // the asker wants no more
	thrift

	rows  []api.Session               // the merged answer so far
	open  map[api.SessionID]time.Time // when those still open were read
	heard map[api.SessionID]spoken    // what messages that are here say
}

func newSessionRead(r *SessionReader, q api.SessionQuery, m Mode, yield func(api.Answer[[]api.Session], error) bool) *sessionRead {
	began := r.s.o.Now()
	q = windowed(q, began)
	return &sessionRead{
		progress: progress{ask: questionOf(q), window: q.Window},
		r:        r, mode: m, q: q, began: began, yield: yield,
		open: map[api.SessionID]time.Time{},
	}
}

func (w *sessionRead) run(ctx context.Context, lane api.Lane) {
	var err error
	if w.q.IDs != "" {
		w.unkept(w.r.s.read(ctx, "read messages from the cache", func(c *conn) (err error) {
			w.heard, err = spokenOf(c)
			return err
		}))
		err = w.askIDs(ctx, w.takeShared(ctx, w.q.IDs.All()), lane, false)
	} else {
		err = w.askWindow(ctx, lane)
	}
	if !w.left {
		w.give(true, err)
	}
}

// askWindow reads the missing parts, newest first, then the open sessions.
func (w *sessionRead) askWindow(ctx context.Context, lane api.Lane) error {
	if err := w.load(ctx); err != nil {
		return err
	}
	if w.opening {
		if w.giveLoaded(); w.left {
			return nil
		}
	}
	parts := w.begin(w.missing(), w.window)
	for i, part := range parts {
		if last := filledDownTo(w.rows, w.q.Limit); !last.IsZero() && !last.Before(part.To) {
			break
		}
		w.later = parts[i+1:]
		if err := w.askPart(ctx, part, len(parts) == 1, lane); err != nil || w.left || w.rest.More {
			return err
		}
	}
	return w.askIDs(ctx, w.toCheck(), max(lane, api.Follow), true)
}

// load reads what is known. A cache that cannot be read is no reason not to
// ask the platform.
func (w *sessionRead) load(ctx context.Context) error {
	if w.mode == Fresh {
		return nil
	}
	err := w.r.s.read(ctx, "read sessions from the cache", func(c *conn) error {
		var err error
		if w.rows, err = listSessions(c, w.q, w.r.s.own(), w.r.s.notBefore(w.began)); err != nil {
			return err
		}
		if w.heard, err = spokenOf(c); err != nil {
			return err
		}
		open, err := openSessions(c, w.r.s.own(), w.window)
		if err != nil {
			return err
		}
		mine := w.mine()
		for _, o := range open {
			if mine(o.id) {
				w.open[o.id] = o.fetched
			}
		}
		if w.mode == Whole {
			return nil
		}
		w.known, err = knownSpans(c, w.ask, w.began, w.r.s.o.Retention)
		return err
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	w.unkept(err)
	return nil
}

// mine tells which open sessions of the window this question is about. One that
// names a user must not look at anybody else's: their rows would stand in the
// answer under the wrong name.
func (w *sessionRead) mine() func(api.SessionID) bool {
	if w.q.User == "" && w.q.CallID == "" {
		return func(api.SessionID) bool { return true }
	}
	listed := make(map[api.SessionID]bool, len(w.rows))
	for _, s := range w.rows {
		listed[s.ID] = true
	}
	return func(id api.SessionID) bool { return listed[id] }
}

func (w *sessionRead) askPart(ctx context.Context, part api.Window, whole bool, lane api.Lane) error {
	q := w.q
	q.Window = part
	gaps, more, n := len(w.gaps), false, 0
	var oldest time.Time
	var down api.Window
	for page, err := range w.throughCommons(ctx, q, lane) {
		if err != nil {
			return err
		}
		w.count(len(page.Items), page.More)
		more, n = page.More, n+len(page.Items)
		for _, s := range page.Items {
			if at := standing(s); oldest.IsZero() || at.Before(oldest) {
				oldest = at
			}
		}
		if whole {
			w.total = page.Total
		}
		w.take(ctx, page, part)
		w.goingDown(page.Down, part)
		if n := len(w.rows); n > 0 {
			w.density(n, standing(w.rows[n-1]), w.window.To)
		}
		if down = page.Down; w.enough(page.More, page.Left) {
			break
		}
		if !w.give(false, nil) {
			return nil
		}
	}
	w.down = api.Window{}
	if w.rest.More && more {
		w.finish(ctx, w.r.s, "keep sessions", nonZero(inside(down, part)), w.gaps[gaps:]...)
		return nil
	}
	w.finish(ctx, w.r.s, "keep sessions", partsRead(part, w.gaps[gaps:], more, q.Limit > 0 && n >= q.Limit, oldest), w.gaps[gaps:]...)
	return nil
}

// take writes a page and merges it. What was paid for is kept even when the
// asker just left, so the write does not stop with its context.
func (w *sessionRead) take(ctx context.Context, page api.Page[api.Session], part api.Window) {
	now := w.r.s.o.Now()
	read := inside(page.Done, part)
	w.unkept(w.r.s.write(context.WithoutCancel(ctx), "keep sessions", func(c *conn) error {
		if err := putSessions(c, page.Items, part, now); err != nil {
			return err
		}
		if w.ask.listed() {
			if err := putMembers(c, w.ask, page.Items); err != nil {
				return err
			}
		}
		return recordSpan(c, w.ask, read, now)
	}))
	if read.Length() > 0 {
		w.done(read, now)
	}
	w.merge(page, now)
}

// merge puts a page into the answer.
func (w *sessionRead) merge(page api.Page[api.Session], now time.Time) {
	w.note(page.Note)
	w.gaps = append(w.gaps, page.Gaps...)
	w.unknown = append(w.unknown, page.Unknown...)
	rows := make([]api.Session, len(page.Items))
	for i, s := range page.Items {
		s.Raw = nil
		rows[i] = s
		if delete(w.open, s.ID); !sessionSettled(s, now) {
			w.open[s.ID] = now
		}
	}
	tell(rows, w.heard)
	w.rows = mergeRows(w.rows, rows, api.Session.Key, bySession, w.wanted)
}

// identity tells rows apart, also unreadable ones without an id.
type identity string

// wanted re-applies the filters that rows can answer: the platform's bounds
// are not exact, and an open session may have changed its type.
func (w *sessionRead) wanted(s api.Session) bool {
	if w.q.IDs != "" {
		return true
	}
	if !s.Start.IsZero() && !w.window.Holds(s.Start) {
		return false
	}
	return w.ask.typed == api.Undetermined || s.Containment == w.ask.typed
}

// toCheck lists the open sessions that were not read just now, the longest
// unread first, as many as one refresh may ask for.
func (w *sessionRead) toCheck() []api.SessionID {
	var ids []api.SessionID
	for id, at := range w.open {
		if at.Before(w.began) && id != "" {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b api.SessionID) int {
		if c := w.open[a].Compare(w.open[b]); c != 0 {
			return c
		}
		return -compareIDs(a, b)
	})
	return ids[:min(len(ids), w.spared(maxChecks)*idsPerAsk)]
}

// compareIDs puts older sessions first: ids begin with their creation time.
func compareIDs(a, b api.SessionID) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// askIDs asks for sessions by id, in fifties. When checking open ones, those
// the platform does not know any more are forgotten.
func (w *sessionRead) askIDs(ctx context.Context, ids []api.SessionID, lane api.Lane, checking bool) error {
	for fifty := range slices.Chunk(ids, idsPerAsk) {
		q := api.SessionQuery{IDs: api.ListIDs(fifty...)}
		for page, err := range w.r.src.Sessions(ctx, q, lane) {
			if err != nil {
				return err
			}
			w.count(0, false)
			w.takeByID(ctx, page, checking)
			if !w.give(false, nil) {
				return nil
			}
		}
	}
	return nil
}

func (w *sessionRead) takeByID(ctx context.Context, page api.Page[api.Session], checking bool) {
	now := w.r.s.o.Now()
	gone := page.Unknown
	w.unkept(w.r.s.write(context.WithoutCancel(ctx), "keep sessions", func(c *conn) error {
		for _, id := range gone {
			if err := dropSession(c, id); err != nil {
				return err
			}
		}
		return putSessions(c, page.Items, api.Window{}, now)
	}))
	if checking {
		page.Unknown = nil
	}
	w.merge(page, now)
	if len(gone) == 0 {
		return
	}
	for _, id := range gone {
		delete(w.open, id)
	}
	w.rows = slices.DeleteFunc(slices.Clone(w.rows), func(s api.Session) bool {
		return slices.Contains(gone, s.ID)
	})
}

// give hands the merged answer to the asker and reports whether more is
// wanted.
func (w *sessionRead) give(done bool, failed error) bool {
	now := w.r.s.o.Now()
	a := api.Answer[[]api.Session]{Origin: api.FromNetwork, At: now}
	if w.q.IDs != "" {
		w.fillByID(&a, now)
	} else {
		fill(&w.progress, &a, filledDownTo(w.rows, w.q.Limit), w.oldestOpen(), now)
	}
	a.Value, a.Rest, a.Asked = w.rows, w.rest, w.asked
	if w.q.Limit > 0 && len(w.rows) > w.q.Limit && w.q.IDs == "" {
		a.Value = w.rows[:w.q.Limit:w.q.Limit]
	}
	if a.Done = done; !done {
		a.Down = w.down
	}
	a.Partial = a.Partial || failed != nil
	a.Fresh = a.Fresh && failed == nil
	if done {
		countLost(&a, api.Session.Lost)
	}
	w.left = !w.yield(a, failed)
	return !w.left
}

func (w *sessionRead) fillByID(a *api.Answer[[]api.Session], now time.Time) {
	asked := w.q.IDs.All()
	a.Unknown = slices.Clone(w.unknown)
	a.Gaps = slices.Clone(w.gaps)
	a.Partial = len(w.rows)+len(w.unknown) < len(asked)
	a.Fresh = !a.Partial && windowFresh(view{}, w.oldestOpen(), now)
	a.Note = strings.Join(w.said, "; ")
}

func (w *sessionRead) oldestOpen() time.Time {
	var oldest time.Time
	for _, at := range w.open {
		if oldest.IsZero() || at.Before(oldest) {
			oldest = at
		}
	}
	return oldest
}
