package cache

import (
	"context"
	"iter"
	"time"

	"korescope/api"
)

// SpareRequests is how many requests a reading that spares makes at most. One
// that expects to need more stops after its first.
const SpareRequests = 3

// guessedPage is how many rows a request is taken to bring while none was made.
const guessedPage = 1000

// thrift is how a reading bounds itself, and what it left. The zero value reads
// everything.
type thrift struct {
	most int // requests; 0 for any number
	// opening gives what is on disk before anybody is asked.
	opening bool
	older   bool // what is newer than all that is known is left for another reading

	asked int
	page  int          // rows of the largest page so far
	pace  float64      // rows a second of the window
	later []api.Window // parts after the present one
	rest  api.Rest
}

// Spare is Refresh for a few requests: it reads all when that takes no more than
// [SpareRequests], else the newest page only. The answer says what is left.
func (r *SessionReader) Spare(ctx context.Context, q api.SessionQuery, lane api.Lane) iter.Seq2[api.Answer[[]api.Session], error] {
	return r.ask(ctx, q, lane, &r.spare, r.mode, thrift{most: SpareRequests})
}

// Further goes on where Spare stopped, with as few requests.
func (r *SessionReader) Further(ctx context.Context, q api.SessionQuery, lane api.Lane) iter.Seq2[api.Answer[[]api.Session], error] {
	m := r.mode
	if m == Fresh {
		m = Normal // else what was just read would be read again
	}
	return r.ask(ctx, q, lane, &r.on, m, thrift{most: SpareRequests, older: true})
}

// Total is the platform's own number of sessions in a window: one request for
// one row. Not known where the platform does not count, or the window is longer
// than what it looks at in one go.
func (r *SessionReader) Total(ctx context.Context, q api.SessionQuery, lane api.Lane) (api.Maybe[int], error) {
	if r.mode == Offline {
		return api.Maybe[int]{}, notCached()
	}
	q.Limit = 1
	for page, err := range r.src.Sessions(ctx, q, lane) {
		return page.Total, err
	}
	return api.Maybe[int]{}, nil
}

// begin takes the parts to read, newest first, and gives those it is about.
func (t *thrift) begin(parts []api.Window, all api.Window) []api.Window {
	if t.older && len(parts) > 1 && !parts[0].To.Before(all.To) {
		return parts[1:]
	}
	return parts
}

// density is how many rows a second of the window brings, by those that are here.
func (t *thrift) density(rows int, oldest, to time.Time) {
	if span := to.Sub(oldest).Seconds(); rows > 0 && span > 0 {
		t.pace = float64(rows) / span
	}
}

// requests is about how many requests the parts take.
func (t *thrift) requests(parts []api.Window) int {
	page, n := t.page, 0
	if page == 0 {
		page = guessedPage
	}
	for _, w := range parts {
		n += 1 + int(t.pace*w.Length().Seconds())/page
	}
	return n
}

// count counts a request. The page before the end of a part says how many rows
// the platform gives.
func (t *thrift) count(rows int, more bool) {
	if t.asked++; more {
		t.page = max(t.page, rows)
	}
}

// enough reports that the reading stops with this page. more says that the part
// goes on, left for about how many requests.
func (t *thrift) enough(more bool, left api.Maybe[int]) bool {
	if t.most == 0 || !more && len(t.later) == 0 {
		return false
	}
	known := left.Known || !more
	to := t.requests(t.later)
	if more {
		to += left.Value
	}
	if known && t.asked+to <= t.most || !known && t.asked < t.most {
		return false
	}
	t.rest = api.Rest{More: true, Requests: api.Maybe[int]{Value: to, Known: known}}
	return true
}

// spared is how many of n further requests may be made.
func (t *thrift) spared(n int) int {
	if t.most == 0 {
		return n
	}
	return max(0, min(n, t.most-t.asked))
}

func nonZero(w api.Window) []api.Window {
	if w.Length() <= 0 {
		return nil
	}
	return []api.Window{w}
}
