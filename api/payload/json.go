package payload

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// value is one JSON value without blanks around it, a piece of a document that
// is valid as a whole. Empty is absent. Nothing is decoded before it is asked
// for, and members keep the order and the spelling in which they were sent.
type value []byte

type member struct {
	key string
	val value
}

// object is the members of a JSON object in the order sent, doubled ones too.
type object []member

// parse takes a whole document; false when it is no valid JSON.
func parse(raw []byte) (value, bool) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || !json.Valid(raw) {
		return nil, false
	}
	return raw, true
}

// The kinds of a value; a number is any other byte.
const (
	absent  byte = 0
	text    byte = '"'
	record  byte = '{'
	list    byte = '['
	null    byte = 'n'
	yes     byte = 't'
	no      byte = 'f'
	numeric byte = '0'
)

func (v value) kind() byte {
	if len(v) == 0 {
		return absent
	}
	switch v[0] {
	case text, record, list, null, yes, no:
		return v[0]
	}
	return numeric
}

func (v value) object() object {
	if v.kind() != record {
		return nil
	}
	var out object
	for i := blanks(v, 1); v[i] != '}'; {
		end := pass(v, i)
		key := unquote(v[i:end])
		i = blanks(v, blanks(v, end)+1)
		end = pass(v, i)
		out = append(out, member{key, v[i:end:end]})
		if i = blanks(v, end); v[i] == ',' {
			i = blanks(v, i+1)
		}
	}
	return out
}

func (v value) items() []value {
	if v.kind() != list {
		return nil
	}
	var out []value
	for i := blanks(v, 1); v[i] != ']'; {
		end := pass(v, i)
		out = append(out, v[i:end:end])
		if i = blanks(v, end); v[i] == ',' {
			i = blanks(v, i+1)
		}
	}
	return out
}

func blanks(v []byte, i int) int {
	for i < len(v) && (v[i] == ' ' || v[i] == '\n' || v[i] == '\t' || v[i] == '\r') {
		i++
	}
	return i
}

// pass is where the value at i ends, in a valid document; in any other, a place
// behind i, or i where no value begins.
func pass(v []byte, i int) int {
	switch v[i] {
	case '"':
		return passString(v, i)
	case '{', '[':
		for depth := 0; i < len(v); i++ {
			switch v[i] {
			case '"':
				i = passString(v, i) - 1
			case '{', '[':
				depth++
			case '}', ']':
				if depth--; depth == 0 {
					return i + 1
				}
			}
		}
		return len(v)
	}
	for i < len(v) && !strings.ContainsRune(",]} \n\t\r", rune(v[i])) {
		i++
	}
	return i
}

// passString looks for the quote that closes: one after an even number of
// backslashes.
func passString(v []byte, i int) int {
	for at := i + 1; at < len(v); at++ {
		n := bytes.IndexByte(v[at:], '"')
		if n < 0 {
			break
		}
		at += n
		slashes := at
		for slashes-1 > i && v[slashes-1] == '\\' {
			slashes--
		}
		if (at-slashes)%2 == 0 {
			return at + 1
		}
	}
	return len(v)
}

func unquote(v []byte) string {
	var s string
	if json.Unmarshal(v, &s) != nil {
		return ""
	}
	return s
}

// get finds a member, the last of several, exact before another spelling of the
// same name: promptTokens for prompt_tokens.
func (o object) get(name string) value {
	for i := len(o) - 1; i >= 0; i-- {
		if o[i].key == name {
			return o[i].val
		}
	}
	name = fold(name)
	for i := len(o) - 1; i >= 0; i-- {
		if fold(o[i].key) == name {
			return o[i].val
		}
	}
	return nil
}

// fold is a name without capitals and joints, so that one row of a table serves
// finishReason, finish_reason and Finish-Reason.
func fold(s string) string {
	plain := true
	for i := range len(s) {
		if c := s[i]; c >= 'A' && c <= 'Z' || c == '_' || c == '-' || c == ' ' {
			plain = false
		}
	}
	if plain {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '_' || r == '-' || r == ' ':
			return -1
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// at follows a path of names with dots between; a number counts into a list.
func (o object) at(path string) value {
	name, rest, more := strings.Cut(path, ".")
	v := o.get(name)
	for more {
		name, rest, more = strings.Cut(rest, ".")
		if n, err := strconv.Atoi(name); err == nil {
			items := v.items()
			if n >= len(items) {
				return nil
			}
			v = items[n]
			continue
		}
		v = v.object().get(name)
	}
	return v
}

// first is the first of the paths that leads to something other than null.
func (o object) first(paths []string) value {
	for _, p := range paths {
		if v := o.at(p); v.kind() != absent && v.kind() != null {
			return v
		}
	}
	return nil
}

// text is the decoded string, "" for any other kind.
func (v value) text() string {
	if v.kind() != text {
		return ""
	}
	return unquote(v)
}

// word is a string, or a number or a boolean as it is written.
func (v value) word() string {
	switch v.kind() {
	case text:
		return unquote(v)
	case numeric, yes, no:
		return string(v)
	}
	return ""
}

// count is a number of things, also when it is written as a string.
func (v value) count() (int, bool) {
	s := strings.TrimSpace(v.word())
	if n, err := strconv.Atoi(s); err == nil {
		return n, n >= 0
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(f) || f < 0 || f > 1<<53 {
		return 0, false
	}
	return int(math.Round(f)), true
}

// hollowMost is how deep one looks for something inside; what is deeper is
// taken for something.
const hollowMost = 64

// hollow reports that there is nothing inside.
func (v value) hollow() bool { return v.hollowWithin(hollowMost) }

func (v value) hollowWithin(depth int) bool {
	if depth == 0 {
		return false
	}
	switch v.kind() {
	case absent, null, no:
		return true
	case text:
		return !Visible(unquote(v))
	case list:
		for _, e := range v.items() {
			if !e.hollowWithin(depth - 1) {
				return false
			}
		}
		return true
	case record:
		for _, m := range v.object() {
			if !m.val.hollowWithin(depth - 1) {
				return false
			}
		}
		return true
	}
	return false
}

// said is the value as words: a string as it is, anything else as JSON in one
// line.
func (v value) said() string {
	switch v.kind() {
	case absent, null:
		return ""
	case text:
		return unquote(v)
	}
	return v.line()
}

// line is the JSON without the blanks between its tokens. Letters written as
// \u escapes are letters again; everything else is spelt as it was sent.
func (v value) line() string {
	out := make([]byte, 0, len(v))
	for i := 0; i < len(v); {
		switch c := v[i]; c {
		case ' ', '\n', '\t', '\r':
			i++
		case '"':
			end := passString(v, i)
			out = append(out, letters(v[i:end])...)
			i = end
		default:
			out = append(out, c)
			i++
		}
	}
	return string(out)
}

// letters writes a quoted string with letters in place of their escapes, where
// a letter may stand so.
func letters(quoted []byte) []byte {
	if !bytes.Contains(quoted, []byte(`\u`)) {
		return quoted
	}
	s := unquote(quoted)
	if strings.ContainsRune(s, '\ufffd') {
		return quoted // half a pair: it has no letter
	}
	return requote(s)
}

func requote(s string) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(s) != nil {
		return []byte(`""`)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
