package cache

import (
	"strings"
	"time"

	sqlite3 "github.com/ncruces/go-sqlite3"

	"korescope/api"
)

// question is what a span answers: sessions without filter, by type, by user,
// by external call id; or model calls, debug lines, billed sessions, metrics,
// changes.
type question struct {
	calls bool
	some  api.LLMQuery // of the calls; without window and limit
	typed api.Containment
	user  api.UserID
	call  string

	line    lineQuestion
	billed  bool
	metric  metricQuestion
	changes bool
}

func questionOf(q api.SessionQuery) question {
	return question{typed: q.Containment, user: q.User, call: q.CallID}
}

// name is the key in the table. Its parts are set off by a sign that no id has.
func (q question) name() string {
	switch {
	case q.calls:
		return callsName(q.some)
	case q.billed:
		return "billed"
	case q.changes:
		return "changes"
	case q.metric != metricQuestion{}:
		return q.metric.name()
	case q.line != lineQuestion{}:
		return q.line.name()
	}
	parts := []string{"sessions"}
	for _, p := range [][2]string{{"type", string(q.typed)}, {"user", string(q.user)}, {"call", q.call}} {
		if p[1] != "" {
			parts = append(parts, p[0]+"="+p[1])
		}
	}
	return strings.Join(parts, "\x1f")
}

// listed reports a question whose rows no column tells: the platform compares
// users by several names and calls by an id that rows do not carry.
func (q question) listed() bool { return q.user != "" || q.call != "" }

// sources are the questions whose spans together answer this one. A list
// without filter also knows who has which type, and whose session it is where
// the user is named as rows name them; debug lines with details also answer a
// question for lines.
func (q question) sources() []question {
	if q.billed || q.changes || q.line.detail {
		return []question{q}
	}
	if q.metric != (metricQuestion{}) {
		everywhere := q
		everywhere.metric.channels = ""
		if q == everywhere {
			return []question{q}
		}
		return []question{q, everywhere}
	}
	if q.line != (lineQuestion{}) {
		detailed := q
		detailed.line.detail = true
		return []question{q, detailed}
	}
	if q.calls {
		return q.callSources()
	}
	everybody := question{}
	if q == everybody || q.call != "" || q.user != "" && !strings.HasPrefix(string(q.user), "u-") {
		return []question{q}
	}
	return []question{q, everybody}
}

// callsName is the key of a question for calls.
func callsName(q api.LLMQuery) string {
	name := "calls"
	if q.Developer {
		name += "\x1fdev"
	}
	for _, p := range [][2]string{{"bot", string(q.Bot)}, {"user", string(q.User)}, {"channel", q.Channel}, {"feature", q.Feature}, {"task", q.Task}} {
		if p[1] != "" {
			name += "\x1f" + p[0] + "=" + p[1]
		}
	}
	return name
}

// callSources: all calls of a time answer what rows tell about themselves. An
// answer by feature answers nothing later: the platform may know the feature by
// another name and have said "none" because of that.
func (q question) callSources() []question {
	all := question{calls: true, some: api.LLMQuery{Bot: q.some.Bot, Developer: q.some.Developer}}
	switch {
	case q == all:
		return []question{all}
	case !q.some.Told():
		return nil
	case q.some.Feature != "":
		return []question{all}
	}
	return []question{q, all}
}

func loadSpans(c *conn, q question) ([]span, error) {
	var out []span
	err := c.rows(`SELECT "from", "to", settled, at FROM covered WHERE what = ? ORDER BY "from"`,
		[]any{q.name()}, func(s *sqlite3.Stmt) error {
			out = append(out, span{s.ColumnInt64(0), s.ColumnInt64(1), s.ColumnInt64(2), s.ColumnInt64(3)})
			return nil
		})
	return out, err
}

// knownSpans are all spans that answer q and are not expired.
func knownSpans(c *conn, q question, now time.Time, keep time.Duration) ([]span, error) {
	var out []span
	for _, src := range q.sources() {
		spans, err := loadSpans(c, src)
		if err != nil {
			return nil, err
		}
		for _, s := range spans {
			if !expired(fromMillis(s.at), now, keep) {
				out = append(out, s)
			}
		}
	}
	return out, nil
}

// recordSpan remembers that w was read completely at the given time.
func recordSpan(c *conn, q question, w api.Window, at time.Time) error {
	w = upToNow(w, at)
	if w.Length() <= 0 {
		return nil
	}
	spans, err := loadSpans(c, q)
	if err != nil {
		return err
	}
	return storeSpans(c, q.name(), addSpan(spans, span{
		from: w.From.UnixMilli(), to: w.To.UnixMilli(),
		settled: at.Add(-q.late()).UnixMilli(), at: at.UnixMilli(),
	}))
}

// disproveSpan forgets that w was read, for the question and for those that
// would answer it; a zero window is all of it.
func disproveSpan(c *conn, q question, w api.Window) error {
	for _, src := range q.sources() {
		spans, err := loadSpans(c, src)
		if err != nil {
			return err
		}
		if err := storeSpans(c, src.name(), cutSpan(spans, w)); err != nil {
			return err
		}
	}
	return nil
}

func storeSpans(c *conn, what string, spans []span) error {
	if err := c.exec("DELETE FROM covered WHERE what = ?", what); err != nil {
		return err
	}
	for _, s := range spans {
		err := c.exec(`INSERT INTO covered (what, "from", "to", settled, at) VALUES (?, ?, ?, ?, ?)`,
			what, s.from, s.to, s.settled, s.at)
		if err != nil {
			return err
		}
	}
	return nil
}
