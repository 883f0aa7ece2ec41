package cli

import (
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// hurry is how long the end may take, once it was asked for, before the terminal is
// taken back by force: an output that nobody reads never drains.
const hurry = 2 * time.Second

// tty is the terminal as the library writes to it. Write does not wait for it: a
// loop that waits for a terminal that nobody reads hears no key and no signal any
// more. A write that fails means that nobody is there any more: the program ends
// instead of living on unseen.
type tty struct {
	*os.File
	gone func()

	mu      sync.Mutex
	queue   []byte        // written next
	still   chan struct{} // closed when everything is written; nil while nothing is under way
	visited atomic.Bool   // another program has the terminal: its signals are not ours
	lent    bool          // the terminal is given away or taken back: Write waits
	taken   int           // how often the library wrote
}

// Write takes the bytes in. What is under way is bounded by whoever draws: no new
// picture is made before the last one is written, see [paced].
func (t *tty) Write(p []byte) (int, error) {
	t.mu.Lock()
	t.taken++
	t.mu.Unlock()
	t.put(p)
	return len(p), nil
}

// put takes bytes in that are not the library's.
func (t *tty) put(p []byte) {
	t.mu.Lock()
	t.queue = append(t.queue, p...)
	if t.still == nil && len(p) > 0 {
		t.still = make(chan struct{})
		go t.pour(t.still)
	}
	lent := t.lent
	t.mu.Unlock()
	if lent {
		t.drained(hurry)
		waitFor(settles)
	}
}

// settles is how long the library's goroutines get, before the process is halted, to
// end what they are at; see [watcher.drawsAgain].
const settles = 20 * time.Millisecond

func waitFor(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	<-timer.C
}

// pour writes until nothing is left.
func (t *tty) pour(still chan struct{}) {
	for {
		t.mu.Lock()
		next := t.queue
		t.queue = nil
		if len(next) == 0 {
			t.still = nil
			t.mu.Unlock()
			close(still)
			return
		}
		t.mu.Unlock()
		if _, err := t.File.Write(next); err != nil {
			t.gone()
		}
	}
}

// writing is closed when everything is written; nil when nothing is under way.
func (t *tty) writing() <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.still
}

// writes is how often the library wrote.
func (t *tty) writes() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.taken
}

// lend tells that the terminal is about to be another's, or ours again: what was
// drawn must be out before it changes hands.
func (t *tty) lend(on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lent = on
}

// drained waits until everything is written, as long as given, and reports whether
// it was.
func (t *tty) drained(within time.Duration) bool {
	still := t.writing()
	if still == nil {
		return true
	}
	timer := time.NewTimer(within)
	defer timer.Stop()
	select {
	case <-still:
		return true
	case <-timer.C:
		return false
	}
}

// unread is the end of a program whose terminal nobody read any more: a word about
// it would wait there for ever.
type unread struct{ err error }

func (u *unread) Error() string { return "nobody reads the terminal" }

func (u *unread) Unwrap() error { return u.err }
