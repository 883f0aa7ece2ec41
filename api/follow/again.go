package follow

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"korescope/api"
)

// again reads open conversations, fifty a request, the longest unread first, as
// far as was saved up for it.
func (f *Follower) again(ctx context.Context, step *Step) error {
	now := f.o.Now()
	ids := f.due(now)
	var failed error
	for part := range slices.Chunk(ids, idsPerAsk) {
		if f.spare < 1 {
			return failed
		}
		f.spare--
		f.own.add(now, 1)
		for page, err := range f.o.Source.Sessions(ctx, api.SessionQuery{IDs: api.ListIDs(part...)}, api.Follow) {
			if err != nil {
				return errors.Join(failed, err)
			}
			for _, s := range page.Items {
				if !s.Lost() {
					f.take(s, now, step)
				}
			}
			for _, id := range page.Unknown {
				delete(f.open, id) // erased, or kept no longer
			}
			for _, g := range page.Gaps {
				failed = errors.Join(failed, g.Why)
			}
		}
	}
	return failed
}

// due lists the open conversations to read, the longest unread first.
func (f *Follower) due(now time.Time) []api.SessionID {
	var ids []api.SessionID
	for id, o := range f.open {
		rest := due
		if now.Sub(f.seen[o.is.Key()]) > old {
			rest = oldDue
		}
		if now.Sub(o.read) >= rest {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b api.SessionID) int {
		return cmp.Or(f.open[a].read.Compare(f.open[b].read), cmp.Compare(a, b))
	})
	return ids
}

// forget drops the sessions that no read will list again: a follow that goes on
// for weeks keeps what it needs and no more.
func (f *Follower) forget() {
	edge := f.mark.Add(-2 * Overlap)
	for key, start := range f.seen {
		if _, watching := f.open[api.SessionID(key)]; !watching && start.Before(edge) {
			delete(f.seen, key)
		}
	}
}

// passes names the failures after which the next read may go well.
func passes(err error) bool {
	switch api.KindOf(err) {
	case api.Unavailable, api.Unreachable, api.Limited, api.NotPlatform, api.Incomplete, api.Unreadable:
		return true
	}
	return false
}

// rest is how long the platform wants to be left alone.
func rest(err error, now time.Time) time.Duration {
	var e *api.Error
	if errors.As(err, &e) && e.Kind == api.Limited {
		return e.Until.Sub(now)
	}
	return 0
}
