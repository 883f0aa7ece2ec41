package kore

import (
	"bytes"
	"net/http"

	"korescope/api"
)

// Rule of this file: a call that changes something is over with its one
// attempt. Either the platform has refused it in so many words, or nothing was
// written, or nobody knows; the last is said as it is.

// doubt turns the failure of a call with an effect into OutcomeUnknown when it
// may have been carried out. Starting a report again costs nothing, so such a
// start keeps what the platform or the asker said about it.
func doubt(e api.Endpoint, sent int, f *failure) *failure {
	if e.Effect == api.Read || sent == 0 || !undecided(f.err) {
		return f
	}
	if e.Effect == api.Job && (f.err.Status >= http.StatusBadRequest || f.err.Kind == api.Cancelled) {
		return f
	}
	was := *f.err
	f.err = &api.Error{
		Kind: api.OutcomeUnknown, Endpoint: e.Name, Status: was.Status, Said: was.Said,
		Err: &api.Error{Kind: was.Kind, Err: was.Err}, // said once is enough
	}
	f.maybe = true
	return f
}

// undecided reports a failure that does not say that nothing was done: no
// answer, a success whose body was lost, and the failures of servers and
// gateways.
func undecided(e *api.Error) bool {
	switch {
	case e.Status == http.StatusNetworkAuthenticationRequired:
		return false
	case e.Status == 0, e.Status == http.StatusRequestTimeout, e.Status >= http.StatusInternalServerError:
		return true
	case e.Status < 200 || e.Status > 299:
		return false
	}
	switch e.Kind {
	case api.NotPlatform, api.Unreadable, api.TooLarge, api.Unreachable, api.Unavailable, api.Cancelled:
		return true
	}
	return false // the platform's own words inside a success
}

// hush drops what was said with the list of bots, unless it was told as an
// error of the platform's own form: a body that is not understood may be a
// piece of the list, which holds client secrets.
func hush(e api.Endpoint, body []byte, f *failure) {
	if e.Name != api.ListBots || !bytes.ContainsAny(body, "{[") {
		return
	}
	if _, err := parse(bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))); err != nil {
		f.err.Said = ""
	}
}
