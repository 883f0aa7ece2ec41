package kore

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"korescope/api"
)

// row is one JSON object, read field by field: a field of an unexpected type
// costs that field, not the row (reference 2.5).
type row map[string]json.RawMessage

func readRow(raw json.RawMessage) (row, bool) {
	var r row
	if json.Unmarshal(raw, &r) != nil || r == nil {
		return nil, false
	}
	return r, true
}

// find takes the first of the names that is there, exact before other letter
// case and stray blanks.
func (r row) find(names ...string) (json.RawMessage, bool) {
	for _, name := range names {
		if v, ok := r[name]; ok {
			return v, true
		}
	}
	for _, name := range names {
		name = strings.TrimSpace(name)
		for have, v := range r {
			// The length rules out nearly all, before blanks and case are looked at.
			if len(have) >= len(name) && len(have) <= len(name)+2 && strings.EqualFold(strings.TrimSpace(have), name) {
				return v, true
			}
		}
	}
	return nil, false
}

func (a *answer) find(names ...string) (json.RawMessage, bool) { return row(a.object).find(names...) }

// text gives strings as they are, numbers and booleans as they were written.
// Ids go through it too: none is ever a float.
func (r row) text(names ...string) string {
	v, _ := r.find(names...)
	return textOf(v)
}

func textOf(v json.RawMessage) string {
	v = bytes.TrimSpace(v)
	if len(v) == 0 || v[0] == '{' || v[0] == '[' || string(v) == "null" {
		return ""
	}
	if v[0] != '"' {
		return string(v)
	}
	var s string
	if json.Unmarshal(v, &s) != nil {
		return ""
	}
	return s
}

func (r row) boolean(names ...string) api.Maybe[bool] {
	switch strings.ToLower(r.text(names...)) {
	case "true", "1", "yes":
		return api.Known(true)
	case "false", "0", "no":
		return api.Known(false)
	}
	return api.Maybe[bool]{}
}

func (r row) long(names ...string) api.Maybe[int64] {
	s := strings.TrimSpace(r.text(names...))
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return api.Known(n)
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(f) || math.Abs(f) > 1<<53 {
		return api.Maybe[int64]{}
	}
	return api.Known(int64(math.Round(f)))
}

func (r row) number(names ...string) api.Maybe[int] {
	n := r.long(names...)
	return api.Maybe[int]{Value: int(n.Value), Known: n.Known}
}

func (r row) float(names ...string) api.Maybe[float64] {
	f, err := strconv.ParseFloat(strings.TrimSpace(r.text(names...)), 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return api.Maybe[float64]{}
	}
	return api.Known(f)
}

// time reads a time; ok is false when something is there that is none. Exports
// of the store wrap it: {"$date": ...}.
func (r row) time(names ...string) (t time.Time, ok bool) {
	s := r.text(names...)
	if wrapped := r.sub(names...); wrapped != nil {
		if s = wrapped.text("$date"); s == "" {
			return time.Time{}, false
		}
	}
	if s == "" {
		return time.Time{}, true
	}
	return readTime(s)
}

func readTime(s string) (time.Time, bool) {
	// RFC 3339 allows small letters, and a second 60.
	s = strings.Replace(strings.ToUpper(strings.TrimSpace(s)), " T", "T", 1)
	leap := time.Duration(0)
	if len(s) >= 19 && s[13] == ':' && s[16:19] == ":60" {
		s, leap = s[:16]+":59"+s[19:], time.Second
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil && sane(t) {
			return t.UTC().Truncate(time.Millisecond).Add(leap), true
		}
	}
	if ms, err := strconv.ParseInt(s, 10, 64); err == nil && len(s) >= 12 && len(s) <= 14 {
		return time.UnixMilli(ms).UTC(), true
	}
	return time.Time{}, false
}

// sane keeps out years that no store of milliseconds can hold.
func sane(t time.Time) bool { return t.Year() > 1900 && t.Year() < 3000 }

func (r row) list(names ...string) []json.RawMessage {
	v, _ := r.find(names...)
	var out []json.RawMessage
	if json.Unmarshal(v, &out) != nil {
		return nil
	}
	return out
}

// texts reads a list of strings, or one string in place of the list.
func (r row) texts(names ...string) []string {
	var out []string
	list := r.list(names...)
	if list != nil {
		out = []string{}
	}
	for _, v := range list {
		if s := textOf(v); s != "" {
			out = append(out, s)
		}
	}
	if out == nil {
		if s := r.text(names...); s != "" {
			out = []string{s}
		}
	}
	return out
}

// sub reads an object, also one that is given as a string that holds it.
func (r row) sub(names ...string) row {
	v, _ := r.find(names...)
	if len(v) > 0 && v[0] == '"' {
		v = json.RawMessage(textOf(v))
		if !looksJSON(v) || tooDeep(v) {
			return nil
		}
	}
	s, _ := readRow(v)
	return s
}

// oneOrMore are the values of a list, or the one value that stands in its place;
// a string may hold either.
func oneOrMore(v json.RawMessage) []json.RawMessage {
	v = bytes.TrimSpace(v)
	if len(v) > 0 && v[0] == '"' {
		if inner := []byte(strings.TrimSpace(textOf(v))); looksJSON(inner) && !tooDeep(inner) && json.Valid(inner) {
			v = inner
		}
	}
	var out []json.RawMessage
	switch {
	case len(v) == 0 || string(v) == "null":
	case v[0] != '[':
		return []json.RawMessage{v}
	case json.Unmarshal(v, &out) != nil:
		return nil
	}
	return out
}

// tags reads [{name, value}] under a name.
func (r row) tags(name string) []api.Tag {
	list := r.list(name)
	if list == nil {
		return nil // not said
	}
	out := []api.Tag{}
	for _, v := range list {
		t, ok := readRow(v)
		if !ok {
			continue
		}
		value, _ := t.find("value")
		out = append(out, api.Tag{Name: t.text("name"), Value: slices.Clone(value)})
	}
	return out
}

// digest is a stable id for something the platform gave none.
func digest(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(strconv.Itoa(len(p))))
		h.Write([]byte{':'})
		h.Write([]byte(p))
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// stamp writes a time as the platform wants it: UTC, milliseconds, never bare
// dates (reference 2.1).
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// unexpected is a 200 without the key that every such answer has. Names of keys
// are told, values never.
func unexpected(endpoint string, a *answer) error {
	var keys []string
	for k := range a.object {
		keys = append(keys, cleanText(k, 40))
	}
	slices.Sort(keys)
	said := "keys: " + strings.Join(keys[:min(len(keys), 10)], ", ")
	if len(keys) == 0 {
		said = "keys: none"
	}
	return &api.Error{Kind: api.Encrypted, Endpoint: endpoint, Status: 200, Said: cleanText(said, saidMax)}
}

func unreadable(endpoint, why string) error {
	return &api.Error{Kind: api.Unreadable, Endpoint: endpoint, Status: 200, Said: why}
}

// envelope takes the rows of {total, moreAvailable, <key>: [...]}. That there
// are none needs a positive answer: an empty list, or a total of zero where the
// list is left out. Anything else without a list is not read as empty.
func (a *answer) envelope(endpoint, key string) (chunk[json.RawMessage], error) {
	if a.object == nil {
		return chunk[json.RawMessage]{}, unreadable(endpoint, "a list in place of an object")
	}
	o := row(a.object)
	out := chunk[json.RawMessage]{more: o.boolean("moreAvailable", "availableMore"), total: o.number("total")}
	raw, ok := o.find(key)
	absent := !ok || string(bytes.TrimSpace(raw)) == "null"
	switch {
	case absent && out.total == api.Known(0) && !out.more.Value:
		return out, nil
	case !ok && !out.more.Known && !out.total.Known:
		return out, unexpected(endpoint, a)
	case absent:
		return out, unreadable(endpoint, "it has no list of "+key)
	}
	if json.Unmarshal(raw, &out.rows) != nil {
		return out, unreadable(endpoint, key+" is not a list")
	}
	return out, nil
}
