package sim

import (
	"slices"
	"strings"

	"korescope/api"
)

// getSessions (reference 7).

const (
	usualSessions  = 20    // [SIM] the default is not documented
	mostSessions   = 10000 // [SIM] clients have asked for this many
	mostSessionIDs = 50
)

// sessionFilter is what a getSessions call asks for beside its window.
type sessionFilter struct {
	containment, kind, user string
	wanted                  []tagRule
}

func listSessions(c *call) (any, *refusal) {
	c.in.inQuery = false
	ids := c.in.texts("sessionId", false)
	skip, limit := c.paging(usualSessions, mostSessions)
	f := sessionFilter{containment: c.in.query.Get("containmentType"), kind: c.in.text("sessionType"), user: c.in.text("userId")}
	f.wanted = c.tagRules()
	c.in.oneOfThese(f.kind, api.KindInteractive, api.KindNonInteractive)
	if f.containment != "" && !slices.Contains([]string{"dropoff", "selfservice", "agent"}, strings.ToLower(f.containment)) {
		c.in.bad = true
	}
	c.in.flag("includeMeta")
	if len(ids) > 0 {
		if c.in.bad || len(ids) > mostSessionIDs { // [SIM] which error
			return nil, invalidArguments()
		}
		return c.sessionsByID(ids, skip, limit), nil
	}
	window, no := c.week()
	if no == nil && c.in.bad {
		no = invalidArguments()
	}
	if no != nil {
		return nil, no
	}
	if call := c.in.query.Get("callId"); call != "" {
		var found []*session
		if s := c.calling(call); s != nil && window.holds(s.start) {
			found = append(found, s)
		}
		p := c.cut(len(found), skip, limit)
		return c.envelope(p, "sessions", c.sessionRows(found[p.lo:p.hi])), nil
	}
	return c.sessionPage(window, f, skip, limit), nil
}

// sessionPage answers a window. Without filters the page is found by
// arithmetic; with one every session of the window is looked at.
func (c *call) sessionPage(window span, f sessionFilter, skip, limit int) obj {
	window = c.visible(window)
	if c.bot != nil && f.none() && !c.w.moved.any() && !c.w.erased.any() && !c.moving {
		line := &c.bot.line
		p := c.cut(line.total(window.from, window.to), skip, limit)
		var rows []any
		for _, at := range line.page(window.from, window.to, p.lo, p.hi-p.lo) {
			s := c.bot.session(at, line.start(at.slot, at.k, line.count(at.slot)))
			rows = append(rows, c.sessionRow(s))
		}
		return c.envelope(p, "sessions", orEmpty(rows))
	}
	var fits []*session
	for s := range c.sessions(window, false) {
		if c.there(s) && f.fits(s, c.ms()) {
			fits = append(fits, s)
		}
	}
	if c.moving {
		fits = c.w.moved.move(fits, skip)
	}
	p := c.cut(len(fits), skip, limit)
	return c.envelope(p, "sessions", c.sessionRows(fits[p.lo:p.hi]))
}

func (f sessionFilter) none() bool {
	return f.containment == "" && f.kind == "" && f.user == "" && len(f.wanted) == 0
}

func (f sessionFilter) fits(s *session, now int64) bool {
	if f.kind != "" && f.kind != s.kind() || f.user != "" && !s.user.isUser(f.user) {
		return false
	}
	if f.containment != "" && !strings.EqualFold(f.containment, string(s.containment(now))) {
		return false
	}
	for _, rule := range f.wanted {
		if !rule.holds(s.told()) {
			return false
		}
	}
	return true
}

func (s *session) kind() string {
	if s.scene.mute {
		return api.KindNonInteractive
	}
	return api.KindInteractive
}

// sessionsByID ignores every other filter. Ids that are not found are listed
// beside the rows; total counts the found ones.
func (c *call) sessionsByID(ids []string, skip, limit int) obj {
	var found []*session
	unknown := []any{}
	seen := map[string]bool{}
	for _, id := range ids {
		if seen[id] {
			continue
		}
		seen[id] = true
		if s := c.lookup(id); s != nil {
			found = append(found, s)
			continue
		}
		unknown = append(unknown, id)
	}
	slices.SortFunc(found, func(a, b *session) int { return int(b.start - a.start) })
	p := c.cut(len(found), skip, limit)
	rows := c.sessionRows(found[p.lo:p.hi])
	for i, s := range found[p.lo:p.hi] {
		if c.ms()-s.start > tagsKept.Milliseconds() {
			forgetTags(rows[i].(obj))
		}
	}
	return c.envelope(p, "sessions", rows).with("invalidSessions", unknown)
}

// forgetTags: asked by id, session tags come for the last 14 days only.
func forgetTags(row obj) {
	if tags, ok := row.at("tags"); ok {
		tags.(obj).set("sessionTags", []any{})
	}
}

func (c *call) sessionRows(of []*session) []any {
	rows := make([]any, len(of))
	for i, s := range of {
		rows[i] = c.sessionRow(s)
	}
	return rows
}

func (c *call) sessionRow(s *session) obj {
	st := s.told()
	now := st.at(c.ms())
	tags := ob("userTags", list(st.userTags), "sessionTags", list(st.tags))
	if st.odd.altText {
		tags = tags.with("altText", []any{})
	}
	var dev any = s.dev
	if st.odd.developer != nil {
		dev = st.odd.developer
	}
	row := ob(
		"sessionId", s.id, "botId", string(s.bot.id), "channel", s.channel, "userId", s.user.id,
		"start_time", stamp(s.start), "end_time", stamp(now.end), "session_lang", []any{s.lang},
		"sessionType", s.kind(), "isDeveloper", dev)
	if !st.odd.noStatus {
		status := api.StatusClosed
		if now.open {
			status = api.StatusActive
		}
		row = row.with("sessionStatus", status)
	}
	row = row.with("tags", tags, "noOfMessagesExchanged", now.messages, "noOfTasksExecuted", now.tasks)
	if now.outcome != api.Undetermined {
		row = row.with("containmentType", string(now.outcome))
	}
	return row
}
