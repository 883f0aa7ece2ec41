package cache

import (
	"slices"
	"time"

	"korescope/api"
)

// span is a stretch of time that was read completely for one question. From
// settled on, rows may still have appeared after the reading.
type span struct {
	from, to, settled int64 // milliseconds
	at                int64 // when it was read; the oldest part counts
}

// mergeWithin is how far apart two readings may be to count as one; beyond, the
// older part keeps its own age.
const mergeWithin = int64(6 * time.Hour / time.Millisecond)

// addSpan puts a new reading over the older ones: it replaces what they knew
// about the same time, except that something settled stays settled. The result
// is sorted and has no overlaps.
func addSpan(have []span, add span) []span {
	if add.to <= add.from {
		return have
	}
	add.settled = min(max(add.settled, add.from), add.to)
	out := make([]span, 0, len(have)+2)
	for _, h := range have {
		if h.to <= add.from || h.from >= add.to {
			out = append(out, h)
			continue
		}
		if h.from < add.from {
			out = append(out, span{h.from, add.from, min(h.settled, add.from), h.at})
		}
		if h.to > add.to {
			out = append(out, span{add.to, h.to, max(h.settled, add.to), h.at})
		}
	}
	out = append(out, add)
	slices.SortFunc(out, func(a, b span) int { return int(min(1, max(-1, a.from-b.from))) })
	return joinSpans(out)
}

// cutSpan takes a window out of what was read; a zero one takes all.
func cutSpan(have []span, w api.Window) []span {
	if w.Zero() {
		return nil
	}
	from, to := w.From.UnixMilli(), w.To.UnixMilli()
	var out []span
	for _, h := range have {
		if h.to <= from || h.from >= to {
			out = append(out, h)
			continue
		}
		if h.from < from {
			out = append(out, span{h.from, from, min(h.settled, from), h.at})
		}
		if h.to > to {
			out = append(out, span{to, h.to, max(h.settled, to), h.at})
		}
	}
	return out
}

// joinSpans makes one of two that touch, when the earlier is settled to its
// end and both were read at about the same time.
func joinSpans(spans []span) []span {
	out := spans[:1]
	for _, s := range spans[1:] {
		last := &out[len(out)-1]
		apart := max(last.at-s.at, s.at-last.at)
		if last.to == s.from && last.settled == last.to && apart <= mergeWithin {
			last.to, last.settled, last.at = s.to, s.settled, min(last.at, s.at)
			continue
		}
		out = append(out, s)
	}
	return out
}

// view is what is known about a window.
type view struct {
	missing []api.Window // not settled: to be asked, newest first
	holes   []api.Window // not read at all, newest first
	covered api.Window   // newest stretch without a hole
	oldest  time.Time    // oldest reading in it; zero when there is none
	loose   time.Time    // oldest reading of what is not settled; zero when all is
}

// look compares spans of one question, or of several that answer it, with a
// window. Spans may overlap here.
func look(spans []span, w api.Window) view {
	from, to := w.From.UnixMilli(), w.To.UnixMilli()
	cuts := []int64{from, to}
	for _, s := range spans {
		for _, t := range []int64{s.from, s.settled, s.to} {
			if t > from && t < to {
				cuts = append(cuts, t)
			}
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)

	var v view
	var coveredFrom, coveredTo int64
	open := false // the newest covered stretch still grows
	for i := len(cuts) - 1; i > 0; i-- {
		a, b := cuts[i-1], cuts[i]
		at, settled, read := best(spans, a, b)
		if read {
			v.oldest = earlier(v.oldest, at)
		}
		if !settled {
			v.missing = appendWindow(v.missing, a, b)
			if read {
				v.loose = earlier(v.loose, at)
			}
		}
		if !read {
			v.holes = appendWindow(v.holes, a, b)
			open = false
			continue
		}
		if coveredTo == 0 {
			coveredTo, open = b, true
		}
		if open {
			coveredFrom = a
		}
	}
	if coveredTo != 0 {
		v.covered = api.Window{From: fromMillis(coveredFrom), To: fromMillis(coveredTo)}
	}
	return v
}

// best is the newest reading of [a, b) and whether any reading settles it.
func best(spans []span, a, b int64) (at int64, settled, read bool) {
	for _, s := range spans {
		if s.from <= a && s.to >= b {
			at, read = max(at, s.at), true
			settled = settled || s.settled >= b
		}
	}
	return at, settled, read
}

func earlier(t time.Time, ms int64) time.Time {
	if u := fromMillis(ms); t.IsZero() || u.Before(t) {
		return u
	}
	return t
}

// appendWindow adds an earlier window to a list that runs backwards in time.
func appendWindow(list []api.Window, a, b int64) []api.Window {
	w := api.Window{From: fromMillis(a), To: fromMillis(b)}
	if n := len(list); n > 0 && list[n-1].From.Equal(w.To) {
		list[n-1].From = w.From
		return list
	}
	return append(list, w)
}
