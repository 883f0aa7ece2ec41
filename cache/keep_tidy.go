package cache

import (
	"context"
	"time"

	"korescope/api"
)

// expireKept removes what has a retention of its own: test runs, other jobs,
// reports, account lists. A job from the future is not removed, since nobody
// has a copy of the history; its life begins again, once.
func (s *Store) expireKept(ctx context.Context, now time.Time) (removed int, err error) {
	err = s.write(ctx, "remove expired reports", func(c *conn) error {
		ahead := s.ahead(now)
		if err := c.exec("UPDATE job SET fetched = ? WHERE fetched > ?", now.UnixMilli(), ahead); err != nil {
			return err
		}
		before := c.db.TotalChanges()
		for _, d := range []struct {
			sql  string
			args []any
		}{
			{"DELETE FROM job WHERE kind = ? AND fetched < ?", []any{string(api.TestJob), s.jobsSince(api.TestJob, now)}},
			{"DELETE FROM job WHERE kind <> ? AND fetched < ?", []any{string(api.TestJob), s.jobsSince("", now)}},
			{"DELETE FROM report WHERE fetched < ? OR fetched > ?", []any{now.Add(-s.o.ReportRetention).UnixMilli(), ahead}},
			{"DELETE FROM account WHERE fetched < ? OR fetched > ?", []any{now.Add(-s.o.accountKeep()).UnixMilli(), ahead}},
		} {
			if err := c.exec(d.sql, d.args...); err != nil {
				return err
			}
		}
		if err := trimAllRuns(c, s.o.TestRuns); err != nil {
			return err
		}
		removed = int(c.db.TotalChanges() - before)
		return nil
	})
	return removed, err
}

// trimAllRuns matters when the number of runs was lowered; otherwise every new
// run trims its suite.
func trimAllRuns(c *conn, runs int) error {
	suites, err := texts(c, "SELECT DISTINCT suite FROM job WHERE suite <> '' AND kind = ?", string(api.TestJob))
	if err != nil {
		return err
	}
	for _, suite := range suites {
		if err := trimRuns(c, suite, runs); err != nil {
			return err
		}
	}
	return nil
}

// limitKept removes the oldest reports and finished jobs when the cache is
// still too large without any other row that it could do without.
func (s *Store) limitKept(ctx context.Context) (removed int, err error) {
	limit := s.maxBytes()
	for {
		n := 0
		err := s.write(ctx, "measure the cache", func(c *conn) error {
			n = 0
			used, err := usedBytes(c)
			if err != nil || used <= limit {
				return err
			}
			n, err = removeOldestKept(c)
			return err
		})
		removed += n
		if err != nil || n == 0 {
			return removed, err
		}
	}
}

// removeOldestKept removes a twentieth of the reports, or of the finished jobs
// when there is no report.
func removeOldestKept(c *conn) (int, error) {
	before := c.db.TotalChanges()
	for _, sql := range []string{
		`DELETE FROM report WHERE (kind, shape, "from", "to") IN (SELECT kind, shape, "from", "to" FROM report
			ORDER BY fetched LIMIT (SELECT (count(*) + 19) / 20 FROM report))`,
		`DELETE FROM job WHERE n IN (SELECT n FROM job WHERE state NOT IN ('', 'running')
			ORDER BY started LIMIT (SELECT (count(*) + 19) / 20 FROM job))`,
	} {
		if err := c.exec(sql); err != nil {
			return 0, err
		}
		if n := c.db.TotalChanges() - before; n > 0 {
			return int(n), nil
		}
	}
	return 0, nil
}
