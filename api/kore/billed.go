package kore

import (
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"strconv"
	"strings"
	"time"

	"korescope/api"
)

// billedSlice stays clear of "three months", the shortest of which are 89 days.
const billedSlice = 88 * 24 * time.Hour

// billedPage is how many billed sessions a request asks for (reference 27.5).
const billedPage = 100

// billedAsk is the body of getBillingSessionsDetails (reference 12).
type billedAsk struct {
	From  string    `json:"fromDate"`
	To    string    `json:"toDate"`
	Skip  int       `json:"skip"`
	Limit int       `json:"limit"`
	Bot   api.BotID `json:"botId,omitempty"` // admin only
}

// Billed lists the single billed sessions, newest slice first. A zero or
// inverted window is Misuse. The times of the rows carry no zone, so rows are
// not cut at the window again.
//
// POST /api/public/bot/{bot}/getBillingSessionsDetails, admin
// /api/public/bots/getBillingSessionsDetails or, where that is unknown,
// /api/public/getBillingSessionsDetails (reference 12).
func (c *Client) Billed(ctx context.Context, q api.BilledQuery, lane api.Lane) iter.Seq2[api.Page[api.BilledSession], error] {
	l := &listing[api.BilledSession]{
		endpoint: api.BilledSessions,
		window:   q.Window, longest: billedSlice, limit: q.Limit,
		size: billedPage, seam: sessionSeam,
		id:    func(b api.BilledSession) string { return b.ID },
		start: func(api.BilledSession) time.Time { return time.Time{} },
		keep:  func(b api.BilledSession) bool { return c.ours(b.Bot, "") && !atTheSeam(b, q.Window) },
		lost:  api.BilledSession.Lost,
		order: func(a, b api.BilledSession) int { return cmp.Or(b.Start.Compare(a.Start), cmp.Compare(a.ID, b.ID)) },
		fetch: func(ctx context.Context, w api.Window, skip, limit int) (chunk[api.BilledSession], error) {
			body := billedAsk{From: stamp(w.From), To: stamp(w.To), Skip: skip, Limit: limit}
			if c.o.Admin {
				body.Bot = c.o.Bot
			}
			a, err := c.call(ctx, api.BilledSessions, nil, body, lane)
			if err != nil {
				return chunk[api.BilledSession]{}, err
			}
			return a.billed()
		},
	}
	return l.pages(ctx)
}

// atTheSeam reports a row from just outside the window, there because a little
// more was asked for than is wanted.
func atTheSeam(b api.BilledSession, w api.Window) bool {
	if b.Start.IsZero() || w.Holds(b.Start) {
		return false
	}
	return w.Widen(sliceOverlap, sliceOverlap).Holds(b.Start)
}

func (a *answer) billed() (chunk[api.BilledSession], error) {
	raw, err := a.envelope(api.BilledSessions, "sessions")
	out := chunk[api.BilledSession]{more: raw.more, total: raw.total}
	for _, r := range raw.rows {
		out.rows = append(out.rows, decodeBilled(r))
	}
	return out, err
}

func decodeBilled(raw json.RawMessage) api.BilledSession {
	r, ok := readRow(raw)
	if !ok {
		return api.BilledSession{ID: "row-" + digest(string(raw)), Unreadable: "the row is not an object"}
	}
	b := api.BilledSession{
		ID: r.text("billingSessionId"), Bot: api.BotID(r.text("botId")), Channel: r.text("channel"),
		User: api.UserID(r.text("koreUserId")), ChannelUser: r.text("channelUserId"), Type: r.text("billingSessionType"),
		Session:  api.SessionID(r.text("conversationSessionId")),
		StartRaw: r.text("billingSessionStartDateTime"), EndRaw: r.text("billingSessionEndDateTime"),
	}
	if b.ID == "" {
		b.ID = "row-" + digest(string(raw))
	}
	spoken := r.text("conversationSessionStartDateTime")
	born, _ := b.Session.Born()
	if born.IsZero() {
		born, _ = api.SessionID(b.ID).Born()
	}
	d := dayOrder([]string{spoken, b.StartRaw, b.EndRaw, r.text("conversationSessionEndDateTime")}, []string{spoken, b.StartRaw}, born)
	b.SessionStart, b.Start, b.End = d.read(spoken), d.read(b.StartRaw), d.read(b.EndRaw)
	return b
}

// order is which part of a date like 03-10-2021 is the month.
type order uint8

const (
	orderUnknown order = iota
	monthFirst
	dayFirst
)

// dayOrder decides for all dates of one row: by a part over twelve, else by
// the time inside a session id, which one of the starts must be near to.
func dayOrder(all, starts []string, born time.Time) order {
	for _, s := range all {
		a, b := leadingNumbers(s)
		switch {
		case a > 12 && b <= 12:
			return dayFirst
		case b > 12 && a <= 12:
			return monthFirst
		}
	}
	if born.IsZero() {
		return orderUnknown
	}
	for _, s := range starts {
		month, day := monthFirst.near(s, born), dayFirst.near(s, born)
		switch {
		case month && !day:
			return monthFirst
		case day && !month:
			return dayFirst
		}
	}
	return orderUnknown
}

// near allows for a zone that is not told and for a session that began the day
// before.
func (o order) near(s string, born time.Time) bool {
	t := o.read(s)
	return !t.IsZero() && t.Sub(born).Abs() <= 48*time.Hour
}

func leadingNumbers(s string) (a, b int) {
	parts := strings.SplitN(strings.ReplaceAll(strings.TrimSpace(s), "/", "-"), "-", 3)
	if len(parts) < 3 {
		return 0, 0
	}
	a, _ = strconv.Atoi(parts[0]) // not a number is 0, which decides nothing
	b, _ = strconv.Atoi(parts[1])
	if a > 31 {
		return 0, 0 // a year: another form
	}
	return a, b
}

// read gives the time, taken as UTC since no zone is told; zero when the form
// is not known or the order of day and month is open.
func (o order) read(s string) time.Time {
	if t, ok := readTime(s); ok {
		return t
	}
	s = strings.ToLower(strings.Join(strings.Fields(strings.ReplaceAll(s, "/", "-")), " "))
	forms := []string{"1-2-2006 ", "2-1-2006 "}
	switch a, b := leadingNumbers(s); {
	case o == monthFirst || a == b:
		forms = forms[:1]
	case o == dayFirst:
		forms = forms[1:]
	default:
		return time.Time{}
	}
	for _, clock := range []string{"3:04:05 pm", "3:04:05pm", "3:04 pm", "15:04:05", "15:04"} {
		if t, err := time.Parse(forms[0]+clock, s); err == nil && sane(t) {
			return t.UTC()
		}
	}
	return time.Time{}
}
