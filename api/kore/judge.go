package kore

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"mime"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"korescope/api"
)

const (
	// maxDepth is how deep text inside a value may nest to be opened as JSON.
	maxDepth = 64
	// deepest is how deep an answer is read; what lies below is left out of the
	// one row that holds it. It keeps everything recursive behind it safe.
	deepest = 512
)

// leftOut stands where something nested too deeply was.
const leftOut = `"(nested too deeply)"`

// answer is a whole body that passed every check but the meaning of its rows.
// It may be shared between readers and is never changed.
type answer struct {
	object map[string]json.RawMessage // nil when the answer is an array
	array  []json.RawMessage
}

// judge decides what a response with a complete body is.
func judge(r *http.Response, body []byte, token hidden, now time.Time) (*answer, *failure) {
	f := &failure{after: retryAfter(r.Header, now), server: serverTime(r.Header)}
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))
	if r.StatusCode >= 300 && r.StatusCode <= 399 {
		f.err = &api.Error{Kind: api.Redirected, Target: redirectTarget(r)}
		return nil, f
	}
	ok := r.StatusCode >= 200 && r.StatusCode <= 299
	ans, err := parse(body)
	if err == nil || !ok {
		if s, said := spoken(ans, body, ok); said || !ok {
			s.classify(f, r.StatusCode, token)
			return nil, f
		}
		return ans, nil
	}
	return nil, misread(f, r, body, err)
}

// misread explains a successful status whose body is no answer.
func misread(f *failure, r *http.Response, body []byte, err *api.Error) *failure {
	switch s := (speech{text: string(body)}); {
	case !looksJSON(body) && !looksHTML(body) && s.limited():
		s.classify(f, r.StatusCode, hidden{})
		return f
	case !looksJSON(body), !expectedType(r):
		f.err = &api.Error{Kind: api.NotPlatform}
		if len(body) == 0 {
			f.err.Err = errors.New("the answer is empty")
		}
		return f
	}
	f.err = err
	f.repeat = err.Kind == api.NotPlatform // cut off
	return f
}

// parse accepts exactly one JSON array or object.
func parse(body []byte) (*answer, *api.Error) {
	if !looksJSON(body) {
		return nil, &api.Error{Kind: api.NotPlatform}
	}
	body = prune(body, deepest)
	// Rows are kept as they came, so ill-formed bytes are replaced for good.
	if !utf8.Valid(body) {
		body = bytes.ToValidUTF8(body, []byte("\ufffd"))
	}
	var (
		a   answer
		err error
	)
	if body[0] == '[' {
		err = json.Unmarshal(body, &a.array)
	} else {
		err = json.Unmarshal(body, &a.object)
	}
	switch {
	case err == nil:
		return &a, nil
	case cutOff(body):
		return nil, &api.Error{Kind: api.NotPlatform, Err: errCut}
	}
	return nil, &api.Error{Kind: api.Unreadable, Err: errors.New("the answer is not JSON throughout")}
}

// cutOff tells a document that stops too early from one that is wrong: some
// ways of losing a connection give no error.
func cutOff(body []byte) bool {
	var skip json.RawMessage
	return errors.Is(json.NewDecoder(bytes.NewReader(body)).Decode(&skip), io.ErrUnexpectedEOF)
}

func looksJSON(body []byte) bool {
	return len(body) > 0 && (body[0] == '{' || body[0] == '[')
}

func looksHTML(body []byte) bool { return len(body) > 0 && body[0] == '<' }

// expectedType refuses only what can be no text at all: gateways label JSON as
// HTML or plain text.
func expectedType(r *http.Response) bool {
	t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err != nil || strings.HasPrefix(t, "text/") || strings.Contains(t, "json")
}

// brackets yields the place of each bracket outside strings and how deep it
// stands, the outermost at 1. It looks at bytes only: it runs before anything
// recursive does.
func brackets(body []byte) iter.Seq2[int, int] {
	return func(yield func(at, depth int) bool) {
		depth, quoted, escaped := 0, false, false
		for i, b := range body {
			switch {
			case escaped:
				escaped = false
			case quoted:
				escaped = b == '\\'
				quoted = b != '"'
			case b == '"':
				quoted = true
			case b == '{' || b == '[':
				if depth++; !yield(i, depth) {
					return
				}
			case b == '}' || b == ']':
				if depth--; !yield(i, depth+1) {
					return
				}
			}
		}
	}
}

// prune leaves out what nests deeper than most. A body that nests less is given
// back as it is.
func prune(body []byte, most int) []byte {
	var (
		out   []byte
		kept  int
		inner bool // below most
	)
	for i, depth := range brackets(body) {
		switch opens := body[i] == '{' || body[i] == '['; {
		case depth != most+1:
		case opens:
			out, inner = append(append(out, body[kept:i]...), leftOut...), true
		default:
			kept, inner = i+1, false
		}
	}
	switch {
	case kept == 0 && !inner:
		return body
	case inner:
		return out // it is cut off inside; whoever parses it says so
	}
	return append(out, body[kept:]...)
}

// tooDeep reports text inside a value that is not to be opened as JSON.
func tooDeep(body []byte) bool {
	for _, depth := range brackets(body) {
		if depth > maxDepth {
			return true
		}
	}
	return false
}

func redirectTarget(r *http.Response) string {
	to, err := r.Location()
	if err != nil {
		return ""
	}
	return cleanText(to.Host, 100)
}

func serverTime(h http.Header) time.Time {
	t, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return t
}
