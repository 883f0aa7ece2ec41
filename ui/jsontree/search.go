package jsontree

import (
	"bytes"
	"context"
	"fmt"
)

// mostHits is how many hits are kept. What is beyond is not looked for.
const mostHits = 10_000

// Hits is what Search found, in the order of the tree.
type Hits struct {
	Pattern string
	More    bool // there are more than are listed
	list    []hit
}

// Len is how many hits there are.
func (h Hits) Len() int { return len(h.list) }

// hit is one match: the places of the members from the top down, and where in
// the value.
type hit struct {
	path []int32
	key  bool // in the key, not in the value
	raw  bool // in a part of the string that did not open as JSON
	at   int  // byte in the text of a string
}

// Search looks for words in keys and values of the JSON text data, also in
// strings that hold JSON. Words are a regular expression when they compile as
// one and plain text otherwise; without a capital, case does not count. What
// mask hides is not searched. It stops with the error of ctx, and at 10,000
// hits. It may run beside a tree of the same data.
func Search(ctx context.Context, data []byte, words string, mask Mask) (Hits, error) {
	s := searcher{ask: ctx.Err, p: compile(words), mask: mask}
	s.hits.Pattern = words
	if words == "" {
		return s.hits, nil
	}
	root := survey(data, mask)
	switch root.kind {
	case note:
	case plain:
		s.text(root.text(), true)
	default:
		s.value(&scan{data: data, next: -1}, root.from, "", 0)
	}
	if s.err != nil {
		return Hits{Pattern: words}, fmt.Errorf("find %s: %w", quote(words), s.err)
	}
	return s.hits, nil
}

// scan is a text under search.
type scan struct {
	data []byte
	next int // the first place from which on the pattern may be there
}

type searcher struct {
	ask   func() error // why the search has to stop
	p     *pattern
	mask  Mask
	hits  Hits
	path  []int32
	steps int
	err   error
}

// stopped reports that nothing more is wanted. It asks the context from time to
// time.
func (s *searcher) stopped() bool {
	if s.steps++; s.steps%512 == 1 && s.err == nil {
		s.err = s.ask()
	}
	return s.err != nil || s.hits.More
}

// value searches the value at i and is where it ends and how.
func (s *searcher) value(in *scan, i int, key string, depth int) (int, ending) {
	if s.stopped() {
		return i, cut
	}
	if c := in.data[i]; c == '{' || c == '[' {
		return s.container(in, i, key, depth)
	}
	to, k, end := skip(in.data, i)
	if end != fault && in.may(s.p, i, to) {
		s.scalar(in.data[i:to], k, key)
	}
	return to, end
}

func (s *searcher) container(in *scan, i int, key string, depth int) (int, ending) {
	// Two levels of records are passed over at once when nothing is in them.
	// Deeper it would cost more than it saves.
	if depth <= 2 || depth >= deepest || s.hides(key) {
		to, end := skipContainer(in.data, i)
		if depth >= deepest || !in.may(s.p, i, to) || s.hides(key) {
			return to, end
		}
	}
	l := enter(in.data, i)
	for ord := int32(0); ; ord++ {
		m, ok := l.head()
		if !ok {
			break
		}
		s.path = append(s.path, ord)
		key, before := "", len(s.hits.list)
		if m.keyTo > 0 {
			key = string(unquote(body(in.data[m.keyFrom:m.keyTo])))
			if s.p.in([]byte(key), 1) != nil {
				s.add(hit{key: true})
			}
		}
		var end ending
		l.at, end = s.value(in, m.from, key, depth+1)
		s.path = s.path[:len(s.path)-1]
		if s.err != nil || s.hits.More {
			return l.at, cut
		}
		if end == fault {
			s.hits.list = s.hits.list[:before] // the tree has no such member
		}
		if end != closed {
			l.end = end
			break
		}
	}
	if l.end == closed {
		return l.at, closed
	}
	// A faulty container is passed over as the tree does it.
	return skipContainer(in.data, i)
}

func (s *searcher) hides(key string) bool {
	if s.mask == nil {
		return false
	}
	_, masked := s.mask(key, "")
	return masked
}

// may reports whether the pattern can be in data[from:to]. A literal that JSON
// never escapes stands there as it is, unless characters are written as \u00XX.
func (in *scan) may(p *pattern, from, to int) bool {
	if !p.bare {
		return true
	}
	if in.next < from {
		in.next = len(in.data)
		if n := p.index(in.data[from:]); n >= 0 {
			in.next = from + n
		}
		if n := bytes.Index(in.data[from:in.next], []byte(`\u00`)); n >= 0 {
			in.next = from + n
		}
	}
	return in.next < to
}

// scalar searches one value that is no container.
func (s *searcher) scalar(lit []byte, k kind, key string) {
	b := lit
	if k == str {
		b = unquote(body(lit))
	}
	if s.mask != nil {
		if shown, masked := s.mask(key, string(b)); masked && k != str {
			return
		} else if masked {
			b = []byte(shown)
		}
	}
	if k == str && bracket(body(lit)) {
		if in := inner(b, s.mask); in != nil {
			s.value(&scan{data: in.data, next: -1}, in.from, "", 0)
			if in.end != closed {
				s.tail(b, in.at)
			}
			return
		}
	}
	s.text(b, false)
}

// tail searches what of a string did not open as JSON.
func (s *searcher) tail(b []byte, from int) {
	for _, m := range s.p.in(b[from:], mostHits) {
		s.add(hit{at: from + m[0], raw: true})
	}
}

func (s *searcher) text(b []byte, raw bool) {
	for _, m := range s.p.in(b, mostHits+1) {
		s.add(hit{at: m[0], raw: raw})
	}
}

func (s *searcher) add(h hit) {
	if len(s.hits.list) == mostHits {
		s.hits.More = true
		return
	}
	h.path = append([]int32(nil), s.path...)
	s.hits.list = append(s.hits.list, h)
}
