package pulse

import "slices"

// Cause is the kind of a feature that says what went wrong, such as the fault of
// a verdict. Only these are tried as an onset of their own.
const Cause = "why"

// Incident is an onset with what the conversations since then share.
type Incident struct {
	Onset
	// By is the fault whose series the onset was found in; zero when it was found
	// in the share of all that failed.
	By     Feature
	Shared []Shared
}

// FindIncident looks for an onset in the share of failed conversations and in
// that of each fault by itself: a fault that was rare and now is in every third
// conversation is seen long before the sum of all faults moves. Of several the
// one with the most support over its bar is taken; the bar is higher the more
// series are tried. The cases need no order.
func FindIncident(cases []Case) (Incident, bool) {
	faults := faultsOf(cases)
	tried := 1 + len(faults)
	var best Incident
	found, bestOver := false, 0.0
	try := func(by Feature, bad func(Case) bool) {
		events := make([]Event, len(cases))
		for i, c := range cases {
			events[i] = Event{At: c.At, Bad: bad(c)}
		}
		if o, over, ok := findOnset(events, tried); ok && (!found || over > bestOver) {
			best, found, bestOver = Incident{Onset: o, By: by}, true, over
		}
	}
	try(Feature{}, func(c Case) bool { return c.Failed })
	for _, f := range faults {
		try(f, func(c Case) bool { return c.Failed && slices.Contains(c.Features, f) })
	}
	if found {
		best.Shared = WhatTheyShare(cases, best.Early)
	}
	return best, found
}

// mostFaults bounds how many series of single faults are tried: the commonest.
const mostFaults = 24

func faultsOf(cases []Case) []Feature {
	count := map[Feature]int{}
	for _, c := range cases {
		if !c.Failed {
			continue
		}
		for _, f := range c.Features {
			if f.Kind == Cause {
				count[f]++
			}
		}
	}
	var out []Feature
	for f, n := range count {
		if n >= leastBad {
			out = append(out, f)
		}
	}
	slices.SortFunc(out, func(a, b Feature) int {
		if d := count[b] - count[a]; d != 0 {
			return d
		}
		return compareFeatures(a, b)
	})
	return out[:min(len(out), mostFaults)]
}
