package sim

import "time"

// Time is cut into slots of five minutes that are numbered from the anchor, the
// moment the world was made: slot -1 ends there, slot 0 begins there. The number
// of sessions in a slot and their places in it follow from the seed alone, so a
// window is found by arithmetic and no list of sessions exists anywhere.

const (
	slotMS       = int64(5 * 60 * 1000)
	slotsPerDay  = 24 * 12
	publishSlot  = -8               // the publish is 40 minutes before the anchor
	surgeEnd     = 36               // people try again: three hours after the anchor it is over
	surge        = 2.6              // how much busier the incident is
	anchorHour   = 11.5             // shop time at the anchor, so that the incident meets a busy hour
	defaultDays  = 15               // one day more than session tags are kept
	defaultDaily = 172              // sessions a day, two pages of 100
	givenDays    = 13               // Options.Sessions are spread over this
	longestStory = 2 * time.Hour    // no story runs longer
	usualStory   = 40 * time.Minute // and only an odd one longer than this, its late messages included
	latestClose  = 25 * time.Minute // and none is closed later than this after its end
	tagsKept     = 14 * 24 * time.Hour
)

type timeline struct {
	anchor  int64 // Unix ms
	seed    uint64
	first   int   // oldest slot, negative
	before  []int // before[i]: sessions in slots older than first+i
	perSlot float64
	busier  bool // the incident brings more sessions
}

// newTimeline spreads n sessions over the days before the anchor; afterwards
// they keep coming at the same daily rate.
func newTimeline(anchor time.Time, seed uint64, n, days int, busier bool) timeline {
	t := timeline{
		anchor: anchor.UnixMilli(), seed: seed, first: -days * slotsPerDay,
		before: make([]int, days*slotsPerDay+1), busier: busier,
		perSlot: float64(n) / float64(days*slotsPerDay),
	}
	sum := 0.0
	weights := make([]float64, days*slotsPerDay)
	for i := range weights {
		weights[i] = t.weight(t.first + i)
		sum += weights[i]
	}
	done := 0.0
	for i, w := range weights {
		t.before[i] = int(done/sum*float64(n) + 1e-9)
		done += w
	}
	t.before[len(weights)] = n
	return t
}

// hourly is the shop's day, 1 on average.
func hourly(hour int) float64 {
	return [24]float64{
		.28, .17, .11, .09, .09, .14, .33, .60, .88, 1.2, 1.53, 1.64,
		1.64, 1.53, 1.47, 1.42, 1.47, 1.64, 1.74, 1.85, 1.74, 1.31, .87, .49,
	}[hour]
}

func (t *timeline) weight(slot int) float64 {
	hour := int(anchorHour*12+float64(slot)+1000*slotsPerDay) / 12 % 24
	w := hourly(hour) * (0.75 + 0.5*share(blend(t.seed, 1, uint64(slot))))
	if t.busier && slot >= publishSlot && slot < surgeEnd {
		w *= surge
	}
	return w
}

// count is the number of sessions that start in a slot.
func (t *timeline) count(slot int) int {
	switch {
	case slot < t.first:
		return 0
	case slot < 0:
		i := slot - t.first
		return t.before[i+1] - t.before[i]
	}
	expected := t.perSlot * t.weight(slot)
	whole := int(expected)
	if share(blend(t.seed, 2, uint64(slot))) < expected-float64(whole) {
		whole++
	}
	return whole
}

// rank numbers the sessions before the anchor from the newest, which is 0; -1
// for later ones.
func (t *timeline) rank(slot, k int) int {
	if slot >= 0 || slot < t.first {
		return -1
	}
	return t.before[len(t.before)-1] - 1 - (t.before[slot-t.first] + k)
}

func (t *timeline) slotOf(ms int64) int {
	d := ms - t.anchor
	if d < 0 {
		d -= slotMS - 1
	}
	return int(d / slotMS)
}

// key is the hash all facts of a session are drawn from.
func (t *timeline) key(slot, k int) uint64 { return blend(t.seed, 3, uint64(slot), uint64(k)) }

// start is strictly rising in (slot, k): each session has its own part of the
// slot.
func (t *timeline) start(slot, k, n int) int64 {
	part := slotMS / int64(n)
	inside := int64(t.key(slot, k)>>8) & (1<<40 - 1)
	return t.anchor + int64(slot)*slotMS + int64(k)*part + inside%part
}

// place is a session's position in its timeline.
type place struct{ slot, k int }

// newest walks the sessions that start in [from, to], newest first, until the
// visitor returns false.
func (t *timeline) newest(from, to int64, visit func(place, int64) bool) {
	for slot := t.slotOf(to); slot >= max(t.slotOf(from), t.first); slot-- {
		n := t.count(slot)
		for k := n - 1; k >= 0; k-- {
			at := t.start(slot, k, n)
			if at <= to && at >= from && !visit(place{slot, k}, at) {
				return
			}
		}
	}
}

// oldest is newest the other way round.
func (t *timeline) oldest(from, to int64, visit func(place, int64) bool) {
	for slot := max(t.slotOf(from), t.first); slot <= t.slotOf(to); slot++ {
		n := t.count(slot)
		for k := range n {
			at := t.start(slot, k, n)
			if at <= to && at >= from && !visit(place{slot, k}, at) {
				return
			}
		}
	}
}

// total counts the sessions that start in [from, to].
func (t *timeline) total(from, to int64) int {
	sum, first, last := 0, max(t.slotOf(from), t.first), t.slotOf(to)
	for slot := first; slot <= last; slot++ {
		n := t.count(slot)
		if slot != t.slotOf(from) && slot != last {
			sum += n
			continue
		}
		for k := range n {
			if at := t.start(slot, k, n); at >= from && at <= to {
				sum++
			}
		}
	}
	return sum
}

// page lists limit places from skip on, newest first, stepping over whole slots
// without looking into them.
func (t *timeline) page(from, to int64, skip, limit int) []place {
	var out []place
	edge := [2]int{t.slotOf(from), t.slotOf(to)}
	for slot := edge[1]; slot >= max(edge[0], t.first) && len(out) < limit; slot-- {
		n := t.count(slot)
		if skip >= n && slot != edge[0] && slot != edge[1] {
			skip -= n
			continue
		}
		for k := n - 1; k >= 0 && len(out) < limit; k-- {
			at := t.start(slot, k, n)
			if at > to || at < from {
				continue
			}
			if skip > 0 {
				skip--
				continue
			}
			out = append(out, place{slot, k})
		}
	}
	return out
}
