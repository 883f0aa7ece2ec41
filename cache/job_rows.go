package cache

import (
	"cmp"
	"encoding/json"
	"time"

	sqlite3 "github.com/ncruces/go-sqlite3"

	"korescope/api"
)

const jobColumns = `n, kind, id, question, state, word, percent, started, changed, expires, result, failure`

func scanJob(s *sqlite3.Stmt) (n int64, j api.JobRecord) {
	j = api.JobRecord{
		Kind:     api.JobKind(s.ColumnText(1)),
		ID:       api.JobID(s.ColumnText(2)),
		Question: s.ColumnText(3),
		State:    api.JobState(s.ColumnText(4)),
		Word:     s.ColumnText(5),
		Percent:  columnMaybe(s, 6, toInt),
		Started:  jobTime(s.ColumnInt64(7)),
		Changed:  jobTime(s.ColumnInt64(8)),
		Expires:  columnTime(s, 9),
		Result:   columnBytes(s, 10),
		Failure:  s.ColumnText(11),
	}
	return s.ColumnInt64(0), j
}

// jobTime reads what atMillis wrote.
func jobTime(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return fromMillis(ms)
}

// jobsWhere lists jobs; the rest of the query begins after WHERE.
func jobsWhere(c *conn, rest string, args ...any) ([]api.JobRecord, error) {
	var out []api.JobRecord
	err := c.rows("SELECT "+jobColumns+" FROM job WHERE "+rest, args, func(s *sqlite3.Stmt) error {
		_, j := scanJob(s)
		out = append(out, j)
		return nil
	})
	return out, err
}

// sameJob finds the row that is about the same job: by its id, or, as long as
// there is none, by what was asked when.
func sameJob(c *conn, j api.JobRecord) (n int64, have api.JobRecord, err error) {
	where, args := "id = ?", []any{string(j.Kind), string(j.ID)}
	if j.ID == "" {
		where, args = "id = '' AND question = ? AND started = ?", []any{string(j.Kind), j.Question, atMillis(j.Started)}
	}
	err = c.rows("SELECT "+jobColumns+" FROM job WHERE kind = ? AND "+where, args, func(s *sqlite3.Stmt) error {
		n, have = scanJob(s)
		return nil
	})
	return n, have, err
}

// putJob writes a record over what is known of the job.
func putJob(c *conn, j api.JobRecord, now time.Time, runs int) error {
	n, have, err := sameJob(c, j)
	if err != nil {
		return err
	}
	row := any(nil) // a new one
	if n != 0 {
		row, j = n, mergeJob(have, j)
	}
	suite, verdict := namesOf(j)
	err = c.exec(`INSERT OR REPLACE INTO job
		(n, kind, id, question, suite, verdict, state, word, percent, started, changed, expires, result, failure, fetched)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		row, string(j.Kind), string(j.ID), j.Question, suite, verdict, string(j.State), j.Word, maybeInt(j.Percent),
		atMillis(j.Started), atMillis(j.Changed), millis(j.Expires), j.Result, j.Failure, now.UnixMilli())
	if err != nil || n != 0 || j.Kind != api.TestJob {
		return err
	}
	return trimRuns(c, suite, runs)
}

// trimRuns keeps the newest runs of a suite.
func trimRuns(c *conn, suite string, runs int) error {
	return c.exec(`DELETE FROM job WHERE n IN (
		SELECT n FROM job WHERE kind = ?1 AND suite = ?2 AND suite <> '' ORDER BY started DESC, n DESC LIMIT -1 OFFSET ?3
	) AND state NOT IN ('', ?4)`, string(api.TestJob), suite, runs, string(api.JobRunning))
}

// namesOf finds the suite a job is about and the verdict of a test run. JSON of
// another shape names none; the record is kept all the same.
func namesOf(j api.JobRecord) (suite, verdict string) {
	switch j.Kind {
	case api.TestJob:
		r := runOf(j)
		return r.Suite, string(r.Verdict)
	case api.SuiteImportJob:
		var asked struct{ Name string }
		var said api.SuiteImported
		_ = json.Unmarshal([]byte(j.Question), &asked) // see above
		if len(j.Result) > 0 {
			_ = json.Unmarshal(j.Result, &said) // see above
		}
		return cmp.Or(said.Suite, asked.Name), ""
	}
	return "", ""
}
