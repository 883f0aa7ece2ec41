package kore

import (
	"bytes"
	"context"
	"encoding/json"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"korescope/api"
)

const (
	logPage        = 50
	defaultChannel = "rtm"
)

// DebugLogs reads the engine's log of one identity in the platform's order.
// No line is kept when the platform has nothing: an unknown identity is not an
// error there. A query without identity is Misuse.
//
// GET /api/1.1/{bot}/debuglogs (reference 16).
func (c *Client) DebugLogs(ctx context.Context, q api.LogQuery, lane api.Lane) iter.Seq2[api.Page[api.DebugLine], error] {
	switch {
	case q.Identity == "":
		return failed[api.DebugLine](misuse("no identity is named"))
	case !q.Window.Zero() && q.Window.Length() <= 0:
		return failed[api.DebugLine](misuse("a window with a beginning and a later end is needed"))
	}
	size := logPage
	if q.Limit > 0 {
		size = min(size, q.Limit)
	}
	running := c.running(q.Window)
	t := &turning[api.DebugLine]{
		endpoint: api.DebugLogs, window: q.Window,
		size: size, limit: q.Limit, unit: &c.logUnit,
		id: func(l api.DebugLine) string { return l.ID },
		keep: func(l api.DebugLine) bool {
			w := q.Window
			if running {
				w = w.Widen(0, time.Duration(c.ahead.Load()))
			}
			return w.Zero() || l.Time.IsZero() || w.Holds(l.Time)
		},
		fetch: func(ctx context.Context, offset int) (chunk[api.DebugLine], error) {
			a, err := c.put(ctx, question{endpoint: api.DebugLogs, bot: q.Bot, query: logAsk(q, offset, size, running), lane: lane})
			if err != nil {
				return chunk[api.DebugLine]{}, err
			}
			return a.debugLines(q)
		},
	}
	return wholeWindow(q.Window, t.pages(ctx))
}

// logAsk is the query. A timezone is never sent: it shifts the times and leaves
// their Z.
//
// A window that runs until now is asked for well beyond it: the platform's now
// may be later than ours, and its answer says by how much.
func logAsk(q api.LogQuery, offset, limit int, running bool) url.Values {
	v := url.Values{
		"identity": {q.Identity}, "channelType": {defaultChannel},
		"limit": {strconv.Itoa(limit)}, "offset": {strconv.Itoa(offset)},
	}
	if q.Channel != "" {
		v.Set("channelType", q.Channel)
	}
	if !q.Detail {
		v.Set("minimumInfo", "true")
	}
	if !q.Window.Zero() {
		// One second more than is wanted: nobody says whether bounds belong.
		w := q.Window.Widen(sliceOverlap, sliceOverlap)
		if running {
			w = w.Widen(0, clocksApart)
		}
		v.Set("fromDate", stamp(w.From))
		v.Set("toDate", stamp(w.To))
	}
	return v
}

// clocksApart is how far before ours the platform's clock may be for its newest
// lines to be found.
const clocksApart = 2 * time.Hour

// running reports a window that ends where our clock stands.
func (c *Client) running(w api.Window) bool { return api.UntilNow(w, c.o.Now()) }

// wholeWindow says on the last page that the window is read completely.
func wholeWindow[T any](w api.Window, pages iter.Seq2[api.Page[T], error]) iter.Seq2[api.Page[T], error] {
	return func(yield func(api.Page[T], error) bool) {
		for p, err := range pages {
			if err == nil && !p.More && p.Note == "" && len(p.Gaps) == 0 {
				p.Done = w
			}
			if !yield(p, err) {
				return
			}
		}
	}
}

// debugLines accepts the bare array and, as other lists have it, a wrapped one.
func (a *answer) debugLines(q api.LogQuery) (chunk[api.DebugLine], error) {
	rows := a.array
	if a.object != nil {
		raw, ok := a.find("logs", "debugLogs", "data")
		if !ok || json.Unmarshal(raw, &rows) != nil || rows == nil {
			return chunk[api.DebugLine]{}, unexpected(api.DebugLogs, a)
		}
	}
	var out chunk[api.DebugLine]
	met := map[string]int{}
	for _, raw := range rows {
		l := decodeLine(raw, q)
		if met[l.ID]++; met[l.ID] > 1 {
			// The engine writes the same words twice in a millisecond.
			l.ID = digest(l.ID, strconv.Itoa(met[l.ID]))
		}
		out.rows = append(out.rows, l)
	}
	return out, nil
}

// decodeLine reads one row. What it does not say about channel and identity is
// what was asked for.
func decodeLine(raw json.RawMessage, q api.LogQuery) api.DebugLine {
	l := api.DebugLine{ID: digest(string(raw)), Raw: slices.Clone(raw), Channel: q.Channel, Identity: q.Identity}
	r, ok := readRow(raw)
	if !ok {
		l.Unreadable = "the row is not an object"
		return l
	}
	meta := r.sub("metaInfo")
	l.ID = lineID(r, meta)
	l.Level = strings.ToLower(strings.TrimSpace(r.text("debugLevel", "level")))
	l.Title, l.Message = r.text("debugTitle", "title"), r.text("debugMessage", "message")
	if s := meta.text("channel"); s != "" {
		l.Channel = s
	}
	if s := meta.text("identity"); s != "" {
		l.Identity = s
	}
	l.Detail = detailOf(r)
	l.Session = sessionOfLine(r, meta, l)
	if l.Time, ok = r.time("timestamp"); !ok || l.Time.IsZero() {
		l.Unreadable = "timestamp is not a time"
	}
	return l
}

// lineID leaves out what only comes when details are asked for, so that a line
// is the same line with and without them.
func lineID(r, meta row) string {
	return digest(r.text("timestamp"), r.text("debugLevel", "level"), r.text("debugTitle", "title"),
		r.text("debugMessage", "message"), r.text("nomatch_count"), r.text("noinput_count"),
		meta.text("channel"), meta.text("identity"))
}

// detailOf is debugDetail as JSON: text that is JSON is opened, other text is
// kept as a string. Lines of the voice gateway may have only its own detail.
func detailOf(r row) json.RawMessage {
	for _, name := range []string{"debugDetail", "VGdebugDetail"} {
		raw, ok := r.find(name)
		if !ok || string(raw) == "null" {
			continue
		}
		text := []byte(strings.TrimSpace(textOf(raw)))
		if len(text) > 1 && strings.ContainsRune(`{["`, rune(text[0])) && !tooDeep(text) && json.Valid(text) {
			return text
		}
		return slices.Clone(raw)
	}
	return nil
}

// sessionOfLine finds the session that a line names: in a field, in a
// SmartAssist identity, or in its detail.
func sessionOfLine(r, meta row, l api.DebugLine) api.SessionID {
	for _, in := range []row{r, meta} {
		if id := asSession(in.text("sessionId")); id != "" {
			return id
		}
	}
	if parts := strings.Split(l.Identity, "/"); len(parts) == 3 && strings.EqualFold(parts[1], "smartassist") {
		if id := asSession(parts[2]); id != "" {
			return id
		}
	}
	return sessionInside(l.Detail)
}

func asSession(s string) api.SessionID {
	if _, ok := api.SessionID(s).Born(); !ok {
		return ""
	}
	return api.SessionID(s)
}

// sessionInside takes the session id that stands nearest to the top of a
// detail, in one pass: details may be megabytes.
func sessionInside(detail json.RawMessage) (found api.SessionID) {
	if !bytes.Contains(detail, []byte("essionId")) {
		return ""
	}
	d := json.NewDecoder(bytes.NewReader(detail))
	depth, at := 0, 0
	named := false
	for {
		token, err := d.Token()
		if err != nil {
			return found // the end: the detail is valid JSON
		}
		switch v := token.(type) {
		case json.Delim:
			if v == '{' || v == '[' {
				depth++
			} else {
				depth--
			}
			named = false
		case string:
			if id := asSession(v); named && id != "" && (found == "" || depth < at) {
				found, at = id, depth
			}
			named = v == "sessionId" || v == "conversationSessionId"
		default:
			named = false
		}
	}
}
