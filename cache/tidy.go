package cache

import (
	"context"
	"errors"
	"fmt"
	"time"

	sqlite3 "github.com/ncruces/go-sqlite3"

	"korescope/api"
)

const (
	// tidyEvery is how often expired rows are looked for.
	tidyEvery = time.Hour
	// batch is how many rows one transaction removes: others must not wait
	// long for the lock.
	batch = 400
)

func (s *Store) tidyDue(ctx context.Context) (bool, error) {
	var last int64
	err := s.read(ctx, "look at the cache", func(c *conn) error {
		var err error
		last, err = c.number("SELECT value FROM note WHERE name = 'tidied'")
		return err
	})
	age := s.o.Now().Sub(fromMillis(last))
	return age >= tidyEvery || age < -clockSlack || s.uncleanStart(), err
}

func (s *Store) uncleanStart() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.h.unclean
}

// Tidy removes what is expired, then the oldest rows beyond the size limit.
// The first time after a crash it also checks the whole file. It runs by
// itself after [Open], in the background, when the last time is an hour ago; a
// long-running program calls it every hour.
func (s *Store) Tidy(ctx context.Context) error {
	if err := s.checkAfterCrash(ctx); err != nil {
		return err
	}
	now := s.o.Now()
	removed, err := s.expire(ctx, now)
	if err != nil {
		return err
	}
	gone, err := s.expireKept(ctx, now)
	if err != nil {
		return err
	}
	cut, err := s.limitSize(ctx)
	if err != nil {
		return err
	}
	late, err := s.limitKept(ctx)
	if err != nil {
		return err
	}
	err = s.write(ctx, "tidy the cache", func(c *conn) error {
		if err := c.exec("DELETE FROM spent WHERE at < ?1 OR at > ?2",
			now.Add(-api.KeepSent).UnixMilli(), maxTime(now, s.o.Now()).Add(api.KeepSent).UnixMilli()); err != nil {
			return err
		}
		if err := c.exec("DELETE FROM gate WHERE until < ?", now.UnixMilli()); err != nil {
			return err
		}
		return c.exec("INSERT OR REPLACE INTO note (name, value) VALUES ('tidied', ?)", now.UnixMilli())
	})
	if err != nil || removed+gone+cut+late == 0 {
		return err
	}
	if err := s.mergeIndex(ctx); err != nil {
		return err
	}
	if err := s.shrink(ctx); err != nil && faultOf(err) != busyFault && !errors.Is(err, errStillRead) {
		return err
	}
	return nil
}

// checkAfterCrash reads the whole file once when the last process to use it did
// not close it: its log was not empty and nobody had it open. This is not on
// the way to the first paint. Pages carry sums, so damage is found where it is
// read; the check finds what nobody reads.
func (s *Store) checkAfterCrash(ctx context.Context) error {
	if !s.uncleanStart() {
		return nil
	}
	err := s.read(ctx, "check the cache", func(c *conn) error {
		said := "ok"
		err := c.rows("PRAGMA quick_check(1)", nil, func(st *sqlite3.Stmt) error {
			said = st.ColumnText(0)
			return nil
		})
		if err == nil && said != "ok" {
			err = fmt.Errorf("%w: %s", errDamaged, said)
		}
		return err
	})
	if err == nil {
		s.mu.Lock()
		s.h.unclean = false
		s.mu.Unlock()
	}
	return err
}

// ahead is from when on something was read in the future. It is asked for when it
// is needed: a machine that slept since the tidying began has read meanwhile.
func (s *Store) ahead(now time.Time) int64 {
	return maxTime(now, s.o.Now()).Add(clockSlack).UnixMilli()
}

// expire removes rows by the time they were read.
func (s *Store) expire(ctx context.Context, now time.Time) (removed int, err error) {
	old := s.notBefore(now)
	for _, kind := range kindsOfRows() {
		for {
			n := 0
			err := s.write(ctx, "remove expired rows", func(c *conn) error {
				var err error
				n, err = kind.remove(c, "fetched < ? OR fetched > ?", old, s.ahead(now))
				return err
			})
			if err != nil {
				return removed, err
			}
			removed += n
			if n < batch {
				break
			}
		}
	}
	err = s.write(ctx, "remove expired spans", func(c *conn) error {
		for _, sql := range []string{
			"DELETE FROM covered WHERE at < ? OR at > ?",
			"DELETE FROM transcript WHERE fetched < ? OR fetched > ?",
		} {
			if err := c.exec(sql, old, s.ahead(now)); err != nil {
				return err
			}
		}
		if err := c.exec("DELETE FROM member WHERE session NOT IN (SELECT id FROM session)"); err != nil {
			return err
		}
		return c.exec("DELETE FROM session_raw WHERE id NOT IN (SELECT id FROM session)")
	})
	return removed, err
}

// rowKind is one of the tables that grow, with what hangs on its rows.
type rowKind struct {
	table string
	key   string // column that names a row
	at    string // column that orders rows by time
	also  []string
}

func kindsOfRows() []rowKind {
	return []rowKind{
		{"call", "rid", "at", []string{
			"DELETE FROM call_raw WHERE rid = ?",
			"DELETE FROM words WHERE rowid = ?",
		}},
		{"message", "rid", "coalesce(time, 0)", []string{
			"DELETE FROM transcript WHERE session = (SELECT session FROM message WHERE rid = ?)",
			"DELETE FROM words WHERE rowid = ?",
		}},
		{"session", "id", "at", []string{"DELETE FROM session_raw WHERE id = ?"}},
		{"debug", "rid", "coalesce(time, 0)", []string{
			"DELETE FROM debug_member WHERE rid = ?",
			"DELETE FROM debug_words WHERE rowid = ?",
		}},
		{"billed", "n", "at", nil},
		{"metric", "n", "at", nil},
		{"changed", "n", "at", nil},
	}
}

// remove deletes a batch of rows and says how many.
func (k rowKind) remove(c *conn, where string, args ...any) (int, error) {
	var ids []any
	err := c.rows(fmt.Sprintf("SELECT %s FROM %s WHERE %s LIMIT %d", k.key, k.table, where, batch), args, func(s *sqlite3.Stmt) error {
		if k.key == "id" {
			ids = append(ids, s.ColumnText(0))
		} else {
			ids = append(ids, s.ColumnInt64(0))
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		for _, sql := range append(k.also, "DELETE FROM "+k.table+" WHERE "+k.key+" = ?") {
			if err := c.exec(sql, id); err != nil {
				return 0, err
			}
		}
	}
	return len(ids), nil
}

// limitSize removes the oldest twentieth of the rows until the rest fits.
func (s *Store) limitSize(ctx context.Context) (removed int, err error) {
	limit := s.maxBytes()
	for {
		var used, bound int64
		err := s.read(ctx, "measure the cache", func(c *conn) error {
			var err error
			if used, err = usedBytes(c); err != nil || used <= limit {
				return err
			}
			bound, err = oldestTwentieth(c)
			return err
		})
		if err != nil || used <= limit || bound == 0 {
			return removed, err
		}
		n, err := s.removeBefore(ctx, bound)
		removed += n
		if err != nil || n == 0 {
			return removed, err
		}
		if err := s.mergeIndex(ctx); err != nil {
			return removed, err
		}
	}
}

func (s *Store) maxBytes() int64 {
	if s.inMemory() {
		return min(s.o.MaxBytes, memoryMaxBytes)
	}
	return s.o.MaxBytes
}

func (s *Store) inMemory() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.h.place.path == ""
}

// oldestTwentieth is a time that at least a twentieth of one kind of rows, and
// no more of any other than is that old, stands before; 0 when there is none.
func oldestTwentieth(c *conn) (int64, error) {
	var bound int64
	for _, k := range kindsOfRows() {
		n, err := c.number("SELECT count(*) FROM " + k.table)
		if err != nil {
			return 0, err
		}
		if n == 0 {
			continue
		}
		at, err := c.number(fmt.Sprintf("SELECT %s FROM %s ORDER BY 1 LIMIT 1 OFFSET %d", k.at, k.table, n/20))
		if err != nil {
			return 0, err
		}
		if at++; bound == 0 || at < bound {
			bound = at
		}
	}
	return bound, nil
}

// removeBefore drops rows that stand before a time, and what is known to be
// complete there.
func (s *Store) removeBefore(ctx context.Context, bound int64) (removed int, err error) {
	// Coverage first: a stop in between may only leave rows that nobody counts on.
	err = s.write(ctx, "cut spans", func(c *conn) error {
		if err := c.exec(`DELETE FROM covered WHERE "to" <= ?`, bound); err != nil {
			return err
		}
		return c.exec(`UPDATE covered SET "from" = ?1, settled = max(settled, ?1) WHERE "from" < ?1`, bound)
	})
	for _, k := range kindsOfRows() {
		for n := batch; err == nil && n == batch; removed += n {
			err = s.write(ctx, "remove the oldest rows", func(c *conn) error {
				var err error
				n, err = k.remove(c, k.at+" < ?", bound)
				return err
			})
		}
	}
	return removed, err
}

// mergeIndex puts the parts of the full-text indexes together, a piece per
// transaction, so that words of removed rows leave the file too.
func (s *Store) mergeIndex(ctx context.Context) error {
	for _, i := range indexes() {
		for step, work := range mergeSteps() {
			if err := s.mergeStep(ctx, i.table, work, step > 0); err != nil {
				return err
			}
		}
	}
	return nil
}

// mergeStep does a piece of work, or pieces until nothing changes.
func (s *Store) mergeStep(ctx context.Context, table string, work int, repeat bool) error {
	more := true
	for more {
		err := s.write(ctx, "merge the index", func(c *conn) error {
			before := c.db.TotalChanges()
			err := c.exec("INSERT INTO "+table+" ("+table+", rank) VALUES ('merge', ?)", work)
			more = repeat && c.db.TotalChanges()-before >= 2
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// mergeSteps: the negative one starts a merge of everything, the positive one
// carries it on until nothing changes.
func mergeSteps() []int { return []int{-200, 200} }
