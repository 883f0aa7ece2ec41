package trace

import (
	"context"
	"iter"
	"strings"
	"time"

	"korescope/api"
)

// Names makes one comparable value of the identities under which lines of a
// session are kept.
func Names(identities []string) string { return strings.Join(identities, "\x00") }

// LineReader reads the debug lines that belong to a session, oldest first.
type LineReader struct {
	sessions Reader[api.SessionQuery, []api.Session]
	lines    Reader[api.LogQuery, []api.DebugLine]
	now      func() time.Time
}

// NewLines makes a reader.
func NewLines(sessions Reader[api.SessionQuery, []api.Session], lines Reader[api.LogQuery, []api.DebugLine], now func() time.Time) *LineReader {
	return &LineReader{sessions: sessions, lines: lines, now: now}
}

// Cached answers from disk; the error is of kind NotCached when the log is not
// there.
func (r *LineReader) Cached(ctx context.Context, q LineQuery) (api.Answer[[]api.DebugLine], error) {
	a, err := r.lines.Cached(ctx, q.Log)
	if err != nil {
		return a, err
	}
	return r.onDisk(ctx, q, a), nil
}

// onDisk joins with what the disk knows, which may not be all.
func (r *LineReader) onDisk(ctx context.Context, q LineQuery, a api.Answer[[]api.DebugLine]) api.Answer[[]api.DebugLine] {
	var others api.Answer[[]api.Session]
	if ask, any := r.others(q, a.Value); any {
		var err error
		others, err = r.sessions.Cached(ctx, ask)
		a.Fresh = a.Fresh && err == nil && others.Fresh
	}
	a.Value = q.keep(others.Value, a.Value)
	return a
}

// Refresh asks the platform for the lines and, when some of them name no
// session, for the other sessions of the user unless they are known.
func (r *LineReader) Refresh(ctx context.Context, q LineQuery, lane api.Lane) iter.Seq2[api.Answer[[]api.DebugLine], error] {
	return func(yield func(api.Answer[[]api.DebugLine], error) bool) {
		for a, err := range r.lines.Refresh(ctx, q.Log, lane) {
			ask, any := r.others(q, a.Value)
			step := r.onDisk(ctx, q, a)
			step.Done = a.Done && !any
			if !yield(step, err) || step.Done || err != nil {
				return
			}
			if !a.Done {
				continue
			}
			others, err := freshOr(ctx, r.sessions, ask, lane)
			switch api.KindOf(err) {
			case api.NotCached, api.ScopeMissing:
				a.Note, err = said(a.Note, noteAlone), nil
			default:
				a.Partial = a.Partial || err != nil
			}
			a.Value = q.keep(others.Value, a.Value)
			yield(a, err)
			return
		}
	}
}

func (q LineQuery) keep(others []api.Session, lines []api.DebugLine) []api.DebugLine {
	return Lines(q.Session.session(), others, strings.Split(q.Names, "\x00"), lines)
}

// others asks for the further sessions of the user in the time of the lines that
// name none; false when there is no need.
func (r *LineReader) others(q LineQuery, lines []api.DebugLine) (api.SessionQuery, bool) {
	var w api.Window
	for _, l := range lines {
		if l.Session == "" && !l.Time.IsZero() {
			w = reaching(w, l.Time)
		}
	}
	if w.Zero() || q.Session.User == "" {
		return api.SessionQuery{}, false
	}
	return siblingsIn(q.Session.User, w, r.now())
}
