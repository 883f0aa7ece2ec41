package views

import (
	"cmp"
	"time"

	"korescope/api"
	"korescope/api/failures"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// FailedTaskFields is the record of `failures tasks`.
func FailedTaskFields() []Field[failures.Task] {
	type row = failures.Task
	return []Field[row]{
		WordField("task", Layout{Title: text.Lit("TASK"), Min: 8, Ideal: 14, At80: 2, At140: 2}, func(r row) string { return r.Name }),
		IDField("taskId", Layout{Title: text.Lit("TASK ID"), Min: 8, Ideal: 12}, func(r row) string { return r.ID }),
		WordField("node", Layout{Title: text.Lit("AT"), Min: 6, Ideal: 10, At80: 3, At140: 3}, func(r row) string { return r.Point }),
		WordField("reason", Layout{Title: text.Lit("REASON"), Min: 12, Ideal: 30, Grow: 1, At80: 4, At140: 4}, func(r row) string { return r.Reason }),
		tally("count", text.Lit("COUNT"), 1, func(r row) int { return r.Count }),
		tally("sessions", text.Lit("SESS"), 5, func(r row) int { return len(r.Sessions) }),
		PercentField("sharePct", Layout{Title: text.Lit("SHARE"), Min: 5, Ideal: 5, At140: 6}, theme.Plain,
			func(r row) api.Maybe[float64] { return api.Known(r.Share) }),
		TimeField("firstAt", Layout{Title: text.Lit("FIRST"), Min: 12, Ideal: 12, At140: 7}, func(r row) time.Time { return r.First }),
		TimeField("lastAt", Layout{Title: text.Lit("LAST"), Min: 8, Ideal: 12, At80: 6, At140: 8}, func(r row) time.Time { return r.Last }),
		sessionsField("examples", func(r row) []api.SessionID { return r.Newest() }),
	}
}

// NodeFields is the record of `failures nodes`.
func NodeFields() []Field[failures.Node] {
	type row = failures.Node
	length := func(name string, title text.Safe, at80, at140 int, of func(row) api.Maybe[time.Duration]) Field[row] {
		return MillisField(name, Layout{Title: title, Min: 5, Ideal: 6, At80: at80, At140: at140}, func(r row) api.Maybe[int64] {
			d := of(r)
			return api.Maybe[int64]{Value: d.Value.Milliseconds(), Known: d.Known}
		})
	}
	return []Field[row]{
		WordField("node", Layout{Title: text.Lit("NODE"), Min: 8, Ideal: 16, Grow: 1, At80: 1, At140: 1}, func(r row) string { return r.Name }),
		WordField("type", Layout{Title: text.Lit("TYPE"), Min: 6, Ideal: 12, At140: 2}, func(r row) string { return r.Type }),
		WordField("task", Layout{Title: text.Lit("TASK"), Min: 6, Ideal: 12, At80: 2, At140: 3}, func(r row) string { return r.Task }),
		tally("count", text.Lit("RUNS"), 3, func(r row) int { return r.Runs }),
		tally("failed", text.Lit("FAIL"), 4, func(r row) int { return r.Failed.Count }),
		PercentField("failedPct", Layout{Title: text.Lit("FAIL%"), Min: 5, Ideal: 5, At80: 5, At140: 5}, theme.Bad,
			func(r row) api.Maybe[float64] { return api.Known(r.FailedPct()) }),
		JSONField("codes", Layout{Title: text.Lit("CODES"), Min: 6, Ideal: 14, At80: 6, At140: 6},
			func(r row) any { return codes(r.Codes) }, showCodes),
		length("p50Ms", text.Lit("P50"), 0, 7, func(r row) api.Maybe[time.Duration] { return r.Median }),
		length("p95Ms", text.Lit("P95"), 7, 8, func(r row) api.Maybe[time.Duration] { return r.P95 }),
		length("maxMs", text.Lit("MAX"), 0, 9, func(r row) api.Maybe[time.Duration] { return r.Max }),
		TimeField("firstFailedAt", Layout{Title: text.Lit("FIRST FAIL"), Min: 12, Ideal: 12, At80: 8, At140: 10}, func(r row) time.Time { return r.Failed.First }),
		TimeField("lastFailedAt", Layout{Title: text.Lit("LAST FAIL"), Min: 12, Ideal: 12, At140: 11}, func(r row) time.Time { return r.Failed.Last }),
	}
}

// UtteranceFields is the record of `failures intents` and `failures utterances`.
func UtteranceFields() []Field[failures.Utterance] {
	type row = failures.Utterance
	return []Field[row]{
		WordField("utterance", Layout{Title: text.Lit("SAID"), Min: 16, Ideal: 30, Grow: 1, At80: 2, At140: 2}, func(r row) string { return r.Text }),
		WordField("intent", Layout{Title: text.Lit("INTENT"), Min: 8, Ideal: 14, At80: 3, At140: 3}, func(r row) string { return r.Intent }),
		tally("count", text.Lit("COUNT"), 1, func(r row) int { return r.Count }),
		tally("sessions", text.Lit("SESS"), 4, func(r row) int { return len(r.Sessions) }),
		CountField("ambiguous", Layout{Title: text.Lit("AMBIG"), Min: 5, Ideal: 5, At80: 5, At140: 5}, func(r row) api.Maybe[int] { return r.Ambiguous }),
		TimeField("firstAt", Layout{Title: text.Lit("FIRST"), Min: 12, Ideal: 12, At140: 6}, func(r row) time.Time { return r.First }),
		TimeField("lastAt", Layout{Title: text.Lit("LAST"), Min: 8, Ideal: 12, At80: 6, At140: 7}, func(r row) time.Time { return r.Last }),
		sessionsField("examples", func(r row) []api.SessionID { return r.Newest() }),
	}
}

// ChangeLogFields is the record of `changes`. Who changed something is hidden by
// people, also where nothing else is masked; nil shows it.
func ChangeLogFields(people *Masker) []Field[api.ChangeEntry] {
	type row = api.ChangeEntry
	who := func(r row) string {
		name := cmp.Or(r.User, r.Email)
		if people == nil || name == "" {
			return name
		}
		return people.Person(name)
	}
	return []Field[row]{
		WholeIDField("changeId", Layout{Title: text.Lit("CHANGE"), Min: 8, Ideal: 20}, func(r row) string { return r.ID }),
		TimeField("time", Layout{Title: text.Lit("TIME"), Min: 12, Ideal: 12, At80: 1, At140: 1}, func(r row) time.Time { return r.At }),
		WordField("message", Layout{Title: text.Lit("WHAT"), Min: 16, Ideal: 40, Grow: 1, At80: 2, At140: 2}, func(r row) string { return r.Message }),
		WordField("resourceType", Layout{Title: text.Lit("OF"), Min: 6, Ideal: 8, At80: 3, At140: 3}, func(r row) string { return r.ResourceType }),
		IDField("resourceId", Layout{Title: text.Lit("ID"), Min: 8, Ideal: 12, At140: 4}, func(r row) string { return r.ResourceID }),
		PersonField("user", Layout{Title: text.Lit("WHO"), Min: 8, Ideal: 14, At80: 4, At140: 5}, who),
	}
}

// tally is a number that is always known.
func tally[T any](name string, title text.Safe, at int, of func(T) int) Field[T] {
	return CountField(name, Layout{Title: title, Min: 4, Ideal: 5, At80: at, At140: at}, func(v T) api.Maybe[int] { return api.Known(of(v)) })
}

// sessionsField is a list of conversations.
func sessionsField[T any](name string, of func(T) []api.SessionID) Field[T] {
	f := ListField(name, Layout{Title: text.Lit("EXAMPLES"), Min: 8, Ideal: 24}, func(v T) []string {
		out := []string{}
		for _, id := range of(v) {
			out = append(out, string(id))
		}
		return out
	})
	f.Sort = Opaque
	return f
}

func codes(list []failures.Code) map[string]int {
	out := make(map[string]int, len(list))
	for _, c := range list {
		out[c.Code] = c.Count
	}
	return out
}

func showCodes(n failures.Node, e Env) Cell {
	if len(n.Codes) == 0 {
		return absent()
	}
	words := make([]text.Safe, len(n.Codes))
	for i, c := range n.Codes {
		words[i] = text.Format("%s x%d", e.Text(c.Code), c.Count)
	}
	return plain(text.Join(" ", words...))
}
