package cache

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"

	"korescope/api"
)

// Store is the cache of one profile. It is safe for use by many goroutines.
//
// One connection writes, in immediate transactions; two more read. A file that
// turns out to be damaged, at any time, is set aside and replaced by an empty
// one, and the operation that found it is run again.
type Store struct {
	o Options

	mu     sync.RWMutex // held for reading by every operation
	h      *handle
	notice Notice
	closed bool

	stop context.CancelFunc
	idle sync.WaitGroup
}

var _ api.Observer = (*Store)(nil)

// errClosed is what a closed store answers.
var errClosed = errors.New("the cache is closed")

// readers is the number of reading connections.
const readers = 2

// handle is one opened database.
type handle struct {
	place   place
	file    fs.FileInfo // nil in memory
	unclean bool        // the log was not empty, and nobody had the file open
	write   chan *conn
	read    chan *conn // the same channel in memory
}

func newHandle(p place, file fs.FileInfo, c *conn) *handle {
	h := &handle{place: p, file: file, write: make(chan *conn, 1)}
	h.write <- c
	if p.path == "" {
		h.read = h.write
		return h
	}
	h.read = make(chan *conn, readers)
	for range readers {
		h.read <- nil // opened when needed
	}
	return h
}

// use hands out a connection, opening it first where there is none.
func (h *handle) use(ctx context.Context, from chan *conn, f func(*conn) error) (err error) {
	var c *conn
	select {
	case c = <-from:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { from <- c }()
	if c == nil {
		if c, err = h.dial(ctx, from); err != nil {
			return err
		}
	}
	c.db.SetInterrupt(ctx)
	err = guard(func() error { return f(c) })
	if errors.Is(err, errPanicked) {
		c = nil // its memory is in no known state: not even closed
		return err
	}
	c.db.SetInterrupt(context.WithoutCancel(ctx))
	return err
}

func (h *handle) dial(ctx context.Context, from chan *conn) (c *conn, err error) {
	p := h.place
	p.readOnly = p.frozen || from == h.read
	// Another process may have set the file aside meanwhile; two connections
	// of one store must never see two files.
	if info, err := os.Lstat(p.path); err != nil || !os.SameFile(info, h.file) {
		return nil, fmt.Errorf("the cache file was replaced: %w", errDamaged)
	}
	err = guard(func() error {
		c, err = dial(ctx, p)
		return err
	})
	return c, err
}

// close gives back all connections; the writer goes last, so that it empties
// the log.
func (h *handle) close() error {
	var errs []error
	shut := func(from chan *conn) {
		for range cap(from) {
			if c := <-from; c != nil {
				errs = append(errs, guard(c.close))
			}
		}
	}
	if h.place.path != "" {
		shut(h.read)
	}
	shut(h.write)
	return errors.Join(errs...)
}

// read runs f in one snapshot.
func (s *Store) read(ctx context.Context, act string, f func(*conn) error) error {
	return s.on(ctx, act, func(h *handle) error {
		return h.use(ctx, h.read, func(c *conn) error {
			return c.within(ctx, "BEGIN", func() error { return f(c) })
		})
	})
}

// write runs f in one immediate transaction.
func (s *Store) write(ctx context.Context, act string, f func(*conn) error) error {
	return s.on(ctx, act, func(h *handle) error {
		return h.use(ctx, h.write, func(c *conn) error {
			return c.within(ctx, "BEGIN IMMEDIATE", func() error { return f(c) })
		})
	})
}

// bare runs f on the writing connection outside of any transaction.
func (s *Store) bare(ctx context.Context, act string, f func(*conn) error) error {
	return s.on(ctx, act, func(h *handle) error { return h.use(ctx, h.write, f) })
}

func (s *Store) on(ctx context.Context, act string, f func(*handle) error) error {
	for try := 0; ; try++ {
		h, err := s.attempt(f)
		if err == nil {
			return nil
		}
		if faultOf(err) == damagedFault && try == 0 && h.place.path != "" && !h.place.frozen {
			if err := s.replace(ctx, h); err != nil {
				return fmt.Errorf("%s: %w", act, err)
			}
			continue
		}
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return fmt.Errorf("%s: %w", act, err)
	}
}

func (s *Store) attempt(f func(*handle) error) (*handle, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return s.h, errClosed
	}
	return s.h, f(s.h)
}

// replace sets a damaged file aside and begins a new one.
func (s *Store) replace(ctx context.Context, damaged *handle) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.h != damaged {
		return nil
	}
	_ = damaged.close() // it is damaged; what it says no longer counts
	aside := setAside(context.WithoutCancel(ctx), damaged.place.path, damaged.file, s.o.Now())
	o := s.o
	if aside != nil {
		o.Memory = true
	}
	h, notice, err := o.open(context.WithoutCancel(ctx))
	if err != nil {
		return err
	}
	s.h, s.notice = h, rebuiltNotice
	if notice != "" {
		s.notice = notice
	}
	if aside != nil {
		s.notice = Notice("cache in memory only: " + reason(aside))
	}
	return nil
}

// Notice is the newest notice, also one from after [Open].
func (s *Store) Notice() Notice {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.notice
}

// Close ends the background work and closes the file. A second Close is
// harmless.
func (s *Store) Close() error {
	s.stop()
	s.idle.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	if err := s.h.close(); err != nil {
		return fmt.Errorf("close the cache: %w", err)
	}
	return nil
}

// start tidies in the background when the last time is an hour ago. Nothing of
// it is on the way to the first paint.
func (s *Store) start(ctx context.Context) {
	ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	s.idle.Go(func() {
		_ = s.reread(ctx) // the next operation meets the same trouble and tells it
		_ = s.rereadCalls(ctx)
		due, err := s.tidyDue(ctx)
		if err != nil || !due {
			return // the next operation meets the same trouble and tells it
		}
		_ = s.Tidy(ctx) // the same
	})
}

// checkpoint moves the log into the file and empties it.
func (s *Store) checkpoint(ctx context.Context) error {
	return s.bare(ctx, "empty the log", func(c *conn) error {
		if s.h.place.path == "" || s.h.place.frozen {
			return nil
		}
		busy := int64(1)
		for try := 0; busy != 0 && try < 5; try++ {
			var err error
			if busy, err = c.number("PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
				return err
			}
		}
		if busy != 0 {
			return errStillRead
		}
		return nil
	})
}

var errStillRead = errors.New("another process is reading; removed rows stay in its log until it is done")

// millis is a time as stored; nil for the zero time.
func millis(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

func fromMillis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
