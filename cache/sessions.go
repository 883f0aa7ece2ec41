package cache

import (
	"context"
	"iter"
	"time"

	sqlite3 "github.com/ncruces/go-sqlite3"

	"korescope/api"
)

// Mode is how a reader uses disk and network.
type Mode uint8

// The modes.
const (
	Normal  Mode = iota // disk first, the network for what is missing
	Offline             // never asks
	Fresh               // never answers from disk; what it reads is still kept
	Whole               // shows what is on disk, and asks for all of it again
)

// whole is the mode of one reading that trusts nothing it knows.
func whole(m Mode) Mode {
	if m == Normal {
		return Whole
	}
	return m
}

const (
	// idsPerAsk is the platform's limit for one question by id.
	idsPerAsk = 50
	// maxChecks bounds how many requests one refresh spends on open sessions;
	// the next refresh goes on with those that waited longest.
	maxChecks = 4
	// longestDefault is the window the platform uses when none is given.
	longestDefault = 7*24*time.Hour - time.Second
)

// SessionReader reads lists of sessions through the cache.
type SessionReader struct {
	s       *Store
	src     api.SessionSource
	mode    Mode
	flights flights[api.SessionQuery, []api.Session]
	again   flights[api.SessionQuery, []api.Session] // of Reread
	spare   flights[api.SessionQuery, []api.Session] // of Spare
	on      flights[api.SessionQuery, []api.Session] // of Further
}

// Sessions makes a reader. src may be nil in mode Offline.
func Sessions(s *Store, src api.SessionSource, m Mode) *SessionReader {
	return &SessionReader{s: s, src: src, mode: m}
}

// Cached answers from disk: rows newest first, without Raw. The error is an
// *api.Error of kind NotCached when nothing about the question is known.
func (r *SessionReader) Cached(ctx context.Context, q api.SessionQuery) (api.Answer[[]api.Session], error) {
	if r.mode == Fresh {
		return api.Answer[[]api.Session]{}, notCached()
	}
	return r.cached(ctx, q)
}

func (r *SessionReader) cached(ctx context.Context, q api.SessionQuery) (api.Answer[[]api.Session], error) {
	now := r.s.o.Now()
	q = windowed(q, now)
	var a api.Answer[[]api.Session]
	err := r.s.read(ctx, "read sessions from the cache", func(c *conn) error {
		var err error
		if q.IDs != "" {
			a, err = r.s.byID(c, q, now)
		} else {
			a, err = r.s.inWindow(c, q, now)
		}
		return err
	})
	return a, err
}

// windowed fills in the window the platform would use.
func windowed(q api.SessionQuery, now time.Time) api.SessionQuery {
	if q.Window.Zero() && q.IDs == "" {
		q.Window = api.Last(longestDefault, now)
	}
	return q
}

func (s *Store) notBefore(now time.Time) int64 { return now.Add(-s.o.Retention).UnixMilli() }

// own is the bot whose rows lists are about; "" for those of any. A row of
// another bot comes when it was asked for by its id.
func (s *Store) own() api.BotID { return s.o.Home.Asked("") }

func (s *Store) byID(c *conn, q api.SessionQuery, now time.Time) (api.Answer[[]api.Session], error) {
	ids := q.IDs.All()
	rows, err := sessionsByID(c, ids, s.notBefore(now))
	if err != nil {
		return api.Answer[[]api.Session]{}, err
	}
	if len(rows) == 0 {
		return api.Answer[[]api.Session]{}, notCached()
	}
	oldest, open, err := s.readings(c, rows)
	if err != nil {
		return api.Answer[[]api.Session]{}, err
	}
	a := api.Answer[[]api.Session]{Value: rows, Origin: api.FromDisk, Done: true}
	a.At = answerAge(view{oldest: oldest}, open)
	a.Partial = len(rows) < len(ids)
	a.Fresh = !a.Partial && windowFresh(view{}, open, now)
	return a, nil
}

// readings are the oldest reading of some rows, and of those still open.
func (s *Store) readings(c *conn, rows []api.Session) (oldest, open time.Time, err error) {
	for _, row := range rows {
		err := c.rows("SELECT fetched, settled FROM session WHERE id = ?", []any{sessionKey(row)}, func(st *sqlite3.Stmt) error {
			at := st.ColumnInt64(0)
			oldest = earlier(oldest, at)
			if st.ColumnInt64(1) == 0 {
				open = earlier(open, at)
			}
			return nil
		})
		if err != nil {
			return oldest, open, err
		}
	}
	return oldest, open, nil
}

func (s *Store) inWindow(c *conn, q api.SessionQuery, now time.Time) (api.Answer[[]api.Session], error) {
	a := api.Answer[[]api.Session]{Origin: api.FromDisk, Done: true}
	rows, err := listSessions(c, q, s.own(), s.notBefore(now))
	if err != nil {
		return a, err
	}
	p := &progress{ask: questionOf(q), window: q.Window}
	if p.known, err = knownSpans(c, p.ask, now, s.o.Retention); err != nil {
		return a, err
	}
	last := filledDownTo(rows, q.Limit)
	open, err := openSessions(c, s.own(), need(q.Window, last))
	if err != nil {
		return a, err
	}
	var loose time.Time
	if len(open) > 0 {
		loose = open[0].fetched
	}
	fill(p, &a, last, loose, now)
	if a.Covered.Zero() && len(rows) == 0 {
		return a, notCached()
	}
	a.Value = rows
	countLost(&a, api.Session.Lost)
	return a, nil
}

// filledDownTo is where the last row of a filled limit stands; zero when there
// is no limit or it is not filled.
func filledDownTo(rows []api.Session, limit int) time.Time {
	if limit <= 0 || len(rows) < limit {
		return time.Time{}
	}
	return standing(rows[limit-1])
}

func notCached() error { return &api.Error{Kind: api.NotCached} }

// Refresh asks the platform for what is not known yet and for sessions that
// were open, writes each page in one transaction, and gives the growing answer
// for the whole window after every page, the last one Done. On failure what
// came is kept, and the error is given beside the last answer, which is Done
// too, since nothing more comes, and Partial.
func (r *SessionReader) Refresh(ctx context.Context, q api.SessionQuery, lane api.Lane) iter.Seq2[api.Answer[[]api.Session], error] {
	return r.ask(ctx, q, lane, &r.flights, r.mode, thrift{})
}

// Reread asks for all of the window again, whatever is known about it. The rows
// on disk are shown meanwhile.
func (r *SessionReader) Reread(ctx context.Context, q api.SessionQuery, lane api.Lane) iter.Seq2[api.Answer[[]api.Session], error] {
	return r.ask(ctx, q, lane, &r.again, whole(r.mode), thrift{})
}

func (r *SessionReader) ask(ctx context.Context, q api.SessionQuery, lane api.Lane, f *flights[api.SessionQuery, []api.Session], m Mode, how thrift) iter.Seq2[api.Answer[[]api.Session], error] {
	if m == Offline {
		return onlyCached(func() (api.Answer[[]api.Session], error) { return r.cached(ctx, q) })
	}
	return f.share(ctx, q, func(yield func(api.Answer[[]api.Session], error) bool) {
		w := newSessionRead(r, q, m, yield)
		if w.thrift = how; q.Limit > 0 {
			w.thrift = thrift{} // that says already how much is wanted
		}
		w.run(ctx, lane)
	})
}

// onlyCached is Refresh without a network.
func onlyCached[V any](cached func() (api.Answer[V], error)) iter.Seq2[api.Answer[V], error] {
	return func(yield func(api.Answer[V], error) bool) {
		a, err := cached()
		a.Done = true
		yield(a, err)
	}
}
