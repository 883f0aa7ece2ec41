package cache

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	sqlite3 "github.com/ncruces/go-sqlite3"

	"korescope/api"
)

const sessionColumns = `at, id, bot, user, channel, start, "end", langs, kind, containment, status,
	dev, messages, tasks, tags, unreadable, settled, fetched, alt`

// hashed marks the key of a row that came without an id; it is no id.
const hashed = "?"

// sessionKey is the id, or a stand-in for a row that has none; it begins with
// hashed then.
func sessionKey(s api.Session) string { return s.Key() }

// placeOf is where a session stands in lists.
func placeOf(s api.Session, asked api.Window) time.Time {
	if !s.Start.IsZero() {
		return s.Start
	}
	if born, ok := s.ID.Born(); ok && (asked.Zero() || asked.Holds(born)) {
		return born
	}
	return asked.From
}

func putSessions(c *conn, rows []api.Session, asked api.Window, now time.Time) error {
	for _, s := range rows {
		at := placeOf(s, asked)
		var alt any
		if s.AltText != nil { // none is known too: it is not the same as not said
			b, err := json.Marshal(s.AltText)
			if err != nil {
				return fmt.Errorf("captions of a session: %w", err)
			}
			alt = string(b)
		}
		key := sessionKey(s)
		err := c.exec(`INSERT OR REPLACE INTO session (`+sessionColumns+`)
			VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
			atMillis(at), key, string(s.Bot), string(s.User), s.Channel, millis(s.Start), millis(s.End),
			strings.Join(s.Languages, ","), s.Kind, string(s.Containment), s.Status,
			maybeBool(s.Developer), maybeInt(s.Messages), maybeInt(s.Tasks),
			packTags(s.UserTags, s.SessionTags), s.Unreadable,
			sessionSettled(s, now), now.UnixMilli(), alt)
		if err != nil {
			return err
		}
		if s.Raw == nil {
			continue
		}
		if err := c.exec("INSERT OR REPLACE INTO session_raw (id, raw) VALUES (?, ?)", key, []byte(s.Raw)); err != nil {
			return err
		}
	}
	return nil
}

// sessionScan reads rows; it keeps one copy of what repeats.
type sessionScan struct {
	words *words
	langs map[string][]string
	full  [][]api.Session // chunks, because growing one long slice copies it again and again
	out   []api.Session   // the chunk being filled
}

const chunkRows = 4096

func newSessionScan() *sessionScan {
	return &sessionScan{words: newWords(), langs: map[string][]string{}}
}

// all is every row that was read.
func (r *sessionScan) all() []api.Session {
	if len(r.full) == 0 {
		return r.out
	}
	return slices.Concat(append(r.full, r.out)...)
}

func (r *sessionScan) row(s *sqlite3.Stmt) error {
	v := api.Session{
		ID:          api.SessionID(s.ColumnText(1)),
		Bot:         api.BotID(r.words.of(s.ColumnRawText(2))),
		User:        api.UserID(r.words.of(s.ColumnRawText(3))),
		Channel:     r.words.of(s.ColumnRawText(4)),
		Start:       columnTime(s, 5),
		End:         columnTime(s, 6),
		Languages:   r.languages(s.ColumnRawText(7)),
		Kind:        r.words.of(s.ColumnRawText(8)),
		Containment: api.Containment(r.words.of(s.ColumnRawText(9))),
		Status:      r.words.of(s.ColumnRawText(10)),
		Developer:   columnMaybe(s, 11, func(n int64) bool { return n != 0 }),
		Messages:    columnMaybe(s, 12, toInt),
		Tasks:       columnMaybe(s, 13, toInt),
		Unreadable:  s.ColumnText(15),
	}
	if strings.HasPrefix(string(v.ID), hashed) {
		v.ID, v.Row = "", strings.TrimPrefix(string(v.ID), hashed)
	}
	if tags := s.ColumnBlob(14, nil); len(tags) > 0 {
		u := unpacker{b: tags, names: r.words}
		v.UserTags, v.SessionTags = u.tags(), u.tags()
		if err := u.err(); err != nil {
			return err
		}
	}
	if b := s.ColumnRawText(18); len(b) > 0 {
		// Also what a step of the schema took out of a row as it came.
		if json.Unmarshal(b, &v.AltText) != nil {
			v.AltText = nil
		}
	}
	if len(r.out) == chunkRows {
		r.full, r.out = append(r.full, r.out), make([]api.Session, 0, chunkRows)
	}
	r.out = append(r.out, v)
	return nil
}

// languages shares one slice per value; it has no spare room, so that nobody
// can grow it into another row's.
func (r *sessionScan) languages(b []byte) []string {
	if len(b) == 0 {
		return nil
	}
	if l, ok := r.langs[string(b)]; ok {
		return l
	}
	l := strings.Split(string(b), ",")
	r.langs[string(b)] = l[:len(l):len(l)]
	return l
}

// listSessions reads a window, newest first.
func listSessions(c *conn, q api.SessionQuery, own api.BotID, notBefore int64) ([]api.Session, error) {
	ask := questionOf(q)
	where := "at >= ? AND at < ? AND fetched >= ?"
	args := []any{atMillis(q.Window.From), atMillis(q.Window.To), notBefore}
	if ask.typed != api.Undetermined {
		where += " AND containment = ?"
		args = append(args, string(ask.typed))
	}
	if ask.listed() {
		where += " AND (id IN (SELECT session FROM member WHERE what = ?)"
		args = append(args, ask.name())
		if ask.call == "" {
			where += " OR user = ?"
			args = append(args, string(ask.user))
		}
		where += ")"
	}
	if own != "" {
		where += " AND bot IN ('', ?)"
		args = append(args, string(own))
	}
	limit := q.Limit
	if limit <= 0 {
		limit = -1
	}
	args = append(args, limit)
	scan := newSessionScan()
	if err := c.rows(`SELECT `+sessionColumns+` FROM session WHERE `+where+` ORDER BY at DESC, id LIMIT ?`, args, scan.row); err != nil {
		return nil, err
	}
	rows := scan.all()
	said, err := spokenOf(c)
	tell(rows, said)
	return rows, err
}

// sessionsByID reads the sessions that are there, in the order of start.
func sessionsByID(c *conn, ids []api.SessionID, notBefore int64) ([]api.Session, error) {
	scan := newSessionScan()
	for _, id := range ids {
		err := c.rows(`SELECT `+sessionColumns+` FROM session WHERE id = ? AND fetched >= ?`,
			[]any{string(id), notBefore}, scan.row)
		if err != nil {
			return nil, err
		}
	}
	rows := scan.all()
	sortSessions(rows)
	said, err := spokenOf(c)
	tell(rows, said)
	return rows, err
}

// openSession is one that may still change, and when it was read.
type openSession struct {
	id      api.SessionID
	fetched time.Time
}

// openSessions lists those of a window, the longest unread first.
func openSessions(c *conn, own api.BotID, w api.Window) ([]openSession, error) {
	var out []openSession
	err := c.rows(`SELECT id, fetched FROM session WHERE settled = 0 AND at >= ? AND at < ?
		AND (?3 = '' OR bot IN ('', ?3)) ORDER BY fetched, at DESC`,
		[]any{atMillis(w.From), atMillis(w.To), string(own)}, func(s *sqlite3.Stmt) error {
			if id := s.ColumnText(0); !strings.HasPrefix(id, hashed) {
				out = append(out, openSession{api.SessionID(id), fromMillis(s.ColumnInt64(1))})
			}
			return nil
		})
	return out, err
}

func dropSession(c *conn, id api.SessionID) error {
	if err := c.exec("DELETE FROM session_raw WHERE id = ?", string(id)); err != nil {
		return err
	}
	return c.exec("DELETE FROM session WHERE id = ?", string(id))
}

func putMembers(c *conn, q question, rows []api.Session) error {
	for _, s := range rows {
		if err := c.exec("INSERT OR IGNORE INTO member (what, session) VALUES (?, ?)", q.name(), sessionKey(s)); err != nil {
			return err
		}
	}
	return nil
}

func rawSession(c *conn, id api.SessionID) (json.RawMessage, error) {
	var raw json.RawMessage
	err := c.rows("SELECT raw FROM session_raw WHERE id = ?", []any{string(id)}, func(s *sqlite3.Stmt) error {
		raw = s.ColumnBlob(0, nil)
		return nil
	})
	return raw, err
}
