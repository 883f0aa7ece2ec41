package views

import (
	"time"

	"korescope/api"
	"korescope/api/pulse"
	"korescope/ui/text"
)

// SameFields is the record of `same`.
func SameFields() []Field[pulse.Alike] {
	type row = pulse.Alike
	return []Field[row]{
		WholeIDField("sessionId", Layout{Title: text.Lit("SESSION"), Min: 10, Ideal: 24, At140: 7}, func(r row) api.SessionID { return r.Session.ID }),
		TimeField("time", Layout{Title: text.Lit("START"), Min: 8, Ideal: 12, At80: 1, At140: 1}, func(r row) time.Time { return r.Session.Start }),
		UserField("userId", Layout{Title: text.Lit("USER"), Min: 10, Ideal: 14, At80: 4, At140: 4}, func(r row) api.UserID { return r.Session.User }),
		WordField("containmentType", Layout{Title: text.Lit("TYPE"), Min: 5, Ideal: 6, At80: 2, At140: 2},
			func(r row) api.Containment { return r.Session.Containment }).As(func(r row, e Env) Cell { return ContainmentBadge(r.Session, e) }),
		WordField("channel", Layout{Title: text.Lit("CH"), Min: 3, Ideal: 8, At140: 5}, func(r row) string { return r.Session.Channel }),
		ListField("matched", Layout{Title: text.Lit("IN COMMON"), Min: 20, Ideal: 40, Grow: 1, At80: 3, At140: 3}, matched).As(showTelling),
		WordField("note", Layout{Title: text.Lit("NOTE"), Min: 8, Ideal: 20, At140: 6}, func(r row) pulse.Note { return r.Note }),
	}
}

func matched(r pulse.Alike) []string {
	out := []string{}
	for _, f := range r.Matched {
		out = append(out, f.String())
	}
	return out
}

// showTelling shows what went wrong: the rest would push it off the line.
func showTelling(r pulse.Alike, e Env) Cell {
	var out []text.Safe
	for _, f := range r.Matched {
		if pulse.Telling(f) {
			out = append(out, e.Text(f.Value))
		}
	}
	if len(out) == 0 {
		return absent()
	}
	return plain(text.Join(", ", out...))
}
