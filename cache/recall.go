package cache

import (
	sqlite3 "github.com/ncruces/go-sqlite3"

	"korescope/api"
)

// callStep is the step of the schema after which calls have the ids that are
// made of their whole content.
const callStep = 5

// afterStep does what the language of a schema step cannot say, inside the
// step's own transaction.
func afterStep(c *conn, version int) error {
	if version == callStep {
		return renameCalls(c)
	}
	return nil
}

// renameCalls gives every call the id that its row has on the platform today,
// so that a row that comes again is the same one. Of a call without its row
// nothing is known: it keeps its id.
func renameCalls(c *conn) error {
	var rids []int64
	err := c.rows("SELECT rid FROM call_raw WHERE raw IS NOT NULL", nil, func(s *sqlite3.Stmt) error {
		rids = append(rids, s.ColumnInt64(0))
		return nil
	})
	if err != nil {
		return err
	}
	for _, rid := range rids {
		var id api.CallID
		err := c.rows("SELECT raw FROM call_raw WHERE rid = ?", []any{rid}, func(s *sqlite3.Stmt) error {
			if raw := s.ColumnRawBlob(0); len(raw) > 0 {
				id = api.IdentifyCall(raw, 0)
			}
			return nil
		})
		if err != nil {
			return err
		}
		if id == "" {
			continue
		}
		if err := c.exec("UPDATE OR IGNORE call SET id = ? WHERE rid = ?", string(id), rid); err != nil {
			return err
		}
	}
	return nil
}
