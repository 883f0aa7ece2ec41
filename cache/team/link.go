package team

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/redis/go-redis/v9/maintnotifications"
)

const (
	// Patience is how long one act may take before the server counts as away.
	Patience = 50 * time.Millisecond
	// firstPatience is how long the very first act waits for the connection.
	firstPatience = 300 * time.Millisecond
	// dialPatience bounds a try to connect, which happens in the background.
	dialPatience = 2 * time.Second
	// probeAgain is when a server that is away is tried again.
	probeAgain = time.Second
)

// Options of a link.
type Options struct {
	// URL is redis:// (loopback only) or rediss://. With ?master_name= it leads
	// to sentinels, with ?addr= once or more to a cluster.
	URL string
	// Password is asked at each connection; nil or "" for none.
	Password func(context.Context) (string, error)
	// Roots are trusted; nil for those of the system.
	Roots *x509.CertPool
	// Machine and Person tell those who count apart. They leave this process as
	// hashes only.
	Machine, Person string
	// Clock is the time of this machine.
	Clock func() time.Time
	// Patience is how long one act may take before the server counts as away; 50 ms
	// by default. The first one also waits so long for the connection, 300 ms by
	// default.
	Patience time.Duration
}

var (
	errURL  = errors.New("not an address of a team server")
	errAway = errors.New("the team server is away")
)

// Check reports what is wrong with an address, nil for a good one.
func Check(address string) error {
	_, err := parse(Options{URL: address})
	return err
}

// parse never repeats the address in an error: it may hold a password.
func parse(o Options) (*redis.UniversalOptions, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Host == "" || u.Scheme != "redis" && u.Scheme != "rediss" {
		return nil, fmt.Errorf("%w: it begins with rediss:// and a host", errURL)
	}
	if u.Scheme == "redis" && !loopback(u.Hostname()) {
		return nil, fmt.Errorf("%w: redis:// is for this machine only; write rediss://", errURL)
	}
	if _, has := u.User.Password(); has {
		return nil, fmt.Errorf("%w: the password belongs into password_command, password_file or password_env", errURL)
	}
	out := clientOptions(u)
	if err := readQuery(u, out); err != nil {
		return nil, err
	}
	if u.Scheme == "rediss" {
		out.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: o.Roots}
		if out.MasterName == "" && !out.IsClusterMode {
			out.TLSConfig.ServerName = u.Hostname()
		}
	}
	if o.Password != nil {
		name := out.Username
		out.CredentialsProviderContext = func(ctx context.Context) (string, string, error) {
			password, err := o.Password(ctx)
			return name, password, err
		}
	}
	return out, nil
}

func clientOptions(u *url.URL) *redis.UniversalOptions {
	return &redis.UniversalOptions{
		Addrs: []string{withPort(u)}, Username: u.User.Username(),
		ContextTimeoutEnabled: true, MaxRetries: -1, DialerRetries: 1, DialTimeout: dialPatience,
		ReadTimeout: dialPatience, WriteTimeout: dialPatience, PoolTimeout: dialPatience,
		PoolSize: 4, DisableIdentity: true, ReadBufferSize: 4 << 10, WriteBufferSize: 4 << 10,
		PipelinePoolSize:         -1,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
}

// readQuery takes in what follows the host.
func readQuery(u *url.URL, out *redis.UniversalOptions) error {
	q := u.Query()
	out.MasterName, out.Addrs = q.Get("master_name"), append(out.Addrs, q["addr"]...)
	out.IsClusterMode = len(out.Addrs) > 1 && out.MasterName == ""
	for name := range q {
		if name != "master_name" && name != "addr" {
			return fmt.Errorf("%w: only addr and master_name may follow the question mark", errURL)
		}
	}
	db := strings.Trim(u.Path, "/")
	if db == "" {
		return nil
	}
	n, err := strconv.Atoi(db)
	if err != nil || n < 0 {
		return fmt.Errorf("%w: the path is the number of a database", errURL)
	}
	out.DB = n
	return nil
}

func withPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = "6379"
	}
	return net.JoinHostPort(u.Hostname(), port)
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Link is the way to the server, with what is known about whether it answers.
// It is safe for concurrent use.
type Link struct {
	client redis.UniversalClient
	o      Options

	mu     sync.Mutex
	here   bool
	first  chan struct{}   // closed when the first try is over
	opened <-chan struct{} // closed when the first try was waited for long enough
	why    error           // of the last failure
	wake   chan struct{}
	back   []func(context.Context) error // told before the server counts as here

	stop context.CancelFunc
	over sync.WaitGroup
}

// Open begins to connect in the background and does not wait for it. It lasts
// until Close, so that what is being settled at the end still is.
func Open(ctx context.Context, o Options) (*Link, error) {
	options, err := parse(o)
	if err != nil {
		return nil, err
	}
	first := firstPatience
	if o.Patience == 0 {
		o.Patience = Patience
	} else {
		first = o.Patience
	}
	logging.Disable() // the library would write to the terminal
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	opened, enough := context.WithTimeout(ctx, first)
	l := &Link{
		client: redis.NewUniversalClient(options), o: o, why: errAway,
		first: make(chan struct{}), opened: opened.Done(), wake: make(chan struct{}, 1),
		stop: func() { enough(); stop() },
	}
	l.over.Go(func() { l.probe(ctx) })
	return l, nil
}

// Close ends the probe and the connections.
func (l *Link) Close() error {
	l.stop()
	l.over.Wait()
	if err := l.client.Close(); err != nil && !errors.Is(err, redis.ErrClosed) {
		return fmt.Errorf("close the link to the team server: %w", err)
	}
	return nil
}

// probe finds out whether a server that is away is back.
func (l *Link) probe(ctx context.Context) {
	told := false
	for {
		err := l.answers(ctx)
		l.mu.Lock()
		back := l.back
		l.mu.Unlock()
		for _, tell := range back {
			if err == nil {
				err = tell(ctx)
			}
		}
		l.mu.Lock()
		if err == nil {
			l.here, l.why = true, nil
		} else if ctx.Err() == nil {
			l.why = err
		}
		if !told {
			close(l.first)
			told = true
		}
		l.mu.Unlock()
		if err == nil && !l.away(ctx) || !waited(ctx, probeAgain) {
			return
		}
	}
}

// away waits until somebody finds the server away; false when the link ends.
func (l *Link) away(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-l.wake:
		return true
	}
}

// answers connects and looks whether the server is quick enough.
func (l *Link) answers(ctx context.Context) error {
	dial, stop := context.WithTimeout(ctx, dialPatience)
	defer stop()
	if err := l.client.Ping(dial).Err(); err != nil {
		return err //nolint:wrapcheck // kept as the reason
	}
	quick, stop := context.WithTimeout(ctx, l.o.Patience)
	defer stop()
	return l.client.Ping(quick).Err() //nolint:wrapcheck // as above
}

// do carries one act out, or reports that the server is away. times is how many
// times the usual patience it may take.
func (l *Link) do(ctx context.Context, times int, act func(context.Context, redis.UniversalClient) error) error {
	if err := l.tried(ctx); err != nil {
		return err
	}
	if !l.Here() {
		return errAway
	}
	return l.act(ctx, times, act)
}

// tried waits until the first try to connect is over, or was waited for long enough.
func (l *Link) tried(ctx context.Context) error {
	select {
	case <-l.first:
	case <-l.opened:
	case <-ctx.Done():
		return ctx.Err() //nolint:wrapcheck // the asker left
	}
	return nil
}

// act does not ask whether the server is here.
func (l *Link) act(ctx context.Context, times int, act func(context.Context, redis.UniversalClient) error) error {
	short, stop := context.WithTimeout(ctx, time.Duration(times)*l.o.Patience)
	defer stop()
	err := act(short, l.client)
	if err == nil || errors.Is(err, redis.Nil) || ctx.Err() != nil || redis.IsOOMError(err) {
		return err // a server that is full still counts
	}
	l.lost(err)
	return errAway
}

func (l *Link) lost(why error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.here {
		return
	}
	l.here, l.why = false, why
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// Here reports that the server answered when it was last asked.
func (l *Link) Here() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.here
}

// onBack has somebody told whenever the server is back, before it is used.
func (l *Link) onBack(tell func(context.Context) error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.back = append(l.back, tell)
}

// Why is what keeps the server away, nil while it is here.
func (l *Link) Why() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.why
}

var _ io.Closer = (*Link)(nil)
