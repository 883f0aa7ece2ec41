package kore

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"korescope/api"
)

// origin is where tokens may go: scheme, host and port, nothing else.
type origin struct {
	scheme, host, port string
}

func (o origin) String() string {
	host := o.host
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if o.port == defaultPort(o.scheme) {
		return o.scheme + "://" + host
	}
	return o.scheme + "://" + host + ":" + o.port
}

// parseHost reads a host as people write it (reference 1.1).
func parseHost(s string) (origin, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return origin{}, misuse("the host is empty")
	}
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil {
		return origin{}, misuse("the host cannot be read as an address")
	}
	switch {
	case u.User != nil:
		return origin{}, misuse("the host holds a user name or password")
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.ForceQuery:
		return origin{}, misuse("the host holds more than a name: leave out the path")
	}
	at, ok := originOf(u)
	switch {
	case !ok:
		return origin{}, misuse("the host is not a name or an address")
	case at.scheme == "http" && !loopback(at.host):
		return origin{}, misuse("plain http is accepted for loopback only; use https")
	}
	return at, nil
}

// originOf normalises scheme, host and port of a URL. False for anything that
// is not plainly one of them.
func originOf(u *url.URL) (origin, bool) {
	o := origin{
		scheme: strings.ToLower(u.Scheme),
		host:   strings.ToLower(u.Hostname()),
		port:   u.Port(),
	}
	if o.port == "" {
		o.port = defaultPort(o.scheme)
	}
	n, err := strconv.Atoi(o.port)
	if err != nil || n < 1 || n > 65535 || strings.HasSuffix(u.Host, ":") {
		return origin{}, false
	}
	if o.scheme != "https" && o.scheme != "http" || o.host == "" || strings.Trim(o.host, ".") != o.host {
		return origin{}, false
	}
	if strings.ContainsFunc(o.host, func(r rune) bool { return r > unicode.MaxASCII || notInAnID(r) }) {
		return origin{}, false
	}
	return o, true
}

func defaultPort(scheme string) string {
	switch scheme {
	case "https":
		return "443"
	case "http":
		return "80"
	}
	return ""
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// guard is the last thing above the network. It compares every request with
// the configured origin at the moment it is sent, whatever made the URL.
type guard struct {
	origin origin
	next   http.RoundTripper
}

func (g guard) RoundTrip(r *http.Request) (*http.Response, error) {
	if !g.allows(r) {
		if r.Body != nil {
			// The contract of RoundTripper; the request is refused anyway.
			_ = r.Body.Close()
		}
		return nil, &api.Error{Kind: api.Redirected, Target: cleanText(r.URL.Hostname(), 100)}
	}
	return g.next.RoundTrip(r)
}

func (g guard) allows(r *http.Request) bool {
	if r.URL == nil || r.URL.User != nil || r.URL.Opaque != "" {
		return false
	}
	at, ok := originOf(r.URL)
	if !ok || at != g.origin {
		return false
	}
	if r.Host == "" {
		return true
	}
	host, port, err := net.SplitHostPort(r.Host)
	if err != nil {
		host, port = strings.Trim(r.Host, "[]"), defaultPort(at.scheme)
	}
	return strings.EqualFold(host, at.host) && port == at.port
}
