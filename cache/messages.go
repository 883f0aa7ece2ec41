package cache

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	sqlite3 "github.com/ncruces/go-sqlite3"

	"korescope/api"
)

// MessageReader reads transcripts through the cache.
type MessageReader struct {
	s       *Store
	src     api.MessageSource
	mode    Mode
	flights flights[api.MessageQuery, []api.Message]
}

// Messages makes a reader. src may be nil in mode Offline.
func Messages(s *Store, src api.MessageSource, m Mode) *MessageReader {
	return &MessageReader{s: s, src: src, mode: m}
}

// Cached answers from disk, oldest first, with Raw. It is Partial while a
// session of the question was not read to its end. The error is an *api.Error
// of kind NotCached when nothing is known of any of them.
func (r *MessageReader) Cached(ctx context.Context, q api.MessageQuery) (api.Answer[[]api.Message], error) {
	if r.mode == Fresh {
		return api.Answer[[]api.Message]{}, notCached()
	}
	a, _, err := r.known(ctx, q)
	return a, err
}

// known is the answer from disk and the sessions that may have more.
func (r *MessageReader) known(ctx context.Context, q api.MessageQuery) (a api.Answer[[]api.Message], loose []api.SessionID, err error) {
	now := r.s.o.Now()
	ids := q.Sessions.All()
	err = r.s.read(ctx, "read messages from the cache", func(c *conn) error {
		a, loose = api.Answer[[]api.Message]{Origin: api.FromDisk, Done: true}, nil
		scan, err := r.s.messagesOf(c, ids, r.s.notBefore(now))
		if err != nil {
			return err
		}
		have, err := transcriptsOf(c, ids, now, r.s.o.Retention)
		if err != nil {
			return err
		}
		a.Value, a.At = scan.out, scan.oldest
		loose = judgeTranscripts(&a, ids, have, now)
		told, err := announcedOf(c, ids)
		if err != nil {
			return err
		}
		if few := tooFew(a.Value, ids, told); few != "" && !a.Partial {
			a.Partial, a.Note = true, few
			for _, t := range have {
				a.Fresh = a.Fresh && recent(t.fetched, now)
			}
		}
		if len(have) == 0 && len(scan.out) == 0 {
			return notCached()
		}
		return nil
	})
	return a, loose, err
}

// judgeTranscripts fills in how fresh and complete an answer is, and gives the
// sessions that may have more.
func judgeTranscripts(a *api.Answer[[]api.Message], ids []api.SessionID, have map[api.SessionID]transcript, now time.Time) []api.SessionID {
	var loose []api.SessionID
	var oldest, looseAt time.Time
	a.Fresh = true
	missing := 0
	for _, id := range ids {
		t, ok := have[id]
		if ok {
			oldest = earlier(oldest, t.fetched.UnixMilli())
		}
		if ok && t.settled {
			continue
		}
		loose = append(loose, id)
		if !ok {
			missing++
			a.Fresh = false
			continue
		}
		looseAt = earlier(looseAt, t.fetched.UnixMilli())
		a.Fresh = a.Fresh && recent(t.fetched, now)
	}
	a.Partial = missing > 0
	if missing > 0 {
		a.Note = "not read to the end"
	}
	if at := answerAge(view{oldest: oldest}, looseAt); !at.IsZero() {
		a.At = at
	}
	return loose
}

// Refresh reads the sessions that may have more and gives the growing
// transcript after every page. Sessions that are closed and read to their end
// cost no request.
func (r *MessageReader) Refresh(ctx context.Context, q api.MessageQuery, lane api.Lane) iter.Seq2[api.Answer[[]api.Message], error] {
	if r.mode == Offline {
		return onlyCached(func() (api.Answer[[]api.Message], error) { return r.Cached(ctx, q) })
	}
	return r.flights.share(ctx, q, func(yield func(api.Answer[[]api.Message], error) bool) {
		w := &messageRead{r: r, q: q, yield: yield}
		w.run(ctx, lane)
	})
}

// messageRead is one run of MessageReader.Refresh.
type messageRead struct {
	r     *MessageReader
	q     api.MessageQuery
	yield func(api.Answer[[]api.Message], error) bool
	notes progress

	rows []api.Message
	have map[api.SessionID]transcript
	ask  []api.SessionID
	told map[api.SessionID]int // how many messages the list of sessions announced
}

func (w *messageRead) run(ctx context.Context, lane api.Lane) {
	if err := w.load(ctx); err != nil {
		w.give(true, err)
		return
	}
	done := w.takeFinal(ctx)
	defer done()
	if len(w.ask) == 0 {
		w.give(true, nil)
		return
	}
	q := w.q
	q.Sessions = api.ListIDs(w.ask...)
	if !w.read(ctx, w.window(ctx, q), lane) {
		return
	}
	// Dates may be what kept the messages of a session away: it has some, and none
	// came.
	if empty := w.empty(); len(empty) > 0 && !w.read(ctx, api.MessageQuery{Sessions: api.ListIDs(empty...), Bare: true}, lane) {
		return
	}
	w.finish(ctx)
	w.give(true, nil)
}

// read asks about the sessions of one bot after the other; false when it is over.
func (w *messageRead) read(ctx context.Context, q api.MessageQuery, lane api.Lane) bool {
	for _, part := range w.byBot(ctx, q) {
		if !w.readPart(ctx, part, lane) {
			return false
		}
	}
	return true
}

// byBot takes a question apart where its sessions are of several bots: the
// platform answers for one bot at a time.
func (w *messageRead) byBot(ctx context.Context, q api.MessageQuery) []api.MessageQuery {
	home := w.r.s.o.Home
	if !home.Account {
		return []api.MessageQuery{q}
	}
	of := map[api.BotID][]api.SessionID{}
	w.notes.unkept(w.r.s.read(ctx, "read the bots of sessions from the cache", func(c *conn) error {
		clear(of)
		for _, id := range q.Sessions.All() {
			bot := home.Of(q.Bot)
			err := c.rows("SELECT bot FROM session WHERE id = ? AND bot <> ''", []any{string(id)}, func(s *sqlite3.Stmt) error {
				bot = home.Of(api.BotID(s.ColumnText(0)))
				return nil
			})
			if err != nil {
				return err
			}
			of[bot] = append(of[bot], id)
		}
		return nil
	}))
	if len(of) == 0 {
		return []api.MessageQuery{q}
	}
	var out []api.MessageQuery
	for _, bot := range slices.Sorted(maps.Keys(of)) {
		part := q
		part.Bot, part.Sessions = bot, api.ListIDs(of[bot]...)
		out = append(out, part)
	}
	return out
}

// readPart takes in the answer to one question; false when it is over.
func (w *messageRead) readPart(ctx context.Context, q api.MessageQuery, lane api.Lane) bool {
	for page, err := range w.r.src.Messages(ctx, q, lane) {
		if err != nil {
			w.give(true, err)
			return false
		}
		w.take(ctx, page)
		if !w.give(false, nil) {
			return false
		}
	}
	return true
}

func (w *messageRead) load(ctx context.Context) error {
	ids := w.q.Sessions.All()
	w.ask, w.have = ids, map[api.SessionID]transcript{}
	w.notes.unkept(w.r.s.read(ctx, "read session counts from the cache", func(c *conn) (err error) {
		w.told, err = announcedOf(c, ids)
		return err
	}))
	if w.r.mode == Fresh {
		return nil
	}
	now := w.r.s.o.Now()
	err := w.r.s.read(ctx, "read messages from the cache", func(c *conn) error {
		scan, err := w.r.s.messagesOf(c, ids, w.r.s.notBefore(now))
		if err != nil {
			return err
		}
		have, err := transcriptsOf(c, ids, now, w.r.s.o.Retention)
		if err != nil {
			return err
		}
		w.rows, w.have = scan.out, have
		var a api.Answer[[]api.Message]
		w.ask = judgeTranscripts(&a, ids, have, now)
		if got := readOf(w.rows); len(w.ask) < len(ids) {
			for _, id := range ids { // what is short is asked again
				if t := have[id]; got[id] < w.told[id] && !slices.Contains(w.ask, id) && !recent(t.fetched, now) {
					w.ask = append(w.ask, id)
				}
			}
		}
		return nil
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	w.notes.unkept(err)
	return nil
}

func (w *messageRead) take(ctx context.Context, page api.Page[api.Message]) {
	now := w.r.s.o.Now()
	w.notes.unkept(w.r.s.write(context.WithoutCancel(ctx), "keep messages", func(c *conn) error {
		return w.r.s.putMessages(c, page.Items, now)
	}))
	w.notes.note(page.Note)
	w.notes.gaps = append(w.notes.gaps, page.Gaps...)
	w.notes.unknown = append(w.notes.unknown, page.Unknown...)
	w.notes.total = page.Total
	w.rows = mergeRows(w.rows, page.Items, func(m api.Message) identity {
		return identity(string(m.Session) + "/" + messageKey(m))
	}, byMessage, func(api.Message) bool { return true })
}

// finish marks the transcripts as read to their end.
func (w *messageRead) finish(ctx context.Context) {
	if len(w.notes.gaps) > 0 {
		return
	}
	read := slices.DeleteFunc(slices.Clone(w.ask), func(id api.SessionID) bool { return slices.Contains(w.notes.unknown, id) })
	w.mark(ctx, read)
	w.giveFinal(ctx, read)
}

// mark says that all messages of some sessions were read now.
func (w *messageRead) mark(ctx context.Context, read []api.SessionID) {
	now := w.r.s.o.Now()
	for _, id := range read {
		w.have[id] = transcript{fetched: now}
	}
	w.notes.unkept(w.r.s.write(context.WithoutCancel(ctx), "keep messages", func(c *conn) error {
		for _, id := range read {
			if err := markTranscript(c, id, now); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (w *messageRead) give(done bool, failed error) bool {
	now := w.r.s.o.Now()
	a := api.Answer[[]api.Message]{Value: w.rows, Origin: api.FromNetwork, At: now}
	judgeTranscripts(&a, w.q.Sessions.All(), w.have, now)
	if len(w.ask) == 0 {
		a.Origin = api.FromDisk
	}
	a.Done = done
	a.Gaps, a.Total = slices.Clone(w.notes.gaps), w.notes.total
	a.Unknown = slices.Clone(w.notes.unknown)
	a.Partial = failed != nil || len(a.Gaps) > 0 || a.Partial && !w.allUnknown(a.Unknown)
	if !a.Partial {
		a.Note = ""
		if few := tooFew(w.rows, w.q.Sessions.All(), w.told); few != "" && done && failed == nil {
			a.Partial, a.Note = true, few
		}
	}
	a.Fresh = a.Fresh && !a.Partial
	a.Note = strings.Join(slices.Concat(nonEmpty(a.Note), w.notes.said), "; ")
	return w.yield(a, failed)
}

// allUnknown reports that what is not read does not exist.
func (w *messageRead) allUnknown(unknown []api.SessionID) bool {
	for _, id := range w.q.Sessions.All() {
		if _, ok := w.have[id]; !ok && !slices.Contains(unknown, id) {
			return false
		}
	}
	return true
}

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}
