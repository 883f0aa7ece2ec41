package kore

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"

	"korescope/api"
)

// The largest decoded bodies: 32 MiB for lists, 8 MiB for all else.
const (
	maxBulk  = 32 << 20
	maxPlain = 8 << 20
)

// send makes one attempt. Whatever happens, the place in the budget is settled
// with how often the request really reached the wire.
func (c *Client) send(caller context.Context, a *ask, token hidden, place reserved) (*answer, *failure) {
	ctx, stall := context.WithCancelCause(caller)
	defer stall(nil)
	ctx, cancel := context.WithTimeout(ctx, a.endpoint.Timeout)
	defer cancel()

	var (
		wire wireCount
		took way
	)
	ctx = context.WithValue(ctx, wayKey{}, &took)
	start := c.o.Now()
	request, err := c.request(httptrace.WithClientTrace(ctx, wire.trace()), a, token)
	if err != nil {
		a.budget.settle(caller, place, 0)
		return nil, final(err)
	}
	response, err := c.through(a.endpoint).Do(request)
	sent := wire.sent(err == nil)
	a.budget.settle(caller, place, sent)
	if err != nil {
		c.observe(caller, a, start, 0)
		return nil, doubt(a.endpoint, sent, gaveUp(ctx, caller, lost(err, token, took.proxy)))
	}
	defer func() { _ = response.Body.Close() }() // read-only; nothing to lose
	server := serverTime(response.Header)
	c.signer.heard(server)
	body, f := c.read(ctx, caller, stall, response, a.endpoint)
	c.observe(caller, a, start, response.StatusCode)
	if f == nil {
		var ans *answer
		c.hearClock(server)
		if ans, f = judge(response, body, token, c.o.Now()); f == nil {
			return ans, nil
		}
	}
	f.err.Status = response.StatusCode
	f.err.Cause.Proxy = took.proxy
	f.err.Endpoint = a.endpoint.Name
	hush(a.endpoint, body, f)
	f = doubt(a.endpoint, sent, f)
	if f.err.Kind == api.ScopeMissing || f.err.Kind == api.SignIn {
		f.err.Scope = c.scope(a.endpoint)
	}
	return nil, f
}

func (c *Client) request(ctx context.Context, a *ask, token hidden) (*http.Request, error) {
	address := c.origin.String() + a.path
	if a.query != "" {
		address += "?" + a.query
	}
	body, length, kind, err := a.content()
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, a.endpoint.Method, address, body)
	if err != nil {
		return nil, &api.Error{Kind: api.Misuse, Err: causedBy(err)}
	}
	r.ContentLength = length
	// Lower-case on the page, but header names are case-insensitive.
	r.Header.Set("Auth", token.reveal())
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "korescope")
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if strings.HasPrefix(a.endpoint.Path, "/api/public/stream/") {
		// In no table and in every sample: sent always (reference 1.2).
		r.Header.Set("Bot-Language", c.o.Language)
	}
	return r, nil
}

func (c *Client) scope(e api.Endpoint) string {
	if e.AdminScope != "" && (c.o.Admin || e.Scope == "") {
		return e.AdminScope
	}
	return e.Scope
}

func (c *Client) observe(ctx context.Context, a *ask, start time.Time, status int) {
	if c.o.Observer == nil {
		return
	}
	o := api.Observed{Endpoint: a.endpoint.Name, At: start, Status: status, Took: c.o.Now().Sub(start)}
	// A note for the `apis` list; losing one is better than losing the answer.
	_ = c.o.Observer.Observe(context.WithoutCancel(ctx), o)
}

// gaveUp puts the reason for a broken attempt in the place of its symptom.
func gaveUp(ctx, caller context.Context, f *failure) *failure {
	if caller.Err() != nil {
		return final(ended(caller.Err()))
	}
	if why := timedOut(ctx, caller); why != nil {
		f.err = &api.Error{Kind: api.Unreachable, Err: why, Cause: api.Cause{Reason: api.ConnTimeout, Name: f.err.Cause.Name, Proxy: f.err.Cause.Proxy}}
		f.repeat = true
	}
	return f
}

// read takes the whole body within its limits on size and silence.
func (c *Client) read(ctx, caller context.Context, stall context.CancelCauseFunc, r *http.Response, e api.Endpoint) ([]byte, *failure) {
	limit := int64(maxPlain)
	if e.Bulk {
		limit = maxBulk
	}
	idle := time.AfterFunc(c.timeouts.idle, func() { stall(errStalled) })
	defer idle.Stop()
	var b bytes.Buffer
	_, err := b.ReadFrom(io.LimitReader(&pulse{r: r.Body, timer: idle, idle: c.timeouts.idle}, limit+1))
	switch {
	case err == nil && int64(b.Len()) <= limit:
		return b.Bytes(), nil
	case err == nil:
		return nil, final(&api.Error{Kind: api.TooLarge})
	}
	f := &failure{repeat: true, after: -1, err: &api.Error{Kind: api.NotPlatform, Err: causedBy(cut(err))}}
	return nil, gaveUp(ctx, caller, f)
}

func cut(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errCut
	}
	return err
}

// pulse notes every byte that arrives.
type pulse struct {
	r     io.Reader
	timer *time.Timer
	idle  time.Duration
}

func (p *pulse) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	if n > 0 {
		p.timer.Reset(p.idle)
	}
	return n, err
}

// wireCount sees what the transport does, replays on a dead connection
// included.
type wireCount struct{ connected, wrote atomic.Int64 }

func (w *wireCount) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { w.connected.Add(1) },
		WroteRequest: func(i httptrace.WroteRequestInfo) {
			if i.Err == nil {
				w.wrote.Add(1)
			}
		},
	}
}

// sent counts an attempt that had a connection, or an answer, at least once:
// an early answer or a cancelled write may come before the trace does.
func (w *wireCount) sent(answered bool) int {
	n := int(w.wrote.Load())
	if n == 0 && (answered || w.connected.Load() > 0) {
		return 1
	}
	return n
}
