package cache

import (
	"context"
	"time"

	sqlite3 "github.com/ncruces/go-sqlite3"

	"korescope/api"
)

// Tail is how a cached conversation ended.
type Tail struct {
	User, Bot string    // last text of each side; "" when there is none
	At        time.Time // time of the later one
	Complete  bool      // all messages were read
}

// Tails gives the last turn of the conversations whose messages are cached;
// others are not in the map.
func (s *Store) Tails(ctx context.Context, ids []api.SessionID) (map[api.SessionID]Tail, error) {
	out := make(map[api.SessionID]Tail, len(ids))
	now := s.o.Now()
	err := s.read(ctx, "read last turns from the cache", func(c *conn) error {
		clear(out)
		have, err := transcriptsOf(c, ids, now, s.o.Retention)
		if err != nil {
			return err
		}
		for _, id := range ids {
			t, found, err := tailOf(c, id, s.notBefore(now))
			if err != nil {
				return err
			}
			if _, t.Complete = have[id]; found || t.Complete {
				out[id] = t
			}
		}
		return nil
	})
	return out, err
}

func tailOf(c *conn, id api.SessionID, notBefore int64) (t Tail, found bool, err error) {
	for _, side := range []struct {
		direction api.Direction
		text      *string
	}{{api.FromUser, &t.User}, {api.FromBot, &t.Bot}} {
		err := c.rows(`SELECT text, time FROM message
			WHERE session = ? AND direction = ? AND text <> '' AND fetched >= ?
			ORDER BY time DESC, stamp DESC LIMIT 1`,
			[]any{string(id), string(side.direction), notBefore}, func(s *sqlite3.Stmt) error {
				*side.text, found = s.ColumnText(0), true
				t.At = maxTime(t.At, columnTime(s, 1))
				return nil
			})
		if err != nil {
			return t, found, err
		}
	}
	return t, found, nil
}

// RawSession gives a session row as the platform sent it; nil when it is not
// cached.
func (s *Store) RawSession(ctx context.Context, id api.SessionID) ([]byte, error) {
	var raw []byte
	err := s.read(ctx, "read a session from the cache", func(c *conn) error {
		var err error
		raw, err = rawSession(c, id)
		return err
	})
	return raw, err
}
