package cache

import (
	"context"
	"slices"
	"time"

	sqlite3 "github.com/ncruces/go-sqlite3"

	"korescope/api"
	"korescope/api/trace"
	"korescope/api/verdict"
)

// Tail is how a cached conversation ended, and why it went as it did.
type Tail struct {
	User string // last thing the user said; "" when nothing
	// Bot is the answer to it, else the last thing the bot said.
	Bot      string
	At       time.Time // time of the later one
	Complete bool      // all messages were read
	// Why is made of what is on disk: messages, model calls and debug lines. It
	// has no link while the messages are not here and nothing else tells of a
	// fault.
	Why verdict.Verdict
}

// LogNames gives the questions under which the debug lines of a session may be
// kept.
type LogNames func(api.Session, []api.Message) []api.LogQuery

// Tails gives the last turn and the verdict of conversations of which something
// is cached; others are not in the map. Everything is read at one moment.
func (s *Store) Tails(ctx context.Context, of []api.Session, logs LogNames) (map[api.SessionID]Tail, error) {
	out := make(map[api.SessionID]Tail, len(of))
	err := s.read(ctx, "read last turns from the cache", func(c *conn) error {
		clear(out)
		r, err := s.evidenceReader(c, logs)
		if err != nil {
			return err
		}
		for _, one := range of {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			e, whole, err := r.of(one)
			if err != nil {
				return err
			}
			if t, any := told(e, whole); any {
				out[one.ID] = t
			}
		}
		return nil
	})
	return out, err
}

// told is what the evidence says; any is false when it says nothing.
func told(e verdict.Evidence, whole bool) (t Tail, any bool) {
	t = tailOf(e.Messages)
	any = len(e.Messages) > 0
	if t.Complete = whole; !whole {
		e.Messages = nil // half a conversation would tell of an end that is none
	}
	// That there was no fault is said of what was read, not of what was not.
	if why := verdict.Of(e); whole || why.Fault() {
		t.Why, any = why, true
	}
	return t, any
}

// evidence reads what is on disk of one conversation after the other.
type evidence struct {
	c     *conn
	s     *Store
	logs  LogNames
	now   time.Time
	since int64 // what was fetched before is forgotten

	calls, lines bool                    // any are kept at all
	called       map[api.LLMQuery][]span // what of the logs of calls was read, by bot, with and without those of developers
}

func (s *Store) evidenceReader(c *conn, logs LogNames) (*evidence, error) {
	now := s.o.Now()
	r := &evidence{c: c, s: s, logs: logs, now: now, since: s.notBefore(now), called: map[api.LLMQuery][]span{}}
	for table, any := range map[string]*bool{"call": &r.calls, "debug": &r.lines} {
		n, err := c.number("SELECT count(*) FROM (SELECT 1 FROM " + table + " LIMIT 1)")
		if err != nil {
			return nil, err
		}
		*any = n > 0
	}
	return r, nil
}

// of reads one conversation; whole says that all of its messages are here.
func (r *evidence) of(s api.Session) (e verdict.Evidence, whole bool, err error) {
	e.Session = s
	if s.ID == "" {
		return e, false, nil
	}
	have, err := transcriptsOf(r.c, []api.SessionID{s.ID}, r.now, r.s.o.Retention)
	if err != nil {
		return e, false, err
	}
	scan, err := r.s.messagesOf(r.c, []api.SessionID{s.ID}, r.since)
	if err != nil {
		return e, false, err
	}
	e.Messages = scan.out
	// What was read while the conversation went on may lack its end.
	t, known := have[s.ID]
	if whole = known && (s.Open() || t.settled || !t.fetched.Before(s.End)); whole {
		e.Read |= verdict.Messages
	}
	others, err := r.siblings(s)
	if err != nil {
		return e, whole, err
	}
	if err := r.addCalls(&e, others); err != nil {
		return e, whole, err
	}
	return e, whole, r.addLines(&e, others)
}

// read reports that all of the window up to now was read.
func (r *evidence) read(spans []span, w api.Window) bool {
	w = upToNow(w, r.now)
	return !w.Zero() && w.Length() > 0 && len(withoutJustNow(look(spans, w), r.now)) == 0
}

// reach is how long before a session another one of its user may have begun that
// claims the same calls and lines.
const reach = 24 * time.Hour

// siblings are the sessions of the same user around this one.
func (r *evidence) siblings(s api.Session) ([]api.Session, error) {
	w := s.Reach(r.now)
	if s.User == "" || w.Zero() || !r.calls && !r.lines {
		return nil, nil
	}
	scan := newSessionScan()
	err := r.c.rows(`SELECT `+sessionColumns+` FROM session WHERE user = ? AND at >= ? AND at < ? AND fetched >= ?`,
		[]any{string(s.User), atMillis(w.From.Add(-reach)), atMillis(w.To), r.since}, scan.row)
	return scan.all(), err
}

// callSpans are what was read of the log that has the calls of a session.
func (r *evidence) callSpans(s api.Session) (spans []span, err error) {
	q := api.LLMQuery{Bot: r.s.o.Home.Of(s.Bot), Developer: s.Developer.Value}
	if known, asked := r.called[q]; asked {
		return known, nil
	}
	spans, err = knownSpans(r.c, question{calls: true, some: q}, r.now, r.s.o.Retention)
	r.called[q] = spans
	return spans, err
}

// addCalls adds the model calls with their requests, which hold what the tools
// said.
func (r *evidence) addCalls(e *verdict.Evidence, others []api.Session) error {
	w := e.Session.Reach(r.now)
	spans, err := r.callSpans(e.Session)
	if err != nil {
		return err
	}
	if r.read(spans, w) {
		e.Read |= verdict.Calls
	}
	if !r.calls {
		return nil
	}
	scan := &callScan{words: newWords()}
	var rids []int64
	row := func(s *sqlite3.Stmt) error {
		rids = append(rids, s.ColumnInt64(0))
		return scan.row(s)
	}
	err = r.c.rows(`SELECT `+callColumns+` FROM call WHERE session = ? AND fetched >= ?`, []any{string(e.Session.ID), r.since}, row)
	if err == nil && !w.Zero() && e.Session.User != "" {
		err = r.c.rows(`SELECT `+callColumns+` FROM call WHERE user = ? AND session = '' AND at >= ? AND at < ? AND fetched >= ?`,
			[]any{string(e.Session.User), atMillis(w.From), atMillis(w.To), r.since}, row)
	}
	if err == nil {
		err = scan.renew(r.c)
	}
	if err != nil {
		return err
	}
	for i, rid := range rids {
		if scan.out[i].Request, err = requestOf(r.c, rid); err != nil {
			return err
		}
	}
	e.Calls = trace.Calls(e.Session, others, scan.out)
	slices.SortStableFunc(e.Calls, func(a, b api.LLMCall) int { return a.Start.Compare(b.Start) })
	return nil
}

// requestOf reads what a model was sent, without the answer.
func requestOf(c *conn, rid int64) (request []byte, err error) {
	err = c.rows(`SELECT coalesce(request, substr(raw, request_at + 1, request_len)) FROM call_raw WHERE rid = ?`, []any{rid},
		func(s *sqlite3.Stmt) error {
			request = columnBytes(s, 0)
			return nil
		})
	return request, err
}

// addLines adds the debug lines.
func (r *evidence) addLines(e *verdict.Evidence, others []api.Session) error {
	if !r.lines || r.logs == nil {
		return nil
	}
	var names []string
	var lines []api.DebugLine
	seen := map[string]bool{}
	for _, q := range r.logs(e.Session, e.Messages) {
		names = append(names, q.Identity)
		ask := question{line: lineQuestion{bot: r.s.o.Home.Of(q.Bot), identity: q.Identity, channel: q.Channel}}
		spans, err := knownSpans(r.c, ask, r.now, r.s.o.Retention)
		if err != nil {
			return err
		}
		if len(spans) == 0 || q.Window.Zero() {
			continue
		}
		if r.read(spans, q.Window) {
			e.Read |= verdict.Lines
		}
		found, err := listLines(r.c, ask.line, q.Window, r.since)
		if err != nil {
			return err
		}
		for _, l := range found {
			if key := lineKey(l); !seen[key] {
				seen[key] = true
				lines = append(lines, l)
			}
		}
	}
	slices.SortStableFunc(lines, func(a, b api.DebugLine) int { return a.Time.Compare(b.Time) })
	e.Lines = trace.Lines(e.Session, others, names, lines)
	return nil
}

// answerWithin is how soon after the user's last words a bot message counts as
// the answer to them. What comes later is the platform closing the chat: every
// lost conversation ends in the same sentence, and a list of it says nothing.
const answerWithin = 2 * time.Minute

// tailOf is the last turn of messages, which are oldest first.
func tailOf(messages []api.Message) Tail {
	last := func(direction api.Direction, until time.Time) (api.Message, bool) {
		for _, m := range slices.Backward(messages) {
			if m.Direction == direction && m.Text != "" && (until.IsZero() || !m.Time.After(until)) {
				return m, true
			}
		}
		return api.Message{}, false
	}
	asked, any := last(api.FromUser, time.Time{})
	var answer api.Message
	answered := false
	if any && !asked.Time.IsZero() {
		answer, answered = last(api.FromBot, asked.Time.Add(answerWithin))
	}
	if !answered {
		answer, _ = last(api.FromBot, time.Time{})
	}
	return Tail{User: asked.Text, Bot: answer.Text, At: maxTime(asked.Time, answer.Time)}
}

// RawSession gives a session row as the platform sent it; nil when it is not
// cached.
func (s *Store) RawSession(ctx context.Context, id api.SessionID) ([]byte, error) {
	var raw []byte
	err := s.read(ctx, "read a session from the cache", func(c *conn) error {
		var err error
		raw, err = rawSession(c, id)
		return err
	})
	return raw, err
}
