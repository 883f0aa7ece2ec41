package views

import (
	"time"

	"korescope/api"
	"korescope/ui/text"
)

// MetricFields is one row of the platform's own metrics as it stands in a time line
// (kind node) and in a case folder.
func MetricFields() []Field[api.Metric] {
	type row = api.Metric
	took := func(name string, title text.Safe, of func(row) api.Maybe[time.Duration]) Field[row] {
		return MillisField(name, Layout{Title: title, Min: 5, Ideal: 6}, func(r row) api.Maybe[int64] {
			d := of(r)
			return api.Maybe[int64]{Value: d.Value.Milliseconds(), Known: d.Known}
		})
	}
	word := func(name string, title text.Safe, of func(row) string) Field[row] {
		return WordField(name, Layout{Title: title, Min: 6, Ideal: 14}, of)
	}
	return []Field[row]{
		WordField("type", Layout{Title: text.Lit("KIND"), Min: 8, Ideal: 11}, func(r row) api.MetricKind { return r.Kind }),
		TimeField("time", Layout{Title: text.Lit("TIME"), Min: 8, Ideal: 12, At80: 1, At140: 1}, func(r row) time.Time { return r.At }),
		WholeIDField("sessionId", Layout{Title: text.Lit("SESSION"), Min: 10, Ideal: 24}, func(r row) api.SessionID { return r.Session }),
		OwnField("joinedBy", Layout{Title: text.Lit("JOINED"), Min: 5, Ideal: 9}, func(r row) api.JoinedBy { return r.Joined }),
		UserField("userId", Layout{Title: text.Lit("USER"), Min: 10, Ideal: 14}, func(r row) api.UserID { return r.User }),
		word("channel", text.Lit("CH"), func(r row) string { return r.Channel }),
		word("language", text.Lit("LANG"), func(r row) string { return r.Language }),
		word("task", text.Lit("TASK"), func(r row) string { return r.Task }),
		IDField("taskId", Layout{Title: text.Lit("TASK ID"), Min: 8, Ideal: 12}, func(r row) string { return r.TaskID }),
		word("node", text.Lit("NODE"), func(r row) string { return r.Node }),
		word("nodeType", text.Lit("NODE TYPE"), func(r row) string { return r.NodeType }),
		word("status", text.Lit("STATUS"), func(r row) string { return r.Status }),
		word("code", text.Lit("CODE"), func(r row) string { return r.Code }),
		took("tookMs", text.Lit("TOOK"), func(r row) api.Maybe[time.Duration] { return r.Took }),
		took("apiTookMs", text.Lit("API"), func(r row) api.Maybe[time.Duration] { return r.APITook }),
		word("utterance", text.Lit("SAID"), func(r row) string { return r.Utterance }),
		word("intent", text.Lit("INTENT"), func(r row) string { return r.Intent }),
		word("reason", text.Lit("REASON"), func(r row) string { return r.Reason }),
		word("point", text.Lit("AT"), func(r row) string { return r.Point }),
	}
}
