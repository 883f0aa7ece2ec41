package sim

import (
	"strconv"
	"unicode/utf8"
)

// An answer is a tree of obj, []any, strings, numbers, booleans and nil. It is
// not a struct because the order of keys is part of the wire, and because the
// shape faults must be able to write what no struct can hold: a key twice, a
// number as a string.

type field struct {
	key string
	val any
}

type obj []field

// ob makes an object from alternating keys and values.
func ob(pairs ...any) obj {
	out := make(obj, 0, len(pairs)/2+2)
	for i := 0; i+1 < len(pairs); i += 2 {
		out = append(out, field{pairs[i].(string), pairs[i+1]})
	}
	return out
}

func (o obj) with(pairs ...any) obj { return append(o, ob(pairs...)...) }

// at finds the value of a key.
func (o obj) at(key string) (any, bool) {
	for _, f := range o {
		if f.key == key {
			return f.val, true
		}
	}
	return nil, false
}

// set replaces the value of a key that exists.
func (o obj) set(key string, val any) {
	for i := range o {
		if o[i].key == key {
			o[i].val = val
		}
	}
}

// list turns typed slices into the one list type that trees have.
func list[T any](of []T) []any {
	out := make([]any, len(of))
	for i, v := range of {
		out[i] = v
	}
	return out
}

// raw is JSON, or deliberately not JSON, that is written as it is.
type raw []byte

// encode writes a tree as JSON without blanks and without escaping HTML, as the
// platform does. Ill-formed UTF-8 becomes U+FFFD; faults that want bad bytes
// put them in afterwards.
func encode(dst []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(dst, "null"...)
	case string:
		return quote(dst, v)
	case bool:
		return strconv.AppendBool(dst, v)
	case int:
		return strconv.AppendInt(dst, int64(v), 10)
	case int64:
		return strconv.AppendInt(dst, v, 10)
	case float64:
		return strconv.AppendFloat(dst, v, 'f', -1, 64)
	case raw:
		return append(dst, v...)
	case obj:
		return encodeObj(dst, v)
	case []any:
		dst = append(dst, '[')
		for i, e := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = encode(dst, e)
		}
		return append(dst, ']')
	case []string:
		return encode(dst, list(v))
	case []obj:
		return encode(dst, list(v))
	}
	panic("sim: a value of this type has no place in a tree") // a mistake in this package, found by every test
}

func encodeObj(dst []byte, o obj) []byte {
	dst = append(dst, '{')
	for i, f := range o {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = quote(dst, f.key)
		dst = append(dst, ':')
		dst = encode(dst, f.val)
	}
	return append(dst, '}')
}

func quote(dst []byte, s string) []byte {
	dst = append(dst, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 {
				dst = append(append(dst, s[from:i]...), "\ufffd"...)
				from = i + 1
			}
			i += n
			continue
		}
		if c >= ' ' && c != '"' && c != '\\' {
			i++
			continue
		}
		dst = append(dst, s[from:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\t':
			dst = append(dst, '\\', 't')
		case '\r':
			dst = append(dst, '\\', 'r')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		from = i
	}
	return append(append(dst, s[from:]...), '"')
}

// text is a tree as a string, for JSON inside strings.
func text(v any) string { return string(encode(nil, v)) }

// plain rewrites typed slices so that walkers meet only obj and []any.
func plain(v any) any {
	switch v := v.(type) {
	case []obj:
		return plain(list(v))
	case []string:
		return list(v)
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = plain(e)
		}
		return out
	case obj:
		out := make(obj, len(v))
		for i, f := range v {
			out[i] = field{f.key, plain(f.val)}
		}
		return out
	}
	return v
}
