package cache

import (
	"cmp"
	"context"
	"iter"
	"math"
	"slices"
	"time"

	"korescope/api"
)

// LineReader reads debug logs through the cache. The platform forgets a line
// after seven days, or sooner when there are many; what was read in time stays
// here as long as everything else.
type LineReader struct {
	s       *Store
	src     api.LogSource
	mode    Mode
	flights flights[api.LogQuery, []api.DebugLine]
	again   flights[api.LogQuery, []api.DebugLine] // of Reread
}

// DebugLogs makes a reader. src may be nil in mode Offline.
func DebugLogs(s *Store, src api.LogSource, m Mode) *LineReader {
	return &LineReader{s: s, src: src, mode: m}
}

// Cached answers from disk, oldest first. A detail that was read once is there
// also when it is not asked for. The error is an *api.Error of kind NotCached
// when nothing about the identity is known.
func (r *LineReader) Cached(ctx context.Context, q api.LogQuery) (api.Answer[[]api.DebugLine], error) {
	if r.mode == Fresh {
		return api.Answer[[]api.DebugLine]{}, notCached()
	}
	return r.cached(ctx, q)
}

func (r *LineReader) cached(ctx context.Context, q api.LogQuery) (api.Answer[[]api.DebugLine], error) {
	now := r.s.o.Now()
	return r.listing(q, now).cached(ctx, r.s, now)
}

// Refresh asks the platform for the parts of the window that may still have
// new lines and gives the growing list after every page. A window that is over
// and was read to its end costs no request.
func (r *LineReader) Refresh(ctx context.Context, q api.LogQuery, lane api.Lane) iter.Seq2[api.Answer[[]api.DebugLine], error] {
	return r.ask(ctx, q, lane, &r.flights, r.mode)
}

// Reread asks for all of the window, whatever is known about it.
func (r *LineReader) Reread(ctx context.Context, q api.LogQuery, lane api.Lane) iter.Seq2[api.Answer[[]api.DebugLine], error] {
	return r.ask(ctx, q, lane, &r.again, whole(r.mode))
}

func (r *LineReader) ask(ctx context.Context, q api.LogQuery, lane api.Lane, f *flights[api.LogQuery, []api.DebugLine], m Mode) iter.Seq2[api.Answer[[]api.DebugLine], error] {
	if m == Offline {
		return onlyCached(func() (api.Answer[[]api.DebugLine], error) { return r.cached(ctx, q) })
	}
	return f.share(ctx, q, func(yield func(api.Answer[[]api.DebugLine], error) bool) {
		refreshList(ctx, r.s, r.listing(q, r.s.o.Now()), m, lane, yield)
	})
}

// listing is the question at a time. Without a window it is about everything:
// the platform has no more than seven days, the cache may have more.
func (r *LineReader) listing(q api.LogQuery, now time.Time) *listing[api.DebugLine] {
	q.Bot = r.s.o.Home.Of(q.Bot)
	ask := question{line: lineQuestion{bot: q.Bot, identity: q.Identity, channel: q.Channel, detail: q.Detail}}
	shown, window := q.Window, q.Window
	if q.Window.Zero() {
		shown = api.Between(time.UnixMilli(0), time.UnixMilli(math.MaxInt32*1000))
		window = api.Last(platformLines, now)
	}
	if api.UntilNow(q.Window, now) {
		// What is newer than our clock was written by one that is before it.
		shown.To = time.UnixMilli(math.MaxInt32 * 1000)
	}
	seq := now.UnixMilli() << 20
	return &listing[api.DebugLine]{
		what: "debug lines", ask: ask, window: window, limit: q.Limit, ascending: true,
		warning: forgottenLines(q.Window, now),
		read: func(ctx context.Context, part api.Window, lane api.Lane) iter.Seq2[api.Page[api.DebugLine], error] {
			// All of it, whatever the limit: the lines are few, and the platform
			// begins at the wrong end.
			asked := q
			asked.Limit = 0
			if part != window {
				asked.Window = part
			}
			return r.src.DebugLogs(ctx, asked, lane)
		},
		list: func(c *conn) ([]api.DebugLine, error) {
			return listLines(c, ask.line, shown, r.s.notBefore(now))
		},
		put: func(c *conn, rows []api.DebugLine, _ api.Window, at time.Time) error {
			err := putLines(c, ask.line, chronological(rows), seq, at)
			seq += int64(len(rows))
			return err
		},
		blend: func(have, page []api.DebugLine) []api.DebugLine {
			return withDetails(have, chronological(page))
		},
		key:   func(l api.DebugLine) identity { return identity(lineKey(l)) },
		at:    func(l api.DebugLine) time.Time { return l.Time },
		order: func(a, b api.DebugLine) int { return a.Time.Compare(b.Time) },
		lost:  api.DebugLine.Lost,
		owner: func(api.DebugLine) api.UserID { return api.UserID(q.Identity) },
		holds: func(l api.DebugLine) bool { return l.Time.IsZero() || shown.Holds(l.Time) },
	}
}

// forgottenLines is said about windows that reach back to before what the
// platform keeps.
func forgottenLines(w api.Window, now time.Time) string {
	if w.Zero() || !w.From.Before(now.Add(-platformLines)) {
		return ""
	}
	return "lines older than 7 days are here only as far as they were read in time"
}

// chronological turns a page that runs backwards, so that lines of one
// millisecond keep the order they were written in.
func chronological(page []api.DebugLine) []api.DebugLine {
	if n := len(page); n < 2 || !page[0].Time.After(page[n-1].Time) {
		return page
	}
	turned := slices.Clone(page)
	slices.Reverse(turned)
	return turned
}

// withDetails gives page with the details that have knows and page was not
// asked for.
func withDetails(have, page []api.DebugLine) []api.DebugLine {
	known := make(map[string]api.DebugLine)
	for _, l := range have {
		if l.Detail != nil {
			known[lineKey(l)] = l
		}
	}
	if len(known) == 0 {
		return page
	}
	out := slices.Clone(page)
	for i, l := range out {
		if old, ok := known[lineKey(l)]; ok && l.Detail == nil {
			out[i].Detail, out[i].Raw = old.Detail, old.Raw
			out[i].Session = cmp.Or(l.Session, old.Session)
		}
	}
	return out
}
