package cache

import "strings"

// term is one thing to find: words in a row, the last of which may be a
// beginning only.
type term struct {
	words  []string
	prefix bool
}

// parseQuery reads what a person types: words, "several words in a row", and
// begin* for beginnings. Anything may be typed; what holds no letter and no
// digit is ignored, and an open quotation mark ends at the end.
func parseQuery(text string) []term {
	var out []term
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		var piece string
		if text[0] == '"' {
			piece, text, _ = strings.Cut(text[1:], `"`)
		} else {
			end := strings.IndexFunc(text, func(r rune) bool { return r == '"' || isBlank(r) })
			if end < 0 {
				end = len(text)
			}
			piece, text = text[:end], text[end:]
		}
		t := term{prefix: strings.HasSuffix(piece, "*")}
		if strings.HasPrefix(text, "*") {
			t.prefix, text = true, text[1:]
		}
		_ = eachWord(piece, func(word string, _, _ int) error { // gives only our own errors: none
			t.words = append(t.words, word)
			return nil
		})
		if len(t.words) > 0 {
			out = append(out, t)
		}
	}
	return out
}

func isBlank(r rune) bool {
	return r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\u00a0' || r == '\u3000'
}

// matchExpression is the query for the engine. Every word is quoted, so
// nothing in it can be an operator.
func matchExpression(terms []term) string {
	var b strings.Builder
	for i, t := range terms {
		if i > 0 {
			b.WriteString(" AND ")
		}
		b.WriteByte('"')
		b.WriteString(strings.Join(t.words, " ")) // words hold letters and digits only
		b.WriteByte('"')
		if t.prefix {
			b.WriteByte('*')
		}
	}
	return b.String()
}
