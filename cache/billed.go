package cache

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strings"
	"time"

	sqlite3 "github.com/ncruces/go-sqlite3"

	"korescope/api"
)

// BilledReader reads the single billed sessions through the cache.
type BilledReader struct {
	s       *Store
	src     api.LogSource
	mode    Mode
	flights flights[api.BilledQuery, []api.BilledSession]
	again   flights[api.BilledQuery, []api.BilledSession] // of Reread
}

// Billed makes a reader. src may be nil in mode Offline.
func Billed(s *Store, src api.LogSource, m Mode) *BilledReader {
	return &BilledReader{s: s, src: src, mode: m}
}

// Cached answers from disk, newest first. The error is an *api.Error of kind
// NotCached when nothing about the window is known.
func (r *BilledReader) Cached(ctx context.Context, q api.BilledQuery) (api.Answer[[]api.BilledSession], error) {
	if r.mode == Fresh {
		return api.Answer[[]api.BilledSession]{}, notCached()
	}
	return r.cached(ctx, q)
}

func (r *BilledReader) cached(ctx context.Context, q api.BilledQuery) (api.Answer[[]api.BilledSession], error) {
	now := r.s.o.Now()
	return r.listing(q, now).cached(ctx, r.s, now)
}

// Refresh asks the platform for the parts of the window that are not settled
// and gives the growing answer after every page.
func (r *BilledReader) Refresh(ctx context.Context, q api.BilledQuery, lane api.Lane) iter.Seq2[api.Answer[[]api.BilledSession], error] {
	return r.ask(ctx, q, lane, &r.flights, r.mode)
}

// Reread asks for all of the window, whatever is known about it.
func (r *BilledReader) Reread(ctx context.Context, q api.BilledQuery, lane api.Lane) iter.Seq2[api.Answer[[]api.BilledSession], error] {
	return r.ask(ctx, q, lane, &r.again, whole(r.mode))
}

func (r *BilledReader) ask(ctx context.Context, q api.BilledQuery, lane api.Lane, f *flights[api.BilledQuery, []api.BilledSession], m Mode) iter.Seq2[api.Answer[[]api.BilledSession], error] {
	if m == Offline {
		return onlyCached(func() (api.Answer[[]api.BilledSession], error) { return r.cached(ctx, q) })
	}
	return f.share(ctx, q, func(yield func(api.Answer[[]api.BilledSession], error) bool) {
		refreshList(ctx, r.s, r.listing(q, r.s.o.Now()), m, lane, yield)
	})
}

func (r *BilledReader) listing(q api.BilledQuery, now time.Time) *listing[api.BilledSession] {
	if q.Window.Zero() {
		q.Window = api.Last(longestDefault, now)
	}
	return &listing[api.BilledSession]{
		what: "billed sessions", ask: question{billed: true}, window: q.Window, limit: q.Limit, passed: true,
		read: func(ctx context.Context, part api.Window, lane api.Lane) iter.Seq2[api.Page[api.BilledSession], error] {
			asked := q
			asked.Window = part
			return r.src.Billed(ctx, asked, lane)
		},
		list: func(c *conn) ([]api.BilledSession, error) {
			return listBilled(c, q, r.s.notBefore(now))
		},
		put:   putBilled,
		key:   func(b api.BilledSession) identity { return identity(billedKey(b)) },
		at:    billedAt,
		order: byBilled,
		lost:  api.BilledSession.Lost,
		// The platform knows which rows belong to a window: their times name no
		// zone, so that this side may be hours off.
		holds: func(api.BilledSession) bool { return true },
	}
}

// billedAt is where a row stands among the others.
func billedAt(b api.BilledSession) time.Time {
	switch {
	case !b.Start.IsZero():
		return b.Start
	case !b.SessionStart.IsZero():
		return b.SessionStart
	}
	born, _ := b.Session.Born()
	return born
}

func byBilled(a, b api.BilledSession) int {
	if c := billedAt(b).Compare(billedAt(a)); c != 0 {
		return c
	}
	return cmp.Compare(billedKey(a), billedKey(b))
}

func billedKey(b api.BilledSession) string {
	if b.ID != "" {
		return b.ID
	}
	return hashed + shortHash([]byte(strings.Join([]string{
		string(b.Session), string(b.User), b.ChannelUser, b.Channel, b.Type, b.StartRaw, b.EndRaw, b.Unreadable,
	}, "\x1f")))
}

const billedColumns = `id, at, bot, channel, user, channel_user, type, session,
	start, "end", start_raw, end_raw, session_start, unreadable, fetched`

// putBilled writes rows where the window that found them can find them again.
func putBilled(c *conn, rows []api.BilledSession, part api.Window, now time.Time) error {
	for _, b := range rows {
		at := minTime(maxTime(billedAt(b), part.From), part.To.Add(-time.Millisecond))
		err := c.exec(`INSERT OR REPLACE INTO billed (`+billedColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
			billedKey(b), atMillis(at), string(b.Bot), b.Channel, string(b.User), b.ChannelUser, b.Type, string(b.Session),
			millis(b.Start), millis(b.End), b.StartRaw, b.EndRaw, millis(b.SessionStart), b.Unreadable, now.UnixMilli())
		if err != nil {
			return err
		}
	}
	return nil
}

func listBilled(c *conn, q api.BilledQuery, notBefore int64) ([]api.BilledSession, error) {
	limit := q.Limit
	if limit <= 0 {
		limit = -1
	}
	names := newWords()
	var out []api.BilledSession
	err := c.rows(`SELECT `+billedColumns+` FROM billed WHERE at >= ? AND at < ? AND fetched >= ? ORDER BY at DESC, id LIMIT ?`,
		[]any{q.Window.From.UnixMilli(), q.Window.To.UnixMilli(), notBefore, limit}, func(s *sqlite3.Stmt) error {
			b := api.BilledSession{
				ID:           s.ColumnText(0),
				Bot:          api.BotID(names.of(s.ColumnRawText(2))),
				Channel:      names.of(s.ColumnRawText(3)),
				User:         api.UserID(names.of(s.ColumnRawText(4))),
				ChannelUser:  names.of(s.ColumnRawText(5)),
				Type:         names.of(s.ColumnRawText(6)),
				Session:      api.SessionID(s.ColumnText(7)),
				Start:        columnTime(s, 8),
				End:          columnTime(s, 9),
				StartRaw:     s.ColumnText(10),
				EndRaw:       s.ColumnText(11),
				SessionStart: columnTime(s, 12),
				Unreadable:   s.ColumnText(13),
			}
			if strings.HasPrefix(b.ID, hashed) {
				b.ID = ""
			}
			out = append(out, b)
			return nil
		})
	slices.SortFunc(out, byBilled)
	return out, err
}
