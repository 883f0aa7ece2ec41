package kore

import (
	"context"
	"slices"
	"sync"
	"time"

	"korescope/api"
)

// memoryLedger counts for one process. A reserved request counts as sent now
// until it is settled, however long it takes to reach the wire.
type memoryLedger struct {
	mu   sync.Mutex
	last int64
	keys map[api.LimitKey]*tally
}

type tally struct {
	sent []time.Time // oldest first
	open map[int64]struct{}
	shut time.Time
	why  string
}

// NewMemoryLedger makes a ledger that lives and dies with the process.
func NewMemoryLedger() api.Ledger {
	return &memoryLedger{keys: map[api.LimitKey]*tally{}}
}

func (m *memoryLedger) Take(_ context.Context, key api.LimitKey, limits api.Limits, lane api.Lane, now time.Time) (api.Ticket, time.Duration, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t := m.at(key)
	if shut := t.shut.Sub(now); shut > 0 {
		return api.Ticket{}, shut, nil
	}
	if d := limits.Wait(lane, t.counted(now), now); d > 0 {
		return api.Ticket{}, d, nil
	}
	m.last++
	t.open[m.last] = struct{}{}
	return api.Ticket{ID: m.last, Key: key}, 0, nil
}

func (m *memoryLedger) Settle(_ context.Context, ticket api.Ticket, sent int, now time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	t := m.at(ticket.Key)
	delete(t.open, ticket.ID)
	for range sent {
		t.add(now)
	}
	return nil
}

func (m *memoryLedger) Shut(_ context.Context, key api.LimitKey, until time.Time, why string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if t := m.at(key); until.After(t.shut) {
		t.shut, t.why = until, why
	}
	return nil
}

func (m *memoryLedger) Usage(_ context.Context, key api.LimitKey, limits api.Limits, now time.Time) (api.Usage, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t := m.at(key)
	u := api.Usage{Limits: limits.OrDefault()}
	u.Minute, u.Hour = limits.Used(t.counted(now), now)
	if t.shut.After(now) {
		u.ShutUntil, u.ShutWhy = t.shut, t.why
	}
	return u, nil
}

func (m *memoryLedger) at(key api.LimitKey) *tally {
	t, ok := m.keys[key]
	if !ok {
		t = &tally{open: map[int64]struct{}{}}
		m.keys[key] = t
	}
	return t
}

// counted is every request that counts, the open ones as of now.
func (t *tally) counted(now time.Time) []time.Time {
	gone := 0
	for gone < len(t.sent) && now.Sub(t.sent[gone]) > api.KeepSent {
		gone++
	}
	t.sent = slices.Delete(t.sent, 0, gone)
	out := slices.Clone(t.sent)
	for range t.open {
		out = append(out, now)
	}
	return out
}

func (t *tally) add(at time.Time) {
	i, _ := slices.BinarySearchFunc(t.sent, at, func(a, b time.Time) int {
		// Equal times go behind each other.
		if a.After(b) {
			return 1
		}
		return -1
	})
	t.sent = slices.Insert(t.sent, i, at)
}
