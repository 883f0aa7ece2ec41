package cache

import (
	"cmp"
	"strings"
	"time"

	sqlite3 "github.com/ncruces/go-sqlite3"

	"korescope/api"
	"korescope/api/payload"
)

// lineQuestion is a question for debug lines; its zero value is none.
type lineQuestion struct {
	bot               api.BotID // "" for that of the credential
	identity, channel string
	detail            bool
}

// name is the key in the tables of spans and members, where a reading with
// details is a question of its own.
func (q lineQuestion) name() string {
	name := lineName + q.identity + "\x1fchannel=" + cmp.Or(q.channel, defaultChannel)
	if q.bot != "" {
		name += "\x1fbot=" + string(q.bot)
	}
	if q.detail {
		name += "\x1fdetail"
	}
	return name
}

// lineName is what the names of all questions for lines begin with.
const lineName = "debug\x1fidentity="

// defaultChannel is what the platform takes when no channel is named.
const defaultChannel = "rtm"

// plain is the question without details: it has the same lines.
func (q lineQuestion) plain() lineQuestion {
	q.detail = false
	return q
}

const lineColumns = `rid, id, time, level, title, message, detail, channel, identity, session, raw, unreadable, fetched`

func lineKey(l api.DebugLine) string {
	if l.ID != "" {
		return l.ID
	}
	return hashed + shortHash(l.Raw)
}

// putLines writes lines in the order given; seq numbers them.
func putLines(c *conn, q lineQuestion, rows []api.DebugLine, seq int64, now time.Time) error {
	for i, l := range rows {
		key := lineKey(l)
		rid, err := c.number("SELECT rid FROM debug WHERE id = ?", key)
		if err != nil {
			return err
		}
		known := rid != 0
		if !known {
			if rid, err = newRid(c, "debug", key, 0, l.Time); err != nil {
				return err
			}
		}
		if err := putLine(c, rid, key, l, seq+int64(i), now); err != nil {
			return err
		}
		if err := c.exec("INSERT OR IGNORE INTO debug_member (what, rid) VALUES (?, ?)", q.plain().name(), rid); err != nil {
			return err
		}
		if known && l.Detail == nil {
			continue // its words are those from before, perhaps with more
		}
		if err := indexLine(c, rid, lineWords(l), known); err != nil {
			return err
		}
	}
	return nil
}

// putLine leaves the details that a later reading without them does not have,
// and the session, which may be named in the details only.
func putLine(c *conn, rid int64, key string, l api.DebugLine, seq int64, now time.Time) error {
	return c.exec(`INSERT INTO debug
		(rid, id, time, seq, level, title, message, detail, channel, identity, session, raw, unreadable, fetched)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT (rid) DO UPDATE SET time = excluded.time, level = excluded.level, title = excluded.title,
			message = excluded.message, detail = coalesce(excluded.detail, detail), channel = excluded.channel,
			identity = excluded.identity, session = CASE excluded.session WHEN '' THEN session ELSE excluded.session END,
			raw = CASE WHEN excluded.detail IS NULL AND detail IS NOT NULL THEN raw ELSE excluded.raw END,
			unreadable = excluded.unreadable, fetched = excluded.fetched`,
		rid, key, millis(l.Time), seq, l.Level, l.Title, l.Message, []byte(l.Detail), l.Channel, l.Identity,
		string(l.Session), []byte(l.Raw), l.Unreadable, now.UnixMilli())
}

func indexLine(c *conn, rid int64, text string, known bool) error {
	if known {
		if err := c.exec("DELETE FROM debug_words WHERE rowid = ?", rid); err != nil {
			return err
		}
	}
	if text == "" {
		return nil
	}
	return c.exec("INSERT INTO debug_words (rowid, text) VALUES (?, ?)", rid, text)
}

// lineWords is what a line is found by.
func lineWords(l api.DebugLine) string {
	var b strings.Builder
	addText(&b, l.Title)
	addText(&b, l.Message)
	addText(&b, payload.StringsOf(l.Detail, maxWords))
	return b.String()
}

type lineScan struct {
	words *words
	out   []api.DebugLine
}

func (r *lineScan) row(s *sqlite3.Stmt) error {
	l := api.DebugLine{
		ID:         s.ColumnText(1),
		Time:       columnTime(s, 2),
		Level:      r.words.of(s.ColumnRawText(3)),
		Title:      r.words.of(s.ColumnRawText(4)),
		Message:    s.ColumnText(5),
		Detail:     columnBytes(s, 6),
		Channel:    r.words.of(s.ColumnRawText(7)),
		Identity:   r.words.of(s.ColumnRawText(8)),
		Session:    api.SessionID(r.words.of(s.ColumnRawText(9))),
		Raw:        columnBytes(s, 10),
		Unreadable: s.ColumnText(11),
	}
	if strings.HasPrefix(l.ID, hashed) {
		l.ID = ""
	}
	r.out = append(r.out, l)
	return nil
}

// listLines reads the lines that a question found, oldest first. Lines without
// a time belong to every window.
func listLines(c *conn, q lineQuestion, w api.Window, notBefore int64) ([]api.DebugLine, error) {
	scan := &lineScan{words: newWords()}
	err := c.rows(`SELECT `+lineColumns+` FROM debug JOIN debug_member USING (rid)
		WHERE what = ? AND fetched >= ? AND (time IS NULL OR time >= ? AND time < ?) ORDER BY time, seq`,
		[]any{q.plain().name(), notBefore, w.From.UnixMilli(), w.To.UnixMilli()}, scan.row)
	return scan.out, err
}
