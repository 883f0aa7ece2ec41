package cli

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"sync"
	"time"

	"korescope/api"
	"korescope/api/kore"
	"korescope/config"
)

// witness is a network that remembers what the first answer came with: nothing
// of its content.
type witness struct {
	next  http.RoundTripper
	clock func() time.Time

	mu    sync.Mutex
	first arrival
}

// arrival is what an answer came with.
type arrival struct {
	sent, came time.Time
	date       time.Time // of the platform's clock; zero when it did not say
	tls        *tls.ConnectionState
}

// RoundTrip asks the next one and looks at the answer's head.
func (w *witness) RoundTrip(r *http.Request) (*http.Response, error) {
	sent := w.clock()
	answer, err := w.next.RoundTrip(r)
	if err != nil {
		return answer, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.first.came.IsZero() {
		date, err := http.ParseTime(answer.Header.Get("Date"))
		if err != nil {
			date = time.Time{}
		}
		w.first = arrival{sent: sent, came: w.clock(), date: date, tls: answer.TLS}
	}
	return answer, nil
}

func (w *witness) answer() arrival {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.first
}

// apart is the platform's clock minus ours, 0 within what a header that counts
// seconds and the way there can tell.
func (a arrival) apart() time.Duration {
	switch {
	case a.date.Before(a.sent.Truncate(time.Second)):
		return a.date.Sub(a.sent.Truncate(time.Second))
	case a.date.After(a.came):
		return a.date.Sub(a.came)
	}
	return 0
}

// certificate is the end of the one the host showed; zero without one.
func (a arrival) certificate() time.Time {
	var leaf []*x509.Certificate
	if a.tls != nil {
		leaf = a.tls.PeerCertificates
	}
	if len(leaf) == 0 {
		return time.Time{}
	}
	return leaf[0].NotAfter
}

// probe is a client for one look: it shares the count of requests with all
// others, and never waits for a refusal to pass.
func (d *desk) probe() (*kore.Client, *witness, error) {
	network, err := trusting(d.profile)
	if err != nil {
		return nil, nil, err
	}
	if network == nil {
		network = kore.Network(nil)
	}
	w := &witness{next: network, clock: d.clock}
	client, err := kore.New(kore.Options{
		Host: d.profile.Host,
		Credentials: kore.Credentials{
			ClientID: d.profile.ClientID, Bot: api.BotID(d.profile.BotID),
			Admin: d.profile.Scope == config.AdminScope, Secret: d.profile.SecretReader(),
		},
		Limits: d.limits(), Ledger: d.ledger, Observer: d.store, Now: d.clock,
		Patience: time.Nanosecond, Language: d.profile.Language, Transport: w,
	})
	return client, w, err
}
