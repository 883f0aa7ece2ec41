package sessions

import (
	"time"

	"korescope/api"
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// buckets is how many columns the picture of the window has.
const buckets = 24

// The jump that is called out: enough sessions to mean something, and a share
// of drop-offs this much above the rest of the window.
const (
	leastRecent = 8
	jumpPoints  = 15
)

// sums is what the list says as a whole, counted when rows come.
type sums struct {
	tabs    [tabCount]int
	ended   [buckets]int // sessions with a final type
	dropped [buckets]int
}

// add counts rows of the window.
func (s *sums) add(rows []api.Session, w api.Window) {
	kinds := tabs()
	for i := range rows {
		r := &rows[i]
		for i := range kinds {
			if kinds[i].holds(r) {
				s.tabs[i]++
			}
		}
		if b, ok := bucket(r.Start, w); ok && !r.Open() && r.Containment != api.Undetermined {
			s.ended[b]++
			if r.Containment == api.DropOff {
				s.dropped[b]++
			}
		}
	}
}

func bucket(t time.Time, w api.Window) (int, bool) {
	if !w.Holds(t) || w.Length() <= 0 {
		return 0, false
	}
	return int(t.Sub(w.From) * buckets / w.Length()), true
}

// share is the part of ended sessions that dropped off in buckets [from, to),
// in percent; false when none ended.
func (s sums) share(from, to int) (pct, ended int, ok bool) {
	dropped := 0
	for b := max(from, 0); b < to; b++ {
		ended += s.ended[b]
		dropped += s.dropped[b]
	}
	if ended == 0 {
		return 0, 0, false
	}
	return (dropped*100 + ended/2) / ended, ended, true
}

// insight is the line that says whether something is wrong: the share of
// drop-offs along the window, and the newest part of it against the rest. It
// is made of what has been read and costs nothing.
func (m *Model) insight(w int) canvas.Line {
	s := m.sums
	recent := 1
	for recent < buckets/4 && s.enough(recent) < leastRecent {
		recent++
	}
	now, n, ok := s.share(buckets-recent, buckets)
	before, _, had := s.share(0, buckets-recent)
	line := canvas.L(canvas.S(theme.Dim, text.Lit(" drop-off share ")))
	for b := range buckets {
		pct, _, any := s.share(b, b+1)
		token := theme.Dim
		if any && had && pct >= before+jumpPoints && b >= buckets-recent {
			token = theme.Bad
		}
		line = line.Add(canvas.S(token, spark(pct, any)))
	}
	if !ok {
		return line
	}
	span := lately(m.window.Length() * time.Duration(recent) / buckets)
	token := theme.Dim
	if had && n >= leastRecent && now >= before+jumpPoints {
		token = theme.Bad
	}
	line = line.Add(canvas.S(token, text.Format("  last %s: %d%% of %d", span, now, n)))
	if had {
		line = line.Add(canvas.S(theme.Dim, text.Format(", before %d%%", before)))
	}
	return line.Fit(w)
}

func (s sums) enough(recent int) int {
	_, n, _ := s.share(buckets-recent, buckets)
	return n
}

func lately(d time.Duration) text.Safe {
	switch {
	case d < 2*time.Hour && d%time.Hour == 0:
		return text.Format("%dh", int(d.Hours()))
	case d < 2*time.Hour:
		return text.Format("%dm", int(d.Minutes()))
	case d < 48*time.Hour:
		return text.Format("%dh", int(d.Hours()+0.5))
	}
	return text.Format("%dd", int(d.Hours()/24+0.5))
}

// spark is one column of the picture; a blank where nothing ended.
func spark(pct int, any bool) text.Safe {
	if !any {
		return text.Lit(" ")
	}
	levels := [...]text.Safe{
		text.Lit("▁"), text.Lit("▂"), text.Lit("▃"), text.Lit("▄"),
		text.Lit("▅"), text.Lit("▆"), text.Lit("▇"), text.Lit("█"),
	}
	return levels[min(pct*len(levels)/100, len(levels)-1)]
}
