package api

import "time"

// Origin says where an answer came from.
type Origin uint8

// The origins of an answer.
const (
	FromDisk Origin = iota + 1
	FromNetwork
)

// Gap is a span that was asked for and could not be read, or of which less came
// than was announced (see [Count]), with the reason. A zero window is the whole
// question: the list has none, or nobody knows where the missing rows stand.
type Gap struct {
	Window Window
	Why    error
}

// Answer is a value with all that is needed to be honest about it.
type Answer[V any] struct {
	Value  V
	At     time.Time // when the platform said it; the oldest part counts
	Origin Origin
	// Fresh: no need to ask again yet, by the cache's policy.
	Fresh bool
	// Done: nothing more is on its way for this question. A long read gives
	// several answers, each with more rows, the last one Done.
	Done bool
	// Partial: rows are known to be missing. Gaps says where, Note why in a
	// few words when there is no gap to name ("first 500 rows").
	Partial bool
	Gaps    []Gap
	Note    string
	// Covered is the newest part of the asked window that is read completely,
	// without a hole. It is the whole window when nothing is missing, and zero
	// when nothing is known to be complete or the question has no window.
	Covered Window
	// Down is what lies above the oldest row of the part that is being read, as far
	// as its rows come newest first: no row of it is expected any more, although
	// only the end of the reading proves it. Zero in the last answer.
	Down Window
	// Total is the platform's own count, a hint that may lie.
	Total Maybe[int]
	// Unknown lists ids that were asked for and do not exist.
	Unknown []SessionID
	// Rest is what a reading left for later, so as to cost little.
	Rest Rest
	// Asked is how many requests of the list this answer took, repeats aside.
	Asked int
}

// Rest is what a reading that stopped on purpose did not read.
type Rest struct {
	More     bool
	Requests Maybe[int] // about how many requests it takes
}

// Page is one step of a long read: the new rows only, doubles removed.
type Page[T any] struct {
	Items   []T
	More    bool       // the platform says that more follows
	Total   Maybe[int] // hint
	Gaps    []Gap      // spans given up since the last page; a zero window is all of it
	Unknown []SessionID
	// Done is the span, inside what was asked, that is now read completely;
	// zero while none is.
	Done Window
	// Note says in a few words what was wrong with the paging itself.
	Note string
	// Left is about how many requests follow; not known where the platform does
	// not say how many rows there are.
	Left Maybe[int]
	// Down is the span that is read completely when the reading stops with this
	// page; zero where rows do not come newest first.
	Down Window
}
