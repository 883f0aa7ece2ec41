package kore

import (
	"errors"
	"time"

	"korescope/api"
)

// Sample is the first request of a question as it would go over the wire, without
// the credentials that every request carries in its header auth (reference 3.2).
type Sample struct {
	Method string
	URL    string
	Body   []byte // JSON; nil for none
}

// Sample makes the first request of a question and sends nothing. It knows
// api.SessionQuery, api.MessageQuery, api.LLMQuery and api.LogQuery; anything else
// and whatever the call itself would refuse is Misuse.
func (c *Client) Sample(of any) (Sample, error) {
	q, err := c.first(of)
	if err != nil {
		return Sample{}, err
	}
	e := c.table[q.endpoint]
	path, _ := c.patterns(e, q.bot)
	a, err := c.ask(e, path, q)
	if err != nil {
		return Sample{}, err
	}
	out := Sample{Method: e.Method, URL: c.origin.String() + a.path, Body: a.body}
	if a.query != "" {
		out.URL += "?" + a.query
	}
	return out, nil
}

// first is the question of the first page.
func (c *Client) first(of any) (question, error) {
	switch q := of.(type) {
	case api.SessionQuery:
		if len(q.IDs.All()) > 0 {
			break
		}
		w, err := newest(q.Window, sessionSlice)
		return question{endpoint: api.GetSessions, query: sessionQuery(q), body: sessionBody(q, w, 0, c.o.PageSize)}, err
	case api.MessageQuery:
		groups := transcriptGroups(q)
		if len(groups) == 0 {
			return question{}, misuse("no session is named")
		}
		groups[0].bot = q.Bot
		return messageQuestion(api.GetMessagesV2, groups[0], 0, messagePage), nil
	case api.LLMQuery:
		w, err := newest(q.Window, callSlice)
		return question{endpoint: api.GetLLMLogs, bot: q.Bot, body: newCallAsk(q, w, 0, CallPage)}, err
	case api.LogQuery:
		if q.Identity == "" {
			return question{}, misuse("no identity is named")
		}
		return question{endpoint: api.DebugLogs, bot: q.Bot, query: logAsk(q, 0, logPage, false)}, nil
	}
	return question{}, &api.Error{Kind: api.Misuse, Err: errors.New("no request is known for this question")}
}

// newest is the slice of a window that is asked for first.
func newest(w api.Window, longest time.Duration) (api.Window, error) {
	parts := w.Slices(longest, sliceOverlap)
	if len(parts) == 0 || w.From.IsZero() {
		return w, misuse("a window with a beginning and a later end is needed")
	}
	return parts[0].Widen(sliceOverlap, 0), nil
}
