package kore

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"korescope/api"
)

const (
	backdated = time.Minute     // iat lies in the past: a server may refuse the future
	tokenLife = 5 * time.Minute // from iat to exp
	// skewMatters is how far apart two clocks must be before a 401 is blamed
	// on them.
	skewMatters = 30 * time.Second
)

// signer makes one token per request (reference 3.2). Tokens are never reused:
// apps can enforce that each jti is new.
type signer struct {
	clientID string
	bot      api.BotID
	keeper   *keeper
	now      func() time.Time

	mu     sync.Mutex
	offset time.Duration // the platform's clock minus ours, once learnt
	proven bool          // an answer agreed with the clock, or it was learnt from one
	told   func(time.Duration)
}

// signed is a token with what it was made from, so that a refusal can be
// traced to its cause.
type signed struct {
	token  hidden
	secret hidden
	at     time.Time // the platform's time as we believed it
}

func newSigner(cr Credentials, now func() time.Time) *signer {
	return &signer{clientID: cr.ClientID, bot: cr.Bot, keeper: newKeeper(cr.Secret, now), now: now}
}

func (s *signer) sign(ctx context.Context) (signed, error) {
	secret, err := s.keeper.secret(ctx)
	if err != nil {
		return signed{}, err
	}
	var id [16]byte
	if _, err := rand.Read(id[:]); err != nil {
		return signed{}, &api.Error{Kind: api.KindUnknown, Err: err}
	}
	at := s.clock()
	sub := string(s.bot)
	if sub == "" {
		sub = s.clientID
	}
	claims := jwt.MapClaims{
		"sub":   sub,
		"appId": s.clientID,
		"iss":   s.clientID,
		"iat":   at.Add(-backdated).Unix(),
		"exp":   at.Add(tokenLife - backdated).Unix(),
		"jti":   hex.EncodeToString(id[:]),
	}
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(secret.reveal()))
	if err != nil {
		return signed{}, &api.Error{Kind: api.Misuse, Err: causedBy(err)}
	}
	return signed{token: hidden{token}, secret: secret, at: at}, nil
}

func (s *signer) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now().Add(s.offset)
}

// learn takes over the platform's clock when it differs enough from the one a
// refused token was made with.
func (s *signer) learn(server time.Time) (learnt bool) {
	if server.IsZero() {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if d := server.Sub(now.Add(s.offset)); d.Abs() <= skewMatters {
		return false
	}
	s.offset, s.proven = server.Sub(now), true
	if s.told != nil {
		s.told(s.offset)
	}
	return true
}

// heard takes note of the time that an answer names.
func (s *signer) heard(server time.Time) {
	if server.IsZero() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.proven = s.proven || server.Sub(s.now().Add(s.offset)).Abs() <= skewMatters
}

// sure reports that the platform's clock is known.
func (s *signer) sure() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.proven
}

// hearClock notes by how much the platform's clock is before ours.
func (c *Client) hearClock(server time.Time) {
	if !server.IsZero() {
		d := server.Sub(c.o.Now())
		if d <= skewMatters {
			d = 0
		}
		c.ahead.Store(int64(d))
	}
}
