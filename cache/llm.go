package cache

import (
	"context"
	"iter"
	"time"

	"korescope/api"
)

// LLMReader reads lists of model calls through the cache, without payloads.
type LLMReader struct {
	s       *Store
	src     api.LLMSource
	mode    Mode
	flights flights[api.LLMQuery, []api.LLMCall]
}

// LLM makes a reader. src may be nil in mode Offline.
func LLM(s *Store, src api.LLMSource, m Mode) *LLMReader {
	return &LLMReader{s: s, src: src, mode: m}
}

// Cached answers from disk: rows newest first, without Request, Response and
// Raw. The error is an *api.Error of kind NotCached when nothing about the
// window is known.
func (r *LLMReader) Cached(ctx context.Context, q api.LLMQuery) (api.Answer[[]api.LLMCall], error) {
	if r.mode == Fresh {
		return api.Answer[[]api.LLMCall]{}, notCached()
	}
	now := r.s.o.Now()
	q = windowedCalls(q, now)
	var a api.Answer[[]api.LLMCall]
	err := r.s.read(ctx, "read model calls from the cache", func(c *conn) error {
		a = api.Answer[[]api.LLMCall]{Origin: api.FromDisk, Done: true}
		rows, err := listCalls(c, q, r.s.notBefore(now))
		if err != nil {
			return err
		}
		p := &progress{ask: question{calls: true}, window: q.Window}
		if p.known, err = knownSpans(c, p.ask, now, r.s.o.Retention); err != nil {
			return err
		}
		fill(p, &a, callsDownTo(rows, q.Limit), time.Time{}, now)
		if a.Covered.Zero() && len(rows) == 0 {
			return notCached()
		}
		a.Value = rows
		return nil
	})
	return a, err
}

func windowedCalls(q api.LLMQuery, now time.Time) api.LLMQuery {
	if q.Window.Zero() {
		q.Window = api.Last(longestDefault, now)
	}
	return q
}

func callsDownTo(rows []api.LLMCall, limit int) time.Time {
	if limit <= 0 || len(rows) < limit {
		return time.Time{}
	}
	return rows[limit-1].Start
}

// Refresh asks the platform for the parts of the window that are not settled
// and gives the growing answer for the whole window after every page.
func (r *LLMReader) Refresh(ctx context.Context, q api.LLMQuery, lane api.Lane) iter.Seq2[api.Answer[[]api.LLMCall], error] {
	if r.mode == Offline {
		return onlyCached(func() (api.Answer[[]api.LLMCall], error) { return r.Cached(ctx, q) })
	}
	return r.flights.share(ctx, q, func(yield func(api.Answer[[]api.LLMCall], error) bool) {
		q := windowedCalls(q, r.s.o.Now())
		w := &callRead{
			progress: progress{ask: question{calls: true}, window: q.Window},
			r:        r, q: q, yield: yield,
		}
		err := w.run(ctx, lane)
		if !w.left {
			w.give(true, err)
		}
	})
}

// callRead is one run of LLMReader.Refresh.
type callRead struct {
	progress
	r     *LLMReader
	q     api.LLMQuery
	yield func(api.Answer[[]api.LLMCall], error) bool
	left  bool

	rows []api.LLMCall
}

func (w *callRead) run(ctx context.Context, lane api.Lane) error {
	if err := w.load(ctx); err != nil {
		return err
	}
	parts := w.missing()
	for _, part := range parts {
		if last := callsDownTo(w.rows, w.q.Limit); !last.IsZero() && !last.Before(part.To) {
			break
		}
		if err := w.askPart(ctx, part, len(parts) == 1, lane); err != nil || w.left {
			return err
		}
	}
	return nil
}

func (w *callRead) load(ctx context.Context) error {
	if w.r.mode == Fresh {
		return nil
	}
	now := w.r.s.o.Now()
	err := w.r.s.read(ctx, "read model calls from the cache", func(c *conn) error {
		var err error
		if w.rows, err = listCalls(c, w.q, w.r.s.notBefore(now)); err != nil {
			return err
		}
		w.known, err = knownSpans(c, w.ask, now, w.r.s.o.Retention)
		return err
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	w.unkept(err)
	return nil
}

func (w *callRead) askPart(ctx context.Context, part api.Window, whole bool, lane api.Lane) error {
	q := w.q
	q.Window = part
	gaps, more, n := len(w.gaps), false, 0
	var oldest time.Time
	for page, err := range w.r.src.LLMCalls(ctx, q, lane) {
		if err != nil {
			return err
		}
		more, n = page.More, n+len(page.Items)
		for _, l := range page.Items {
			if oldest.IsZero() || l.Start.Before(oldest) {
				oldest = l.Start
			}
		}
		if whole {
			w.total = page.Total
		}
		w.take(ctx, page, part)
		if !w.give(false, nil) {
			return nil
		}
	}
	w.finish(ctx, w.r.s, "keep model calls", partsRead(part, w.gaps[gaps:], more, q.Limit > 0 && n >= q.Limit, oldest))
	return nil
}

func (w *callRead) take(ctx context.Context, page api.Page[api.LLMCall], part api.Window) {
	now := w.r.s.o.Now()
	read := inside(page.Done, part)
	w.unkept(w.r.s.write(context.WithoutCancel(ctx), "keep model calls", func(c *conn) error {
		if err := putCalls(c, page.Items, part, now); err != nil {
			return err
		}
		return recordSpan(c, w.ask, read, now)
	}))
	if read.Length() > 0 {
		w.done(read, now)
	}
	w.note(page.Note)
	w.gaps = append(w.gaps, page.Gaps...)
	rows := make([]api.LLMCall, len(page.Items))
	for i, l := range page.Items {
		l.Raw, l.Request, l.Response = nil, nil, nil
		rows[i] = l
	}
	w.rows = mergeRows(w.rows, rows, callIdentity, byCall, func(l api.LLMCall) bool {
		return l.Start.IsZero() || w.window.Holds(l.Start)
	})
}

func callIdentity(l api.LLMCall) identity {
	if l.ID != "" {
		return identity{id: string(l.ID)}
	}
	return identity{without: l.Unreadable + l.Start.String() + string(l.User)}
}

func (w *callRead) give(done bool, failed error) bool {
	now := w.r.s.o.Now()
	a := api.Answer[[]api.LLMCall]{Origin: api.FromNetwork}
	fill(&w.progress, &a, callsDownTo(w.rows, w.q.Limit), time.Time{}, now)
	a.Value = w.rows
	if w.q.Limit > 0 && len(w.rows) > w.q.Limit {
		a.Value = w.rows[:w.q.Limit:w.q.Limit]
	}
	a.Done = done
	a.Partial = a.Partial || failed != nil
	a.Fresh = a.Fresh && failed == nil
	w.left = !w.yield(a, failed)
	return !w.left
}

// CallReader reads one model call with its payloads, from disk only: the
// platform cannot be asked for a single call.
type CallReader struct{ s *Store }

// Calls makes a reader.
func Calls(s *Store) *CallReader { return &CallReader{s} }

// Cached gives the call with Request, Response and Raw. The error is an
// *api.Error of kind NotCached when it is not on disk.
func (r *CallReader) Cached(ctx context.Context, id api.CallID) (api.Answer[api.LLMCall], error) {
	now := r.s.o.Now()
	var a api.Answer[api.LLMCall]
	err := r.s.read(ctx, "read a model call from the cache", func(c *conn) error {
		call, fetched, found, err := fullCall(c, id, r.s.notBefore(now))
		if err != nil {
			return err
		}
		if !found {
			return notCached()
		}
		a = api.Answer[api.LLMCall]{Value: call, At: fetched, Origin: api.FromDisk, Fresh: true, Done: true}
		return nil
	})
	return a, err
}

// Refresh gives what Cached gives.
func (r *CallReader) Refresh(ctx context.Context, id api.CallID, _ api.Lane) iter.Seq2[api.Answer[api.LLMCall], error] {
	return onlyCached(func() (api.Answer[api.LLMCall], error) { return r.Cached(ctx, id) })
}
