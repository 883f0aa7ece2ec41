package cli

import (
	"context"
	"iter"

	"korescope/api"
)

// joinedHere links the calls of a window to the sessions that are on disk. It
// asks nobody: a window of calls would cost a second reading of its sessions, and
// whoever wants every link names the sessions.
func (r *callRead) joinedHere(ctx context.Context, all iter.Seq2[api.Answer[[]api.LLMCall], error]) iter.Seq2[api.Answer[[]api.LLMCall], error] {
	known := map[api.UserID][]api.Session{}
	a, err := r.d.sessions.Cached(ctx, api.SessionQuery{Window: r.ask.window.Widen(reach, 0)})
	if err != nil {
		return all // nothing on disk: the calls stand as the platform sent them
	}
	for _, s := range a.Value {
		known[s.User] = append(known[s.User], s)
	}
	return func(yield func(api.Answer[[]api.LLMCall], error) bool) {
		for a, err := range all {
			rows := make([]api.LLMCall, len(a.Value))
			for i, c := range a.Value {
				rows[i] = api.JoinCall(c, known[c.User])
			}
			a.Value = rows
			if !yield(a, err) {
				return
			}
		}
	}
}
