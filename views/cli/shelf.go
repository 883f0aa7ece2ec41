package cli

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"

	"korescope/api"
	"korescope/api/casefile"
	"korescope/api/kore"
	"korescope/api/trace"
	"korescope/cache"
	"korescope/views"
	"korescope/views/conversation"
)

// shelf is a case in a memory of its own, with the readers of a desk over it. What
// is kept beyond its time must not stand among what was read: a span of which one
// conversation is known is not a span that is known.
type shelf struct {
	store    *cache.Store
	sessions *cache.SessionReader
	messages *cache.MessageReader
	traced   *trace.CallReader
	lines    *trace.LineReader
	payloads *cache.CallReader
	metrics  *cache.MetricReader
}

// aroundCase is how much around a case counts as read: nothing else is known of
// that time, and nobody can be asked.
const aroundCase = 8 * 24 * time.Hour

// fillStore puts a case into a store.
func fillStore(ctx context.Context, store *cache.Store, c casefile.Case, now time.Time) error {
	src, w := casefile.NewSource(c), c.Window().Widen(aroundCase, aroundCase)
	ids := make([]api.SessionID, len(c.Sessions))
	for i, s := range c.Sessions {
		ids[i] = s.ID
	}
	errs := []error{
		drain(cache.Sessions(store, src, cache.Normal).Refresh(ctx, api.SessionQuery{Window: w}, api.Person)),
		drain(cache.Sessions(store, src, cache.Normal).Refresh(ctx, api.SessionQuery{IDs: api.ListIDs(ids...)}, api.Person)),
		drain(cache.Messages(store, src, cache.Normal).Refresh(ctx, api.MessageQuery{Sessions: api.ListIDs(ids...), Window: w}, api.Person)),
	}
	for _, dev := range []bool{false, true} {
		errs = append(errs, drain(cache.LLM(store, src, cache.Normal).Refresh(ctx, api.LLMQuery{Window: w, Developer: dev}, api.Person)))
	}
	for _, kind := range api.MetricKinds() {
		errs = append(errs, drain(cache.Metrics(store, src, cache.Normal).Refresh(ctx, api.MetricQuery{Kind: kind, Window: w}, api.Person)))
	}
	for _, s := range c.Sessions {
		var said []api.Message
		for _, m := range c.Messages {
			if m.Session == s.ID {
				said = append(said, m)
			}
		}
		own := c
		own.Lines = slices.DeleteFunc(slices.Clone(c.Lines), func(l api.DebugLine) bool { return l.Session != s.ID })
		for _, name := range views.LogIdentities(s, said) {
			q := views.LogQueryOf(s, name, now)
			q.Window = q.Window.Widen(aroundCase, aroundCase)
			errs = append(errs, drain(cache.DebugLogs(store, casefile.NewSource(own), cache.Normal).Refresh(ctx, q, api.Person)))
		}
	}
	return errors.Join(errs...)
}

func drain[V any](all iter.Seq2[api.Answer[V], error]) error {
	_, err := last(all)
	return err
}

// newShelf opens a case.
func newShelf(ctx context.Context, c casefile.Case, now func() time.Time) (*shelf, error) {
	store, _, err := cache.Open(ctx, cache.Options{
		Name: "case", Secret: "-", Memory: true, Now: now, MaxBytes: 1 << 40,
		Decoder: cache.Decoder{Version: kore.MessageReading, Message: kore.DecodeMessage},
	})
	if err != nil {
		return nil, fmt.Errorf("open a case: %w", err)
	}
	if err := fillStore(ctx, store, c, now()); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	s := &shelf{
		store: store, sessions: cache.Sessions(store, nil, cache.Offline), messages: cache.Messages(store, nil, cache.Offline),
		payloads: cache.Calls(store), metrics: cache.Metrics(store, nil, cache.Offline),
	}
	s.traced = trace.NewCalls(s.sessions, cache.LLM(store, nil, cache.Offline), now)
	s.lines = trace.NewLines(s.sessions, cache.DebugLogs(store, nil, cache.Offline), now)
	return s, nil
}

// shelves are the pinned conversations that were opened.
type shelves struct {
	mu   sync.Mutex
	open map[api.SessionID]*shelf
}

// shelf is what was pinned of a conversation; nil when it is not.
func (d *desk) shelf(ctx context.Context, id api.SessionID) (*shelf, error) {
	d.shelves.mu.Lock()
	defer d.shelves.mu.Unlock()
	if s, has := d.shelves.open[id]; has {
		return s, nil
	}
	body, err := d.store.Pinned(ctx, id)
	if err != nil || body == nil {
		return nil, err
	}
	c, err := casefile.Decode(body)
	if err != nil {
		return nil, err
	}
	s, err := newShelf(ctx, c, d.clock)
	if err != nil {
		return nil, err
	}
	if d.shelves.open == nil {
		d.shelves.open = map[api.SessionID]*shelf{}
	}
	d.shelves.open[id] = s
	return s, nil
}

// dropShelves closes what is open: it was let go, pinned again, or erased.
func (d *desk) dropShelves() error {
	d.shelves.mu.Lock()
	defer d.shelves.mu.Unlock()
	var errs []error
	for _, s := range d.shelves.open {
		errs = append(errs, s.store.Close())
	}
	d.shelves.open = nil
	return errors.Join(errs...)
}

// orPinned reads as usual, and what was pinned of a conversation where there is
// more of that: the platform forgets, and so does the cache.
type orPinned[K, T any] struct {
	d     *desk
	of    func(K) api.SessionID
	usual reader[K, []T]
	shelf func(*shelf) reader[K, []T]
}

// keptNote is said of an answer that comes from a pin.
const keptNote = "as it was pinned; neither platform nor cache has more"

// Cached is what is on disk, or pinned.
func (r orPinned[K, T]) Cached(ctx context.Context, k K) (api.Answer[[]T], error) {
	a, err := r.usual.Cached(ctx, k)
	if err == nil && !a.Partial {
		return a, nil
	}
	if kept, has := r.pinned(ctx, k, len(a.Value)); has {
		return kept, nil
	}
	return a, err
}

// Refresh asks the platform, and gives what is pinned where that fails or has
// less.
func (r orPinned[K, T]) Refresh(ctx context.Context, k K, lane api.Lane) iter.Seq2[api.Answer[[]T], error] {
	return func(yield func(api.Answer[[]T], error) bool) {
		for a, err := range r.usual.Refresh(ctx, k, lane) {
			if err != nil && api.KindOf(err) != api.Cancelled || err == nil && a.Done {
				if kept, has := r.pinned(ctx, k, len(a.Value)); has {
					yield(kept, nil)
					return
				}
			}
			if !yield(a, err) {
				return
			}
		}
	}
}

// pinned is what is pinned, when it is more than that many rows.
func (r orPinned[K, T]) pinned(ctx context.Context, k K, rows int) (api.Answer[[]T], bool) {
	s, err := r.d.shelf(ctx, r.of(k))
	if err != nil || s == nil {
		return api.Answer[[]T]{}, false
	}
	a, err := r.shelf(s).Cached(ctx, k)
	if err != nil || len(a.Value) <= rows {
		return a, false
	}
	a.Fresh, a.Done, a.Partial, a.Gaps, a.Note = true, true, false, nil, keptNote
	return a, true
}

// pinnedPayloads is the cache's reader of one call, or that of what is pinned and
// open.
type pinnedPayloads struct{ d *desk }

// Cached gives the call with its payloads.
func (r pinnedPayloads) Cached(ctx context.Context, id api.CallID) (api.Answer[api.LLMCall], error) {
	a, err := r.d.payloads.Cached(ctx, id)
	if api.KindOf(err) != api.NotCached {
		return a, err
	}
	r.d.shelves.mu.Lock()
	defer r.d.shelves.mu.Unlock()
	for _, s := range r.d.shelves.open {
		if kept, failed := s.payloads.Cached(ctx, id); failed == nil {
			return kept, nil
		}
	}
	return a, err
}

// Refresh gives what Cached gives: the platform cannot be asked for one call.
func (r pinnedPayloads) Refresh(ctx context.Context, id api.CallID, _ api.Lane) iter.Seq2[api.Answer[api.LLMCall], error] {
	return func(yield func(api.Answer[api.LLMCall], error) bool) { yield(r.Cached(ctx, id)) }
}

// only is the one session of a list; "" for none and for many.
func only(list api.IDList) api.SessionID {
	if ids := list.All(); len(ids) == 1 {
		return ids[0]
	}
	return ""
}

// conversationDeps are the parts of the screen of one conversation: each falls back
// to what was pinned of it.
func (d *desk) conversationDeps() conversation.Deps {
	return conversation.Deps{
		Sessions: orPinned[api.SessionQuery, api.Session]{d, func(q api.SessionQuery) api.SessionID { return only(q.IDs) }, d.sessions, func(s *shelf) reader[api.SessionQuery, []api.Session] { return s.sessions }},
		Messages: orPinned[api.MessageQuery, api.Message]{d, func(q api.MessageQuery) api.SessionID { return only(q.Sessions) }, d.messages, func(s *shelf) reader[api.MessageQuery, []api.Message] { return s.messages }},
		Calls: orPinned[trace.CallQuery, api.LLMCall]{d, func(q trace.CallQuery) api.SessionID { return q.Session.ID },
			d.traced, func(s *shelf) reader[trace.CallQuery, []api.LLMCall] { return s.traced }},
		Lines: orPinned[trace.LineQuery, api.DebugLine]{d, func(q trace.LineQuery) api.SessionID { return q.Session.ID },
			d.tracedLines, func(s *shelf) reader[trace.LineQuery, []api.DebugLine] { return s.lines }},
		Why: d.why, Pin: d.pinner,
		Clock: d.clock, Zone: d.zone, Explain: d.explain, Mask: d.mask,
	}
}
