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

const messageColumns = `rid, id, session, user, bot, direction, time, stamp, channel, channel_id, kind,
	text, template, options, trace, language, status, tags, raw, unreadable, fetched,
	more, task, agent, took, took_asr, took_bot, took_tts, alt, stamped, fault, reading`

func messageKey(m api.Message) string {
	if m.ID != "" {
		return string(m.ID)
	}
	return hashed + shortHash(m.Raw)
}

// putMessages writes rows, oldest first: the full-text index takes rising row
// ids best.
func (s *Store) putMessages(c *conn, rows []api.Message, now time.Time) error {
	rows = slices.Clone(rows)
	slices.SortFunc(rows, byMessage)
	for _, m := range rows {
		key := messageKey(m)
		rid, err := c.number("SELECT rid FROM message WHERE session = ? AND id = ?", string(m.Session), key)
		if err != nil {
			return err
		}
		known := rid != 0
		if !known {
			if rid, err = newRid(c, "message", key, messageBit, m.Time); err != nil {
				return err
			}
		}
		if err := s.putMessage(c, rid, key, m, now); err != nil {
			return err
		}
		if err := index(c, rid, messageWords(m), known); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) putMessage(c *conn, rid int64, key string, m api.Message, now time.Time) error {
	var options []byte
	if len(m.Options) > 0 {
		var err error
		if options, err = json.Marshal(m.Options); err != nil {
			return fmt.Errorf("options of a message: %w", err)
		}
	}
	return c.exec(`INSERT OR REPLACE INTO message (`+messageColumns+`)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?, ?,?,?,?,?,?,?,?,?,?,?)`,
		rid, key, string(m.Session), string(m.User), string(m.Bot), string(m.Direction), millis(m.Time), m.Stamp,
		m.Channel, m.ChannelID, string(m.Kind), m.Text, m.Template, options, m.TraceID, m.Language, m.Status,
		packTags(m.Tags), []byte(m.Raw), m.Unreadable, now.UnixMilli(),
		m.More, m.Task, m.Agent, maybeInt(m.Latency.Total), maybeInt(m.Latency.ASR), maybeInt(m.Latency.Bot), maybeInt(m.Latency.TTS),
		packTags(m.AltText), m.Stamped, m.Fault, s.o.Decoder.Version)
}

// messageWords is what a message is found by: its text and what it offers.
func messageWords(m api.Message) string {
	if len(m.Options) == 0 {
		return m.Text
	}
	parts := []string{m.Text}
	for _, o := range m.Options {
		if !strings.Contains(m.Text, o.Title) {
			parts = append(parts, o.Title)
		}
	}
	return strings.Join(parts, "\n")
}

type messageScan struct {
	words  *words
	decode Decoder
	out    []api.Message
	oldest time.Time
}

func (s *Store) messageScan() *messageScan {
	return &messageScan{words: newWords(), decode: s.o.Decoder}
}

func (r *messageScan) row(s *sqlite3.Stmt) error {
	m := api.Message{
		ID:         api.MessageID(s.ColumnText(1)),
		Session:    api.SessionID(r.words.of(s.ColumnRawText(2))),
		User:       api.UserID(r.words.of(s.ColumnRawText(3))),
		Bot:        api.BotID(r.words.of(s.ColumnRawText(4))),
		Direction:  api.Direction(r.words.of(s.ColumnRawText(5))),
		Time:       columnTime(s, 6),
		Stamp:      s.ColumnInt64(7),
		Channel:    r.words.of(s.ColumnRawText(8)),
		ChannelID:  r.words.of(s.ColumnRawText(9)),
		Kind:       api.MessageKind(r.words.of(s.ColumnRawText(10))),
		Text:       s.ColumnText(11),
		Template:   r.words.of(s.ColumnRawText(12)),
		TraceID:    s.ColumnText(14),
		Language:   r.words.of(s.ColumnRawText(15)),
		Status:     r.words.of(s.ColumnRawText(16)),
		Raw:        columnBytes(s, 18),
		Unreadable: s.ColumnText(19),
		More:       int(s.ColumnInt64(21)),
		Task:       r.words.of(s.ColumnRawText(22)),
		Agent:      r.words.of(s.ColumnRawText(23)),
		Latency: api.Latency{
			Total: columnMaybe(s, 24, toInt), ASR: columnMaybe(s, 25, toInt),
			Bot: columnMaybe(s, 26, toInt), TTS: columnMaybe(s, 27, toInt),
		},
		Stamped: s.ColumnInt64(29) != 0,
		Fault:   r.words.of(s.ColumnRawText(30)),
	}
	r.oldest = earlier(r.oldest, s.ColumnInt64(20))
	if strings.HasPrefix(string(m.ID), hashed) {
		m.ID = ""
	}
	if b := s.ColumnRawBlob(13); len(b) > 0 {
		if err := json.Unmarshal(b, &m.Options); err != nil {
			return fmt.Errorf("options of a message: %w", errDamaged)
		}
	}
	var err error
	if m.Tags, err = r.words.tags(s.ColumnBlob(17, nil)); err != nil {
		return err
	}
	if m.AltText, err = r.words.tags(s.ColumnBlob(28, nil)); err != nil {
		return err
	}
	r.out = append(r.out, r.decode.message(m, s.ColumnInt64(31)))
	return nil
}

// messagesOf reads what is there of some sessions, in the order of the
// transcript.
func (s *Store) messagesOf(c *conn, ids []api.SessionID, notBefore int64) (*messageScan, error) {
	scan := s.messageScan()
	for _, id := range ids {
		err := c.rows(`SELECT `+messageColumns+` FROM message WHERE session = ? AND fetched >= ? ORDER BY time, stamp, id`,
			[]any{string(id), notBefore}, scan.row)
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(scan.out, byMessage)
	return scan, nil
}

// transcript is what is known about one session's messages as a whole.
type transcript struct {
	fetched time.Time
	settled bool
}

func transcriptsOf(c *conn, ids []api.SessionID, now time.Time, keep time.Duration) (map[api.SessionID]transcript, error) {
	out := map[api.SessionID]transcript{}
	for _, id := range ids {
		err := c.rows("SELECT fetched, settled FROM transcript WHERE session = ?", []any{string(id)}, func(s *sqlite3.Stmt) error {
			t := transcript{fromMillis(s.ColumnInt64(0)), s.ColumnInt64(1) != 0}
			if !expired(t.fetched, now, keep) {
				out[id] = t
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// markTranscript says that all messages of a session were read now.
func markTranscript(c *conn, id api.SessionID, now time.Time) error {
	var end time.Time
	closed := false
	err := c.rows(`SELECT settled, coalesce("end", start) FROM session WHERE id = ?`, []any{string(id)}, func(s *sqlite3.Stmt) error {
		closed, end = s.ColumnInt64(0) != 0, columnTime(s, 1)
		return nil
	})
	if err != nil {
		return err
	}
	var last time.Time
	err = c.rows("SELECT max(time) FROM message WHERE session = ?", []any{string(id)}, func(s *sqlite3.Stmt) error {
		last = columnTime(s, 0)
		return nil
	})
	if err != nil {
		return err
	}
	return c.exec("INSERT OR REPLACE INTO transcript (session, fetched, settled) VALUES (?, ?, ?)",
		string(id), now.UnixMilli(), transcriptSettled(closed, end, last, now))
}
