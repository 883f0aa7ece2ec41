package kore

import (
	"errors"
	"sync"

	"korescope/api"
)

// pageSize is how many rows a request asks for. Nobody documents how many rows
// a call gives (reference 2.4), so it begins high and learns: a size that the
// platform cuts down is taken over, one that fails is made smaller, and after
// some good pages it grows again, below what is known to fail.
type pageSize struct {
	most, least int

	mu   sync.Mutex
	now  int // 0: most
	cut  int // rows of a page that was cut short; twice the same is the platform's own size
	fits bool
	fine int // the largest size that came full
	bad  int // the smallest size that failed; 0: none
	good int // full pages in a row
}

const (
	// goodPages is after how many full pages the size grows again.
	goodPages = 2
	// safePage is the size that every page of the reference shows: what fails
	// there too does not fail for its size.
	safePage = 100
)

func newPageSize(most, least int) *pageSize { return &pageSize{most: most, least: min(most, least)} }

func (s *pageSize) rows() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now == 0 {
		return s.most
	}
	return s.now
}

// shrink makes the page smaller when its size may be the reason of a failure,
// and reports whether it did. Few steps, so that an outage costs few requests.
func (s *pageSize) shrink(asked int, err error) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := asked
	switch api.KindOf(err) {
	case api.TooLarge:
		var e *api.Error
		if errors.As(err, &e) && e.Status != 0 { // else it is not the body
			next = asked / 4
		}
	case api.Refused, api.Unavailable:
		next = min(asked, safePage)
	case api.Unreachable, api.NotPlatform:
		if errors.Is(err, errStalled) || errors.Is(err, errLate) || errors.Is(err, errCut) {
			next = min(asked, safePage)
		}
	}
	if next = max(s.least, next); next >= asked {
		return false
	}
	if s.fine > next && s.fine < asked {
		next = s.fine
	}
	if s.bad == 0 || asked < s.bad {
		s.bad = asked
	}
	s.now, s.good = next, 0
	return true
}

// came takes in a page that was answered.
func (s *pageSize) came(asked, rows int, more bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now
	if now == 0 {
		now = s.most
	}
	switch {
	case asked < now:
		return // a small limit tells nothing
	case rows < asked && more && rows >= s.least:
		if rows == s.cut {
			s.now, s.fits, s.good = rows, true, 0
		}
		s.cut = rows
		return
	case rows < asked:
		return
	}
	s.fine = max(s.fine, asked)
	if s.good++; s.good < goodPages || now >= s.most || s.fits {
		return
	}
	s.good = 0
	next := min(s.most, now*2)
	if s.bad > 0 && next >= s.bad {
		next = (now + s.bad) / 2
	}
	if next-now > now/8 {
		s.now = next
	}
}
