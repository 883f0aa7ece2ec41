package sim

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
)

// getMessages and getMessagesV2 (reference 8.1 to 8.7).

const (
	usualMessages  = 20 // [SIM]
	mostMessages   = 100
	mostMessagesV2 = 10000
	lateWriting    = 30 * 60 * 1000 // ms that a message may lie after its story
)

// said is a message with the session it belongs to.
type said struct {
	s  *session
	st *story
	m  *message
	no int // place in its story
}

// messageQuery is what the message calls ask for.
type messageQuery struct {
	window      span
	ids         []string
	user        string
	channel     string
	direction   string // lite only: incoming or outgoing
	uid         string // lite only: channelUId
	v2          bool
	oldest      bool
	skip, limit int
}

func listMessages(c *call) (any, *refusal)   { return c.messages(mostMessages, false) }
func listMessagesV2(c *call) (any, *refusal) { return c.messages(mostMessagesV2, true) }

func (c *call) messages(most int, v2 bool) (any, *refusal) {
	q := messageQuery{v2: v2, user: c.in.text("userId"), channel: c.in.text("channelType"), ids: c.in.texts("sessionId", true)}
	q.skip, q.limit = c.paging(usualMessages, most)
	q.oldest = c.in.flag("forward") || c.w.strict.OldestFirst
	msgID, callID := c.in.text("msgId"), c.in.text("callId")
	show := shown{trace: c.in.flag("includeTraceId"), latency: c.in.flag("includeLatency"), agents: c.in.flag("getAgentsInfo")}
	c.in.flag("includeSecureForm")
	rules := c.tagRules()
	if c.r.Method == http.MethodGet && q.user == "" && callID == "" {
		c.in.bad = true // documented as required for GET
	}
	if msgID != "" && (c.in.given("dateFrom") != nil || c.in.given("dateTo") != nil) {
		c.in.bad = true
	}
	var no *refusal
	if q.window, no = c.week(); no == nil && c.in.bad {
		no = invalidArguments()
	}
	if no != nil {
		return nil, no
	}
	if q.channel == "" && c.r.Method == http.MethodGet && len(q.ids) == 0 && callID == "" {
		q.channel = "rtm" // the documented default; a POST without it shows every channel
	}
	if callID != "" {
		return c.flat(callID, q), nil
	}
	var p page
	var found []said
	if msgID == "" {
		p, found = c.collect(q, rules)
	} else {
		found, p = startAt(c.sorted(q, rules), msgID, c.in.body["direction"], q)
	}
	rows := make([]any, len(found))
	for i, one := range found {
		rows[i] = c.messageRow(one, show)
	}
	return ob("total", max(0, p.total+c.w.strict.TotalLie), "moreAvailable", p.more, "icon", iconURL, "messages", rows), nil
}

const iconURL = "https://kore.example.test/api/getMediaStream/market/f-0b7d.png?n=1000000001&s=ZXhhbXBsZQ$$"

// collect gathers the messages of a page. Dates are compared with the message's
// own time; the 7-day default holds for ids too [SIM].
func (c *call) collect(q messageQuery, rules []tagRule) (page, []said) {
	all := c.sorted(q, rules)
	skip := q.skip
	if c.w.strict.SkipSessions {
		skip = sessionsToMessages(all, q.skip)
	}
	p := c.cut(len(all), skip, q.limit)
	return p, all[p.lo:p.hi]
}

func (c *call) sorted(q messageQuery, rules []tagRule) []said {
	all := c.saidIn(q, rules)
	slices.SortStableFunc(all, func(a, b said) int {
		d := cmp.Or(cmp.Compare(a.m.at, b.m.at), cmp.Compare(a.m.at+a.m.stampOff, b.m.at+b.m.stampOff), cmp.Compare(a.no, b.no))
		if q.oldest {
			return d
		}
		return -d
	})
	return all
}

// sessionsToMessages is the newer page's meaning of skip: so many sessions.
func sessionsToMessages(all []said, sessions int) int {
	seen := map[string]bool{}
	for i, one := range all {
		seen[one.s.id] = true
		if len(seen) > sessions {
			return i
		}
	}
	return len(all)
}

func (c *call) saidIn(q messageQuery, rules []tagRule) []said {
	var out []said
	take := func(s *session) {
		if s.over() < q.window.from || !c.there(s) || q.user != "" && !s.user.isUser(q.user) || q.channel != "" && q.channel != s.channel {
			return
		}
		if q.uid != "" && q.uid != s.channelUID() {
			return
		}
		out = append(out, c.saidBy(s, q, rules)...)
	}
	if len(q.ids) > 0 {
		seen := map[string]bool{}
		for _, id := range q.ids {
			if s := c.lookup(id); s != nil && !seen[id] {
				take(s)
			}
			seen[id] = true
		}
		return out
	}
	reach := span{q.window.from - longestStory.Milliseconds() - lateWriting, q.window.to + 1000}
	for s := range c.sessions(reach, true) {
		take(s)
	}
	return out
}

func (c *call) saidBy(s *session, q messageQuery, rules []tagRule) []said {
	st := s.told()
	for _, r := range rules {
		if !r.holds(st) {
			return nil
		}
	}
	var out []said
	for i := range st.messages {
		m := &st.messages[i]
		switch {
		case m.at > c.ms() || !q.window.holds(m.at):
		case q.v2 && (m.source == 0 || m.source == 2): // alert and action tasks
		case q.direction != "" && !strings.Contains(q.direction, m.direction()):
		default:
			out = append(out, said{s, st, m, i})
		}
	}
	return out
}

// startAt answers msgId: from that message on, backwards, forwards or both.
func startAt(all []said, id string, direction any, q messageQuery) ([]said, page) {
	i := slices.IndexFunc(all, func(one said) bool { return one.id() == id })
	if i < 0 {
		return nil, page{}
	}
	d := text(plainNumber(direction))
	forward := !strings.HasPrefix(d, "-")
	rest := all[i:]
	if forward != q.oldest {
		rest = slices.Clone(all[:i+1])
		slices.Reverse(rest)
	}
	if d == "0" {
		rest = all
	}
	n := min(q.limit, len(rest))
	return rest[:n], page{total: len(rest), hi: n, more: n < len(rest)}
}

// flat is the shape for callId: no ids, no components, oldest first.
func (c *call) flat(callID string, q messageQuery) obj {
	rows := []any{}
	total := 0
	if s := c.calling(callID); s != nil {
		all := c.saidBy(s, q, nil)
		p := c.cut(len(all), q.skip, q.limit)
		for _, one := range all[p.lo:p.hi] {
			rows = append(rows, ob("type", one.m.direction(), "text", one.m.spoken, "timestamp", stamp(one.m.at)))
		}
		total = len(all) + 1 // the sample's total is larger than its rows
	}
	return ob("total", max(0, total+c.w.strict.TotalLie), "moreAvailable", false, "icon", iconURL, "messages", rows)
}
