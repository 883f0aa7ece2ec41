package cache

import (
	"bytes"
	"context"
	"encoding/gob"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"time"

	sqlite3 "github.com/ncruces/go-sqlite3"

	"korescope/api"
)

// Commons is where finished answers are shared with other machines. What it gives
// is believed: it has to be sealed against those who may not write.
type Commons interface {
	// Get gives what is kept under a name.
	Get(ctx context.Context, name string) ([]byte, bool)
	// Share is Get, and where there is nothing, makes the caller the one who
	// reads, while others wait: done, not nil then, ends the turn.
	Share(ctx context.Context, name string) (value []byte, done func())
	// Put keeps a final answer; owners are the users
	// whose data it is.
	Put(ctx context.Context, name string, value []byte, owners ...string)
}

// final is an answer that will not change any more, as it is shared.
type final[T any] struct {
	Items []T
	Total api.Maybe[int]
	Done  api.Window
	Note  string
}

// finalName is the name of an answer; another reading of the wire is another.
func (s *Store) finalName(what string) string {
	return "1\x1f" + strconv.Itoa(s.o.Decoder.Version) + "\x1f" + what
}

func packFinal[T any](f final[T]) ([]byte, error) {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(f); err != nil {
		return nil, fmt.Errorf("pack an answer: %w", err)
	}
	return b.Bytes(), nil
}

func unpackFinal[T any](b []byte) (final[T], error) {
	var f final[T]
	if err := gob.NewDecoder(bytes.NewReader(b)).Decode(&f); err != nil {
		return f, fmt.Errorf("unpack an answer: %w", err)
	}
	return f, nil
}

// throughCommons reads a part of a list through what is shared, where the part
// will not change any more and was asked for whole. Who wants it read anew asks
// the platform.
func (l *listing[T]) throughCommons(ctx context.Context, s *Store, m Mode, part api.Window, lane api.Lane) iter.Seq2[api.Page[T], error] {
	read := func() iter.Seq2[api.Page[T], error] { return l.read(ctx, part, lane) }
	if m != Normal || l.owner == nil || l.passed && l.limit > 0 || !s.finalPart(l.ask, part) {
		return read()
	}
	owned := l.owned
	if owned == nil {
		owned = func([]T) bool { return true }
	}
	return throughCommons(ctx, s, s.partName(l.ask, part), read, l.owner, owned)
}

// finalPart reports that an answer about a part of a question can be shared.
func (s *Store) finalPart(q question, part api.Window) bool {
	return s.o.Commons != nil && part.To.Add(q.late()).Before(s.o.Now())
}

func (s *Store) partName(q question, part api.Window) string {
	return s.finalName(q.name() + "\x1f" + strconv.FormatInt(part.From.UnixMilli(), 10) + "\x1f" + strconv.FormatInt(part.To.UnixMilli(), 10))
}

// throughCommons gives what is shared under a name, or what read gives; that is
// shared when it is whole and holds says that it is final.
func throughCommons[T any](ctx context.Context, s *Store, name string, read func() iter.Seq2[api.Page[T], error], owner func(T) api.UserID, holds func([]T) bool) iter.Seq2[api.Page[T], error] {
	return func(yield func(api.Page[T], error) bool) {
		value, done := s.o.Commons.Share(ctx, name)
		if done == nil {
			if f, err := unpackFinal[T](value); err == nil {
				yield(api.Page[T]{Items: f.Items, Total: f.Total, Done: f.Done, Note: f.Note}, nil)
				return
			}
			done = func() {}
		}
		defer done()
		var f final[T]
		broken, more := false, false
		for page, err := range read() {
			broken = broken || err != nil || len(page.Gaps) > 0 || len(page.Unknown) > 0
			more = page.More
			f.add(page)
			if !yield(page, err) {
				return
			}
		}
		if !broken && !more && holds(f.Items) {
			putFinal(ctx, s, name, f, ownersOf(f.Items, owner))
		}
	}
}

// add takes in what a page brought.
func (f *final[T]) add(page api.Page[T]) {
	f.Items, f.Total = append(f.Items, page.Items...), page.Total
	if page.Done.Length() > 0 {
		if f.Done.Zero() {
			f.Done = page.Done
		}
		f.Done = api.Between(minTime(f.Done.From, page.Done.From), maxTime(f.Done.To, page.Done.To))
	}
	if page.Note != "" {
		f.Note = page.Note
	}
}

func putFinal[T any](ctx context.Context, s *Store, name string, f final[T], owners []string) {
	if value, err := packFinal(f); err == nil { // else everybody reads it alone
		s.o.Commons.Put(context.WithoutCancel(ctx), name, value, owners...)
	}
}

// ownersOf are the users whose data rows hold, each once.
func ownersOf[T any](rows []T, owner func(T) api.UserID) []string {
	var out []string
	for _, row := range rows {
		if who := string(owner(row)); who != "" && !slices.Contains(out, who) {
			out = append(out, who)
		}
	}
	return out
}

// transcriptName is the name of a session's messages.
func (s *Store) transcriptName(id api.SessionID) string {
	return s.finalName("messages\x1f" + string(id))
}

// takeFinal takes in the transcripts that others have read to their end, and gives
// what ends the turn to read the one that is left. Only what a closed session said
// is final.
func (w *messageRead) takeFinal(ctx context.Context) (done func()) {
	s, done := w.r.s, func() {}
	if s.o.Commons == nil || w.r.mode != Normal {
		return done
	}
	alone := len(w.ask) == 1
	var left []api.SessionID
	for _, id := range w.ask {
		if !w.over(ctx, id) {
			left = append(left, id)
			continue
		}
		var value []byte
		if alone {
			if value, done = s.o.Commons.Share(ctx, s.transcriptName(id)); done == nil {
				done = func() {}
			}
		} else {
			value, _ = s.o.Commons.Get(ctx, s.transcriptName(id))
		}
		f, err := unpackFinal[api.Message](value)
		if value == nil || err != nil || len(f.Items) < w.told[id] {
			left = append(left, id)
			continue
		}
		w.take(ctx, api.Page[api.Message]{Items: f.Items})
		w.mark(ctx, []api.SessionID{id})
	}
	w.ask = left
	return done
}

// over reports a session that is closed and whose last messages are written.
func (w *messageRead) over(ctx context.Context, id api.SessionID) bool {
	over := false
	now := w.r.s.o.Now()
	_ = w.r.s.read(ctx, "read session times from the cache", func(c *conn) error { // else nobody knows
		return c.rows(`SELECT settled, "end" FROM session WHERE id = ? AND "end" IS NOT NULL`, []any{string(id)}, func(row *sqlite3.Stmt) error {
			over = row.ColumnInt64(0) != 0 && transcriptSettled(true, columnTime(row, 1), time.Time{}, now)
			return nil
		})
	})
	return over
}

// giveFinal shares the transcripts that were read to their end.
func (w *messageRead) giveFinal(ctx context.Context, read []api.SessionID) {
	s := w.r.s
	if s.o.Commons == nil {
		return
	}
	got := readOf(w.rows)
	for _, id := range read {
		if got[id] == 0 || got[id] < w.told[id] || !w.over(ctx, id) {
			continue
		}
		var f final[api.Message]
		for _, m := range w.rows {
			if m.Session == id {
				f.Items = append(f.Items, m)
			}
		}
		s.giveSession(ctx, id)
		putFinal(ctx, s, s.transcriptName(id), f, ownersOf(f.Items, func(m api.Message) api.UserID { return m.User }))
	}
}

// throughCommons reads the sessions of one user, or of one call, through what is
// shared, where none of them can change any more: these are the neighbours of
// every conversation. The window of a list of all is hardly ever that of another.
func (w *sessionRead) throughCommons(ctx context.Context, q api.SessionQuery, lane api.Lane) iter.Seq2[api.Page[api.Session], error] {
	s := w.r.s
	read := func() iter.Seq2[api.Page[api.Session], error] { return w.r.src.Sessions(ctx, q, lane) }
	if w.mode != Normal || q.User == "" && q.CallID == "" || q.Limit > 0 || !s.finalPart(w.ask, q.Window) {
		return read()
	}
	now := s.o.Now()
	return throughCommons(ctx, s, s.partName(w.ask, q.Window), read, func(r api.Session) api.UserID { return r.User }, func(rows []api.Session) bool {
		return !slices.ContainsFunc(rows, func(r api.Session) bool { return !sessionSettled(r, now) })
	})
}

// sessionName is the name of a session's row.
func (s *Store) sessionName(id api.SessionID) string { return s.finalName("session\x1f" + string(id)) }

// takeShared takes in the rows of closed sessions that others have read, and gives
// the ids that are left. More than one request asks for are not looked for.
func (w *sessionRead) takeShared(ctx context.Context, ids []api.SessionID) (left []api.SessionID) {
	s := w.r.s
	if s.o.Commons == nil || w.mode != Normal || len(ids) > idsPerAsk {
		return ids
	}
	var page api.Page[api.Session]
	for _, id := range ids {
		value, found := s.o.Commons.Get(ctx, s.sessionName(id))
		f, err := unpackFinal[api.Session](value)
		if !found || err != nil || len(f.Items) != 1 || f.Items[0].ID != id {
			left = append(left, id)
			continue
		}
		page.Items = append(page.Items, f.Items[0])
	}
	if len(page.Items) > 0 {
		w.takeByID(ctx, page, false)
	}
	return left
}

// giveSession shares the row of a session whose transcript is shared.
func (s *Store) giveSession(ctx context.Context, id api.SessionID) {
	var row api.Session
	err := s.read(ctx, "read a session from the cache", func(c *conn) error {
		rows, err := sessionsByID(c, []api.SessionID{id}, s.notBefore(s.o.Now()))
		if err != nil || len(rows) != 1 {
			return err
		}
		row = rows[0]
		row.Raw, err = rawSession(c, id)
		return err
	})
	if err == nil && row.ID == id {
		putFinal(ctx, s, s.sessionName(id), final[api.Session]{Items: []api.Session{row}}, []string{string(row.User)})
	}
}
