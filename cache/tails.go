package cache

import (
	"context"
	"time"

	sqlite3 "github.com/ncruces/go-sqlite3"

	"korescope/api"
)

// Tail is how a cached conversation ended.
type Tail struct {
	User string // last thing the user said; "" when nothing
	// Bot is the answer to it, else the last thing the bot said.
	Bot      string
	At       time.Time // time of the later one
	Complete bool      // all messages were read
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

// answerWithin is how soon after the user's last words a bot message counts as
// the answer to them. What comes later is the platform closing the chat: every
// lost conversation ends in the same sentence, and a list of it says nothing.
const answerWithin = 2 * time.Minute

func tailOf(c *conn, id api.SessionID, notBefore int64) (t Tail, found bool, err error) {
	last := func(direction api.Direction, until time.Time, to *string) (at time.Time, err error) {
		query := `SELECT text, time FROM message WHERE session = ? AND direction = ? AND text <> '' AND fetched >= ?`
		args := []any{string(id), string(direction), notBefore}
		if !until.IsZero() {
			query += ` AND time <= ?`
			args = append(args, until.UnixMilli())
		}
		err = c.rows(query+` ORDER BY time DESC, stamp DESC LIMIT 1`, args, func(s *sqlite3.Stmt) error {
			*to, found = s.ColumnText(0), true
			at = columnTime(s, 1)
			return nil
		})
		return at, err
	}
	asked, err := last(api.FromUser, time.Time{}, &t.User)
	if err != nil {
		return t, found, err
	}
	var answered time.Time
	if !asked.IsZero() {
		answered, err = last(api.FromBot, asked.Add(answerWithin), &t.Bot)
	}
	if err == nil && answered.IsZero() {
		answered, err = last(api.FromBot, time.Time{}, &t.Bot)
	}
	t.At = maxTime(asked, answered)
	return t, found, err
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
