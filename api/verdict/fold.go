package verdict

import (
	"strconv"
	"strings"
	"unicode"
)

// Fold makes texts of the same template equal: letters in lower case, blanks
// folded, each word that holds a digit, and each address, one "#", and each word
// with a capital inside a sentence, which in most languages is a name, one "*".
// German writes every noun with a capital: there only digits are folded.
func Fold(words, language string) string {
	names := !strings.HasPrefix(strings.ToLower(language), "de")
	var out []string
	begins := true // the next word begins a sentence
	for _, w := range strings.Fields(words) {
		bare := strings.TrimFunc(w, func(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) })
		tail := w[strings.LastIndex(w, bare)+len(bare):]
		one := strings.ToLower(bare)
		switch {
		case strings.ContainsFunc(w, unicode.IsDigit), strings.Contains(bare, "@"):
			one = "#"
		case names && !begins && startsUpper(bare) && bare != "I" && !strings.HasPrefix(bare, "I'"):
			one = "*"
		}
		begins = strings.ContainsAny(tail, ".!?:")
		if one == "" || len(out) > 0 && one == out[len(out)-1] && (one == "#" || one == "*") {
			continue
		}
		out = append(out, one)
	}
	return strings.Join(out, " ")
}

func startsUpper(word string) bool {
	for _, r := range word {
		return unicode.IsUpper(r)
	}
	return false
}

func itoa(n int) string { return strconv.Itoa(n) }

// short is a text of at most n letters, cut at a word.
func short(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	cut := string(runes[:n])
	if i := strings.LastIndexByte(cut, ' '); i > n/2 {
		cut = cut[:i]
	}
	return cut + "…"
}
