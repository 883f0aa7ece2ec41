package trace

import (
	"context"
	"iter"
	"slices"
	"strings"
	"time"

	"korescope/api"
)

// What is said beside answers.
const (
	noteAlone = "other sessions of the user are not known, so what is joined by user and time may be another session's"
	noteWhen  = "when the session was is not known, so its model calls cannot be asked for"
	noteNoDev = "calls made by developers are left out unless they are asked for (--dev, dev:true)"
)

// CallReader reads model calls with the sessions they belong to, newest first.
// It is safe for concurrent use.
type CallReader struct {
	sessions Reader[api.SessionQuery, []api.Session]
	calls    Reader[api.LLMQuery, []api.LLMCall]
	now      func() time.Time
}

// NewCalls makes a reader.
func NewCalls(sessions Reader[api.SessionQuery, []api.Session], calls Reader[api.LLMQuery, []api.LLMCall], now func() time.Time) *CallReader {
	return &CallReader{sessions: sessions, calls: calls, now: now}
}

// Cached answers from disk; the error is of kind NotCached when the log is not
// there. It is fresh when the log is, and the sessions that matter are.
func (r *CallReader) Cached(ctx context.Context, q CallQuery) (api.Answer[[]api.LLMCall], error) {
	if q.Session.ID == "" {
		a, err := r.calls.Cached(ctx, q.List)
		if err == nil {
			a.Value = r.linker(ctx, q.List).link(a.Value)
			warnOfDevelopers(&a, q.List)
		}
		return a, err
	}
	of := []api.Session{q.Session.session()}
	if q.Session.Start.IsZero() {
		of[0] = found(of[0], func(k api.SessionQuery) (api.Answer[[]api.Session], error) { return r.sessions.Cached(ctx, k) })
	}
	var out api.Answer[[]api.LLMCall]
	asks := r.asks(of, q.List)
	if len(asks) == 0 {
		return out, &api.Error{Kind: api.NotCached}
	}
	for i, ask := range asks {
		a, err := r.calls.Cached(ctx, ask)
		if err != nil {
			return a, err
		}
		out = both(out, a, i == 0)
		warnOfDevelopers(&out, ask)
	}
	others, err := r.others(of, out.Value, func(k api.SessionQuery) (api.Answer[[]api.Session], error) {
		return r.sessions.Cached(ctx, k)
	})
	out.Fresh = out.Fresh && err == nil && others.fresh
	out.Value = CallsOf(of, others.list, out.Value)
	return out, nil
}

// Refresh asks the platform. A session's calls cost a second request when some
// of them name no session: then the other sessions of the user are asked for,
// unless they are known.
func (r *CallReader) Refresh(ctx context.Context, q CallQuery, lane api.Lane) iter.Seq2[api.Answer[[]api.LLMCall], error] {
	if q.Session.ID != "" {
		return func(yield func(api.Answer[[]api.LLMCall], error) bool) {
			of := q.Session.session()
			if of.Start.IsZero() {
				of = found(of, func(k api.SessionQuery) (api.Answer[[]api.Session], error) {
					return freshOr(ctx, r.sessions, k, lane)
				})
			}
			r.Together(ctx, []api.Session{of}, q.List, lane)(yield)
		}
	}
	return func(yield func(api.Answer[[]api.LLMCall], error) bool) {
		linker := r.linker(ctx, q.List)
		for a, err := range r.calls.Refresh(ctx, q.List, lane) {
			a.Value = linker.link(a.Value)
			if a.Done {
				warnOfDevelopers(&a, q.List)
			}
			if !yield(a, err) {
				return
			}
		}
	}
}

// Together is Refresh for several sessions, in as few requests as they take. how
// says what else is asked for; its window does not count.
func (r *CallReader) Together(ctx context.Context, of []api.Session, how api.LLMQuery, lane api.Lane) iter.Seq2[api.Answer[[]api.LLMCall], error] {
	return func(yield func(api.Answer[[]api.LLMCall], error) bool) {
		var out api.Answer[[]api.LLMCall]
		var failed error
		asks := r.asks(of, how)
		if len(asks) == 0 {
			yield(api.Answer[[]api.LLMCall]{Origin: api.FromNetwork, At: r.now(), Done: true, Partial: true, Note: noteWhen}, nil)
			return
		}
		disk := func(k api.SessionQuery) (api.Answer[[]api.Session], error) { return r.sessions.Cached(ctx, k) }
		for i, ask := range asks {
			before := out
			for a, err := range r.calls.Refresh(ctx, ask, lane) {
				failed = err
				out = both(before, a, i == 0)
				step := out
				others, _ := r.others(of, out.Value, disk) // asked for once all calls are here
				step.Value, step.Done = CallsOf(of, others.list, out.Value), false
				if failed == nil && !yield(step, nil) {
					return
				}
			}
			if warnOfDevelopers(&out, ask); failed != nil {
				break
			}
		}
		others, err := r.others(of, out.Value, func(k api.SessionQuery) (api.Answer[[]api.Session], error) {
			return freshOr(ctx, r.sessions, k, lane)
		})
		switch kind := api.KindOf(err); {
		case err == nil:
		case kind == api.NotCached, kind == api.ScopeMissing:
			out.Note = said(out.Note, noteAlone)
		case failed == nil:
			failed, out.Partial = err, true
		}
		out.Value, out.Done = CallsOf(of, others.list, out.Value), true
		yield(out, failed)
	}
}

// found is the session of an id: who its user is, when it was and which bot's it
// is decide where its calls are. What cannot be read leaves the id.
func found(s api.Session, read func(api.SessionQuery) (api.Answer[[]api.Session], error)) api.Session {
	if a, err := read(api.SessionQuery{IDs: api.ListIDs(s.ID)}); err == nil && len(a.Value) == 1 {
		return a.Value[0]
	}
	return s
}

// asks are the questions to the log about the sessions.
func (r *CallReader) asks(of []api.Session, how api.LLMQuery) []api.LLMQuery {
	list := spans(of, r.now())
	for i := range list {
		of, dev := list[i], list[i].Developer || how.Developer
		list[i] = how
		list[i].Bot, list[i].Window, list[i].Developer, list[i].Limit = of.Bot, of.Window, dev, 0
	}
	return list
}

// siblings are other sessions of the users.
type siblings struct {
	list  []api.Session
	fresh bool
}

// reach is how long before its calls another session of a user may have begun.
const reach = 24 * time.Hour

// others reads the further sessions that calls without a session may belong to.
// The error is the first there was.
func (r *CallReader) others(of []api.Session, calls []api.LLMCall, read func(api.SessionQuery) (api.Answer[[]api.Session], error)) (siblings, error) {
	out := siblings{fresh: true}
	var failed error
	for user, w := range nameless(of, calls) {
		q, any := siblingsIn(user, w, r.now())
		if !any {
			continue
		}
		a, err := read(q)
		out.list = append(out.list, a.Value...)
		out.fresh = out.fresh && err == nil && a.Fresh
		if failed == nil {
			failed = err
		}
	}
	return out, failed
}

// siblingsIn asks for the sessions of a user to which something in that time may
// belong.
func siblingsIn(user api.UserID, w api.Window, now time.Time) (api.SessionQuery, bool) {
	q := api.SessionQuery{User: user, Window: w.Widen(reach, api.JoinMargin)}
	if q.Window.To.After(now) {
		q.Window.To = api.Between(now, now).To
	}
	return q, q.Window.Length() > 0
}

// nameless are the times of the calls that name no session, by user of one of
// the sessions.
func nameless(of []api.Session, calls []api.LLMCall) map[api.UserID]api.Window {
	out := map[api.UserID]api.Window{}
	for _, c := range calls {
		mine := func(s api.Session) bool { return s.User == c.User }
		if c.Session != "" || c.User == "" || c.Start.IsZero() || !slices.ContainsFunc(of, mine) {
			continue
		}
		out[c.User] = reaching(out[c.User], c.Start)
	}
	return out
}

// reaching is the window with at inside.
func reaching(w api.Window, at time.Time) api.Window {
	one := api.Between(at, at)
	switch {
	case w.Zero():
		return one
	case one.From.Before(w.From):
		w.From = one.From
	case one.To.After(w.To):
		w.To = one.To
	}
	return w
}

// freshOr gives what is on disk when that is fresh, else what the platform says.
func freshOr[K comparable, V any](ctx context.Context, r Reader[K, V], k K, lane api.Lane) (api.Answer[V], error) {
	a, err := r.Cached(ctx, k)
	if err == nil && a.Fresh {
		return a, nil
	}
	for a, err = range r.Refresh(ctx, k, lane) {
		if err != nil {
			break
		}
	}
	return a, err
}

// both puts two answers together, each about a time of its own.
func both(a, b api.Answer[[]api.LLMCall], first bool) api.Answer[[]api.LLMCall] {
	if first {
		return b
	}
	b.Value = slices.Concat(a.Value, b.Value)
	if a.At.Before(b.At) {
		b.At = a.At
	}
	if a.Origin == api.FromDisk {
		b.Origin = a.Origin
	}
	b.Fresh, b.Partial = a.Fresh && b.Fresh, a.Partial || b.Partial
	b.Gaps, b.Note = slices.Concat(a.Gaps, b.Gaps), said(a.Note, b.Note)
	b.Covered, b.Total = api.Window{}, api.Maybe[int]{}
	return b
}

// warnOfDevelopers says beside an empty list why it may be empty.
func warnOfDevelopers(a *api.Answer[[]api.LLMCall], q api.LLMQuery) {
	if len(a.Value) == 0 && !q.Developer {
		a.Note = said(a.Note, noteNoDev)
	}
}

func said(a, b string) string {
	switch {
	case a == "" || strings.Contains(b, a):
		return b
	case b == "" || strings.Contains(a, b):
		return a
	}
	return a + "; " + b
}
