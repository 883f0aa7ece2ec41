package views

import (
	"strings"
	"testing"
	"time"

	"korescope/api"
)

// Every cause is named, and http is advised only where the server spoke it.
func TestCausesAreNamed(t *testing.T) {
	day := time.Date(2025, 10, 1, 0, 0, 0, 0, time.UTC)
	const proxy = "proxy.example.test:3128"
	for reason, tt := range map[api.Reason]struct {
		cause api.Cause
		says  []string
	}{
		api.CertExpired:      {api.Cause{When: day}, []string{"expired on 2025-10-01", "this machine's clock"}},
		api.CertEarly:        {api.Cause{When: day}, []string{"not valid before 2025-10-01"}},
		api.CertOtherName:    {api.Cause{Name: "b.example.test"}, []string{"is for b.example.test"}},
		api.CertUnknown:      {api.Cause{Name: "Proxy Corp CA"}, []string{"signed by Proxy Corp CA", "ca_file"}},
		api.CertSelfSigned:   {api.Cause{Name: "box"}, []string{"signed by itself (box)", "ca_file"}},
		api.CertBad:          {api.Cause{Name: "too many names"}, []string{"too many names"}},
		api.CertWanted:       {api.Cause{}, []string{"wants a certificate"}},
		api.OldTLS:           {api.Cause{}, []string{"older than 1.2"}},
		api.PlainHTTP:        {api.Cause{}, []string{"answers in plain http"}},
		api.NotTLS:           {api.Cause{}, []string{"neither TLS nor http"}},
		api.NameNotFound:     {api.Cause{Name: "x"}, []string{"the name is not found"}},
		api.NameServer:       {api.Cause{Name: "x"}, []string{"name server does not answer"}},
		api.ConnRefused:      {api.Cause{Name: "127.0.0.1:9"}, []string{"127.0.0.1:9", "refused"}},
		api.ConnTimeout:      {api.Cause{}, []string{"nothing came in time"}},
		api.NoRoute:          {api.Cause{}, []string{"does not lead there"}},
		api.ConnCut:          {api.Cause{}, []string{"closed before an answer"}},
		api.ProxyAddress:     {api.Cause{}, []string{"proxy is no address", "HTTPS_PROXY"}},
		api.ProxyRefused:     {api.Cause{Proxy: proxy, Status: 407, Page: true}, []string{proxy + " answered 407 with a web page", "sign-in"}},
		api.ProxyUnreachable: {api.Cause{Proxy: proxy, Below: api.ConnRefused}, []string{proxy, "refused"}},
	} {
		tt.cause.Reason = reason
		for _, kind := range []api.Kind{api.TLSProblem, api.Unreachable} {
			for _, host := range []string{"https://kore.example.test", "https://127.0.0.1:8443"} {
				at := situation()
				at.Host = host
				p := Explain(&api.Error{Kind: kind, Cause: tt.cause}, at)
				all := p.Sentence.String() + " " + p.Hint.String()
				for _, part := range tt.says {
					if !strings.Contains(all, part) {
						t.Errorf("%d: %q lacks %q", reason, all, part)
					}
				}
				advised := strings.Contains(all, "write http://")
				if advised != (reason == api.PlainHTTP && strings.Contains(host, "127.0.0.1")) {
					t.Errorf("%d for %s: %q", reason, host, all)
				}
				if !strings.HasSuffix(p.Sentence.String(), ".") || p.Hint.Empty() {
					t.Errorf("%d: %q %q", reason, p.Sentence, p.Hint)
				}
			}
		}
	}
	through := Explain(&api.Error{Kind: api.TLSProblem, Cause: api.Cause{Reason: api.CertUnknown, Name: "X", Proxy: proxy}}, situation())
	if !strings.Contains(through.Sentence.String(), "through the proxy "+proxy) {
		t.Errorf("%q", through.Sentence)
	}
	clock := Explain(&api.Error{Kind: api.NotAToken, Skew: 5 * time.Minute}, situation())
	if all := clock.Sentence.String() + clock.Hint.String(); !strings.Contains(all, "clock is 5m") || strings.Contains(all, "HS256") {
		t.Errorf("%q", all)
	}
}
