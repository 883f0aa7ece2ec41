// Package feed is a question that a screen keeps asking.
//
// A feed asks the disk first and the network when the disk's answer is missing
// or old. Answers and failures come back as one message, Loaded, addressed to
// the screen that asked and stamped with the question; a message whose stamp
// has passed is dropped. Stale answers stay while newer ones are on their way,
// and a failure never takes an answer away. The commands a feed returns hold
// values only, never the screen, and stop when the screen is left or Stop is
// called. A feed is not safe for use by several goroutines: it belongs to one
// screen's Update.
package feed

import (
	"context"
	"iter"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/ui"
)

// Reader answers questions of type K.
type Reader[K comparable, V any] interface {
	// Cached answers from disk, or fails with api.NotCached.
	Cached(ctx context.Context, k K) (api.Answer[V], error)
	// Refresh asks the network. It yields the growing answer after each page,
	// the last one Done; an error may come beside what was read so far.
	Refresh(ctx context.Context, k K, lane api.Lane) iter.Seq2[api.Answer[V], error]
}

// Rereader is a reader that can ask for all of a question again, whatever the
// disk holds to be known. For others, reading again is asking the network.
type Rereader[K comparable, V any] interface {
	Reread(ctx context.Context, k K, lane api.Lane) iter.Seq2[api.Answer[V], error]
}

// Stamp says whose question it was and which of their questions.
type Stamp struct {
	Owner ui.Address
	Feed  int // several feeds of one screen
	Turn  int
}

// Loaded is the only reply there is: a step of an answer, or its end.
type Loaded[V any] struct {
	Stamp  Stamp
	Answer api.Answer[V]
	Err    error
	none   bool // the disk had nothing
	last   bool // nothing more comes for this question
	next   func() tea.Msg
	disk   bool
}

// To addresses the reply to the asking screen.
func (l Loaded[V]) To() ui.Address { return l.Stamp.Owner }

// Feed holds the last answer, the last failure and whether one is on its way.
type Feed[K comparable, V any] struct {
	reader Reader[K, V]
	seat   ui.Seat
	id     int
	lane   api.Lane

	sparing bool

	key     K
	turn    int
	stop    context.CancelFunc
	loading bool
	renewed bool // what is on its way was asked for by Reread
	answer  api.Answer[V]
	has     bool
	err     error
	dropped int
	// whole is the last complete answer while it is read anew: a failure does not
	// take its place.
	whole *api.Answer[V]
}

// New makes a feed of one screen; id tells its feeds apart.
func New[K comparable, V any](seat ui.Seat, id int, reader Reader[K, V]) *Feed[K, V] {
	return &Feed[K, V]{reader: reader, seat: seat, id: id, lane: api.Person}
}

// InLane sets how urgent this feed's questions are.
func (f *Feed[K, V]) InLane(l api.Lane) *Feed[K, V] {
	f.lane = l
	return f
}

// Ask asks a question: from disk first, then from the network unless the disk's
// answer is fresh. A new question lets go of the old one's answer when the key
// differs, and stops what was on its way.
func (f *Feed[K, V]) Ask(k K) tea.Cmd {
	if k != f.key {
		f.answer, f.has, f.err, f.whole = api.Answer[V]{}, false, nil, nil
	}
	return f.start(k, true)
}

// Renew asks a question that differs from the last one only in being newer: the
// old answer stays on screen until the new one comes.
func (f *Feed[K, V]) Renew(k K) tea.Cmd { return f.start(k, false) }

// Again asks the network the same question, whatever the disk says.
func (f *Feed[K, V]) Again() tea.Cmd { return f.start(f.key, false) }

// Twice is how soon after the last asking "read again" means all of it.
const Twice = 4 * time.Second

// Reread is the person's "read again". Said twice, which is while the first is on
// its way or soon after the last asking, it reads all of the question, whatever
// the disk holds to be known. last is when the question was asked before.
func (f *Feed[K, V]) Reread(k K, last, now time.Time) tea.Cmd {
	since := now.Sub(last)
	twice := f.loading && f.renewed || since >= 0 && since < Twice && f.renewed
	reader := f.reader
	var cmd tea.Cmd
	if all, can := reader.(Rereader[K, V]); can && twice {
		cmd = f.begin(k, false, by[K, V]{reader, all.Reread}, f.lane)
	} else {
		cmd = f.start(k, false)
	}
	f.renewed = true
	return cmd
}

func (f *Feed[K, V]) start(k K, disk bool) tea.Cmd {
	reader := f.reader
	if spare, can := reader.(Sparer[K, V]); can && f.sparing {
		reader = by[K, V]{reader, spare.Spare}
	}
	return f.begin(k, disk, reader, f.lane)
}

func (f *Feed[K, V]) begin(k K, disk bool, reader Reader[K, V], lane api.Lane) tea.Cmd {
	f.Stop()
	f.renewed = false
	f.key = k
	f.turn++
	f.loading = true
	ctx, cancel := context.WithCancel(f.seat.Ctx)
	f.stop = cancel
	stamp := Stamp{Owner: f.seat.Addr, Feed: f.id, Turn: f.turn}
	if disk {
		return func() tea.Msg { return cached(ctx, reader, k, lane, stamp) }
	}
	return func() tea.Msg { return refresh(ctx, reader, k, lane, stamp) }
}

func cached[K comparable, V any](ctx context.Context, r Reader[K, V], k K, lane api.Lane, stamp Stamp) tea.Msg {
	a, err := r.Cached(ctx, k)
	l := Loaded[V]{Stamp: stamp, Answer: a, disk: true}
	switch {
	case err != nil && api.KindOf(err) == api.NotCached:
		l.none = true
	case err != nil:
		l.Err = err
	case a.Fresh:
		l.last = true
	}
	if !l.last {
		l.next = func() tea.Msg { return refresh(ctx, r, k, lane, stamp) }
	}
	return l
}

// refresh turns the reader's iteration into messages, one pull a command, so
// that the screen is painted between pages. When the question is dropped
// between two pulls nobody pulls again, so the context's end stops the
// iteration too; the lock keeps that apart from a pull under way.
func refresh[K comparable, V any](ctx context.Context, r Reader[K, V], k K, lane api.Lane, stamp Stamp) tea.Msg {
	next, stop := iter.Pull2(r.Refresh(ctx, k, lane))
	var mu sync.Mutex
	context.AfterFunc(ctx, func() {
		mu.Lock()
		defer mu.Unlock()
		stop()
	})
	var step func() tea.Msg
	step = func() tea.Msg {
		mu.Lock()
		defer mu.Unlock()
		a, err, more := next()
		l := Loaded[V]{Stamp: stamp, Answer: a, Err: err, none: !more}
		// What is on disk may come first; it is the end only when it is fresh.
		first := a.Origin == api.FromDisk && !a.Fresh
		l.last = !more || err != nil || a.Done && !first || ctx.Err() != nil
		if l.last {
			stop()
		} else {
			l.next = step
		}
		return l
	}
	return step()
}

// Apply takes a reply in. It reports whether anything changed; the command, if
// any, fetches what comes next.
func (f *Feed[K, V]) Apply(l Loaded[V]) (changed bool, next tea.Cmd) {
	if l.Stamp.Feed != f.id || l.Stamp.Turn != f.turn {
		f.dropped++
		return false, nil
	}
	f.loading = !l.last
	if l.Err != nil && api.KindOf(l.Err) != api.Cancelled {
		f.err = l.Err
	} else if l.last || !l.disk {
		f.err = nil
	}
	f.keepWhole(l)
	if !l.none && (l.Err == nil || l.Answer.Origin != 0 && f.whole == nil) {
		f.answer, f.has = l.Answer, true
	}
	if l.last && f.stop != nil {
		f.stop()
		f.stop = nil
	}
	if l.next != nil {
		next = tea.Cmd(l.next)
	}
	return true, next
}

// keepWhole remembers a complete answer, and puts it back into the place of the
// pages of a reading that failed: what was complete stays so, with its age.
func (f *Feed[K, V]) keepWhole(l Loaded[V]) {
	failed := l.Err != nil && api.KindOf(l.Err) != api.Cancelled
	switch {
	case l.Err == nil && !l.none && l.Answer.Done && !l.Answer.Partial:
		a := l.Answer
		f.whole = &a
	case failed && f.whole != nil:
		f.answer, f.has = *f.whole, true
	}
}

// Stop ends what is on its way; the last answer stays, and one that was complete
// stays complete.
func (f *Feed[K, V]) Stop() {
	if f.loading && f.has && f.whole != nil && !f.answer.Done {
		f.answer = *f.whole
	}
	if f.stop != nil {
		f.stop()
		f.stop = nil
	}
	f.turn++
	f.loading = false
}

// Key is the last question.
func (f *Feed[K, V]) Key() K { return f.key }

// Answer is the last answer; false while there is none.
func (f *Feed[K, V]) Answer() (api.Answer[V], bool) { return f.answer, f.has }

// Err is the last failure, nil after a success.
func (f *Feed[K, V]) Err() error { return f.err }

// Loading reports that something is on its way.
func (f *Feed[K, V]) Loading() bool { return f.loading }

// Asked reports that a question was asked at all.
func (f *Feed[K, V]) Asked() bool { return f.turn > 0 }
