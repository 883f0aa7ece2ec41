package cache

import (
	"context"
	"errors"
	"os"
	"time"

	sqlite3 "github.com/ncruces/go-sqlite3"

	"korescope/api"
)

var errEnough = errors.New("enough")

// Info describes the cache.
type Info struct {
	Path      string // "" in memory
	Memory    bool
	Encrypted bool
	Bytes     int64 // of all files, or of the memory used
	Sessions  int
	Messages  int
	Calls     int
	Lines     int // debug lines
	Billed    int // single billed sessions
	Metrics   int // rows of the platform's own metrics
	Changes   int // entries of the change log
	Reports   int
	Pinned    int       // conversations that neither age nor size removes
	Jobs      int       // test runs are jobs
	Oldest    time.Time // oldest reading; zero when empty
	Schema    int
}

// Info counts what is there.
func (s *Store) Info(ctx context.Context) (Info, error) {
	var info Info
	err := s.on(ctx, "describe the cache", func(h *handle) error {
		info = Info{Path: h.place.path, Memory: h.place.path == "", Encrypted: h.place.key != ""}
		return h.use(ctx, h.read, func(c *conn) error {
			return c.within(ctx, "BEGIN", func() error { return info.count(c) })
		})
	})
	for _, suffix := range []string{"", logSuffix, indexSuffix} {
		if info.Path == "" {
			break
		}
		if st, err := os.Stat(info.Path + suffix); err == nil {
			info.Bytes += st.Size()
		}
	}
	return info, err
}

func (i *Info) count(c *conn) error {
	for _, n := range []struct {
		into  *int
		query string
	}{
		{&i.Sessions, "SELECT count(*) FROM session"},
		{&i.Messages, "SELECT count(*) FROM message"},
		{&i.Calls, "SELECT count(*) FROM call"},
		{&i.Lines, "SELECT count(*) FROM debug"},
		{&i.Billed, "SELECT count(*) FROM billed"},
		{&i.Metrics, "SELECT count(*) FROM metric"},
		{&i.Changes, "SELECT count(*) FROM changed"},
		{&i.Reports, "SELECT count(*) FROM report"},
		{&i.Pinned, "SELECT count(*) FROM pin"},
		{&i.Jobs, "SELECT count(*) FROM job"},
		{&i.Schema, "PRAGMA user_version"},
	} {
		v, err := c.number(n.query)
		if err != nil {
			return err
		}
		*n.into = int(v)
	}
	if i.Memory {
		used, err := usedBytes(c)
		if err != nil {
			return err
		}
		i.Bytes = used
	}
	return c.rows(`SELECT min(fetched) FROM (SELECT min(fetched) AS fetched FROM session
		UNION ALL SELECT min(fetched) FROM message UNION ALL SELECT min(fetched) FROM call
		UNION ALL SELECT min(fetched) FROM debug UNION ALL SELECT min(fetched) FROM billed
		UNION ALL SELECT min(fetched) FROM metric UNION ALL SELECT min(fetched) FROM changed
		UNION ALL SELECT min(fetched) FROM report UNION ALL SELECT min(fetched) FROM job)`, nil,
		func(s *sqlite3.Stmt) error {
			i.Oldest = columnTime(s, 0)
			return nil
		})
}

// usedBytes is what rows and indexes fill.
func usedBytes(c *conn) (int64, error) {
	pages, err := c.number("PRAGMA page_count")
	if err != nil {
		return 0, err
	}
	free, err := c.number("PRAGMA freelist_count")
	if err != nil {
		return 0, err
	}
	size, err := c.number("PRAGMA page_size")
	return (pages - free) * size, err
}

// Clear removes every row and every trace of it from the files. The count of
// requests stays: it holds no content, and the platform does not forget it
// either.
func (s *Store) Clear(ctx context.Context) error {
	err := s.write(ctx, "clear the cache", func(c *conn) error {
		for _, table := range []string{
			"session", "session_raw", "message", "transcript", "call", "call_raw", "covered", "member",
			"debug", "debug_member", "billed", "report", "account", "job", "metric", "changed",
		} {
			if err := c.exec("DELETE FROM " + table); err != nil {
				return err
			}
		}
		return tellIndexes(c, "delete-all")
	})
	if err != nil {
		return err
	}
	return s.shrink(ctx)
}

// shrink gives free pages back and empties the log, which still holds what was
// overwritten.
func (s *Store) shrink(ctx context.Context) error {
	err := s.bare(ctx, "shrink the cache", func(c *conn) error { return c.db.Exec("PRAGMA incremental_vacuum") })
	if err != nil {
		return err
	}
	return s.checkpoint(ctx)
}

// Forget removes everything about some users: their sessions, what was said in
// them, the model calls made for them, their billed sessions, metrics and debug
// lines as far as a name or a session links them, and what they changed of the bot. It says how many sessions went.
func (s *Store) Forget(ctx context.Context, users []api.UserID) (sessions int, err error) {
	err = s.write(ctx, "forget users", func(c *conn) error {
		sessions = 0
		for _, u := range users {
			if u == "" {
				continue // rows without a user belong to nobody
			}
			n, err := forgetUser(c, u)
			if err != nil {
				return err
			}
			sessions += n
			if err := forgetJobs(c, u); err != nil {
				return err
			}
		}
		// Deleted rows leave their words in the index until its parts are put
		// together anew.
		return tellIndexes(c, "optimize")
	})
	if err != nil {
		return 0, err
	}
	return sessions, s.shrink(ctx)
}

// forgetUser finds the user in columns and in the questions that were asked
// about them: the platform knows one user by several names.
func forgetUser(c *conn, u api.UserID) (int, error) {
	ids, err := sessionsOfUser(c, u)
	if err != nil {
		return 0, err
	}
	// First, while the rows that link the user's names are still there.
	if err := forgetElsewhere(c, u, ids); err != nil {
		return 0, err
	}
	for _, id := range ids {
		if err := forgetSession(c, id); err != nil {
			return 0, err
		}
	}
	if err := forgetCalls(c, "user = ?", string(u)); err != nil {
		return 0, err
	}
	// A whole part of the name must be equal: users choose their own names.
	const about = " WHERE instr(what || char(31), char(31) || ? || char(31)) > 0"
	for _, table := range []string{"covered", "member"} {
		if err := c.exec("DELETE FROM "+table+about, "user="+string(u)); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}

// sessionsOfUser are those whose rows or messages name the user, and those that
// were found when they were asked for.
func sessionsOfUser(c *conn, u api.UserID) ([]string, error) {
	return texts(c, `SELECT id FROM session WHERE user = ?1
		UNION SELECT session FROM message WHERE user = ?1
		UNION SELECT session FROM member WHERE what = ?2`, string(u), question{user: u}.name())
}

// forgetSession also removes questions about a user that found the session:
// they name the user.
func forgetSession(c *conn, id string) error {
	if err := dropMessages(c, id); err != nil {
		return err
	}
	if err := forgetCalls(c, "session = ?", id); err != nil {
		return err
	}
	err := c.exec("DELETE FROM covered WHERE what IN (SELECT what FROM member WHERE session = ?)", id)
	if err != nil {
		return err
	}
	if err := c.exec("DELETE FROM member WHERE session = ?", id); err != nil {
		return err
	}
	return dropSession(c, api.SessionID(id))
}

func dropMessages(c *conn, session string) error {
	for _, sql := range []string{
		"DELETE FROM words WHERE rowid IN (SELECT rid FROM message WHERE session = ?)",
		"DELETE FROM message WHERE session = ?",
		"DELETE FROM transcript WHERE session = ?",
	} {
		if err := c.exec(sql, session); err != nil {
			return err
		}
	}
	return nil
}

func forgetCalls(c *conn, where, arg string) error {
	for _, sql := range []string{
		"DELETE FROM words WHERE rowid IN (SELECT rid FROM call WHERE " + where + ")",
		"DELETE FROM call_raw WHERE rid IN (SELECT rid FROM call WHERE " + where + ")",
		"DELETE FROM call WHERE " + where,
	} {
		if err := c.exec(sql, arg); err != nil {
			return err
		}
	}
	return nil
}
