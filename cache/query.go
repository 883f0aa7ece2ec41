package cache

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Searchable reports that a text holds something the index knows: a letter or a
// digit. Signs and emoji are in no index; asking for nothing else finds nothing,
// which says nothing about what is there.
func Searchable(text string) bool {
	return slices.ContainsFunc(parseQuery(text), func(t term) bool { return len(t.words) > 0 })
}

// term is one thing to find: words in a row, the last of which may be a
// beginning only.
type term struct {
	words  []string
	prefix bool
	// exact is what was typed where it holds signs that the index leaves out, C++
	// or E-1001/B: rows that hold the words are looked at once more for it.
	exact string
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
		t.exact = signs(strings.TrimSuffix(piece, "*"))
		if len(t.words) > 0 || t.exact != "" {
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
	for _, t := range terms {
		if len(t.words) == 0 {
			continue // signs alone: the rows that match are looked at for them
		}
		if b.Len() > 0 {
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

// signs is a piece folded, where a sign stands at one of its ends: C++, #77, .NET.
// "" for plain words, which the index finds alone. What surrounds words in
// writing, a comma or a bracket, does not count, nor do signs between words.
func signs(piece string) string {
	piece = strings.TrimLeft(strings.TrimRight(piece, `.,;:!?)]}'"`), `([{'"`)
	first, _ := utf8.DecodeRuneInString(piece)
	last, _ := utf8.DecodeLastRuneInString(piece)
	if piece == "" || inWord(first) && inWord(last) {
		return ""
	}
	return foldText(piece)
}

func inWord(r rune) bool { return wordRune(r) || unicode.Is(unicode.M, r) || isBlank(r) || r == 'ـ' }

// foldText is a text as signs are compared: without case and accents, blanks of
// any kind as one.
func foldText(s string) string {
	var b strings.Builder
	blank := false
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.IsSpace(r):
			blank = b.Len() > 0
			continue
		case unicode.Is(unicode.M, r) || r == 'ـ':
			continue
		}
		if blank {
			b.WriteByte(' ')
			blank = false
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// holdsSigns reports that a text holds the signs of all terms.
func holdsSigns(text string, terms []term) bool {
	folded := ""
	for _, t := range terms {
		if t.exact == "" {
			continue
		}
		if folded == "" {
			folded = foldText(text)
		}
		if !strings.Contains(folded, t.exact) {
			return false
		}
	}
	return true
}
