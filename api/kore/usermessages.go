package kore

import (
	"context"
	"iter"
	"net/url"
	"time"

	"korescope/api"
)

const litePage = 1000

// liteAsk is the body of messages-lite (reference 8.8).
type liteAsk struct {
	UserID   api.UserID `json:"userId"`
	DateFrom string     `json:"dateFrom"`
	DateTo   string     `json:"dateTo"`
	Skip     int        `json:"skip"`
	Limit    int        `json:"limit"`
}

// UserMessages reads what was said by and to one user, the latest part first,
// each page oldest first. A query without user or window is Misuse.
//
// POST /api/public/bot/{bot}/messages-lite (reference 8.8).
func (c *Client) UserMessages(ctx context.Context, q api.UserQuery, lane api.Lane) iter.Seq2[api.Page[api.Message], error] {
	if q.User == "" {
		return failed[api.Message](misuse("no user is named"))
	}
	l := &listing[api.Message]{
		endpoint: api.MessagesLite,
		window:   q.Window, longest: max(q.Window.Length(), 2*sliceOverlap), limit: q.Limit,
		size: litePage, seam: sessionSeam,
		id:    func(m api.Message) string { return string(m.ID) },
		start: func(m api.Message) time.Time { return m.Time },
		keep:  func(api.Message) bool { return true },
		order: func(a, b api.Message) int { return oldestMessage(b, a) },
		fetch: func(ctx context.Context, w api.Window, skip, limit int) (chunk[api.Message], error) {
			body := liteAsk{UserID: q.User, DateFrom: stamp(w.From), DateTo: stamp(w.To), Skip: skip, Limit: limit}
			a, err := c.put(ctx, question{endpoint: api.MessagesLite, bot: q.Bot, body: body, lane: lane})
			if err != nil {
				return chunk[api.Message]{}, err
			}
			return a.messages(api.MessagesLite)
		},
	}
	return oldestFirst(l.pages(ctx))
}

// CallMessages reads what was said in one call of a voice channel, each page
// oldest first. Rows of the flat shape name no session. A query without call or
// window is Misuse.
//
// POST /api/public/bot/{bot}/getMessagesV2?callId= (reference 8.7), and
// getMessages where the platform does not know the former.
func (c *Client) CallMessages(ctx context.Context, q api.CallQuery, lane api.Lane) iter.Seq2[api.Page[api.Message], error] {
	if q.CallID == "" {
		return failed[api.Message](misuse("no call is named"))
	}
	l := &listing[api.Message]{
		endpoint: api.GetMessagesV2,
		window:   q.Window, longest: sessionSlice,
		size: olderPage, seam: sessionSeam,
		id:    func(m api.Message) string { return string(m.ID) },
		start: func(m api.Message) time.Time { return m.Time },
		keep:  func(api.Message) bool { return true },
		order: func(a, b api.Message) int { return oldestMessage(b, a) },
		fetch: func(ctx context.Context, w api.Window, skip, limit int) (chunk[api.Message], error) {
			body := messageAsk{DateFrom: stamp(w.From), DateTo: stamp(w.To), Skip: skip, Limit: limit, messageExtras: allExtras()}
			return c.saidInCall(ctx, q, body, lane)
		},
	}
	return oldestFirst(l.pages(ctx))
}

func (c *Client) saidInCall(ctx context.Context, of api.CallQuery, body messageAsk, lane api.Lane) (chunk[api.Message], error) {
	q := question{endpoint: api.GetMessagesV2, bot: of.Bot, query: url.Values{"callId": {of.CallID}}, body: body, lane: lane}
	if c.older.Load() {
		q.endpoint = api.GetMessages
	}
	a, err := c.put(ctx, q)
	if q.endpoint == api.GetMessagesV2 && api.KindOf(err) == api.WrongPath {
		c.older.Store(true)
		q.endpoint = api.GetMessages
		a, err = c.put(ctx, q)
	}
	if err != nil {
		return chunk[api.Message]{}, err
	}
	said, err := a.messages(q.endpoint)
	said.total = api.Maybe[int]{} // here it counts more than the rows there are (reference 8.7)
	return said, err
}

// oldestFirst turns each page round: pages are cut at the newest rows, but a
// conversation is read downwards.
func oldestFirst(pages iter.Seq2[api.Page[api.Message], error]) iter.Seq2[api.Page[api.Message], error] {
	return func(yield func(api.Page[api.Message], error) bool) {
		for p, err := range pages {
			sortMessages(p.Items)
			if !yield(p, err) {
				return
			}
		}
	}
}

func failed[T any](err error) iter.Seq2[api.Page[T], error] {
	return func(yield func(api.Page[T], error) bool) { yield(api.Page[T]{}, err) }
}
