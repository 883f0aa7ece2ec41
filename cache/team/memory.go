package team

import (
	"bytes"
	"compress/flate"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	// longAct is how many times the usual patience a value may take: it may be a
	// hundred times as long as a count.
	longAct = 5
	// turnLasts is how long somebody who reads is believed to be still reading,
	// without a sign of life.
	turnLasts = 15 * time.Second
	// lookAgain is how often those who wait for an answer look for it.
	lookAgain = 100 * time.Millisecond
	// valueMost bounds a value before and after it was compressed.
	valueMost = 32 << 20
	// format is the first byte of a value.
	format = 1
)

// Memory keeps finished answers for the whole team. Names and values are sealed
// with a key that the server never sees: those who have the same profile key
// share, nobody else can read or make an answer. It is safe for concurrent use.
type Memory struct {
	link   *Link
	keep   time.Duration
	seal   cipher.AEAD
	naming []byte
	prefix string

	foreign atomic.Int64 // values that did not open
}

// NewMemory makes a memory. secret is the profile's key material, space sets
// apart what the key alone does not (host, bot); keep is the retention.
func NewMemory(l *Link, secret, space string, keep time.Duration) (*Memory, error) {
	keys, err := hkdf.Key(sha256.New, []byte(secret), []byte(space), "korescope team memory 1", 64)
	if err != nil {
		return nil, fmt.Errorf("derive the key of the team memory: %w", err)
	}
	block, err := aes.NewCipher(keys[:32])
	if err != nil {
		return nil, fmt.Errorf("the key of the team memory: %w", err)
	}
	seal, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("the key of the team memory: %w", err)
	}
	m := &Memory{link: l, keep: keep, seal: seal, naming: keys[32:]}
	m.prefix = "korescope:a:" + m.hash("space", space)[:16] + ":"
	return m, nil
}

func (m *Memory) hash(kind, name string) string {
	h := hmac.New(sha256.New, m.naming)
	_, _ = fmt.Fprintf(h, "%d:%s%s", len(kind), kind, name) // a hash never fails
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func (m *Memory) at(name string) string     { return m.prefix + m.hash("answer", name) }
func (m *Memory) turnOf(at string) string   { return at + ":turn" }
func (m *Memory) ownerOf(who string) string { return m.prefix + "o:" + m.hash("owner", who) }

// Foreign is how many values were refused because they did not open.
func (m *Memory) Foreign() int { return int(m.foreign.Load()) }

// Get gives what is kept under a name. A value that was tampered with is as good
// as none, and is counted.
func (m *Memory) Get(ctx context.Context, name string) ([]byte, bool) {
	at := m.at(name)
	var sealed []byte
	err := m.link.do(ctx, longAct, func(ctx context.Context, server redis.UniversalClient) (err error) {
		sealed, err = server.Get(ctx, at).Bytes()
		return err //nolint:wrapcheck // the link says what it means
	})
	if err != nil {
		return nil, false
	}
	value, err := m.open(at, sealed)
	if err != nil {
		m.foreign.Add(1)
		return nil, false
	}
	return value, true
}

// Put keeps a value under a name for the retention, as something of owners (users),
// who can have it forgotten.
func (m *Memory) Put(ctx context.Context, name string, value []byte, owners ...string) {
	at := m.at(name)
	sealed, err := m.close(at, value)
	if err != nil {
		return // too large to be shared; everybody reads it alone
	}
	_ = m.link.do(ctx, longAct, func(ctx context.Context, server redis.UniversalClient) error {
		for _, who := range owners { // first, so that nothing lies there that cannot be forgotten
			owner := m.ownerOf(who)
			if err := server.SAdd(ctx, owner, at).Err(); err != nil {
				return err //nolint:wrapcheck // the link says what it means
			}
			if err := server.Expire(ctx, owner, m.keep).Err(); err != nil {
				return err //nolint:wrapcheck // as above
			}
		}
		return server.SetArgs(ctx, at, sealed, redis.SetArgs{TTL: m.keep}).Err() //nolint:wrapcheck // as above
	})
}

// close compresses and seals; the name of the key is part of the seal, so that a
// value cannot be put in the place of another.
func (m *Memory) close(at string, value []byte) ([]byte, error) {
	if len(value) > valueMost {
		return nil, errors.New("too large to be shared")
	}
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestSpeed)
	if err != nil {
		return nil, fmt.Errorf("pack an answer: %w", err)
	}
	if _, err := w.Write(value); err != nil {
		return nil, fmt.Errorf("pack an answer: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("pack an answer: %w", err)
	}
	out := make([]byte, 1+m.seal.NonceSize(), 1+m.seal.NonceSize()+packed.Len()+m.seal.Overhead())
	out[0] = format
	_, _ = rand.Read(out[1:]) // never fails
	return m.seal.Seal(out, out[1:], packed.Bytes(), []byte(at)), nil
}

func (m *Memory) open(at string, sealed []byte) ([]byte, error) {
	n := 1 + m.seal.NonceSize()
	if len(sealed) < n || sealed[0] != format {
		return nil, errors.New("not a value of this version")
	}
	packed, err := m.seal.Open(nil, sealed[1:n], sealed[n:], []byte(at))
	if err != nil {
		return nil, fmt.Errorf("a value that was tampered with: %w", err)
	}
	value, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), valueMost+1))
	if err != nil || len(value) > valueMost {
		return nil, fmt.Errorf("unpack an answer: %w", errors.Join(err))
	}
	return value, nil
}

// Share gives what is kept under a name, or makes the caller the one who reads it.
// While somebody else reads, it waits for their answer. Who is to read calls done
// when it is over; done is nil where a value was found, and does nothing where the
// server is away.
func (m *Memory) Share(ctx context.Context, name string) (value []byte, done func()) {
	turn, token := m.turnOf(m.at(name)), rand.Text()
	for {
		if value, found := m.Get(ctx, name); found {
			return value, nil
		}
		mine := false
		err := m.link.do(ctx, 1, func(ctx context.Context, server redis.UniversalClient) (err error) {
			mine, err = server.SetNX(ctx, turn, token, turnLasts).Result()
			return err //nolint:wrapcheck // the link says what it means
		})
		if err != nil {
			return nil, func() {}
		}
		if mine {
			done := m.reading(ctx, turn, token)
			// Whoever had the turn before may have kept it since we looked.
			if value, found := m.Get(ctx, name); found {
				done()
				return value, nil
			}
			return nil, done
		}
		if !waited(ctx, lookAgain) {
			return nil, func() {}
		}
	}
}

func waited(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// ownTurn acts on a turn only while it is still ours.
const ownTurn = `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == '0' then return redis.call('DEL', KEYS[1]) end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`

// reading keeps the turn until done is called.
func (m *Memory) reading(ctx context.Context, turn, token string) (done func()) {
	ctx = context.WithoutCancel(ctx)
	set := func(lasts time.Duration) {
		_ = m.link.do(ctx, 1, func(ctx context.Context, server redis.UniversalClient) error {
			return server.Eval(ctx, ownTurn, []string{turn}, token, lasts.Milliseconds()).Err() //nolint:wrapcheck // as above
		})
	}
	live, stop := context.WithCancel(ctx)
	go func() {
		for waited(live, turnLasts/3) {
			set(turnLasts)
		}
	}()
	return func() {
		stop()
		set(0)
	}
}

// Forget removes everything that belongs to somebody.
func (m *Memory) Forget(ctx context.Context, who string) error {
	owner := m.ownerOf(who)
	return m.link.do(ctx, longAct, func(ctx context.Context, server redis.UniversalClient) error {
		names, err := server.SMembers(ctx, owner).Result()
		if err != nil {
			return err //nolint:wrapcheck // the link says what it means
		}
		for _, at := range append(names, owner) { // one by one: a cluster has them on many nodes
			if err := server.Unlink(ctx, at).Err(); err != nil {
				return err //nolint:wrapcheck // as above
			}
		}
		return nil
	})
}

// Purge removes everything that was kept with this profile's key, and says how
// much it was.
func (m *Memory) Purge(ctx context.Context) (int, error) {
	var n atomic.Int64
	remove := func(ctx context.Context, server redis.Cmdable) error {
		found := server.Scan(ctx, 0, m.prefix+"*", 1000).Iterator()
		for found.Next(ctx) {
			if err := server.Unlink(ctx, found.Val()).Err(); err != nil {
				return err //nolint:wrapcheck // the link says what it means
			}
			n.Add(1)
		}
		return found.Err() //nolint:wrapcheck // as above
	}
	err := m.link.do(ctx, 40*longAct, func(ctx context.Context, server redis.UniversalClient) error {
		if cluster, ok := server.(*redis.ClusterClient); ok {
			return cluster.ForEachMaster(ctx, func(ctx context.Context, node *redis.Client) error { return remove(ctx, node) }) //nolint:wrapcheck // as above
		}
		return remove(ctx, server)
	})
	return int(n.Load()), err
}
