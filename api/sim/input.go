package sim

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"korescope/api"
)

// input is what was asked: the JSON body and the query. Readers note a wrong
// type instead of failing one by one; handlers look at bad once.
type input struct {
	body  map[string]any
	list  []map[string]any // the body where it is a list
	query url.Values
	// inQuery: parameters may stand in the query too (GET, and POST with {}).
	inQuery bool
	bad     bool
}

const largestBody = 10 << 20

// read takes the body. An empty one is allowed; anything but one JSON object is 412.
func (c *call) read() *refusal {
	c.in.query = c.query()
	c.in.inQuery = true
	if c.r.Method == http.MethodGet || c.r.Body == nil || c.route.name == api.UploadFile {
		return nil
	}
	data, err := io.ReadAll(io.LimitReader(c.r.Body, largestBody))
	if err != nil {
		return invalidArguments()
	}
	if data = bytes.TrimSpace(data); len(data) == 0 {
		return nil
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var into any = &c.in.body
	if data[0] == '[' && c.route.name == api.ImportFunctions {
		into = &c.in.list
	}
	if err := dec.Decode(into); err != nil || c.in.body == nil && c.in.list == nil {
		return invalidArguments()
	}
	if _, err := dec.Token(); err != io.EOF {
		return invalidArguments()
	}
	return nil
}

// given finds a parameter, in the body first.
func (in *input) given(name string) any {
	if v, ok := in.body[name]; ok && v != nil {
		return v
	}
	if v := in.query.Get(name); in.inQuery && v != "" {
		return v
	}
	return nil
}

func (in *input) text(name string) string {
	switch v := in.given(name).(type) {
	case nil:
	case string:
		return v
	default:
		in.bad = true
	}
	return ""
}

// number accepts a number or a numeric string; fallback when absent. Negative
// and fractional values are bad.
func (in *input) number(name string, fallback int) int {
	var digits string
	switch v := in.given(name).(type) {
	case nil:
		return fallback
	case json.Number:
		digits = v.String()
	case string:
		digits = v
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n < 0 {
		in.bad = true
	}
	return n
}

// flag accepts true, false and their strings, as the pages do both.
func (in *input) flag(name string) bool {
	switch v := in.given(name).(type) {
	case nil:
	case bool:
		return v
	case string:
		if v == "true" || v == "false" {
			return v == "true"
		}
		in.bad = true
	default:
		in.bad = true
	}
	return false
}

// texts accepts an array of strings, or one string when single is allowed.
func (in *input) texts(name string, single bool) []string {
	switch v := in.given(name).(type) {
	case nil:
	case string:
		if single {
			return []string{v}
		}
		in.bad = true
	case []any:
		out := make([]string, 0, len(v))
		for _, e := range v {
			s, ok := e.(string)
			in.bad = in.bad || !ok
			out = append(out, s)
		}
		return out
	default:
		in.bad = true
	}
	return nil
}

// skip and limit of a list; offset is the other name of skip.
func (c *call) paging(usual, most int) (skip, limit int) {
	skip = c.in.number("skip", c.in.number("offset", 0))
	limit = c.in.number("limit", usual)
	if limit == 0 {
		limit = usual
	}
	if limit > most {
		c.in.bad = c.in.bad || c.w.strict.RefuseOverMax
		limit = most // [SIM] capped silently
	}
	return skip, limit
}

// oneOfThese notes a value outside a closed set.
func (in *input) oneOfThese(value string, set ...string) {
	if value != "" && !slices.Contains(set, value) {
		in.bad = true
	}
}
