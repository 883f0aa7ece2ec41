package cache

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"korescope/api"
)

// Rule of this file: the platform counts requests per bot and host, so all that
// run on one machine count together, whatever profile, cache or user they have.
// Each user writes a file that only they can write; the files of others are
// read and believed as far as that makes us slower: never faster than what this
// process knows by itself, and never stopped for longer than [foreignMost] by
// what others wrote. The files hold times and hashes of names, nothing else.

const (
	// foreignMost is how long what other users wrote may hold a request back.
	foreignMost = time.Minute
	// busyAgain is when a count that somebody holds locked is tried again.
	busyAgain = time.Second
	// gateMost bounds a gate: one that was set with a wrong clock ends.
	gateMost = time.Hour + api.LimitMargin
)

// The kinds of slot.
const (
	slotRequest = 1
	slotGate    = 2
)

var errBusy = errors.New("somebody holds the lock of the count")

// slot is one entry of a file.
type slot struct {
	kind uint64
	key  uint64 // hash of host and counter
	at   int64  // milliseconds: of the request, or when the gate opens
	id   uint64
}

const slotBytes = 32

func (s slot) bytes() []byte {
	b := make([]byte, 0, slotBytes)
	b = binary.LittleEndian.AppendUint64(b, s.kind)
	b = binary.LittleEndian.AppendUint64(b, s.key)
	b = binary.LittleEndian.AppendUint64(b, uint64(s.at)) //nolint:gosec // a time, read back as it is
	return binary.LittleEndian.AppendUint64(b, s.id)
}

func readSlots(b []byte) []slot {
	out := make([]slot, 0, len(b)/slotBytes)
	for ; len(b) >= slotBytes; b = b[slotBytes:] {
		out = append(out, slot{
			binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:]),
			int64(binary.LittleEndian.Uint64(b[16:])), binary.LittleEndian.Uint64(b[24:]), //nolint:gosec // as above
		})
	}
	return out
}

// spent reports a slot that may be written over.
func (s slot) spent(now time.Time) bool {
	at := fromMillis(s.at)
	return s.kind != slotRequest && s.kind != slotGate || now.Sub(at) > api.KeepSent || at.Sub(now) > api.KeepSent
}

// Allowance is the count of the machine above a count of its own, which is
// believed first. It is safe for concurrent use.
type Allowance struct {
	own  api.Ledger
	path string // of the files, to which the user's number is added
	host string

	mu    sync.Mutex
	open  map[int64]pair
	last  int64
	stuck map[api.LimitKey]time.Time // since when only others hold a counter back
}

// pair is one reservation in both counts.
type pair struct {
	own  api.Ticket
	slot uint64
}

var _ api.Ledger = (*Allowance)(nil)

// Shared makes a count that everybody on this machine shares through files
// beside path, for one host of the platform. Where no file can be used, own
// counts alone. An empty path is own itself.
func Shared(own api.Ledger, path, host string) api.Ledger {
	if path == "" {
		return own
	}
	return &Allowance{own: own, path: path, host: host, open: map[int64]pair{}, stuck: map[api.LimitKey]time.Time{}}
}

func (a *Allowance) hash(key api.LimitKey) uint64 {
	h := sha256.Sum256([]byte(a.host + "\x00" + string(key)))
	return binary.LittleEndian.Uint64(h[:])
}

// Take reserves one request in both counts, or in none.
func (a *Allowance) Take(ctx context.Context, key api.LimitKey, limits api.Limits, lane api.Lane, now time.Time) (api.Ticket, time.Duration, error) {
	own, wait, err := a.own.Take(ctx, key, limits, lane, now)
	if err != nil || wait > 0 {
		return api.Ticket{}, wait, err
	}
	id, wait, err := a.reserve(ctx, key, limits, lane, now)
	if err != nil && ctx.Err() != nil || wait > 0 {
		_ = a.own.Settle(context.WithoutCancel(ctx), own, 0, now) // counts as sent at worst
		return api.Ticket{}, wait, ctx.Err()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.last++
	a.open[a.last] = pair{own, id}
	return api.Ticket{ID: a.last, Key: key}, 0, nil
}

// reserve writes first and looks then, so that two users who reserve at once
// both see each other and neither goes over.
func (a *Allowance) reserve(ctx context.Context, key api.LimitKey, limits api.Limits, lane api.Lane, now time.Time) (id uint64, wait time.Duration, err error) {
	hash := a.hash(key)
	err = withOwn(ctx, a.path, func(f *ownSlots) error {
		mine := f.slots()
		if wait = gate(mine, hash, now); wait > 0 {
			return nil
		}
		sent := requests(mine, hash)
		if wait = limits.Wait(lane, sent, now); wait > 0 {
			return nil
		}
		id = rand.Uint64() | 1
		if err := f.put(slot{slotRequest, hash, now.Add(time.Millisecond - 1).UnixMilli(), id}, now); err != nil {
			return err
		}
		others := foreignSlots(a.path)
		held := max(gate(others, hash, now), limits.Wait(lane, append(sent, requests(others, hash)...), now))
		if wait = a.patient(key, held, now); wait > 0 {
			f.drop(id)
			id = 0
		}
		return nil
	})
	if errors.Is(err, errBusy) { // a stopped process holds nobody back for longer than a minute
		return 0, a.patient(key, busyAgain, now), nil
	}
	return id, wait, err
}

// patient bounds how long what others wrote holds a counter back.
func (a *Allowance) patient(key api.LimitKey, held time.Duration, now time.Time) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	since, waiting := a.stuck[key]
	switch {
	case held <= 0:
		delete(a.stuck, key)
		return 0
	case !waiting || now.Before(since):
		a.stuck[key] = now
		return min(held, foreignMost)
	case now.Sub(since) >= foreignMost:
		a.stuck[key] = now // one goes through; the next waits again
		return 0
	}
	return min(held, foreignMost-now.Sub(since))
}

// Settle writes down how often a request reached the wire.
func (a *Allowance) Settle(ctx context.Context, t api.Ticket, sent int, now time.Time) error {
	a.mu.Lock()
	p, known := a.open[t.ID]
	delete(a.open, t.ID)
	a.mu.Unlock()
	if !known {
		return nil
	}
	if p.slot != 0 {
		hash := a.hash(t.Key)
		// What cannot be written stays as it was reserved: one request, now.
		_ = withOwn(ctx, a.path, func(f *ownSlots) error {
			f.drop(p.slot)
			for range sent {
				if err := f.put(slot{slotRequest, hash, now.Add(time.Millisecond - 1).UnixMilli(), rand.Uint64() | 1}, now); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return a.own.Settle(ctx, p.own, sent, now)
}

// Shut closes the gate for everybody, for an hour at most.
func (a *Allowance) Shut(ctx context.Context, key api.LimitKey, until time.Time, why string) error {
	hash := a.hash(key)
	_ = withOwn(ctx, a.path, func(f *ownSlots) error { // the own count closes in any case
		for _, s := range f.slots() {
			if s.kind == slotGate && s.key == hash {
				if s.at >= until.UnixMilli() {
					return nil
				}
				f.drop(s.id)
			}
		}
		return f.put(slot{slotGate, hash, until.UnixMilli(), rand.Uint64() | 1}, until.Add(-gateMost))
	})
	return a.own.Shut(ctx, key, until, why)
}

// Usage is the larger of both counts.
func (a *Allowance) Usage(ctx context.Context, key api.LimitKey, limits api.Limits, now time.Time) (api.Usage, error) {
	u, err := a.own.Usage(ctx, key, limits, now)
	if err != nil {
		return u, err
	}
	hash := a.hash(key)
	all := append(ownSlotsOf(a.path), foreignSlots(a.path)...)
	minute, hour := limits.Used(requests(all, hash), now)
	u.Minute, u.Hour = max(u.Minute, minute), max(u.Hour, hour)
	if d := gate(all, hash, now); d > 0 && now.Add(d).After(u.ShutUntil) {
		u.ShutUntil = now.Add(d)
	}
	return u, nil
}

// requests are the times of a counter.
func requests(of []slot, key uint64) []time.Time {
	var out []time.Time
	for _, s := range of {
		if s.kind == slotRequest && s.key == key {
			out = append(out, fromMillis(s.at))
		}
	}
	return out
}

// gate is how long a counter is shut; one further away than any refusal is no
// gate but a wrong clock.
func gate(of []slot, key uint64, now time.Time) time.Duration {
	var most time.Duration
	for _, s := range of {
		if d := fromMillis(s.at).Sub(now); s.kind == slotGate && s.key == key && d <= gateMost {
			most = max(most, d)
		}
	}
	return most
}
