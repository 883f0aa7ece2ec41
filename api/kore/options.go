package kore

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"korescope/api"
)

// Credentials are one app of the platform.
type Credentials struct {
	ClientID string
	Bot      api.BotID
	// Admin: the app was made in the Admin Console and serves any bot of the
	// account. Its rows are filtered by Bot again when Bot is set.
	Admin bool
	// Secret gives the client secret. It is asked once and the answer kept; it
	// is asked again after a 401, at most once a minute for the same secret.
	Secret func(ctx context.Context) (string, error)
}

// Options are everything a client needs. Only Host and Credentials are needed.
type Options struct {
	// Host is the environment, with or without scheme and trailing slash.
	// Plain http is accepted for loopback only.
	Host string
	Credentials

	Limits   api.Limits
	Ledger   api.Ledger   // nil: a ledger in memory
	Observer api.Observer // nil: nobody is told
	Now      func() time.Time
	// Transport replaces the network, below the check of the origin.
	Transport http.RoundTripper
	// Patience is how long a refusal by the platform, or a spent hour of our
	// own, may be waited for; longer ones fail as Limited at once. 0: only the
	// caller's context ends the wait. Room in the minute window is always
	// waited for.
	Patience time.Duration
	PageSize int // sessions a request at first, default SessionPage
	// OnWait hears of every wait for the budget when it starts and when its end
	// moves. It must not block.
	OnWait func(Waiting)
	// Rand gives numbers in [0,1) for jitter; safe for concurrent use.
	Rand func() float64
	// Language is sent as bot-language where the platform wants one.
	Language string
	// Writes lets calls through that change something; Tests lets only the
	// start of a test suite through. Without them such a call is NotAllowed and
	// nothing is sent.
	Writes, Tests bool
	// Shut keeps every call that changes something back for now, but for runs of
	// suites where Tests allows them; nil keeps none.
	Shut func() bool
	// Journal has every such call written down; it is needed for them.
	Journal api.Journal
	// Wait sleeps for d or until ctx ends, and then returns ctx.Err. Tests
	// replace it.
	Wait func(ctx context.Context, d time.Duration) error
	// Offset is how far the platform's clock was ahead of ours when that was
	// learnt last; OnOffset is told when it is learnt anew. ClockFirst lets a small
	// read prove the clock before anything that has an effect is sent: that is sent
	// once, so a token with a wrong time would be the end of it.
	Offset     time.Duration
	OnOffset   func(time.Duration)
	ClockFirst bool
}

// Client talks to one environment with one app.
type Client struct {
	o        Options
	origin   origin
	http     *http.Client
	once     *http.Client // for what changes something
	signer   *signer
	budget   *budget
	breaker  *breaker
	flights  flights
	timeouts timeouts
	table    map[string]api.Endpoint
	older    atomic.Bool // the platform does not know getMessagesV2
	counters counters
	moved    sync.Map     // names of endpoints that answer at their OlderPath
	byApp    atomic.Bool  // billing wants groupByApp beside groupByBot
	pages    *pageSize    // of sessions
	noSkip   atomic.Bool  // of model calls: skip brings nothing new
	callSize *pageSize    // of model calls
	ahead    atomic.Int64 // how far the platform's clock is before ours, by its last answer; ns, 0 for about equal
	logUnit  atomic.Int32 // what offset counts, once found out: see turning
	botUnit  atomic.Int32
	roleUnit atomic.Int32
}

var (
	_ api.Source        = (*Client)(nil)
	_ api.TestRunner    = (*Client)(nil)
	_ api.ReportSource  = (*Client)(nil)
	_ api.LogSource     = (*Client)(nil)
	_ api.AccountSource = (*Client)(nil)
	_ api.Changer       = (*Client)(nil)
	_ api.Deleter       = (*Client)(nil)
	_ api.Exporter      = (*Client)(nil)
)

// SessionPage is how many sessions a request asks for at first (reference 27.5);
// what the platform does not take is learnt, see pageSize. sessionPageLeast is
// as small as a page gets.
const (
	SessionPage      = 1000
	sessionPageLeast = 10
)

// New checks the options and makes a client. It asks for no secret and sends
// nothing. Every problem is an *api.Error of kind Misuse.
func New(o Options) (*Client, error) {
	at, err := parseHost(o.Host)
	if err != nil {
		return nil, err
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	if (o.Writes || o.Tests) && o.Journal == nil {
		return nil, misuse("there is no journal for calls that change something")
	}
	o = o.withDefaults()
	c := &Client{o: o, origin: at, timeouts: defaultTimeouts(), table: map[string]api.Endpoint{}}
	for _, e := range api.Endpoints() {
		c.table[e.Name] = e
	}
	c.signer = newSigner(o.Credentials, o.Now)
	c.signer.offset, c.signer.told = o.Offset, o.OnOffset
	c.budget = newBudget(o)
	c.counters.of = map[api.LimitKey]*budget{c.budget.key: c.budget}
	c.breaker = &breaker{}
	c.pages = newPageSize(o.PageSize, sessionPageLeast)
	c.callSize = newPageSize(CallPage, 1)
	c.http = c.newHTTP(o.Transport)
	c.once = c.newHTTP(unrepeating(o.Transport, c.transport))
	return c, nil
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Ledger == nil {
		o.Ledger = NewMemoryLedger()
	}
	if o.PageSize <= 0 {
		o.PageSize = SessionPage
	}
	if o.Rand == nil {
		o.Rand = rand.Float64
	}
	if o.Language == "" {
		o.Language = "en"
	}
	if o.Wait == nil {
		o.Wait = sleep
	}
	if o.OnWait == nil {
		o.OnWait = func(Waiting) {}
	}
	o.Limits = o.Limits.OrDefault()
	return o
}

func (cr Credentials) check() error {
	switch {
	case cr.ClientID == "":
		return misuse("the client id is empty")
	case strings.HasPrefix(cr.ClientID, "st-"):
		return misuse("the client id starts with st-, as bot ids do")
	case cr.Bot == "" && !cr.Admin:
		return misuse("the bot id is empty")
	case strings.HasPrefix(string(cr.Bot), "cs-"):
		return misuse("the bot id starts with cs-, as client ids do")
	case strings.ContainsFunc(string(cr.Bot)+cr.ClientID, notInAnID):
		return misuse("the bot id or the client id holds characters that no id has")
	case cr.Secret == nil:
		return misuse("there is no client secret")
	}
	return nil
}

func notInAnID(r rune) bool {
	return r <= ' ' || r > '~' || strings.ContainsRune(`/\?#%"'<>`, r)
}

func misuse(text string) error {
	return &api.Error{Kind: api.Misuse, Err: errors.New(text)}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
