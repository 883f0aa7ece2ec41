package kore

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"korescope/api"
)

// authority signs certificates for tests.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T, name string) authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	a := authority{key: key}
	a.cert = a.sign(t, a.template(name, -time.Hour, time.Hour), key)
	return a
}

func (authority) template(name string, from, to time.Duration) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(from), NotAfter: time.Now().Add(to), KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
}

func (a authority) sign(t *testing.T, c *x509.Certificate, key *ecdsa.PrivateKey) *x509.Certificate {
	t.Helper()
	parent := a.cert
	if parent == nil {
		parent = c
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// server is a host with a certificate that this authority signed.
func (a authority) server(t *testing.T, name string, from, to time.Duration, ip net.IP) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := a.template(name, from, to)
	c.IsCA, c.DNSNames = false, []string{name}
	if ip != nil {
		c.IPAddresses = []net.IP{ip}
	}
	c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	cert := a.sign(t, c, key)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{cert.Raw}, PrivateKey: key, Leaf: cert}}} //nolint:gosec // old versions are one of the cases
}

func secure(t *testing.T, c *tls.Config) string {
	t.Helper()
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.Config.ErrorLog = quiet()
	s.TLS = c
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.URL
}

// banner is a server that says one thing to everybody and hangs up.
func banner(t *testing.T, words string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(c, words)
			_, _ = c.Read(make([]byte, 1))
			_ = c.Close()
		}
	}()
	return l.Addr().String()
}

// nobody is an address where nothing listens.
func nobody(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

func proxy(t *testing.T, status int, kind string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
	}))
	t.Cleanup(s.Close)
	return strings.TrimPrefix(s.URL, "http://")
}

// Every cause has its name, told from the values of the library wherever it has
// some, with real connections.
func TestCausesHaveNames(t *testing.T) {
	ca := newAuthority(t, "Test Authority")
	roots := x509.NewCertPool()
	roots.AddCert(ca.cert)
	here := net.IPv4(127, 0, 0, 1)
	old := ca.server(t, "old.example.test", -time.Hour, time.Hour, here)
	old.MaxVersion = tls.VersionTLS11
	old.MinVersion = tls.VersionTLS10
	wants := ca.server(t, "wants.example.test", -time.Hour, time.Hour, here)
	wants.ClientAuth = tls.RequireAnyClientCert
	wants.MinVersion = tls.VersionTLS13
	alone := authority{}
	alone.key, _ = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	own := alone.template("self.example.test", -time.Hour, time.Hour)
	own.IPAddresses = []net.IP{here}
	self := alone.sign(t, own, alone.key)
	selfSigned := &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{self.Raw}, PrivateKey: alone.key}}, MinVersion: tls.VersionTLS12}
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	other := newAuthority(t, "Proxy Corp CA")
	through := func(at string) func(*http.Request) (*url.URL, error) {
		return func(*http.Request) (*url.URL, error) { return url.Parse("http://user:hidden@" + at) }
	}
	none := func(*http.Request) (*url.URL, error) { return nil, nil }
	gone, away := nobody(t), nobody(t)
	denied, asks, page := proxy(t, 403, "text/plain"), proxy(t, 407, "text/html"), proxy(t, 302, "text/html; charset=utf-8")
	for name, tt := range map[string]struct {
		host   string
		proxy  func(*http.Request) (*url.URL, error)
		kind   api.Kind
		reason api.Reason
		named  string // part of Name or of Proxy
	}{
		"expired":           {secure(t, ca.server(t, "a.example.test", -2*time.Hour, -time.Hour, here)), none, api.TLSProblem, api.CertExpired, ""},
		"not yet":           {secure(t, ca.server(t, "a.example.test", time.Hour, 2*time.Hour, here)), none, api.TLSProblem, api.CertEarly, ""},
		"other name":        {secure(t, ca.server(t, "b.example.test", -time.Hour, time.Hour, nil)), none, api.TLSProblem, api.CertOtherName, "b.example.test"},
		"unknown authority": {secure(t, other.server(t, "c.example.test", -time.Hour, time.Hour, here)), none, api.TLSProblem, api.CertUnknown, "Proxy Corp CA"},
		"signed by itself":  {secure(t, selfSigned), none, api.TLSProblem, api.CertSelfSigned, "self.example.test"},
		"old tls":           {secure(t, old), none, api.TLSProblem, api.OldTLS, ""},
		"wants one of ours": {secure(t, wants), none, api.TLSProblem, api.CertWanted, ""},
		"plain http":        {strings.Replace(plain.URL, "http:", "https:", 1), none, api.TLSProblem, api.PlainHTTP, ""},
		"something else":    {"https://" + banner(t, "SSH-2.0-OpenSSH_9.6 and more\r\n"), none, api.TLSProblem, api.NotTLS, ""},
		"refused":           {"https://" + gone, none, api.Unreachable, api.ConnRefused, gone},
		"closed":            {"http://" + banner(t, ""), none, api.Unreachable, api.ConnCut, ""},
		"proxy says 403":    {"https://platform.example.test", through(denied), api.Unreachable, api.ProxyRefused, denied},
		"proxy says 407":    {"https://platform.example.test", through(asks), api.Unreachable, api.ProxyRefused, asks},
		"proxy says 302":    {"https://platform.example.test", through(page), api.Unreachable, api.ProxyRefused, page},
		"proxy is gone":     {"https://platform.example.test", through(away), api.Unreachable, api.ProxyUnreachable, away},
		"proxy is nothing":  {"https://platform.example.test", func(*http.Request) (*url.URL, error) { return nil, errors.New("invalid proxy address") }, api.Unreachable, api.ProxyAddress, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := &stub{Server: plain, clock: newClock()}
			limits := defaultTimeouts()
			limits.header = 300 * time.Millisecond
			c := s.client(t, func(o *Options) { o.Host, o.Transport = tt.host, network(roots, tt.proxy, limits) })
			got := sessionsOf(c, api.Last(time.Hour, s.clock.Now()))
			var e *api.Error
			if !errors.As(got.err, &e) {
				t.Fatalf("%v", got.err)
			}
			if e.Kind != tt.kind || e.Cause.Reason != tt.reason || !strings.Contains(e.Cause.Name+" "+e.Cause.Proxy, tt.named) {
				t.Errorf("%v %+v: %v", e.Kind, e.Cause, e)
			}
			if strings.Contains(e.Error()+e.Cause.Proxy, "hidden") {
				t.Errorf("the password of the proxy stands in %v", e)
			}
			if (tt.reason == api.CertExpired || tt.reason == api.CertEarly) == e.Cause.When.IsZero() {
				t.Errorf("when: %v", e.Cause.When)
			}
		})
	}
}

// Names and routes need a network that fails in a certain way.
func TestCausesBelowAConnection(t *testing.T) {
	for name, tt := range map[string]struct {
		err    error
		reason api.Reason
	}{
		"no such name":  {&net.DNSError{Name: "no.example.test", IsNotFound: true}, api.NameNotFound},
		"no answer":     {&net.DNSError{Name: "no.example.test", IsTimeout: true}, api.NameServer},
		"nothing known": {errors.New("odd"), api.NoReason},
		"cut":           {io.EOF, api.ConnCut},
	} {
		if c := causeOf(&url.Error{Op: "Post", Err: tt.err}, "p.example.test:3128"); c.Reason != tt.reason || c.Proxy == "" {
			t.Errorf("%s: %+v", name, c)
		}
		op := &net.OpError{Op: "proxyconnect", Net: "tcp", Err: tt.err}
		if c := causeOf(op, ""); c.Reason != api.ProxyUnreachable || c.Below != tt.reason {
			t.Errorf("%s of a proxy: %+v", name, c)
		}
	}
}
