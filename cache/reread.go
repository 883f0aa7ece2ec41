package cache

import (
	"context"
	"encoding/json"

	sqlite3 "github.com/ncruces/go-sqlite3"

	"korescope/api"
)

// Decoder makes messages of rows that an earlier version of the reader left: a
// row keeps what the platform sent, so that nothing has to be asked again when
// more of it is understood.
type Decoder struct {
	Version int // of the reader; rises whenever it reads more
	Message func(raw json.RawMessage) api.Message
}

// message is what a row says to the reader of today. Its key and its session
// stay: they may have come from the question.
func (d Decoder) message(m api.Message, reading int64) api.Message {
	if d.Message == nil || reading >= int64(d.Version) || len(m.Raw) == 0 {
		return m
	}
	now := d.Message(m.Raw)
	now.ID, now.Session = m.ID, m.Session
	return now
}

// rereadBatch is how many rows one transaction reads anew.
const rereadBatch = 200

// reread brings rows of an earlier reader up to date, so that lists and the
// full-text index know them too. It runs in the background; a row that is shown
// before its turn is read anew on the way.
func (s *Store) reread(ctx context.Context) error {
	if s.o.Decoder.Message == nil {
		return nil
	}
	for more := true; more; {
		err := s.write(ctx, "read messages anew", func(c *conn) error {
			n, err := s.rereadSome(c)
			more = n == rereadBatch
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) rereadSome(c *conn) (int, error) {
	scan := s.messageScan()
	var rids, fetched []int64
	var keys []string
	err := c.rows("SELECT "+messageColumns+" FROM message WHERE reading < ? LIMIT ?",
		[]any{s.o.Decoder.Version, rereadBatch}, func(st *sqlite3.Stmt) error {
			rids, keys, fetched = append(rids, st.ColumnInt64(0)), append(keys, st.ColumnText(1)), append(fetched, st.ColumnInt64(20))
			return scan.row(st)
		})
	if err != nil {
		return 0, err
	}
	for i, m := range scan.out {
		if err := s.putMessage(c, rids[i], keys[i], m, fromMillis(fetched[i])); err != nil {
			return 0, err
		}
		if err := index(c, rids[i], messageWords(m), true); err != nil {
			return 0, err
		}
	}
	return len(scan.out), nil
}
