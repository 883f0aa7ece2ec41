package jsontree

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// body is the text between the quotes of the literal lit, which may be cut.
func body(lit []byte) []byte {
	if len(lit) == 0 {
		return lit
	}
	lit = lit[1:]
	if n := len(lit); n > 0 && lit[n-1] == '"' {
		slashes := 0
		for n-2-slashes >= 0 && lit[n-2-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return lit[:n-1]
		}
	}
	return lit
}

// unquote decodes the body of a JSON string. Escapes that JSON does not know
// stay as written; bytes that are no UTF-8 stay for the cleaner to mark.
func unquote(b []byte) []byte {
	n := bytes.IndexByte(b, '\\')
	if n < 0 {
		return b
	}
	out := make([]byte, 0, len(b))
	for {
		out = append(out, b[:n]...)
		b = b[n:]
		if len(b) == 1 {
			return out // cut inside an escape
		}
		used := 2
		switch c := b[1]; c {
		case '"', '\\', '/':
			out = append(out, c)
		case 'b', 'f', 'n', 'r', 't':
			out = append(out, "\b\f\n\r\t"[strings.IndexByte("bfnrt", c)])
		case 'u':
			var r rune
			if r, used = escaped(b); used > 0 {
				out = utf8.AppendRune(out, r)
				break
			}
			out = append(out, '\\', 'u')
			used = 2
		default:
			out = append(out, '\\', c)
		}
		b = b[used:]
		if n = bytes.IndexByte(b, '\\'); n < 0 {
			return append(out, b...)
		}
	}
}

// escaped is the character of the \u escape, or pair of them, at the front of
// b and its length, 0 for none.
func escaped(b []byte) (rune, int) {
	r, ok := hex4(b)
	if !ok {
		return 0, 0
	}
	if utf16.IsSurrogate(r) {
		if second, ok := hex4(b[6:]); ok {
			if pair := utf16.DecodeRune(r, second); pair != unicode.ReplacementChar {
				return pair, 12
			}
		}
		return unicode.ReplacementChar, 6
	}
	return r, 6
}

func hex4(b []byte) (rune, bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	var r rune
	for _, c := range b[2:6] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

// quote writes s as a JSON string in which nothing is hidden: what does not
// print is escaped.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
