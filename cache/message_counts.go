package cache

import (
	"fmt"
	"slices"

	sqlite3 "github.com/ncruces/go-sqlite3"

	"korescope/api"
)

// empty lists the sessions asked for that have messages and gave none.
func (w *messageRead) empty() []api.SessionID {
	got := readOf(w.rows)
	var out []api.SessionID
	for _, id := range w.ask {
		if w.told[id] > 0 && got[id] == 0 && !slices.Contains(w.notes.unknown, id) {
			out = append(out, id)
		}
	}
	return out
}

// readOf counts what was read of each session, control messages too: nobody says
// whether they are announced, and a message that is here is not missing.
func readOf(rows []api.Message) map[api.SessionID]int {
	out := map[api.SessionID]int{}
	for _, m := range rows {
		out[m.Session]++
	}
	return out
}

// announcedOf is how many messages the list of sessions announced.
func announcedOf(c *conn, ids []api.SessionID) (map[api.SessionID]int, error) {
	out := map[api.SessionID]int{}
	for _, id := range ids {
		err := c.rows("SELECT messages FROM session WHERE id = ? AND messages > 0", []any{string(id)}, func(s *sqlite3.Stmt) error {
			out[id] = int(s.ColumnInt64(0))
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// tooFew compares what was announced with what came and says it where messages
// are missing; the platform's number is not exact.
func tooFew(rows []api.Message, ids []api.SessionID, told map[api.SessionID]int) string {
	got := readOf(rows)
	came, wanted := 0, 0
	for _, id := range ids {
		if n := told[id]; got[id] < n {
			came, wanted = came+got[id], wanted+n
		}
	}
	if wanted == 0 {
		return ""
	}
	return fmt.Sprintf("%d of about %d messages", came, wanted)
}
