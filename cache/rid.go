package cache

import (
	"time"

	sqlite3 "github.com/ncruces/go-sqlite3"
)

// Row ids of what can be found by words: seconds since 2020, then 7 bits to
// tell rows of one second apart, then one bit for the kind. So the full-text
// index, which answers fastest in row id order, gives the newest first, over
// both kinds.

const (
	ridEpoch   = 1577836800
	ridBits    = 8
	messageBit = 0
	callBit    = 1
)

// ridAt is the smallest row id of a second.
func ridAt(t time.Time) int64 {
	return max(0, t.Unix()-ridEpoch) << ridBits
}

// newRid finds a free row id at t in table, beginning at a place that id
// chooses.
func newRid(c *conn, table, id string, kind int64, t time.Time) (int64, error) {
	rid := ridAt(t) | int64(hash32(id)&0x7f)<<1 | kind
	for {
		taken := false
		err := c.rows("SELECT 1 FROM "+table+" WHERE rid = ?", []any{rid}, func(*sqlite3.Stmt) error {
			taken = true
			return nil
		})
		if err != nil || !taken {
			return rid, err
		}
		rid += 2
	}
}

// index makes text findable under rid, in place of what was there.
func index(c *conn, rid int64, text string, known bool) error {
	if known {
		if err := c.exec("DELETE FROM words WHERE rowid = ?", rid); err != nil {
			return err
		}
	}
	if text == "" {
		return nil
	}
	return c.exec("INSERT INTO words (rowid, text) VALUES (?, ?)", rid, text)
}
