package config

import (
	"strings"
	"testing"
	"time"
)

func TestParseHost(t *testing.T) {
	cases := []struct{ text, want, complaint string }{
		{"platform.example.test", "https://platform.example.test", ""},
		{"https://platform.example.test", "https://platform.example.test", ""},
		{"https://platform.example.test/", "https://platform.example.test", ""},
		{" https://Platform.Example.TEST. ", "https://platform.example.test", ""},
		{"https://platform.example.test:443", "https://platform.example.test", ""},
		{"platform.example.test:8443", "https://platform.example.test:8443", ""},
		{"HTTPS://platform.example.test", "https://platform.example.test", ""},
		{"http://localhost:8177/", "http://localhost:8177", ""},
		{"http://127.0.0.1:80", "http://127.0.0.1", ""},
		{"http://127.8.9.1:8177", "http://127.8.9.1:8177", ""},
		{"http://[::1]:8177", "http://[::1]:8177", ""},
		{"http://[0:0:0:0:0:0:0:1]", "http://[::1]", ""},
		{"127.0.0.1:8177", "https://127.0.0.1:8177", ""},
		{"http://bot.localhost", "", "plain http"},
		{"xn--bcher-kva.example.test", "https://xn--bcher-kva.example.test", ""},
		{"http://platform.example.test", "", "plain http"},
		{"http://localhost.example.test", "", "plain http"},
		{"http://127.0.0.1.example.test", "", "plain http"},
		{"http://10.0.0.1", "", "plain http"},
		{"http://0.0.0.0:1", "", "plain http"},
		{"ftp://platform.example.test", "", "scheme"},
		{"javascript:alert(1)", "", "no host"},
		{"", "", "empty"},
		{"   ", "", "empty"},
		{"https://", "", "no host"},
		{"https://user@platform.example.test", "", "user name"},
		{"user:pw@platform.example.test", "", "user name"},
		{"https://platform.example.test/api", "", "more than a host"},
		{"https://platform.example.test?x", "", "more than a host"},
		{"https://platform.example.test?", "", "more than a host"},
		{"https://platform.example.test#x", "", "more than a host"},
		{"https://platform.example.test:", "", "port"},
		{"https://platform.example.test:0", "", "port"},
		{"https://platform.example.test:65536", "", "port"},
		{"https://plat form.example.test", "", "no host"},
		{"https://platform..example.test", "", "no host name"},
		{"https://-platform.example.test", "", "no host name"},
		{"https://plаtform.example.test", "", "a to z"},
		{"https://[fe80::1%25eth0]", "", "zone"},
		{"https://plat\x1bform.example.test", "", "no host"},
	}
	for _, c := range cases {
		got, err := ParseHost(c.text)
		switch {
		case c.complaint == "" && (err != nil || got != c.want):
			t.Errorf("%q: %q, %v; want %q", c.text, got, err, c.want)
		case c.complaint != "" && (err == nil || !strings.Contains(err.Error(), c.complaint)):
			t.Errorf("%q: %q, %v; want %q", c.text, got, err, c.complaint)
		}
		if again, err := ParseHost(got); c.complaint == "" && (err != nil || again != got) {
			t.Errorf("%q read twice: %q, %v", c.text, again, err)
		}
	}
}

func TestParseSpan(t *testing.T) {
	day := 24 * time.Hour
	for text, want := range map[string]time.Duration{
		"24h": day, "7d": 7 * day, "2w": 14 * day, "1d12h": 36 * time.Hour, "90m": 90 * time.Minute, "45s": 45 * time.Second, "1h30m": 90 * time.Minute, "0h": 0,
	} {
		got, err := ParseSpan(text)
		if err != nil || got != want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
		if again, err := ParseSpan(span(want)); err != nil || again != want {
			t.Errorf("%v is written %q, which reads %v, %v", want, span(want), again, err)
		}
	}
	for _, text := range []string{"", "7", "d", "-1h", "1.5h", "7 days", "1y", "99999999999999999999h", "300000w", "1h-2m", "h1"} {
		if got, err := ParseSpan(text); err == nil {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestParseSize(t *testing.T) {
	for text, want := range map[string]int64{
		"500MB": 500e6, "1 GB": 1e9, "1gib": 1 << 30, "256MiB": 256 << 20, "1048576": 1 << 20, "12b": 12, "3kb": 3000, "2TB": 2e12, "0": 0,
	} {
		got, err := ParseSize(text)
		if err != nil || got != want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
		if again, err := ParseSize(size(want)); err != nil || again != want {
			t.Errorf("%v is written %q, which reads %v, %v", want, size(want), again, err)
		}
	}
	for _, text := range []string{"", "MB", "-1MB", "1.5GB", "1 M B", "99999999999999999999", "99999999999TB"} {
		if got, err := ParseSize(text); err == nil {
			t.Errorf("%q: %v", text, got)
		}
	}
}
