package kore

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"korescope/api"
)

// speech is what the platform says about a failure (reference 4.1).
type speech struct {
	text string
	code int
	page bool // an HTML page: only looked through for a rate limit
}

// spoken finds the error inside an answer. said is true for a body that is an
// error by itself, whatever its status: a non-empty top-level errors. Of any other
// body with a status that is well nothing is looked for: it is read as rows, and a
// page of a thousand of them must not be read twice.
func spoken(a *answer, body []byte, well bool) (s speech, said bool) {
	switch {
	case a == nil:
		return speech{text: string(body[:min(len(body), 4<<10)]), page: looksHTML(body)}, false
	case a.object == nil:
		return speech{}, false
	}
	if raw, ok := a.find("errors"); ok && !hollow(raw) {
		return readSpeech(raw), true
	}
	if well {
		return speech{}, false
	}
	raw, _ := json.Marshal(a.object) // of values that were just decoded
	return readSpeech(raw), false
}

func hollow(raw json.RawMessage) bool {
	switch strings.Join(strings.Fields(string(raw)), "") {
	case "", "null", "[]", "{}", `""`, "false":
		return true
	}
	return false
}

// readSpeech takes {msg, code}, its variants, a list of them or a bare text.
func readSpeech(raw json.RawMessage) speech {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil {
		var s speech
		for _, one := range list {
			next := readSpeech(one)
			if s.text == "" {
				s.text = next.text
			} else if next.text != "" {
				s.text += "; " + next.text
			}
			if s.code == 0 {
				s.code = next.code
			}
		}
		return s
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return speech{text: text}
	}
	var o map[string]json.RawMessage
	if json.Unmarshal(raw, &o) != nil {
		return speech{}
	}
	var s speech
	for _, key := range []string{"msg", "message", "error", "error_description", "detail", "title"} {
		if inner := readSpeech(o[key]); o[key] != nil && inner.text != "" {
			s = inner
			break
		}
	}
	for _, key := range []string{"code", "statusCode", "status"} {
		if n, err := strconv.Atoi(strings.Trim(string(o[key]), `"`)); err == nil && s.code == 0 {
			s.code = n
		}
	}
	return s
}

func (s speech) has(words ...string) bool {
	text := strings.ToLower(s.text)
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

func (s speech) limited() bool { return s.has("rate limit", "rate-limit", "ratelimit") }

// codeBadSignIn is the platform's code for at least four different refusals.
const codeBadSignIn = 4002

// classify names the failure, by status, code and words in that order of need
// (reference 4.2).
func (s speech) classify(f *failure, status int, token hidden) {
	e := &api.Error{}
	if !s.page {
		e.Said = cleanText(token.redact(s.text), saidMax)
	}
	f.err = e
	if status >= 200 && status <= 299 {
		status = s.statusInside()
	}
	switch {
	case status == http.StatusTooManyRequests || s.limited():
		e.Kind, e.Hour, f.refused = api.Limited, s.has("hour"), true
	case status == http.StatusMethodNotAllowed:
		e.Kind = api.WrongPath
	case status == http.StatusNetworkAuthenticationRequired:
		e.Kind = api.NotPlatform
	case status >= 500 || status == http.StatusRequestTimeout:
		e.Kind, f.repeat = api.Unavailable, passing(status)
	case s.page, status == http.StatusNotFound && s.text == "", status == http.StatusProxyAuthRequired:
		// The platform says why, and its "no such path" is 405.
		e.Kind = api.NotPlatform
	case status == http.StatusUnauthorized || status == http.StatusForbidden || s.code == codeBadSignIn:
		e.Kind, f.signIn = s.signInKind(), true
	case s.has("invalid streamid", "invalid stream id"):
		e.Kind = api.BadBot
	case status == http.StatusNotFound || s.has("not found"):
		e.Kind = api.NotFound
	default:
		e.Kind = api.Refused
	}
}

// passing names the failures of a server that may be over in a moment.
func passing(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

func (s speech) signInKind() api.Kind {
	switch {
	case s.has("scope", "permission denied"):
		return api.ScopeMissing
	case s.has("jwt"):
		return api.NotAToken
	case s.has("credentials"):
		return api.Credentials
	}
	return api.SignIn
}

// statusInside is the status that an error inside a successful answer means.
func (s speech) statusInside() int {
	switch {
	case s.code == codeBadSignIn:
		return http.StatusUnauthorized
	case s.code >= 400 && s.code <= 599:
		return s.code
	}
	return http.StatusBadRequest
}
