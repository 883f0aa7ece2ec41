package payload

import (
	"bytes"
	"encoding/json"
	"strings"
)

// Piece is a stretch of a text: JSON, or words around it.
type Piece struct {
	Text string
	JSON bool
}

// splitMost bounds how many places of a text are tried as the begin of JSON.
const splitMost = 64

// Split takes a text apart into JSON objects and lists that begin at the begin of
// a line, and the words around them. Joined, the pieces are the text.
func Split(s string) []Piece {
	var out []Piece
	done, tries := 0, 0
	for i := 0; i < len(s) && tries < splitMost; {
		at := lineStart(s, i)
		if at < len(s) && (s[at] == '{' || s[at] == '[') {
			tries++
			if n := valueLength(s[at:]); n > 2 {
				if at > done {
					out = append(out, Piece{Text: s[done:at]})
				}
				out = append(out, Piece{Text: s[at : at+n], JSON: true})
				done, i = at+n, at+n
				continue
			}
		}
		next := strings.IndexByte(s[min(at, len(s)):], '\n')
		if next < 0 {
			break
		}
		i = at + next + 1
	}
	if done < len(s) {
		out = append(out, Piece{Text: s[done:]})
	}
	return out
}

func lineStart(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\t' || s[i] == '\r') {
		i++
	}
	return i
}

// valueLength is how long the JSON value is with which s begins, 0 for none.
func valueLength(s string) int {
	dec := json.NewDecoder(strings.NewReader(s))
	var v json.RawMessage
	if dec.Decode(&v) != nil {
		return 0
	}
	return int(dec.InputOffset())
}

// Layout is a text to be looked at: the JSON in it over lines, everything else
// as it is.
func Layout(s string) string {
	var b strings.Builder
	for i, p := range Split(s) {
		said := p.Text
		if p.JSON && depth(p.Text) < depthMost {
			var out bytes.Buffer
			if json.Indent(&out, []byte(p.Text), "", "  ") == nil {
				said = out.String()
			}
		} else if i > 0 && !p.JSON {
			said = "\n" + strings.TrimLeft(said, " \r\n")
		}
		b.WriteString(said)
	}
	return strings.TrimRight(b.String(), "\n")
}

// depthMost is how deep JSON may be to be laid out: indented deeper it would be
// blanks and nothing else.
const depthMost = 60

// depth is about how deep brackets are nested.
func depth(s string) int {
	open, most := 0, 0
	for i := range len(s) {
		switch s[i] {
		case '{', '[':
			open++
			most = max(most, open)
		case '}', ']':
			open--
		}
	}
	return most
}

// Members is the object that a text holds, in the order sent; false when the
// text is no object. A code fence around it is passed over.
func Members(s string) ([]Setting, bool) {
	for _, p := range Split(s) {
		v, ok := parse([]byte(p.Text))
		if !p.JSON || !ok || v.kind() != record {
			continue
		}
		var out []Setting
		for _, m := range v.object() {
			out = append(out, Setting{m.key, m.val.said()})
		}
		return out, true
	}
	return nil, false
}
