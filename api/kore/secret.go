package kore

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"korescope/api"
)

const dots = "•••"

// hidden is a secret or a token. Every way of printing it gives dots; reveal
// is the only way to the text.
type hidden struct{ text string }

func (h hidden) reveal() string             { return h.text }
func (hidden) String() string               { return dots }
func (hidden) GoString() string             { return dots }
func (hidden) Format(f fmt.State, _ rune)   { _, _ = f.Write([]byte(dots)) }
func (hidden) MarshalText() ([]byte, error) { return []byte(dots), nil }
func (hidden) MarshalJSON() ([]byte, error) { return []byte(`"` + dots + `"`), nil }
func (hidden) LogValue() slog.Value         { return slog.StringValue(dots) }
func (h hidden) equal(other hidden) bool    { return h.text == other.text }
func (h hidden) redact(s string) string     { return redact(s, h.text) }

func redact(s, secret string) string {
	if len(secret) < minSecret {
		return s
	}
	return strings.ReplaceAll(s, secret, dots)
}

// minSecret is the shortest secret that is signed with. The library signs with
// an empty key without complaint.
const minSecret = 8

// askAgain is how long a refused secret that its source gave a second time is
// not asked for again.
const askAgain = time.Minute

// keeper asks for the secret once and keeps it.
type keeper struct {
	ask func(ctx context.Context) (string, error)
	now func() time.Time

	turn chan struct{} // held while the source is asked; waiting for it can be cancelled

	mu    sync.Mutex
	have  hidden
	asked time.Time // last time a refused secret was asked for again
}

func newKeeper(ask func(ctx context.Context) (string, error), now func() time.Time) *keeper {
	return &keeper{ask: ask, now: now, turn: make(chan struct{}, 1)}
}

func (k *keeper) secret(ctx context.Context) (hidden, error) {
	if s := k.kept(); s.text != "" {
		return s, nil
	}
	select {
	case k.turn <- struct{}{}:
	case <-ctx.Done():
		return hidden{}, ended(ctx.Err())
	}
	defer func() { <-k.turn }()
	if s := k.kept(); s.text != "" {
		return s, nil
	}
	return k.fetch(ctx)
}

// renew asks the source again after refused was not accepted. False when the
// source has nothing newer.
func (k *keeper) renew(ctx context.Context, refused hidden) (bool, error) {
	select {
	case k.turn <- struct{}{}:
	case <-ctx.Done():
		return false, ended(ctx.Err())
	}
	defer func() { <-k.turn }()
	if s := k.kept(); !s.equal(refused) {
		return true, nil // somebody else was faster
	}
	now := k.now()
	if since := now.Sub(k.asked); !k.asked.IsZero() && since >= 0 && since < askAgain {
		return false, nil
	}
	k.asked = now
	s, err := k.fetch(ctx)
	if err != nil {
		return false, err
	}
	return !s.equal(refused), nil
}

func (k *keeper) kept() hidden {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.have
}

func (k *keeper) fetch(ctx context.Context) (hidden, error) {
	text, err := k.ask(ctx)
	if ctx.Err() != nil {
		return hidden{}, ended(ctx.Err())
	}
	if err != nil {
		return hidden{}, &api.Error{Kind: api.Misuse, Err: causedBy(fmt.Errorf("read the client secret: %w", err))}
	}
	text = strings.TrimSpace(text)
	if len(text) < minSecret {
		return hidden{}, misuse("the client secret is empty or too short to be one")
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.have = hidden{text: text}
	return k.have, nil
}
