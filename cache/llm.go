package cache

import (
	"context"
	"iter"
	"slices"
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
	return r.cached(ctx, q)
}

func (r *LLMReader) cached(ctx context.Context, q api.LLMQuery) (api.Answer[[]api.LLMCall], error) {
	now := r.s.o.Now()
	return r.listing(q, now).cached(ctx, r.s, now)
}

// Refresh asks the platform for the parts of the window that are not settled
// and gives the growing answer for the whole window after every page.
func (r *LLMReader) Refresh(ctx context.Context, q api.LLMQuery, lane api.Lane) iter.Seq2[api.Answer[[]api.LLMCall], error] {
	if r.mode == Offline {
		return onlyCached(func() (api.Answer[[]api.LLMCall], error) { return r.cached(ctx, q) })
	}
	return r.flights.share(ctx, q, func(yield func(api.Answer[[]api.LLMCall], error) bool) {
		refreshList(ctx, r.s, r.listing(q, r.s.o.Now()), r.mode, lane, yield)
	})
}

func (r *LLMReader) listing(q api.LLMQuery, now time.Time) *listing[api.LLMCall] {
	if q.Window.Zero() {
		q.Window = api.Last(longestDefault, now)
	}
	q.Bot = r.s.o.Home.Of(q.Bot)
	kept := q
	kept.Bot = r.s.o.Home.Asked(q.Bot)
	return &listing[api.LLMCall]{
		what: "model calls", ask: callsQuestion(q), window: q.Window, limit: q.Limit, passed: true,
		read: func(ctx context.Context, part api.Window, lane api.Lane) iter.Seq2[api.Page[api.LLMCall], error] {
			asked := q
			asked.Window = part
			return r.src.LLMCalls(ctx, asked, lane)
		},
		list: func(c *conn) ([]api.LLMCall, error) {
			return listCalls(c, kept, r.s.notBefore(now))
		},
		put: func(c *conn, rows []api.LLMCall, part api.Window, at time.Time) error {
			return putCalls(c, rows, part, q.Developer, at)
		},
		blend:   withoutPayloads,
		key:     func(l api.LLMCall) identity { return identity(l.Key()) },
		at:      func(l api.LLMCall) time.Time { return l.Start },
		order:   api.NewerCall,
		holds:   func(l api.LLMCall) bool { return l.Start.IsZero() || q.Window.Holds(l.Start) },
		arrange: api.ArrangeCalls,
		owner:   func(l api.LLMCall) api.UserID { return l.User },
	}
}

// callsQuestion is what the spans that were read answer: calls that fit some
// filters are a question of their own, and so are those with developers' calls.
func callsQuestion(q api.LLMQuery) question {
	q.Window, q.Limit = api.Window{}, 0
	return question{calls: true, some: q}
}

// withoutPayloads is a page as lists have it.
func withoutPayloads(_, page []api.LLMCall) []api.LLMCall {
	rows := slices.Clone(page)
	for i := range rows {
		rows[i].Raw, rows[i].Request, rows[i].Response = nil, nil, nil
	}
	return rows
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
