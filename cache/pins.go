package cache

import (
	"context"
	"time"

	sqlite3 "github.com/ncruces/go-sqlite3"

	"korescope/api"
)

// Pin is a conversation that is kept until somebody lets it go: neither age nor
// size removes it. It goes with an erasure of somebody in it, and with the file.
type Pin struct {
	Session  api.SessionID
	Note     string
	At       time.Time // when it was pinned
	User     api.UserID
	Start    time.Time
	Type     api.Containment
	Messages int
	Calls    int
	Lines    int
	Metrics  int
	Missing  string   // what could not be read, "" for nothing
	Names    []string // of the people in it; not filled by Pins
	Body     []byte   // not filled by Pins
}

// AllPins asks for every conversation that is pinned.
type AllPins struct{}

// Pin keeps a conversation, in place of what was pinned of it before.
func (s *Store) Pin(ctx context.Context, p Pin) error {
	return s.write(ctx, "pin a conversation", func(c *conn) error {
		if err := unpin(c, string(p.Session)); err != nil {
			return err
		}
		err := c.exec(`INSERT INTO pin (session, note, at, user, started, outcome, messages, calls, lines, metrics, missing, body)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			string(p.Session), p.Note, p.At.UnixMilli(), string(p.User), atMillis(p.Start), string(p.Type),
			p.Messages, p.Calls, p.Lines, p.Metrics, p.Missing, p.Body)
		for _, name := range p.Names {
			if err == nil {
				err = c.exec("INSERT OR IGNORE INTO pin_person (session, name) VALUES (?, ?)", string(p.Session), name)
			}
		}
		return err
	})
}

// Unpin lets conversations go and says how many were pinned.
func (s *Store) Unpin(ctx context.Context, ids []api.SessionID) (n int, err error) {
	err = s.write(ctx, "unpin conversations", func(c *conn) error {
		n = 0
		for _, id := range ids {
			has, err := c.number("SELECT count(*) FROM pin WHERE session = ?", string(id))
			if err != nil {
				return err
			}
			n += int(has)
			if err := unpin(c, string(id)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || n == 0 {
		return n, err
	}
	return n, s.shrink(ctx)
}

func unpin(c *conn, session string) error {
	if err := c.exec("DELETE FROM pin_person WHERE session = ?", session); err != nil {
		return err
	}
	return c.exec("DELETE FROM pin WHERE session = ?", session)
}

// Pins lists what is pinned, newest pin first.
func (s *Store) Pins(ctx context.Context) ([]Pin, error) {
	var out []Pin
	err := s.read(ctx, "list pinned conversations", func(c *conn) error {
		out = nil
		return c.rows(`SELECT session, note, at, user, started, outcome, messages, calls, lines, metrics, missing
			FROM pin ORDER BY at DESC, session`, nil, func(st *sqlite3.Stmt) error {
			out = append(out, Pin{
				Session: api.SessionID(st.ColumnText(0)), Note: st.ColumnText(1), At: fromMillis(st.ColumnInt64(2)),
				User: api.UserID(st.ColumnText(3)), Start: columnTime(st, 4), Type: api.Containment(st.ColumnText(5)),
				Messages: st.ColumnInt(6), Calls: st.ColumnInt(7), Lines: st.ColumnInt(8), Metrics: st.ColumnInt(9), Missing: st.ColumnText(10),
			})
			return nil
		})
	})
	return out, err
}

// Pinned is what was kept of a conversation, nil when it is not pinned.
func (s *Store) Pinned(ctx context.Context, id api.SessionID) ([]byte, error) {
	var body []byte
	err := s.read(ctx, "read a pinned conversation", func(c *conn) error {
		body = nil
		return c.rows("SELECT body FROM pin WHERE session = ?", []any{string(id)}, func(st *sqlite3.Stmt) error {
			body = columnBytes(st, 0)
			return nil
		})
	})
	return body, err
}

// forgetPins lets go of what is pinned with one of the names in it, or of one of
// the sessions. A part of a path, such as a number after an account, is a name.
func forgetPins(c *conn, names, sessions []string) error {
	for _, id := range sessions {
		if err := unpin(c, id); err != nil {
			return err
		}
	}
	for _, name := range names {
		found, err := texts(c, "SELECT DISTINCT session FROM pin_person WHERE instr('/' || name || '/', '/' || ? || '/') > 0", name)
		if err != nil {
			return err
		}
		for _, id := range found {
			if err := unpin(c, id); err != nil {
				return err
			}
		}
	}
	return nil
}
