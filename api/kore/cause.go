package kore

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"

	"korescope/api"
)

// way is what one request tells of the way it took. The transport writes it
// before anything is dialled, the sender reads it after the transport is done.
type way struct{ proxy string }

type wayKey struct{}

// noted is a choice of proxy that tells the request's way about it.
func noted(choose func(*http.Request) (*url.URL, error)) func(*http.Request) (*url.URL, error) {
	return func(r *http.Request) (*url.URL, error) {
		u, err := choose(r)
		if err != nil {
			return nil, &proxyProblem{cause: api.Cause{Reason: api.ProxyAddress}, err: err}
		}
		if w, ok := r.Context().Value(wayKey{}).(*way); ok && u != nil {
			w.proxy = cleanText(u.Host, saidMax)
		}
		return u, nil
	}
}

// proxyProblem is a proxy that answered instead of leading on, or one that the
// settings do not name properly.
type proxyProblem struct {
	cause api.Cause
	err   error
}

func (p *proxyProblem) Error() string {
	if p.err != nil {
		return "the proxy setting is no address" // it may hold a password
	}
	return "the proxy answered " + http.StatusText(p.cause.Status)
}

// askedProxy looks at a proxy's answer to CONNECT.
func askedProxy(_ context.Context, at *url.URL, _ *http.Request, r *http.Response) error {
	if r.StatusCode >= 200 && r.StatusCode <= 299 {
		return nil
	}
	return &proxyProblem{cause: api.Cause{
		Reason: api.ProxyRefused, Proxy: cleanText(at.Host, saidMax), Status: r.StatusCode,
		Page: strings.Contains(strings.ToLower(r.Header.Get("Content-Type")), "html"),
	}}
}

// causeOf names what an error below HTTP means.
func causeOf(err error, proxy string) api.Cause {
	var answered *proxyProblem
	if errors.As(err, &answered) {
		return answered.cause
	}
	c := trustCause(err)
	if c.Reason == api.NoReason {
		c = netCause(err)
	}
	c.Name = cleanText(c.Name, saidMax)
	c.Proxy = proxy
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "proxyconnect" {
		c.Below, c.Reason = c.Reason, api.ProxyUnreachable
	}
	return c
}

// trustCause tells what is wrong with a certificate or with a handshake.
func trustCause(err error) api.Cause {
	var (
		invalid x509.CertificateInvalidError
		host    x509.HostnameError
		unknown x509.UnknownAuthorityError
		record  tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired && strings.Contains(invalid.Detail, "is before"):
		return api.Cause{Reason: api.CertEarly, When: invalid.Cert.NotBefore}
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return api.Cause{Reason: api.CertExpired, When: invalid.Cert.NotAfter}
	case errors.As(err, &invalid):
		return api.Cause{Reason: api.CertBad, Name: invalid.Error()}
	case errors.As(err, &host):
		return api.Cause{Reason: api.CertOtherName, Name: namesOf(host.Certificate)}
	case errors.As(err, &unknown) && unknown.Cert != nil:
		if string(unknown.Cert.RawIssuer) == string(unknown.Cert.RawSubject) {
			return api.Cause{Reason: api.CertSelfSigned, Name: nameOf(unknown.Cert.Subject.CommonName, unknown.Cert.Subject.Organization)}
		}
		return api.Cause{Reason: api.CertUnknown, Name: nameOf(unknown.Cert.Issuer.CommonName, unknown.Cert.Issuer.Organization)}
	case errors.As(err, &record):
		if strings.HasPrefix(string(record.RecordHeader[:]), "HTTP") {
			return api.Cause{Reason: api.PlainHTTP}
		}
		return api.Cause{Reason: api.NotTLS}
	}
	// The library has no values for these.
	for part, reason := range map[string]api.Reason{
		"server gave HTTP response to HTTPS client": api.PlainHTTP,
		"protocol version not supported":            api.OldTLS,
		"unsupported protocol version":              api.OldTLS,
		"certificate required":                      api.CertWanted,
	} {
		if strings.Contains(err.Error(), part) {
			return api.Cause{Reason: reason}
		}
	}
	return api.Cause{}
}

// namesOf is who a certificate is for.
func namesOf(c *x509.Certificate) string {
	if c == nil {
		return ""
	}
	names := append([]string{}, c.DNSNames...)
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) > 3 {
		names = append(names[:3], "...")
	}
	return nameOf(strings.Join(names, ", "), []string{c.Subject.CommonName})
}

func nameOf(name string, others []string) string {
	if name == "" {
		name = strings.Join(others, ", ")
	}
	return name
}

// netCause tells what kept a connection from standing.
func netCause(err error) api.Cause {
	var (
		dns *net.DNSError
		op  *net.OpError
	)
	if errors.As(err, &dns) {
		if dns.IsNotFound {
			return api.Cause{Reason: api.NameNotFound, Name: dns.Name}
		}
		return api.Cause{Reason: api.NameServer, Name: dns.Name}
	}
	c := api.Cause{}
	for at := err; errors.As(at, &op); at = op.Err {
		if op.Addr != nil {
			c.Name = op.Addr.String()
		}
	}
	var late net.Error
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		c.Reason = api.ConnRefused
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		c.Reason = api.NoRoute
	case errors.As(err, &late) && late.Timeout(), errors.Is(err, syscall.ETIMEDOUT):
		c.Reason = api.ConnTimeout
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		c.Reason = api.ConnCut
	}
	return c
}
