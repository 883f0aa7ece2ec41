package kore

import (
	"bytes"
	"crypto/tls"
	"io"
	"net/http"

	"korescope/api"
)

// Rule of this file: what changes something goes over the line at most once.
// The transport of Go repeats a request by itself when a connection that was
// used before dies, and over HTTP/2 when a server gives a stream back; both need
// a connection kept from earlier or a body that can be had again. Such calls
// have a connection of their own, HTTP/1.1, and a body that is read once.

// through is the network for an endpoint.
func (c *Client) through(e api.Endpoint) *http.Client {
	if e.Effect == api.Write {
		return c.once
	}
	return c.http
}

// unrepeating gives a network that sends each request on a connection of its
// own. A round tripper of another kind is a test's, and is left alone.
func unrepeating(next http.RoundTripper, usual func() *http.Transport) http.RoundTripper {
	var t *http.Transport
	switch n := next.(type) {
	case nil:
		t = usual()
	case *http.Transport:
		t = n.Clone()
	default:
		return next
	}
	t.DisableKeepAlives = true
	t.ForceAttemptHTTP2 = false
	t.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
	t.Protocols = new(http.Protocols)
	t.Protocols.SetHTTP1(true)
	if t.TLSClientConfig != nil {
		t.TLSClientConfig.NextProtos = []string{"http/1.1"}
	}
	return t
}

// lastTime hides what a body could be had again from.
type lastTime struct{ io.Reader }

// content is the body of a request, its length and its media type; the length
// is 0 and the type "" when there is none.
func (a *ask) content() (body io.Reader, length int64, kind string, err error) {
	switch {
	case a.file != nil:
		r, err := a.file.open()
		if err != nil {
			return nil, 0, "", &api.Error{Kind: api.Misuse, Err: causedBy(err)}
		}
		return r, a.file.length(), a.file.kind, nil
	case a.body == nil:
		return nil, 0, "", nil
	case a.endpoint.Effect == api.Write:
		return lastTime{bytes.NewReader(a.body)}, int64(len(a.body)), "application/json", nil
	}
	return bytes.NewReader(a.body), int64(len(a.body)), "application/json", nil
}
