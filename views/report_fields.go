package views

import (
	"cmp"
	"encoding/json"
	"strconv"
	"time"

	"korescope/api"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// BillingFields is the record of `billing`: keys, order and columns.
func BillingFields(by api.Period) []Field[api.BillingRow] {
	type row = api.BillingRow
	unit := func(name string, title text.Safe, of func(row) api.Maybe[int64]) Field[row] {
		return CountField(name, Layout{Title: title, Min: 8, Ideal: 10, At80: 3, At140: 3}, of)
	}
	return []Field[row]{
		TimeField("period", Layout{Title: text.Lit("PERIOD"), Min: 10, Ideal: 13, At80: 1, At140: 1}, func(r row) time.Time { return r.Period }).
			As(func(r row, e Env) Cell { return plain(PeriodText(r, by, e)) }),
		WordField("bot", Layout{Title: text.Lit("BOT"), Min: 4, Ideal: 12, At140: 2}, func(r row) string { return r.Bot }),
		unit("requests", text.Lit("REQUESTS"), func(r row) api.Maybe[int64] { return r.Requests }),
		unit("sessions", text.Lit("SESSIONS"), func(r row) api.Maybe[int64] { return r.Sessions }),
		unit("alerts", text.Lit("ALERTS"), func(r row) api.Maybe[int64] { return r.Alerts }),
		unit("proactive", text.Lit("PROACTIVE"), func(r row) api.Maybe[int64] { return r.Proactive }),
		unit("conversations", text.Lit("CONVERSATIONS"), func(r row) api.Maybe[int64] { return r.Conversations }),
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
	type billed = api.BilledSession
	return []Field[billed]{
		WholeIDField("billingSessionId", Layout{Title: text.Lit("BILLED"), Min: 8, Ideal: 24, At80: 4, At140: 4}, func(b billed) string { return b.ID }),
		WholeIDField("sessionId", Layout{Title: text.Lit("SESSION"), Min: 8, Ideal: 24, At80: 3, At140: 3},
			func(b billed) api.SessionID { return b.Session }),
		TimeField("startTime", Layout{Title: text.Lit("START"), Min: 12, Ideal: 12, At80: 1, At140: 1}, func(b billed) time.Time { return b.Start }).
			As(func(b billed, e Env) Cell {
				if b.Start.IsZero() {
					return showWord(b.StartRaw, e)
				}
				return plain(Moment(b.Start, e))
			}),
		WordField("channel", Layout{Title: text.Lit("CH"), Min: 8, Ideal: 8, At80: 2, At140: 2}, func(b billed) string { return b.Channel }),
		UserField("userId", Layout{Title: text.Lit("USER"), Min: 8, Ideal: 12, At80: 5, At140: 5}, func(b billed) api.UserID { return b.User }).
			As(func(b billed, e Env) Cell {
				if b.User == "" {
					return absent()
				}
				return plain(e.User(b.User))
			}),
		WordField("type", Layout{Title: text.Lit("TYPE"), Min: 8, Ideal: 13, At80: 6, At140: 6}, func(b billed) string { return b.Type }),
	}
}

// ContainmentFields is the record of `containment`: keys, order and columns.
func ContainmentFields() []Field[api.ContainmentRow] {
	type row = api.ContainmentRow
	num := func(name string, title text.Safe, at int, of func(row) api.Maybe[int]) Field[row] {
		return CountField(name, Layout{Title: title, Min: 5, Ideal: 6, At80: at, At140: at}, of)
	}
	pct := func(name string, title text.Safe, token theme.Token, of func(row) api.Maybe[float64]) Field[row] {
		return PercentField(name, Layout{Title: title, Min: 5, Ideal: 6, At80: 6, At140: 6}, token, of)
	}
	return []Field[row]{
		WordField("period", Layout{Title: text.Lit("PERIOD"), Min: 8, Ideal: 10, At80: 1, At140: 1}, func(r row) string { return r.Period }),
		WordField("task", Layout{Title: text.Lit("TASK"), Min: 8, Ideal: 20, At80: 2, At140: 2}, func(r row) string { return r.Task }),
		WordField("taskType", Layout{Title: text.Lit("KIND"), Min: 8, Ideal: 8}, func(r row) string { return r.TaskType }),
		WordField("status", Layout{Title: text.Lit("RESULT"), Min: 8, Ideal: 8, At80: 3, At140: 3}, func(r row) string { return r.Status }),
		num("executions", text.Lit("RUNS"), 4, func(r row) api.Maybe[int] { return r.Executions }),
		num("sessions", text.Lit("SESS"), 5, func(r row) api.Maybe[int] { return r.Sessions }),
		num("selfService", text.Lit("SELF"), 0, func(r row) api.Maybe[int] { return r.SelfService }),
		num("dropOff", text.Lit("DROP"), 0, func(r row) api.Maybe[int] { return r.DropOff }),
		num("agent", text.Lit("AGENT"), 0, func(r row) api.Maybe[int] { return r.Agent }),
		pct("selfServicePct", text.Lit("SELF%"), theme.Good, func(r row) api.Maybe[float64] { return r.SelfPct }),
		pct("dropOffPct", text.Lit("DROP%"), theme.Bad, func(r row) api.Maybe[float64] { return r.DropPct }),
		pct("agentPct", text.Lit("AGNT%"), theme.Warn, func(r row) api.Maybe[float64] { return r.AgentPct }),
	}
}

// PercentField is a share in percent, 0 to 100, that may not be known.
func PercentField[T any](name string, l Layout, token theme.Token, of func(T) api.Maybe[float64]) Field[T] {
	l.Right = true
	return Field[T]{
		Name: name, Layout: l,
		Show:    func(v T, e Env) Cell { return showPct(of(v), token, e) },
		Value:   func(v T) any { return float(of(v)) },
		Compare: func(a, b T) int { return cmp.Compare(orLess(of(a)), orLess(of(b))) },
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
