package kore

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"korescope/api"
)

// billingAsk is the body of billingsessionsummary (reference 11).
type billingAsk struct {
	From    string      `json:"fromDate"`
	To      string      `json:"toDate"`
	Units   []string    `json:"unitType"`
	ByBot   string      `json:"groupByBot"`
	ByApp   string      `json:"groupByApp,omitempty"`
	Period  string      `json:"groupByPeriod"`
	Streams []api.BotID `json:"streamIds,omitempty"`
}

func billingUnits() []string {
	return []string{"session", "request", "alert", "proactive", "conversations"}
}

func billingPeriod(p api.Period) string {
	switch p {
	case api.ByHour:
		return "date_day_hour"
	case api.ByMonth:
		return "date_month"
	}
	return "date_day"
}

// StartBilling starts the usage summary of at most 90 days. The times in the
// record are the platform's.
//
// POST /api/public/bot/{bot}/billingsessionsummary, admin
// /api/public/bots/billingsessionsummary or, where that is unknown,
// /api/public/billingsessionsummary (reference 11). The pages disagree about
// the name of one field: both are sent once the first is refused.
func (c *Client) StartBilling(ctx context.Context, q api.BillingQuery) (api.JobRecord, error) {
	if q.Window.From.IsZero() || q.Window.Length() <= 0 {
		return api.JobRecord{}, misuse("a window with a beginning and a later end is needed")
	}
	ask := billingAsk{
		From: stamp(q.Window.From), To: stamp(q.Window.To), Units: billingUnits(),
		ByBot: "no", Period: billingPeriod(q.By),
	}
	if c.o.Admin && c.o.Bot != "" {
		ask.ByBot, ask.Streams = "yes", []api.BotID{c.o.Bot}
	}
	both := c.byApp.Load()
	a, err := c.startBilling(ctx, ask, both)
	if e := (*api.Error)(nil); !both && errors.As(err, &e) && e.Status == http.StatusPreconditionFailed {
		if a, err = c.startBilling(ctx, ask, true); err == nil {
			c.byApp.Store(true)
		}
	}
	if err != nil {
		return api.JobRecord{}, err
	}
	r, err := objectOf(api.StartBilling, a)
	if err != nil {
		return api.JobRecord{}, err
	}
	return decodeJob(api.BillingJob, r), nil
}

func (c *Client) startBilling(ctx context.Context, ask billingAsk, both bool) (*answer, error) {
	if both {
		ask.ByApp = ask.ByBot
	}
	return c.call(ctx, api.StartBilling, nil, ask, api.Person)
}

// BillingStatus reads the summary that was asked for last, by whomever. Rows is
// nil until there is a result; hours without activity are left out, as the
// platform does.
//
// GET /api/public/bot/{bot}/billingsessionsummary/status?type=summary, admin
// /api/public/bots/... or /api/public/... as above (reference 11).
func (c *Client) BillingStatus(ctx context.Context) (api.BillingReport, error) {
	a, err := c.call(ctx, api.BillingStatus, url.Values{"type": {"summary"}}, nil, api.Person)
	if err != nil {
		return api.BillingReport{}, err
	}
	r, err := objectOf(api.BillingStatus, a)
	if err != nil {
		return api.BillingReport{}, err
	}
	job := decodeJob(api.BillingJob, r)
	if job.ID == "" && job.Word == "" && r["response"] == nil && r["data"] == nil {
		return api.BillingReport{}, unexpected(api.BillingStatus, a)
	}
	rows := billingRows(r)
	return api.BillingReport{Rows: rows, Job: settle(job, rows != nil)}, nil
}

// billingRows reads the blocks, nil when there is no data at all. Lists and
// single objects stand for each other in the platform's own samples.
func billingRows(r row) []api.BillingRow {
	data, ok := r.sub("response").find("data")
	if !ok {
		data, ok = r.find("data")
	}
	if !ok || string(data) == "null" {
		return nil
	}
	out := []api.BillingRow{}
	for _, raw := range listOrOne(data) {
		block, isObject := readRow(raw)
		if !isObject {
			continue
		}
		bot := cmp.Or(block.text("bot", "botId", "streamId", "app"), "ALL")
		val, _ := block.find("val")
		if block["date"] != nil {
			val = raw // the periods themselves, without a block around them
		}
		out = append(out, billingPeriods(bot, val)...)
	}
	slices.SortStableFunc(out, func(a, b api.BillingRow) int {
		return cmp.Or(a.Period.Compare(b.Period), cmp.Compare(a.Bot, b.Bot))
	})
	return out
}

// billingPeriods reads the periods of one block: a list of them, one of them,
// or an object keyed by date.
func billingPeriods(bot string, val json.RawMessage) []api.BillingRow {
	var out []api.BillingRow
	if one, ok := readRow(val); ok && one["date"] == nil {
		for _, f := range fields(val) {
			counts, isObject := readRow(f.raw)
			if isObject {
				out = append(out, billingRow(bot, f.key, inner(counts)))
			}
		}
		if row := billingRow(bot, "", one); len(out) == 0 && row != (api.BillingRow{Bot: bot}) {
			return []api.BillingRow{row} // counts without a period
		}
		return out
	}
	for _, raw := range listOrOne(val) {
		if p, ok := readRow(raw); ok {
			out = append(out, billingRow(bot, p.text("date"), inner(p)))
		}
	}
	return out
}

// inner are the counts of a period, which lie in a second val of another type.
func inner(p row) row {
	if counts := p.sub("val"); counts != nil {
		return counts
	}
	all := row{}
	for _, raw := range p.list("val") {
		part, _ := readRow(raw)
		for k, v := range part {
			all[k] = v
		}
	}
	if len(all) > 0 {
		return all
	}
	return p
}

func billingRow(bot, date string, counts row) api.BillingRow {
	return api.BillingRow{
		Period: billingTime(date), Bot: bot,
		Requests:      counts.long("requests", "request"),
		Sessions:      counts.long("sessions", "session"),
		Alerts:        counts.long("alert_notifications", "alerts", "alert"),
		Proactive:     counts.long("proactive_notifications", "proactive"),
		Conversations: counts.long("conversations", "conversation"),
	}
}

// billingTime also takes a month or an hour alone; zero for anything else.
func billingTime(s string) time.Time {
	if t, ok := readTime(s); ok {
		return t
	}
	for _, layout := range []string{"2006-01", "2006-01-02T15", "2006-01-02 15", "2006-01-02 15:04"} {
		if t, err := time.Parse(layout, s); err == nil && sane(t) {
			return t.UTC()
		}
	}
	return time.Time{}
}

func listOrOne(raw json.RawMessage) []json.RawMessage {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil {
		return list
	}
	if looksJSON(raw) {
		return []json.RawMessage{raw}
	}
	return nil
}
