package views

import (
	"cmp"
	"encoding/json"
	"strconv"

	"korescope/api"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// BillingFields is the record of `billing`: keys, order and columns.
func BillingFields(by api.Period) []Field[api.BillingRow] {
	unit := func(name string, title text.Safe, of func(api.BillingRow) api.Maybe[int64]) Field[api.BillingRow] {
		return Field[api.BillingRow]{
			Name: name, Title: title, Min: 8, Ideal: 10, Right: true, At80: 3, At140: 3,
			Show:    func(r api.BillingRow, e Env) Cell { return showInt(of(r), e) },
			Value:   func(r api.BillingRow) any { return number(of(r)) },
			Compare: func(a, b api.BillingRow) int { return compareMaybe(of(a), of(b)) },
		}
	}
	return []Field[api.BillingRow]{
		{
			Name: "period", Title: text.Lit("PERIOD"), Min: 10, Ideal: 13, At80: 1, At140: 1,
			Show:    func(r api.BillingRow, e Env) Cell { return plain(PeriodText(r, by, e)) },
			Value:   func(r api.BillingRow) any { return moment(r.Period) },
			Compare: func(a, b api.BillingRow) int { return a.Period.Compare(b.Period) },
		},
		{
			Name: "bot", Title: text.Lit("BOT"), Min: 4, Ideal: 12, At140: 2,
			Show:    func(r api.BillingRow, _ Env) Cell { return showWord(r.Bot) },
			Value:   func(r api.BillingRow) any { return word(r.Bot) },
			Compare: func(a, b api.BillingRow) int { return cmp.Compare(a.Bot, b.Bot) },
		},
		unit("requests", text.Lit("REQUESTS"), func(r api.BillingRow) api.Maybe[int64] { return r.Requests }),
		unit("sessions", text.Lit("SESSIONS"), func(r api.BillingRow) api.Maybe[int64] { return r.Sessions }),
		unit("alerts", text.Lit("ALERTS"), func(r api.BillingRow) api.Maybe[int64] { return r.Alerts }),
		unit("proactive", text.Lit("PROACTIVE"), func(r api.BillingRow) api.Maybe[int64] { return r.Proactive }),
		unit("conversations", text.Lit("CONVERSATIONS"), func(r api.BillingRow) api.Maybe[int64] { return r.Conversations }),
	}
}

// PeriodText is a billing period: Nov 2026, Mon Nov 16, or Nov 16 14:00. Periods
// are the platform's, in UTC, whatever zone is shown elsewhere.
func PeriodText(r api.BillingRow, by api.Period, e Env) text.Safe {
	if r.Period.IsZero() {
		return text.Lit("-")
	}
	if e.Plain {
		return text.Clean(Stamp(r.Period))
	}
	layout := map[api.Period]string{api.ByMonth: "Jan 2006", api.ByDay: "Mon Jan 02", api.ByHour: "Jan 02 15:04"}[by]
	return text.Clean(r.Period.UTC().Format(layout))
}

// BilledFields are the columns of single billed sessions.
func BilledFields() []Field[api.BilledSession] {
	str := func(name string, title text.Safe, ideal, at int, of func(api.BilledSession) string) Field[api.BilledSession] {
		return Field[api.BilledSession]{
			Name: name, Title: title, Min: min(8, ideal), Ideal: ideal, At80: at, At140: at,
			Show:    func(b api.BilledSession, _ Env) Cell { return showWord(of(b)) },
			Value:   func(b api.BilledSession) any { return word(of(b)) },
			Compare: func(a, b api.BilledSession) int { return cmp.Compare(of(a), of(b)) },
		}
	}
	return []Field[api.BilledSession]{
		str("billingSessionId", text.Lit("BILLED"), 24, 4, func(b api.BilledSession) string { return b.ID }),
		str("sessionId", text.Lit("SESSION"), 24, 3, func(b api.BilledSession) string { return string(b.Session) }),
		{
			Name: "startTime", Title: text.Lit("START"), Min: 12, Ideal: 12, At80: 1, At140: 1,
			Show: func(b api.BilledSession, e Env) Cell {
				if b.Start.IsZero() {
					return showWord(b.StartRaw)
				}
				return plain(Moment(b.Start, e))
			},
			Value:   func(b api.BilledSession) any { return moment(b.Start) },
			Compare: func(a, b api.BilledSession) int { return a.Start.Compare(b.Start) },
		},
		str("channel", text.Lit("CH"), 8, 2, func(b api.BilledSession) string { return b.Channel }),
		str("userId", text.Lit("USER"), 12, 5, func(b api.BilledSession) string { return string(b.User) }),
		str("type", text.Lit("TYPE"), 13, 6, func(b api.BilledSession) string { return b.Type }),
	}
}

// ContainmentFields is the record of `containment`: keys, order and columns.
func ContainmentFields() []Field[api.ContainmentRow] {
	return append(containmentTask(), containmentShares()...)
}

func containmentTask() []Field[api.ContainmentRow] {
	str := func(name string, title text.Safe, ideal, at int, of func(api.ContainmentRow) string) Field[api.ContainmentRow] {
		return Field[api.ContainmentRow]{
			Name: name, Title: title, Min: min(8, ideal), Ideal: ideal, At80: at, At140: at,
			Show:    func(r api.ContainmentRow, _ Env) Cell { return showWord(of(r)) },
			Value:   func(r api.ContainmentRow) any { return word(of(r)) },
			Compare: func(a, b api.ContainmentRow) int { return cmp.Compare(of(a), of(b)) },
		}
	}
	return []Field[api.ContainmentRow]{
		str("period", text.Lit("PERIOD"), 10, 1, func(r api.ContainmentRow) string { return r.Period }),
		str("task", text.Lit("TASK"), 20, 2, func(r api.ContainmentRow) string { return r.Task }),
		str("taskType", text.Lit("KIND"), 8, 0, func(r api.ContainmentRow) string { return r.TaskType }),
		str("status", text.Lit("RESULT"), 8, 3, func(r api.ContainmentRow) string { return r.Status }),
	}
}

func containmentShares() []Field[api.ContainmentRow] {
	num := func(name string, title text.Safe, at int, of func(api.ContainmentRow) api.Maybe[int]) Field[api.ContainmentRow] {
		return Field[api.ContainmentRow]{
			Name: name, Title: title, Min: 5, Ideal: 6, Right: true, At80: at, At140: at,
			Show:    func(r api.ContainmentRow, e Env) Cell { return showInt(of(r), e) },
			Value:   func(r api.ContainmentRow) any { return number(of(r)) },
			Compare: func(a, b api.ContainmentRow) int { return compareMaybe(of(a), of(b)) },
		}
	}
	pct := func(name string, title text.Safe, token theme.Token, of func(api.ContainmentRow) api.Maybe[float64]) Field[api.ContainmentRow] {
		return Field[api.ContainmentRow]{
			Name: name, Title: title, Min: 5, Ideal: 6, Right: true, At80: 6, At140: 6,
			Show:    func(r api.ContainmentRow, e Env) Cell { return showPct(of(r), token, e) },
			Value:   func(r api.ContainmentRow) any { return float(of(r)) },
			Compare: func(a, b api.ContainmentRow) int { return cmp.Compare(orLess(of(a)), orLess(of(b))) },
		}
	}
	return []Field[api.ContainmentRow]{
		num("executions", text.Lit("RUNS"), 4, func(r api.ContainmentRow) api.Maybe[int] { return r.Executions }),
		num("sessions", text.Lit("SESS"), 5, func(r api.ContainmentRow) api.Maybe[int] { return r.Sessions }),
		num("selfService", text.Lit("SELF"), 0, func(r api.ContainmentRow) api.Maybe[int] { return r.SelfService }),
		num("dropOff", text.Lit("DROP"), 0, func(r api.ContainmentRow) api.Maybe[int] { return r.DropOff }),
		num("agent", text.Lit("AGENT"), 0, func(r api.ContainmentRow) api.Maybe[int] { return r.Agent }),
		pct("selfServicePct", text.Lit("SELF%"), theme.Good, func(r api.ContainmentRow) api.Maybe[float64] { return r.SelfPct }),
		pct("dropOffPct", text.Lit("DROP%"), theme.Bad, func(r api.ContainmentRow) api.Maybe[float64] { return r.DropPct }),
		pct("agentPct", text.Lit("AGNT%"), theme.Warn, func(r api.ContainmentRow) api.Maybe[float64] { return r.AgentPct }),
	}
}

func showPct(m api.Maybe[float64], token theme.Token, e Env) Cell {
	switch {
	case !m.Known:
		return unknown()
	case e.Plain:
		return plain(text.Clean(strconv.FormatFloat(m.Value, 'f', -1, 64)))
	case m.Value == 0:
		return dim(text.Lit("0%"))
	}
	return Cell{Text: text.Format("%.0f%%", m.Value), Token: token}
}

// float is a number with a fraction as it stands in a record.
func float(m api.Maybe[float64]) any {
	if !m.Known {
		return nil
	}
	return json.RawMessage(strconv.FormatFloat(m.Value, 'f', -1, 64))
}

func orLess(m api.Maybe[float64]) float64 {
	if !m.Known {
		return -1
	}
	return m.Value
}
