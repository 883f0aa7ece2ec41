package kore

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/url"
	"strings"
	"time"

	"korescope/api"
)

// failure is an attempt that gave no answer, with what may be done about it.
type failure struct {
	err       *api.Error
	repeat    bool          // a read may be sent again
	refused   bool          // the platform counts too many requests
	signIn    bool          // a 401 that another token may cure
	unreached bool          // nobody answered
	maybe     bool          // a job or a write that may have been done
	after     time.Duration // Retry-After; negative when absent
	server    time.Time     // the platform's clock, zero when not told
}

func final(err error) *failure { return &failure{err: asError(err), after: -1} }

func asError(err error) *api.Error {
	var e *api.Error
	if errors.As(err, &e) {
		return e
	}
	return &api.Error{Kind: api.KindOf(err), Err: causedBy(err)}
}

// ended turns the end of a context into an error of ours.
func ended(err error) error {
	return &api.Error{Kind: api.KindOf(err), Err: err}
}

// cause answers errors.Is and errors.As for the error below, and shows only
// cleaned text. It has no Unwrap and no open fields: whoever walks the chain or
// encodes it finds nothing that was not cleaned.
type cause struct {
	err  error
	text string
}

func (c *cause) Error() string        { return c.text }
func (c *cause) Is(target error) bool { return errors.Is(c.err, target) }
func (c *cause) As(target any) bool   { return errors.As(c.err, target) }

func causedBy(err error, secrets ...hidden) error {
	// url.Error prints the whole query, which names users.
	var u *url.Error
	for errors.As(err, &u) {
		err = u.Err
		u = nil
	}
	text := maskUserinfo(err.Error())
	for _, s := range secrets {
		text = s.redact(text)
	}
	return &cause{err: err, text: cleanText(text, saidMax)}
}

// maskUserinfo hides a name and password inside an address, such as that of a
// proxy that cannot be used.
func maskUserinfo(s string) string {
	start := strings.Index(s, "://")
	if start < 0 {
		return s
	}
	start += len("://")
	end := strings.IndexAny(s[start:], "/ \"")
	if end < 0 {
		end = len(s) - start
	}
	if i := strings.LastIndex(s[start:start+end], "@"); i >= 0 {
		return s[:start] + dots + s[start+i:]
	}
	return s
}

// lost classifies an attempt that broke below HTTP.
func lost(err error, token hidden, proxy string) *failure {
	var own *api.Error
	if errors.As(err, &own) {
		return final(own)
	}
	f := &failure{after: -1, err: &api.Error{Kind: api.Unreachable, Err: causedBy(err, token)}}
	f.err.Cause = causeOf(err, proxy)
	text := err.Error()
	switch {
	case f.err.Cause.Reason == api.ProxyRefused, f.err.Cause.Reason == api.ProxyAddress:
		f.unreached = true // and asking again changes nothing
	case tlsProblem(err) && f.err.Cause.Reason != api.ProxyUnreachable:
		f.err.Kind = api.TLSProblem
	case strings.Contains(text, "response headers exceeded"):
		f.err.Kind = api.TooLarge
	case strings.Contains(text, "malformed HTTP"), strings.Contains(text, "malformed MIME"):
		f.err.Kind = api.NotPlatform
	case f.err.Cause.Reason == api.ProxyUnreachable:
		f.unreached, f.repeat = true, f.err.Cause.Below != api.NameNotFound
	default:
		var dns *net.DNSError
		f.unreached = true
		f.repeat = !errors.As(err, &dns) || !dns.IsNotFound
	}
	return f
}

func tlsProblem(err error) bool {
	var (
		verify  *tls.CertificateVerificationError
		record  tls.RecordHeaderError
		alert   tls.AlertError
		unknown x509.UnknownAuthorityError
		host    x509.HostnameError
		invalid x509.CertificateInvalidError
	)
	if errors.As(err, &verify) || errors.As(err, &record) || errors.As(err, &alert) ||
		errors.As(err, &unknown) || errors.As(err, &host) || errors.As(err, &invalid) {
		return true
	}
	text := err.Error()
	return strings.Contains(text, "tls: ") || strings.Contains(text, "x509: ") ||
		strings.Contains(text, "server gave HTTP response to HTTPS client")
}

// The ends of an attempt that was answered too slowly or not to its end.
var (
	errStalled = errors.New("the answer stopped arriving")
	errLate    = errors.New("no complete answer in time")
	errCut     = errors.New("the answer was cut off")
)

// timedOut tells the limits of one attempt from the caller's own context.
func timedOut(ctx, caller context.Context) (why error) {
	if ctx.Err() == nil || caller.Err() != nil {
		return nil //nolint:nilerr // the question is whose context ended
	}
	if why := context.Cause(ctx); errors.Is(why, errStalled) {
		return why
	}
	return errLate
}
