package jsontree

import (
	"bytes"

	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// rowWriter fills one row and cuts what does not fit.
type rowWriter struct {
	spans []canvas.Span
	left  int // cells
	fill  theme.Token
	find  *finder
}

// finder looks for the pattern in lines. Rows of one line follow each other, so
// it remembers the last.
type finder struct {
	p    *pattern
	line string
	hits [][]int
}

const mostMarked = 1000 // matches marked in one line

func (f *finder) in(line string) [][]int {
	if f == nil || f.p == nil {
		return nil
	}
	if line != f.line {
		f.line, f.hits = line, f.p.in([]byte(line), mostMarked)
	}
	return f.hits
}

// put adds words.
func (r *rowWriter) put(token theme.Token, words text.Safe) {
	if r.left <= 0 || words.Empty() {
		return
	}
	words = words.Cut(r.left)
	r.left -= words.Width()
	r.spans = append(r.spans, canvas.S(token, words))
}

// match adds words with what find looks for marked.
func (r *rowWriter) match(token theme.Token, words text.Safe) {
	r.matchIn(token, line{whole: words, row: words})
}

// matchIn adds the row of l. It looks in the whole line, so that a match that
// is broken over two rows is marked in both.
func (r *rowWriter) matchIn(token theme.Token, l line) {
	at, end := 0, len(l.row.String())
	for _, hit := range r.find.in(l.whole.String()) {
		from, to := max(hit[0]-l.from, at), min(hit[1]-l.from, end)
		if from >= to {
			continue
		}
		r.put(token, l.row.Slice(at, from))
		r.put(theme.Match, l.row.Slice(from, to))
		at = to
	}
	r.put(token, l.row.Slice(at, end))
}

// line is the row, padded.
func (r *rowWriter) line() canvas.Line {
	if r.left > 0 {
		r.spans = append(r.spans, canvas.S(theme.Plain, text.Blank(r.left)))
	}
	return canvas.Line{Spans: r.spans, Fill: r.fill}
}

// preview is the front of what a closed object or array holds, in about w cells.
func (n *node) preview(w int) text.Safe {
	src, from := n.src, n.from
	if n.inner != nil {
		src, from = n.inner, n.inner.from
	}
	l := enter(src.data, from)
	var parts []text.Safe
	for used := 0; used < w; {
		m, ok := l.head()
		if !ok {
			break
		}
		part := shortly(src, &l, m)
		if part.Empty() && !l.object {
			break // brackets alone say nothing
		}
		if l.object {
			if part.Empty() {
				part = text.Lit("…")
			}
			key := text.Clean(string(unquote(body(src.data[m.keyFrom:m.keyTo])))).Cut(keyMost)
			part = text.Join(" ", key, part)
		}
		parts = append(parts, part)
		used += part.Width() + 2
		if l.at < 0 {
			break // the member is too long to look for the next one
		}
	}
	if l.object {
		return text.Join("  ", parts...)
	}
	return text.Join(", ", parts...)
}

const previewText = 40 // cells of one value in a preview

// shortly is the value of m in a few cells. It moves l behind the value, or to
// -1 when that is far.
func shortly(src *source, l *level, m member) text.Safe {
	const far = 4096
	data := src.data
	window := data[:min(len(data), m.from+far)]
	to, k, end := skip(window, m.from)
	l.at = to
	if end == cut && len(window) < len(data) {
		l.at = -1
	} else if end != closed {
		l.at = -1
	}
	value := window[m.from:to]
	if k == str {
		value = unquote(body(value))
	}
	if src.mask != nil {
		key, asked := string(unquote(body(data[m.keyFrom:m.keyTo]))), ""
		if k != object && k != array {
			asked = string(value)
		}
		if shown, masked := src.mask(key, asked); masked {
			return text.Clean(shown).Cut(previewText)
		}
	}
	switch k {
	case object, array:
		return text.Safe{}
	case str:
		value = value[:min(len(value), 8*previewText)]
		if src.mask != nil && bracket(value) {
			return text.Lit("{s}")
		}
		return text.Join("", text.Lit(`"`), text.Clean(string(value)).Cut(previewText), text.Lit(`"`))
	}
	return text.Clean(string(value)).Cut(previewText)
}

func lineCount(b []byte) int {
	return bytes.Count(bytes.TrimSuffix(b, []byte{'\n'}), []byte{'\n'}) + 1
}
