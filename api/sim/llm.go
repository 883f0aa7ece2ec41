package sim

import (
	"cmp"
	"slices"
)

// getLLMUsageLogs (reference 9): a bare array, no total, no session filter.

const (
	usualModelRows = 50
	mostModelRows  = 10000 // [SIM] not documented
	rowDelay       = 45 * 1000
)

// asked is a model call with the session it was made for.
type asked struct {
	s    *session
	st   *story
	c    *llmCall
	side guardSide
}

// guardSide is which row of a guarded call this is, where guardrails write rows
// of their own: those stand in the same instant as the call (reference 31.1).
type guardSide int

const (
	theCall guardSide = iota
	inputGuard
	outputGuard
)

// rowsOf are the rows of a call, newest first.
func (c *call) rowsOf(one asked) []asked {
	if !c.w.strict.GuardRows || one.c.guard == 0 {
		return []asked{one}
	}
	before, after := one, one
	before.side, after.side = inputGuard, outputGuard
	return []asked{after, one, before}
}

// modelQuery is what a getLLMUsageLogs call asks for.
type modelQuery struct {
	window      span
	channels    []string
	users       []string // as rows name them
	atChannel   []string // as the channel names them
	features    []string
	task        string
	dev         bool // developers' calls as well; absent means false (reference 27.12)
	byTime      string
	skip, limit int
}

func listModelCalls(c *call) (any, *refusal) {
	c.in.inQuery = false
	window, no := c.required("dateFrom", "dateTo", longestLogs, "90")
	if no != nil {
		return nil, no
	}
	q := modelQuery{window: window, channels: c.in.texts("channel", true), users: c.in.texts("userIds", true), task: c.in.text("taskId")}
	q.features = c.in.texts("featureName", true)
	q.atChannel = c.in.texts("channelUserIds", true)
	if c.in.given("limit") == nil {
		c.in.bad = true // documented as required
	}
	q.skip, q.limit = c.paging(usualModelRows, mostModelRows)
	if c.w.strict.SkipIgnored {
		q.skip = 0
	}
	q.dev = c.in.flag("isDeveloper")
	if sort, ok := c.in.body["sort"].(map[string]any); ok {
		q.byTime, _ = sort["order"].(string)
		c.in.oneOfThese(q.byTime, "asc", "desc")
		c.in.bad = c.in.bad || sort["field"] != "Time Taken"
	}
	if c.in.bad {
		return nil, invalidArguments()
	}
	found := c.modelCalls(q)
	p := c.cut(len(found), q.skip, q.limit)
	rows := make([]any, 0, p.hi-p.lo)
	for _, one := range found[p.lo:p.hi] {
		rows = append(rows, one.row())
	}
	if c.w.strict.LLMHits {
		return ob("hits", rows), nil
	}
	return rows, nil
}

// modelCalls lists the calls of the window, newest first, as far as the page
// needs. A row is certain to be in its place once every session has been told
// that could still bring a newer one; then the walk stops.
func (c *call) modelCalls(q modelQuery) []asked {
	var found []asked
	last := c.ms() // the dates are about starts; a row is written when its call has ended
	if c.w.strict.LLMDelay {
		last -= rowDelay
	}
	need := q.skip + q.limit + 1
	checked := 0
	reach := longestStory.Milliseconds()
	floor := q.window.from // nothing older is wanted
	for s := range c.sessions(span{q.window.from - reach, q.window.to + 1000}, false) {
		if q.byTime == "" && len(found)-checked > need {
			byStart(found)
			floor = found[need-1].c.at
			if floor > s.start+reach {
				return found[:need]
			}
			checked = len(found) - need/2 // look again when that many more have come
		}
		if s.over() < floor || !c.there(s) || !q.fits(s) {
			continue
		}
		st := s.told()
		if st.developers() && !q.dev {
			continue
		}
		for i := range st.calls {
			call := &st.calls[i]
			ended := call.at + int64(call.took)
			if call.at < q.window.from || call.at > q.window.to || ended > last || !q.fitsCall(call) {
				continue
			}
			found = append(found, c.rowsOf(asked{s: s, st: st, c: call})...)
		}
	}
	byStart(found)
	if q.byTime != "" {
		slices.SortStableFunc(found, func(a, b asked) int {
			if q.byTime == "asc" {
				return cmp.Compare(a.c.took, b.c.took)
			}
			return cmp.Compare(b.c.took, a.c.took)
		})
	}
	return found
}

func byStart(of []asked) {
	slices.SortStableFunc(of, func(a, b asked) int {
		return cmp.Or(cmp.Compare(b.c.at, a.c.at), cmp.Compare(b.s.id, a.s.id), cmp.Compare(b.c.no, a.c.no))
	})
}

func (q modelQuery) fits(s *session) bool {
	if len(q.channels) > 0 && !slices.Contains(q.channels, s.channel) {
		return false
	}
	if len(q.atChannel) > 0 && !slices.ContainsFunc(q.atChannel, s.isAtChannel) {
		return false
	}
	return len(q.users) == 0 || slices.ContainsFunc(q.users, s.user.isUser)
}

// isAtChannel compares with an identity at the channel.
func (s *session) isAtChannel(filter string) bool {
	return filter != "" && (filter == s.channelUID() || filter == s.user.mail || filter == s.user.phone)
}

// fitsCall: featureName takes internal names on the platform; here the shown
// ones are taken too [SIM].
func (q modelQuery) fitsCall(call *llmCall) bool {
	if q.task != "" && q.task != call.node.task {
		return false
	}
	return len(q.features) == 0 || slices.Contains(q.features, call.node.feature)
}
