package cache

import (
	"context"
	"time"

	sqlite3 "github.com/ncruces/go-sqlite3"

	"korescope/api"
)

// window fills in the window from the sessions' own times when all of them are
// known; open ones reach until now.
func (w *messageRead) window(ctx context.Context, q api.MessageQuery) api.MessageQuery {
	if !q.Window.Zero() {
		return q
	}
	var win api.Window
	found := 0
	err := w.r.s.read(ctx, "read session times from the cache", func(c *conn) error {
		for _, id := range q.Sessions.All() {
			err := c.rows(`SELECT start, coalesce("end", start), settled FROM session WHERE id = ? AND start IS NOT NULL`,
				[]any{string(id)}, func(s *sqlite3.Stmt) error {
					found++
					from, to := columnTime(s, 0), columnTime(s, 1)
					if s.ColumnInt64(2) == 0 {
						to = w.r.s.o.Now()
					}
					if win.Zero() {
						win = api.Between(from, to)
						return nil
					}
					win = api.Between(minTime(win.From, from), maxTime(win.To, to))
					return nil
				})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && found == len(q.Sessions.All()) && win.Length() > 0 {
		q.Window = win
	}
	return q
}

func minTime(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func maxTime(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
