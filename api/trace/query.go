package trace

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"time"

	"korescope/api"
)

// Reader answers questions of type K: Cached from disk, or with an error of kind
// NotCached; Refresh from the platform, growing, the last answer Done.
type Reader[K comparable, V any] interface {
	Cached(ctx context.Context, k K) (api.Answer[V], error)
	Refresh(ctx context.Context, k K, lane api.Lane) iter.Seq2[api.Answer[V], error]
}

// Of is what a session is known by in the logs; comparable.
type Of struct {
	ID         api.SessionID
	Bot        api.BotID
	User       api.UserID
	Channel    string
	Start, End time.Time
	Status     string
	Outcome    api.Containment
	Developer  bool
}

// OfSession takes from a session what its rows are found by.
func OfSession(s api.Session) Of {
	return Of{
		ID: s.ID, Bot: s.Bot, User: s.User, Channel: s.Channel, Start: s.Start, End: s.End,
		Status: s.Status, Outcome: s.Containment, Developer: s.Developer.Value,
	}
}

func (o Of) session() api.Session {
	return api.Session{
		ID: o.ID, Bot: o.Bot, User: o.User, Channel: o.Channel, Start: o.Start, End: o.End,
		Status: o.Status, Containment: o.Outcome, Developer: api.Known(o.Developer),
	}
}

// CallQuery asks for the model calls of one session or, when Session is zero,
// for those that List asks for.
type CallQuery struct {
	Session Of
	List    api.LLMQuery
}

// LineQuery asks for the debug lines of a session: Log is how the platform is
// asked, Names are the identities under which lines are the session's.
type LineQuery struct {
	Session Of
	Names   string // made by Names
	Log     api.LogQuery
}

// spans are the times in which calls of the sessions can lie, newest first;
// those that touch are one, by bot. Calls of developers are asked for only where a
// session is one of theirs: the platform leaves them out otherwise.
func spans(sessions []api.Session, now time.Time) []api.LLMQuery {
	sorted := slices.SortedFunc(slices.Values(sessions), func(a, b api.Session) int {
		return cmp.Or(b.Reach(now).From.Compare(a.Reach(now).From), cmp.Compare(a.ID, b.ID))
	})
	var out []api.LLMQuery
	for _, s := range sorted {
		w, dev := s.Reach(now), s.Developer.Value
		if w.Zero() {
			continue
		}
		at := slices.IndexFunc(out, func(q api.LLMQuery) bool { return q.Bot == s.Bot && q.Developer == dev && !w.To.Before(q.Window.From) })
		if at < 0 {
			out = append(out, api.LLMQuery{Bot: s.Bot, Window: w, Developer: dev})
			continue
		}
		last := &out[at].Window
		if w.From.Before(last.From) {
			last.From = w.From
		}
		if w.To.After(last.To) {
			last.To = w.To
		}
	}
	return out
}
