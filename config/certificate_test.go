package config

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// writePair puts a certificate and its key beside each other.
func writePair(t *testing.T, dir string, from, to time.Time) (cert, key string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	like := x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: from, NotAfter: to}
	der, err := x509.CreateCertificate(rand.Reader, &like, &like, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "me.pem"), filepath.Join(dir, "me.key")
	for _, f := range []struct {
		path, kind string
		der        []byte
	}{{cert, "CERTIFICATE", der}, {key, "PRIVATE KEY", private}} {
		var b bytes.Buffer
		if err := pem.Encode(&b, &pem.Block{Type: f.kind, Bytes: f.der}); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(f.path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

// A pair that cannot be used is named before the screen is taken: which of the two
// settings, and why.
func TestClientCertificates(t *testing.T) {
	now := time.Now()
	for name, c := range map[string]struct {
		lines   string
		spoil   func(t *testing.T, dir string)
		says    string
		warning bool
	}{
		"a pair":         {lines: "client_cert = \"me.pem\"\nclient_key = \"me.key\"\n"},
		"no key":         {lines: "client_cert = \"me.pem\"\n", says: "client_cert: DIR/me.pem needs client_key"},
		"no certificate": {lines: "client_key = \"me.key\"\n", says: "client_key: DIR/me.key needs client_cert"},
		"a missing file": {lines: "client_cert = \"you.pem\"\nclient_key = \"me.key\"\n", says: "client_cert: DIR/you.pem there is no such file"},
		"a missing key":  {lines: "client_cert = \"me.pem\"\nclient_key = \"you.key\"\n", says: "client_key: DIR/you.key there is no such file"},
		"the wrong way":  {lines: "client_cert = \"me.key\"\nclient_key = \"me.pem\"\n", says: "no certificate in PEM form"},
		"a key for all":  {lines: "client_cert = \"me.pem\"\nclient_key = \"me.key\"\n", spoil: func(t *testing.T, dir string) { chmod(t, dir+"/me.key", 0o644) }, says: "it is open to others (mode 0644)"},
		"another's key": {lines: "client_cert = \"me.pem\"\nclient_key = \"me.key\"\n", spoil: func(t *testing.T, dir string) {
			cert, err := os.ReadFile(dir + "/me.pem")
			pair(t, dir, now, now.Add(time.Hour))
			restore(t, dir+"/me.pem", cert, err)
		}, says: "no certificate in PEM form"},
		"one that is over": {lines: "client_cert = \"me.pem\"\nclient_key = \"me.key\"\n", spoil: func(t *testing.T, dir string) { pair(t, dir, now.AddDate(-2, 0, 0), now.AddDate(-1, 0, 0)) }, says: "the certificate ended on", warning: true},
		"one to come":      {lines: "client_cert = \"me.pem\"\nclient_key = \"me.key\"\n", spoil: func(t *testing.T, dir string) { pair(t, dir, now.AddDate(1, 0, 0), now.AddDate(2, 0, 0)) }, says: "the certificate begins on", warning: true},
	} {
		file := writeConfig(t, plainFile+c.lines, 0o600)
		dir := filepath.Dir(file)
		pair(t, dir, now.Add(-time.Hour), now.Add(time.Hour))
		if c.spoil != nil {
			c.spoil(t, dir)
		}
		_, p, issues := Load(t.Context(), sources(t, file, Flags{}, nil))
		said := strings.ReplaceAll(issues.Error(), dir, "DIR")
		if (issues.Err() != nil) != (c.says != "" && !c.warning) || !strings.Contains(said, c.says) {
			t.Errorf("%s: %s", name, said)
		}
		got, err := p.Certificate()
		if (got != nil) != (c.says == "" || c.warning) || (err == nil) != (got != nil) {
			t.Errorf("%s: %v, %v", name, got != nil, err)
		}
	}
}

func pair(t *testing.T, dir string, from, to time.Time) {
	t.Helper()
	writePair(t, dir, from, to)
}

func chmod(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func restore(t *testing.T, path string, b []byte, err error) {
	t.Helper()
	if err == nil {
		err = os.WriteFile(path, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A second factor of the cache's key is read as the secret is, under its own name.
func TestASecondFactorOfTheCache(t *testing.T) {
	for line, want := range map[string]struct{ value, issue, err string }{
		"": {},
		"cache_key_command = [\"" + helper(t, "echo "+printed) + "\"]": {value: printed},
		"cache_key_command = [\"" + helper(t, "exit 3") + "\"]":        {err: "cache_key_command"},
		"cache_key_command = \"pass show x\"":                          {issue: "cache_key_command: must be a list"},
	} {
		_, p, issues := Load(t.Context(), sources(t, writeConfig(t, plainFile+line+"\n", 0o600), Flags{}, nil))
		if (issues.Err() != nil) != (want.issue != "") || !strings.Contains(issues.Error(), want.issue) {
			t.Errorf("%s: %v", line, issues)
		}
		s, err := p.CacheFactor(t.Context())
		if s.Reveal() != want.value || (err != nil) != (want.err != "") || err != nil && !strings.Contains(err.Error(), want.err) {
			t.Errorf("%s: %v", line, err)
		}
	}
}

// What is on or off may be said either way.
func TestClipboardIsASwitch(t *testing.T) {
	for word, want := range map[string]string{"false": ClipboardOff, "true": "auto", `"off"`: ClipboardOff, `"auto"`: "auto", `"no"`: "?", "1": "?"} {
		c, _, issues := Load(t.Context(), sources(t, writeConfig(t, "clipboard = "+word+"\n"+plainFile, 0o600), Flags{}, nil))
		if (want == "?") != (issues.Err() != nil) || want != "?" && c.Clipboard != want {
			t.Errorf("%s: %q, %v", word, c.Clipboard, issues)
		}
	}
}
