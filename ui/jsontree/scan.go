package jsontree

import "bytes"

// ending says why a walk over JSON text stopped.
type ending uint8

const (
	going  ending = iota
	closed        // at the end of the value
	cut           // at the end of the text, inside the value
	fault         // at a byte that JSON does not allow there
)

// member is one element of an object or array, as offsets into its text.
type member struct {
	keyFrom, keyTo int // with the quotes; both 0 in an array
	from, to       int
	kind           kind
	cut            bool // the text ends inside the value
}

// level walks over the members of one container without looking into them
// further than needed to find their ends.
type level struct {
	data   []byte
	at     int
	object bool
	began  bool
	end    ending
}

// enter starts a walk over the container whose bracket is at at.
func enter(data []byte, at int) level {
	return level{data: data, at: at + 1, object: data[at] == '{'}
}

// next is the next member. When there is none, end says why and at says where.
func (l *level) next() (member, bool) {
	m, ok := l.head()
	if !ok {
		return m, false
	}
	to, k, end := skip(l.data, l.at)
	if end == fault {
		l.at, l.end = to, fault
		return m, false
	}
	m.to, m.kind, m.cut = to, k, end == cut
	if m.cut {
		l.end = cut
	}
	l.at = to
	return m, true
}

// head goes to the value of the next member and leaves passing it to the
// caller, who sets at.
func (l *level) head() (member, bool) {
	var m member
	if l.end != going || !l.separator() {
		return m, false
	}
	if l.object {
		m.keyFrom = l.at
		if !l.key() {
			return m, false
		}
		m.keyTo = l.at
		if l.at = blank(l.data, l.at); l.at == len(l.data) {
			l.end = cut
			return m, false
		}
		if l.data[l.at] != ':' {
			l.end = fault
			return m, false
		}
		if l.at = blank(l.data, l.at+1); l.at == len(l.data) {
			l.end = cut
			return m, false
		}
	}
	m.from = l.at
	return m, true
}

// separator passes the comma before a member, or the bracket at the end.
func (l *level) separator() bool {
	l.at = blank(l.data, l.at)
	if l.at == len(l.data) {
		l.end = cut
		return false
	}
	c := l.data[l.at]
	if c == '}' && l.object || c == ']' && !l.object {
		l.at++
		l.end = closed
		return false
	}
	if !l.began {
		l.began = true
		return true
	}
	if c != ',' {
		l.end = fault
		return false
	}
	if l.at = blank(l.data, l.at+1); l.at == len(l.data) {
		l.end = cut
		return false
	}
	return true
}

func (l *level) key() bool {
	if l.data[l.at] != '"' {
		l.end = fault
		return false
	}
	to, whole := skipString(l.data, l.at)
	if !whole {
		l.end = cut
		return false
	}
	l.at = to
	return true
}

// blank is the first byte from i on that is not white space.
func blank(data []byte, i int) int {
	for i < len(data) && (data[i] == ' ' || data[i] == '\n' || data[i] == '\t' || data[i] == '\r') {
		i++
	}
	return i
}

// skip is where the value at i ends: closed, cut, or the place of a fault.
func skip(data []byte, i int) (to int, k kind, end ending) {
	switch data[i] {
	case '{':
		to, end = skipContainer(data, i)
		return to, object, end
	case '[':
		to, end = skipContainer(data, i)
		return to, array, end
	case '"':
		to, whole := skipString(data, i)
		if !whole {
			return to, str, cut
		}
		return to, str, closed
	}
	return skipScalar(data, i)
}

// skipString is where the string whose quote is at i ends. Escapes are not
// checked: what cannot be decoded is shown as it is.
func skipString(data []byte, i int) (to int, whole bool) {
	for at := i + 1; ; {
		n := bytes.IndexByte(data[at:], '"')
		if n < 0 {
			return len(data), false
		}
		at += n
		slashes := 0
		for at-slashes-1 > i && data[at-slashes-1] == '\\' {
			slashes++
		}
		at++
		if slashes%2 == 0 {
			return at, true
		}
	}
}

// skipContainer counts brackets of both kinds alike; a wrong one is found when
// the container is opened.
func skipContainer(data []byte, i int) (int, ending) {
	depth := 0
	for i < len(data) {
		switch data[i] {
		case '"':
			to, whole := skipString(data, i)
			if !whole {
				return to, cut
			}
			i = to
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
			if depth == 0 {
				return i + 1, closed
			}
		}
		i++
	}
	return len(data), cut
}

// skipScalar passes a number, true, false or null.
func skipScalar(data []byte, i int) (to int, k kind, end ending) {
	to = i
	for to < len(data) && !delimiter(data[to]) {
		to++
	}
	word := data[i:to]
	for _, want := range [...]string{"true", "false", "null"} {
		if string(word) == want {
			return to, literal, closed
		}
		if to == len(data) && len(word) > 0 && len(word) < len(want) && want[:len(word)] == string(word) {
			return to, literal, cut
		}
	}
	n, whole := number(word)
	switch {
	case n == len(word) && whole:
		return to, num, closed
	case n == len(word) && n > 0 && to == len(data):
		return to, num, cut
	}
	return i + n, num, fault
}

func delimiter(c byte) bool {
	return c == ',' || c == ']' || c == '}' || c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == ':' || c == '"' || c == '[' || c == '{'
}

// number is how many bytes of word can begin a JSON number, and whether they
// are one.
func number(word []byte) (n int, whole bool) {
	digits := func() bool {
		from := n
		for n < len(word) && word[n] >= '0' && word[n] <= '9' {
			n++
		}
		return n > from
	}
	if n < len(word) && word[n] == '-' {
		n++
	}
	if n < len(word) && word[n] == '0' {
		n++
	} else if !digits() {
		return n, false
	}
	if n < len(word) && word[n] == '.' {
		n++
		if !digits() {
			return n, false
		}
	}
	if n < len(word) && (word[n] == 'e' || word[n] == 'E') {
		n++
		if n < len(word) && (word[n] == '+' || word[n] == '-') {
			n++
		}
		if !digits() {
			return n, false
		}
	}
	return n, true
}
