package jsontree

import (
	"strconv"
	"strings"
)

// Path is the jq path of the node under the cursor, with "| fromjson" where a
// string is opened: .["Request Payload"].messages[13].content | fromjson | .error
func (t *Tree) Path() string {
	n, _ := t.at(t.cursor)
	return n.path()
}

// Key is the key, or the place in its array, of the node under the cursor.
func (t *Tree) Key() string {
	n, _ := t.at(t.cursor)
	if n.keyTo == 0 && n.up != nil {
		return strconv.Itoa(n.ord)
	}
	return n.key()
}

// Value is the value under the cursor: of a string its text, of anything else
// the JSON as it is written, with what the mask hides replaced.
func (t *Tree) Value() string {
	n, _ := t.at(t.cursor)
	if n.kind == note {
		if n.up == nil {
			return ""
		}
		n = n.up
	}
	return string(n.text())
}

func (n *node) path() string {
	var chain []*node
	for ; n.up != nil; n = n.up {
		if n.kind != note {
			chain = append(chain, n)
		}
	}
	var b strings.Builder
	fresh := true
	for i := len(chain) - 1; i >= 0; i-- {
		n := chain[i]
		if n.up.kind == str {
			if fresh {
				b.WriteByte('.')
			}
			b.WriteString(" | fromjson | ")
			fresh = true
		}
		n.step(&b, fresh)
		fresh = false
	}
	if fresh {
		b.WriteByte('.')
	}
	return b.String()
}

// step writes the last part of the path of n.
func (n *node) step(b *strings.Builder, fresh bool) {
	key := n.key()
	if n.keyTo > 0 && identifier(key) {
		b.WriteByte('.')
		b.WriteString(key)
		return
	}
	if fresh {
		b.WriteByte('.')
	}
	b.WriteByte('[')
	if n.keyTo > 0 {
		b.WriteString(quote(key))
	} else {
		b.WriteString(strconv.Itoa(n.ord))
	}
	b.WriteByte(']')
}

func identifier(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i] | 0x20
		if ok := c >= 'a' && c <= 'z' || s[i] == '_' || i > 0 && s[i] >= '0' && s[i] <= '9'; !ok {
			return false
		}
	}
	return s != ""
}
