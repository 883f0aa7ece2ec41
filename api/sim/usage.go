package sim

import "time"

// What is billed, counted from the sessions themselves. Rule: only sessions
// that are not a developer's count. A conversation is an interactive session, in
// the period in which it starts; a billed session is a block of 15 minutes of
// it, in the period in which the block starts; a request is a message of a user
// in an interactive session; alerts and proactive messages go out unasked.

type unit int

const (
	requestUnit unit = iota
	sessionUnit
	alertUnit
	proactiveUnit
	conversationUnit
	unitCount
)

// unitNames are the names in a question and in its answer.
func unitNames() [unitCount][2]string {
	return [unitCount][2]string{
		{"request", "requests"}, {"session", "sessions"}, {"alert", "alert_notifications"},
		{"proactive", "proactive_notifications"}, {"conversations", "conversations"},
	}
}

func allUnits() []unit {
	return []unit{requestUnit, sessionUnit, alertUnit, proactiveUnit, conversationUnit}
}

const billedBlock = int64(15 * 60 * 1000)

// developers reports a session that is billed to nobody.
func (st *story) developers() bool { return st.s.dev || st.odd.developer != nil }

// used visits everything billed that happened in the span.
func (b *bot) used(s span, now int64, there func(*session) bool, visit func(at int64, u unit)) {
	reach := longestStory.Milliseconds() + lateWriting
	for one := range b.sessions(span{s.from - reach, min(s.to+1000, now)}, true) {
		if one.dev || one.over() < s.from || !there(one) {
			continue
		}
		st := one.told()
		if st.developers() {
			continue
		}
		for i := range st.messages {
			m := &st.messages[i]
			if u, counts := m.unit(one.scene.mute); counts && m.at <= now && s.holds(m.at) {
				visit(m.at, u)
			}
		}
		if one.scene.mute {
			continue
		}
		if s.holds(one.start) {
			visit(one.start, conversationUnit)
		}
		for _, block := range st.blocks(now) {
			if s.holds(block.from) {
				visit(block.from, sessionUnit)
			}
		}
	}
}

func (m *message) unit(mute bool) (unit, bool) {
	switch {
	case m.source == 0:
		return alertUnit, true
	case m.direction() == "incoming" && !mute:
		return requestUnit, true
	case m.direction() == "outgoing" && mute && m.source == 1:
		return proactiveUnit, true
	}
	return 0, false
}

// blocks cuts an interactive session into what is billed.
func (st *story) blocks(now int64) []span {
	end := st.at(now).end
	out := []span{{st.s.start, min(st.s.start+billedBlock, end)}}
	for from := st.s.start + billedBlock; from < end; from += billedBlock {
		out = append(out, span{from, min(from+billedBlock, end)})
	}
	return out
}

// periodOf is the start of the period that a moment lies in, UTC.
func periodOf(ms int64, by string) int64 {
	t := at(ms)
	switch by {
	case "date_day_hour":
		return t.Truncate(time.Hour).UnixMilli()
	case "date_day":
		return t.Truncate(24 * time.Hour).UnixMilli()
	}
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC).UnixMilli()
}

func nextPeriod(ms int64, by string) int64 {
	t := at(ms)
	switch by {
	case "date_day_hour":
		return t.Add(time.Hour).UnixMilli()
	case "date_day":
		return t.AddDate(0, 0, 1).UnixMilli()
	}
	return t.AddDate(0, 1, 0).UnixMilli()
}

// counts are the units of one period.
type counts [unitCount]int

// usage is the units of each period of the bots together.
func (w *World) usage(bots []*bot, s span, now int64, by string) map[int64]*counts {
	out := map[int64]*counts{}
	for _, b := range bots {
		b.used(s, now, w.there, func(at int64, u unit) {
			p := periodOf(at, by)
			if out[p] == nil {
				out[p] = &counts{}
			}
			out[p][u]++
		})
	}
	return out
}
