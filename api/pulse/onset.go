package pulse

import (
	"math"
	"slices"
	"sort"
	"time"
)

// Event is one conversation, call or node run: when it began and whether it went
// wrong.
type Event struct {
	At  time.Time
	Bad bool
}

// Onset is when something began to go wrong.
type Onset struct {
	At time.Time
	// Early and Late bound it: any beginning between them explains the series
	// nearly as well.
	Early, Late time.Time
	// Until is when it ended, zero when it goes on at the end of the series.
	Until time.Time
	// Before and During are the shares outside and inside.
	Before, During Share
}

// EitherWay is the uncertainty as one number: the larger of its two sides.
func (o Onset) EitherWay() time.Duration { return max(o.At.Sub(o.Early), o.Late.Sub(o.At)) }

// The bars above which a stretch is called an onset.
const (
	leastBad   = 5
	leastRise  = 0.08
	leastRatio = 1.5
	mostBins   = 320 // stretches are scanned on so fine a grid, then made exact
	drop       = 7.0 // twice the logarithm that a beginning may be less likely
)

// onsetBar is the support that the best of all stretches of a series of n must
// have. Chance alone gives more the longer the series is; this line lies above
// 99 of 100 quiet series of 100 to 20,000 with shares of 5 to 30 % (measured;
// TestQuietDays repeats it).
func onsetBar(n int) float64 { return 11 + 1.5*math.Log(float64(max(n, 2))) }

// FindOnset looks for the stretch of a series in which more went wrong than
// around it. The events need no order. False when there is none beyond chance.
func FindOnset(events []Event) (Onset, bool) {
	o, _, ok := findOnset(events, 1)
	return o, ok
}

// findOnset is FindOnset for one of several series that are tried; it also gives
// by how much the support is over the bar.
func findOnset(events []Event, tried int) (o Onset, over float64, ok bool) {
	s := newSeries(events)
	n := len(s.events)
	if n < 2*leastBad || s.bad[n] < leastBad {
		return Onset{}, 0, false
	}
	from, to := s.exact(s.scan())
	in, out := s.split(from, to)
	over = s.worth(from, to) - onsetBar(n) - 2*math.Log(float64(tried))
	switch {
	case over < 0, in.Have < leastBad, to-from == n:
		return Onset{}, 0, false
	case in.Plain()-out.Plain() < leastRise, in.Plain() < leastRatio*out.Plain():
		return Onset{}, 0, false
	}
	return s.onset(from, to, in, out), over, true
}

func newSeries(events []Event) series {
	events = slices.Clone(events)
	slices.SortStableFunc(events, func(a, b Event) int { return a.At.Compare(b.At) })
	s := series{events: events, bad: make([]int, len(events)+1), xlogx: make([]float64, len(events)+1)}
	for i := 2; i < len(s.xlogx); i++ {
		s.xlogx[i] = float64(i) * math.Log(float64(i))
	}
	for i, e := range events {
		s.bad[i+1] = s.bad[i]
		if e.Bad {
			s.bad[i+1]++
		}
	}
	return s
}

type series struct {
	events []Event   // oldest first
	bad    []int     // bad[i]: how many of the first i went wrong
	xlogx  []float64 // n log n for all counts there are: a scan asks a million times
}

// split counts inside and outside of a stretch.
func (s series) split(from, to int) (in, out Share) {
	n := len(s.events)
	in = Share{s.bad[to] - s.bad[from], to - from}
	return in, Share{s.bad[n] - in.Have, n - in.Of}
}

// worth is the support of a stretch, 0 when the rate does not rise in it.
func (s series) worth(from, to int) float64 {
	in, out := s.split(from, to)
	if in.Of == 0 || out.Of == 0 || in.Have*out.Of <= out.Have*in.Of {
		return 0
	}
	n := len(s.events)
	return 2 * (s.likelihood(in) + s.likelihood(out) - s.likelihood(Share{s.bad[n], n}))
}

// likelihood is that of share.go, from the table.
func (s series) likelihood(h Share) float64 {
	return s.xlogx[h.Have] + s.xlogx[h.Of-h.Have] - s.xlogx[h.Of]
}

// scan tries all stretches on a grid of at most mostBins lines.
func (s series) scan() (from, to int) {
	n := len(s.events)
	bins := min(n, mostBins)
	at := func(i int) int { return i * n / bins }
	best := -1.0
	for i := range bins {
		for j := i + 1; j <= bins; j++ {
			if w := s.worth(at(i), at(j)); w > best {
				best, from, to = w, at(i), at(j)
			}
		}
	}
	return from, to
}

// exact moves the two ends to the best places between the lines of the grid.
func (s series) exact(from, to int) (int, int) {
	n := len(s.events)
	reach := n/min(n, mostBins) + 1
	for range 2 {
		from = s.best(max(from-reach, 0), min(from+reach, to-1), func(i int) float64 { return s.worth(i, to) }, from)
		to = s.best(max(to-reach, from+1), min(to+reach, n), func(i int) float64 { return s.worth(from, i) }, to)
	}
	return from, to
}

func (s series) best(low, high int, worth func(int) float64, start int) int {
	at, best := start, worth(start)
	for i := low; i <= high; i++ {
		if w := worth(i); w > best {
			at, best = i, w
		}
	}
	return at
}

// onset puts a stretch into times, with the support interval of its beginning.
func (s series) onset(from, to int, in, out Share) Onset {
	o := Onset{Before: out, During: in}
	best := s.worth(from, to)
	early, late := from, from
	for i := range to {
		if s.worth(i, to) < best-drop {
			continue
		}
		early, late = min(early, i), max(late, i)
	}
	o.At = s.events[from].At
	// What began it lies after the last one that still went well: half way.
	o.Early = s.between(early)
	o.Late = s.events[late].At
	if to < len(s.events) {
		o.Until = s.events[to].At
	}
	return o
}

// between is the time before the event at i in which nothing tells: that of the
// event before it.
func (s series) between(i int) time.Time {
	if i == 0 {
		return s.events[0].At
	}
	return s.events[i-1].At
}

// Slower reports that the times of now are longer than usual, and not by chance:
// the rank sum test beyond four standard deviations and medians a quarter apart.
func Slower(now, usual []float64) bool {
	const bar, quarter = 4.0, 1.25
	n, m := float64(len(now)), float64(len(usual))
	if n < leastBad || m < leastBad || Quantile(now, 0.5) < quarter*Quantile(usual, 0.5) {
		return false
	}
	type one struct {
		v   float64
		now bool
	}
	both := make([]one, 0, len(now)+len(usual))
	for _, v := range now {
		both = append(both, one{v, true})
	}
	for _, v := range usual {
		both = append(both, one{v, false})
	}
	sort.Slice(both, func(i, j int) bool { return both[i].v < both[j].v })
	var ranks float64
	for i := 0; i < len(both); {
		j := i
		for j < len(both) && both[j].v == both[i].v {
			j++
		}
		middle := float64(i+j+1) / 2 // the mean rank of those that are equal
		for ; i < j; i++ {
			if both[i].now {
				ranks += middle
			}
		}
	}
	mean := n * (n + m + 1) / 2
	deviation := math.Sqrt(n * m * (n + m + 1) / 12)
	return (ranks-mean)/deviation > bar
}

// Quantile is the value below which a share q of the values lies, by nearest
// rank; 0 for none.
func Quantile(values []float64, q float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	i := int(math.Ceil(q*float64(len(sorted)))) - 1
	return sorted[min(max(i, 0), len(sorted)-1)]
}
