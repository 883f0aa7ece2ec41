package trace

import (
	"slices"

	"korescope/api"
)

// LinkMetrics links the rows of the platform's metrics that name no session to
// the one of their user that they fall in, where just one fits, as [Link] does.
func LinkMetrics(rows []api.Metric, sessions []api.Session) []api.Metric {
	known := byUser(sessions)
	out := slices.Clone(rows)
	for i, m := range out {
		if m.Session != "" || m.User == "" {
			continue
		}
		c := Link(api.LLMCall{User: m.User, Start: m.At, Channel: m.Channel}, known[m.User])
		out[i].Session, out[i].Joined = c.Session, c.Joined
	}
	return out
}
