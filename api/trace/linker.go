package trace

import (
	"context"
	"slices"

	"korescope/api"
)

// linker links the calls of a window to the sessions that are on disk. It asks
// nobody: a window of calls would cost a second reading of its sessions.
type linker struct {
	known map[api.UserID][]api.Session
	out   []api.LLMCall // linked so far
}

func (r *CallReader) linker(ctx context.Context, q api.LLMQuery) *linker {
	w := q.Window
	if w.Zero() {
		w = api.Last(reach, r.now())
	}
	a, err := r.sessions.Cached(ctx, api.SessionQuery{Window: w.Widen(reach, 0)})
	if err != nil {
		return &linker{} // nothing on disk: the calls stand as the platform sent them
	}
	return &linker{known: byUser(a.Value)}
}

// link gives the calls linked. Answers that grow at their end are linked at
// their end only.
func (l *linker) link(calls []api.LLMCall) []api.LLMCall {
	if n := len(l.out); n == 0 || n > len(calls) || calls[0].Key() != l.out[0].Key() || calls[n-1].Key() != l.out[n-1].Key() {
		l.out = make([]api.LLMCall, 0, len(calls))
	}
	for _, c := range calls[len(l.out):] {
		l.out = append(l.out, Link(c, l.known[c.User]))
	}
	return slices.Clip(l.out)
}
