package cli

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"os"

	"korescope/api/kore"
	"korescope/config"
	"korescope/ui/text"
	"korescope/views"
)

// trusting is the network with one more authority to believe, for hosts and
// proxies that a company signs itself, and with the certificate by which a host
// that asks knows this machine. Without either it gives nil, the usual network.
func trusting(p config.Profile) (http.RoundTripper, error) {
	own, err := p.Certificate()
	if err != nil {
		return nil, views.Usage(text.Clean(err.Error()).String())
	}
	roots, err := authorities(p.CAFile)
	if err != nil || roots == nil && own == nil {
		return nil, err
	}
	var all []tls.Certificate
	if own != nil {
		all = append(all, *own)
	}
	return kore.Network(roots, all...), nil
}

// authorities are those of the system and of a file; nil means the system's.
func authorities(file string) (*x509.CertPool, error) {
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
	return roots, nil
}
