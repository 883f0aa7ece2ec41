package kore

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"korescope/api"
)

const (
	// Fifty is what getSessions takes; for messages the most is not documented.
	// Twenty is used in practice, so a larger request that is refused is sent
	// again in parts.
	idsPerTranscript = 50
	idsInPractice    = 20
	messagePage      = 10_000
	olderPage        = 100
	messagesBefore   = time.Hour
	messagesAfter    = 24 * time.Hour // closing messages are written late
	restMax          = 1000           // pages of one conversation
	bornBefore       = time.Hour      // around the time inside a session id
	bornAfter        = 3 * 24 * time.Hour
)

// noteOlder marks answers of the older call.
const noteOlder = "read with the older getMessages, which also lists alert and action tasks"

// messageAsk is the body of getMessages and getMessagesV2 (reference 8.4).
// includeSecureForm is never sent: it reveals what users typed into forms.
type messageAsk struct {
	IDs      []api.SessionID `json:"sessionId,omitempty"`
	DateFrom string          `json:"dateFrom,omitempty"`
	DateTo   string          `json:"dateTo,omitempty"`
	Skip     int             `json:"skip"`
	Limit    int             `json:"limit"`
	messageExtras
}

// messageExtras are the parts of a row that only come when they are asked for.
type messageExtras struct {
	TraceID bool `json:"includeTraceId"`
	Latency bool `json:"includeLatency"`
	Agents  bool `json:"getAgentsInfo"`
}

func allExtras() messageExtras { return messageExtras{TraceID: true, Latency: true, Agents: true} }

// bareAsk names sessions and nothing else, which a client in production sends
// (reference 31.1).
type bareAsk struct {
	IDs []api.SessionID `json:"sessionId"`
}

// Messages reads whole conversations, each page oldest first. Messages without
// any session named are Misuse. Done is the query's window on the last page of
// a reading without a gap, zero before.
//
// POST /api/public/bot/{bot}/getMessagesV2 (reference 8.2), and getMessages
// (8.1) where the platform does not know the former.
func (c *Client) Messages(ctx context.Context, q api.MessageQuery, lane api.Lane) iter.Seq2[api.Page[api.Message], error] {
	groups := transcriptGroups(q)
	if len(groups) == 0 {
		return func(yield func(api.Page[api.Message], error) bool) {
			yield(api.Page[api.Message]{}, misuse("no session is named"))
		}
	}
	return func(yield func(api.Page[api.Message], error) bool) {
		t := &transcripts{c: c, lane: lane, known: map[api.MessageID]struct{}{}}
		inGroups(groups, q.Window, func(g group) (api.Page[api.Message], error) {
			g.bot = q.Bot
			return t.group(ctx, g)
		})(yield)
	}
}

// transcriptGroups chooses which ids to ask for together, and in which window.
func transcriptGroups(q api.MessageQuery) []group {
	ids := q.Sessions.All()
	w := q.Window
	if q.Bare {
		var out []group
		for part := range slices.Chunk(ids, idsPerTranscript) {
			out = append(out, group{ids: part, bare: true})
		}
		return out
	}
	if w.Zero() || w.Length() > sessionSlice-messagesBefore {
		out := groupByBirth(ids, idsPerTranscript, bornBefore, bornAfter)
		if w.Zero() {
			return out
		}
		return sliceUndated(out, w)
	}
	wide := w.Widen(messagesBefore, messagesAfter)
	if wide.Length() > sessionSlice {
		wide.To = wide.From.Add(sessionSlice)
	}
	var out []group
	for part := range slices.Chunk(ids, idsPerTranscript) {
		out = append(out, group{ids: part, window: wide})
	}
	return out
}

// sliceUndated asks for ids that tell no time in every slice of a long window.
func sliceUndated(groups []group, w api.Window) []group {
	var out []group
	for _, g := range groups {
		if !g.window.Zero() {
			out = append(out, g)
			continue
		}
		for _, part := range w.Widen(messagesBefore, messagesAfter).Slices(sessionSlice, sliceOverlap) {
			out = append(out, group{ids: g.ids, window: part})
		}
	}
	return out
}

// transcripts is the state of one reading of messages.
type transcripts struct {
	c     *Client
	lane  api.Lane
	known map[api.MessageID]struct{}
}

// group reads the messages of some sessions, splitting the ids for as long as
// one page does not hold them: what skip counts is not agreed (reference 2.3).
func (t *transcripts) group(ctx context.Context, g group) (api.Page[api.Message], error) {
	rows, note, err := t.all(ctx, g)
	if err != nil {
		return api.Page[api.Message]{}, err
	}
	page := api.Page[api.Message]{Note: note}
	asked := map[api.SessionID]bool{}
	for _, id := range g.ids {
		asked[id] = true
	}
	for _, m := range rows {
		if _, double := t.known[m.ID]; double || m.Session != "" && !asked[m.Session] {
			continue
		}
		t.known[m.ID] = struct{}{}
		if m.Session == "" && len(g.ids) == 1 {
			m.Session = g.ids[0]
		}
		page.Items = append(page.Items, m)
	}
	sortMessages(page.Items)
	return page, nil
}

func (t *transcripts) all(ctx context.Context, g group) (rows []api.Message, note string, err error) {
	if t.c.older.Load() {
		return t.one(ctx, g)
	}
	c, err := t.c.messagePage(ctx, api.GetMessagesV2, g, 0, messagePage, t.lane)
	switch {
	case api.KindOf(err) == api.WrongPath:
		t.c.older.Store(true)
		return t.one(ctx, g)
	case api.KindOf(err) == api.Refused && len(g.ids) > idsInPractice:
		return t.inHalves(ctx, g)
	case err != nil:
		return nil, "", err
	case !c.more.Value || len(c.rows) == 0:
		return c.rows, "", nil
	case len(g.ids) == 1:
		rows, err = t.rest(ctx, api.GetMessagesV2, g, messagePage, c.rows)
		return rows, "", err
	}
	return t.inHalves(ctx, g)
}

func (t *transcripts) inHalves(ctx context.Context, g group) (rows []api.Message, note string, err error) {
	half := len(g.ids) / 2
	for _, ids := range [][]api.SessionID{g.ids[:half], g.ids[half:]} {
		part, n, err := t.all(ctx, group{bot: g.bot, ids: ids, window: g.window, bare: g.bare})
		if err != nil {
			return nil, "", err
		}
		rows, note = append(rows, part...), n
	}
	return rows, note, nil
}

// one reads with the older call, one session at a time.
func (t *transcripts) one(ctx context.Context, g group) (rows []api.Message, note string, err error) {
	for _, id := range g.ids {
		own := group{bot: g.bot, ids: []api.SessionID{id}, window: g.window, bare: g.bare}
		part, err := t.rest(ctx, api.GetMessages, own, olderPage, nil)
		if err != nil {
			return nil, "", err
		}
		rows = append(rows, part...)
	}
	return rows, noteOlder, nil
}

// rest pages on behind rows until nothing new comes.
func (t *transcripts) rest(ctx context.Context, endpoint string, g group, limit int, rows []api.Message) ([]api.Message, error) {
	seen := map[api.MessageID]struct{}{}
	for _, m := range rows {
		seen[m.ID] = struct{}{}
	}
	for range restMax {
		c, err := t.c.messagePage(ctx, endpoint, g, len(rows), limit, t.lane)
		if err != nil {
			return nil, err
		}
		before := len(rows)
		for _, m := range c.rows {
			if _, ok := seen[m.ID]; !ok {
				seen[m.ID] = struct{}{}
				rows = append(rows, m)
			}
		}
		if !c.more.Value || len(rows) == before {
			return rows, nil
		}
	}
	return nil, unreadable(endpoint, "the paging does not end")
}

func (c *Client) messagePage(ctx context.Context, endpoint string, g group, skip, limit int, lane api.Lane) (chunk[api.Message], error) {
	q := messageQuestion(endpoint, g, skip, limit)
	q.lane = lane
	a, err := c.put(ctx, q)
	if err != nil {
		return chunk[api.Message]{}, err
	}
	return a.messages(endpoint)
}

func messageQuestion(endpoint string, g group, skip, limit int) question {
	if g.bare && skip == 0 {
		return question{endpoint: endpoint, bot: g.bot, body: bareAsk{IDs: g.ids}}
	}
	full := messageAsk{IDs: g.ids, Skip: skip, Limit: limit, messageExtras: allExtras()}
	if !g.window.Zero() {
		full.DateFrom, full.DateTo = stamp(g.window.From), stamp(g.window.To)
	}
	return question{endpoint: endpoint, bot: g.bot, body: full}
}

func (a *answer) messages(endpoint string) (chunk[api.Message], error) {
	raw, err := a.envelope(endpoint, "messages")
	if err != nil {
		return chunk[api.Message]{}, err
	}
	out := chunk[api.Message]{more: raw.more, total: raw.total}
	met := map[api.MessageID]int{}
	for _, r := range raw.rows {
		m := decodeMessage(r)
		if met[m.ID]++; met[m.ID] > 1 && strings.HasPrefix(string(m.ID), madeID) {
			// Rows of a call bring no id, and people say the same words twice.
			m.ID = api.MessageID(madeID + digest(string(m.ID), strconv.Itoa(met[m.ID])))
		}
		out.rows = append(out.rows, m)
	}
	return out, nil
}

func oldestMessage(a, b api.Message) int {
	return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Stamp, b.Stamp), cmp.Compare(a.ID, b.ID))
}

func sortMessages(m []api.Message) { slices.SortStableFunc(m, oldestMessage) }
