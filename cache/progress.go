package cache

import (
	"context"
	"slices"
	"strings"
	"time"

	"korescope/api"
)

// progress is what one reading of a window knows about its own completeness.
// It needs no disk: a reading that cannot be kept is judged all the same.
type progress struct {
	ask    question
	window api.Window

	known   []span // from disk, when the reading began
	own     []span // read since
	gaps    []api.Gap
	unknown []api.SessionID
	total   api.Maybe[int]
	said    []string
	down    api.Window // see [api.Answer]; of the part that is being read
}

// note remembers what is to be said beside the answer, each thing once.
func (p *progress) note(s string) {
	if s != "" && !slices.Contains(p.said, s) {
		p.said = append(p.said, s)
	}
}

// unkept says that rows are shown but not on disk.
func (p *progress) unkept(err error) {
	if err != nil {
		p.note("not kept on disk: " + reason(err))
	}
}

// done remembers that w was read completely.
func (p *progress) done(w api.Window, at time.Time) {
	w = upToNow(w, at)
	p.own = addSpan(p.own, span{
		from: w.From.UnixMilli(), to: w.To.UnixMilli(),
		settled: at.Add(-p.ask.late()).UnixMilli(), at: at.UnixMilli(),
	})
}

// goingDown notes how far a page has led into a part. Rows of one second may be
// put in another order, so it ends where the oldest second does.
func (p *progress) goingDown(page, part api.Window) {
	p.down = api.Window{}
	if page.Zero() {
		return
	}
	if end := page.From.Truncate(time.Second); end.Before(page.From) {
		page.From = end.Add(time.Second)
	}
	if w := inside(page, part); w.Length() > 0 {
		p.down = w
	}
}

// missing are the parts to ask for, newest first, each reaching back a little
// into what is known.
func (p *progress) missing() []api.Window {
	parts := look(p.known, p.window).missing
	for i := range parts {
		from := parts[i].From.Add(-overlap)
		if from.Before(p.window.From) {
			from = p.window.From
		}
		parts[i].From = from
	}
	return parts
}

// need is the part of the window that must be complete for an answer whose
// limit, if any, is filled down to last (zero when it is not filled).
func need(w api.Window, last time.Time) api.Window {
	if !last.IsZero() && !last.Before(w.From) {
		w.From = last.Add(time.Millisecond)
	}
	return w
}

// partsRead are the parts of one asked part that are read completely once its
// iteration ended well. A limited one that was filled is complete down to its
// oldest row only.
func partsRead(part api.Window, gaps []api.Gap, more, filled bool, oldest time.Time) []api.Window {
	if filled {
		part = need(part, oldest)
	} else if more {
		return nil
	}
	return without(part, gaps)
}

// fill sets everything but Value and Origin of an answer. last is where a
// filled limit ends, open the oldest reading of something still open.
func fill[V any](p *progress, a *api.Answer[V], last, open, now time.Time) {
	w := upToNow(need(p.window, last), now)
	v := look(append(slices.Clone(p.known), p.own...), w)
	holes := withoutJustNow(v, now)
	a.Covered = v.covered
	a.At = answerAge(v, open)
	if a.At.IsZero() {
		a.At = now
	}
	v.holes = nil
	for _, h := range holes {
		for _, piece := range without(h, p.gaps) {
			v.holes = append(v.holes, piece)
			a.Gaps = append(a.Gaps, api.Gap{Window: piece, Why: notCached()})
		}
	}
	a.Gaps = append(slices.Clone(p.gaps), a.Gaps...)
	a.Partial = len(a.Gaps) > 0
	a.Fresh = !a.Partial && windowFresh(v, open, now)
	a.Total, a.Unknown = p.total, slices.Clone(p.unknown)
	a.Note = strings.Join(slices.Concat(completeNote(*a, w), p.said), "; ")
}

// countLost says how many rows of an answer could not be read. They are kept as
// they came, so an answer from disk says the same; asking again would not mend
// them, so a fresh answer stays fresh.
func countLost[T any](a *api.Answer[[]T], lost func(T) bool) {
	n := 0
	for _, row := range a.Value {
		if lost(row) {
			n++
		}
	}
	if n > 0 {
		a.Partial = true
		a.Note = strings.Join(append(nonEmpty(a.Note), api.Count{Came: len(a.Value), Lost: n}.String()), "; ")
	}
}

// completeNote says how far a partial answer is complete.
func completeNote[V any](a api.Answer[V], need api.Window) []string {
	until := a.Covered.To.Format(time.RFC3339)
	switch {
	case !a.Partial:
		return nil
	case a.Covered.Zero():
		return []string{"not read completely"}
	case a.Covered.From.After(need.From):
		return []string{"complete from " + a.Covered.From.Format(time.RFC3339) + " until " + until}
	}
	return []string{"complete until " + until}
}

// withoutJustNow drops the hole between the last reading and now while that
// reading counts as fresh: a window that moves with the clock would otherwise
// never be complete.
func withoutJustNow(v view, now time.Time) []api.Window {
	if len(v.holes) > 0 && v.holes[0].From.Equal(v.covered.To) && recent(v.covered.To, now) {
		return v.holes[1:]
	}
	return v.holes
}

// without cuts the gaps out of a window. A gap without a window is all of it.
func without(w api.Window, gaps []api.Gap) []api.Window {
	out := []api.Window{w}
	for _, g := range gaps {
		if g.Window.Zero() {
			return nil
		}
		var next []api.Window
		for _, o := range out {
			if !g.Window.From.Before(o.To) || !g.Window.To.After(o.From) {
				next = append(next, o)
				continue
			}
			if g.Window.From.After(o.From) {
				next = append(next, api.Window{From: o.From, To: g.Window.From})
			}
			if g.Window.To.Before(o.To) {
				next = append(next, api.Window{From: g.Window.To, To: o.To})
			}
		}
		out = next
	}
	return out
}

// inside is the part of w within the bounds; its length may be negative.
func inside(w, bounds api.Window) api.Window {
	if w.From.Before(bounds.From) {
		w.From = bounds.From
	}
	if w.To.After(bounds.To) {
		w.To = bounds.To
	}
	return w
}

// finish remembers parts that were read to their end, and forgets what was held
// to be read where less came than was announced.
func (p *progress) finish(ctx context.Context, s *Store, what string, parts []api.Window, gaps ...api.Gap) {
	now := s.o.Now()
	for _, w := range parts {
		p.done(w, now)
	}
	p.unkept(s.write(context.WithoutCancel(ctx), what, func(c *conn) error {
		for _, g := range gaps {
			if api.KindOf(g.Why) != api.Incomplete {
				continue
			}
			if err := disproveSpan(c, p.ask, g.Window); err != nil {
				return err
			}
		}
		for _, w := range parts {
			if err := recordSpan(c, p.ask, w, now); err != nil {
				return err
			}
		}
		return nil
	}))
}
