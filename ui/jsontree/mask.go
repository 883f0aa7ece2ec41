package jsontree

import "bytes"

// redact is the JSON text data with everything replaced that mask hides, also
// inside strings that hold JSON. Without a mask, or when nothing is hidden, it
// is data itself.
func redact(data []byte, mask Mask) []byte {
	if mask == nil {
		return data
	}
	r := redactor{mask: mask}
	if to, ok := r.value(data, blank(data, 0), "", 0); !ok || blank(data, to) < len(data) {
		r.loose(data, to)
	}
	if r.out == nil {
		return data
	}
	r.keep(data, len(data))
	return r.out
}

// redactor copies what may be seen.
type redactor struct {
	mask Mask
	out  []byte
	done int // bytes of the data that are in out
}

func (r *redactor) keep(data []byte, to int) {
	r.out = append(r.out, data[r.done:to]...)
	r.done = to
}

func (r *redactor) replace(data []byte, from, to int, s string) {
	r.keep(data, from)
	r.out = append(r.out, quote(s)...)
	r.done = to
}

// value handles the value at i and is where it ends; ok is false where the text
// stops being JSON.
func (r *redactor) value(data []byte, i int, key string, depth int) (to int, ok bool) {
	if i == len(data) {
		return i, false
	}
	to, k, end := i, object, closed
	if c := data[i]; c == '[' {
		k = array
	} else if c != '{' {
		to, k, end = skip(data, i)
	}
	switch {
	case end == fault:
		return to, false
	case k == object || k == array:
		return r.container(data, i, key, depth)
	case k == str:
		r.text(data, i, to, key)
	default:
		if s, masked := r.mask(key, string(data[i:to])); masked {
			r.replace(data, i, to, s)
		}
	}
	return to, end == closed
}

func (r *redactor) container(data []byte, i int, key string, depth int) (int, bool) {
	if s, masked := r.mask(key, ""); masked || depth == deepest {
		to, end := skipContainer(data, i)
		r.replace(data, i, to, s)
		return to, end == closed
	}
	l := enter(data, i)
	for {
		m, ok := l.head()
		if !ok {
			return l.at, l.end == closed
		}
		key := ""
		if m.keyTo > 0 {
			key = string(unquote(body(data[m.keyFrom:m.keyTo])))
		}
		if l.at, ok = r.value(data, m.from, key, depth+1); !ok {
			return l.at, false
		}
	}
}

// longestKey bounds the search for keys where quotes do not pair up.
const longestKey = 128

// loose goes over text that is not JSON as a whole and takes what looks like a
// key with its value.
func (r *redactor) loose(data []byte, i int) {
	for i < len(data) {
		n := bytes.IndexByte(data[i:], '"')
		if n < 0 {
			return
		}
		from := i + n
		i = from + 1 // the next quote may as well be the one before a key
		to, whole := skipString(data[:min(len(data), from+longestKey)], from)
		colon := blank(data, to)
		if !whole || colon == len(data) || data[colon] != ':' {
			continue
		}
		if value := blank(data, colon+1); value < len(data) && value >= r.done {
			end, _ := r.value(data, value, string(unquote(body(data[from:to]))), 0)
			i = max(end, value)
		}
	}
}

func (r *redactor) text(data []byte, from, to int, key string) {
	s := string(unquote(body(data[from:to])))
	shown, masked := r.mask(key, s)
	if !masked {
		shown = s
	}
	if in := inner([]byte(shown), r.mask); in != nil {
		if within := string(redact(in.data, r.mask)); within != shown {
			shown, masked = within, true
		}
	}
	if masked {
		r.replace(data, from, to, shown)
	}
}

// Bare is the value under the cursor as it was sent, when the mask hides it; false
// when all of it is shown, or what is hidden is somewhere inside it.
func (t *Tree) Bare() (string, bool) {
	n, _ := t.at(t.cursor)
	n.probe()
	switch {
	case n.kind == note || !n.masked || n.inner != nil:
		return "", false
	case n.kind == str:
		return string(n.decoded()), true
	}
	return string(n.value()), true
}
