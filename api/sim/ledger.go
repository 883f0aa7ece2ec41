package sim

import (
	"maps"
	"net/http"
	"sync"
)

// ledger counts what arrived and what was answered.
type ledger struct {
	mu        sync.Mutex
	requests  map[string]int
	statuses  map[int]int
	all       int
	addresses map[string]int // requests by client address, to know a reused connection
	elsewhere int            // requests with an auth header at another origin
	strangers int            // requests at another origin
}

func newLedger() ledger {
	return ledger{requests: map[string]int{}, statuses: map[int]int{}, addresses: map[string]int{}}
}

func (l *ledger) request(op string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all++
	l.requests[op]++
	return l.all
}

func (l *ledger) answered(status int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.statuses[status]++
}

// again reports whether this client address has sent a request before.
func (l *ledger) again(address string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.addresses[address]++
	return l.addresses[address] > 1
}

func (l *ledger) stranger(r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.strangers++
	if r.Header.Get("auth") != "" {
		l.elsewhere++
	}
}

func (l *ledger) copies() (requests map[string]int, statuses map[int]int, elsewhere, strangers int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.requests), maps.Clone(l.statuses), l.elsewhere, l.strangers
}
