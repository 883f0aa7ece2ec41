package kore

import (
	"net"
	"net/http"
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

// transport is the usual network.
func (c *Client) transport() *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: c.timeouts.dial, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    c.timeouts.tls,
		ResponseHeaderTimeout:  c.timeouts.header,
		MaxResponseHeaderBytes: maxHeaderBytes,
		MaxIdleConnsPerHost:    4,
		IdleConnTimeout:        90 * time.Second,
	}
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
