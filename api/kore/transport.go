package kore

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/url"
	"time"
)

// timeouts are the limits on silence (reliability of slow networks). The total
// per request comes from the endpoint table.
type timeouts struct {
	dial, tls, header, idle time.Duration
}

func defaultTimeouts() timeouts {
	return timeouts{dial: 10 * time.Second, tls: 10 * time.Second, header: 30 * time.Second, idle: 15 * time.Second}
}

const maxHeaderBytes = 64 << 10

// Network is the network that requests go over. roots are the authorities to
// believe, nil for those of the system. The proxy is the environment's.
func Network(roots *x509.CertPool, own ...tls.Certificate) *http.Transport {
	t := network(roots, http.ProxyFromEnvironment, defaultTimeouts())
	t.TLSClientConfig.Certificates = own
	return t
}

func network(roots *x509.CertPool, proxy func(*http.Request) (*url.URL, error), limits timeouts) *http.Transport {
	return &http.Transport{
		Proxy:                  noted(proxy),
		OnProxyConnectResponse: askedProxy,
		DialContext:            (&net.Dialer{Timeout: limits.dial, KeepAlive: 30 * time.Second}).DialContext,
		TLSClientConfig:        &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    limits.tls,
		ResponseHeaderTimeout:  limits.header,
		MaxResponseHeaderBytes: maxHeaderBytes,
		MaxIdleConnsPerHost:    4,
		IdleConnTimeout:        90 * time.Second,
	}
}

// transport is the usual network.
func (c *Client) transport() *http.Transport {
	return network(nil, http.ProxyFromEnvironment, c.timeouts)
}

func (c *Client) newHTTP(next http.RoundTripper) *http.Client {
	if next == nil {
		next = c.transport()
	}
	return &http.Client{
		Transport: guard{origin: c.origin, next: next},
		// The transport would carry the auth header and the body along to
		// wherever a redirect points.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
