package cli

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"io/fs"
	"log"
	"math/big"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"korescope/config"
)

// pems writes blocks of PEM into a file that is closed to others.
func pems(t *testing.T, path, kind string, der []byte) {
	t.Helper()
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
}

// clientPair is a self-signed certificate with its key.
func clientPair(t *testing.T, dir, name string) *x509.Certificate {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	like := x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(0, 6, 0),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, &like, &like, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	pems(t, filepath.Join(dir, name+".pem"), "CERTIFICATE", der)
	pems(t, filepath.Join(dir, name+".key"), "PRIVATE KEY", private)
	own, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return own
}

// A host that wants to know this machine gets the certificate of the profile, in
// commands and in the doctor; without it nothing goes through.
func TestClientCertificateIsShown(t *testing.T) {
	world := stage(t, "", nil)
	dir := t.TempDir()
	known := clientPair(t, dir, "me")
	clientPair(t, dir, "stranger")
	server := httptest.NewUnstartedServer(world.Handler())
	pool := x509.NewCertPool()
	pool.AddCert(known)
	server.TLS = &tls.Config{ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool, MinVersion: tls.VersionTLS12}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	t.Setenv("KORESCOPE_HOST", server.URL)
	pems(t, filepath.Join(dir, "ca.pem"), "CERTIFICATE", server.Certificate().Raw)
	for name, c := range map[string]struct {
		lines string
		exit  int
	}{
		"none":     {"", 6},
		"mine":     {"client_cert = \"me.pem\"\nclient_key = \"me.key\"\n", 0},
		"another":  {"client_cert = \"stranger.pem\"\nclient_key = \"stranger.key\"\n", 6},
		"no match": {"client_cert = \"me.pem\"\nclient_key = \"stranger.key\"\n", 2},
	} {
		file := filepath.Join(dir, strings.ReplaceAll(name, " ", "-")+".toml")
		if err := os.WriteFile(file, []byte("[profiles.one]\nca_file = \"ca.pem\"\n"+c.lines), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, talk, code := run(t, "sessions", "--config", file, "--profile", "one", "--limit", "1", "--fresh", "-o", "ndjson"); code != c.exit {
			t.Errorf("%s: exit %d, %s%s", name, code, out, talk)
		}
		out, _, _ := run(t, "doctor", "--config", file, "--profile", "one")
		if shows := strings.Contains(out, "as me, certificate good for"); shows != (c.exit == 0) {
			t.Errorf("%s: the doctor says\n%s", name, out)
		}
	}
}

// The client secret alone opens no file that a second factor closed.
func TestCacheKeyOfTwoFactors(t *testing.T) {
	stage(t, "", nil)
	dir := t.TempDir()
	lines := func(word string) string {
		file := filepath.Join(dir, "config.toml")
		text := "[profiles.one]\n"
		if word != "" {
			text += "cache_key_command = [\"/bin/echo\", \"" + word + "\"]\n"
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	read := func(word string, args ...string) (out string, code int) {
		out, _, code = run(t, append([]string{"sessions", "--config", lines(word), "--profile", "one", "-o", "ndjson"}, args...)...)
		return out, code
	}
	whole, code := read("first-factor")
	if code != 0 || whole == "" {
		t.Fatal(code)
	}
	for word, opens := range map[string]bool{"": false, "other-factor": false, "first-factor": true} {
		if _, code := read(word, "--offline"); (code == 0) != opens {
			t.Errorf("%q: exit %d", word, code)
		}
	}
	if got, code := read("short"); code != 2 || got != "" {
		t.Errorf("a factor that is too short: exit %d", code)
	}
}

// What the lock asks for depends on where the secret is.
func TestWhatUnlocks(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "secret")
	if err := os.WriteFile(file, []byte("a secret of twelve\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		line  string
		typed bool
		opens map[string]bool
		gone  bool
	}{
		"a command":      {line: "client_secret_command = [\"/bin/echo\", \"a secret of twelve\"]", opens: map[string]bool{"": true}},
		"a file":         {line: "client_secret_file = \"" + file + "\"", opens: map[string]bool{"": true}},
		"written there":  {line: "client_secret = \"a secret of twelve\"", typed: true, opens: map[string]bool{"": false, "a secret of twelv": false, "a secret of twelve": true}},
		"a missing file": {line: "client_secret_file = \"" + file + "\"", gone: true, opens: map[string]bool{"": false, "a secret of twelve": false}},
	} {
		path := filepath.Join(dir, "config.toml")
		text := "[profiles.one]\nhost = \"http://127.0.0.1:9\"\nbot_id = \"st-1\"\nclient_id = \"cs-1\"\nlock_after = \"10m\"\n" + c.line + "\n"
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, profile, issues := config.Load(t.Context(), config.Sources{Flags: config.Flags{Config: path}, Env: func(string) string { return "" }})
		if err := issues.Err(); err != nil {
			t.Fatal(err)
		}
		d := &desk{profile: profile}
		if c.gone {
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
		}
		l := d.lock()
		if l.Typed != c.typed || l.After != 10*time.Minute {
			t.Errorf("%s: %+v", name, l)
		}
		for typed, opens := range c.opens {
			if err := l.Unlock(t.Context(), typed); (err == nil) != opens {
				t.Errorf("%s, %q: %v", name, typed, err)
			}
		}
		if c.gone {
			if err := os.WriteFile(file, []byte("a secret of twelve\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if l := (&desk{title: "demo", profile: config.Profile{LockAfter: time.Hour}}).lock(); l.After != 0 {
		t.Error("the demo locks, and nobody knows its secret")
	}
}

// After a purge of everything no piece of what was kept is in any file here: not of
// the databases and what lies beside them, and no word of a customer.
func TestPurgeLeavesNothing(t *testing.T) {
	stage(t, "", nil)
	base := os.Getenv("HOME")
	caches, state := filepath.Join(base, "cache", "korescope"), filepath.Join(base, "state", "korescope")
	var id string
	if out, talk, code := run(t, "sessions", "-o", "csv", "--fields", "sessionId,userId", "--limit", "40"); code != 0 {
		t.Fatal(talk)
	} else {
		id, _, _ = strings.Cut(strings.Split(out, "\n")[1], ",")
	}
	said, talk, code := run(t, "messages", id, "-o", "csv", "--fields", "text")
	if code != 0 {
		t.Fatal(talk)
	}
	for name, text := range map[string]string{
		filepath.Join(state, clipName): said, filepath.Join(state, pastName): "/" + said, filepath.Join(state, savedName): said,
	} {
		if err := errors.Join(os.MkdirAll(state, 0o700), os.WriteFile(name, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	files, err := filepath.Glob(caches + "/*.db")
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	// A damaged copy, one of a profile that is gone, and what a killed process leaves.
	whole, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{files[0] + ".bad-20260101-000000", caches + "/gone-00000000-11111111.db", caches + "/gone-00000000-11111111.db-wal", caches + "/gone-00000000-11111111.db-shm"} {
		if err := os.WriteFile(name, whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pieces := map[string]bool{}
	for at := 0; at+64 <= len(whole); at += 512 {
		if piece := string(whole[at : at+64]); strings.Trim(piece, "\x00") != "" {
			pieces[piece] = true
		}
	}
	for line := range strings.SplitSeq(said, "\n") {
		if len(line) > 12 {
			pieces[line] = true
		}
	}
	pieces[id] = true
	found := func() (n int) {
		err := filepath.WalkDir(base, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			b, err := os.ReadFile(path)
			for piece := range pieces {
				if strings.Contains(string(b), piece) {
					n++
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if before := found(); before < len(pieces) {
		t.Fatalf("%d of %d pieces are there before", before, len(pieces))
	}
	out, talk, code := run(t, "cache", "purge", "--all")
	if code != 0 || out != "" {
		t.Fatal(code, talk)
	}
	for _, name := range []string{filepath.Base(files[0]), ".bad-", "gone-00000000-11111111.db", ".db-wal", clipName, pastName, savedName} {
		if !strings.Contains(talk, name) {
			t.Errorf("%s is not said to be removed:\n%s", name, talk)
		}
	}
	if after := found(); after > 0 {
		t.Errorf("%d pieces are left", after)
	}
	t.Attr("tries", strconv.Itoa(len(pieces)))
}

// Case folders that cannot be looked through are not taken for empty: an erasure says
// so.
func TestACaseThatCannotBeReadIsNotEmpty(t *testing.T) {
	for name, c := range map[string]struct {
		make  func(state, folder string) error
		holds int
		fails bool
	}{
		"no list": {func(string, string) error { return nil }, 0, false},
		"a list": {func(s, f string) error {
			return errors.Join(os.WriteFile(f+"/a.txt", []byte("of u-1 here"), 0o600), noteCase(s, f))
		}, 1, false},
		"of nobody": {func(s, f string) error {
			return errors.Join(os.WriteFile(f+"/a.txt", []byte("of u-2 here"), 0o600), noteCase(s, f))
		}, 0, false},
		"a case that went": {func(s, f string) error { return errors.Join(noteCase(s, f), os.Remove(f)) }, 0, false},
		"no list but one":  {func(s, _ string) error { return os.Mkdir(filepath.Join(s, casesName), 0o700) }, 0, true},
		"no folder":        {func(s, f string) error { return errors.Join(noteCase(s, f), os.Remove(f), os.WriteFile(f, nil, 0o600)) }, 0, true},
	} {
		state, folder := filepath.Join(t.TempDir(), "state"), t.TempDir()
		if err := errors.Join(os.Mkdir(state, 0o700), c.make(state, folder)); err != nil {
			t.Fatal(name, err)
		}
		holds, err := foldersOf(t.Context(), state, erased{names: []string{"u-1"}})
		if len(holds) != c.holds || (err != nil) != c.fails {
			t.Errorf("%s: %q, %v", name, holds, err)
		}
	}
}
