package team

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"korescope/api"
)

// What stands here runs on a real server, Redis or Valkey, where one is installed;
// the script of the project's checks installs it. A server tells the time itself,
// so that nothing here waits for a window to pass.

// realServer is one process on a port of loopback, with its folder.
type realServer struct {
	t    testing.TB
	port string
	dir  string
	args []string
	cmd  *exec.Cmd
}

func serverProgram(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"valkey-server", "redis-server"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no redis-server and no valkey-server here")
	return ""
}

// served starts a server that keeps nothing on disk.
func served(t testing.TB, args ...string) *realServer {
	t.Helper()
	s := &realServer{t: t, port: freePort(t), dir: t.TempDir(), args: args}
	s.start()
	t.Cleanup(s.kill)
	return s
}

func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // ends at once
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err = errors.Join(err, l.Close()); err != nil {
		t.Fatal(err)
	}
	return port
}

func (s *realServer) start() {
	s.t.Helper()
	args := append([]string{"--bind", "127.0.0.1", "--port", s.port, "--save", "", "--appendonly", "no", "--dir", s.dir}, s.args...)
	s.cmd = exec.Command(serverProgram(s.t), args...) //nolint:gosec,noctx // killed when the test ends
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.until("the server listens", func() bool {
		var d net.Dialer
		c, err := d.DialContext(s.t.Context(), "tcp", "127.0.0.1:"+s.port)
		if err == nil {
			err = c.Close()
		}
		return err == nil
	})
}

func (s *realServer) kill() {
	if s.cmd != nil {
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
		s.cmd = nil
	}
}

func (s *realServer) signal(sig syscall.Signal) {
	s.t.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		s.t.Fatal(err)
	}
}

func (s *realServer) until(what string, holds func() bool) { s.t.Helper(); until(s.t, what, holds) }

// until looks again and again. The two minutes are never waited for: they only end a
// test that hangs.
func until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	for !holds() {
		look := time.NewTimer(5 * time.Millisecond)
		select {
		case <-look.C:
		case <-ctx.Done():
			t.Fatal("never: " + what)
		}
	}
}

func (s *realServer) url() string { return "redis://127.0.0.1:" + s.port }

// admin is a client beside the program's.
func (s *realServer) admin() *redis.Client {
	c := redis.NewClient(&redis.Options{Addr: "127.0.0.1:" + s.port, MaxRetries: -1, DisableIdentity: true})
	s.t.Cleanup(func() { _ = c.Close() })
	return c
}

// linked is a machine at a server. Where the patience is not what a test is about,
// it is long, so that a busy machine is not taken for a server that is away.
func linked(t testing.TB, o Options) *Count {
	t.Helper()
	if o.Patience == 0 {
		o.Patience = 20 * time.Second
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	o.Person = "one"
	l, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return NewCount(&own{}, l, "platform.example")
}

func (s *realServer) machines(n int) []*Count {
	s.t.Helper()
	out := make([]*Count, n)
	for i := range out {
		out[i] = linked(s.t, Options{URL: s.url(), Machine: fmt.Sprint("machine ", i)})
	}
	return out
}

// rush lets all machines take at once what they get.
func rush(t *testing.T, all []*Count, lane api.Lane) int {
	t.Helper()
	var sent atomic.Int64
	var over sync.WaitGroup
	for _, m := range all {
		over.Go(func() { sent.Add(int64(take(t, m, lane, 100))) })
	}
	over.Wait()
	return int(sent.Load())
}

// take takes until it is told to wait, at most that often.
func take(t *testing.T, m *Count, lane api.Lane, most int) int {
	t.Helper()
	return spendOf(t, m, time.Now, limits, lane, most)
}

func TestRealServerCounts(t *testing.T) {
	t.Parallel()
	s := served(t)
	all := s.machines(8)
	if n := rush(t, all[:4], api.Follow); n != 50 {
		t.Errorf("bulk took %d, 10 of 60 are for keys", n)
	}
	if n := rush(t, all, api.Person); n != 10 {
		t.Errorf("keys took %d", n)
	}
	if err := all[0].Shut(t.Context(), bot, time.Now().Add(time.Hour), "words"); err != nil {
		t.Fatal(err)
	}
	u, err := all[7].Usage(t.Context(), bot, limits, time.Now())
	if err != nil || u.Minute != 60 || u.Team != 8 || !u.Shared || time.Until(u.ShutUntil) < 50*time.Minute {
		t.Errorf("%+v, %v", u, err)
	}
	h, err := all[0].link.Look(t.Context())
	if err != nil || h.TooOld() || !strings.Contains(h.Version, ".") || h.Policy != "noeviction" || h.TLS {
		t.Errorf("%+v, %v", h, err)
	}
	nothingReadable(t, s.admin())
}

// nothingReadable looks at every key and a dump of every value.
func nothingReadable(t *testing.T, c *redis.Client) {
	t.Helper()
	keys, err := c.Keys(t.Context(), "*").Result()
	if err != nil || len(keys) == 0 {
		t.Fatalf("%d keys, %v", len(keys), err)
	}
	for _, key := range keys {
		dump, err := c.Dump(t.Context(), key).Result()
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"st-1", "platform", "machine 0", "words", "ms-1", "u-1", "parcel"} {
			if strings.Contains(key+dump, secret) {
				t.Errorf("%q is readable in %s", secret, key)
			}
		}
	}
}

func TestRealServerRemembers(t *testing.T) {
	t.Parallel()
	s := served(t)
	all := s.machines(2)
	a, b := shares(t, all[0]), shares(t, all[1])
	long := bytes.Repeat([]byte("where is my parcel? "), 5000)
	a.Put(t.Context(), "messages of ms-1", long, "u-1")
	got, ok := b.Get(t.Context(), "messages of ms-1")
	if !ok || !bytes.Equal(got, long) {
		t.Fatalf("%d bytes, %v", len(got), ok)
	}
	c := s.admin()
	nothingReadable(t, c)
	sealed, err := c.Get(t.Context(), a.at("messages of ms-1")).Bytes()
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range []int{0, 1, len(sealed) / 2, len(sealed) - 1} {
		bad := slices.Clone(sealed)
		bad[i] ^= 1
		if err := c.Set(t.Context(), a.at("messages of ms-1"), bad, 0).Err(); err != nil {
			t.Fatal(err)
		}
		if _, ok := b.Get(t.Context(), "messages of ms-1"); ok {
			t.Errorf("byte %d flipped: taken", i)
		}
	}
	a.Put(t.Context(), "messages of ms-1", long, "u-1")
	if err := b.Forget(t.Context(), "u-1"); err != nil {
		t.Fatal(err)
	}
	if _, ok := a.Get(t.Context(), "messages of ms-1"); ok {
		t.Error("a user who is forgotten is still there")
	}
	a.Put(t.Context(), "x", long)
	if n, err := b.Purge(t.Context()); n == 0 || err != nil {
		t.Errorf("purged %d, %v", n, err)
	}
}

func shares(t testing.TB, c *Count) *Memory {
	t.Helper()
	m, err := NewMemory(c.link, "key", "platform.example st-1", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Whatever happens to the server, all machines together never send more than the
// platform allows, and they find together again.
func TestRealServerInTrouble(t *testing.T) {
	t.Parallel()
	for name, trouble := range map[string]func(t *testing.T, s *realServer, gone func()){
		"killed": func(_ *testing.T, s *realServer, gone func()) { s.kill(); gone(); s.start() },
		"stopped": func(_ *testing.T, s *realServer, gone func()) {
			s.signal(syscall.SIGSTOP)
			gone()
			s.signal(syscall.SIGCONT)
		},
		"emptied": func(t *testing.T, s *realServer, _ func()) {
			if err := s.admin().FlushAll(t.Context()).Err(); err != nil {
				t.Fatal(err)
			}
		},
		"full, and dropping": func(t *testing.T, s *realServer, _ func()) {
			c := s.admin()
			err := errors.Join(c.ConfigSet(t.Context(), "maxmemory-policy", "allkeys-lru").Err(), c.ConfigSet(t.Context(), "maxmemory", "1").Err())
			if err != nil {
				t.Fatal(err)
			}
			until(t, "all is dropped", func() bool {
				_ = c.Set(t.Context(), "other", strings.Repeat("x", 1000), 0).Err()
				n, err := c.Exists(t.Context(), "other").Result()
				return err == nil && n == 0
			})
			if err := c.ConfigSet(t.Context(), "maxmemory", "0").Err(); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := served(t)
			var all []*Count
			for i := range 3 {
				all = append(all, linked(t, Options{URL: s.url(), Machine: fmt.Sprint("machine ", i), Patience: time.Second}))
			}
			sent := 0
			each := func(n int) {
				for _, m := range all {
					sent += take(t, m, api.Person, n)
				}
			}
			each(5)
			trouble(t, s, func() {
				for _, m := range all {
					until(t, "the machine finds it away", func() bool { each(1); return !m.link.Here() })
				}
				each(2)
			})
			for _, m := range all {
				until(t, "the server is here again", func() bool { return m.link.Here() })
			}
			each(100)
			if sent > 60 || sent < 15 {
				t.Errorf("%d sent in a minute", sent)
			}
		})
	}
}

// A full server that drops nothing keeps no more answers, and counts on.
func TestRealServerFull(t *testing.T) {
	t.Parallel()
	s := served(t)
	all := s.machines(3)
	take(t, all[0], api.Person, 5)
	if err := s.admin().ConfigSet(t.Context(), "maxmemory", "1").Err(); err != nil {
		t.Fatal(err)
	}
	m := shares(t, all[1])
	m.Put(t.Context(), "ms-1", []byte("text"))
	if _, ok := m.Get(t.Context(), "ms-1"); ok {
		t.Error("kept by a server that is full")
	}
	if n := rush(t, all, api.Person); n != 55 {
		t.Errorf("%d sent beside 5", n)
	}
	for _, m := range all {
		if !m.link.Here() {
			t.Errorf("away: %v", m.link.Why())
		}
	}
}

// A connection that stays open and brings nothing holds nobody for longer than the
// patience, and is given up.
func TestRealServerHalfOpen(t *testing.T) {
	t.Parallel()
	s := served(t)
	var dead atomic.Bool
	front := listen(t, s.port, &dead)
	m := linked(t, Options{URL: "redis://" + front, Machine: "behind", Patience: time.Second})
	if n := take(t, m, api.Person, 3); n != 3 {
		t.Fatalf("took %d", n)
	}
	dead.Store(true)
	until(t, "the line is given up", func() bool { take(t, m, api.Person, 1); return !m.link.Here() })
	dead.Store(false)
	until(t, "a new line is found", func() bool { return m.link.Here() })
}

// listen passes everything on to a port, or swallows it while dead.
func listen(t *testing.T, port string, dead *atomic.Bool) string {
	t.Helper()
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	pass := func(to io.Writer, from io.Reader) {
		b := make([]byte, 4096)
		for {
			n, err := from.Read(b)
			if err != nil {
				return
			}
			if !dead.Load() {
				if _, err := to.Write(b[:n]); err != nil {
					return
				}
			}
		}
	}
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			var d net.Dialer
			out, err := d.DialContext(t.Context(), "tcp", "127.0.0.1:"+port)
			if err != nil {
				_ = in.Close()
				continue
			}
			t.Cleanup(func() { _, _ = in.Close(), out.Close() })
			go pass(out, in)
			go pass(in, out)
		}
	}()
	return l.Addr().String()
}

func TestRealServerWithAPassword(t *testing.T) {
	t.Parallel()
	s := served(t, "--requirepass", "right")
	word := func(p string) func(context.Context) (string, error) {
		return func(context.Context) (string, error) { return p, nil }
	}
	good := linked(t, Options{URL: s.url(), Machine: "good", Password: word("right")})
	if n := take(t, good, api.Person, 5); n != 5 || !good.link.Here() {
		t.Errorf("took %d, %v", n, good.link.Why())
	}
	bad := linked(t, Options{URL: s.url(), Machine: "bad", Password: word("wrong")})
	if n := take(t, bad, api.Person, 100); n == 0 || n >= 60 || bad.link.Here() {
		t.Errorf("took %d alone", n)
	}
	if why := bad.link.Why(); why == nil || strings.Contains(why.Error(), "wrong ") {
		t.Errorf("the reason is %v", why)
	}
}

func TestRealServerOverTLS(t *testing.T) {
	t.Parallel()
	serverProgram(t)
	dir := t.TempDir()
	pool := certificate(t, dir)
	port := freePort(t)
	s := served(t, "--tls-port", port, "--tls-cert-file", dir+"/cert.pem", "--tls-key-file", dir+"/key.pem", "--tls-ca-cert-file", dir+"/cert.pem", "--tls-auth-clients", "no")
	_ = s
	known := linked(t, Options{URL: "rediss://127.0.0.1:" + port, Machine: "known", Roots: pool})
	if n := take(t, known, api.Person, 5); n != 5 || !known.link.Here() {
		t.Fatalf("took %d, %v", n, known.link.Why())
	}
	if h, err := known.link.Look(t.Context()); err != nil || !h.TLS {
		t.Errorf("%+v, %v", h, err)
	}
	stranger := linked(t, Options{URL: "rediss://127.0.0.1:" + port, Machine: "stranger"})
	take(t, stranger, api.Person, 1)
	if why := stranger.link.Why(); why == nil || !strings.Contains(why.Error(), "certificate") {
		t.Errorf("a certificate that nobody signed is taken: %v", why)
	}
}

func certificate(t *testing.T, dir string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "team.test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	err = errors.Join(os.WriteFile(filepath.Join(dir, "cert.pem"), cert, 0o600),
		os.WriteFile(filepath.Join(dir, "key.pem"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600))
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(cert)
	return pool
}

// A cluster has the keys of a counter on one of its nodes, and answers on all.
func TestRealCluster(t *testing.T) {
	t.Parallel()
	var nodes []*realServer
	var url strings.Builder
	for i := range 3 {
		s := served(t, "--cluster-enabled", "yes", "--cluster-node-timeout", "2000")
		nodes = append(nodes, s)
		url.WriteString([]string{"redis://", "?addr=", "&addr="}[i] + "127.0.0.1:" + s.port)
	}
	const slots = 16384
	for i, s := range nodes {
		c := s.admin()
		err := errors.Join(c.ClusterAddSlotsRange(t.Context(), i*slots/3, (i+1)*slots/3-1).Err(), c.Do(t.Context(), "cluster", "set-config-epoch", strconv.Itoa(i+1)).Err())
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range nodes[1:] {
		if err := nodes[0].admin().ClusterMeet(t.Context(), "127.0.0.1", s.port).Err(); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range nodes {
		c := s.admin()
		until(t, "the cluster is whole", func() bool {
			info, err := c.ClusterInfo(t.Context()).Result()
			return err == nil && strings.Contains(info, "cluster_state:ok") && strings.Contains(info, "cluster_known_nodes:3")
		})
	}
	var all []*Count
	for i := range 4 {
		all = append(all, linked(t, Options{URL: url.String(), Machine: fmt.Sprint("machine ", i)}))
	}
	if n := rush(t, all, api.Person); n != 60 {
		t.Errorf("%d sent in a minute", n)
	}
	a, b := shares(t, all[0]), shares(t, all[1])
	for i := range 30 { // on all three nodes
		a.Put(t.Context(), fmt.Sprint("ms-", i), []byte("text"), "u-1")
	}
	for i := range 30 {
		if got, ok := b.Get(t.Context(), fmt.Sprint("ms-", i)); !ok || string(got) != "text" {
			t.Errorf("%d: %q, %v", i, got, ok)
		}
	}
	if err := a.Forget(t.Context(), "u-1"); err != nil {
		t.Fatal(err)
	}
	b.Put(t.Context(), "left", []byte("text"))
	if n, err := a.Purge(t.Context()); err != nil || n != 1 {
		t.Errorf("purged %d, %v", n, err)
	}
	for _, s := range nodes {
		if keys, err := s.admin().Keys(t.Context(), a.prefix+"*").Result(); err != nil || len(keys) > 0 {
			t.Errorf("left at a node: %v, %v", keys, err)
		}
	}
}

// A sentinel names another master when the first one has gone; nobody goes over
// the limit meanwhile.
func TestRealSentinel(t *testing.T) {
	t.Parallel()
	master := served(t)
	second := served(t, "--replicaof", "127.0.0.1 "+master.port)
	c := second.admin()
	until(t, "the second server follows", func() bool {
		info, err := c.Info(t.Context(), "replication").Result()
		return err == nil && strings.Contains(info, "master_link_status:up")
	})
	s := sentinel(t, master.port)
	var all []*Count
	for i := range 3 {
		all = append(all, linked(t, Options{URL: "redis://127.0.0.1:" + s.port + "?master_name=team", Machine: fmt.Sprint("machine ", i), Patience: 2 * time.Second}))
	}
	sent := 0
	each := func(n int) {
		for _, m := range all {
			sent += take(t, m, api.Person, n)
		}
	}
	each(5)
	master.kill()
	until(t, "all are at the second", func() bool {
		each(1)
		n, err := c.Exists(t.Context(), all[0].places(bot)[0]).Result()
		info, err2 := c.Info(t.Context(), "replication").Result()
		return err == nil && err2 == nil && n == 1 && strings.Contains(info, "role:master") &&
			!slices.ContainsFunc(all, func(m *Count) bool { return !m.link.Here() })
	})
	each(100)
	if sent > 60 || sent < 15 {
		t.Errorf("%d sent in a minute", sent)
	}
}

func sentinel(t *testing.T, master string) *realServer {
	t.Helper()
	s := &realServer{t: t, port: freePort(t), dir: t.TempDir()}
	file := filepath.Join(s.dir, "sentinel.conf")
	text := "sentinel monitor team 127.0.0.1 " + master + " 1\nsentinel down-after-milliseconds team 500\nsentinel failover-timeout team 2000\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s.cmd = exec.Command(serverProgram(t), file, "--sentinel", "--bind", "127.0.0.1", "--port", s.port, "--dir", s.dir) //nolint:gosec,noctx // as above
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.kill)
	c := s.admin()
	until(t, "the sentinel knows the second", func() bool {
		got, err := c.Do(t.Context(), "sentinel", "replicas", "team").Slice()
		return err == nil && len(got) == 1
	})
	return s
}
