package cache

import (
	"context"
	"encoding/json"

	"korescope/api"
)

// Kept is how much is kept about one user.
type Kept struct {
	Sessions, Messages, Calls int
}

// KeptOf counts what is kept about a user, by the id in the rows themselves.
func (s *Store) KeptOf(ctx context.Context, u api.UserID) (Kept, error) {
	var k Kept
	err := s.read(ctx, "count what is kept of a user", func(c *conn) error {
		for _, n := range []struct {
			into  *int
			query string
		}{
			{&k.Sessions, "SELECT count(*) FROM session WHERE user = ?"},
			{&k.Messages, "SELECT count(*) FROM message WHERE user = ?1 OR session IN (SELECT id FROM session WHERE user = ?1)"},
			{&k.Calls, "SELECT count(*) FROM call WHERE user = ?1 OR session IN (SELECT id FROM session WHERE user = ?1 AND id <> '')"},
		} {
			v, err := c.number(n.query, string(u))
			if err != nil {
				return err
			}
			*n.into = int(v)
		}
		return nil
	})
	return k, err
}

// forgetJobs removes the records of jobs that are over and name the user, as a
// whole text of their own. A job that is still on keeps what it was asked.
func forgetJobs(c *conn, u api.UserID) error {
	return c.exec(`DELETE FROM job WHERE state NOT IN (?1, '')
		AND (instr(question, ?2) > 0 OR instr(coalesce(result, x''), CAST(?2 AS BLOB)) > 0)`, string(api.JobRunning), jsonText(string(u)))
}

// jsonText is a text as it stands in JSON.
func jsonText(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return s // a text can always be written
	}
	return string(b)
}
