package views

import (
	"cmp"
	"encoding/json"
	"time"

	"korescope/api"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// ChangeFields is the record of `publish`, `import` and `erase`.
func ChangeFields() []Field[api.Change] {
	str := func(name string, title text.Safe, ideal, at int, of func(api.Change) string) Field[api.Change] {
		return Field[api.Change]{
			Name: name, Title: title, Min: min(8, ideal), Ideal: ideal, At80: at, At140: at,
			Show:    func(c api.Change, _ Env) Cell { return showWord(of(c)) },
			Value:   func(c api.Change) any { return word(of(c)) },
			Compare: func(a, b api.Change) int { return cmp.Compare(of(a), of(b)) },
		}
	}
	return []Field[api.Change]{
		str("call", text.Lit("CALL"), 14, 1, func(c api.Change) string { return c.Call }),
		str("target", text.Lit("TARGET"), 20, 2, func(c api.Change) string { return c.Target }),
		str("jobId", text.Lit("JOB"), 40, 5, func(c api.Change) string { return string(c.ID) }),
		{
			Name: "status", Title: text.Lit("STATUS"), Min: 9, Ideal: 9, At80: 3, At140: 3,
			Show:    func(c api.Change, _ Env) Cell { return ChangeBadge(c.State) },
			Value:   func(c api.Change) any { return word(string(c.State)) },
			Compare: func(a, b api.Change) int { return cmp.Compare(a.State, b.State) },
		},
		{
			Name: "percent", Title: text.Lit("%"), Min: 4, Ideal: 4, Right: true, At80: 4, At140: 4,
			Show:    func(c api.Change, e Env) Cell { return showInt(c.Percent, e) },
			Value:   func(c api.Change) any { return number(c.Percent) },
			Compare: func(a, b api.Change) int { return compareMaybe(a.Percent, b.Percent) },
		},
		{
			Name: "startedAt", Title: text.Lit("STARTED"), Min: 12, Ideal: 19, At140: 6,
			Show:    func(c api.Change, e Env) Cell { return shownAt(c.Started, e) },
			Value:   func(c api.Change) any { return moment(c.Started) },
			Compare: func(a, b api.Change) int { return a.Started.Compare(b.Started) },
		},
		{
			Name: "endedAt", Title: text.Lit("ENDED"), Min: 12, Ideal: 19, At140: 7,
			Show:    func(c api.Change, e Env) Cell { return shownAt(c.Ended, e) },
			Value:   func(c api.Change) any { return moment(c.Ended) },
			Compare: func(a, b api.Change) int { return a.Ended.Compare(b.Ended) },
		},
		{
			Name: "parts", Title: text.Lit("PARTS"), Min: 6, Ideal: 8, At140: 8,
			Show:  func(c api.Change, _ Env) Cell { return dim(text.Int(len(c.Parts))) },
			Value: func(c api.Change) any { return partsRecord(c.Parts) },
		},
		str("requestedBy", text.Lit("BY"), 20, 0, func(c api.Change) string { return string(c.By) }),
	}
}

// ChangeBadge is how a change stands, in a word.
func ChangeBadge(s api.JobState) Cell {
	switch s {
	case api.JobSucceeded:
		return Cell{Text: text.Lit("done"), Token: theme.Good}
	case api.JobFailed:
		return Cell{Text: text.Lit("FAILED"), Token: theme.Bad}
	case api.JobUnknown:
		return Cell{Text: text.Lit("UNKNOWN"), Token: theme.Warn}
	case api.JobExpired:
		return Cell{Text: text.Lit("EXPIRED"), Token: theme.Warn}
	}
	return Cell{Text: text.Lit("running"), Token: theme.Info}
}

// partsRecord tells each part in the platform's own word, or in ours where it
// says none.
func partsRecord(parts []api.ChangePart) any {
	type part struct {
		Name   string `json:"name"`
		Type   string `json:"type"`
		Status string `json:"status"`
	}
	if parts == nil {
		return nil
	}
	out := make([]part, len(parts))
	for i, p := range parts {
		out[i] = part{p.Name, p.Type, cmp.Or(p.Word, string(p.State))}
	}
	b, err := json.Marshal(out)
	if err != nil {
		return nil // it holds nothing but texts
	}
	return json.RawMessage(b)
}

// Change masks a change: who asked for it, and the users it is about.
func (m *Masker) Change(c api.Change) api.Change {
	c.By = api.UserID(m.Identity(string(c.By)))
	parts := make([]api.ChangePart, len(c.Parts))
	for i, p := range c.Parts {
		if p.Type == "user" {
			p.Name = m.Identity(p.Name)
		}
		parts[i] = p
	}
	if c.Parts != nil {
		c.Parts = parts
	}
	return c
}

func shownAt(t time.Time, e Env) Cell {
	if t.IsZero() {
		return showWord("")
	}
	return plain(Moment(t, e))
}
