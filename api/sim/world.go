package sim

import (
	"fmt"
	"net/http"
	"time"

	"korescope/api"
)

// World is one simulated account of the platform. It is safe for concurrent use.
type World struct {
	now     func() time.Time
	anchor  time.Time
	strict  Strict
	apps    map[string]*Credential // by client id
	bots    []*bot                 // in the order of the account's list
	routes  []route
	limiter *limiter
	tokens  tokens
	armed   []*armed
	seen    ledger
	moved   movedRows
	erased  erasedUsers
	desk    *desk
}

// New makes a world anchored at the clock's present moment. It costs about a
// millisecond whatever the size, since nothing is generated before it is asked for.
func New(o Options) (*World, error) {
	if o.Sessions < 0 {
		return nil, fmt.Errorf("make a world: %d sessions", o.Sessions)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Limits.PerMinute == 0 {
		o.Limits.PerMinute = 60
	}
	if o.Limits.PerHour == 0 {
		o.Limits.PerHour = 1800
	}
	anchor := o.Now().UTC().Truncate(time.Second)
	w := &World{now: o.Now, anchor: anchor, strict: o.Strict, routes: routes(), apps: map[string]*Credential{}, seen: newLedger()}
	w.limiter = newLimiter(o.Limits, anchor)
	for _, c := range credentials() {
		w.apps[c.ClientID] = &c
	}
	n, days := defaultDaily*defaultDays, defaultDays
	if o.Sessions > 0 {
		n, days = o.Sessions, givenDays
	}
	w.bots = []*bot{
		{
			id: retailBot, name: "RetailBot", no: 1, plot: retailPlot, users: max(40, n/3), odd: oddPlaces(n),
			line: newTimeline(anchor, blend(o.Seed, 1), n, days, true),
		},
		{
			id: bankBot, name: "BankingBot", no: 2, plot: bankPlot, users: 60,
			line: newTimeline(anchor, blend(o.Seed, 2), 16*defaultDays, defaultDays, false),
		},
	}
	w.desk = newDesk(o, o.Seed, builtIn(w.bots[0]))
	return w, w.arm(o.Faults)
}

// Credentials lists the account's JWT apps; the first has every bot scope.
func (w *World) Credentials() []Credential { return credentials() }

// Anchor is the moment the world was made at; the incident began 40 minutes before.
func (w *World) Anchor() time.Time { return w.anchor }

// Handler serves the platform's paths. It has no say about the address: callers
// listen on loopback only.
func (w *World) Handler() http.Handler { return http.HandlerFunc(w.serve) }

// clock is the server's time, off by what a fault says.
func (w *World) clock() time.Time { return w.now().Add(w.strict.ClockSkew) }

func (w *World) bot(id api.BotID) *bot {
	for _, b := range w.bots {
		if b.id == id {
			return b
		}
	}
	return nil
}
