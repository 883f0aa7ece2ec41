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
// what others wrote: then one request of this user goes through. Honest users
// leave room for those, so that all of them together stay within the limits. The
// files hold times and hashes of names, nothing else.
//
// Whoever is killed between two writes leaves too much in the file, never too
// little: what takes the place of something is written before that goes.

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
	slotHeld    = 3 // since when only others hold a counter of this user back
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
	return s.kind < slotRequest || s.kind > slotHeld || now.Sub(at) > api.KeepSent || at.Sub(now) > api.KeepSent
}

// Allowance is the count of the machine above a count of its own, which is
// believed first. It is safe for concurrent use.
type Allowance struct {
	own   api.Ledger
	files places
	host  string

	mu    sync.Mutex
	open  map[int64]pair
	last  int64
	stuck map[api.LimitKey]time.Time // since when somebody holds the file of a counter locked
}

// pair is one reservation in both counts.
type pair struct {
	own  api.Ticket
	kept bool // the own count has it; otherwise only the files do
	slot uint64
}

var _ api.Ledger = (*Allowance)(nil)

// Shared makes a count that everybody on this machine shares through files
// beside path, for one host of the platform. Where no such file can be used, the
// processes of this user share one in the folder private, "" for none; where that
// fails too, own counts alone. An empty path is own itself.
func Shared(own api.Ledger, path, private, host string) api.Ledger {
	if path == "" {
		return own
	}
	return &Allowance{own: own, files: placesOf(path, private), host: host, open: map[int64]pair{}, stuck: map[api.LimitKey]time.Time{}}
}

// Together is why the processes of this machine cannot count together; nil when
// they do.
func (a *Allowance) Together(ctx context.Context) error {
	return withOwn(ctx, a.files, func(*ownSlots) error { return nil })
}

func (a *Allowance) hash(key api.LimitKey) uint64 {
	h := sha256.Sum256([]byte(a.host + "\x00" + string(key)))
	return binary.LittleEndian.Uint64(h[:])
}

// Take reserves one request in both counts, or in none. Where the own count
// cannot be written, as on a full disk, the files count alone.
func (a *Allowance) Take(ctx context.Context, key api.LimitKey, limits api.Limits, lane api.Lane, now time.Time) (api.Ticket, time.Duration, error) {
	own, wait, lost := a.own.Take(ctx, key, limits, lane, now)
	if wait > 0 || lost != nil && ctx.Err() != nil {
		return api.Ticket{}, wait, lost
	}
	id, wait, err := a.reserve(ctx, key, limits, lane, now)
	switch {
	case err != nil && lost != nil:
		return api.Ticket{}, 0, lost
	case err != nil && ctx.Err() != nil || wait > 0:
		if lost == nil {
			_ = a.own.Settle(context.WithoutCancel(ctx), own, 0, now) // counts as sent at worst
		}
		return api.Ticket{}, wait, ctx.Err()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.last++
	a.open[a.last] = pair{own, lost == nil, id}
	return api.Ticket{ID: a.last, Key: key}, 0, nil
}

// reserve writes first and looks then, so that two users who reserve at once
// both see each other and neither goes over.
func (a *Allowance) reserve(ctx context.Context, key api.LimitKey, limits api.Limits, lane api.Lane, now time.Time) (id uint64, wait time.Duration, err error) {
	hash := a.hash(key)
	err = withOwn(ctx, a.files, func(f *ownSlots) error {
		mine := f.slots()
		if wait = gate(mine, hash, now); wait > 0 {
			return nil
		}
		sent := requests(mine, hash)
		if wait = limits.Wait(lane, sent, now); wait > 0 {
			return nil
		}
		id = rand.Uint64() | 1
		if err := f.put(sentAt(hash, now, id), now); err != nil {
			return err
		}
		others, users := foreignSlots(a.files)
		room := withRoom(limits, users)
		held := max(gate(others, hash, now), room.Wait(lane, append(sent, requests(others, hash)...), now))
		if wait, err = f.patient(hash, held, lane, now); wait > 0 {
			f.drop(id)
			id = 0
		}
		return err
	})
	if errors.Is(err, errBusy) { // a stopped process holds nobody back for longer than a minute
		return 0, a.patient(key, busyAgain, now), nil
	}
	return id, wait, err
}

func sentAt(key uint64, now time.Time, id uint64) slot {
	// Up, never down: a request must not seem older than it is.
	return slot{slotRequest, key, now.Add(time.Millisecond - 1).UnixMilli(), id}
}

// withRoom takes off what users leave for each other where there are several: each
// of them may be let through once a minute although the sum is full. That makes
// one a minute each, and in the worst hour, which is full after half of it, half
// an hour's. It is never more than a twentieth.
func withRoom(l api.Limits, others int) api.Limits {
	l = l.OrDefault()
	if others == 0 {
		return l
	}
	users := others + 1
	inHour := users * (60 - l.PerHour/l.PerMinute + 1)
	l.PerMinute -= min(users, l.PerMinute/20)
	l.PerHour -= min(max(inHour, 0), l.PerHour/20)
	return l
}

// patient bounds how long others hold this user back, over all processes: after
// a minute one request goes through, and the next waits again. What is read ahead
// can wait.
func (o *ownSlots) patient(key uint64, held time.Duration, lane api.Lane, now time.Time) (time.Duration, error) {
	if lane == api.ReadAhead {
		return min(held, foreignMost), nil
	}
	var since slot
	for _, s := range o.slots() {
		if s.kind == slotHeld && s.key == key {
			since = s
		}
	}
	waited := now.Sub(fromMillis(since.at))
	switch {
	case held <= 0:
		if since.id != 0 {
			o.drop(since.id)
		}
		return 0, nil
	case since.id == 0 || waited < 0:
		o.drop(since.id)
		return min(held, foreignMost), o.put(slot{slotHeld, key, now.UnixMilli(), rand.Uint64() | 1}, now)
	case waited >= foreignMost:
		return 0, o.replace(since.id, slot{slotHeld, key, now.UnixMilli(), since.id}, now)
	}
	return min(held, foreignMost-waited), nil
}

// patient bounds how long a file that somebody holds locked stops a counter.
func (a *Allowance) patient(key api.LimitKey, held time.Duration, now time.Time) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	since, waiting := a.stuck[key]
	switch {
	case !waiting || now.Before(since) || now.Sub(since) > 2*foreignMost:
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
	hash := a.hash(t.Key)
	if p.slot != 0 || sent > 0 {
		// What cannot be written stays as it was reserved: one request, now.
		_ = withOwn(ctx, a.files, func(f *ownSlots) error {
			if sent == 0 {
				f.drop(p.slot)
				return nil
			}
			for range sent - 1 {
				if err := f.put(sentAt(hash, now, rand.Uint64()|1), now); err != nil {
					return err
				}
			}
			return f.replace(p.slot, sentAt(hash, now, rand.Uint64()|1), now)
		})
	}
	if !p.kept {
		return nil
	}
	return a.own.Settle(ctx, p.own, sent, now)
}

// Shut closes the gate for everybody, for an hour at most.
func (a *Allowance) Shut(ctx context.Context, key api.LimitKey, until time.Time, why string) error {
	hash := a.hash(key)
	_ = withOwn(ctx, a.files, func(f *ownSlots) error { // the own count closes in any case
		var old uint64
		for _, s := range f.slots() {
			if s.kind == slotGate && s.key == hash {
				if s.at >= until.UnixMilli() {
					return nil
				}
				old = s.id
			}
		}
		return f.replace(old, slot{slotGate, hash, until.UnixMilli(), rand.Uint64() | 1}, until.Add(-gateMost))
	})
	return a.own.Shut(ctx, key, until, why)
}

// Usage is the larger of both counts.
func (a *Allowance) Usage(ctx context.Context, key api.LimitKey, limits api.Limits, now time.Time) (api.Usage, error) {
	u, err := a.own.Usage(ctx, key, limits, now)
	hash := a.hash(key)
	others, _ := foreignSlots(a.files)
	mine, counted := ownSlotsOf(a.files)
	if err != nil && !counted {
		return u, err
	}
	u.Limits = limits.OrDefault()
	all := append(mine, others...)
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
