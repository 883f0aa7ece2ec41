package kore

import (
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"net/url"
	"slices"
	"strings"
	"time"

	"korescope/api"
)

const (
	// sessionSlice stays clear of "less than 7 days" (reference 2.2).
	sessionSlice = 7*24*time.Hour - time.Minute
	sessionSeam  = 3
	idsPerAsk    = 50
)

// Sessions lists sessions, newest first.
//
// POST /api/public/bot/{bot}/getSessions, admin /api/public/getSessions
// (reference 7). A zero or inverted window without IDs is Misuse.
func (c *Client) Sessions(ctx context.Context, q api.SessionQuery, lane api.Lane) iter.Seq2[api.Page[api.Session], error] {
	if ids := q.IDs.All(); len(ids) > 0 {
		return c.sessionsByID(ctx, ids, lane)
	}
	step := further(lane)
	l := &listing[api.Session]{
		endpoint: api.GetSessions,
		window:   q.Window, longest: sessionSlice, limit: q.Limit,
		learns: c.pages, seam: sessionSeam,
		id:    api.Session.Key,
		lost:  api.Session.Lost,
		start: func(s api.Session) time.Time { return s.Start },
		keep:  func(s api.Session) bool { return c.ours(s.Bot, "") && fitsContainment(s, q.Containment) },
		order: newestSession,
		fetch: func(ctx context.Context, w api.Window, skip, limit int) (chunk[api.Session], error) {
			return c.sessionPage(ctx, sessionQuery(q), sessionBody(q, w, skip, limit), step())
		},
	}
	return l.pages(ctx)
}

// sessionAsk is the body of getSessions (reference 7.2).
type sessionAsk struct {
	UserID   string          `json:"userId,omitempty"`
	Skip     int             `json:"skip"`
	Limit    int             `json:"limit"`
	DateFrom string          `json:"dateFrom,omitempty"`
	DateTo   string          `json:"dateTo,omitempty"`
	IDs      []api.SessionID `json:"sessionId,omitempty"`
}

func sessionQuery(q api.SessionQuery) url.Values {
	v := url.Values{}
	if q.Containment != api.Undetermined {
		v.Set("containmentType", string(q.Containment))
	}
	if q.CallID != "" {
		v.Set("callId", q.CallID)
	}
	return v
}

func sessionBody(q api.SessionQuery, w api.Window, skip, limit int) sessionAsk {
	return sessionAsk{UserID: string(q.User), Skip: skip, Limit: limit, DateFrom: stamp(w.From), DateTo: stamp(w.To)}
}

func (c *Client) sessionPage(ctx context.Context, v url.Values, body sessionAsk, lane api.Lane) (chunk[api.Session], error) {
	out := chunk[api.Session]{}
	q := question{endpoint: api.GetSessions, query: v, body: body, lane: lane}
	if body.Limit > safePage && len(body.IDs) == 0 {
		q.repeats = 1 // then a smaller page is the better try
	}
	a, err := c.put(ctx, q)
	if err != nil {
		return out, err
	}
	raw, err := a.envelope(api.GetSessions, "sessions")
	if err != nil {
		return out, err
	}
	out.more, out.total = raw.more, raw.total
	for _, id := range row(a.object).texts("invalidSessions") {
		out.invalid = append(out.invalid, api.SessionID(id))
	}
	for _, r := range raw.rows {
		out.rows = append(out.rows, decodeSession(r))
	}
	return out, nil
}

// ours drops the rows of other bots than the one that was asked about from an
// admin answer.
func (c *Client) ours(bot, asked api.BotID) bool {
	about := c.subject(asked)
	return !c.o.Admin || about == "" || bot == "" || bot == about
}

// fitsContainment keeps a row without a type: the platform matched it, and
// open sessions may carry none yet.
func fitsContainment(s api.Session, want api.Containment) bool {
	return want == api.Undetermined || s.Containment == api.Undetermined ||
		strings.EqualFold(string(s.Containment), string(want))
}

func newestSession(a, b api.Session) int {
	return cmp.Or(b.Start.Compare(a.Start), cmp.Compare(a.ID, b.ID))
}

// decodeSession reads one row of getSessions (reference 7.3).
func decodeSession(raw json.RawMessage) api.Session {
	s := api.Session{Raw: slices.Clone(raw)}
	r, ok := readRow(raw)
	if !ok {
		s.Row, s.Unreadable = digest(string(raw)), "the row is not an object"
		return s
	}
	var startOK, endOK bool
	s.ID = api.SessionID(r.text("sessionId"))
	s.Bot = api.BotID(r.text("botId", "streamId"))
	s.User = api.UserID(r.text("userId"))
	s.Channel = r.text("channel")
	s.Start, startOK = r.time("start_time", "startTime")
	s.End, endOK = r.time("end_time", "endTime")
	s.Languages = r.texts("session_lang")
	s.Kind = r.text("sessionType")
	s.Containment = api.ParseContainment(r.text("containmentType"))
	s.Status = r.text("sessionStatus")
	s.Developer = r.boolean("isDeveloper")
	s.Messages = r.number("noOfMessagesExchanged")
	s.Tasks = r.number("noOfTasksExecuted")
	tags := r.sub("tags")
	s.UserTags, s.SessionTags, s.AltText = tags.tags("userTags"), tags.tags("sessionTags"), tags.tags("altText")
	switch {
	case s.ID == "":
		s.Row = digest(string(raw))
		s.Unreadable = "the row has no sessionId"
	case !startOK:
		s.Unreadable = "start_time is not a time"
	case !endOK:
		s.Unreadable = "end_time is not a time"
	}
	return s
}
