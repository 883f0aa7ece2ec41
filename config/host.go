package config

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// ParseHost reads a host as people write it, with or without scheme and
// trailing slash, and gives its origin: https://host, with :port where it is not
// the usual one. Plain http is taken for the machine itself only. The error
// repeats nothing that may be a password.
func ParseHost(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", errors.New("is empty")
	}
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return "", errors.New("is no host (write https://platform.example.test)")
	case u.Scheme != "https" && u.Scheme != "http":
		return "", errors.New("has a scheme other than https")
	case u.User != nil:
		return "", errors.New("carries a user name or password (write the host alone)")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.Trim(u.Path, "/") != "" || u.Opaque != "":
		return "", errors.New("carries more than a host (write nothing after the name)")
	}
	name, err := hostName(u.Hostname())
	if err != nil {
		return "", err
	}
	port, err := portOf(u)
	if err != nil {
		return "", err
	}
	if u.Scheme == "http" && !loopback(name) {
		return "", errors.New("is plain http, which is for this machine only (write https://)")
	}
	if strings.Contains(name, ":") {
		name = "[" + name + "]"
	}
	return u.Scheme + "://" + name + port, nil
}

// hostName is the name in its one spelling: small letters, no final dot, an
// address in its shortest form.
func hostName(s string) (string, error) {
	name := strings.ToLower(strings.TrimSuffix(s, "."))
	if strings.Contains(name, "%") {
		return "", errors.New("is an address with a zone")
	}
	if addr, err := netip.ParseAddr(name); err == nil {
		return addr.String(), nil
	}
	if name == "" || len(name) > 253 {
		return "", errors.New("is no host (write https://platform.example.test)")
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return "", errors.New("is no host name")
		}
		for _, r := range label {
			switch {
			case r > 127:
				return "", errors.New("has letters outside a to z (write the xn-- form, so that it cannot be mistaken for another)")
			case (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_':
				return "", errors.New("is no host name")
			}
		}
	}
	return name, nil
}

func portOf(u *url.URL) (string, error) {
	text := u.Port()
	if text == "" {
		if strings.HasSuffix(u.Host, ":") {
			return "", errors.New("has no port after the colon")
		}
		return "", nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 65535 {
		return "", errors.New("has a port outside 1 to 65535")
	}
	if u.Scheme == "https" && n == 443 || u.Scheme == "http" && n == 80 {
		return "", nil
	}
	return ":" + strconv.Itoa(n), nil
}

// loopback reports this machine itself. A name below localhost is not among
// them: what it leads to is up to the machine's resolver, and the client sends
// no token there without TLS.
func loopback(name string) bool {
	if name == "localhost" {
		return true
	}
	ip := net.ParseIP(name)
	return ip != nil && ip.IsLoopback()
}
