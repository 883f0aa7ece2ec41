package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
)

// IdentifyCall names a row of the model log by its whole content, whatever the
// order of its keys (reference 27.10): the platform gives no id, and rows of one
// second differ in nothing but their payloads. nth counts, from 0, the rows of
// one answer that are equal byte for byte: they are as many calls. raw must be
// valid JSON.
func IdentifyCall(raw []byte, nth int) CallID {
	sum := sha256.Sum256(canonical(raw))
	id := hex.EncodeToString(sum[:12])
	if nth > 0 {
		id += "-" + strconv.Itoa(nth+1)
	}
	return CallID(id)
}

// canonical writes a JSON document without blanks and with the keys of every
// object in order. Strings and numbers stay as they were spelt.
func canonical(raw []byte) []byte {
	c := canon{in: raw, out: make([]byte, 0, len(raw))}
	c.value()
	return c.out
}

type canon struct {
	in  []byte
	at  int
	out []byte
}

// member is a key of an object and where it stands in the output.
type member struct{ from, key, to int }

func (c *canon) value() {
	c.blanks()
	switch c.peek() {
	case '{':
		c.object()
	case '[':
		c.take()
		for c.blanks(); c.peek() != ']' && c.peek() != 0; c.blanks() {
			c.value()
			if c.blanks(); c.peek() == ',' {
				c.take()
			}
		}
		c.take()
	case '"':
		c.text()
	default:
		start := c.at
		for c.at < len(c.in) && !bytes.ContainsRune([]byte(",]} \t\r\n"), rune(c.in[c.at])) {
			c.at++
		}
		if c.out = append(c.out, c.in[start:c.at]...); c.at == start {
			c.at++ // no JSON: go on all the same
		}
	}
}

func (c *canon) object() {
	c.take()
	begin := len(c.out)
	var members []member
	for c.blanks(); c.peek() != '}' && c.peek() != 0; c.blanks() {
		m := member{from: len(c.out)}
		c.value()
		m.key = len(c.out)
		if c.blanks(); c.peek() == ':' {
			c.take()
			c.value()
		}
		m.to = len(c.out)
		members = append(members, m)
		if c.blanks(); c.peek() == ',' {
			c.at++
		}
	}
	c.arrange(begin, members)
	c.take()
}

// arrange puts the members written since begin in the order of their keys.
func (c *canon) arrange(begin int, members []member) {
	byKey := func(a, b member) int { return bytes.Compare(c.out[a.from:a.key], c.out[b.from:b.key]) }
	if slices.IsSortedFunc(members, byKey) {
		return
	}
	slices.SortStableFunc(members, byKey)
	sorted := make([]byte, 0, len(c.out)-begin)
	for _, m := range members {
		sorted = append(sorted, c.out[m.from:m.to]...)
	}
	copy(c.out[begin:], sorted)
}

func (c *canon) text() {
	start := c.at
	for c.at++; c.at < len(c.in) && c.in[c.at] != '"'; c.at++ {
		if c.in[c.at] == '\\' {
			c.at++
		}
	}
	c.at = min(c.at+1, len(c.in))
	c.out = append(c.out, c.in[start:c.at]...)
}

func (c *canon) blanks() {
	for c.at < len(c.in) && (c.in[c.at] == ' ' || c.in[c.at] == '\t' || c.in[c.at] == '\n' || c.in[c.at] == '\r') {
		c.at++
	}
}

func (c *canon) peek() byte {
	if c.at >= len(c.in) {
		return 0
	}
	return c.in[c.at]
}

func (c *canon) take() {
	if c.at < len(c.in) {
		c.out = append(c.out, c.in[c.at])
		c.at++
	}
}
