package kore

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"strconv"
	"strings"
	"time"

	"korescope/api"
)

const (
	metricPage  = 100
	metricSeam  = 5
	metricSlice = 7 * 24 * time.Hour
)

// everyChannel are the channels that the reference names (7.2, 8.1 and 16): the
// platform's own default for metrics is web chat alone.
func everyChannel() []string {
	return []string{
		"rtm", "msteams", "twitter", "spark", "facebook", "slack", "kore", "email", "sms", "wfacebook", "ringcentral",
		"jabber", "yammer", "alexa", "twiliovoice", "telegram", "ivr", "ivrVoice", "smartassist", "line", "liveperson", "googleactions",
		"hangoutchat", "mattermost", "rcs", "skypeforbusiness", "skype", "korevg", "web-sdk", "api", "audiocodes", "genericsms",
		"twiliosms", "genesys", "genesysV2", "agentassist", "webhook",
	}
}

type metricAsk struct {
	Type    api.MetricKind `json:"type"`
	Filters metricFilters  `json:"filters"`
	Sort    metricSort     `json:"sort"`
	Limit   int            `json:"limit"`
	Skip    int            `json:"skip"`
}

type metricFilters struct {
	From      string   `json:"from"`
	To        string   `json:"to"`
	Channel   []string `json:"channel"`
	Developer bool     `json:"isDeveloper"`
}

type metricSort struct {
	Order string `json:"order"`
	By    string `json:"by"`
}

// Metrics reads the platform's own metrics of one kind, newest first. A row of
// another kind in the answer is told by its kind and kept. A kind that the
// platform does not know is Misuse.
//
// POST /api/public/bot/{bot}/getAnalytics (reference 31.2).
func (c *Client) Metrics(ctx context.Context, q api.MetricQuery, lane api.Lane) iter.Seq2[api.Page[api.Metric], error] {
	if q.Kind == "" {
		return failed[api.Metric](misuse("no kind of metric is named"))
	}
	channels := everyChannel()
	if q.Channels != "" {
		channels = strings.Split(q.Channels, ",")
	}
	l := &listing[api.Metric]{
		endpoint: api.GetAnalytics,
		window:   q.Window, longest: metricSlice, limit: q.Limit,
		size: metricPage, seam: metricSeam,
		id:    func(m api.Metric) string { return m.ID },
		start: func(m api.Metric) time.Time { return m.At },
		keep:  func(api.Metric) bool { return true },
		order: func(a, b api.Metric) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.ID, b.ID)) },
		fetch: func(ctx context.Context, w api.Window, skip, limit int) (chunk[api.Metric], error) {
			a, err := c.put(ctx, question{endpoint: api.GetAnalytics, bot: q.Bot, lane: lane, body: metricAsk{
				Type: q.Kind, Filters: metricFilters{stamp(w.From), stamp(w.To), channels, q.Developer},
				Sort: metricSort{"desc", "timestamp"}, Limit: limit, Skip: skip,
			}})
			if err != nil {
				return chunk[api.Metric]{}, err
			}
			return a.metrics(q.Kind)
		},
	}
	return l.pages(ctx)
}

func (a *answer) metrics(kind api.MetricKind) (chunk[api.Metric], error) {
	raw, err := a.envelope(api.GetAnalytics, "result")
	if err != nil {
		return chunk[api.Metric]{}, err
	}
	out := chunk[api.Metric]{more: raw.more, total: row(a.object).number("totalCount", "total")}
	for _, r := range raw.rows {
		out.rows = append(out.rows, decodeMetric(r, kind))
	}
	return out, nil
}

// decodeMetric reads one row. The analysis of the language engine is left out:
// it is hundreds of kilobytes, and only its result says something.
func decodeMetric(raw json.RawMessage, kind api.MetricKind) api.Metric {
	m := api.Metric{Kind: kind}
	r, ok := readRow(raw)
	if !ok {
		m.ID, m.Raw, m.Unreadable = digest(string(raw)), bytes.Clone(raw), "the row is not an object"
		return m
	}
	if result := r.sub("NLAnalysis").text("result"); knownKind(result) {
		m.Kind = api.MetricKind(result)
	}
	delete(r, "NLAnalysis")
	m.Raw = rowJSON(r)
	m.ID = digest(string(kind), string(m.Raw))
	m.Session, m.Message = api.SessionID(r.text("sessionId")), api.MessageID(r.text("messageId"))
	m.User, m.ChannelID = api.UserID(r.text("userId")), r.text("channelUId", "channelUid")
	m.Channel, m.Language = r.text("channel"), r.text("language")
	m.Task, m.TaskID = r.text("taskName"), r.text("taskId")
	m.Node, m.NodeType = r.text("nodeName"), r.text("type", "nodeType")
	m.Status, m.Code = r.text("status"), r.text("statusCode")
	m.Took, m.APITook = lengthOf(r.text("responseTime")), lengthOf(r.text("apiExecutionTime"))
	m.Utterance, m.Intent = r.text("utterance"), r.text("intent")
	m.Ambiguous = r.boolean("isAmbiguous")
	m.Reason, m.Point = r.text("failureReason", "reason"), r.text("failurepoint", "failurePoint")
	if m.Session != "" {
		m.Joined = api.ByID
	}
	if m.At, ok = r.time("timestamp"); !ok || m.At.IsZero() {
		m.Unreadable = "timestamp is not a time"
	}
	return m
}

func knownKind(s string) bool {
	for _, k := range api.MetricKinds() {
		if s == string(k) {
			return true
		}
	}
	return false
}

// rowJSON writes a row again; its values as they came.
func rowJSON(r row) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(map[string]json.RawMessage(r)) != nil {
		return nil
	}
	return bytes.TrimSpace(b.Bytes())
}

// lengthOf reads "30012 milliseconds", "1.5 seconds", "2 minutes", "0.4 s" or a
// bare number of milliseconds.
func lengthOf(s string) api.Maybe[time.Duration] {
	fields := strings.Fields(strings.ToLower(s))
	if len(fields) == 0 {
		return api.Maybe[time.Duration]{}
	}
	digits := strings.TrimRight(fields[0], "abcdefghijklmnopqrstuvwxyz")
	unit := fields[0][len(digits):]
	if unit == "" && len(fields) > 1 {
		unit = fields[1]
	}
	n, err := strconv.ParseFloat(digits, 64)
	if err != nil || n < 0 || n > 1e12 {
		return api.Maybe[time.Duration]{}
	}
	for _, u := range []struct {
		words []string
		is    time.Duration
	}{
		{[]string{"", "ms", "msec", "millisecond", "milliseconds"}, time.Millisecond},
		{[]string{"s", "sec", "secs", "second", "seconds"}, time.Second},
		{[]string{"m", "min", "mins", "minute", "minutes"}, time.Minute},
	} {
		for _, w := range u.words {
			if w == unit {
				return api.Known(time.Duration(n * float64(u.is)))
			}
		}
	}
	return api.Maybe[time.Duration]{}
}
