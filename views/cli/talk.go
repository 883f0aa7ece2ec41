package cli

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"korescope/api/kore"
	"korescope/ui/text"
)

// Talk goes to stderr only. On a terminal what is going on stands in one line
// that is written over; elsewhere a line is written only while something is
// waited for, and then rarely, so that a log stays readable.

const (
	patience  = 30 * time.Second // for a refusal, when --timeout says nothing
	talkEvery = 10 * time.Second // where nothing can be written over
)

// talk is what a command says beside its data. It is safe for concurrent use.
type talk struct {
	w     io.Writer
	tty   bool
	clock func() time.Time

	mu    sync.Mutex
	wide  int       // cells of the line that stands there
	last  time.Time // of the last line that stays
	read  text.Safe // how far the reading is
	until time.Time // what is waited for ends
	why   text.Safe
}

// say writes a line that stays.
func (t *talk) say(line text.Safe) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.wipe()
	_, _ = fmt.Fprintf(t.w, "korescope: %s\n", line) // nobody is left to tell
}

// hint writes a line that belongs to the one before.
func (t *talk) hint(line text.Safe) {
	if line.Empty() {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.wipe()
	_, _ = fmt.Fprintf(t.w, "  %s\n", line) // nobody is left to tell
}

// progress says how far a reading is.
func (t *talk) progress(read text.Safe) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.read = read
	if t.tty {
		t.draw()
	}
}

// wait hears of a wait for the budget.
func (t *talk) wait(w kore.Waiting) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.until = w.Until
	switch {
	case w.Refused:
		t.why = text.Lit("the platform sent us away")
	case w.Hour:
		t.why = text.Lit("the requests of this hour are used up")
	default:
		t.why = text.Lit("the requests of this minute are used up")
	}
	t.draw()
}

// draw writes the present state; the caller holds the lock.
func (t *talk) draw() {
	now := t.clock()
	var line text.Safe
	if left := t.until.Sub(now); left > 0 {
		line = text.Format("%s, going on in %d s", t.why, int((left+time.Second-1)/time.Second))
	}
	line = joinFilled(t.read, line)
	switch {
	case t.tty:
		t.wipe()
		line = line.Cut(78)
		t.wide = line.Width()
		_, _ = io.WriteString(t.w, line.String()) // nobody is left to tell
	case !line.Empty() && now.Sub(t.last) >= talkEvery:
		t.last = now
		_, _ = fmt.Fprintf(t.w, "korescope: %s\n", line) // nobody is left to tell
	}
}

func joinFilled(a, b text.Safe) text.Safe {
	switch {
	case a.Empty():
		return b
	case b.Empty():
		return a
	}
	return text.Join("; ", a, b)
}

// wipe takes away the line that stands there, without any escape sequence.
func (t *talk) wipe() {
	if t.wide > 0 {
		_, _ = io.WriteString(t.w, "\r"+strings.Repeat(" ", t.wide)+"\r") // nobody is left to tell
		t.wide = 0
	}
}

// wipeNow takes the line away before data is printed below it.
func (t *talk) wipeNow() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.wipe()
}

// live keeps the line current until the returned function is called, which
// takes it away.
func (t *talk) live(ctx context.Context) (end func()) {
	clear := func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.wipe()
		t.read, t.until = text.Safe{}, time.Time{}
	}
	if !t.tty {
		return clear
	}
	ctx, stop := context.WithCancel(ctx)
	var over sync.WaitGroup
	over.Go(func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				t.mu.Lock()
				t.draw()
				t.mu.Unlock()
			}
		}
	})
	return func() {
		stop()
		over.Wait()
		clear()
	}
}
