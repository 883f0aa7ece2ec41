package cli

import (
	"crypto/x509"
	"net/http"
	"os"

	"korescope/api/kore"
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
	return kore.Network(roots), nil
}
