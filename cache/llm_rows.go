package cache

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	sqlite3 "github.com/ncruces/go-sqlite3"

	"korescope/api"
	"korescope/api/payload"
)

const callColumns = `rid, id, session, joined, bot, user, at, start, "end", took, status, code,
	feature, prompt, integration, model, channel, task, description,
	request_tokens, response_tokens, finish, guards, problem, unreadable, fetched, tokens_from, reading`

// callKey is the id in the table, where rows without an id have one of their own.
func callKey(l api.LLMCall) string {
	if l.ID != "" {
		return string(l.ID)
	}
	return hashed + shortHash(l.Raw)
}

// putCalls writes rows, oldest first, with their payloads. dev: the question
// asked for developers' calls as well, so that nobody knows whose these are.
func putCalls(c *conn, rows []api.LLMCall, asked api.Window, dev bool, now time.Time) error {
	rows = slices.SortedFunc(slices.Values(rows), api.OlderCall)
	for _, l := range rows {
		key := callKey(l)
		at := l.Start
		if at.IsZero() {
			at = asked.From
		}
		rid, err := c.number("SELECT rid FROM call WHERE id = ?", key)
		if err != nil {
			return err
		}
		known := rid != 0
		if !known {
			if rid, err = newRid(c, "call", key, callBit, at); err != nil {
				return err
			}
		}
		if err := putCall(c, rid, key, at, l, dev, now); err != nil {
			return err
		}
		if err := putPayload(c, rid, l); err != nil {
			return err
		}
		if err := index(c, rid, callWords(l), known); err != nil {
			return err
		}
	}
	return nil
}

func putCall(c *conn, rid int64, key string, at time.Time, l api.LLMCall, dev bool, now time.Time) error {
	var guards []byte
	if len(l.Guardrails) > 0 {
		var err error
		if guards, err = json.Marshal(l.Guardrails); err != nil {
			return fmt.Errorf("guardrails of a call: %w", err)
		}
	}
	return c.exec(`INSERT OR REPLACE INTO call (dev, `+callColumns+`)
		VALUES (min(?, coalesce((SELECT dev FROM call WHERE rid = ?), 1)),?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		dev, rid, rid, key, string(l.Session), string(l.Joined), string(l.Bot), string(l.User),
		atMillis(at), millis(l.Start), millis(l.End), maybeInt64(l.TimeTaken), l.Status, maybeInt(l.StatusCode),
		l.Feature, l.Prompt, l.Integration, l.Model, l.Channel, l.Task, l.Description,
		maybeInt(l.RequestTokens), maybeInt(l.ResponseTokens), l.Finish, guards, l.Problem, l.Unreadable, now.UnixMilli(),
		string(l.TokensFrom), payload.Version)
}

// putPayload stores request and response as places inside raw when they are
// part of it, which halves the room they take.
func putPayload(c *conn, rid int64, l api.LLMCall) error {
	args := []any{rid, []byte(l.Raw), nil, nil, nil, nil, nil, nil}
	for i, part := range [][]byte{l.Request, l.Response} {
		switch at := bytes.Index(l.Raw, part); {
		case part == nil:
		case at >= 0:
			args[4+2*i], args[5+2*i] = at, len(part)
		default:
			args[2+i] = part
		}
	}
	return c.exec(`INSERT OR REPLACE INTO call_raw
		(rid, raw, request, response, request_at, request_len, response_at, response_len)
		VALUES (?,?,?,?,?,?,?,?)`, args...)
}

type callScan struct {
	words *words
	out   []api.LLMCall
	stale []staleRow
}

// staleRow is a row of a scan whose payloads an older reader read.
type staleRow struct {
	at  int
	rid int64
}

// renew reads those anew.
func (r *callScan) renew(c *conn) error {
	for _, s := range r.stale {
		l, err := rereadCall(c, s.rid, r.out[s.at])
		if err != nil {
			return err
		}
		l.Request, l.Response = nil, nil
		r.out[s.at] = l
	}
	r.stale = nil
	return nil
}

func (r *callScan) row(s *sqlite3.Stmt) error {
	l := api.LLMCall{
		ID:             api.CallID(s.ColumnText(1)),
		Session:        api.SessionID(r.words.of(s.ColumnRawText(2))),
		Joined:         api.JoinedBy(r.words.of(s.ColumnRawText(3))),
		Bot:            api.BotID(r.words.of(s.ColumnRawText(4))),
		User:           api.UserID(r.words.of(s.ColumnRawText(5))),
		Start:          columnTime(s, 7),
		End:            columnTime(s, 8),
		TimeTaken:      columnMaybe(s, 9, toInt64),
		Status:         r.words.of(s.ColumnRawText(10)),
		StatusCode:     columnMaybe(s, 11, toInt),
		Feature:        r.words.of(s.ColumnRawText(12)),
		Prompt:         r.words.of(s.ColumnRawText(13)),
		Integration:    r.words.of(s.ColumnRawText(14)),
		Model:          r.words.of(s.ColumnRawText(15)),
		Channel:        r.words.of(s.ColumnRawText(16)),
		Task:           r.words.of(s.ColumnRawText(17)),
		Description:    r.words.of(s.ColumnRawText(18)),
		RequestTokens:  columnMaybe(s, 19, toInt),
		ResponseTokens: columnMaybe(s, 20, toInt),
		Finish:         r.words.of(s.ColumnRawText(21)),
		Problem:        r.words.of(s.ColumnRawText(23)),
		Unreadable:     s.ColumnText(24),
		TokensFrom:     api.TokensFrom(r.words.of(s.ColumnRawText(26))),
	}
	if stale(s.ColumnInt64(27)) {
		r.stale = append(r.stale, staleRow{len(r.out), s.ColumnInt64(0)})
	}
	if strings.HasPrefix(string(l.ID), hashed) {
		l.ID = ""
	}
	if b := s.ColumnRawBlob(22); len(b) > 0 {
		if err := json.Unmarshal(b, &l.Guardrails); err != nil {
			return fmt.Errorf("guardrails of a call: %w", errDamaged)
		}
	}
	r.out = append(r.out, l)
	return nil
}

// listCalls reads the calls that a question asks for, newest first, of any bot
// where it names none. Those of a
// question that rows do not answer are not here.
func listCalls(c *conn, q api.LLMQuery, notBefore int64) ([]api.LLMCall, error) {
	if !q.Told() {
		return nil, nil
	}
	limit := q.Limit
	if limit <= 0 || q.Filtered() {
		limit = -1
	}
	scan := &callScan{words: newWords()}
	err := c.rows(`SELECT `+callColumns+` FROM call WHERE at >= ? AND at < ? AND fetched >= ? AND dev <= ?
			AND (?5 = '' OR bot IN ('', ?5)) ORDER BY at DESC LIMIT ?6`,
		[]any{atMillis(q.Window.From), atMillis(q.Window.To), notBefore, q.Developer, string(q.Bot), limit}, scan.row)
	if err == nil {
		err = scan.renew(c)
	}
	if q.Filtered() {
		scan.out = slices.DeleteFunc(scan.out, func(l api.LLMCall) bool { return !q.Fits(l) })
	}
	slices.SortStableFunc(scan.out, api.NewerCall)
	return scan.out, err
}

// fullCall reads one call with its payloads.
func fullCall(c *conn, id api.CallID, notBefore int64) (l api.LLMCall, fetched time.Time, found bool, err error) {
	scan := &callScan{words: newWords()}
	var rid int64
	err = c.rows(`SELECT `+callColumns+` FROM call WHERE id = ? AND fetched >= ?`, []any{string(id), notBefore},
		func(s *sqlite3.Stmt) error {
			rid, fetched = s.ColumnInt64(0), fromMillis(s.ColumnInt64(25))
			return scan.row(s)
		})
	if err != nil || len(scan.out) == 0 {
		return l, fetched, false, err
	}
	if err := scan.renew(c); err != nil {
		return l, fetched, false, err
	}
	l = scan.out[0]
	l.Raw, l.Request, l.Response, err = payloads(c, rid)
	return l, fetched, true, err
}

func payloads(c *conn, rid int64) (raw, request, response json.RawMessage, err error) {
	err = c.rows(`SELECT raw, request, response, request_at, request_len, response_at, response_len
		FROM call_raw WHERE rid = ?`, []any{rid}, func(s *sqlite3.Stmt) error {
		raw, request, response = columnBytes(s, 0), columnBytes(s, 1), columnBytes(s, 2)
		var err error
		if s.ColumnType(3) != sqlite3.NULL {
			if request, err = part(raw, s.ColumnInt64(3), s.ColumnInt64(4)); err != nil {
				return err
			}
		}
		if s.ColumnType(5) != sqlite3.NULL {
			response, err = part(raw, s.ColumnInt64(5), s.ColumnInt64(6))
		}
		return err
	})
	return raw, request, response, err
}

func part(raw json.RawMessage, at, n int64) (json.RawMessage, error) {
	if at < 0 || n < 0 || at+n > int64(len(raw)) {
		return nil, fmt.Errorf("payload of a call: %w", errDamaged)
	}
	return raw[at : at+n : at+n], nil
}
