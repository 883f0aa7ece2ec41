package cache

import (
	"cmp"
	"slices"
	"time"

	"korescope/api"
)

// A growing answer shares its memory with the answers given before: nothing in
// a slice that was handed out is ever changed. Rows that follow at the end, as
// in a first reading from newest to oldest, are appended into spare room;
// anything else makes a new slice.

func bySession(a, b api.Session) int {
	if c := standing(b).Compare(standing(a)); c != 0 {
		return c
	}
	return cmp.Compare(a.ID, b.ID)
}

// standing is where a session without a start stands among the others.
func standing(s api.Session) time.Time {
	if s.Start.IsZero() {
		born, _ := s.ID.Born()
		return born
	}
	return s.Start
}

func sortSessions(s []api.Session) { slices.SortFunc(s, bySession) }

func byMessage(a, b api.Message) int {
	if c := a.Time.Compare(b.Time); c != 0 {
		return c
	}
	if c := cmp.Compare(a.Stamp, b.Stamp); c != 0 {
		return c
	}
	return cmp.Compare(a.ID, b.ID)
}

// mergeRows puts page, in any order, into have, which is sorted. A row of page
// replaces the one with its key; rows that keep refuses are left out.
func mergeRows[T any, K comparable](have, page []T, key func(T) K, order func(a, b T) int, keep func(T) bool) []T {
	fresh := make(map[K]int, len(page))
	add := make([]T, 0, len(page))
	for _, p := range page {
		if i, ok := fresh[key(p)]; ok {
			add[i] = p
			continue
		}
		fresh[key(p)] = len(add)
		add = append(add, p)
	}
	came := len(add)
	add = slices.DeleteFunc(add, func(t T) bool { return !keep(t) })
	slices.SortStableFunc(add, order)
	if len(have) == 0 || came > 0 && len(add) == came && order(have[len(have)-1], add[0]) < 0 {
		// Every row stands behind all that are here, so none of them is one of those:
		// the usual page of a long reading, which must not cost a look at all of it.
		return append(have, add...)
	}
	replaced := slices.ContainsFunc(have, func(h T) bool { _, ok := fresh[key(h)]; return ok })
	if !replaced && (len(add) == 0 || order(have[len(have)-1], add[0]) <= 0) {
		return append(have, add...)
	}
	out := make([]T, 0, len(have)+len(add)+len(add)/2)
	for _, h := range have {
		if _, ok := fresh[key(h)]; ok {
			continue
		}
		for len(add) > 0 && order(add[0], h) < 0 {
			out, add = append(out, add[0]), add[1:]
		}
		out = append(out, h)
	}
	return append(out, add...)
}
