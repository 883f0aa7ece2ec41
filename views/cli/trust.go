package cli

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"os"
	"time"

	"korescope/ui/text"
	"korescope/views"
)

// trusting is the network with one more authority to believe, for hosts and
// proxies that a company signs itself. "" gives nil, the usual network.
func trusting(file string) (http.RoundTripper, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, &views.UsageError{Text: "ca_file: " + text.Clean(err.Error()).String(), Err: err}
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool() // a machine without roots still has this one
	}
	if !roots.AppendCertsFromPEM(pem) {
		return nil, views.Usage(text.Format("ca_file: %s holds no certificate in PEM form", file).String())
	}
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		TLSClientConfig:        &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    10 * time.Second,
		ResponseHeaderTimeout:  30 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		MaxIdleConnsPerHost:    4,
		IdleConnTimeout:        90 * time.Second,
	}, nil
}
