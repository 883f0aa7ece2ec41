package kore

import (
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"slices"
	"strconv"
	"time"

	"korescope/api"
	"korescope/api/payload"
)

// CallPage is how many LLM calls a request asks for.
const CallPage = 50

const (
	callSlice = 89 * 24 * time.Hour // the limit is 90 days
	callSeam  = 1
)

// callAsk is the body of getLLMUsageLogs (reference 9.1): numbers as strings,
// and no filter but the dates, since the names and values of the others
// contradict each other.
type callAsk struct {
	DateFrom string `json:"dateFrom"`
	DateTo   string `json:"dateTo"`
	Limit    string `json:"limit"`
	Skip     string `json:"skip"`
}

// LLMCalls lists the calls to language models that started in a window, newest
// slice first, with their payloads. A zero or inverted window is Misuse.
//
// POST /api/1.1/public/bot/{bot}/getLLMUsageLogs (reference 9).
func (c *Client) LLMCalls(ctx context.Context, q api.LLMQuery, lane api.Lane) iter.Seq2[api.Page[api.LLMCall], error] {
	l := &listing[api.LLMCall]{
		endpoint: api.GetLLMLogs,
		window:   q.Window, longest: callSlice, limit: q.Limit,
		size: CallPage, seam: callSeam,
		id:    func(l api.LLMCall) string { return string(l.ID) },
		start: func(l api.LLMCall) time.Time { return l.Start },
		keep:  func(l api.LLMCall) bool { return c.ours(l.Bot) },
		order: func(a, b api.LLMCall) int { return cmp.Or(b.Start.Compare(a.Start), cmp.Compare(a.ID, b.ID)) },
		fetch: func(ctx context.Context, w api.Window, skip, limit int) (chunk[api.LLMCall], error) {
			a, err := c.call(ctx, api.GetLLMLogs, nil, callAsk{
				DateFrom: stamp(w.From), DateTo: stamp(w.To),
				Limit: strconv.Itoa(limit), Skip: strconv.Itoa(skip),
			}, lane)
			if err != nil {
				return chunk[api.LLMCall]{}, err
			}
			return a.calls()
		},
	}
	return l.pages(ctx)
}

// calls accepts the bare array, and the hits wrapper that clients have met.
func (a *answer) calls() (chunk[api.LLMCall], error) {
	rows := a.array
	if a.object != nil {
		o := row(a.object)
		raw, ok := o.find("hits")
		if !ok {
			return chunk[api.LLMCall]{}, unexpected(api.GetLLMLogs, a)
		}
		rows = o.list("hits")
		if inner, isObject := readRow(raw); isObject {
			rows = inner.list("hits")
		}
	}
	var out chunk[api.LLMCall]
	for _, raw := range rows {
		if r, ok := readRow(raw); ok {
			if source, wrapped := r["_source"]; wrapped {
				raw = source
			}
		}
		out.rows = append(out.rows, decodeCall(raw))
	}
	return out, nil
}

// decodeCall reads one row of getLLMUsageLogs (reference 9.2), whose keys
// disagree about capitals and carry blanks.
func decodeCall(raw json.RawMessage) api.LLMCall {
	c := api.LLMCall{Raw: slices.Clone(raw)}
	r, ok := readRow(raw)
	if !ok {
		c.ID = api.CallID("row-" + digest(string(raw)))
		c.Unreadable = "the row is not an object"
		return c
	}
	c.Session = api.SessionID(r.text("Session ID", "sessionId"))
	if c.Session != "" {
		c.Joined = api.ByID
	}
	c.Bot, c.User = api.BotID(r.text("Bot ID", "botId")), api.UserID(r.text("User ID", "userId"))
	c.Status, c.StatusCode = r.text("Status"), r.number("statusCode", "Status Code")
	c.TimeTaken = r.long("Time Taken")
	c.Feature = r.text("Feature Name ", "Feature Name", "Feature")
	c.Integration, c.Model = r.text("Integration"), r.text("Model Name", "Model")
	c.Channel, c.Task = r.text("Channel Name", "Channel"), r.text("task Id", "Task ID")
	c.Description = r.text("Description")
	details := r.sub("Payload Details")
	c.Prompt = cmp.Or(r.text("Prompt Name"), details.text("Prompt Name"))
	c.Request = body(details, r, "Request Payload")
	c.Response = body(details, r, "Response Payload")
	c.RequestTokens = cmp.Or(details.number("Request Tokens"), r.number("Request Tokens"))
	c.ResponseTokens = cmp.Or(details.number("Response Tokens"), r.number("Response Tokens"))
	c.Guardrails = guardrails(r)
	var startOK, endOK bool
	c.Start, startOK = r.time("start Date")
	c.End, endOK = r.time("End Date")
	switch {
	case !startOK || c.Start.IsZero():
		c.Unreadable = "start Date is not a time"
	case !endOK:
		c.Unreadable = "End Date is not a time"
	}
	c.ID = api.CallID(digest(r.text("start Date"), string(c.User), c.Task, c.Description, r.text("Time Taken")))
	if c.Start.IsZero() {
		c.ID = api.CallID("row-" + digest(string(raw)))
	}
	return payload.Apply(c)
}

// body is nested or at top level; null is as absent as absent.
func body(details, r row, name string) json.RawMessage {
	for _, in := range []row{details, r} {
		if v, ok := in.find(name); ok && string(v) != "null" {
			return slices.Clone(v)
		}
	}
	return nil
}

// guardrails reads outcomes given once or as lists that run side by side.
func guardrails(r row) []api.Guardrail {
	names := r.texts("Configured Guardrails")
	outcomes := r.texts("Outcome")
	if len(names) == 0 && len(outcomes) == 0 {
		return guardrailRows(r.list("Configured Guardrails"))
	}
	scores := r.texts("Risk Score")
	var out []api.Guardrail
	for i := range max(len(names), len(outcomes)) {
		g := api.Guardrail{Name: at(names, i), Outcome: at(outcomes, i)}
		if f, err := strconv.ParseFloat(at(scores, i), 64); err == nil {
			g.Risk = api.Known(f)
		}
		out = append(out, g)
	}
	return out
}

func guardrailRows(list []json.RawMessage) []api.Guardrail {
	var out []api.Guardrail
	for _, raw := range list {
		if g, ok := readRow(raw); ok {
			out = append(out, api.Guardrail{Name: g.text("Name", "Guardrail"), Outcome: g.text("Outcome"), Risk: g.float("Risk Score")})
		}
	}
	return out
}

func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}
