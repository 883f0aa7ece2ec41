package jsontree

import (
	"bytes"

	"korescope/ui/text"
)

type kind uint8

const (
	object kind = iota
	array
	str
	num
	literal // true, false, null
	note    // a row of ours: cut here, fault, more
	plain   // text that is not JSON
)

// source is a text that nodes point into: the payload, or what a string in it
// decodes to.
type source struct {
	data []byte
	from int    // where the value starts
	at   int    // where a check of it ended
	end  ending // how; going when it was not checked
	mask Mask
}

// node is one value. Its members are found when it is opened first.
type node struct {
	up             *node
	src            *source
	from, to       int
	keyFrom, keyTo int
	ord            int // place among the members of up
	kind           kind
	cut            bool // the text ends inside the value

	open   bool
	raw    bool // opened as text instead of members
	loaded bool

	probed bool    // what follows is decided
	masked bool    // shown stands for the value
	shown  string  // what the mask lets see
	inner  *source // the JSON that the string holds

	kids    []*node
	walk    level // continues after the last member
	members int   // how many there are, -1 unknown
	keyCols int   // widest key among the members, in cells
	kidRows int
	label   text.Safe // how long the string is
	words   text.Safe // of a note
	lines   []line    // when opened as text
}

const (
	page       = 1 << 16 // members found at once
	countBelow = 1 << 18 // containers above are not counted before they are opened
)

func (n *node) value() []byte { return n.src.data[n.from:n.to] }

// key is the decoded key, "" for an element of an array.
func (n *node) key() string {
	if n.keyTo == 0 {
		return ""
	}
	return string(unquote(body(n.src.data[n.keyFrom:n.keyTo])))
}

func (n *node) container() bool { return n.kind == object || n.kind == array }

// probe asks the mask and looks into strings, once.
func (n *node) probe() {
	if n.probed {
		return
	}
	n.probed = true
	mask := n.src.mask
	if mask != nil && n.kind != note && n.kind != plain {
		value := ""
		if !n.container() {
			value = string(n.decoded())
		}
		n.shown, n.masked = mask(n.key(), value)
	}
	if n.kind != str || !bracket(body(n.value())) {
		return
	}
	if n.masked {
		n.inner = inner([]byte(n.shown), mask)
	} else {
		n.inner = inner(n.decoded(), mask)
	}
}

// holds is the JSON inside a string, nil when there is none.
func (n *node) holds() *source {
	n.probe()
	return n.inner
}

// branch reports that the node opens to members.
func (n *node) branch() bool {
	if n.container() {
		n.probe()
		return !n.masked && !n.bare()
	}
	return n.kind == str && n.holds() != nil
}

// bare reports an empty container.
func (n *node) bare() bool {
	v := n.value()
	i := blank(v, 1)
	return !n.cut && i < len(v) && (v[i] == '}' || v[i] == ']')
}

// decoded is the value as text: a string without its quotes, anything else as
// it is written.
func (n *node) decoded() []byte {
	if n.kind == str {
		return unquote(body(n.value()))
	}
	return n.value()
}

// text is what the node shows when it is opened as text, and what is copied.
func (n *node) text() []byte {
	n.probe()
	switch {
	case n.masked && n.inner == nil:
		return []byte(n.shown)
	case n.inner != nil:
		return redact(n.inner.data, n.src.mask)
	case n.container():
		return redact(n.value(), n.src.mask)
	case n.kind == plain:
		return redact(n.value(), n.src.mask)
	}
	return n.decoded()
}

// front is about the first most bytes of a text, and whether that is all.
func (n *node) front(most int) (b []byte, whole bool) {
	n.probe()
	if n.kind != str || n.masked || n.inner != nil {
		b := n.text()
		return b[:min(len(b), most)], len(b) <= most
	}
	b = body(n.value())
	return unquote(b[:min(len(b), most)]), len(b) <= most
}

// bracket reports that the body of a string may begin an object or array.
func bracket(b []byte) bool {
	b = bytes.TrimLeft(b, " \n\r\t")
	for len(b) > 1 && b[0] == '\\' && (b[1] == 'n' || b[1] == 't' || b[1] == 'r') {
		b = bytes.TrimLeft(b[2:], " \n\r\t")
	}
	return len(b) > 0 && (b[0] == '{' || b[0] == '[')
}

// inner is the JSON object or array that a string holds, nil for none. What is
// cut or faulty counts when enough of it is JSON to be meant as such.
func inner(data []byte, mask Mask) *source {
	s := &source{data: data, from: blank(data, 0), mask: mask}
	if s.from == len(data) || data[s.from] != '{' && data[s.from] != '[' {
		return nil
	}
	s.at, s.end = check(data, s.from)
	if rest := blank(data, s.at); s.end == closed && rest < len(data) {
		s.at, s.end = rest, fault
	}
	if s.end != closed && !meant(s) {
		return nil
	}
	return s
}

// meant tells JSON that was cut or went wrong from prose in brackets.
func meant(s *source) bool {
	l := enter(s.data, s.from)
	if l.object {
		// A key with its colon is enough.
		m, _ := l.head()
		return m.keyTo > 0 && l.end != fault
	}
	m, ok := l.next()
	if !ok {
		return false
	}
	if m.kind == object {
		first := enter(s.data, m.from)
		m, _ := first.head()
		return m.keyTo > 0 && first.end != fault
	}
	return s.end == cut && !m.cut
}
