package pulse

import (
	"cmp"
	"slices"
	"time"
)

// Case is one conversation with what it is like.
type Case struct {
	ID       string
	At       time.Time
	Failed   bool
	Features []Feature
}

// Feature is one property of a conversation, such as the tag build=5.18.0 or the
// fault "GetOrder timed out".
type Feature struct{ Kind, Value string }

// String is the feature as people read it: "why: GetOrder failed 504".
func (f Feature) String() string { return f.Kind + ": " + f.Value }

func compareFeatures(a, b Feature) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Value, b.Value))
}

// Shared is a feature that the failed conversations have more often than the
// others.
type Shared struct {
	Feature
	Failed, Others Share // who has it among those
	First, Last    time.Time
	// New means that no earlier conversation had it.
	New      bool
	Examples []string // the newest failed ones, three at most
	support  float64
}

// Lift is by how much having the feature raises the odds to fail, damped.
func (s Shared) Lift() float64 { return s.Failed.Damped() / s.Others.Damped() }

// telling is the support above which a feature is listed: 99 % of features that
// have nothing to do with failing stay below.
const telling = 6.63

// examples is how many conversations a fact names.
const examples = 3

// WhatTheyShare lists the features that set the conversations that failed since
// a time apart from those since then that did not, most telling first. What an
// earlier one had is not new. A zero time takes all and calls nothing new.
func WhatTheyShare(cases []Case, since time.Time) []Shared {
	failed, others := 0, 0
	by := map[Feature]*Shared{}
	early := map[Feature]bool{}
	for _, c := range cases {
		if c.At.Before(since) {
			for _, f := range c.Features {
				early[f] = true
			}
			continue
		}
		if c.Failed {
			failed++
		} else {
			others++
		}
		for _, f := range c.Features {
			if by[f] == nil {
				by[f] = &Shared{Feature: f, First: c.At, Last: c.At}
			}
			by[f].see(c)
		}
	}
	var out []Shared
	for f, s := range by {
		s.Failed.Of, s.Others.Of = failed, others
		s.New = !since.IsZero() && !early[f]
		s.support = support(s.Failed, s.Others)
		if s.Failed.Have >= 2 && s.support >= telling && s.Failed.Plain() > s.Others.Plain() {
			out = append(out, *s)
		}
	}
	slices.SortFunc(out, func(a, b Shared) int {
		return cmp.Or(-cmp.Compare(a.support, b.support), compareFeatures(a.Feature, b.Feature))
	})
	return out
}

func (s *Shared) see(c Case) {
	if c.At.Before(s.First) {
		s.First = c.At
	}
	if c.At.After(s.Last) {
		s.Last = c.At
	}
	if !c.Failed {
		s.Others.Have++
		return
	}
	s.Failed.Have++
	s.Examples = append(s.Examples, c.ID)
	if len(s.Examples) > examples {
		s.Examples = s.Examples[1:]
	}
}

// Mark is something that changed: an entry of the change log, or a value that
// differs from before in what was read.
type Mark struct {
	At    time.Time
	Words string
	ID    string
}

// Nearest orders the changes before an onset by how near they are to it. One after
// the latest time at which it may have begun is no cause and left out.
func Nearest(marks []Mark, o Onset) []Mark {
	var out []Mark
	for _, m := range marks {
		if !m.At.After(o.Late) {
			out = append(out, m)
		}
	}
	slices.SortStableFunc(out, func(a, b Mark) int { return cmp.Compare(a.At.Sub(o.At).Abs(), b.At.Sub(o.At).Abs()) })
	return out
}
