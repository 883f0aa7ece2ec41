package kore

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"korescope/api"
)

func claimsOf(t *testing.T, token, secret string, at time.Time) (jwt.MapClaims, error) {
	t.Helper()
	parsed, err := jwt.Parse(token, func(*jwt.Token) (any, error) { return []byte(secret), nil },
		jwt.WithValidMethods([]string{"HS256"}), jwt.WithIssuedAt(), jwt.WithTimeFunc(func() time.Time { return at }))
	if err != nil {
		return nil, err
	}
	return parsed.Claims.(jwt.MapClaims), nil
}

const emptySessions = `{"total":0,"moreAvailable":false,"sessions":[]}`

func TestEveryRequestCarriesAFreshShortToken(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) { answerJSON(w, 200, emptySessions) })
	c := s.client(t)
	seen := map[any]bool{}
	for range 20 {
		if got := sessionsOf(c, day(s)); got.err != nil {
			t.Fatal(got.err)
		}
	}
	for _, a := range s.all() {
		claims, err := claimsOf(t, a.auth, stubSecret, s.clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		if a.header.Get("Authorization") != "" || claims["appId"] != stubClient || claims["iss"] != stubClient || claims["sub"] != string(stubBot) {
			t.Errorf("claims %v", claims)
		}
		iat, exp := claims["iat"].(float64), claims["exp"].(float64)
		if now := float64(s.clock.Now().Unix()); iat != now-60 || exp <= now || exp-iat > 300 || exp != float64(int64(exp)) {
			t.Errorf("iat %v exp %v at %v", iat, exp, now)
		}
		id := claims["jti"].(string)
		if len(id) != 32 || seen[id] {
			t.Errorf("jti %q", id)
		}
		seen[id] = true
	}
}

func TestAnEmptyOrShortSecretIsNeverSignedWith(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) { answerJSON(w, 200, emptySessions) })
	for _, secret := range []string{"", " ", "\n", "short", "  1234567\n"} {
		got := sessionsOf(s.client(t, func(o *Options) {
			o.Secret = func(context.Context) (string, error) { return secret, nil }
		}), day(s))
		if api.KindOf(got.err) != api.Misuse {
			t.Errorf("%q: %v", secret, got.err)
		}
	}
	got := sessionsOf(s.client(t, func(o *Options) {
		o.Secret = func(context.Context) (string, error) { return "", errors.New("locked") }
	}), day(s))
	if api.KindOf(got.err) != api.Misuse || !strings.Contains(got.err.Error(), "locked") {
		t.Errorf("failing source: %v", got.err)
	}
	if s.count() != 0 {
		t.Errorf("%d requests were sent", s.count())
	}
}

func TestTheSecretIsAskedOnce(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) { answerJSON(w, 200, emptySessions) })
	var mu sync.Mutex
	times := 0
	c := s.client(t, func(o *Options) {
		o.Secret = func(context.Context) (string, error) {
			mu.Lock()
			defer mu.Unlock()
			times++
			return stubSecret + "\n", nil
		}
	})
	var wg sync.WaitGroup
	for i := range 30 {
		wg.Go(func() {
			w := day(s)
			w.From = w.From.Add(time.Duration(i) * time.Second)
			if got := sessionsOf(c, w); got.err != nil {
				t.Error(got.err)
			}
		})
	}
	wg.Wait()
	if times != 1 {
		t.Errorf("asked %d times", times)
	}
}

// The platform's clock differs by up to a day; one extra request finds out.
func TestClockSkewIsLearntFromARefusal(t *testing.T) {
	for _, skew := range []time.Duration{-24 * time.Hour, -time.Hour, -5 * time.Minute, 0, 20 * time.Second, 10 * time.Minute, 24 * time.Hour} {
		t.Run(skew.String(), func(t *testing.T) {
			var s *stub
			s = serve(t, func(w http.ResponseWriter, _ *http.Request, a asked) {
				there := s.clock.Now().Add(skew)
				w.Header().Set("Date", there.UTC().Format(http.TimeFormat))
				if _, err := claimsOf(t, a.auth, stubSecret, there); err != nil {
					answerJSON(w, 401, `{"errors":[{"msg":"Invalid SDK credentials","code":4002}]}`)
					return
				}
				answerJSON(w, 200, emptySessions)
			})
			c := s.client(t)
			for range 3 {
				if got := sessionsOf(c, day(s)); got.err != nil {
					t.Fatal(got.err)
				}
			}
			if extra := s.count() - 3; extra > 1 || skew == 0 && extra > 0 {
				t.Errorf("%d extra requests", extra)
			}
		})
	}
}

func TestARefusalTellsTheSkew(t *testing.T) {
	var s *stub
	s = serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) {
		w.Header().Set("Date", s.clock.Now().Add(2*time.Hour).UTC().Format(http.TimeFormat))
		answerJSON(w, 401, `{"errors":[{"msg":"Invalid SDK credentials","code":4002}]}`)
	})
	got := sessionsOf(s.client(t), day(s))
	var e *api.Error
	if !errors.As(got.err, &e) || e.Kind != api.Credentials || e.Skew != 2*time.Hour {
		t.Errorf("%+v", got.err)
	}
	if s.count() != 2 {
		t.Errorf("%d requests, want the first and one with the learnt clock", s.count())
	}
}

// A secret that was changed while the program runs is asked for again, once.
func TestARotatedSecretIsReadAgain(t *testing.T) {
	var mu sync.Mutex
	current, stored, times := stubSecret, stubSecret, 0
	var s *stub
	s = serve(t, func(w http.ResponseWriter, _ *http.Request, a asked) {
		w.Header().Set("Date", s.clock.Now().UTC().Format(http.TimeFormat))
		mu.Lock()
		secret := current
		mu.Unlock()
		if _, err := claimsOf(t, a.auth, secret, s.clock.Now()); err != nil {
			answerJSON(w, 401, `{"errors":[{"msg":"Invalid SDK credentials","code":4002}]}`)
			return
		}
		answerJSON(w, 200, emptySessions)
	})
	c := s.client(t, func(o *Options) {
		o.Secret = func(context.Context) (string, error) {
			mu.Lock()
			defer mu.Unlock()
			times++
			return stored, nil
		}
	})
	step := func(name string, wantErr api.Kind, wantTimes, wantRequests int) {
		t.Helper()
		before := s.count()
		got := sessionsOf(c, day(s))
		if api.KindOf(got.err) != wantErr || times != wantTimes || s.count()-before != wantRequests {
			t.Errorf("%s: %v, asked %d times, %d requests", name, got.err, times, s.count()-before)
		}
	}
	step("at first", api.KindUnknown, 1, 1)
	current = "another-invented-secret-of-tests"
	step("the store is older than the platform", api.Credentials, 2, 1)
	step("again at once: the source is left alone", api.Credentials, 2, 1)
	stored = current
	_ = s.clock.Wait(context.Background(), 2*time.Minute)
	step("the store has it now", api.KindUnknown, 3, 2)
	step("and it is kept", api.KindUnknown, 3, 1)
}

func TestMissingScopeIsFinal(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) {
		answerJSON(w, 401, `{"errors":[{"msg":"Permission denied. Scope is incorrect!","code":4002}]}`)
	})
	for _, c := range []struct {
		admin bool
		want  string
		most  int // an admin credential is tried at the account's path too
	}{{false, "Bot Sessions", 1}, {true, "Bot Analytics > Bot Sessions", 2}} {
		before := s.count()
		got := sessionsOf(s.client(t, func(o *Options) { o.Admin = c.admin }), day(s))
		var e *api.Error
		if !errors.As(got.err, &e) || e.Kind != api.ScopeMissing || e.Scope != c.want || s.count()-before != c.most {
			t.Errorf("admin %v: %v, scope %q, %d requests", c.admin, got.err, fmt.Sprint(e.Scope), s.count()-before)
		}
	}
}
