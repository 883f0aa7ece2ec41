package kore

import (
	"net/url"
	"strings"
)

// hostOf is all of a link that is kept: the rest may hold a token.
func hostOf(link string) string {
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// farEnd is the host of an address of the telephone world, sip:user@host;params
// or <sip:user@host>. The rest names people and may carry a token.
func farEnd(address string) string {
	s := strings.Trim(strings.TrimSpace(address), "<>")
	if scheme, rest, ok := strings.Cut(s, ":"); ok && !strings.ContainsAny(scheme, "@.") {
		s = strings.TrimPrefix(rest, "//")
	}
	if _, host, ok := strings.Cut(s, "@"); ok {
		s = host
	} else if !strings.Contains(s, ".") {
		return "" // a number or a name without a host
	}
	if end := strings.IndexAny(s, ":;?>/ "); end >= 0 {
		s = s[:end]
	}
	return s
}

// closeLinks cuts the links in a text behind their host.
func closeLinks(s string) string {
	if !strings.Contains(s, "://") {
		return s
	}
	var b strings.Builder
	for {
		i := strings.Index(s, "://")
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		end := i + 3
		for end < len(s) && !strings.ContainsRune(" \t\r\n\"'<>)]}", rune(s[end])) {
			end++
		}
		scheme := strings.LastIndexFunc(s[:i], func(r rune) bool {
			return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '+' && r != '-' && r != '.'
		}) + 1
		link := s[scheme:end]
		b.WriteString(s[:scheme])
		b.WriteString(shortLink(link))
		s = s[end:]
	}
}

func shortLink(link string) string {
	host := hostOf(link)
	scheme, rest, _ := strings.Cut(link, "://")
	if host == "" {
		return scheme + "://…"
	}
	if strings.EqualFold(rest, host) {
		return link
	}
	return scheme + "://" + host + "/…"
}
