package api

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Kind is what sort of failure it was. Words for people are in views.
type Kind uint8

// The kinds of failure.
const (
	KindUnknown    Kind = iota
	Cancelled           // the asker left
	Unreachable         // no connection, name not found, time out
	TLSProblem          // certificate or handshake; never retried
	NotPlatform         // HTML, empty or cut answer: something else answers there
	Encrypted           // 200 without the expected key: payload encryption is enforced
	Redirected          // a redirect, which is never followed
	Credentials         // 4002: secret wrong, or the bot is not this app's
	NotAToken           // 4002: the platform did not take the token for a JWT
	ScopeMissing        // 4002: the app lacks the scope, or the bot was not published since
	SignIn              // 401 with a text not seen before
	BadBot              // admin app and unknown bot
	NotFound            // what was named does not exist
	Refused             // 400, 412: the request itself was refused
	WrongPath           // 405: the platform's "no such path"
	Limited             // the shared budget is spent; Until says when to try again
	Unavailable         // 5xx
	Unreadable          // JSON that is not what the reference describes
	TooLarge            // over the size or depth limit
	NotCached           // offline, and nothing is on disk
	Misuse              // a mistake in the call itself, found before sending
	OutcomeUnknown      // an act was sent and its answer never came; it is not sent again
	NotAllowed          // the profile does not allow the act; nothing was sent
	Incomplete          // less came than was announced; Err says how much
)

// ErrWritesOff is why an act is NotAllowed that the profile allows: it is kept
// back until somebody says otherwise.
var ErrWritesOff = errors.New("calls that change something are off for now")

// Error is the one failure type of the API layer. It is made in one place,
// where the status and the body are known, and never holds a token, a query
// string or customer text that was not cleaned and cut.
type Error struct {
	Kind     Kind
	Endpoint string    // name in the endpoint table
	Status   int       // HTTP status, 0 when there was none
	Said     string    // what the platform said, cleaned and cut to 300 bytes
	Scope    string    // scope that would be needed
	Target   string    // host a redirect pointed at
	Until    time.Time // when a limited call may be tried again
	Hour     bool      // the hourly window is spent, not the minute
	Skew     time.Duration
	Cause    Cause // of Unreachable and TLSProblem, as far as it is known
	Err      error
}

// Error is for logs; screens use views.Explain.
func (e *Error) Error() string {
	s := e.Kind.String()
	if e.Endpoint != "" {
		s = e.Endpoint + ": " + s
	}
	if e.Status != 0 {
		s += fmt.Sprintf(" (HTTP %d)", e.Status)
	}
	if e.Said != "" {
		s += ": " + e.Said
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf finds the kind of any error, wrapped or not. A cancelled context is
// Cancelled, a deadline is Unreachable, nil and strangers are KindUnknown.
func KindOf(err error) Kind {
	var e *Error
	switch {
	case errors.As(err, &e):
		return e.Kind
	case errors.Is(err, context.Canceled):
		return Cancelled
	case errors.Is(err, context.DeadlineExceeded):
		return Unreachable
	}
	return KindUnknown
}

// String is a short name for logs.
func (k Kind) String() string {
	names := map[Kind]string{
		Cancelled:      "cancelled",
		Unreachable:    "unreachable",
		TLSProblem:     "tls",
		NotPlatform:    "not the platform",
		Encrypted:      "unexpected shape",
		Redirected:     "redirected",
		Credentials:    "credentials refused",
		NotAToken:      "token refused",
		ScopeMissing:   "scope missing",
		SignIn:         "sign-in refused",
		BadBot:         "unknown bot",
		NotFound:       "not found",
		Refused:        "request refused",
		WrongPath:      "no such path",
		Limited:        "rate limited",
		Unavailable:    "unavailable",
		Unreadable:     "unreadable answer",
		TooLarge:       "too large",
		NotCached:      "not in the cache",
		Misuse:         "misuse",
		OutcomeUnknown: "outcome unknown",
		NotAllowed:     "not allowed",
		Incomplete:     "incomplete",
	}
	if name, ok := names[k]; ok {
		return name
	}
	return "failed"
}
