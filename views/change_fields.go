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
	type change = api.Change
	parts := JSONField("parts", Layout{Title: text.Lit("PARTS"), Min: 6, Ideal: 8, At140: 8},
		func(c change) any { return partsRecord(c.Parts, Env{}) },
		func(c change, _ Env) Cell { return dim(text.Int(len(c.Parts))) })
	parts.masked = func(c change, e Env) any { return partsRecord(c.Parts, e) }
	return []Field[change]{
		OwnField("call", Layout{Title: text.Lit("CALL"), Min: 8, Ideal: 14, At80: 1, At140: 1}, func(c change) string { return c.Call }),
		WholeIDField("target", Layout{Title: text.Lit("TARGET"), Min: 8, Ideal: 20, At80: 2, At140: 2}, func(c change) string { return c.Target }),
		WholeIDField("jobId", Layout{Title: text.Lit("JOB"), Min: 8, Ideal: 40, At80: 5, At140: 5}, func(c change) api.JobID { return c.ID }),
		OwnField("status", Layout{Title: text.Lit("STATUS"), Min: 9, Ideal: 9, At80: 3, At140: 3}, func(c change) api.JobState { return c.State }).
			As(func(c change, _ Env) Cell { return ChangeBadge(c.State) }),
		CountField("percent", Layout{Title: text.Lit("%"), Min: 4, Ideal: 4, At80: 4, At140: 4}, func(c change) api.Maybe[int] { return c.Percent }),
		TimeField("startedAt", Layout{Title: text.Lit("STARTED"), Min: 12, Ideal: 19, At140: 6}, func(c change) time.Time { return c.Started }),
		TimeField("endedAt", Layout{Title: text.Lit("ENDED"), Min: 12, Ideal: 19, At140: 7}, func(c change) time.Time { return c.Ended }),
		parts,
		UserField("requestedBy", Layout{Title: text.Lit("BY"), Min: 8, Ideal: 20}, func(c change) api.UserID { return c.By }),
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
func partsRecord(parts []api.ChangePart, e Env) any {
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
		name := e.Masked(p.Name)
		if p.Type == "user" {
			name = e.MaskedUser(api.UserID(p.Name))
		}
		out[i] = part{name, e.Masked(p.Type), e.Masked(cmp.Or(p.Word, string(p.State)))}
	}
	b, err := json.Marshal(out)
	if err != nil {
		return nil // it holds nothing but texts
	}
	return json.RawMessage(b)
}
