package payload

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"
)

// Dots stand where a secret stood.
const Dots = "•••"

// Hide is a JSON document with dots in place of everything that stands under a
// secret's name, also inside strings that hold JSON. Order, spelling and shape
// of the rest are kept; what hides nothing comes back as it is. What is no valid
// JSON is treated as text.
func Hide(raw []byte) []byte {
	if len(raw) == 0 {
		return raw
	}
	if _, ok := parse(raw); !ok {
		return []byte(HideText(string(raw)))
	}
	h := hider{in: plainQuotes(raw)}
	h.run()
	if h.done == 0 {
		h.in = raw
	}
	return []byte(hideQueries(string(h.result())))
}

// HideText is a text with dots in place of secrets: under a secret's name in the
// JSON it holds, cut and surrounded by words as it may be, and in the queries of
// links.
func HideText(s string) string {
	if !strings.ContainsAny(s, `"'=`) {
		return s
	}
	h := hider{in: []byte(s), loose: true}
	h.run()
	return hideQueries(string(h.result()))
}

// plainQuotes spells the quotes of strings inside strings in the usual way: some
// write them as \\u0022.
func plainQuotes(raw []byte) []byte {
	mark := []byte(`\u0022`)
	if !bytes.Contains(raw, mark) {
		return raw
	}
	var out []byte
	for i := 0; i < len(raw); i++ {
		switch {
		case raw[i] != '\\':
			out = append(out, raw[i])
		case bytes.HasPrefix(raw[i:], mark):
			out = append(out, '\\', '"')
			i += len(mark) - 1
		default:
			out = append(out, raw[i], raw[i+1]) // valid: something follows
			i++
		}
	}
	return out
}

// Secrets lists where secrets stand in a JSON document, as paths in the manner
// of jq, also inside strings that hold JSON. Nil when there are none.
func Secrets(raw []byte) []string {
	v, ok := parse(raw)
	if !ok {
		return nil
	}
	return secretsIn(v, "", nil, nestedMost)
}

func secretsIn(v value, path string, out []string, layers int) []string {
	switch v.kind() {
	case record:
		for _, m := range v.object() {
			at := path + pathKey(m.key)
			if SecretName(m.key) && m.val.kind() != null {
				out = append(out, at)
				continue
			}
			out = secretsIn(m.val, at, out, layers)
		}
	case list:
		for i, e := range v.items() {
			out = secretsIn(e, path+"["+strconv.Itoa(i)+"]", out, layers)
		}
	case text:
		if inner, ok := nestedJSON(unquote(v)); ok && layers > 0 {
			out = secretsIn(inner, path+" | fromjson | ", out, layers-1)
		}
	}
	return out
}

func pathKey(key string) string {
	for i, r := range key {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r)) {
			return `[` + string(requote(key)) + `]`
		}
	}
	return "." + key
}

// nestedMost is how many layers of JSON inside strings are opened.
const nestedMost = 4

// nestedJSON is the object or list that a string holds.
func nestedJSON(s string) (value, bool) {
	s = strings.TrimSpace(s)
	if len(s) < 2 || s[0] != '{' && s[0] != '[' {
		return nil, false
	}
	return parse([]byte(s))
}

// hider copies a text and leaves out what stands under a secret's name. It looks
// for the name in quotes and a colon, wherever they stand: a document, a piece of
// one, or a string inside a string, whose quotes carry backslashes.
type hider struct {
	in    []byte
	out   []byte
	done  int  // bytes of in that are in out
	loose bool // in is a text with JSON in it, not a document
}

func (h *hider) result() []byte {
	if h.done == 0 {
		return h.in
	}
	return append(h.out, h.in[h.done:]...)
}

func (h *hider) run() {
	for i := 0; i < len(h.in); i++ {
		if c := h.in[i]; c == '"' || c == '\'' && h.loose {
			if from, to, mark := h.secret(i); to > from {
				h.out = append(append(append(append(h.out, h.in[h.done:from]...), mark...), Dots...), mark...)
				h.done = to
				i = to - 1
			}
		}
	}
}

// nameMost is how long a name of a field may be to be looked at.
const nameMost = 100

// secret is the value whose name begins with the quote at i, when that is a
// secret's name, and the quotes that stand around strings there.
func (h *hider) secret(i int) (from, to int, mark []byte) {
	u := h.depth(i, 0)
	end := i + 1
	for ; ; end++ {
		if end >= len(h.in) || end > i+nameMost || h.in[end] == '\n' {
			return 0, 0, nil
		}
		if h.in[end] == h.in[i] && h.depth(end, i+1) == u {
			break
		}
	}
	name := h.in[i+1 : max(end-u+1, i+1)]
	at := blanks(h.in, end+1)
	if at >= len(h.in) || h.in[at] != ':' {
		return 0, 0, nil
	}
	from = blanks(h.in, at+1)
	if from >= len(h.in) || h.in[from] == ',' || h.in[from] == '}' || bytes.HasPrefix(h.in[from:], []byte("null")) {
		return 0, 0, nil
	}
	spelled := string(name)
	if bytes.IndexByte(name, '\\') >= 0 {
		spelled = unquote([]byte(`"` + spelled + `"`))
	}
	if !SecretName(spelled) {
		return 0, 0, nil
	}
	mark = append(bytes.Repeat([]byte{'\\'}, u-1), h.in[i])
	if !h.loose && u == 1 {
		return from, pass(h.in, from), mark
	}
	return from, h.valueEnd(from, u), mark
}

// depth tells in how many strings a quote stands, from the backslashes before
// it: 1 for none, 2 for one string around, 4 for two.
func (h *hider) depth(i, least int) int {
	n := 1
	for i-n >= least && h.in[i-n] == '\\' {
		n++
	}
	return n & -n
}

// valueEnd is where a value inside u strings ends, as far as the text goes.
func (h *hider) valueEnd(from, u int) int {
	i := from
	for i < len(h.in) && h.in[i] == '\\' {
		i++
	}
	if i >= len(h.in) {
		return i
	}
	switch c := h.in[i]; c {
	case '"', '\'':
		return h.stringEnd(i, u)
	case '{', '[':
		open := 0
		for ; i < len(h.in); i++ {
			switch h.in[i] {
			case '"':
				if h.depth(i, from) < u {
					return i // the string around has ended
				}
				i = h.stringEnd(i, u) - 1
			case '{', '[':
				open++
			case '}', ']':
				if open--; open == 0 {
					return i + 1
				}
			}
		}
		return i
	}
	for i < len(h.in) && bytes.IndexByte([]byte(",]}\n\"\\"), h.in[i]) < 0 {
		i++
	}
	return i
}

// stringEnd is behind the quote that closes the one at i.
func (h *hider) stringEnd(i, u int) int {
	for end := i + 1; end < len(h.in); end++ {
		if h.in[end] != h.in[i] {
			continue
		}
		switch at := h.depth(end, i+1); {
		case at == u:
			return end + 1
		case at < u:
			return end - at + 1
		}
	}
	return len(h.in)
}

// hideQueries hides the values of secret names in the queries of links.
func hideQueries(s string) string {
	if !strings.Contains(s, "://") {
		return s
	}
	var b strings.Builder
	done, query := 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '?' || c == '&' || c == '#':
			query = true
		case c == '=' && query:
			name := s[strings.LastIndexAny(s[:i], "?&#")+1 : i]
			to := i + 1
			for to < len(s) && !strings.ContainsRune("&# \t\r\n\"'<>\\", rune(s[to])) {
				to++
			}
			if SecretName(name) && to > i+1 {
				b.WriteString(s[done:i+1] + Dots)
				done = to
			}
			i = to - 1
		case c <= ' ' || c == '"':
			query = false
		}
	}
	if done == 0 {
		return s
	}
	return b.String() + s[done:]
}
