package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"korescope/api"
	"korescope/api/kore"
	"korescope/ui/text"
)

// Dry runs. What a command would ask depends on what is cached, so the command
// runs as it is, over a network that notes requests and refuses them. Nothing
// leaves the machine, nothing is counted and nothing is kept.

// dry is that network. It is safe for concurrent use.
type dry struct {
	mu   sync.Mutex
	asks []string
	used api.Usage
}

// refusal is an answer no layer repeats or takes for data.
const refusal = `{"errors":[{"msg":"dry run"}]}`

// RoundTrip notes the request without its credentials.
func (d *dry) RoundTrip(r *http.Request) (*http.Response, error) {
	line := r.Method + " " + r.URL.RequestURI()
	if r.Body != nil {
		body, err := bodyWords(r)
		_ = r.Body.Close() // it was read to its end, or the error says why not
		if err != nil {
			return nil, fmt.Errorf("read the request: %w", err)
		}
		if len(body) > 0 {
			line += " " + body
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if !slices.Contains(d.asks, line) {
		d.asks = append(d.asks, line)
	}
	return &http.Response{
		StatusCode: http.StatusBadRequest, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:  http.Header{"Content-Type": {"application/json"}},
		Body:    io.NopCloser(bytes.NewReader([]byte(refusal))),
		Request: r, ContentLength: int64(len(refusal)),
	}, nil
}

// over puts a dry run's network in the place of the real one.
func (d *dry) over(o *kore.Options) {
	o.Transport, o.Ledger, o.Observer, o.Journal = d, unspent{o.Ledger}, nil, unwritten{}
}

// unwritten is the journal of what is not sent.
type unwritten struct{}

func (unwritten) Begin(context.Context, api.Act) (func(api.JobID, error), error) {
	return func(api.JobID, error) {}, nil
}

// unspent is a ledger that is read and never written.
type unspent struct{ api.Ledger }

func (unspent) Take(context.Context, api.LimitKey, api.Limits, api.Lane, time.Time) (api.Ticket, time.Duration, error) {
	return api.Ticket{}, 0, nil
}
func (unspent) Settle(context.Context, api.Ticket, int, time.Time) error    { return nil }
func (unspent) Shut(context.Context, api.LimitKey, time.Time, string) error { return nil }

// rehearsed carries out a command, or with --dry-run only says what it would
// ask first: later pages and follow-ups depend on the answers.
func (p *program) rehearsed(run func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		if !p.flags.dryRun {
			return run(ctx)
		}
		out, aloud := p.streams.Out, p.talk
		p.dry = &dry{}
		p.streams.Out = io.Discard
		p.talk = &talk{w: io.Discard, clock: p.clock}
		err := run(ctx)
		p.streams.Out, p.talk = out, aloud
		return p.rehearsal(out, err)
	}
}

// rehearsal prints what was noted. A command that came to no request ends as it
// would without --dry-run.
func (p *program) rehearsal(out io.Writer, failed error) error {
	d := p.dry
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.asks) == 0 && failed != nil {
		return failed
	}
	for _, ask := range d.asks {
		if _, err := fmt.Fprintln(out, text.Clean(ask)); err != nil {
			return fmt.Errorf("print the requests: %w", err)
		}
	}
	if len(d.asks) == 0 {
		p.talk.say(text.Lit("dry run: no request, all of it is cached"))
		return nil
	}
	p.talk.say(text.Format("dry run: none sent; first requests: %d, and pages that follow depend on the answers", len(d.asks)))
	u := d.used
	p.talk.say(text.Format("used: %d of %d in this minute, %d of %d in this hour", u.Minute, u.Limits.PerMinute, u.Hour, u.Limits.PerHour))
	return nil
}

func (p *program) registerDryRun(c *cobra.Command) {
	c.Flags().BoolVar(&p.flags.dryRun, "dry-run", false, "print the first requests it would make, send none")
}
