package config

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// pemMost bounds a file with a certificate or a key.
const pemMost = 1 << 20

// Certificate is by what a host that asks for it knows this machine; nil when the
// profile names none. The key must be in a file that is closed to others.
func (p Profile) Certificate() (*tls.Certificate, error) {
	name, err := "client_cert", error(nil)
	if p.ClientCert == "" && p.ClientKey == "" {
		return nil, nil
	}
	var cert, key []byte
	if p.ClientCert != "" {
		cert, err = os.ReadFile(p.ClientCert)
	}
	if err == nil && p.ClientKey != "" {
		name = "client_key"
		key, err = newGuard().pem(p.ClientKey)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &certificateError{name, errors.New("there is no such file")}
	case err != nil:
		return nil, &certificateError{name, errors.New(reason(err))}
	case p.ClientCert == "":
		return nil, &certificateError{"client_key", errors.New("needs client_cert beside it")}
	case p.ClientKey == "":
		return nil, &certificateError{"client_cert", errors.New("needs client_key beside it")}
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		// The library's words may quote what it read.
		return nil, &certificateError{"client_cert", errors.New("and client_key are no certificate in PEM form with its key, unencrypted")}
	}
	return &pair, nil
}

// certificateError says which of the two settings is wrong.
type certificateError struct {
	setting string
	err     error
}

func (e *certificateError) Error() string { return e.setting + " " + e.err.Error() }
func (e *certificateError) Unwrap() error { return e.err }

func (g guard) pem(path string) ([]byte, error) {
	f, err := g.open(path, closedBits)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // nothing was written
	b, err := io.ReadAll(io.LimitReader(f, pemMost+1))
	if err == nil && len(b) > pemMost {
		err = errors.New("is larger than a key can be")
	}
	return b, err
}

// certificate looks whether the pair can be used, and for how long.
func (d *draft) certificate(p Profile) {
	if d.src.Partial {
		return
	}
	pair, err := p.Certificate()
	var wrong *certificateError
	if errors.As(err, &wrong) {
		path := []string{"profiles", p.Name, wrong.setting}
		what := wrong.err.Error()
		if file := map[string]string{"client_cert": p.ClientCert, "client_key": p.ClientKey}[wrong.setting]; file != "" {
			what = clean(file) + " " + what
		}
		d.say(d.lines[dotted(path)], path, what, "")
		return
	}
	if pair == nil {
		return
	}
	if w := OverBy(pair.Leaf, d.src.Now()); w != "" {
		path := []string{"profiles", p.Name, "client_cert"}
		d.issues = append(d.issues, Issue{File: d.config.File, Line: d.lines[dotted(path)], Path: dotted(path), What: w, Warning: true})
	}
}

// OverBy says that a certificate is not valid at a time, "" when it is.
func OverBy(c *x509.Certificate, now time.Time) string {
	switch {
	case c == nil:
		return ""
	case now.After(c.NotAfter):
		return fmt.Sprintf("the certificate ended on %s", c.NotAfter.UTC().Format(time.DateOnly))
	case now.Before(c.NotBefore):
		return fmt.Sprintf("the certificate begins on %s", c.NotBefore.UTC().Format(time.DateOnly))
	}
	return ""
}
