package cache

import (
	"slices"

	sqlite3 "github.com/ncruces/go-sqlite3"

	"korescope/api"
)

// spoken is what the messages of one session and the platform's metrics of it say
// that its own row does not: the tasks that spoke or ran, and the longest latency.
type spoken struct {
	tasks   []string
	slowest api.Maybe[int]
}

// spokenOf reads it for every session whose messages are here; few are, beside
// the sessions of a list.
func spokenOf(c *conn) (map[api.SessionID]spoken, error) {
	out := map[api.SessionID]spoken{}
	names := newWords()
	err := c.rows(`SELECT session, task, max(took) FROM message INDEXED BY message_spoke
		WHERE task <> '' OR took IS NOT NULL GROUP BY session, task`, nil, func(s *sqlite3.Stmt) error {
		id := api.SessionID(names.of(s.ColumnRawText(0)))
		one := out[id]
		if task := names.of(s.ColumnRawText(1)); task != "" {
			one.tasks = append(one.tasks, task)
		}
		if took := columnMaybe(s, 2, toInt); took.Known && (!one.slowest.Known || took.Value > one.slowest.Value) {
			one.slowest = took
		}
		out[id] = one
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, ranIn(c, out, names)
}

// ranIn adds the tasks that the metrics kept here name.
func ranIn(c *conn, out map[api.SessionID]spoken, names *words) error {
	return c.rows(`SELECT DISTINCT session, json_extract(value, '$.Task') FROM metric INDEXED BY metric_at
		WHERE asked IN ('failtask', 'successtask') AND session <> ''`, nil, func(s *sqlite3.Stmt) error {
		id, task := api.SessionID(names.of(s.ColumnRawText(0))), names.of(s.ColumnRawText(1))
		one := out[id]
		if task != "" && !slices.Contains(one.tasks, task) {
			one.tasks = append(one.tasks, task)
			out[id] = one
		}
		return nil
	})
}

// tell puts what was said into rows of sessions.
func tell(rows []api.Session, said map[api.SessionID]spoken) {
	if len(said) == 0 {
		return
	}
	for i, s := range rows {
		if one, ok := said[s.ID]; ok {
			rows[i].TaskNames, rows[i].Slowest = one.tasks, one.slowest
		}
	}
}
