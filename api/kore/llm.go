package kore

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"slices"
	"strconv"
	"strings"
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

// callAsk is the body of getLLMUsageLogs (reference 9.1): numbers as strings.
type callAsk struct {
	DateFrom  string   `json:"dateFrom"`
	DateTo    string   `json:"dateTo"`
	Limit     string   `json:"limit"`
	Skip      string   `json:"skip,omitempty"`
	Developer bool     `json:"isDeveloper,omitempty"`
	Channel   []string `json:"channel,omitempty"`
	Feature   []string `json:"featureName,omitempty"`
	Task      string   `json:"taskId,omitempty"`
	Users     []string `json:"userIds,omitempty"`
	AtChannel []string `json:"channelUserIds,omitempty"`
}

func newCallAsk(q api.LLMQuery, w api.Window, skip, limit int) callAsk {
	a := callAsk{
		DateFrom: stamp(w.From), DateTo: stamp(w.To), Limit: strconv.Itoa(limit), Skip: strconv.Itoa(skip),
		Developer: q.Developer, Channel: oneOf(q.Channel), Feature: oneOf(q.Feature),
	}
	if q.TaskID() {
		a.Task = q.Task
	}
	if q.OwnUser() {
		a.Users = oneOf(string(q.User))
	} else {
		a.AtChannel = oneOf(string(q.User))
	}
	return a
}

func oneOf(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// LLMCalls lists the calls to language models that started in a window, newest
// slice first, with their payloads. A zero or inverted window is Misuse.
//
// POST /api/1.1/public/bot/{bot}/getLLMUsageLogs (reference 9, 31.1).
func (c *Client) LLMCalls(ctx context.Context, q api.LLMQuery, lane api.Lane) iter.Seq2[api.Page[api.LLMCall], error] {
	step := further(lane)
	l := &listing[api.LLMCall]{
		endpoint: api.GetLLMLogs,
		window:   q.Window, longest: callSlice, limit: q.Limit,
		size: CallPage, learns: c.callSize, seam: callSeam, byTime: &c.noSkip,
		lost:  func(l api.LLMCall) bool { return l.Start.IsZero() && l.User == "" && l.Session == "" },
		id:    func(l api.LLMCall) string { return string(l.ID) },
		start: func(l api.LLMCall) time.Time { return l.Start },
		keep:  func(l api.LLMCall) bool { return c.ours(l.Bot, q.Bot) && q.Fits(l) },
		order: api.NewerCall,
		fetch: func(ctx context.Context, w api.Window, skip, limit int) (chunk[api.LLMCall], error) {
			a, err := c.put(ctx, question{endpoint: api.GetLLMLogs, bot: q.Bot, body: newCallAsk(q, w, skip, limit), lane: step()})
			if err != nil {
				return chunk[api.LLMCall]{}, err
			}
			return a.calls(c.subject(q.Bot))
		},
	}
	return l.pages(ctx)
}

// saidDeep is said of a row of which something was left out.
const saidDeep = "nested too deeply"

// calls accepts the bare array, and the hits wrapper that clients have met. That
// there are none needs a positive answer, an empty list. A row that names no bot
// is of the one that was asked about.
func (a *answer) calls(bot api.BotID) (chunk[api.LLMCall], error) {
	rows := a.array
	if a.object != nil {
		o := row(a.object)
		raw, ok := o.find("hits")
		if !ok {
			return chunk[api.LLMCall]{}, unexpected(api.GetLLMLogs, a)
		}
		if inner, isObject := readRow(raw); isObject {
			raw, _ = inner.find("hits")
		}
		if rows, ok = listOf(raw); !ok {
			return chunk[api.LLMCall]{}, unreadable(api.GetLLMLogs, "hits is not a list")
		}
	}
	var out chunk[api.LLMCall]
	same := map[api.CallID]int{} // rows of this page that are equal byte for byte
	for _, raw := range rows {
		if r, ok := readRow(raw); ok {
			if source, wrapped := r["_source"]; wrapped {
				raw = source
			}
		}
		c := decodeCall(raw)
		c.Bot = cmp.Or(c.Bot, bot)
		nth := same[c.ID]
		if same[c.ID]++; nth > 0 {
			c.ID = api.IdentifyCall(raw, nth)
		}
		out.rows = append(out.rows, c)
	}
	return out, nil
}

func listOf(raw json.RawMessage) ([]json.RawMessage, bool) {
	var rows []json.RawMessage
	if json.Unmarshal(raw, &rows) != nil || rows == nil {
		return nil, false
	}
	return rows, true
}

// decodeCall reads one row of getLLMUsageLogs (reference 9.2), whose keys
// disagree about capitals and carry blanks.
func decodeCall(raw json.RawMessage) api.LLMCall {
	c := api.LLMCall{ID: api.IdentifyCall(raw, 0), Raw: slices.Clone(raw)}
	r, ok := readRow(raw)
	if !ok {
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
	details := r.details()
	c.Prompt = cmp.Or(r.text("Prompt Name"), details.text("Prompt Name"))
	c.Request = body(details, r, "Request Payload")
	c.Response = body(details, r, "Response Payload")
	c.RequestTokens = cmp.Or(details.count("Request Tokens"), r.count("Request Tokens"))
	c.ResponseTokens = cmp.Or(details.count("Response Tokens"), r.count("Response Tokens"))
	c.Guardrails = guardrails(r)
	c.Unreadable = readTimes(r, &c)
	if bytes.Contains(raw, []byte(leftOut)) {
		c.Unreadable = saidDeep
	}
	return payload.Apply(c)
}

// readTimes says what is wrong with the times, "" when nothing is.
func readTimes(r row, c *api.LLMCall) string {
	var startOK, endOK bool
	c.Start, startOK = r.time("start Date")
	c.End, endOK = r.time("End Date")
	switch {
	case !startOK || c.Start.IsZero():
		return "start Date is not a time"
	case !endOK:
		return "End Date is not a time"
	}
	return ""
}

// details is the object that holds the payloads; clients have met it as a JSON
// text and inside a list.
func (r row) details() row {
	raw, _ := r.find("Payload Details")
	if text := textOf(raw); looksJSON([]byte(text)) {
		raw = json.RawMessage(text)
	}
	if list, ok := listOf(raw); ok && len(list) > 0 {
		raw = list[0]
	}
	d, _ := readRow(raw)
	return d
}

// count is a number of things: one below zero is none.
func (r row) count(names ...string) api.Maybe[int] {
	if n := r.number(names...); n.Value >= 0 {
		return n
	}
	return api.Maybe[int]{}
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

// guardrails reads outcomes given once or as lists that run side by side; a list
// may come as one text with commas. One outcome for several guardrails is that
// of all of them together.
func guardrails(r row) []api.Guardrail {
	names, outcomes, scores := r.texts("Configured Guardrails"), r.texts("Outcome"), r.texts("Risk Score")
	if len(names) == 0 && len(outcomes) == 0 {
		return guardrailRows(r.list("Configured Guardrails"))
	}
	if parts := commas(outcomes); len(parts) > 1 {
		outcomes, names, scores = parts, commas(names), commas(scores)
	}
	if len(outcomes) == 1 && len(names) > 1 {
		names = []string{strings.Join(names, ", ")}
	}
	var out []api.Guardrail
	for i := range max(len(names), len(outcomes)) {
		g := api.Guardrail{Name: at(names, i), Outcome: at(outcomes, i)}
		if f, err := strconv.ParseFloat(strings.TrimSpace(at(scores, i)), 64); err == nil && f >= 0 {
			g.Risk = api.Known(f)
		}
		out = append(out, g)
	}
	return out
}

// commas takes a list apart that came as one text.
func commas(list []string) []string {
	if len(list) != 1 {
		return list
	}
	parts := strings.Split(list[0], ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
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
