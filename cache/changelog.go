package cache

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"time"

	sqlite3 "github.com/ncruces/go-sqlite3"

	"korescope/api"
)

// ChangeReader reads the bot's change log through the cache.
type ChangeReader struct {
	s       *Store
	src     api.MetricSource
	mode    Mode
	flights flights[api.ChangeQuery, []api.ChangeEntry]
}

// Changes makes a reader. src may be nil in mode Offline.
func Changes(s *Store, src api.MetricSource, m Mode) *ChangeReader {
	return &ChangeReader{s: s, src: src, mode: m}
}

// Cached answers from disk, newest first, without Raw. The error is an *api.Error
// of kind NotCached when nothing about the window is known.
func (r *ChangeReader) Cached(ctx context.Context, q api.ChangeQuery) (api.Answer[[]api.ChangeEntry], error) {
	if r.mode == Fresh {
		return api.Answer[[]api.ChangeEntry]{}, notCached()
	}
	return r.cached(ctx, q)
}

func (r *ChangeReader) cached(ctx context.Context, q api.ChangeQuery) (api.Answer[[]api.ChangeEntry], error) {
	now := r.s.o.Now()
	return r.listing(q, now).cached(ctx, r.s, now)
}

// Refresh asks the platform for the parts of the window that are not settled
// and gives the growing answer after every page.
func (r *ChangeReader) Refresh(ctx context.Context, q api.ChangeQuery, lane api.Lane) iter.Seq2[api.Answer[[]api.ChangeEntry], error] {
	if r.mode == Offline {
		return onlyCached(func() (api.Answer[[]api.ChangeEntry], error) { return r.cached(ctx, q) })
	}
	return r.flights.share(ctx, q, func(yield func(api.Answer[[]api.ChangeEntry], error) bool) {
		refreshList(ctx, r.s, r.listing(q, r.s.o.Now()), r.mode, lane, yield)
	})
}

func (r *ChangeReader) listing(q api.ChangeQuery, now time.Time) *listing[api.ChangeEntry] {
	if q.Window.Zero() {
		q.Window = api.Last(longestDefault, now)
	}
	return &listing[api.ChangeEntry]{
		what: "changes", ask: question{changes: true}, window: q.Window, limit: q.Limit, passed: true,
		read: func(ctx context.Context, part api.Window, lane api.Lane) iter.Seq2[api.Page[api.ChangeEntry], error] {
			asked := q
			asked.Window = part
			return r.src.Changes(ctx, asked, lane)
		},
		list: func(c *conn) ([]api.ChangeEntry, error) {
			return listChanges(c, q.Window, r.s.notBefore(now))
		},
		put:   putChanges,
		key:   func(e api.ChangeEntry) identity { return identity(changeKey(e)) },
		at:    func(e api.ChangeEntry) time.Time { return e.At },
		order: byChange,
		holds: func(e api.ChangeEntry) bool { return e.At.IsZero() || q.Window.Holds(e.At) },
		owner: func(api.ChangeEntry) api.UserID { return "" }, // of no customer
	}
}

func byChange(a, b api.ChangeEntry) int {
	return cmp.Or(b.At.Compare(a.At), cmp.Compare(changeKey(a), changeKey(b)))
}

func changeKey(e api.ChangeEntry) string {
	if e.ID != "" {
		return e.ID
	}
	return hashed + shortHash(e.Raw)
}

func putChanges(c *conn, rows []api.ChangeEntry, part api.Window, now time.Time) error {
	for _, e := range rows {
		kept := e
		kept.ID, kept.Raw = changeKey(e), nil
		value, err := json.Marshal(kept)
		if err != nil {
			return fmt.Errorf("write a change: %w", err)
		}
		at := e.At
		if at.IsZero() {
			at = part.To.Add(-time.Millisecond)
		}
		err = c.exec(`INSERT OR REPLACE INTO changed (id, at, who, mail, value, fetched) VALUES (?,?,?,?,?,?)`,
			kept.ID, at.UnixMilli(), e.User, e.Email, value, now.UnixMilli())
		if err != nil {
			return err
		}
	}
	return nil
}

func listChanges(c *conn, w api.Window, notBefore int64) ([]api.ChangeEntry, error) {
	var out []api.ChangeEntry
	err := c.rows(`SELECT value FROM changed WHERE at >= ? AND at < ? AND fetched >= ? ORDER BY at DESC, id`,
		[]any{w.From.UnixMilli(), w.To.UnixMilli(), notBefore}, func(s *sqlite3.Stmt) error {
			var e api.ChangeEntry
			if err := json.Unmarshal(s.ColumnRawBlob(0), &e); err != nil {
				return fmt.Errorf("read a change: %w: %w", errDamaged, err)
			}
			e.Raw = nil // was written as null
			out = append(out, e)
			return nil
		})
	slices.SortStableFunc(out, byChange)
	return out, err
}
