package cache

import (
	"context"
	"time"

	sqlite3 "github.com/ncruces/go-sqlite3"

	"korescope/api"
)

// Ledger counts requests in the cache file, so that every process of a profile
// shares one budget. Each act is one immediate transaction; the rule itself is
// [api.Limits.Wait].
type Ledger struct{ s *Store }

var _ api.Ledger = (*Ledger)(nil)

// Ledger gives the request counter that lives in the cache.
func (s *Store) Ledger() *Ledger { return &Ledger{s} }

// maxWhy bounds what is kept of the reason for a closed gate.
const maxWhy = 120

// Take reserves one request or says how long to wait.
func (l *Ledger) Take(ctx context.Context, key api.LimitKey, limits api.Limits, lane api.Lane, now time.Time) (api.Ticket, time.Duration, error) {
	ticket := api.Ticket{Key: key}
	var wait time.Duration
	err := l.s.write(ctx, "reserve a request", func(c *conn) error {
		ticket.ID, wait = 0, 0
		if err := forgetSpent(c, key, now); err != nil {
			return err
		}
		until, _, err := gateOf(c, key)
		if err != nil {
			return err
		}
		if wait = until.Sub(now); wait > gateMost {
			// Kept with a wrong clock: no refusal lasts longer.
			wait = gateMost
			return c.exec("UPDATE gate SET until = ? WHERE key = ?", atMillis(now.Add(gateMost)), string(key))
		}
		if wait > 0 {
			return nil
		}
		sent, err := spentBy(c, key)
		if err != nil {
			return err
		}
		if wait = limits.Wait(lane, sent, now); wait > 0 {
			return nil
		}
		ticket.ID, err = spend(c, key, now)
		return err
	})
	return ticket, wait, err
}

// Settle corrects a reservation: sent requests reached the wire, at the latest
// now.
func (l *Ledger) Settle(ctx context.Context, t api.Ticket, sent int, now time.Time) error {
	return l.s.write(ctx, "settle a request", func(c *conn) error {
		// A reservation that is gone counts the same as one that is there.
		if err := c.exec("DELETE FROM spent WHERE id = ? AND key = ?", t.ID, string(t.Key)); err != nil {
			return err
		}
		for range sent {
			if _, err := spend(c, t.Key, now); err != nil {
				return err
			}
		}
		return nil
	})
}

// Shut closes the gate of a key; only ever for longer.
func (l *Ledger) Shut(ctx context.Context, key api.LimitKey, until time.Time, why string) error {
	return l.s.write(ctx, "close the gate", func(c *conn) error {
		return c.exec(`INSERT INTO gate (key, until, why) VALUES (?, ?, ?)
			ON CONFLICT (key) DO UPDATE SET until = excluded.until, why = excluded.why WHERE excluded.until > until`,
			string(key), atMillis(until), cutText(why, maxWhy))
	})
}

// Usage reads the counters.
func (l *Ledger) Usage(ctx context.Context, key api.LimitKey, limits api.Limits, now time.Time) (api.Usage, error) {
	var u api.Usage
	err := l.s.read(ctx, "read the request counters", func(c *conn) error {
		u = api.Usage{Limits: limits.OrDefault()}
		sent, err := spentBy(c, key)
		if err != nil {
			return err
		}
		u.Minute, u.Hour = limits.Used(sent, now)
		until, why, err := gateOf(c, key)
		if until.After(now.Add(gateMost)) {
			until = now.Add(gateMost)
		}
		if until.After(now) {
			u.ShutUntil, u.ShutWhy = until, why
		}
		return err
	})
	return u, err
}

func spend(c *conn, key api.LimitKey, now time.Time) (int64, error) {
	// Up, never down: a request must not seem older than it is.
	ms := now.Add(time.Millisecond - 1).UnixMilli()
	if err := c.exec("INSERT INTO spent (key, at) VALUES (?, ?)", string(key), ms); err != nil {
		return 0, err
	}
	return c.db.LastInsertRowID(), nil
}

func spentBy(c *conn, key api.LimitKey) ([]time.Time, error) {
	var sent []time.Time
	err := c.rows("SELECT at FROM spent WHERE key = ? ORDER BY at", []any{string(key)}, func(s *sqlite3.Stmt) error {
		sent = append(sent, fromMillis(s.ColumnInt64(0)))
		return nil
	})
	return sent, err
}

func gateOf(c *conn, key api.LimitKey) (until time.Time, why string, err error) {
	err = c.rows("SELECT until, why FROM gate WHERE key = ?", []any{string(key)}, func(s *sqlite3.Stmt) error {
		until, why = fromMillis(s.ColumnInt64(0)), s.ColumnText(1)
		return nil
	})
	return until, why, err
}

func forgetSpent(c *conn, key api.LimitKey, now time.Time) error {
	return c.exec("DELETE FROM spent WHERE key = ?1 AND at < ?2 OR key = ?1 AND at > ?3",
		string(key), now.Add(-api.KeepSent).UnixMilli(), now.Add(api.KeepSent).UnixMilli())
}

// cutText cuts at a rune boundary.
func cutText(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xc0 == 0x80 {
		n--
	}
	return s[:n]
}
